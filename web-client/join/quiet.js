// Quiet mode: the person reads what is said to them, and answers by taps or by typing. Nothing is heard on either side.
//
// Somebody may be asleep beside them, or listening. So the speaker stops before all else and the microphone is let go, not
// merely muted, before anything of it goes to the network; the connection stays, so that one press brings the sound back.
// The microphone comes on by a press of its own and never by itself. A cover (cover.js) is stronger: under it nobody reads.

import { isInside } from "./session.js";

/** @typedef {import("./session.js").State} State */

export class Quiet {
  /**
   * @param {{
   *   state: State, devices: () => import("../call/devices.js").Devices | null, hear: () => void,
   *   keep: (quiet: boolean) => void, tell: () => void, draw: () => void,
   * }} options
   * `hear`: what is to be heard now, or nothing; `keep`: so that the page, loaded again, is as quiet as it was; `tell`: the desk
   */
  constructor({ state, devices, hear, keep, tell, draw }) {
    this._state = state;
    this._devices = devices;
    this._hear = hear;
    this._keep = keep;
    this._tell = tell;
    this._draw = draw;
  }

  /** A press. */
  on() {
    const { quiet, view, ended } = this._state;
    if (quiet || ended || !view || !isInside(view)) return;
    this._state.quiet = true;
    this._hear();
    this._letGo();
    this._draw();
    this._keep(true);
    this._tell();
  }

  /** A press: the speaker comes back, and nothing else. */
  off() {
    if (!this._state.quiet) return;
    this._state.quiet = false;
    this._keep(false);
    this._hear();
    this._draw();
    this._tell();
  }

  /** Something has changed. Who comes to the door anew begins as everybody; what came on by a question asked before goes off. */
  follow() {
    const { quiet, view } = this._state;
    if (!quiet || !view) return;
    if (!isInside(view) && view.stage.name !== "over") this.off();
    else this._letGo();
  }

  _letGo() {
    const own = this._devices();
    // A muted one too: the phone shows a sign as long as it is held.
    if (own && (own.microphoneOn || own.audio)) own.dropMicrophone();
  }
}
