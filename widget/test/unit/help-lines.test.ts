/** The bundled help lines are those of content/helplines.yml, and there is an answer for every country and none. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { countries, countryCode, linesFor } from "../../src/help-lines.ts";
import { blocksOf } from "../../src/markup.ts";
import { helpLines } from "../../tools/help-lines.ts";

const yaml = readFileSync(fileURLToPath(new URL("../../../content/helplines.yml", import.meta.url)), "utf8");
const content = parse(yaml) as Record<
  string,
  { emergency: Array<{ number: string }>; crisis: Array<{ phone?: string; verified: boolean }> }
>;

test("every country of the content is there, with its emergency number and every verified line", () => {
  const built = helpLines(yaml);
  expect(Object.keys(built)).toEqual(Object.keys(content));
  for (const [code, { emergency, crisis }] of Object.entries(content)) {
    expect(built[code]?.emergency).toBe(emergency[0]?.number);
    for (const { phone, verified } of crisis) {
      expect(
        built[code]?.crisis.some((sentence) => sentence.includes(`call ${phone}`)),
        `${code} ${phone}`,
      ).toBe(Boolean(phone) && verified);
    }
  }
});

test("a line that nobody verified is left out", () => {
  const line = (verified: boolean) => `{name: A line, phone: "123 456", verified: ${verified}}`;
  const country = `XX: {name: X, emergency: [{number: "112"}], crisis: [${line(true)}, ${line(false)}], medical_advice: [], poison: []}`;
  expect(helpLines(country)["XX"]?.crisis).toEqual(["A line: call 123 456"]);
});

test("a country without an emergency number cannot be built", () => {
  expect(() => helpLines("XX: {name: X, emergency: [], crisis: [], medical_advice: [], poison: []}")).toThrow(
    "XX has no emergency number",
  );
});

describe.each([null, ...countries().map(({ code }) => code)])("%s", (code) => {
  test("the emergency number can be tapped", () => {
    const blocks = blocksOf(`In danger, or not sure? Call ${linesFor(code).emergency} now.`, true);
    const calls = blocks.flatMap((block) => (block.kind === "calls" ? block.calls : []));
    expect(calls.length).toBeGreaterThan(0);
    for (const { href } of calls) expect(href).toMatch(/^tel:\d{2,5}$/);
  });

  test("there is someone to talk to, by telephone", () => {
    const text = linesFor(code)
      .crisis.map((line) => `- ${line}`)
      .join("\n");
    const items = blocksOf(text, true).flatMap((block) => (block.kind === "list" ? block.items : []));
    expect(items.length).toBeGreaterThan(0);
    expect(items.some(({ calls }) => calls.length > 0)).toBe(true);
  });
});

test.each([
  ["uk", "UK"],
  ["GB", "UK"],
  [" ie ", "IE"],
  ["worldwide", null],
  ["constructor", null],
  ["XX", null],
  ["", null],
  [null, null],
])("the country written as %j is %j", (written, code) => {
  expect(countryCode(written)).toBe(code);
});
