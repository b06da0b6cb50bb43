// How much a picture is made easier for a device that can't keep up. No clock: whoever asks says when it is.
//
// Too much for the processor is no fault of the network: fewer lines and frames, never no picture.

import { Since } from "./tries.js";

/** ms that it is too much until it is made easier; ms that the processor is free before more is asked of it: a warm phone cools slowly. */
const [SURE, COOLED] = [3000, 60000];
/** How often it can be made easier. */
const MOST = 2;

export class Easing {
  /** @param {import("./tries.js").Tries} tries of all that makes a picture better, so that no two come at once */
  constructor(tries) {
    this._tries = tries;
    /** How often it was. */
    this.level = 0;
    this._hot = new Since();
    this._cool = new Since();
  }

  /** The page slept: since when something was so is known no more. */
  forget() {
    this._hot.at = this._cool.at = null;
  }

  /** @param {number} now ms, steady @param {boolean} pictured a picture is sent @param {boolean} slow the processor holds it back */
  read(now, pictured, slow) {
    const hotFor = this._hot.mark(pictured && slow, now);
    const coolFor = this._cool.mark(pictured && !slow, now);
    if (hotFor >= SURE && this.level < MOST) {
      this.level += 1;
      this._tries.undone("eased", now);
      this._hot.at = null;
    } else if (this.level && coolFor >= COOLED && this._tries.may("eased", now)) {
      this.level -= 1;
      this._tries.made("eased", now);
      this._cool.at = null;
    }
  }

  /** Frames a second and lines of a picture that is meant to have these. @param {number} framerate @param {number} height @param {boolean} signing keeps all frames */
  of(framerate, height, signing) {
    return {
      framerate: signing || framerate < 1 ? framerate : Math.round(framerate * (1 - this.level / 6)),
      height: Math.round((height * (1 - this.level / 4)) / 2) * 2,
    };
  }
}
