/** Text becomes paragraphs, lists, links and numbers to call; amounts, years and hostile addresses do not become links. */

import { describe, expect, test } from "vitest";
import { blocksOf, piecesOf } from "../../src/markup.ts";

const links = (line: string, safety = false) => piecesOf(line, safety).flatMap(({ href }) => (href ? [href] : []));

test.each([
  ["See https://www.nhs.uk/medicines/ for more.", ["https://www.nhs.uk/medicines/"]],
  ["findahelpline.com lists lines", ["https://findahelpline.com/"]],
  ["(befrienders.org)", ["https://befrienders.org/"]],
  ["write to help@clinic.example.org today", ["mailto:help@clinic.example.org"]],
  ["Call 999 now", ["tel:999"]],
  ["call 116 123 (24/7, free)", ["tel:116123"]],
  ["Call 1-800-222-1222", ["tel:18002221222"]],
  ["call #7119", ["tel:%237119"]],
  ["In danger: 112.", ["tel:112"]],
  ["call 988 then press 1", ["tel:988"]],
])("%s", (line, hrefs) => {
  expect(links(line)).toEqual(hrefs);
});

test.each([
  "javascript:alert(1)",
  "data:text/html,x",
  "vbscript:x",
  "file:///etc/passwd",
  "20 mg a day for 120 mg per kg",
  "a course of 16 to 24 weeks in 2026",
  "reviewed 2026-11-22",
  "1 in 1000 people",
  "e.g. this",
  "about 1,000 people",
  "text SHOUT to 85258",
])("no link in: %s", (line) => {
  expect(links(line)).toEqual([]);
});

test("an address with a name and password in it is no link", () => {
  expect(links("https://user:password@evil.example/")).toEqual([]);
});

test("nothing of the text is lost", () => {
  const line = "Call 999, or text SHOUT to 85258, see findahelpline.com (24/7), mail a@b.org, 20 mg.";
  expect(
    piecesOf(line, true)
      .map(({ text }) => text)
      .join(""),
  ).toBe(line);
});

describe("a safety reply", () => {
  const text =
    "Thank you.\n\nIf you might act on this: call 999 now. Stay.\n\nTo talk to someone:\n- Samaritans: call 116 123 (24/7)\n- Shout: text SHOUT to 85258\n\nIn danger, call 999.";
  const blocks = blocksOf(text, true);

  test("gives each number one big button, after the sentence that names it", () => {
    expect(blocks.map(({ kind }) => kind)).toEqual([
      "paragraph",
      "paragraph",
      "calls",
      "paragraph",
      "paragraph",
      "list",
      "paragraph",
    ]);
    expect(blocks[2]).toEqual({ kind: "calls", calls: [{ number: "999", href: "tel:999", about: "", whose: "" }] });
  });

  test("gives a help line its button, and says whose number it is", () => {
    const list = blocks.find((block) => block.kind === "list");
    expect(list?.items.map(({ calls }) => calls)).toEqual([
      [{ number: "116 123", href: "tel:116123", about: "", whose: "Samaritans" }],
      [],
    ]);
  });
});

test("a long list of signs has its button before it", () => {
  const signs = `Call 112 for: ${"trouble breathing, ".repeat(10)}fainting.`;
  expect(blocksOf(signs, true).map(({ kind }) => kind)).toEqual(["calls", "paragraph"]);
});

test("lines of a paragraph stay lines, and lists are lists", () => {
  const blocks = blocksOf("one\ntwo\n- a\n- b\n\nthree", false);
  expect(blocks.map(({ kind }) => kind)).toEqual(["paragraph", "list", "paragraph"]);
  expect(blocks[0]).toMatchObject({ lines: [[{ text: "one" }], [{ text: "two" }]] });
});
