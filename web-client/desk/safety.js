// The form of a person's safety plan: what stands in it at first, what is wrong with it, what is sent. And what a plan lets
// through at this moment, as the service has it. No page.

import { LONGEST } from "./plan.js";
import { isFindable, isUsed } from "./safe_word.js";
import { isSafe } from "./week.js";
import { wallAt } from "./zones.js";

/**
 * @typedef {import("../parts/protocol").SafetyPlan} SafetyPlan
 * @typedef {import("../parts/protocol").Person} Person
 * @typedef {import("../parts/protocol").Channel} Channel
 * @typedef {import("../parts/protocol").Unsafe} Unsafe
 * @typedef {{ days: string[], from: string, until: string }} Span as typed; a day is "0" for Monday to "6"
 * @typedef {Record<"reference" | "zone" | "number" | "word" | "spellings" | "response" | "proves_us" | "proves_them" |
 *   "proves_them_answer" | "if_other" | "if_drops" | "if_exit" | "wording", string> &
 *   { channels: string[], spans: Span[], when_hidden: "rule" | "quiet" | "voice", signing: boolean, by_code: boolean, early: boolean, reminders: boolean }} Safety the fields as typed; `early`: who is early is told when the call is
 * @typedef {import("./plan.js").Wrong} Wrong
 */

/** What can be agreed on the form, in this order. @type {Channel[]} */
export const CHANNELS = ["text", "system_text", "email", "calendar", "voice"];

/** Longest of the longer fields in characters, as the service has it. */
export const LONG = LONGEST.response;
const MOST_SPANS = 14;
const MOST_SPELLINGS = 5;

/** By which a link that is copied or handed to another program may go. @type {Channel[]} */
const CARRIERS = ["text", "email", "calendar"];

/** @param {string} zone the practitioner's own @returns {Safety} */
export function emptySafety(zone) {
  const texts = { reference: "", number: "", word: "", spellings: "", response: "", proves_us: "", proves_them: "" };
  const more = { proves_them_answer: "", if_other: "", if_drops: "", if_exit: "", wording: "", zone };
  return Object.assign(texts, more, { channels: [], spans: [blank()], when_hidden: /** @type {const} */ ("rule"), signing: false, by_code: false, early: false, reminders: false });
}

/** @returns {Span} */
function blank() {
  return { days: [], from: "09:00", until: "17:00" };
}

/** @param {SafetyPlan} plan @returns {Safety} */
export function safetyOf(plan) {
  const spans = plan.hours.map(({ days, from, until }) => ({ days: days.map(String), from: clockOf(from), until: clockOf(until) }));
  return {
    reference: plan.reference,
    channels: plan.channels.slice(),
    spans: spans.length < MOST_SPANS ? spans.concat([blank()]) : spans,
    zone: plan.zone,
    number: plan.number || "",
    word: plan.word || "",
    spellings: plan.spellings.join(", "),
    response: plan.response || "",
    proves_us: plan.proves_us || "",
    proves_them: plan.proves_them || "",
    proves_them_answer: plan.proves_them_answer || "",
    if_other: plan.if_other || "",
    if_drops: plan.if_drops || "",
    if_exit: plan.if_exit || "",
    wording: plan.wording || "",
    when_hidden: plan.when_hidden || "rule",
    signing: plan.signing,
    by_code: plan.by_code,
    early: plan.early === "told",
    reminders: plan.reminders,
  };
}

/** @param {Safety} safety @returns {{ plan: SafetyPlan | null, wrong: Wrong[] }} the mistakes in the order of the fields */
export function checkSafety(safety) {
  /** @type {Wrong[]} */
  const wrong = [];
  /** @param {Exclude<keyof Safety, "channels" | "spans" | "when_hidden" | "signing" | "by_code" | "early" | "reminders">} field */
  const text = (field) => {
    const value = safety[field].trim();
    const most = LONGEST[field] || LONG;
    if (Array.from(value).length > most) wrong.push({ field, key: "desk.form.wrong.long", vars: { most } });
    return value || null;
  };
  const reference = text("reference") || "";
  if (!reference) wrong.push({ field: "reference", key: "desk.form.wrong.reference" });
  const channels = /** @type {Channel[]} */ (safety.channels.slice());
  const number = channels.indexOf("voice") >= 0 ? text("number") : null;
  const hours = [];
  for (const [index, { days, from, until }] of safety.spans.entries()) {
    if (!days.length) continue;
    const span = { days: days.map(Number), from: minutesOf(from), until: minutesOf(until) || 24 * 60 };
    if (Number.isNaN(span.from) || Number.isNaN(span.until) || span.from >= span.until) {
      wrong.push({ field: `from-${index}`, key: "desk.safety.wrong.hours" });
    } else hours.push(span);
  }
  const word = text("word");
  const spellings = safety.spellings
    .split(/[,\n]/)
    .map((one) => one.trim())
    .filter(Boolean);
  const tooLong = spellings.some((one) => Array.from(one).length > LONGEST.word);
  if (spellings.length > MOST_SPELLINGS || tooLong) wrong.push({ field: "spellings", key: "desk.safety.wrong.spellings" });
  const response = text("response");
  if (word && !isFindable(word)) wrong.push({ field: "word", key: "desk.form.wrong.no_letters" });
  if (response && !word) wrong.push({ field: "word", key: "desk.form.wrong.word" });
  // A word without what to do would leave the practitioner guessing at the worst moment.
  if (word && !response) wrong.push({ field: "response", key: "desk.form.wrong.response" });
  const agreed = {
    proves_us: text("proves_us"),
    proves_them: text("proves_them"),
    proves_them_answer: text("proves_them_answer"),
    if_other: text("if_other"),
    if_drops: text("if_drops"),
    if_exit: text("if_exit"),
    wording: text("wording"),
  };
  // The word never travels by text, and this goes out as one.
  if (agreed.wording && isAmong(agreed.wording, [word || ""].concat(spellings))) wrong.push({ field: "wording", key: "desk.safety.wrong.wording" });
  const zone = safety.zone.trim();
  const when_hidden = safety.when_hidden === "rule" ? null : safety.when_hidden;
  /** @type {import("../parts/protocol").Early} */
  const early = safety.early ? "told" : "not_told";
  const rest = { zone, number, word, spellings: word ? spellings : [], response, when_hidden, signing: safety.signing, by_code: safety.by_code, early, reminders: safety.reminders };
  return { plan: wrong.length ? null : Object.assign({ reference, channels, hours }, rest, agreed), wrong };
}

/** @param {string} text @param {string[]} words */
const isAmong = (text, words) => words.some((one) => isUsed(text, one));

/** @param {number} minutes since midnight */
function clockOf(minutes) {
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
}

/** Midnight is 0: at the end of hours it is the end of the day. @param {string} clock */
function minutesOf(clock) {
  const found = /^(\d{1,2}):(\d{2})(?::\d{2})?$/.exec(clock.trim());
  return found && Number(found[1]) < 24 && Number(found[2]) < 60 ? Number(found[1]) * 60 + Number(found[2]) : NaN;
}

/**
 * Why a link may not be given this way now, or they not be rung, if so. A QR code is shown to somebody who is there, and needs no channel.
 * @param {Person | undefined} person none: no plan is agreed, and the practitioner decides
 * @param {"copy" | "share" | "text" | "ring"} way @returns {Unsafe | null}
 */
export function refusalOf(person, way) {
  if (!person) return null;
  const may = way === "text" ? ["text"] : way === "ring" ? ["voice"] : CARRIERS;
  const refusals = person.channels.filter(({ channel }) => may.indexOf(channel) >= 0).map(({ refused }) => refused);
  if (refusals.some((refused) => refused === null)) return null;
  // That an agreed one is only too early or too late says more than that another was never agreed.
  return refusals.find((refused) => refused !== "channel") || "channel";
}

/** What may be used now. @param {Person} person @returns {Channel[]} */
export function safeNow(person) {
  return person.channels.filter(({ refused }) => refused === null).map(({ channel }) => channel);
}

/**
 * Hours were agreed with them, and this moment is none of them. Nothing is sent by planning, so it is said and not refused.
 * @param {import("../parts/protocol").Person[]} people @param {string} about @param {number | string} at seconds; anything else is no time yet
 */
export function isOutside(people, about, at) {
  const person = people.find(({ id }) => id === about);
  if (!person || typeof at !== "number" || !person.plan.hours.length) return false;
  const { day, minute } = wallAt(at, person.plan.zone);
  return !isSafe(person.plan.hours, { days: [day], from: minute, until: minute + 1 });
}
