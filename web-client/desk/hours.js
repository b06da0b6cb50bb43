// A practitioner's own hours as a form holds them, and back. No page.

/**
 * @typedef {import("../parts/protocol").OwnHours} OwnHours
 * @typedef {import("../parts/protocol").WorkSpan} WorkSpan
 * @typedef {import("../parts/protocol").AwayDays} AwayDays
 * @typedef {{ from: string, until: string }} Row as two time inputs hold it; a midnight at the end is `00:00`, since they know no 24:00
 * @typedef {{ days: Row[][], away: AwayDays[] }} Draft `days`: seven, Monday first
 * @typedef {"hours_times" | "hours_many" | "hours_overlap" | "away_days" | "away_many"} Code as the service refuses it
 * @typedef {{ code: Code, day: number | null }} Wrong `day`: the weekday it is on, where it is on one
 * @typedef {{
 *   draft: Draft | null, kept: OwnHours | null, before: OwnHours | null, zone: string, drawn: number, busy: boolean, problem: string,
 *   at: string, says: string,
 * }} MyHours the form: `draft`: none until they were read; `before`: what the last saving can be taken back to; `at`: where the problem is,
 *   such as `day-0` or `away`; `drawn`: how often it was filled by something else than typing
 */

const DAYS = [0, 1, 2, 3, 4, 5, 6];
/** Monday to Friday. */
const WEEKDAYS = 5;
const MIDNIGHT = 1440;

/** As the service has it. */
export const MOST_SPANS = 3;
/** As the service has it. */
export const MOST_AWAY = 20;

/** @param {OwnHours} hours @returns {Draft} */
export function draftOf({ spans, away }) {
  const inOrder = spans.slice().sort((a, b) => a.from - b.from);
  const rows = (/** @type {number} */ day) => inOrder.filter((span) => span.day === day).map(({ from, until }) => ({ from: text(from), until: text(until) }));
  return { days: DAYS.map(rows), away: away.map(({ from, to }) => ({ from, to })) };
}

/** @returns {MyHours} */
export const opening = () => ({ draft: null, kept: null, before: null, zone: "", drawn: 0, busy: false, problem: "", at: "", says: "" });

const EMPTY = { from: "", until: "" };

/** With a row to write in on each day. @param {OwnHours} hours @returns {Draft} */
export function roomy(hours) {
  const { days, away } = draftOf(hours);
  return { days: days.map((rows) => (rows.length ? rows : [EMPTY])), away };
}

/** One more time on this day. @param {Draft} draft @param {number} day @returns {Draft} */
export const withRow = ({ days, away }, day) => ({ days: days.map((rows, at) => (at === day ? rows.concat(EMPTY) : rows)), away });

/** @param {Draft} draft @returns {Draft} */
export const withAway = ({ days, away }) => ({ days, away: away.concat({ from: "", to: "" }) });

/** @param {Draft} draft @param {number} at @returns {Draft} */
export const withoutAway = ({ days, away }, at) => ({ days, away: away.filter((_, one) => one !== at) });

/**
 * What is sent, or the first thing that is wrong. A row that was left empty is none; one that was half filled in is wrong, since leaving
 * it out would say "not there" where somebody meant to be.
 * @param {Draft} draft @param {string} zone
 * @returns {{ hours: OwnHours } | Wrong}
 */
export function hoursOf({ days, away }, zone) {
  /** @type {WorkSpan[]} */
  const spans = [];
  for (const day of DAYS) {
    const own = filled(days[day]).map(({ from, until }) => ({ day, from: minute(from), until: end(until) }));
    const code = wrongWith(own);
    if (code) return { code, day };
    spans.push(...own);
  }
  const kept = away.filter(({ from, to }) => from || to);
  if (kept.length > MOST_AWAY) return { code: "away_many", day: null };
  // Days as date inputs hold them compare as text.
  if (!kept.every(({ from, to }) => from && from <= to)) return { code: "away_days", day: null };
  return { hours: { spans, away: kept, zone } };
}

/** The hours of one day on Monday to Friday; the weekend stays as it is. @param {Draft} draft @param {number} day @returns {Draft} */
export function copied({ days, away }, day) {
  return { days: days.map((rows, at) => (at < WEEKDAYS ? days[day] : rows).map((row) => ({ ...row }))), away };
}

/** @param {Row[]} rows */
const filled = (rows) => rows.filter(({ from, until }) => from || until);

/** @param {WorkSpan[]} own of one day @returns {Code | null} */
function wrongWith(own) {
  // Not a number is neither less nor more: asked this way round, it is wrong.
  if (!own.every(({ from, until }) => from < until)) return "hours_times";
  if (own.length > MOST_SPANS) return "hours_many";
  const inOrder = own.slice().sort((a, b) => a.from - b.from);
  return inOrder.some(({ from }, at) => at > 0 && from < inOrder[at - 1].until) ? "hours_overlap" : null;
}

/** @param {string} time as `09:30` or, where a browser gives seconds, `09:30:00` @returns {number} not a number where it is none */
function minute(time) {
  const parts = /^(\d\d):(\d\d)(:\d\d)?$/.exec(time);
  if (!parts || Number(parts[1]) > 23 || Number(parts[2]) > 59) return NaN;
  return Number(parts[1]) * 60 + Number(parts[2]);
}

/** @param {string} time */
const end = (time) => (minute(time) === 0 ? MIDNIGHT : minute(time));

/** @param {number} minutes */
const text = (minutes) => [Math.floor(minutes / 60) % 24, minutes % 60].map((part) => String(part).padStart(2, "0")).join(":");
