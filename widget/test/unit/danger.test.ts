/** Unsent text that may speak of danger is noticed; everyday questions mostly are not. */

import { expect, test } from "vitest";
import { looksLikeDanger } from "../../src/danger.ts";

test.each([
  "i want to die",
  "I don’t want to be here anymore",
  "dont wanna live",
  "thinking about killing myself",
  "KILL MYSELF",
  "kms",
  "there is no reason to live",
  "everyone would be better off without me",
  "i cant go on",
  "I am going to end it all tonight",
  "he took all his pills",
  "swallowed 30 capsules",
  "she is cutting herself",
  "self-harm",
  "i am not safe",
  "feeling really hopeless",
  "I can't breathe",
  "chest pain since an hour",
  "my face is swelling",
  "i passed out",
  "i think i'm pregnant",
  "my period is late",
  "quiero morir",
  "Je veux mourir",
  "ich will sterben",
  "voglio morire",
  "chcę umrzeć",
  "kendimi öldürmek istiyorum, intihar",
  "хочу умереть",
  "我想死",
  "أريد أن أموت",
  "आत्महत्या करना चाहता हूँ",
])("danger: %s", (text) => {
  expect(looksLikeDanger(text)).toBe(true);
});

test.each([
  "my lips are so dry",
  "why only 20 mg?",
  "can i drink alcohol",
  "how long does a course take",
  "will my acne come back",
  "i am dying to see results, sorry, how long until it works",
  "does the sun hurt my skin",
  "can I cut the capsule",
  "what if i forget a dose",
  "",
])("no danger: %s", (text) => {
  expect(looksLikeDanger(text)).toBe(false);
});
