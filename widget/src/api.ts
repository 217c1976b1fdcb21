/** Talks to the web channel; whatever goes wrong comes out as a Failure that says what to do next. */

import { type Answered, field, type PastTurn, readAnswered, readHistory, text } from "./contract.ts";

const REQUEST_MS = 20_000;

/**
 * offline: the server was not reached. slow: it did not answer in time. busy: it asks to wait. server: it failed.
 * session: the session has ended. refused: it will not take this message.
 */
export type FailureKind = "offline" | "slow" | "busy" | "server" | "session" | "refused";

export class Failure extends Error {
  constructor(
    readonly kind: FailureKind,
    /** What the server says to the person, if it does. */
    readonly detail = "",
    /** How long the server asks to wait. */
    readonly waitMs = 0,
  ) {
    super(kind);
  }

  /** Whether the same message may be tried again by itself. */
  get passes(): boolean {
    return this.kind !== "refused" && this.kind !== "session";
  }
}

export interface Outgoing {
  messageId: string;
  text: string;
  payload: string | null;
  country: string | null;
}

export class Api {
  /** @param server where the assistant is served, without a slash at the end. */
  constructor(private readonly server: string) {}

  /** Open a session and return its token. */
  async open(): Promise<string> {
    return text(field(await this.call("POST", "session"), "token"));
  }

  /** Send a message. The same `messageId` is answered once, however often it is sent. */
  async send(token: string, { messageId, text: typed, payload, country }: Outgoing): Promise<Answered> {
    const said = payload === null ? { text: typed } : { payload };
    return readAnswered(
      await this.call("POST", "messages", token, { ...said, message_id: messageId, ...(country && { country }) }),
    );
  }

  async history(token: string): Promise<PastTurn[]> {
    return readHistory(await this.call("GET", "messages", token));
  }

  async erase(token: string): Promise<void> {
    await this.call("DELETE", "session", token);
  }

  /** Say whether a reply helped. */
  async vote(token: string, replyId: string, helped: boolean): Promise<void> {
    await this.call("POST", "feedback", token, { id: replyId, helped });
  }

  private async call(method: string, path: string, token?: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.server}/webhooks/web/${path}`, {
      method,
      headers: { ...(token && { Authorization: `Bearer ${token}` }), ...(body && { "Content-Type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(REQUEST_MS),
    }).catch((error: unknown) => {
      throw new Failure(error instanceof DOMException && error.name === "TimeoutError" ? "slow" : "offline");
    });
    if (response.status === 204) return {};
    const answer: unknown = await response.json().catch(() => null);
    if (response.ok && answer !== null) return answer;
    throw failureOf(response, text(field(answer, "detail")));
  }
}

function failureOf({ status, headers }: Response, detail: string): Failure {
  const waitMs = (Number(headers.get("Retry-After")) || 0) * 1000;
  if (status === 401) return new Failure("session", detail);
  if (status === 429 || status === 503) return new Failure("busy", detail, waitMs);
  if (status >= 400 && status < 500) return new Failure("refused", detail);
  return new Failure("server");
}
