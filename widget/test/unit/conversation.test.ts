/** The conversation against a stand-in for the server: order, one id from first to last try, backoff, late replies, restoring. */

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Api, Failure, type Outgoing } from "../../src/api.ts";
import type { Answered, PastTurn, Reply } from "../../src/contract.ts";
import { Conversation } from "../../src/conversation.ts";
import { Keeping } from "../../src/keeping.ts";

const TIMING = { retryMs: [100, 200, 400], slowMs: 1_000, lateMs: 50, lateLimitMs: 500 };

function reply(text: string, tier: Reply["tier"] = "none"): Reply {
  return { id: `${text}-1`, text, choices: [], tier, sources: [], reviewedOn: null };
}

class FakeApi {
  sent: Outgoing[] = [];
  tokens: string[] = [];
  past: PastTurn[] = [];
  /** What the next calls of `send` do; then each is answered with its own text. */
  next: Array<Failure | Answered | Promise<Answered>> = [];
  opened = 0;
  erased = 0;

  async open(): Promise<string> {
    return `token-${++this.opened}`;
  }

  async send(token: string, message: Outgoing): Promise<Answered> {
    this.sent.push(message);
    this.tokens.push(token);
    const next = this.next.shift() ?? { replies: [reply(message.text)], done: true };
    if (next instanceof Failure) throw next;
    return next;
  }

  async history(): Promise<PastTurn[]> {
    return this.past;
  }

  async erase(): Promise<void> {
    this.erased += 1;
  }

  async vote(): Promise<void> {}
}

let api: FakeApi;
let offline: boolean;
let said: string[];

function storage(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as Storage;
}

function begin(): Conversation {
  const conversation = new Conversation({
    api: api as unknown as Api,
    keeping: new Keeping("https://server.example"),
    country: () => "UK",
    offline: () => offline,
    language: () => "en",
    timing: TIMING,
  });
  conversation.onAnnounce = (text) => said.push(text);
  return conversation;
}

const states = (conversation: Conversation) => conversation.turns.map(({ text, progress }) => `${text}: ${progress}`);

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  vi.stubGlobal("localStorage", storage());
  vi.stubGlobal("sessionStorage", storage());
  api = new FakeApi();
  offline = false;
  said = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("a message opens a session, is sent with the country, answered and announced", async () => {
  const conversation = begin();
  conversation.say("hello");
  await vi.runAllTimersAsync();
  expect(api.sent).toMatchObject([{ text: "hello", payload: null, country: "UK" }]);
  expect(states(conversation)).toEqual(["hello: done"]);
  expect(said).toEqual(["Assistant: hello"]);
});

test("messages go out one after the other, in order", async () => {
  const conversation = begin();
  let answer = (_: Answered): void => {};
  api.next = [new Promise((resolve) => (answer = resolve))];
  conversation.say("one");
  conversation.say("two");
  await vi.advanceTimersByTimeAsync(10);
  expect(states(conversation)).toEqual(["one: sending", "two: queued"]);
  answer({ replies: [reply("one")], done: true });
  await vi.runAllTimersAsync();
  expect(api.sent.map(({ text }) => text)).toEqual(["one", "two"]);
});

test("a failed message is tried again later and later with the same id, then waits for the person", async () => {
  const conversation = begin();
  api.next = Array.from({ length: 4 }, () => new Failure("server"));
  conversation.say("one");
  const times: number[] = [];
  for (let at = 0; at <= 1_000; at += 50) {
    if (api.sent.length > times.length) times.push(at);
    await vi.advanceTimersByTimeAsync(50);
  }
  expect(times).toEqual([50, 100, 300, 700]);
  expect(states(conversation)).toEqual(["one: failed"]);
  expect(new Set(api.sent.map(({ messageId }) => messageId)).size).toBe(1);
  conversation.retry();
  await vi.runAllTimersAsync();
  expect(states(conversation)).toEqual(["one: done"]);
  expect(new Set(api.sent.map(({ messageId }) => messageId)).size).toBe(1);
});

test("it waits no less than the server asks", async () => {
  const conversation = begin();
  api.next = [new Failure("busy", "Please wait.", 5_000)];
  conversation.say("one");
  await vi.advanceTimersByTimeAsync(4_900);
  expect(api.sent).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(api.sent).toHaveLength(2);
});

test("offline nothing is tried, and everything goes out when the connection is back", async () => {
  const conversation = begin();
  offline = true;
  conversation.say("one");
  conversation.say("two");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(api.sent).toEqual([]);
  expect(said.filter((text) => text.startsWith("Not sent"))).toHaveLength(1);
  offline = false;
  conversation.reconnected();
  await vi.runAllTimersAsync();
  expect(states(conversation)).toEqual(["one: done", "two: done"]);
});

test("what the server refuses waits for the person, and does not hold up the next one", async () => {
  const conversation = begin();
  api.next = [new Failure("refused", "Too long.")];
  conversation.say("one");
  conversation.say("two");
  await vi.runAllTimersAsync();
  expect(states(conversation)).toEqual(["one: failed", "two: done"]);
  const [refused] = conversation.turns;
  expect(refused && conversation.takeBack(refused)).toBe("one");
  expect(states(conversation)).toEqual(["two: done"]);
});

test("a button of a conversation that has ended is said in words in a new one, with the same id", async () => {
  const conversation = begin();
  conversation.say("one");
  await vi.runAllTimersAsync();
  api.next = [new Failure("session")];
  conversation.say("Dry skin", "/dry_skin");
  await vi.runAllTimersAsync();
  expect(api.sent.slice(1)).toMatchObject([{ payload: "/dry_skin" }, { payload: null, text: "Dry skin" }]);
  expect(api.tokens).toEqual(["token-1", "token-1", "token-2"]);
  expect(new Set(api.sent.slice(1).map(({ messageId }) => messageId)).size).toBe(1);
});

describe("a late reply", () => {
  test("is asked for with the same id until it comes, and takes the place of the first one", async () => {
    const conversation = begin();
    const late = { replies: [reply("Wait.")], done: false };
    api.next = [late, late, { replies: [reply("Here.")], done: true }];
    conversation.say("one");
    await vi.runAllTimersAsync();
    expect(conversation.turns[0]?.replies.map(({ text }) => text)).toEqual(["Here."]);
    expect(new Set(api.sent.map(({ messageId }) => messageId)).size).toBe(1);
    expect(said).toEqual(["Assistant: Wait.", "Assistant: Here."]);
  });

  test("does not push aside the help that was given first", async () => {
    const conversation = begin();
    api.next = [
      { replies: [reply("Call 999.", "crisis")], done: false },
      { replies: [reply("Dry lips.")], done: true },
    ];
    conversation.say("one");
    await vi.runAllTimersAsync();
    expect(conversation.turns[0]?.replies.map(({ text }) => text)).toEqual(["Call 999.", "Dry lips."]);
  });

  test("that never comes leaves the first one", async () => {
    const conversation = begin();
    api.next = Array.from({ length: 50 }, () => ({ replies: [reply("Wait.")], done: false }));
    conversation.say("one");
    await vi.runAllTimersAsync();
    expect(states(conversation)).toEqual(["one: done"]);
    expect(api.sent.length).toBeLessThan(15);
  });
});

describe("help lines under a message", () => {
  test("stand there if it speaks of danger and cannot be sent, or takes long", async () => {
    const conversation = begin();
    api.next = [new Failure("server"), new Promise(() => {})];
    conversation.say("i want to die");
    await vi.advanceTimersByTimeAsync(50);
    const [turn] = conversation.turns;
    expect(turn && conversation.needsHelpLines(turn)).toBe(true);
    expect(said).toContain("Help lines are shown below your message.");
  });

  test("do not if it is answered at once, or speaks of no danger", async () => {
    const conversation = begin();
    conversation.say("i want to die");
    await vi.runAllTimersAsync();
    api.next = [new Failure("server")];
    conversation.say("dry lips");
    await vi.advanceTimersByTimeAsync(50);
    expect(conversation.turns.map((turn) => conversation.needsHelpLines(turn))).toEqual([false, false]);
  });
});

describe("after a reload", () => {
  const past = (id: string, done = true): PastTurn => ({
    messageId: id,
    text: id,
    sentAt: 1,
    done,
    replies: done ? [reply(id)] : [],
  });

  test("history comes first, then what was not sent, which goes out with its own id", async () => {
    const before = begin();
    before.say("one");
    await vi.runAllTimersAsync();
    offline = true;
    before.say("two");
    await vi.advanceTimersByTimeAsync(10);
    const unsent = before.turns[1]?.id;
    before.stop();
    offline = false;
    api.past = [past(api.sent[0]?.messageId ?? "")];
    const after = begin();
    await after.start();
    await vi.runAllTimersAsync();
    expect(after.turns.map(({ id, progress }) => [id, progress])).toEqual([
      [api.sent[0]?.messageId, "done"],
      [unsent, "done"],
    ]);
    expect(api.sent.filter(({ messageId }) => messageId === unsent)).toHaveLength(1);
  });

  test("what the server has answered meanwhile is not sent again", async () => {
    const before = begin();
    api.next = [new Promise(() => {})];
    before.say("one");
    await vi.advanceTimersByTimeAsync(10);
    before.stop();
    api.past = [past(api.sent[0]?.messageId ?? "")];
    const after = begin();
    await after.start();
    await vi.runAllTimersAsync();
    expect(api.sent).toHaveLength(1);
    expect(after.turns.map(({ progress }) => progress)).toEqual(["done"]);
  });

  test("a turn that is still being answered is waited for", async () => {
    localStorage.setItem("isotretinoin-assistant:https://server.example:token", "token-1");
    api.past = [past("m1", false)];
    const after = begin();
    await after.start();
    await vi.runAllTimersAsync();
    expect(api.sent).toMatchObject([{ messageId: "m1" }]);
    expect(states(after)).toEqual(["m1: done"]);
  });
});

test("erasing forgets everything, and drops what is still on its way", async () => {
  const conversation = begin();
  let answer = (_: Answered): void => {};
  api.next = [new Promise((resolve) => (answer = resolve))];
  conversation.say("one");
  await vi.advanceTimersByTimeAsync(10);
  await conversation.erase();
  answer({ replies: [reply("late")], done: true });
  await vi.runAllTimersAsync();
  expect(conversation.turns).toEqual([]);
  expect(api.erased).toBe(1);
  expect(new Keeping("https://server.example").token).toBeNull();
  expect(new Keeping("https://server.example").unsent).toEqual([]);
});
