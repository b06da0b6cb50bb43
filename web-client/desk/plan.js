// The form of a contact: what stands in it at first, what is wrong with it, and what is sent. No page.

import { isFindable } from "./safe_word.js";

/**
 * @typedef {import("../parts/protocol").ContactDetails} ContactDetails
 * @typedef {import("../parts/protocol").Way} Way
 * @typedef {import("../parts/protocol").WhenHidden} WhenHidden
 * @typedef {{
 *   reference: string, greeting: string, practitioner: string, when: "now" | "later", date: string, time: string,
 *   minutes: string, ways: string[], waiting_words: string, word: string, response: string,
 *   when_hidden: WhenHidden | "rule", rings: boolean, number: string, signing: boolean, by_code: boolean, about: string,
 * }} Plan the fields as typed; `rule`: what their page does out of sight goes by whether a word is agreed; `about`: whose plan holds, or nothing
 * @typedef {{ field: string, key: string, vars?: Record<string, number> }} Wrong
 */

/** In the order they are shown to the person. @type {Way[]} */
export const WAYS = ["video", "voice", "text"];

/** Longest of each field in characters, as the service has it. @type {Record<string, number>} */
export const LONGEST = { reference: 60, greeting: 40, practitioner: 40, waiting_words: 200, word: 40, response: 400, number: 60, wording: 120 };

const SHORTEST_MINUTES = 5;
const LONGEST_MINUTES = 240;

/** How far back a start may lie in seconds: a form that lay open for a while should still go through. */
const GRACE = 3600;

/** @param {string} name @returns {string} */
export function firstName(name) {
  return Array.from(name.trim().split(/\s+/)[0] || "")
    .slice(0, LONGEST.practitioner)
    .join("");
}

/** A date as a date field writes it, in the machine's own time zone. @param {number} seconds */
export function dateOf(seconds) {
  const date = new Date(seconds * 1000);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** @param {number} seconds */
export function timeOf(seconds) {
  const date = new Date(seconds * 1000);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** @param {number} number */
const two = (number) => String(number).padStart(2, "0");

/** @param {string} myName @param {number} now seconds @returns {Plan} */
export function emptyPlan(myName, now) {
  const nextHour = Math.ceil((now + 1) / 3600) * 3600;
  return {
    reference: "",
    greeting: "",
    practitioner: firstName(myName),
    when: "now",
    date: dateOf(nextHour),
    time: timeOf(nextHour),
    minutes: "30",
    ways: WAYS.slice(),
    waiting_words: "",
    word: "",
    response: "",
    when_hidden: "rule",
    rings: false,
    number: "",
    signing: false,
    by_code: false,
    about: "",
  };
}

/** @param {ContactDetails} details @returns {Plan} */
export function planOf(details) {
  return {
    reference: details.reference,
    greeting: details.greeting || "",
    practitioner: details.practitioner || "",
    when: "later",
    date: dateOf(details.starts_at),
    time: timeOf(details.starts_at),
    minutes: String(details.minutes),
    ways: details.ways.slice(),
    waiting_words: details.waiting_words || "",
    word: details.word || "",
    response: details.response || "",
    when_hidden: details.when_hidden || "rule",
    rings: details.rings,
    number: details.number || "",
    signing: details.signing,
    by_code: details.by_code,
    about: details.about || "",
  };
}

/**
 * @param {Plan} plan @param {number} now seconds
 * @param {number} [kept] when it was to start until now, for a contact that is changed: that may lie in the past
 * @returns {{ details: ContactDetails | null, wrong: Wrong[] }} the mistakes in the order of the fields
 */
export function checkPlan(plan, now, kept) {
  /** @type {Wrong[]} */
  const wrong = [];
  /** @param {"reference" | "greeting" | "practitioner" | "waiting_words" | "number" | "word" | "response"} field */
  const text = (field) => {
    const value = plan[field].trim();
    if (Array.from(value).length > LONGEST[field]) wrong.push({ field, key: "desk.form.wrong.long", vars: { most: LONGEST[field] } });
    return value || null;
  };
  const reference = text("reference");
  if (!reference) wrong.push({ field: "reference", key: "desk.form.wrong.reference" });
  const greeting = text("greeting");
  const practitioner = text("practitioner");

  let starts_at = now;
  if (plan.when === "later") {
    const when = moment(plan.date, plan.time);
    if (typeof when === "string") wrong.push({ field: when === "date" ? "date" : "time", key: `desk.form.wrong.${when}` });
    else if (when < now - GRACE && !(kept !== undefined && when === kept - (kept % 60)))
      wrong.push({ field: "time", key: "desk.form.wrong.past" });
    else starts_at = kept !== undefined && when === kept - (kept % 60) ? kept : when;
  }
  const minutes = /^\d{1,3}$/.test(plan.minutes.trim()) ? Number(plan.minutes) : NaN;
  if (!(minutes >= SHORTEST_MINUTES && minutes <= LONGEST_MINUTES)) {
    wrong.push({ field: "minutes", key: "desk.form.wrong.minutes", vars: { least: SHORTEST_MINUTES, most: LONGEST_MINUTES } });
  }
  const ways = WAYS.filter((way) => plan.ways.indexOf(way) >= 0);
  if (!ways.length) wrong.push({ field: "ways", key: "desk.form.wrong.ways" });

  // Where their own plan holds, all of that is said there.
  const own = !plan.about;
  // Of somebody who may not be rung, no number is kept.
  const rings = own && plan.rings;
  const number = rings ? text("number") : null;
  const waiting_words = text("waiting_words");
  const word = own ? text("word") : null;
  const response = own ? text("response") : null;
  // A word without what to do would leave the practitioner guessing at the worst moment.
  if (word && !response) wrong.push({ field: "response", key: "desk.form.wrong.response" });
  if (word && !isFindable(word)) wrong.push({ field: "word", key: "desk.form.wrong.no_letters" });
  if (response && !word) wrong.push({ field: "word", key: "desk.form.wrong.word" });

  const when_hidden = !own || plan.when_hidden === "rule" ? null : plan.when_hidden;

  if (wrong.length) return { details: null, wrong };
  return {
    details: {
      reference: reference || "",
      greeting,
      practitioner,
      starts_at,
      minutes,
      ways,
      waiting_words,
      word,
      response,
      when_hidden,
      rings,
      number,
      signing: own && plan.signing,
      by_code: own && plan.by_code,
      about: plan.about || null,
      spellings: [],
      early: null,
      help: null,
    },
    wrong,
  };
}

/**
 * A date and a time of the planner's own time zone.
 * @param {string} date @param {string} time @returns {number | "date" | "time" | "no_such_time"} seconds, or what is wrong
 */
function moment(date, time) {
  const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date.trim());
  if (!day) return "date";
  const hour = /^(\d{1,2}):(\d{2})(?::\d{2})?$/.exec(time.trim());
  if (!hour || Number(hour[1]) > 23 || Number(hour[2]) > 59) return "time";
  const at = new Date(Number(day[1]), Number(day[2]) - 1, Number(day[3]), Number(hour[1]), Number(hour[2]));
  if (at.getMonth() !== Number(day[2]) - 1 || at.getDate() !== Number(day[3])) return "date";
  // In the hour that the clocks skip in spring, nobody would come at the time meant.
  if (at.getHours() !== Number(hour[1]) || at.getMinutes() !== Number(hour[2])) return "no_such_time";
  const seconds = Math.floor(at.getTime() / 1000);
  return seconds > 0 && seconds < 4294967296 ? seconds : "date";
}
