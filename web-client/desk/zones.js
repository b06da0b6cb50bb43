// What clocks on a wall show in a time zone, and the moment that is meant by it. No page.

/**
 * @typedef {{ date: string, time: string, day: number, minute: number }} Wall a date and a time as their fields write them; `day`: Monday is
 * 0; `minute`: since midnight
 */

const DAY = 86400;

/** The zone of this machine, as it is set now. */
export const machine = () => new Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/** @type {Record<string, Intl.DateTimeFormat>} */
const formats = {};

/** @param {number} seconds @param {string} [zone] @returns {Wall} */
export function wallAt(seconds, zone = machine()) {
  const format =
    formats[zone] ||
    (formats[zone] = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
    }));
  /** @type {Record<string, string>} */
  const parts = {};
  for (const { type, value } of format.formatToParts(new Date(seconds * 1000))) parts[type] = value;
  const date = `${parts.year.padStart(4, "0")}-${parts.month}-${parts.day}`;
  return { date, time: `${parts.hour}:${parts.minute}`, day: weekday(date), minute: Number(parts.hour) * 60 + Number(parts.minute) };
}

/**
 * The first moment at which clocks in the zone show this.
 * @param {string} date @param {string} time @param {string} [zone] @returns {number | "date" | "time" | "no_such_time"} seconds, or what is wrong
 */
export function momentOf(date, time, zone = machine()) {
  const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date.trim());
  if (!day) return "date";
  const hour = /^(\d{1,2}):(\d{2})(?::\d{2})?$/.exec(time.trim());
  if (!hour || Number(hour[1]) > 23 || Number(hour[2]) > 59) return "time";
  const midnight = Date.UTC(Number(day[1]), Number(day[2]) - 1, Number(day[3])) / 1000;
  if (new Date(midnight * 1000).toISOString().slice(0, 10) !== date.trim()) return "date";
  const meant = midnight + Number(hour[1]) * 3600 + Number(hour[2]) * 60;
  // As far from UTC as clocks there are a day before or after it: one of the two, if it is a time at all.
  const found = [meant - DAY, meant + DAY].map((near) => meant - offset(near, zone)).filter((at) => at + offset(at, zone) === meant);
  // In the hour that the clocks skip in spring, nobody would come at the time meant.
  if (!found.length) return "no_such_time";
  const first = Math.min.apply(null, found);
  return first > 0 && first < 4294967296 ? first : "date";
}

/** The moment with which a day begins there. @param {string} date @param {string} [zone] */
export function startOf(date, zone = machine()) {
  const midnight = momentOf(date, "00:00", zone);
  // Where the clocks skip midnight, it begins an hour later.
  const first = typeof midnight === "number" ? midnight : momentOf(date, "01:00", zone);
  return typeof first === "number" ? first : 0;
}

/** Whole days on. @param {string} date @param {number} days */
export function plusDays(date, days) {
  return new Date((noon(date) + days * DAY) * 1000).toISOString().slice(0, 10);
}

/** The Monday of its week. @param {string} date */
export const mondayOf = (date) => plusDays(date, -weekday(date));

/** @param {string} date */
const noon = (date) => Date.parse(`${date}T12:00:00Z`) / 1000;

/** Monday is 0. @param {string} date */
const weekday = (date) => (new Date(noon(date) * 1000).getUTCDay() + 6) % 7;

/** How far clocks there are before UTC, in seconds. @param {number} seconds @param {string} zone */
function offset(seconds, zone) {
  const { date, minute } = wallAt(seconds, zone);
  return noon(date) - 43200 + minute * 60 - (seconds - (((seconds % 60) + 60) % 60));
}
