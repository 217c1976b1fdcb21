/** Shows moments and days in the person's own way of writing them. */

import type { JSX } from "preact";
import { useTexts } from "./texts.ts";

/** The clock time of a message, with its day if that is not today. */
export function Moment({ at }: { at: number }): JSX.Element {
  const { lang } = useTexts();
  const date = new Date(at);
  const clock = date.toLocaleTimeString(clockLocale(lang), { hour: "numeric", minute: "2-digit" });
  const today = date.toDateString() === new Date().toDateString();
  const day = today ? "" : `${date.toLocaleDateString(lang, { day: "numeric", month: "short" })}, `;
  return <time dateTime={date.toISOString()}>{day + clock}</time>;
}

/** Return a day such as "22 Nov 2026" for "2026-11-22"; what is no day is returned as it is. */
export function dayText(iso: string, lang: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(iso) || Number.isNaN(Date.parse(iso))) return iso;
  const locale = lang === "en" ? "en-GB" : lang; // day before month, with its name: nobody can mistake it
  return new Date(iso).toLocaleDateString(locale, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

/** 14:05 or 2:05 pm, as the person's browser is set. */
function clockLocale(lang: string): string[] {
  return navigator.languages.length ? [...navigator.languages] : [lang];
}
