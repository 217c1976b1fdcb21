/** Help lines by country, bundled into the script so that they are there with no connection at all. */

import bundled from "virtual:help-lines";

export interface HelpLine {
  name: string;
  phone?: string;
  text?: string;
  web?: string;
  hours?: string;
  who?: string;
}

export interface Country {
  name: string;
  emergency: string;
  crisis: HelpLine[];
  advice: HelpLine[];
  poison: HelpLine[];
}

export type HelpLines = Record<string, Country>;

export const WORLDWIDE = "worldwide";
/** Countries named first where none is known, as in the assistant's own replies. */
const SHOWN_WORLDWIDE = ["US", "UK"];

/** Return the codes and names of all countries that have lines of their own, by name. */
export function countries(): Array<{ code: string; name: string }> {
  return Object.entries(bundled)
    .filter(([code]) => code !== WORLDWIDE)
    .map(([code, { name }]) => ({ code, name }))
    .sort((one, other) => one.name.localeCompare(other.name));
}

/** Return the known code for what an embedder wrote ("uk", "GB"), or null. */
export function countryCode(written: string | null | undefined): string | null {
  const code = (written ?? "").trim().toUpperCase().replace(/^GB$/, "UK");
  return code !== WORLDWIDE && code in bundled ? code : null;
}

/** Return the lines of a country, or those for everywhere. */
export function linesFor(code: string | null): Country {
  return bundled[code ?? WORLDWIDE] ?? (bundled[WORLDWIDE] as Country);
}

/** Return what is shown at once when nothing can be looked up: emergency numbers and the first lines to talk to someone. */
export function firstLines(code: string | null): Array<{ country: string; emergency: string; line: HelpLine }> {
  return (code ? [code] : SHOWN_WORLDWIDE).flatMap((each) => {
    const { name, emergency, crisis } = linesFor(each);
    return crisis[0] ? [{ country: name, emergency, line: crisis[0] }] : [];
  });
}

/** Return the `tel:` address of the first number in a text such as "111, then choose option 2", or null. */
export function telephone(written: string): string | null {
  const number = /[+#]?\d(?:[\d -]*\d)?/.exec(written)?.[0];
  return number && number.replace(/\D/g, "").length > 1 ? `tel:${number.replace(/[ -]/g, "").replace("#", "%23")}` : null;
}

/** Return the address of the first site in a text such as "988lifeline.org, other.org", or null. */
export function site(written: string): string | null {
  const name = /^[a-z0-9.-]+\.[a-z]{2,}(?:\/[\w/-]*)?/i.exec(written)?.[0];
  return name ? `https://${name}` : null;
}
