/** Every text of the interface, by language. To add a language, add an entry; nothing else names a text. */

import type { FailureKind } from "./api.ts";
import type { Tier } from "./contract.ts";

export interface TroubleText {
  title: string;
  text: string;
}

export interface Strings {
  /** The code for the `lang` attribute, and the direction it is written in. */
  lang: string;
  dir: "ltr" | "rtl";
  heading: string;
  subheading: string;
  launch: string;
  newReply: string;
  close: string;
  conversation: string;
  you: string;
  assistant: string;
  hello: string;
  about: ReadonlyArray<readonly [term: string, text: string]>;
  starters: readonly string[];
  startersLabel: string;
  choices: string;
  message: string;
  placeholder: string;
  keys: string;
  send: string;
  looking: string;
  stillLooking: string;
  sources: (count: number) => string;
  reviewed: (day: string) => string;
  checked: (day: string) => string;
  newTab: string;
  helped: string;
  notHelped: string;
  thanks: string;
  thanksNot: string;
  notKept: string;
  help: string;
  helpClose: string;
  helpLead: string;
  helpFoot: string;
  helpShown: string;
  country: string;
  anyCountry: string;
  inDanger: (number: string) => string;
  crisis: string;
  advice: string;
  poison: string;
  call: (number: string) => string;
  allLines: string;
  dangerLead: string;
  care: Record<Exclude<Tier, "none">, string>;
  offline: string;
  online: string;
  trouble: Record<FailureKind, TroubleText>;
  retrying: Record<"offline" | "other", TroubleText>;
  tryAgain: string;
  tryNow: string;
  change: string;
  waiting: string;
  restoring: string;
  notRestored: string;
  ended: string;
  renewed: string;
  endedElsewhere: string;
  erase: string;
  eraseTitle: string;
  eraseText: string;
  eraseConfirm: string;
  eraseKeep: string;
  erasing: string;
  eraseOffline: string;
  eraseFailed: string;
  deleted: string;
}

const en: Strings = {
  lang: "en",
  dir: "ltr",
  heading: "Isotretinoin assistant",
  subheading: "Automated, not a doctor",
  launch: "Ask a question",
  newReply: "New reply",
  close: "Close the assistant",
  conversation: "Conversation",
  you: "You",
  assistant: "Assistant",
  hello: "Hello. Ask me anything about isotretinoin (Accutane, Roaccutane).",
  about: [
    ["What this is", "An automated assistant. Its answers were written in advance, from the sources named under each one."],
    ["What it is not", "A doctor or an emergency service. It cannot decide about your treatment, call anyone or watch over you."],
    [
      "What happens to what you type",
      "It is kept on the assistant’s server so that you can go on later, and is not shared. No cookies. Please leave out names and addresses. You can delete it all at any time with the bin above.",
    ],
  ],
  starters: ["What are the side effects?", "Why 20 mg?", "How long does a course take?", "My mood has changed"],
  startersLabel: "Questions to start with",
  choices: "Replies to choose from",
  message: "Your message",
  placeholder: "Ask about isotretinoin",
  keys: "Enter sends. Shift and Enter starts a new line.",
  send: "Send",
  looking: "Looking for the answer",
  stillLooking: "Still looking, one moment",
  sources: (count) => (count === 1 ? "1 source" : `${count} sources`),
  reviewed: (day) => `reviewed ${day}`,
  checked: (day) => `checked ${day}`,
  newTab: "(opens in a new tab)",
  helped: "This helped",
  notHelped: "This did not help",
  thanks: "Thank you. Good to know.",
  thanksNot: "Thank you. Try it in other words, or ask a pharmacist or your prescriber.",
  notKept: "That could not be saved. Please try again.",
  help: "Need help now?",
  helpClose: "Close the help lines",
  helpLead: "You do not have to find the right words: “I am not safe” is enough.",
  helpFoot: "This assistant cannot call anyone or watch over you. These numbers stay here without a connection.",
  helpShown: "Help lines are shown below your message.",
  country: "Country",
  anyCountry: "Choose your country",
  inDanger: (number) => `In danger, or not sure? Call ${number} now.`,
  crisis: "To talk to someone",
  advice: "Medical advice",
  poison: "After taking too much: poison centre",
  call: (number) => `Call ${number}`,
  allLines: "All help lines",
  dangerLead: "Your message is not answered yet. If you or someone else may not be safe, please do not wait for it.",
  care: {
    crisis: "Help right now",
    urgent_mood: "Help with how you feel",
    medical_emergency: "Get medical help",
    pregnancy_exposure: "Possible pregnancy",
  },
  offline: "You are offline. What you write is kept and sent when you are back. Phone calls still work.",
  online: "You are back online.",
  trouble: {
    offline: {
      title: "Not sent: there is no connection.",
      text: "Your message is kept here, and sent when the connection is back.",
    },
    slow: { title: "No answer came.", text: "Your message is kept here. Trying again will not send it twice." },
    busy: { title: "Not sent yet.", text: "The assistant is busy. Your message is kept here and tried again in a moment." },
    server: {
      title: "Something went wrong on our side.",
      text: "Your message is kept here. Trying again will not send it twice.",
    },
    session: { title: "Not sent.", text: "A new conversation could not be opened. Your message is kept here." },
    refused: { title: "This message could not be taken.", text: "You can change it and send it again." },
  },
  retrying: {
    offline: {
      title: "Not sent yet: the assistant cannot be reached.",
      text: "Your message is kept here. It is tried again by itself.",
    },
    other: { title: "Not answered yet.", text: "Your message is kept here. It is tried again by itself, and never sent twice." },
  },
  tryAgain: "Try again",
  tryNow: "Try now",
  change: "Change message",
  waiting: "Waiting to be sent",
  restoring: "Getting your conversation…",
  notRestored: "Your earlier conversation cannot be shown right now. You can still write.",
  ended: "Your earlier conversation has ended or was deleted. You can start a new one.",
  renewed: "Your earlier conversation has ended. This is a new one.",
  endedElsewhere: "This conversation was ended or deleted in another tab.",
  erase: "Delete this conversation",
  eraseTitle: "Delete this conversation?",
  eraseText: "Everything said here is erased from the assistant’s server and from this browser. This cannot be undone.",
  eraseConfirm: "Delete",
  eraseKeep: "Keep it",
  erasing: "Deleting…",
  eraseOffline: "Not deleted: there is no connection. Please try again.",
  eraseFailed: "Not deleted: something went wrong. Please try again.",
  deleted: "The conversation is deleted. You can start a new one at any time.",
};

const LANGUAGES: Record<string, Strings> = { en };

/** Return the texts for a language tag such as "en-GB"; English where there are none. */
export function strings(language: string): Strings {
  return LANGUAGES[language.toLowerCase().split("-")[0] ?? ""] ?? en;
}
