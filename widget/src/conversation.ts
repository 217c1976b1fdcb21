/**
 * The conversation: what was said, what is on its way, and what to do when it does not get through. No DOM in here.
 *
 * Messages are sent one after the other, in order. A message keeps one id from the first try to the last, so that the server
 * answers it once. What is not answered yet survives a reload of the tab. It is one module, as every part of it changes the same turns.
 */

import { type Api, Failure } from "./api.ts";
import type { Answered, PastTurn, Reply } from "./contract.ts";
import { looksLikeDanger } from "./danger.ts";
import type { Keeping } from "./keeping.ts";
import { type Strings, strings, type TroubleText } from "./strings.ts";

/**
 * queued: waits for its turn or for the connection. sending: on its way. retrying: will be tried again by itself at `retryAt`.
 * failed: waits for the person. late: a first reply came, the real one is awaited. done: answered.
 */
export type Progress = "queued" | "sending" | "retrying" | "failed" | "late" | "done";

export interface Turn {
  kind: "turn";
  id: string;
  text: string;
  payload: string | null;
  sentAt: number;
  repliedAt: number;
  progress: Progress;
  failure: Failure | null;
  /** How often it was tried in vain. */
  tries: number;
  /** Whether it takes longer than a person expects. */
  slow: boolean;
  /** Whether help lines were shown under it. */
  helpShown: boolean;
  replies: Reply[];
}

export interface Notice {
  kind: "notice";
  id: string;
  text: string;
  /** Whether the history could not be read and may be asked for again. */
  again: boolean;
}

export type Entry = Turn | Notice;

export interface Timing {
  /** Waits between tries; after the last one the person is asked. */
  retryMs: readonly number[];
  /** From when on a message counts as slow. */
  slowMs: number;
  /** Between two looks whether a late reply has come, and how long to look. */
  lateMs: number;
  lateLimitMs: number;
}

export const TIMING: Timing = {
  retryMs: [1_000, 2_000, 4_000, 8_000, 16_000, 30_000],
  slowMs: 4_000,
  lateMs: 1_000,
  lateLimitMs: 70_000,
};

export interface Surroundings {
  api: Api;
  keeping: Keeping;
  /** The country that help lines are for, or null. */
  country: () => string | null;
  /** Whether the browser knows that there is no connection. */
  offline: () => boolean;
  /** The texts of the interface language. */
  language: () => string;
  timing?: Timing;
}

export class Conversation {
  entries: Entry[] = [];
  restoring = false;
  votes: Record<string, boolean> = {};
  /** Called after every change. */
  onChange: () => void = () => {};
  /** Called with what a screen reader should say. */
  onAnnounce: (text: string) => void = () => {};
  /** Called when replies to a turn have come. */
  onReplies: (turn: Turn) => void = () => {};

  private readonly api: Api;
  private readonly keeping: Keeping;
  private readonly timing: Timing;
  /** Goes up when the conversation is cleared; what was under way for an earlier one is dropped. */
  private epoch = 0;
  private working = false;
  private wakeUp: (() => void) | null = null;
  private opening: Promise<string> | null = null;

  constructor(private readonly around: Surroundings) {
    this.api = around.api;
    this.keeping = around.keeping;
    this.timing = around.timing ?? TIMING;
  }

  get turns(): Turn[] {
    return this.entries.filter((entry) => entry.kind === "turn");
  }

  /** Whether there is anything to delete. */
  get exists(): boolean {
    return this.turns.length > 0 || this.keeping.token !== null;
  }

  /** Bring back what was said before a reload, and go on with what was not sent. */
  async start(): Promise<void> {
    const { epoch } = this;
    this.votes = this.keeping.votes;
    for (const { id, text, payload, sentAt } of this.keeping.unsent) {
      if (!this.turns.some((turn) => turn.id === id)) this.entries.push(newTurn(id, text, payload, sentAt));
    }
    if (this.keeping.token) await this.restore(epoch);
    this.changed();
    void this.work();
  }

  /** Ask for the history again after it could not be read. */
  async restoreAgain(): Promise<void> {
    this.entries = this.entries.filter((entry) => !(entry.kind === "notice" && entry.again));
    await this.restore(this.epoch);
    void this.work();
  }

  /** Say something: what was typed, or a button with its payload. */
  say(text: string, payload: string | null = null): void {
    this.entries.push(newTurn(newId(), text, payload, Date.now()));
    this.changed();
    void this.work();
  }

  /** Try unsent messages now. */
  retry(): void {
    for (const turn of this.turns) {
      if (turn.progress === "failed" && turn.failure?.kind !== "refused") Object.assign(turn, { progress: "queued", tries: 0 });
    }
    this.wakeUp?.();
    this.changed();
    void this.work();
  }

  /** The connection is back: try what waits, and read the history if it could not be read. */
  reconnected(): void {
    this.retry();
    if (this.entries.some((entry) => entry.kind === "notice" && entry.again)) void this.restoreAgain();
  }

  /** Take back a message that the server refused and return its text, to be changed. */
  takeBack(turn: Turn): string {
    this.entries = this.entries.filter((entry) => entry !== turn);
    this.changed();
    return turn.text;
  }

  /**
   * Keep whether a reply helped.
   *
   * @throws Failure if it could not be kept.
   */
  async vote(replyId: string, helped: boolean): Promise<void> {
    const { token } = this.keeping;
    if (!token) return;
    await this.api.vote(token, replyId, helped);
    this.votes = { ...this.votes, [replyId]: helped };
    this.keeping.votes = this.votes;
    this.changed();
  }

  /**
   * Erase the conversation on the server and here.
   *
   * @throws Failure if the server could not be told; then nothing is erased.
   */
  async erase(): Promise<void> {
    const { token } = this.keeping;
    if (token) {
      await this.api.erase(token).catch((failure: Failure) => {
        if (failure.kind !== "session") throw failure; // ended already: nothing is left on the server
      });
    }
    this.clear(this.texts.deleted);
  }

  /** Another tab opened, ended or deleted the conversation. */
  changedElsewhere(): void {
    if (!this.keeping.token) {
      if (this.turns.length) this.clear(this.texts.endedElsewhere);
    } else if (!this.turns.length) void this.start();
  }

  /** Whether help lines should stand under a message because it speaks of danger and is not answered. */
  needsHelpLines(turn: Turn): boolean {
    const unanswered = turn.progress !== "done" && !turn.replies.some((reply) => reply.tier !== "none");
    const held = turn.slow || turn.failure !== null || this.around.offline() || turn.progress === "queued";
    return unanswered && held && looksLikeDanger(turn.text);
  }

  /** Drop everything under way, as the element leaves the page. */
  stop(): void {
    this.epoch += 1;
    this.wakeUp?.();
    this.onChange = this.onAnnounce = this.onReplies = () => {};
  }

  private get texts(): Strings {
    return strings(this.around.language());
  }

  private changed(): void {
    this.keeping.unsent = this.turns
      .filter((turn) => turn.progress !== "done")
      .map(({ id, text, payload, sentAt }) => ({ id, text, payload, sentAt }));
    for (const turn of this.turns.filter((each) => !each.helpShown && this.needsHelpLines(each))) {
      turn.helpShown = true;
      this.onAnnounce(this.texts.helpShown);
    }
    this.onChange();
  }

  private clear(why: string): void {
    this.epoch += 1;
    this.keeping.forget();
    this.votes = {};
    this.entries = [];
    this.note(why);
    this.wakeUp?.();
    this.changed();
  }

  private note(text: string, { again = false, before = null as Entry | null } = {}): void {
    const notice: Notice = { kind: "notice", id: newId(), text, again };
    const at = before ? this.entries.indexOf(before) : -1;
    this.entries.splice(at < 0 ? this.entries.length : at, 0, notice);
    this.onAnnounce(text);
  }

  private async restore(epoch: number): Promise<void> {
    const { token } = this.keeping;
    if (!token) return;
    this.restoring = true;
    this.onChange();
    let past: PastTurn[] = [];
    try {
      past = await this.api.history(token);
    } catch (error) {
      if (epoch !== this.epoch) return;
      if (error instanceof Failure && error.kind === "session") {
        this.keeping.forgetToken();
        this.note(this.texts.ended);
      } else this.note(this.texts.notRestored, { again: true });
    }
    if (epoch !== this.epoch) return;
    this.restoring = false;
    this.merge(past);
    this.changed();
  }

  /** Put the server's turns before those that only this page knows. */
  private merge(past: PastTurn[]): void {
    const here = new Map(this.turns.map((turn) => [turn.id, turn]));
    const known = past.map((before): Turn => {
      const turn = here.get(before.messageId) ?? newTurn(before.messageId, before.text, null, before.sentAt);
      if (turn.progress === "sending") return turn;
      const progress = before.done ? "done" : before.replies.length ? "late" : "queued";
      return Object.assign(turn, { progress, failure: null, repliedAt: before.sentAt, replies: before.replies });
    });
    this.entries = [...known, ...this.entries.filter((entry) => entry.kind === "notice" || !known.includes(entry))];
  }

  /** Send what waits, in order, until nothing does. */
  private async work(): Promise<void> {
    if (this.working) return;
    this.working = true;
    try {
      for (let turn = this.next(); turn; turn = this.next()) await this.deliver(turn);
    } finally {
      this.working = false;
    }
  }

  private next(): Turn | undefined {
    return this.turns.find(({ progress }) => progress === "queued" || progress === "late");
  }

  private async deliver(turn: Turn): Promise<void> {
    const { epoch } = this;
    const goesOn = (): boolean => epoch === this.epoch && this.entries.includes(turn);
    const until = Date.now() + this.timing.lateLimitMs;
    while (goesOn()) {
      const slow = setTimeout(() => {
        turn.slow = true;
        if (goesOn()) this.stillWorking(turn);
      }, this.timing.slowMs);
      try {
        const answered = await this.post(turn);
        if (!goesOn()) return;
        this.arrived(turn, answered, Date.now() < until);
        if (turn.progress === "done") return;
        await this.pause(this.timing.lateMs);
      } catch (error) {
        if (!goesOn()) return;
        this.failed(turn, error instanceof Failure ? error : new Failure("server"));
        if (turn.progress === "failed") return;
        await this.pause(this.waitFor(turn));
      } finally {
        clearTimeout(slow);
      }
    }
  }

  private async post(turn: Turn): Promise<Answered> {
    if (this.around.offline()) throw new Failure("offline");
    if (turn.progress !== "late") turn.progress = "sending";
    this.onChange();
    const send = async (payload: string | null): Promise<Answered> => {
      const message = { messageId: turn.id, text: turn.text, payload, country: this.around.country() };
      return this.api.send(await this.session(), message);
    };
    try {
      return await send(turn.payload);
    } catch (error) {
      if (!(error instanceof Failure) || error.passes) throw error;
      if (error.kind === "refused") {
        if (turn.payload === null) throw error;
      } else {
        this.keeping.forgetToken();
        this.note(this.texts.renewed, { before: turn });
      }
      return send(null); // a button of an earlier conversation is unknown to a new one: its title is said instead
    }
  }

  /** Return the token of the open session, opening one if there is none. */
  private async session(): Promise<string> {
    if (this.keeping.token) return this.keeping.token;
    this.opening ??= this.api.open().finally(() => {
      this.opening = null;
    });
    const { epoch } = this;
    const token = await this.opening;
    if (epoch === this.epoch) this.keeping.token ??= token;
    return this.keeping.token ?? token;
  }

  private arrived(turn: Turn, { replies, done }: Answered, mayCome: boolean): void {
    const first = turn.replies;
    const same = first.length === replies.length && replies.every(({ text }, index) => text === first[index]?.text);
    // Help that was given first stays, whatever the late answer is.
    const help = done ? first.filter((reply) => reply.tier !== "none" && !replies.some(({ text }) => text === reply.text)) : [];
    const finished = done || !mayCome;
    Object.assign(turn, { progress: finished ? "done" : "late", failure: null, tries: 0, replies: [...help, ...replies] });
    if (finished) turn.slow = false;
    if (!same) {
      turn.repliedAt = Date.now();
      this.onAnnounce(replies.map(({ text }) => `${this.texts.assistant}: ${text}`).join("\n"));
    }
    this.changed();
    if (!same) this.onReplies(turn);
  }

  private stillWorking(turn: Turn): void {
    if (turn.progress === "sending") this.onAnnounce(this.texts.stillLooking);
    this.changed();
  }

  private failed(turn: Turn, failure: Failure): void {
    const before = turn.failure?.kind;
    if (failure.kind !== "offline" || !this.around.offline()) turn.tries += 1;
    const again = failure.passes && turn.tries <= this.timing.retryMs.length;
    Object.assign(turn, { progress: again ? "retrying" : "failed", failure });
    const { title, text } = troubleOf(turn, this.texts);
    if (before !== failure.kind || !again) this.onAnnounce(`${title} ${text}`);
    this.changed();
  }

  /** Return how long to wait before the next try: longer each time, a little by chance, and no less than the server asks. */
  private waitFor({ tries, failure }: Turn): number {
    if (this.around.offline()) return Number.POSITIVE_INFINITY; // `reconnected` ends it
    const wait = this.timing.retryMs[tries - 1] ?? 0;
    return Math.max(wait * (0.8 + 0.4 * Math.random()), failure?.waitMs ?? 0);
  }

  private async pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = Number.isFinite(ms) ? setTimeout(resolve, ms) : undefined;
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wakeUp = null;
  }
}

/** Return what is said about a message that did not get through. */
export function troubleOf({ progress, failure, tries }: Turn, texts: Strings): TroubleText {
  const kind = failure?.kind ?? "server";
  const { title, text } =
    progress === "retrying" && tries > 0 && kind !== "busy"
      ? texts.retrying[kind === "offline" ? "offline" : "other"]
      : texts.trouble[kind];
  return { title, text: failure?.detail && kind !== "session" ? failure.detail : text };
}

function newTurn(id: string, text: string, payload: string | null, sentAt: number): Turn {
  const fresh = { progress: "queued", failure: null, tries: 0, slow: false, helpShown: false } as const;
  return { kind: "turn", id, text, payload, sentAt, repliedAt: sentAt, ...fresh, replies: [] };
}

/** Return an id that nobody else has; `crypto.randomUUID` is missing on pages without TLS. */
function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
