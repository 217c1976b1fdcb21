/**
 * Cuts a reply, which is plain text, into paragraphs, lists, links and numbers to call. Nothing in it is ever read as markup.
 * Links are http, https, tel and mailto only, made here and nowhere else.
 */

import { webAddress } from "./contract.ts";

export interface Piece {
  text: string;
  /** Where it leads, if it is a link. */
  href?: string;
  kind?: "phone" | "web" | "mail" | "number";
}

/** A big button to call a number. */
export interface Call {
  number: string;
  href: string;
  /** What stands beside the number: "in the US". */
  about: string;
  /** Whose number it is, for people who cannot see it. */
  whose: string;
}

export type Block =
  | { kind: "paragraph"; lines: Piece[][] }
  | { kind: "list"; items: Array<{ pieces: Piece[]; calls: Call[] }> }
  | { kind: "calls"; calls: Call[] };

const WEB = String.raw`https?:\/\/[^\s<>"']+|(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:com|org|net|gov|edu|info|int|health|[a-z]{2})(?![\w-])(?:\/[^\s,;()]*)?`;
const MAIL = String.raw`[\w.+-]+@(?:[a-z0-9-]+\.)+[a-z]{2,}`;
const NUMBER = String.raw`[+#]?\d+(?:[ -]\d+)*(?![\w\/:%-]|[.,]\d)`;
const FOUND = new RegExp(`(?<mail>${MAIL})|(?<web>${WEB})|(?<number>${NUMBER})`, "gu");
/** After one of these a match is part of something else. (Not a look-behind: older phones lack it.) */
const INSIDE = /[\w@.,:/#+-]$/;
const EMERGENCY = new Set(["000", "111", "112", "911", "988", "999", "116123"]);
const HELP_LINE = /\b(?:call|dial|danger|emergency|to talk|not living|help is there|helpline|lifeline)\b/i;
const COUNTED =
  /^\s?(?:mg|kg|g|lb|ml|mcg|mmol|per|capsules?|pills?|tablets?|people|patients|teenagers|minutes?|hours?|days?|weeks?|months?|years?|times|of|to \d|in \d)\b/i;
/** A sentence longer than this, a list of signs say, has its button before it. */
const LONG_CHARS = 120;

/** Return the blocks of a reply. In a safety reply each number to call gets one big button. */
export function blocksOf(text: string, safety: boolean): Block[] {
  const blocks: Block[] = [];
  const given = new Set<string>();
  for (const part of text.split(/\n\s*\n/)) {
    let open: Block | null = null;
    for (const line of part
      .split("\n")
      .map((raw) => raw.trim())
      .filter(Boolean)) {
      if (line.startsWith("- ")) {
        if (open?.kind !== "list") blocks.push((open = { kind: "list", items: [] }));
        open.items.push(item(line.slice(2), safety, given));
        continue;
      }
      let continues = open?.kind === "paragraph";
      for (const sentence of safety ? sentences(line) : [line]) {
        const pieces = piecesOf(sentence, safety);
        if (open?.kind !== "paragraph") blocks.push((open = { kind: "paragraph", lines: [[]] }));
        else if (continues) open.lines.push([]);
        continues = false;
        open.lines.at(-1)?.push(...pieces);
        const calls = safety ? newCalls(pieces, given) : [];
        if (!calls.length) continue;
        const long = (pieces.at(-1)?.text.length ?? 0) > LONG_CHARS;
        blocks.splice(long ? -1 : blocks.length, 0, { kind: "calls", calls });
        open = null;
      }
    }
  }
  return blocks;
}

/** Return a line cut into text and links. In a safety reply all numbers count as numbers to call. */
export function piecesOf(line: string, safety: boolean): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  const add = (piece: Piece, start: number): void => {
    if (start > end) pieces.push({ text: line.slice(end, start) });
    pieces.push(piece);
    end = start + piece.text.length;
  };
  for (const match of line.matchAll(FOUND)) {
    const [found] = match;
    if (match.index < end || INSIDE.test(line.slice(0, match.index))) continue;
    if (match.groups?.mail) add({ text: found, href: `mailto:${found}`, kind: "mail" }, match.index);
    else if (match.groups?.web) {
      const text = found.replace(/[.,;:!?)]+$/, "");
      const href = webAddress(/^https?:/.test(text) ? text : `https://${text}`);
      if (href) add({ text, href, kind: "web" }, match.index);
    } else {
      const text = /^(\d{3,6}) \1$/.exec(found)?.[1] ?? found; // a line called by its own number
      const start = match.index + found.length - text.length;
      const kind = numberKind(line, text, start, safety);
      if (kind === "phone") add({ text, href: `tel:${text.replace(/[ -]/g, "").replace("#", "%23")}`, kind }, start);
      else if (kind) add({ text, kind }, start);
    }
  }
  if (end < line.length) pieces.push({ text: line.slice(end) });
  return pieces;
}

/** Tell numbers to call ("phone") and to text ("number", shown strong) from amounts, years and the like (null). */
function numberKind(line: string, text: string, start: number, safety: boolean): "phone" | "number" | null {
  const before = line.slice(0, start);
  const after = line.slice(start + text.length);
  const digits = text.replace(/\D/g, "");
  if (/WhatsApp $/.test(before) || /^\d{4}-\d\d-\d\d$/.test(text)) return null;
  if (/\b[Tt]ext (?:[A-Z]+ to )?$|\bSMS $/.test(before) && !/\bcall or text $/.test(before)) return "number";
  if (COUNTED.test(after) || /^ [A-Z]{4,}/.test(after)) return null;
  if (/\b(?:call|dial|ring|in danger:) $/i.test(before)) return digits.length > 1 ? "phone" : null;
  if (digits.length < 3 || digits.length > 15) return null;
  if (after.split(/[^\d #+-]/).some((part) => part.replace(/\D/g, "") === digits)) return null; // named first, given later
  if (digits.length >= 7) return "phone";
  if (/^(?:19|20)\d\d$/.test(text)) return null;
  if (safety || EMERGENCY.has(digits)) return "phone";
  return HELP_LINE.test(before) && /^(?:[.,;)]|$| \(| or | now| for | in danger)/.test(after) ? "phone" : null;
}

function sentences(line: string): string[] {
  return line.match(/.+?[.!?] (?=[A-Z])|.+$/g) ?? [line];
}

/** Return big buttons for the numbers that have none so far. */
function newCalls(pieces: Piece[], given: Set<string>): Call[] {
  return pieces.flatMap((piece, index): Call[] => {
    if (piece.kind !== "phone" || !piece.href || given.has(piece.href)) return [];
    given.add(piece.href);
    const beside = /^ (?:\(([^)]{2,24})\)|((?:in|on) [^,.;()]{2,24}))/.exec(pieces[index + 1]?.text ?? "");
    return [{ number: piece.text, href: piece.href, about: beside?.[1] ?? beside?.[2] ?? "", whose: "" }];
  });
}

/** Return an item of a list: with buttons if it names numbers to call, plain if not. */
function item(text: string, safety: boolean, given: Set<string>): { pieces: Piece[]; calls: Call[] } {
  const pieces = piecesOf(text, safety);
  const whose = pieces[0]?.href ? "" : (pieces[0]?.text.split(":")[0]?.trim() ?? "");
  const calls = pieces.flatMap((piece): Call[] =>
    piece.kind === "phone" && piece.href ? [{ number: piece.text, href: piece.href, about: "", whose }] : [],
  );
  for (const { href } of calls) given.add(href);
  return { pieces, calls };
}
