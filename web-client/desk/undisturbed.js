// "Do not disturb", and until when: in this browser, for whoever set it here. It always has an end, so that nobody leaves it on.

import { momentOf, plusDays, wallAt } from "./zones.js";

/**
 * @typedef {{ getItem(key: string): string | null, setItem(key: string, value: string): void, removeItem(key: string): void }} Store
 * @typedef {{ until: number, wrong: boolean }} State `until`: seconds, 0 while it is off; `wrong`: what was typed as its end is none
 */

/** With whose it is: whoever signs in here next is disturbed. */
const KEPT = "sidelight.desk.undisturbed";

export const HOUR = 3600;
/** Seconds it lasts at most. Longer: left on in the evening, it keeps who comes in the morning unheard. Shorter: it ends within a long day. */
export const MOST = 12 * HOUR;

/** The next moment at which clocks show this. @param {string} time @param {number} now @param {string} zone @returns {number | null} none where that is further off than it lasts */
export function endAt(time, now, zone) {
  const { date } = wallAt(now, zone);
  for (const day of [date, plusDays(date, 1)]) {
    const end = momentOf(day, time, zone);
    if (typeof end === "number" && end > now) return end - now <= MOST ? end : null;
  }
  return null;
}

export class Undisturbed {
  /** @param {{ me: string, now: () => number, store: () => Store }} options `store`: of this browser, which may refuse it */
  constructor({ me, now, store }) {
    this._me = me;
    this._now = now;
    this._store = store;
    /** What holds for this page alone, since the browser didn't keep it. @type {string | null} */
    this._own = null;
  }

  /** Until when, in seconds; 0 while it is off. What no press can have set, as after the clock was put back, is off. */
  until() {
    const [whose, end] = this._kept().split(" ");
    const [until, now] = [Number(end), this._now()];
    return whose === this._me && until > now && until - now <= MOST ? until : 0;
  }

  /** @param {number} until seconds; 0: off */
  set(until) {
    const kept = until ? `${this._me} ${until}` : "";
    try {
      if (kept) this._store().setItem(KEPT, kept);
      else this._store().removeItem(KEPT);
      this._own = null;
    } catch (_) {
      this._own = kept;
    }
  }

  /** Read each time: another tab may have changed it. */
  _kept() {
    if (this._own !== null) return this._own;
    try {
      return this._store().getItem(KEPT) || "";
    } catch (_) {
      return "";
    }
  }
}
