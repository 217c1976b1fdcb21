/** Help lines by country, bundled into the script so that they are there with no connection at all. */

import bundled from "virtual:help-lines";

export interface Country {
  name: string;
  /** The emergency number, or a sentence on how to find it. */
  emergency: string;
  /** Lines to talk to someone, as sentences: "Samaritans: call 116 123 (24/7, free)". */
  crisis: string[];
  advice: string[];
  poison: string[];
}

export type HelpLines = Record<string, Country>;

export const WORLDWIDE = "worldwide";
/** Countries named first where none is known, as in the assistant's own replies. */
const NAMED_WORLDWIDE = ["US", "UK"];

/** Return the codes and names of all countries that have lines of their own, by name. */
export function countries(): Array<{ code: string; name: string }> {
  return Object.entries(bundled)
    .filter(([code]) => code !== WORLDWIDE)
    .map(([code, { name }]) => ({ code, name }))
    .sort((one, other) => one.name.localeCompare(other.name));
}

/** Return the known code for what an embedder wrote ("uk", "GB"), or null. */
export function countryCode(written: string | null): string | null {
  const code = (written ?? "").trim().toUpperCase().replace(/^GB$/, "UK");
  return Object.hasOwn(bundled, code) ? code : null;
}

/** Return the lines of a country; where none is known, those for everywhere with the first of a few countries. */
export function linesFor(code: string | null): Country {
  const found = bundled[code ?? WORLDWIDE] as Country;
  if (code) return found;
  const named = NAMED_WORLDWIDE.flatMap((each) =>
    bundled[each]?.crisis[0] ? [`${bundled[each].name}, ${bundled[each].crisis[0]}`] : [],
  );
  return { ...found, crisis: [...named, ...found.crisis] };
}
