/** What the web channel sends (docs/channels.md), read so that nothing malformed or hostile gets further than here. */

export const TIERS = ["none", "crisis", "urgent_mood", "medical_emergency", "pregnancy_exposure"] as const;
export type Tier = (typeof TIERS)[number];

export interface Source {
  title: string;
  publisher: string;
  url: string | null;
  checkedOn: string;
}

export interface Choice {
  title: string;
  payload: string;
}

export interface Reply {
  id: string;
  text: string;
  choices: Choice[];
  tier: Tier;
  sources: Source[];
  reviewedOn: string | null;
}

export interface Answered {
  replies: Reply[];
  /** False if this is a first reply and the real one is still being worked on. */
  done: boolean;
}

export interface PastTurn extends Answered {
  messageId: string;
  text: string;
  sentAt: number;
}

/** Return the replies to a message. */
export function readAnswered(body: unknown): Answered {
  return { replies: list(field(body, "messages")).map(readReply), done: field(body, "done") !== false };
}

/** Return the conversation so far. */
export function readHistory(body: unknown): PastTurn[] {
  return list(field(body, "turns")).map((turn) => ({
    messageId: text(field(turn, "message_id")),
    text: text(field(turn, "text")),
    sentAt: Date.parse(text(field(turn, "sent_at"))) || Date.now(),
    ...readAnswered(turn),
  }));
}

function readReply(reply: unknown): Reply {
  const metadata = field(reply, "metadata");
  const tier = field(metadata, "tier");
  return {
    id: text(field(reply, "id")),
    text: text(field(reply, "text")),
    choices: list(field(reply, "buttons"))
      .map((button) => ({ title: text(field(button, "title")), payload: text(field(button, "payload")) }))
      .filter(({ title, payload }) => title && payload),
    tier: TIERS.find((known) => known === tier) ?? "none",
    sources: list(field(metadata, "sources")).map((source) => ({
      title: text(field(source, "title")),
      publisher: text(field(source, "publisher")),
      url: webAddress(text(field(source, "url"))),
      checkedOn: text(field(source, "checked_on")),
    })),
    reviewedOn: text(field(metadata, "reviewed_on")) || null,
  };
}

/** Return an address that may be linked to: http and https only, without a name and password in it; else null. */
export function webAddress(written: string): string | null {
  try {
    const { protocol, username, password, href } = new URL(written);
    return /^https?:$/.test(protocol) && !username && !password ? href : null;
  } catch {
    return null;
  }
}

export function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** Return a text without the control characters that can turn the order of what is read around it. */
export function text(value: unknown): string {
  return typeof value === "string" ? value.replace(/[\u202a-\u202e\u2066-\u2069]/g, "") : "";
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
