// The form of a contact: what stands in it at first, what is wrong with it, and what is sent. No page.

import { isFindable } from "./safe_word.js";
import { machine, momentOf, wallAt } from "./zones.js";

/**
 * @typedef {import("../parts/protocol").ContactDetails} ContactDetails
 * @typedef {import("../parts/protocol").Way} Way
 * @typedef {import("../parts/protocol").WhenHidden} WhenHidden
 * @typedef {{
 *   reference: string, greeting: string, practitioner: string, when: "now" | "later", date: string, time: string,
 *   minutes: string, ways: string[], waiting_words: string, word: string, response: string,
 *   when_hidden: WhenHidden | "rule", rings: boolean, number: string, signing: boolean, by_code: boolean, about: string,
 *   every: string, times: string,
 * }} Plan the fields as typed; `rule`: what their page does out of sight goes by whether a word is agreed; `about`: whose plan holds, or nothing
 * @typedef {{ field: string, key: string, vars?: Record<string, number> }} Wrong
 */

/** How far one repeated contact is from the next. @type {import("../parts/protocol").Every[]} */
export const EVERY = ["week", "two_weeks", "four_weeks", "month"];

/** The most that are planned at once, as the service has it. */
export const MOST_TIMES = 26;

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

/** @param {string} myName @param {number} now seconds @param {string} [zone] whose clocks the fields go by @returns {Plan} */
export function emptyPlan(myName, now, zone = machine()) {
  const next = wallAt(Math.ceil((now + 1) / 3600) * 3600, zone);
  return {
    reference: "",
    greeting: "",
    practitioner: firstName(myName),
    when: "now",
    date: next.date,
    time: next.time,
    every: "",
    times: "6",
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

/** @param {ContactDetails} details @param {string} [zone] @returns {Plan} */
export function planOf(details, zone = machine()) {
  const { date, time } = wallAt(details.starts_at, zone);
  return {
    reference: details.reference,
    greeting: details.greeting || "",
    practitioner: details.practitioner || "",
    when: "later",
    date,
    time,
    every: "",
    times: "6",
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
 * @param {string} [zone] whose clocks the fields go by
 * @returns {{ details: ContactDetails | null, wrong: Wrong[] }} the mistakes in the order of the fields
 */
export function checkPlan(plan, now, kept, zone = machine()) {
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
    const when = momentOf(plan.date, plan.time, zone);
    if (typeof when === "string") wrong.push({ field: when === "date" ? "date" : "time", key: `desk.form.wrong.${when}` });
    else if (when < now - GRACE && !(kept !== undefined && when === kept - (kept % 60)))
      wrong.push({ field: "time", key: "desk.form.wrong.past" });
    else starts_at = kept !== undefined && when === kept - (kept % 60) ? kept : when;
  }
  if (plan.when === "later" && plan.every && !repeatOf(plan, zone)) wrong.push({ field: "times", key: "desk.form.wrong.times", vars: { most: MOST_TIMES } });
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
 * How often it is planned; none: once, or it can't be.
 * @param {Plan} plan @param {string} [zone] @returns {import("../parts/protocol").Repeat | null}
 */
export function repeatOf({ when, every, times }, zone = machine()) {
  const found = EVERY.find((one) => one === every);
  if (when !== "later" || !found || !/^\d{1,2}$/.test(times.trim())) return null;
  const number = Number(times);
  return number >= 2 && number <= MOST_TIMES ? { every: found, times: number, zone } : null;
}
