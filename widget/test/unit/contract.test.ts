/** Whatever a server sends, what is read has the shape that the view relies on. */

import { expect, test } from "vitest";
import { readAnswered, readHistory, text, webAddress } from "../../src/contract.ts";

const REPLY = { id: "", text: "", choices: [], tier: "none", sources: [], reviewedOn: null };

test("a full reply is read", () => {
  const source = { title: "t", publisher: "p", url: "https://nhs.uk/x", checked_on: "2026-11-22" };
  const metadata = { topic: "x", tier: "crisis", sources: [source], reviewed_on: "2026-11-22" };
  const messages = [{ id: "m-1", text: "Hello", buttons: [{ title: "a", payload: "/a" }], metadata }];
  expect(readAnswered({ messages, done: false })).toEqual({
    done: false,
    replies: [
      {
        id: "m-1",
        text: "Hello",
        choices: [{ title: "a", payload: "/a" }],
        tier: "crisis",
        sources: [{ title: "t", publisher: "p", url: "https://nhs.uk/x", checkedOn: "2026-11-22" }],
        reviewedOn: "2026-11-22",
      },
    ],
  });
});

test.each([undefined, null, 5, "x", [], {}, { messages: "x" }, { messages: {} }])("%j has no replies", (body) => {
  expect(readAnswered(body)).toEqual({ replies: [], done: true });
});

test.each([null, 5, {}, { metadata: { tier: "constructor", sources: "x", reviewed_on: 3 }, buttons: [{ title: "a" }, null] }])(
  "%j is an empty reply",
  (message) => {
    expect(readAnswered({ messages: [message] }).replies).toEqual([REPLY]);
  },
);

test("history without a time is as if said now", () => {
  const [turn] = readHistory({ turns: [{ message_id: "m", text: "hi", sent_at: "nonsense", done: true, messages: [] }] });
  expect(turn?.sentAt).toBeGreaterThan(Date.now() - 1000);
});

test.each([
  ["https://nhs.uk/a", "https://nhs.uk/a"],
  ["http://nhs.uk", "http://nhs.uk/"],
  ["javascript:alert(1)", null],
  ["JaVaScRiPt:alert(1)", null],
  ["data:text/html,x", null],
  ["https://user@evil.example", null],
  ["//evil.example", null],
  ["", null],
])("the address %j becomes %j", (written, address) => {
  expect(webAddress(written)).toBe(address);
});

test("characters that turn the order of reading are taken out", () => {
  expect(text("a\u202Eb\u2066c")).toBe("abc");
});
