/** Any colour of a site becomes an accent that can be read on both grounds, with a text on it that can be read too. */

import { expect, test } from "vitest";
import { accentFor, contrast } from "../../src/theme.ts";

const GROUNDS = { light: [255, 255, 255], dark: [22, 33, 36] } as const;
const rgb = (css: string) => (css.match(/\d+/g) ?? []).map(Number) as unknown as readonly [number, number, number];

for (const ground of ["light", "dark"] as const) {
  test.each(["#000", "#fff", "#f2c230", "#0b5a60", "#777777", "ff0000", "#00FF00", "#123456"])(`%s on ${ground}`, (colour) => {
    const { accent, onAccent } = accentFor(colour, ground) ?? { accent: "", onAccent: "" };
    expect(contrast(rgb(accent), GROUNDS[ground])).toBeGreaterThanOrEqual(4.5);
    expect(contrast(rgb(accent), rgb(onAccent))).toBeGreaterThanOrEqual(4.5);
  });
}

test("a readable colour is left as it is", () => {
  expect(accentFor("#0b5a60", "light")).toEqual({ accent: "rgb(11 90 96)", onAccent: "rgb(255 255 255)" });
});

test.each([null, "", "teal", "#12345", "}*{display:none", "#gggggg"])("%j is no colour", (colour) => {
  expect(accentFor(colour, "light")).toBeNull();
});
