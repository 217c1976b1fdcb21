/** Builds the help lines that are bundled into the widget, from content/helplines.yml: one source for bot and widget. */

import { parse } from "yaml";
import type { Country, HelpLine, HelpLines } from "../src/help-lines.ts";

interface Entry {
  number?: string;
  name?: string;
  phone?: string;
  text?: string;
  chat?: string;
  web?: string;
  hours?: string;
  who?: string;
  verified: boolean;
}

type Section = Record<"emergency" | "crisis" | "medical_advice" | "poison", Entry[]> & { name: string };

/**
 * Return the verified lines of every country, and those for everywhere else under "worldwide".
 *
 * The emergency number is kept where it could not be verified, as the assistant does: a person must be told where to call.
 *
 * @throws Error if a country has no emergency number or the file is no list of countries.
 */
export function helpLines(yaml: string): HelpLines {
  const countries = parse(yaml) as Record<string, Section>;
  return Object.fromEntries(Object.entries(countries).map(([code, section]) => [code, country(code, section)]));
}

function country(code: string, section: Section): Country {
  const emergency = section.emergency[0]?.number;
  if (!emergency) throw new Error(`content/helplines.yml: ${code} has no emergency number.`);
  return {
    name: section.name,
    emergency,
    crisis: lines(section.crisis),
    advice: lines(section.medical_advice),
    poison: lines(section.poison),
  };
}

function lines(entries: Entry[]): HelpLine[] {
  return entries
    .filter((entry) => entry.verified)
    .map(({ name = "", phone, text, chat, web, hours, who }) => ({
      name,
      ...(phone && { phone }),
      ...(text && { text }),
      ...((web ?? chat) && { web: web ?? chat }),
      ...(hours && { hours }),
      ...(who && { who }),
    }));
}
