/** Reads the attributes of the element. docs/widget.md describes them for embedders. */

import { countryCode } from "./help-lines.ts";

export const ATTRIBUTES = [
  "server",
  "heading",
  "colour",
  "position",
  "country",
  "language",
  "theme",
  "dir",
  "inline",
  "open",
] as const;

export interface Options {
  server: string;
  heading: string | null;
  colour: string | null;
  side: "left" | "right";
  country: string | null;
  language: string;
  theme: "light" | "dark" | null;
  dir: "ltr" | "rtl" | null;
  inline: boolean;
}

/** @param home where the script came from: the server, unless an attribute names another. */
export function readOptions(element: HTMLElement, home: string): Options {
  const value = (name: (typeof ATTRIBUTES)[number]): string | null => element.getAttribute(name)?.trim() || null;
  const end = getComputedStyle(element).direction === "rtl" ? "left" : "right";
  return {
    server: (value("server") ?? home).replace(/\/+$/, ""),
    heading: value("heading"),
    colour: value("colour"),
    side: oneOf(value("position"), ["left", "right"]) ?? end,
    country: countryCode(value("country")),
    language: value("language") ?? element.closest("[lang]")?.getAttribute("lang") ?? "en",
    theme: oneOf(value("theme"), ["light", "dark"]),
    dir: oneOf(value("dir"), ["ltr", "rtl"]),
    inline: element.hasAttribute("inline"),
  };
}

function oneOf<Name extends string>(value: string | null, known: readonly Name[]): Name | null {
  return known.find((name) => name === value) ?? null;
}
