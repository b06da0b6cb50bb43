// The data a person has for this conversation: what fits into it, and when it comes to its end. No page and no clock in here.
//
// It is a ceiling and never a wish: what the network allows below it is decided elsewhere.

/** The part of it after which the person is told. Later: too late to buy more. Earlier: told in the middle of every call. */
const TOLD = 0.8;

/** Minutes that a conversation is always taken to go on for: it seldom ends when it was planned to. Fewer: its last words are cut off. */
const AT_LEAST = 5;

/** What must be left over for a rung to be taken up again. Less: it is taken up, and given up again soon after. */
const AGAIN = 1.25;

/** Minutes of the sparest voice that are kept back: what was used is known only every few seconds, and typing goes on. */
const KEPT_BACK = 1;

/** More than this isn't meant. In megabytes. */
const MOST = 100000;

/** @typedef {import("../join/session.js").Rung} Rung */

export class Budget {
  /** @param {Record<Rung, number>} costs kilobytes a minute of each rung, both ways together, the sparest first */
  constructor(costs) {
    this._costs = costs;
    this._rungs = /** @type {Rung[]} */ (Object.keys(costs));
    /** @type {number | null} */
    this.megabytes = null;
    this._since = 0;
    this._ceiling = this._rungs[this._rungs.length - 1];
  }

  /** From now on there is so much, or as much as it takes. @param {number | null} megabytes @param {number} used bytes used until now */
  set(megabytes, used) {
    this.megabytes = typeof megabytes === "number" && megabytes >= 0 ? Math.min(megabytes, MOST) : null;
    this._since = used;
    this._ceiling = this._rungs[this._rungs.length - 1];
  }

  /**
   * The highest rung that lasts for the rest. Where none does, the sparest voice goes on until next to nothing is left.
   * @param {{ used: number, minutes: number }} now bytes used until now, and minutes left of the planned time
   * @returns {{ ceiling: Rung, warns: boolean, left: number | null }} `left` in bytes
   */
  look({ used, minutes }) {
    const highest = this._rungs[this._rungs.length - 1];
    if (this.megabytes === null) return { ceiling: highest, warns: false, left: null };
    const all = this.megabytes * 1e6;
    const spent = Math.max(0, used - this._since);
    const left = Math.max(0, all - spent);
    const time = minutes > AT_LEAST ? minutes : AT_LEAST;
    const [typing, least] = this._rungs;
    const before = this._rungs.indexOf(this._ceiling);
    /** @param {Rung} rung */
    const cost = (rung) => this._costs[rung] * 1000;
    let ceiling = left > cost(least) * KEPT_BACK ? least : typing;
    this._rungs.forEach((rung, at) => {
      if (at > 1 && cost(rung) * time * (at > before ? AGAIN : 1) <= left) ceiling = rung;
    });
    this._ceiling = ceiling;
    return { ceiling, warns: spent >= all * TOLD, left };
  }
}

/**
 * Minutes left of the planned time; negative past it. `null` before anybody was let in: all of it.
 * @param {number} planned minutes @param {number | null} since seconds @param {number} now seconds
 */
export function minutesLeft(planned, since, now) {
  return since === null ? planned : planned - Math.max(0, now - since) / 60;
}

/**
 * What somebody wrote for the megabytes they have: "20", "1,5", "1 GB", "1.000". Nothing written is no limit.
 * @param {string} text @returns {number | null | undefined} `undefined` where it can't be told; 0 is a slip and silences nobody
 */
export function amountOf(text) {
  const written = text.trim().toLowerCase();
  if (!written) return null;
  const found = /^(\d{1,6})(?:[.,](\d{1,3}))?\s*(mb|gb)?$/.exec(written);
  if (!found) return undefined;
  const [, whole, part = "", unit] = found;
  // Three figures behind a point or comma: thousands, as they are written somewhere in the world.
  const number = part.length === 3 ? Number(whole + part) : Number(`${whole}.${part || 0}`);
  const megabytes = unit === "gb" ? number * 1000 : number;
  return megabytes > 0 && megabytes <= MOST ? megabytes : undefined;
}
