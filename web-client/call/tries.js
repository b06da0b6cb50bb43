// When what was tried, and for how long what has been so: what the rules of the ladder remember. No clock: whoever asks says when it is.

/** ms between steps up. Shorter: the picture flickers between sizes. */
const BETWEEN = 15000;
/**
 * ms within which a step up that went down again has failed; ms until it is tried again, doubled each time up to the most. A moving
 * picture that had to go waits as long the first time: nothing is known of the line while only the voice goes by it, and each try on
 * one that is still narrow breaks the voice for two or three seconds. Shorter: it is broken again and again. Longer: a line that
 * became better isn't noticed; until then the picture is offered.
 */
export const [HELD, AGAIN, AGAIN_MOST] = [20000, 60000, 960000];

/** Which steps up were made when, and which of them failed. */
export class Tries {
  constructor() {
    this.last = -Infinity;
    /** @type {Map<string | number, { at: number, until: number, wait: number, held: number }>} */
    this.of = new Map();
  }
  /** @param {string | number} step @param {number} now @param {boolean} [known] that there is room for it */
  may(step, now, known = false) {
    const past = this.of.get(step);
    return now - this.last >= BETWEEN && (!past || (now >= past.until && (known || now >= past.held)));
  }
  /** @param {string | number} step @param {number} now */
  made(step, now) {
    const past = this.of.get(step);
    this.of.set(step, { at: now, until: 0, wait: past ? past.wait : AGAIN, held: 0 });
    this.last = now;
  }
  /** @param {string | number} step @param {number} now @param {number} [enough] ms that it should have held */
  undone(step, now, enough = HELD) {
    const past = this.of.get(step);
    if (!past) return;
    if (now - past.at < enough) {
      past.until = now + past.wait;
      past.wait = Math.min(past.wait * 2, AGAIN_MOST);
    } else past.wait = AGAIN;
  }
  /** It was reached by what somebody wished: that is as good as tried. @param {string | number} step @param {number} now */
  reached(step, now) {
    const past = this.of.get(step) || { until: 0, wait: AGAIN, held: 0 };
    this.of.set(step, Object.assign({}, past, { at: now }));
  }
  /** Not to be tried for a while where nothing is known, whether it failed or not. @param {string | number} step @param {number} now */
  hold(step, now) {
    const past = this.of.get(step) || { at: -Infinity, until: 0, wait: AGAIN };
    this.of.set(step, Object.assign({}, past, { held: now + AGAIN }));
  }
}

/** Since when something has been so. */
export class Since {
  constructor() {
    /** @type {number | null} */
    this.at = null;
  }
  /** How long it has been so, in ms; -1 if it isn't. @param {boolean} so @param {number} now */
  mark(so, now) {
    if (!so) this.at = null;
    else if (this.at === null) this.at = now;
    return this.at === null ? -1 : now - this.at;
  }
}
