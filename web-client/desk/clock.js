// Times in words, in the practitioner's own time zone and the catalogue's way of writing them.

import { plusDays, startOf, wallAt } from "./zones.js";

/**
 * @typedef {{
 *   time(seconds: number): string,
 *   day(seconds: number): string,
 *   date(seconds: number): string,
 *   moment(seconds: number, now: number): string,
 *   isSameDay(a: number, b: number): boolean,
 *   zone: string,
 * }} Clock
 */

/**
 * @param {string} locale such as "en-GB" @param {string} [zone] such as "Europe/London"; none: the machine's own
 * @returns {Clock}
 */
export function clockIn(locale, zone) {
  /** @type {Intl.DateTimeFormatOptions} */
  const options = zone ? { timeZone: zone } : {};
  const hours = new Intl.DateTimeFormat(
    locale,
    Object.assign(/** @type {Intl.DateTimeFormatOptions} */ ({ hour: "numeric", minute: "2-digit" }), HOURS[locale] || {}, options),
  );
  const days = new Intl.DateTimeFormat(
    locale,
    Object.assign(/** @type {Intl.DateTimeFormatOptions} */ ({ weekday: "long", day: "numeric", month: "long" }), options),
  );
  const dates = new Intl.DateTimeFormat(
    locale,
    Object.assign(/** @type {Intl.DateTimeFormatOptions} */ ({ weekday: "long", day: "numeric", month: "long", year: "numeric" }), options),
  );
  const short = new Intl.DateTimeFormat(
    locale,
    Object.assign(/** @type {Intl.DateTimeFormatOptions} */ ({ weekday: "short", day: "numeric", month: "short" }), options),
  );
  const date = new Intl.DateTimeFormat(
    "en-CA",
    Object.assign(/** @type {Intl.DateTimeFormatOptions} */ ({ year: "numeric", month: "2-digit", day: "2-digit" }), options),
  );
  const at = (/** @type {number} */ seconds) => new Date(seconds * 1000);
  const isSameDay = (/** @type {number} */ a, /** @type {number} */ b) => date.format(at(a)) === date.format(at(b));
  // Browsers differ in the space before "pm": one ordinary one, so that a line breaks and is searched alike.
  const time = (/** @type {number} */ seconds) =>
    hours
      .format(at(seconds))
      .replace(/[\u00a0\u202f]/g, " ")
      .replace(/ (AM|PM)$/, lower);
  return {
    time,
    date: (seconds) => dates.format(at(seconds)).replace(",", ""),
    day: (seconds) => days.format(at(seconds)).replace(",", ""),
    moment: (seconds, now) => (isSameDay(seconds, now) ? time(seconds) : `${short.format(at(seconds)).replace(",", "")}, ${time(seconds)}`),
    isSameDay,
    zone: new Intl.DateTimeFormat(locale, options).resolvedOptions().timeZone,
  };
}

/** English speakers say "2 pm", whatever this machine's locale data prefers; `hour12` would make noon "0 pm". @type {Record<string, object>} */
const HOURS = { "en-GB": { hourCycle: "h12" }, "en-IE": { hourCycle: "h12" } };

/** @param {string} whole */
const lower = (whole) => whole.toLowerCase();

/** Whole minutes from one moment to another, never less than none. @param {number} from @param {number} to */
export function minutesBetween(from, to) {
  return Math.max(0, Math.floor((to - from) / 60));
}

/** The moment with which the day ends there. @param {number} now seconds @param {string} [zone] none: the machine's own */
export const endOfDay = (now, zone) => startOf(plusDays(wallAt(now, zone).date, 1), zone);
