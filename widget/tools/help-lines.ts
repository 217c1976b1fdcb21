/** Builds the help lines that are bundled into the widget, from content/helplines.yml: one source for bot and widget. */

import { parse } from "yaml";
import type { Country, HelpLines } from "../src/help-lines.ts";

interface Entry {
  number?: string;
  name?: string;
  phone?: string;
  text?: string;
  chat?: string;
  web?: string;
  hours?: string;
  verified: boolean;
}

type Section = Record<"emergency" | "crisis" | "medical_advice" | "poison", Entry[]> & { name: string };

/**
 * Return the verified lines of every country, and those for everywhere else under "worldwide".
 *
 * The emergency number is kept even where nobody could verify it, as in the assistant: a person must be told whom to call.
 *
 * @throws Error if a country has no emergency number.
 */
export function helpLines(yaml: string): HelpLines {
  const countries = parse(yaml) as Record<string, Section>;
  return Object.fromEntries(Object.entries(countries).map(([code, section]) => [code, country(code, section)]));
}

function country(code: string, section: Section): Country {
  const emergency = section.emergency[0]?.number;
  if (!emergency) throw new Error(`content/helplines.yml: ${code} has no emergency number.`);
  const { name, crisis, medical_advice: advice, poison } = section;
  return { name, emergency, crisis: sentences(crisis), advice: sentences(advice), poison: sentences(poison) };
}

/** Return the verified lines, worded as the assistant words them (`HelpLine.sentence` in bot/content/load.py). */
function sentences(entries: Entry[]): string[] {
  return entries
    .filter(({ verified }) => verified)
    .map(({ name, phone, text, chat, web, hours }) => {
      const ways = [phone && `call ${phone}`, text && (/^(WhatsApp|SMS)/.test(text) ? text : `text ${text}`), web ?? chat]
        .filter(Boolean)
        .join(", ");
      return `${name}: ${ways}${hours ? ` (${hours})` : ""}`;
    });
}
