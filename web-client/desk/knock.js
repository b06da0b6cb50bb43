// The sound of a knock: two soft notes, made here, so that nothing is loaded for it.

/** Hertz, and seconds after the first note. */
const NOTES = [
  [523.25, 0],
  [659.25, 0.22],
];
const LENGTH = 0.5;
/** How loud at most, of 1. Louder startles; softer is missed beside an open window. */
const LOUD = 0.14;

export class Knock {
  constructor() {
    /** @type {AudioContext | null} */
    this._sound = null;
    /** @type {GainNode | null} */
    this._playing = null;
  }

  /** Browsers let a page make sounds only after something was pressed on it: to be called at each press. */
  wake() {
    const Sound = window.AudioContext || /** @type {any} */ (window).webkitAudioContext;
    if (!Sound) return;
    try {
      if (!this._sound) this._sound = /** @type {AudioContext} */ (new Sound());
      if (this._sound.state === "suspended") this._sound.resume().catch(() => {});
    } catch (_) {
      this._sound = null; // No sound here; amber and the title remain.
    }
  }

  /** Whether the browser still keeps the page silent. */
  get asleep() {
    return !this._sound || this._sound.state !== "running";
  }

  play() {
    if (!this._sound || this._sound.state !== "running") return;
    this.stop();
    const sound = this._sound;
    const all = sound.createGain();
    all.connect(sound.destination);
    this._playing = all;
    for (const [hertz, after] of NOTES) {
      const start = sound.currentTime + after;
      const note = sound.createOscillator();
      const loudness = sound.createGain();
      note.frequency.value = hertz;
      loudness.gain.setValueAtTime(0, start);
      loudness.gain.linearRampToValueAtTime(LOUD, start + 0.03);
      loudness.gain.exponentialRampToValueAtTime(0.0001, start + LENGTH);
      note.connect(loudness);
      loudness.connect(all);
      note.start(start);
      note.stop(start + LENGTH);
    }
  }

  /** Silent at once: the microphone is about to hear. */
  stop() {
    if (this._playing) this._playing.disconnect();
    this._playing = null;
  }
}
