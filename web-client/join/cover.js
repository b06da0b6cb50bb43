// The page out of sight: the home button, the lock, another app, another tab, another page.
//
// Somebody may have come into the room. The camera goes off at once, always, and comes on again by a press alone. Where the
// contact is to be quiet, the voice from the loudspeaker stops before all else, microphone and camera are let go (so that
// no sign of them stays in the phone's status bar), and a cover stands before the browser takes its picture for the list of
// apps: nothing in here waits for anything. Whoever looks at the phone later finds two things to press, and neither speaks
// of a conversation. What a cover must never tell is why: see `when_hidden` in the protocol.

import { covers, isInside } from "./session.js";

/**
 * @typedef {import("./session.js").State} State
 * @typedef {{ id: string, body: string }} Text what was sealed is opened already
 */

/** How many texts are kept back under a cover. Those beyond stay at the desk, which sends again what isn't acknowledged. */
const KEPT = 100;

export class Cover {
  /**
   * @param {{
   *   state: State, devices: () => import("../call/devices.js").Devices | null, play: (stream: MediaStream | null) => void,
   *   keep: (covered: boolean) => void, tell: () => void, draw: () => void, read: (text: Text) => void,
   * }} options
   * `play` with what is to be heard and seen of the other side; `keep`: so that the page, loaded again, is covered as it
   * was; `tell`: the desk; `read` with each text that came meanwhile
   */
  constructor({ state, devices, play, keep, tell, draw, read }) {
    this._state = state;
    this._devices = devices;
    this._play = play;
    this._keep = keep;
    this._tell = tell;
    this._draw = draw;
    this._read = read;
    /** @type {MediaStream | null} */
    this._stream = null;
    /** Neither shown nor acknowledged: nobody has read them. @type {Map<string, Text>} */
    this._texts = new Map();
  }

  /** What comes from the other side, which is heard only where no cover stands. @param {MediaStream | null} stream */
  play(stream) {
    this._stream = stream;
    this.hear();
  }

  /** What may be heard of it has changed. */
  hear() {
    this._play(this._state.covered ? null : this._stream);
  }

  /** Nobody looks at the page: now, or still. @returns {boolean} whether the cover came by it; the desk knows then */
  outOfSight() {
    const state = this._state;
    const own = this._devices();
    if (covers(state)) {
      state.covered = true;
      this._play(null);
      if (own) own.stop();
      this._draw();
      this._keep(true);
      this._tell();
      return true;
    }
    if (own && own.cameraOn) {
      state.devices.wentDark = true;
      own.setCamera(false);
    }
    return false;
  }

  /** Something has changed. A question to the browser may be answered when nobody looks any more: what came on by it goes off. @param {boolean} hidden */
  follow(hidden) {
    const state = this._state;
    const own = this._devices();
    if (state.covered && state.view && !isInside(state.view)) this._lift();
    if (hidden) this.outOfSight();
    if (state.covered && own && (own.microphoneOn || own.cameraOn)) own.stop();
  }

  /** Whether a text is kept back, to be read when somebody carries on. @param {Text} text */
  keepsBack(text) {
    if (this._state.covered && (this._texts.has(text.id) || this._texts.size < KEPT)) this._texts.set(text.id, text);
    return this._state.covered;
  }

  /** "Carry on" was pressed: sound comes back. The microphone stays off, since someone else may hold the phone. */
  carryOn() {
    if (!this._state.covered) return;
    this._lift();
    this.hear();
    this._draw();
    this._tell();
    for (const text of Array.from(this._texts.values())) this._read(text);
    this._texts.clear();
  }

  /** Nothing of the conversation stays in here. */
  forget() {
    this._state.covered = false;
    this._stream = null;
    this._texts.clear();
  }

  _lift() {
    this._state.covered = false;
    this._keep(false);
  }
}
