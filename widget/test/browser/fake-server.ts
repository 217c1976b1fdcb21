/** A small stand-in for the assistant's server: the script, test pages and the web channel, with faults at will. */

import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";

const PAGE = fileURLToPath(new URL("../../../bot/channels/page/", import.meta.url));
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; trusted-types 'none'; require-trusted-types-for 'script'";
/** What the tests' own pages look like; a stylesheet of its own, as the pages have a strict policy too. */
const SITE_CSS = `html { font: 62.5%/1.4 serif } body { margin: 0; color: red; background: #fafafa } p { font-size: 2rem; text-transform: uppercase; padding: 2rem }
button { background: hotpink; border-radius: 0 } * { letter-spacing: 2px } .tall { height: 150vh } .box { max-width: 60rem; margin: 2rem auto }`;

export interface Bubble {
  text: unknown;
  buttons?: unknown;
  metadata?: unknown;
}

export interface Said {
  text?: string;
  payload?: string;
  message_id: string;
  country?: string;
}

interface Turn {
  message_id: string;
  text: string;
  sent_at: string;
  done: boolean;
  messages: unknown[];
}

/** What happens to a request in place of its answer. */
export type Fault = "drop" | "hang" | number | { status: number; detail: string; retryAfter?: number };

export const SOURCES = [
  {
    title: "Isotretinoin capsules",
    publisher: "NHS",
    url: "https://www.nhs.uk/medicines/isotretinoin-capsules/",
    checked_on: "2026-11-22",
  },
  { title: "A leaflet on paper", publisher: "A hospital", url: null, checked_on: "2026-11-20" },
];

const CRISIS = `Thank you for telling me. You deserve help from a real person, now.

If you might act on this: call 999 now, even if you feel all right.

To talk to someone:
- Samaritans (UK and Ireland): call 116 123 (24/7, free)
- Shout: text SHOUT to 85258 (24/7, free)

This is an automated assistant. It cannot call anyone.`;

export function answer(text: string, more: Partial<Bubble> = {}): Bubble {
  return {
    text,
    buttons: [],
    metadata: { topic: "dry_lips", tier: "none", sources: SOURCES, reviewed_on: "2026-11-22" },
    ...more,
  };
}

/** Answer as the assistant would, in small. */
export function usual({ text = "", payload = "" }: Said): Bubble[] {
  if (/die|kill|want to be here/.test(text)) {
    const buttons = [
      { title: "I'm in another country", payload: "I'm in another country" },
      { title: "I'm safe, I have a question", payload: "I'm safe, I have a question" },
    ];
    return [
      { text: CRISIS, buttons, metadata: { topic: "crisis", tier: "crisis", sources: SOURCES, reviewed_on: "2026-11-22" } },
    ];
  }
  if (/long/.test(text)) return [answer("A long answer about dry lips.\n\n".repeat(30).trim())];
  if (/two/.test(text)) return [answer("First answer."), answer("Second answer.")];
  const buttons = [
    { title: "Tell me more", payload: "/more_detail" },
    { title: "Dry skin", payload: "/dry_skin" },
  ];
  return [answer(`You said: ${text || payload}.\n\nUse a lip balm:\n- every hour\n- before bed`, { buttons })];
}

export class FakeServer {
  /** Faults for the next requests of a kind, first come first served: "POST messages". */
  readonly faults = new Map<string, Fault[]>();
  /** Every request that came in, such as "POST messages". */
  readonly log: string[] = [];
  /** Every message that was posted, repeats too. */
  readonly posted: Said[] = [];
  readonly votes: unknown[] = [];
  turns: Turn[] = [];
  reply: (said: Said) => Bubble[] = usual;
  delayMs = 0;
  /** While true, posts are answered with a first reply. */
  late = false;
  sessions = 0;
  private ended = new Set<string>();
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Let the next requests of a kind fail. */
  fail(kind: string, ...faults: Fault[]): void {
    this.faults.set(kind, [...(this.faults.get(kind) ?? []), ...faults]);
  }

  /** End every open session, as if it had run out. */
  endSessions(): void {
    for (let number = 1; number <= this.sessions; number += 1) this.ended.add(`token-${number}`);
    this.turns = [];
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const path = pathname.replace("/webhooks/web/", "");
    const headers = { "Content-Security-Policy": CSP };
    if (pathname === "/widget.js" || pathname.startsWith("/demo.")) {
      const type = pathname.endsWith(".css") ? "text/css" : "text/javascript";
      response.writeHead(200, { "Content-Type": type }).end(readFileSync(PAGE + pathname.slice(1)));
    } else if (pathname === "/site.css") response.writeHead(200, { "Content-Type": "text/css" }).end(SITE_CSS);
    else if (pathname === "/demo")
      response.writeHead(200, { "Content-Type": "text/html", ...headers }).end(readFileSync(`${PAGE}index.html`));
    else if (pathname === "/") response.writeHead(200, { "Content-Type": "text/html", ...headers }).end(page(searchParams));
    else if (path !== pathname) await this.channel(request, response, path);
    else response.writeHead(404).end();
  }

  private async channel(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const kind = `${request.method} ${path}`;
    this.log.push(kind);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = chunks.length ? (JSON.parse(Buffer.concat(chunks).toString()) as unknown) : {};
    if (kind === "POST messages") this.posted.push(body as Said);
    const fault = this.faults.get(kind)?.shift();
    if (fault === "drop") return void request.socket.destroy();
    if (fault === "hang") return;
    if (fault !== undefined) return problem(response, typeof fault === "number" ? { status: fault, detail: "" } : fault);
    if (kind === "POST messages" && this.delayMs) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    const token = (request.headers.authorization ?? "").replace("Bearer ", "");
    if (kind === "POST session")
      return json(response, 201, { token: `token-${++this.sessions}`, expires_at: "2027-01-01T00:00:00+00:00" });
    if (!token || this.ended.has(token)) return problem(response, { status: 401, detail: "No open session." });
    if (kind === "GET messages") return json(response, 200, { turns: this.turns });
    if (kind === "POST feedback") this.votes.push(body);
    if (kind === "DELETE session") {
      this.ended.add(token);
      this.turns = [];
    }
    if (kind !== "POST messages") return void response.writeHead(204).end();
    json(response, 200, this.answered(body as Said));
  }

  /** A message id is answered once; a repeat returns the first result. */
  private answered(said: Said): unknown {
    const known = this.turns.find((turn) => turn.message_id === said.message_id);
    if (known?.done) return { messages: known.messages, done: true };
    const bubbles = this.late
      ? [{ text: "This takes longer than usual.", buttons: [], metadata: { tier: "none" } }]
      : this.reply(said);
    const messages = bubbles.map((bubble, index) => ({ id: `${said.message_id}-${index + 1}`, ...bubble }));
    const turn = {
      message_id: said.message_id,
      text: said.text ?? "Button",
      sent_at: new Date().toISOString(),
      done: !this.late,
      messages,
    };
    this.turns = [...this.turns.filter((other) => other !== known), turn];
    return { messages, done: turn.done };
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

function problem(
  response: ServerResponse,
  { status, detail, retryAfter }: { status: number; detail: string; retryAfter?: number },
): void {
  const headers = { "Content-Type": "application/problem+json", ...(retryAfter && { "Retry-After": String(retryAfter) }) };
  response.writeHead(status, headers).end(JSON.stringify({ type: "about:blank", title: "Problem", status, detail }));
}

/** A page of a site that embeds the widget, with styles that must not get in. `?element=` are the attributes, `?dir=` that of the page. */
function page(parameters: URLSearchParams): string {
  const dir = parameters.get("dir") ?? "ltr";
  const attributes = parameters.get("element") ?? "";
  const inline = attributes.includes("inline");
  return `<!doctype html><html lang="en" dir="${dir}"><head><meta charset="utf-8"><title>A clinic</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/site.css"><script src="/widget.js" defer></script></head>
<body><main><h1>A clinic</h1><p>Some text of the site.</p><a href="#end" id="site-link">A link of the site</a><div class="${inline ? "box" : "tall"}">
${inline ? `<isotretinoin-assistant ${attributes}></isotretinoin-assistant>` : ""}</div><p id="end">The end.</p></main>
${inline ? "" : `<isotretinoin-assistant ${attributes}></isotretinoin-assistant>`}</body></html>`;
}
