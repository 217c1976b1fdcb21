/**
 * The page people talk to the assistant on.
 *
 * Everything that comes from a person or a server is put into the page as text, never as markup.
 * A message keeps one id from the first try to the last, so that the server answers it once.
 */

const API = "/webhooks/web";
const TOKEN_KEY = "isotretinoin.session";
const UNSENT_KEY = "isotretinoin.unsent";
const REQUEST_MS = 30_000;
const SLOW_MS = 1_500;
const STILL_MS = 3_500;
const POLL_MS = 1_500;
const ABANDONED_MS = 65_000;
const NEAR_PX = 160;
const KEYBOARD_PX = 120;
const LONG_CHARS = 120;

const CARE_TITLES = {
  crisis: "Help right now",
  urgent_mood: "Help with how you feel",
  medical_emergency: "Get medical help",
  pregnancy_exposure: "Possible pregnancy",
};

const ICONS = {
  phone:
    "M6.6 3.5 9 3l2 4.6-2 1.7a12.4 12.4 0 0 0 5.7 5.7l1.7-2L21 15l-.5 2.4c-.3 1.6-1.6 2.8-3.2 2.7C9.8 19.6 4.4 14.2 3.9 6.7 3.8 5.1 5 3.8 6.6 3.5Z",
  message: "M4 5h16v11.5h-8.500L7 20.5v-4H4V5Z",
  web: "M14 5h5v5M19 5l-8.5 8.500M11 6H5v13h13v-6",
  open: "m9 5 7 7-7 7",
  care: "M12 20S4 15.5 4 9.600C4 6.9 6 5 8.3 5c1.6 0 3 .9 3.7 2.300C12.7 5.9 14.1 5 15.7 5 18 5 20 6.9 20 9.6 20 15.5 12 20 12 20Z",
};

const $ = (id) => document.getElementById(id);
const transcript = $("transcript");
const live = $("live");
const field = $("message");
const help = $("help");
const jump = $("jump");
const starters = $("starters");
const confirmation = $("confirm");

/** Turns of this page by message id, in the order they were sent. */
const turns = new Map();
/** Goes up when the conversation is cleared; what was under way for an earlier one is dropped. */
let epoch = 0;

/* ---------- Building blocks ---------- */

function make(tag, className = "", ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

function button(className, label, action) {
  const element = make("button", className, label);
  element.type = "button";
  element.addEventListener("click", action);
  return element;
}

/* ---------- Links out of plain text ---------- */

const WEB = String.raw`https?:\/\/[^\s<>"']+|(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:com|org|net|gov|edu|info|int|health|[a-z]{2})(?![\w-])(?:\/[^\s,;()]*)?`;
const NUMBER = String.raw`[+#]?\d+(?:[ -]\d+)*(?![\w\/:%-]|[.,]\d)`;
const FOUND = new RegExp(`(?<web>${WEB})|(?<number>${NUMBER})`, "gu");
const INSIDE = /[\w@.,:/#+-]$/; // a match after one of these is part of something else (no look-behind: older phones lack it)
const EMERGENCY = new Set(["000", "111", "112", "911", "988", "999", "116123"]);
const HELP_LINE = /\b(?:call|dial|danger|emergency|to talk|not living|help is there|helpline|lifeline)\b/i;
const COUNTED =
  /^\s?(?:mg|kg|g|lb|ml|mcg|mmol|per|capsules?|pills?|tablets?|people|patients|teenagers|minutes?|hours?|days?|weeks?|months?|years?|times|of|to \d|in \d)\b/i;

/**
 * Cut a line of a reply into text and links.
 *
 * Numbers become links where they are phone numbers by their length, or short ones by what stands around them.
 *
 * @param {string} line
 * @param {boolean} safety whether the line is from a safety reply, whose numbers are all numbers to call
 * @returns {Array<{text: string, href?: string, kind?: "phone" | "message" | "web"}>}
 */
export function pieces(line, safety = false) {
  const found = [];
  let end = 0;
  const add = (text, start, href, kind) => {
    if (start > end) found.push({ text: line.slice(end, start) });
    found.push({ text, href, kind });
    end = start + text.length;
  };
  for (const match of line.matchAll(FOUND)) {
    if (INSIDE.test(line.slice(0, match.index))) continue;
    if (match.groups.web) {
      const text = match.groups.web.replace(/[.,;:!?)]+$/, "");
      const href = asWebAddress(/^https?:/.test(text) ? text : `https://${text}`);
      if (href) add(text, match.index, href, "web");
      continue;
    }
    const twice = /^(\d{3,6}) \1$/.exec(match[0]); // a line called by its own number
    const text = twice ? twice[1] : match[0];
    const start = match.index + match[0].length - text.length;
    const kind = numberKind(line, text, start, safety);
    if (kind) add(text, start, `${kind === "message" ? "sms" : "tel"}:${text.replace(/[ -]/g, "").replace("#", "%23")}`, kind);
  }
  if (end < line.length) found.push({ text: line.slice(end) });
  return found;
}

function numberKind(line, text, start, safety) {
  const before = line.slice(0, start);
  const after = line.slice(start + text.length);
  const digits = text.replace(/\D/g, "");
  if (/WhatsApp $/.test(before) || /^\d{4}-\d\d-\d\d$/.test(text)) return null;
  if (/\b[Tt]ext (?:[A-Z]+ to )?$|\bSMS $/.test(before) && !/\bcall or text $/.test(before)) return "message";
  if (COUNTED.test(after) || /^ [A-Z]{4,}/.test(after)) return null;
  if (/\b(?:call|dial|ring|in danger:) $/i.test(before)) return digits.length > 1 ? "phone" : null;
  if (digits.length < 3 || digits.length > 15) return null;
  if (after.split(/[^\d #+-]/).some((part) => part.replace(/\D/g, "") === digits)) return null; // named first, given later
  if (digits.length >= 7) return "phone";
  if (/^(?:19|20)\d\d$/.test(text)) return null;
  if (safety || EMERGENCY.has(digits)) return "phone";
  return HELP_LINE.test(before) && /^(?:[.,;)]|$| \(| or | now| for | in danger)/.test(after) ? "phone" : null;
}

function asWebAddress(text) {
  try {
    const url = new URL(text);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

function link(piece) {
  const element = make("a", "", piece.text);
  element.href = piece.href;
  if (piece.kind === "web") {
    element.target = "_blank";
    element.rel = "noopener noreferrer";
  } else {
    element.setAttribute("aria-label", `${verb(piece)} ${piece.text}`);
  }
  return element;
}

function verb(piece) {
  return piece.kind === "message" ? "Text" : "Call";
}

/** Return a big button that calls, texts or opens what a piece names. */
function action(piece, { label = "", about = "", spoken = "" } = {}) {
  const element = link(piece);
  element.className = "call";
  const name = make("strong", "", label ? `${label} ${piece.text}` : piece.text);
  element.replaceChildren(make("span", "call-name", icon(piece.kind), name));
  if (about) element.append(" ", make("span", "call-about", about));
  if (piece.kind !== "web") {
    element.setAttribute("aria-label", `${verb(piece)} ${piece.text}${about ? ` ${about}` : spoken}`);
  }
  return element;
}

/* ---------- Replies ---------- */

/** Return plain text as paragraphs and lists. In safety replies each number gets one big button. */
function prose(text, safety = false) {
  const body = make("div", "prose");
  const given = new Set();
  for (const block of text.split(/\n\s*\n/)) {
    let list = null;
    let paragraph = null;
    for (const raw of block.split("\n")) {
      const line = raw.trim();
      if (!line) continue;
      if (line.startsWith("- ")) {
        paragraph = null;
        if (!list) body.append((list = make("ul")));
        list.append(listItem(line.slice(2), safety, given));
        continue;
      }
      list = null;
      if (paragraph) paragraph.append(make("br"));
      for (const sentence of safety ? sentences(line) : [line]) {
        if (!paragraph) body.append((paragraph = make("p")));
        const parts = pieces(sentence, safety);
        const calls = writeOut(paragraph, parts, safety ? given : null);
        if (!calls) continue;
        if (!parts.at(-1).href && parts.at(-1).text.length > LONG_CHARS) paragraph.before(calls); // not below a long list of signs
        else paragraph.after(calls);
        paragraph = null;
      }
    }
  }
  return body;
}

function sentences(line) {
  return line.match(/.+?[.!?] (?=[A-Z])|.+$/g) ?? [line];
}

/** Write pieces into an element; return big buttons for the numbers that have none so far. */
function writeOut(element, parts, given) {
  const calls = make("div", "calls");
  parts.forEach((piece, index) => {
    if (!piece.href) element.append(piece.text);
    else if (!given || piece.kind === "web" || given.has(piece.href)) element.append(link(piece));
    else {
      given.add(piece.href);
      element.append(make("b", "", piece.text));
      const about = /^ (?:\(([^)]{2,24})\)|((?:in|on) [^,.;()]{2,24}))/.exec(parts[index + 1]?.text ?? "");
      calls.append(action(piece, { about: about?.[1] ?? about?.[2] ?? "", label: about ? "" : verb(piece) }));
    }
  });
  return calls.childElementCount ? calls : null;
}

/** Return an item of a list: a help line with its buttons if it names numbers, a plain item if not. */
function listItem(text, safety, given) {
  const parts = pieces(text, safety);
  const calls = parts.filter((piece) => piece.href && piece.kind !== "web");
  if (!calls.length && !(safety && parts.some((piece) => piece.href))) {
    const item = make("li");
    writeOut(item, parts, null);
    return item;
  }
  for (const piece of calls) given.add(piece.href);
  const last = parts.at(-1);
  if (parts.length === 2 && last.href) {
    const name = parts[0].text.trim();
    const bare = name.replace(/: (?:call|[Tt]ext|SMS)$/, ""); // the button says it
    return make("li", "reach row", make("span", "", bare), " ", action(last, { label: verb(last), spoken: `, ${bare}` }));
  }
  const name = parts[0].href ? "" : parts[0].text.split(":")[0];
  const buttons = make("span", "calls");
  const words = make("span");
  for (const piece of parts) {
    if (!piece.href) words.append(piece.text);
    else {
      words.append(make("b", "", piece.text));
      buttons.append(action(piece, { label: piece.kind === "web" ? "" : verb(piece), spoken: `, ${name}` }));
    }
  }
  return make("li", "reach", words, " ", buttons);
}

const dayFormat = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

function day(isoDate) {
  const date = new Date(isoDate);
  const element = make("time", "", Number.isNaN(date.getTime()) ? String(isoDate) : dayFormat.format(date));
  element.dateTime = isoDate;
  return element;
}

function moment(milliseconds) {
  const date = new Date(milliseconds);
  const clock = date.toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
  const today = date.toDateString() === new Date().toDateString();
  const element = make("time", "", today ? clock : `${date.toLocaleDateString("en-GB", { day: "numeric", month: "short" })}, ${clock}`);
  element.dateTime = date.toISOString();
  return element;
}

function who(name, milliseconds) {
  return make("p", "who", make("b", "", name), " · ", moment(milliseconds));
}

function origin(metadata) {
  const listed = metadata.sources ?? [];
  if (!listed.length && !metadata.reviewed_on) return null;
  const footer = make("div", "origin");
  if (listed.length) {
    const list = make("ol");
    for (const source of listed) {
      const href = source.url ? asWebAddress(source.url) : null;
      const title = make(href ? "a" : "span", "title", source.title);
      if (href) {
        title.href = href;
        title.target = "_blank";
        title.rel = "noopener noreferrer";
      }
      const details = make("span", "", source.publisher, " · checked ");
      if (source.checked_on) details.append(day(source.checked_on));
      list.append(make("li", "", title, details));
    }
    const count = make("span", "count", String(listed.length));
    const summary = make("summary", "", icon("open"), make("span", "", "Sources"), count);
    footer.append(make("details", "sources", summary, list));
  }
  if (metadata.reviewed_on) footer.append(make("p", "reviewed", "Reviewed ", day(metadata.reviewed_on)));
  return footer;
}

function bubble(reply, turn) {
  const metadata = reply.metadata ?? {};
  const tier = metadata.tier ?? "none";
  const safety = tier !== "none";
  const card = make("div", "card");
  if (safety) card.append(make("h3", "care-title", icon("care"), CARE_TITLES[tier] ?? "Get help"));
  card.append(prose(reply.text, safety));
  const from = origin(metadata);
  if (from) card.append(from);
  const entry = make("li", safety ? "entry bot care" : "entry bot", who("Assistant", turn.repliedAt), card);
  entry.dataset.id = reply.id ?? "";
  entry.dataset.tier = tier;
  if (reply.buttons?.length) entry.append(choices(reply.buttons, "Replies to choose from"));
  return entry;
}

function choices(offered, label) {
  const group = make("div", "choices");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", label);
  for (const { title, payload } of offered) {
    group.append(
      button("", title, () => {
        settle(group, title);
        say(title, payload);
      }),
    );
  }
  return group;
}

/** Turn a group of reply buttons into plain text; keyboard focus inside it stays in its place. */
function settle(group, chosen = null) {
  if (group.hidden) return;
  if (group === starters && !chosen) {
    group.hidden = true;
    return;
  }
  const focused = group.contains(document.activeElement);
  const text = make("p", "offered", make("span", "unseen", "Offered: "));
  for (const choice of group.querySelectorAll("button")) {
    const used = choice.textContent === chosen;
    const part = make("span", used ? "chosen" : "", choice.textContent);
    if (used) part.append(make("span", "unseen", " (chosen)"));
    text.append(part);
  }
  group.replaceWith(text);
  if (focused) {
    text.tabIndex = -1;
    text.focus({ preventScroll: true });
  }
}

/** Settle the offers made before `text` was said. Those of safety replies stay until one is used. */
function settleEarlier(text) {
  for (const group of transcript.querySelectorAll(".choices")) {
    const used = [...group.children].some((choice) => choice.textContent === text);
    if (used) settle(group, text);
    else if (!group.closest(".care")) settle(group);
  }
}

/* ---------- Saying things aloud and scrolling ---------- */

function announce(...texts) {
  const line = make("div");
  live.append(line);
  // Set after the element is there: some screen readers only report changes.
  setTimeout(() => line.append(...texts.flatMap((text) => text.split("\n").filter(Boolean)).map((text) => make("p", "", text))), 60);
  setTimeout(() => line.remove(), 20_000);
}

const calm = matchMedia("(prefers-reduced-motion: reduce)");

function scrollTo(top) {
  window.scrollTo({ top, behavior: calm.matches ? "auto" : "smooth" });
}

/** Whether the person has moved the page since they last said something. */
let moved = false;
for (const kind of ["wheel", "touchmove"]) addEventListener(kind, () => (moved = true), { passive: true });
addEventListener("keydown", (event) => {
  if (/^(?:Page|Arrow|Home|End|Tab)/.test(event.key) && event.target !== field) moved = true;
});

function atEnd() {
  const page = document.documentElement;
  return page.scrollHeight - window.scrollY - window.innerHeight < NEAR_PX;
}

/** New replies are brought into view unless the person is reading something else. */
function follows() {
  return !moved || atEnd();
}

function toEnd() {
  scrollTo(document.documentElement.scrollHeight);
}

/** Bring a turn into view from its start, so that a long reply is read from the top. */
function toTurn(turn) {
  const head = $("top").offsetHeight + 14;
  scrollTo(window.scrollY + turn.entry.getBoundingClientRect().top - head);
}

/* ---------- Talking to the server ---------- */

class Failure extends Error {
  constructor(kind, detail = "") {
    super(kind);
    this.kind = kind; // offline, slow, session, refused or server
    this.detail = detail;
  }
}

const memory = new Map();

function stored(storage, key) {
  try {
    return storage.getItem(key);
  } catch {
    return memory.get(key) ?? null; // storage is switched off: keep it for as long as the page is open
  }
}

function store(storage, key, value) {
  try {
    if (value === null) storage.removeItem(key);
    else storage.setItem(key, value);
  } catch {
    memory.set(key, value);
  }
}

const token = {
  get: () => stored(localStorageOrNone(), TOKEN_KEY),
  set: (value) => store(localStorageOrNone(), TOKEN_KEY, value),
};

function localStorageOrNone() {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}

async function call(method, path, { body, session } = {}) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), REQUEST_MS);
  const headers = {};
  if (session) headers.Authorization = `Bearer ${session}`;
  if (body) headers["Content-Type"] = "application/json";
  try {
    const response = await fetch(API + path, {
      method,
      headers,
      body: body && JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      signal: abort.signal,
    });
    const answer = response.status === 204 ? {} : await response.json().catch(() => ({}));
    if (response.ok) return answer;
    const detail = typeof answer.detail === "string" ? answer.detail : "";
    if (response.status === 401) throw new Failure("session", detail);
    if (response.status === 429 || response.status === 503) throw new Failure("busy", detail);
    throw new Failure(response.status < 500 ? "refused" : "server", response.status < 500 ? detail : "");
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(abort.signal.aborted ? "slow" : "offline");
  } finally {
    clearTimeout(timer);
  }
}

let opening = null;

/** Return the token of the open session, opening one if there is none. */
async function session() {
  const known = token.get();
  if (known) return known;
  opening ??= call("POST", "/session").finally(() => {
    opening = null;
  });
  const opened = await opening;
  if (!token.get()) token.set(opened.token);
  return token.get() ?? opened.token;
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/* ---------- Turns ---------- */

function newTurn(id, text, payload, sentAt) {
  const turn = { id, text, payload, sentAt, repliedAt: sentAt, state: "sending", replies: [], typing: null, trouble: null };
  turn.entry = make("li", "entry own", who("You", sentAt), make("p", "bubble", text));
  turn.entry.dataset.id = id;
  turns.set(id, turn);
  transcript.append(turn.entry);
  $("delete").hidden = false;
  return turn;
}

/** Say something: what was typed, or a button with its payload. */
function say(text, payload = null) {
  settleEarlier(text);
  const turn = newTurn(newId(), text, payload, Date.now());
  keepUnsent();
  moved = false;
  toEnd();
  return send(turn);
}

async function send(turn) {
  const started = epoch;
  turn.state = "sending";
  clearTrouble(turn);
  showTyping(turn);
  const began = Date.now();
  try {
    const { messages } = await deliver(turn);
    if (started !== epoch) return;
    arrived(turn, messages);
    if (Date.now() - began > SLOW_MS || turn.stopgap) await settleLate(turn, started);
  } catch (error) {
    if (started === epoch) failed(turn, error instanceof Failure ? error : new Failure("server"));
    if (!(error instanceof Failure)) throw error;
  }
}

async function deliver(turn) {
  const post = async (what) =>
    call("POST", "/messages", { session: await session(), body: { ...what, message_id: turn.id } });
  const typed = { text: turn.text };
  try {
    return await post(turn.payload === null ? typed : { payload: turn.payload });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.kind === "session") {
      token.set(null);
      notice("Your earlier conversation has ended. This is a new one.", turn.entry);
      return post(typed); // buttons of the earlier conversation are unknown to the new one
    }
    if (error.kind === "refused" && turn.payload !== null) return post(typed);
    throw error;
  }
}

/** Put the replies of a turn below it. */
function arrived(turn, messages) {
  const follow = follows();
  turn.state = "done";
  turn.stopgap = messages.some(isStopgap);
  turn.repliedAt = Date.now();
  hideTyping(turn);
  clearTrouble(turn);
  keepUnsent();
  showReplies(turn, messages);
  announce(...messages.map((reply) => `Assistant: ${reply.text}`));
  if (turn !== [...turns.values()].at(-1)) settleOffersOf(turn);
  if (follow) toTurn(turn);
  else jumpTo(turn);
}

function showReplies(turn, messages) {
  let last = turn.replies.at(-1) ?? turn.entry;
  for (const reply of messages) {
    const entry = bubble(reply, turn);
    last.after(entry);
    turn.replies.push(entry);
    last = entry;
  }
}

function settleOffersOf(turn) {
  for (const entry of turn.replies) {
    if (entry.dataset.tier === "none") entry.querySelectorAll(".choices").forEach((group) => settle(group));
  }
}

/** The server says "this takes longer" or "something went wrong" with a reply that answers nothing. */
function isStopgap(reply) {
  return reply.metadata?.topic === "out_of_scope" && !reply.buttons?.length && !reply.metadata.sources?.length;
}

/** After a slow reply, look whether the turn is still being answered, and put the real replies in when they come. */
async function settleLate(turn, started) {
  const early = turn.replies.map((entry) => entry.querySelector(".prose").textContent);
  for (let waited = 0; waited < ABANDONED_MS; waited += POLL_MS) {
    const found = await onServer(turn);
    if (started !== epoch) return;
    if (!found && turn.replies.length) break;
    if (found?.done) {
      hideTyping(turn);
      const texts = found.messages.map((reply) => prose(reply.text).textContent);
      if (texts.join() === early.join()) return;
      for (const entry of [...turn.replies]) {
        const again = texts.includes(entry.querySelector(".prose").textContent);
        if (again || entry.dataset.tier === "none") {
          entry.remove();
          turn.replies.splice(turn.replies.indexOf(entry), 1);
        }
      }
      arrived(turn, found.messages);
      return;
    }
    showTyping(turn);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    if (started !== epoch) return;
  }
  hideTyping(turn);
  if (turn.stopgap || !turn.replies.length) failed(turn, new Failure("slow"));
}

async function onServer(turn) {
  try {
    const { turns: known } = await call("GET", "/messages", { session: token.get() });
    return known.find((other) => other.message_id === turn.id) ?? null;
  } catch {
    return null;
  }
}

function showTyping(turn) {
  if (turn.typing) return;
  const dots = make("span", "dots", make("i"), make("i"), make("i"));
  const text = make("span", "", "Looking for the answer");
  turn.typing = make("li", "entry bot typing", make("div", "card", dots, text));
  turn.typing.setAttribute("aria-hidden", "true");
  (turn.replies.at(-1) ?? turn.entry).after(turn.typing);
  turn.still = setTimeout(() => {
    text.textContent = "Still looking, one moment";
    announce("Still looking for the answer.");
  }, STILL_MS);
  if (follows()) toEnd();
}

function hideTyping(turn) {
  clearTimeout(turn.still);
  turn.typing?.remove();
  turn.typing = null;
}

/* ---------- When it does not work ---------- */

const TROUBLES = {
  offline: ["Not sent: there is no connection.", "Your message is kept here. Try again when you are back online."],
  slow: ["No answer came.", "Your message is kept here. Trying again will not send it twice."],
  busy: ["Not sent yet.", "The assistant is busy. Your message is kept here. Please wait a moment, then try again."],
  server: ["Something went wrong on our side.", "Your message is kept here. Trying again will not send it twice."],
  session: ["Not sent.", "A new conversation could not be opened. Your message is kept here."],
  refused: ["This message could not be taken.", "You can change it and send it again."],
};

function failed(turn, failure) {
  const follow = follows();
  hideTyping(turn);
  turn.state = "failed";
  turn.entry.classList.add("unsent");
  keepUnsent();
  const [title, usual] = TROUBLES[failure.kind] ?? TROUBLES.server;
  const detail = (failure.kind !== "session" && failure.detail) || usual;
  const actions = make("div", "trouble-actions");
  if (failure.kind === "refused") actions.append(button("strong", "Change message", () => takeBack(turn)));
  else actions.append(button("strong", "Try again", () => retry(turn)));
  actions.append(button("plain", "Show help lines", showHelp));
  const body = prose(detail);
  body.prepend(make("strong", "", title));
  turn.trouble = make("div", "trouble", body, actions);
  turn.entry.append(turn.trouble);
  announce(`${title} ${detail}`);
  if (follow) toEnd();
}

function retry(turn) {
  if (turn.state !== "failed") return;
  const focused = turn.trouble?.contains(document.activeElement);
  send(turn);
  if (focused) keepFocus(turn.entry);
}

/** Put a message that the server refuses back into the field, to be changed. */
function takeBack(turn) {
  turn.entry.remove();
  turns.delete(turn.id);
  keepUnsent();
  field.value = field.value.trim() ? `${turn.text}\n${field.value}` : turn.text;
  fit();
  field.focus();
}

function clearTrouble(turn) {
  turn.entry.classList.remove("unsent");
  turn.trouble?.remove();
  turn.trouble = null;
}

/** Focus what stands where the focused element was taken away. */
function keepFocus(element) {
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
}

function notice(text, before = null) {
  const entry = make("li", "entry note", make("p", "", text));
  if (before) before.before(entry);
  else transcript.append(entry);
  announce(text);
  return entry;
}

/** Keep what has no answer yet for a reload of this tab; the server has the rest. */
function keepUnsent() {
  const open = [...turns.values()]
    .filter((turn) => turn.state !== "done")
    .map(({ id, text, payload, sentAt }) => ({ id, text, payload, sentAt }));
  store(sessionStorageOrNone(), UNSENT_KEY, open.length ? JSON.stringify(open) : null);
}

function sessionStorageOrNone() {
  try {
    return window.sessionStorage;
  } catch {
    return undefined;
  }
}

function unsent() {
  try {
    return JSON.parse(stored(sessionStorageOrNone(), UNSENT_KEY) ?? "[]");
  } catch {
    return [];
  }
}

/* ---------- After a reload ---------- */

async function restore() {
  const started = epoch;
  const open = unsent();
  const known = token.get();
  if (!known && !open.length) {
    starters.hidden = false;
    return;
  }
  let history = [];
  if (known) {
    $("delete").hidden = false;
    const waiting = make("li", "entry note", make("p", "", "Getting your conversation…"));
    transcript.append(waiting);
    try {
      ({ turns: history } = await call("GET", "/messages", { session: known }));
    } catch (error) {
      if (started !== epoch) return;
      if (error.kind === "session") endedElsewhere();
      else cannotRestore();
    } finally {
      waiting.remove();
    }
    if (started !== epoch) return;
  }
  const newer = [...turns.values()]; // said while the history was on its way
  for (const past of history) if (!turns.has(past.message_id)) showPast(past);
  for (const { id, text, payload, sentAt } of open) {
    if (turns.has(id)) continue;
    failed(newTurn(id, text, payload, sentAt), new Failure("slow"));
  }
  for (const turn of newer) {
    transcript.append(turn.entry, ...turn.replies);
    if (turn.typing) turn.entry.after(turn.typing);
    turns.delete(turn.id);
    turns.set(turn.id, turn);
  }
  if (!turns.size) starters.hidden = false;
  else if (!newer.length) showLatest();
}

function showPast(past) {
  settleEarlier(past.text);
  const turn = newTurn(past.message_id, past.text, null, Date.parse(past.sent_at));
  if (past.done) {
    turn.state = "done";
    showReplies(turn, past.messages);
    keepUnsent();
  } else {
    showTyping(turn);
    settleLate(turn, epoch);
  }
}

function showLatest() {
  const last = [...turns.values()].at(-1);
  const top = window.scrollY + last.entry.getBoundingClientRect().top - $("top").offsetHeight - 14;
  window.scrollTo({ top, behavior: "instant" });
}

function endedElsewhere() {
  token.set(null);
  $("delete").hidden = true;
  notice("Your earlier conversation has ended or was deleted. You can start a new one.");
}

function cannotRestore() {
  const entry = notice("Your earlier conversation cannot be shown right now. You can still write.");
  entry.append(
    button("plain", "Try again", () => {
      if (entry.contains(document.activeElement)) keepFocus($("welcome"));
      entry.remove();
      restore();
    }),
  );
}

/** Forget the conversation on this page; the server's copy is a matter of the caller. */
function clear(text) {
  epoch += 1;
  token.set(null);
  turns.forEach(hideTyping);
  turns.clear();
  store(sessionStorageOrNone(), UNSENT_KEY, null);
  live.replaceChildren();
  jump.hidden = true;
  $("delete").hidden = true;
  for (const entry of [...transcript.children]) if (entry.id !== "welcome") entry.remove();
  $("welcome").querySelector(":scope > .offered")?.replaceWith(starters);
  starters.hidden = false;
  const entry = notice(text);
  window.scrollTo({ top: document.documentElement.scrollHeight, behavior: "instant" });
  return entry;
}

/* ---------- Writing ---------- */

const grows = CSS.supports("field-sizing", "content");

/** Make the field as high as its text. */
function fit() {
  if (grows) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}

$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (!text) {
    field.focus();
    return;
  }
  field.value = "";
  fit();
  say(text);
});

field.addEventListener("input", fit);
field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  $("composer").requestSubmit();
});

for (const starter of starters.querySelectorAll("button")) {
  starter.addEventListener("click", () => {
    const text = starter.textContent;
    settle(starters, text);
    say(text);
  });
}

/* ---------- New replies below what is being read ---------- */

let awaited = null;

function jumpTo(turn) {
  awaited = turn;
  jump.hidden = false;
}

jump.addEventListener("click", () => {
  const focused = jump === document.activeElement;
  jump.hidden = true;
  if (!awaited) return;
  toTurn(awaited);
  if (focused) keepFocus(awaited.entry);
});

addEventListener(
  "scroll",
  () => {
    if (!jump.hidden && atEnd()) jump.hidden = true;
  },
  { passive: true },
);

/* ---------- Help now ---------- */

function showHelp() {
  help.open = true;
  help.querySelector("summary").focus({ preventScroll: true });
}

addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !help.open || confirmation.open) return;
  const inside = help.contains(document.activeElement);
  help.open = false;
  if (inside) help.querySelector("summary").focus({ preventScroll: true });
});

document.addEventListener("click", (event) => {
  if (help.open && !help.contains(event.target) && !event.target.closest(".trouble")) help.open = false;
});

/* ---------- Deleting ---------- */

$("delete").addEventListener("click", () => {
  $("confirm-error").textContent = "";
  confirmation.showModal();
});
$("confirm-keep").addEventListener("click", () => confirmation.close());
$("confirm-delete").addEventListener("click", async () => {
  const problem = $("confirm-error");
  const erase = $("confirm-delete");
  if (erase.getAttribute("aria-disabled") === "true") return;
  erase.setAttribute("aria-disabled", "true");
  problem.textContent = "";
  try {
    const known = token.get();
    if (known) await call("DELETE", "/session", { session: known });
  } catch (error) {
    if (error.kind !== "session") {
      problem.textContent =
        error.kind === "offline" ? "Not deleted: there is no connection. Please try again." : "Not deleted: something went wrong. Please try again.";
      return;
    }
  } finally {
    erase.removeAttribute("aria-disabled");
  }
  confirmation.close();
  keepFocus(clear("The conversation is deleted. You can start a new one at any time."));
});

/** Another tab of this browser opened, ended or deleted the conversation. */
addEventListener("storage", (event) => {
  if (event.key !== TOKEN_KEY && event.key !== null) return;
  if (!token.get()) clear("This conversation was ended or deleted in another tab.");
  else if (!turns.size) restore();
});

/* ---------- Connection, keyboard and sizes ---------- */

function showConnection() {
  const off = navigator.onLine === false;
  if ($("offline").hidden === !off) return;
  $("offline").hidden = !off;
  announce(off ? $("offline").textContent.trim() : "You are back online.");
}
addEventListener("online", showConnection);
addEventListener("offline", showConnection);

const rootStyle = document.documentElement.style;
const sizes = new ResizeObserver(() => {
  rootStyle.setProperty("--head", `${$("top").offsetHeight}px`);
  const floats = getComputedStyle($("dock")).position === "sticky";
  rootStyle.setProperty("--dock", `${floats ? $("dock").offsetHeight : 0}px`);
});
sizes.observe($("dock"));
sizes.observe($("top"));

/** Keep both bars in sight where the on-screen keyboard covers the page instead of making it smaller. */
function fitView() {
  const view = window.visualViewport;
  const covered = view.scale < 1.01 && window.innerHeight - view.height > KEYBOARD_PX;
  const below = covered ? Math.max(0, window.innerHeight - view.height - view.offsetTop) : 0;
  rootStyle.setProperty("--view-bottom", `${Math.round(below)}px`);
  rootStyle.setProperty("--view-top", `${covered ? Math.max(0, Math.round(view.offsetTop)) : 0}px`);
}
window.visualViewport?.addEventListener("resize", fitView);
window.visualViewport?.addEventListener("scroll", fitView);

showConnection();
fit();
restore();
