// Hours of a week, with a part of it added or taken away. No page.

/**
 * @typedef {import("../parts/protocol").SafeHours} SafeHours
 * @typedef {{ days: number[], from: number, until: number }} Period minutes since midnight; `until` isn't among them
 * @typedef {{ from: number, until: number }} Stretch of one day
 */

const DAYS = [0, 1, 2, 3, 4, 5, 6];

/** The hours with this part of the week among them. @param {SafeHours[]} hours @param {Period} period */
export function withPeriod(hours, period) {
  return gathered(DAYS.map((day) => joined(onDay(hours, day).concat(period.days.indexOf(day) >= 0 ? [period] : []))));
}

/** The hours without any minute of this part of the week. @param {SafeHours[]} hours @param {Period} period */
export function withoutPeriod(hours, period) {
  return gathered(
    DAYS.map((day) => {
      const all = joined(onDay(hours, day));
      if (period.days.indexOf(day) < 0) return all;
      return all.reduce((rest, { from, until }) => rest.concat(kept(from, Math.min(until, period.from)), kept(Math.max(from, period.until), until)), /** @type {Stretch[]} */ ([]));
    }),
  );
}

/** Whether each minute of it is among the hours. @param {SafeHours[]} hours @param {Period} period */
export function isSafe(hours, period) {
  return period.days.every((day) => joined(onDay(hours, day)).some(({ from, until }) => from <= period.from && period.until <= until));
}

/** Whether none is. @param {SafeHours[]} hours @param {Period} period */
export function isFree(hours, period) {
  return period.days.every((day) => onDay(hours, day).every(({ from, until }) => until <= period.from || period.until <= from));
}

/** @param {SafeHours[]} hours @param {number} day @returns {Stretch[]} */
const onDay = (hours, day) => hours.filter(({ days }) => days.indexOf(day) >= 0);

/** @param {number} from @param {number} until @returns {Stretch[]} */
const kept = (from, until) => (from < until ? [{ from, until }] : []);

/** What touches or overlaps is one stretch. @param {Stretch[]} stretches @returns {Stretch[]} */
function joined(stretches) {
  /** @type {Stretch[]} */
  const all = [];
  for (const { from, until } of stretches.slice().sort((a, b) => a.from - b.from)) {
    const last = all[all.length - 1];
    if (last && from <= last.until) last.until = Math.max(last.until, until);
    else all.push({ from, until });
  }
  return all;
}

/** Days with the same stretch share a row, as somebody would write it. @param {Stretch[][]} week @returns {SafeHours[]} */
function gathered(week) {
  /** @type {SafeHours[]} */
  const hours = [];
  for (const [day, stretches] of week.entries()) {
    for (const { from, until } of stretches) {
      const same = hours.find((one) => one.from === from && one.until === until);
      if (same) same.days.push(day);
      else hours.push({ days: [day], from, until });
    }
  }
  return hours;
}
