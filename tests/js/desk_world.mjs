// Contacts, people and the real words for the tests of the desk: whole by default, with what matters given.
import { readFileSync } from "node:fs";
import { words } from "../../web-client/parts/words.js";
import { clockIn } from "../../web-client/desk/clock.js";

/** The words as the desk has them. An unknown key throws: in a test it is a mistake. */
export const t = (() => {
  const find = words(JSON.parse(readFileSync(new URL("../../web-client/words/en.json", import.meta.url), "utf8")));
  return (key, vars) => {
    const text = find(key, vars);
    if (text === key) throw new Error(`no words for ${key}`);
    return text;
  };
})();

export const clock = clockIn("en-GB", "Europe/London");

/** 2:00 pm in London on Tuesday 24 November 2026. */
export const TWO = Date.UTC(2026, 10, 24, 14, 0) / 1000;

export const details = (other = {}) => ({
  reference: "JT-4471",
  greeting: null,
  practitioner: "Sam",
  starts_at: TWO,
  minutes: 30,
  ways: ["video", "voice", "text"],
  waiting_words: null,
  word: null,
  response: null,
  when_hidden: null,
  rings: false,
  number: null,
  signing: false,
  by_code: false,
  about: null,
  spellings: [],
  early: null,
  help: null,
  ...other,
});

export const someone = (stage, other = {}) => ({
  id: "p1",
  invitee: null,
  on_hold: false,
  stage: typeof stage === "string" ? { name: stage } : stage,
  since: TWO,
  answer: null,
  way: null,
  devices: { microphone: false, camera: false, picture: true },
  hidden: false,
  covered: false,
  quiet: false,
  checked: null,
  lost: null,
  asked: null,
  who: { asked: null, unanswered: null, said: null },
  rung: null,
  other: null,
  another: null,
  ...other,
});

export const contact = (id, other = {}) => ({
  id,
  link: true,
  link_known: false,
  held: "here",
  people: [],
  history: [],
  open: [],
  ended: null,
  hands: { owner: "Sam", with: [], given: null },
  typed: { since: null, asked: null, agreed: null },
  part: null,
  ...other,
  details: details(other.details),
});
