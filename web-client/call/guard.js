// What goes along with a voice, so that a lost packet can be made up from the next one.
//
// A copy (RED, RFC 2198), where both browsers know it; in-band FEC of Opus (RFC 6716, 2.1.7) elsewhere. Measured between two
// Chromium 156 with speech in packets of 60 ms, 300 ms round trip, 15 % lost by chance: nothing 14 % made up, a copy 2 %, FEC at
// 24 kbit/s 4 to 6 %, FEC at 16 kbit/s 14 %: Opus makes none from so little. A thin voice and its copy take what a voice takes
// that goes alone, so that this is had on every line that bears a voice.

import { AGAIN, Since, Tries } from "./tries.js";

/** bit/s of a voice: alone, with a copy on any line, with a copy where there is room, with FEC. */
const [ALONE, COPIED_THIN, COPIED, FEC] = [12000, 6000, 12000, 24000];
/** kbit/s from which the larger ones fit (33.5 and 32.8 on the wire, and feedback). Lower: they congest the line that they are to heal. */
const FITS = 42;
/**
 * Averaged loss from which a copy is made and from which FEC is; below which neither is needed, and after how many ms; and ms between
 * changes, each of which costs a negotiation with ourselves. A copy costs nothing but sharpness, so that it may come early.
 */
const [COPY_IN, FEC_IN, OUT, STAYS, CHANGED] = [0.025, 0.045, 0.015, 20000, 10000];
/** Averaged loss from which FEC is tried where nothing is known of the room for it. */
const DIRE = 0.1;
/** ms of loss until something is done about it; ms in which a larger one is on trial, and then of trouble until it is given up. */
const [SEEN, TRIAL, SOON, SURE] = [500, 15000, 500, 3000];

/** How much goes along. */
const [NONE, THIN, FULL] = [0, 1, 2];

/**
 * @typedef {object} Sound
 * @property {number} lost 0..1, averaged, of what we send
 * @property {number | null} rate kbit/s that the browser believes it may send; null: not known
 * @property {number} passed ms since as much as the larger ones take was seen to pass without waiting
 * @property {boolean} alone no picture goes beside it
 * @property {boolean} least the line bears the least voice only
 * @property {number} easyFor ms that hardly anything has waited; -1: it does, or nobody knows
 * @property {number} badFor ms that our own sending has been in trouble; -1: it isn't
 */

export class Guard {
  constructor() {
    this._copies = false;
    this._level = NONE;
    this._changedAt = -Infinity;
    this._tries = new Tries();
    this._lossy = new Since();
    this._whole = new Since();
  }

  /** Whether both browsers know copies. @param {boolean} yes */
  copies(yes) {
    if (this._copies === yes) return;
    this._copies = yes;
    this._level = NONE;
  }

  /** @returns {{ bitrate: number, redundancy: "none" | "red" | "fec" }} how a voice is sent */
  get voice() {
    if (!this._level) return { bitrate: ALONE, redundancy: "none" };
    if (this._copies) return { bitrate: this._level === FULL ? COPIED : COPIED_THIN, redundancy: "red" };
    return { bitrate: FEC, redundancy: "fec" };
  }

  /** The page slept: since when something was so is known no more. */
  forget() {
    this._lossy.at = this._whole.at = null;
  }

  /** @param {number} now ms, steady @param {Sound} sound @returns {boolean} whether it was itself the trouble, and is given up */
  read(now, { lost, rate, passed, alone, least, easyFor, badFor }) {
    const lossyFor = this._lossy.mark(lost >= (this._copies ? COPY_IN : FEC_IN) && badFor < 0, now);
    const wholeFor = this._whole.mark(lost < OUT, now);
    const since = now - this._changedAt;
    if (this._level === FULL && alone && badFor >= (since < TRIAL ? SOON : SURE)) {
      this._tries.undone("full", now, Infinity);
      this._become(this._copies ? THIN : NONE, now);
      return true;
    }
    if (least || wholeFor >= STAYS) {
      if (this._level) this._become(NONE, now);
      return false;
    }
    if (lossyFor < SEEN || since < CHANGED || this._level === FULL) return false;
    const fits = rate !== null ? rate >= FITS : passed < AGAIN;
    // Where nothing waits there may be room: a radio that loses a tenth can be a wide one.
    const hopes = alone && easyFor >= SURE && (this._level === THIN || (!this._copies && lost >= DIRE));
    if ((fits || hopes) && this._tries.may("full", now)) {
      this._tries.made("full", now);
      this._become(FULL, now);
    } else if (this._copies && !this._level) this._become(THIN, now);
    return false;
  }

  /** @param {number} level @param {number} now */
  _become(level, now) {
    this._level = level;
    this._changedAt = now;
  }
}

/** Whether what passed would have borne the larger ones. @param {number} sent kbit/s @param {number} lost 0..1 */
export function bears(sent, lost) {
  return sent * (1 - lost) >= FITS;
}
