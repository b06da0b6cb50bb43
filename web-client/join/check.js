// Trying sound and picture in the waiting room: the line, the microphone, the camera and the loudspeaker, one after the other and
// in plain words. Fetched when it is pressed for.
//
// Someone may be beside the person: nothing makes a sound but by its own press, of which the words before have told. And it is in
// nobody's way: whoever is let in meanwhile is let in, and one press ends it. What it switched on goes off with it; what was on stays.

import { Devices } from "../call/devices.js";
import { Loopback, judged } from "../call/loopback.js";

/**
 * @typedef {import("../parts/protocol").RelayAccess} RelayAccess
 * @typedef {import("../parts/protocol").Checked} Checked
 * @typedef {import("./door.js").Say} Say
 * @typedef {import("../parts/protocol").CheckedMicrophone} Heard
 */

/** Milliseconds after which a microphone that gave no sound is spoken of. */
const SILENT = 4000;

/** Milliseconds to wait for the relay's access, and for a microphone that the person is asked about. */
const ANSWERED = 4000;

/** Milliseconds between two words to the desk: sooner, the service takes none. */
const PACE = 2500;

/** The sound: soft, short, of no meaning. In seconds and hertz. */
const SOUND = { lasts: 0.6, tones: [392, 494], loudness: 0.12 };

/**
 * What stands on the screen of what was found.
 * @param {Say} t @param {Partial<Checked> & { untried?: boolean }} found @param {string} system
 * @returns {{ line: string, microphone: string, camera: string }}
 */
export function sayings(t, { connection, microphone, camera, untried }, system) {
  const line = untried ? t("say.try.line.later") : t(connection ? `say.try.line.${connection}` : "say.try.line");
  /** @type {Record<string, string>} */
  const heard = { works: t("say.try.microphone.works"), on: t("say.prepare.on"), asked: t("say.try.speak") };
  const silent = microphone === "silent" ? `${t("say.try.microphone.silent")} ${t(`say.try.silent.${system}`)}` : "";
  return {
    line,
    microphone: silent || heard[microphone || "asked"] || "",
    camera: camera === "works" || camera === "none" ? t(`say.try.camera.${camera}`) : "",
  };
}

/**
 * @param {{
 *   t: Say, page: typeof import("../parts/dom.js"), followLevel: typeof import("../parts/level.js").followLevel, own: () => Devices | null,
 *   trouble: (failure: string | null) => string, system: string, title: string, send: (message: object) => boolean, closed: (held: boolean) => void,
 * }} options
 * `page` and `followLevel`: the page's own, so that they aren't fetched twice; `own`: the devices of the conversation; `trouble`: why
 * there is no microphone and what to press; `closed` when it is over, and whether it held the focus
 */
export function check({ t, page, followLevel, own, trouble, system, title, send, closed }) {
  const { byId, make, say, show } = page;
  /** @type {Partial<Checked> & { untried?: boolean }} */
  const found = { speaker: "not_tried" };
  /** A microphone that was off is opened for this alone. @type {Devices | null} */
  let borrowed = null;
  /** @type {Loopback | null} */
  let loop = null;
  /** @type {AudioContext | null} */
  let sound = null;
  /** @type {(() => void) | null} */
  let stopMeter = null;
  /** @type {Set<ReturnType<typeof setTimeout>>} */
  const timers = new Set();
  /** "Did you hear it?" stands there. */
  let asked = false;
  let over = false;
  let reported = 0;
  /** @type {(access: RelayAccess | null) => void} */
  let granted = () => {};

  const heading = make("h2", { tabindex: "-1", text: title });
  const line = make("p");
  const microphone = make("p");
  const meter = make("span", { class: "level", "aria-hidden": "true" }, [make("i")]);
  const camera = make("p");
  const asks = make("p");
  const play = make("button", { type: "button", text: t("say.try.play"), onclick: playSound });
  const yes = make("button", { type: "button", text: t("say.try.yes"), onclick: () => heardIt("heard") });
  const no = make("button", { type: "button", text: t("say.try.no"), onclick: () => heardIt("not_heard") });
  const done = make("button", { type: "button", text: t("say.try.stop"), onclick: stop });
  const row = make("div", {}, [play, yes, no, done]);
  const panel = make("div", { id: "trial" }, [heading, make("div", { "aria-live": "polite" }, [line, microphone, meter, camera, asks]), row]);
  const waiting = byId("waiting");

  /** @param {number} time @param {() => void} what */
  function later(time, what) {
    const timer = setTimeout(() => {
      timers.delete(timer);
      what();
    }, time);
    timers.add(timer);
  }

  function draw() {
    const said = sayings(t, found, system);
    say(line, said.line);
    say(microphone, said.microphone || microphone.textContent || "");
    say(camera, said.camera);
    const ready = Boolean((found.connection || found.untried) && found.microphone);
    show(meter, !found.microphone);
    if (ready && !asks.textContent) say(asks, t("say.try.sound"));
    show(play, ready && !asked);
    show(yes, asked);
    show(no, asked);
    say(done, t(ready ? "say.try.done" : "say.try.stop"));
  }

  /** The desk hears of it when line and microphone are known, and again when the loudspeaker is. */
  function report() {
    const { connection, microphone: heard, camera: seen, speaker } = found;
    if (over || !connection || !heard) return;
    const wait = reported + PACE - Date.now();
    if (wait > 0) return later(wait, report);
    reported = Date.now();
    send({ type: "checked", checked: { connection, microphone: heard, camera: seen || "off", speaker } });
  }

  /** Whichever microphone is on, or one for this alone. @returns {Promise<Devices | null>} */
  async function listening() {
    const theirs = own();
    if (theirs && theirs.microphoneOn) return theirs;
    borrowed = new Devices();
    const mine = borrowed;
    await mine.start({ audio: true, video: false });
    if (over) mine.stop();
    return mine.microphoneOn ? mine : null;
  }

  /** @param {Promise<Devices | null>} opening */
  async function hear(opening) {
    const devices = await opening;
    if (over) return;
    if (!devices) {
      found.microphone = "none";
      say(microphone, trouble(borrowed && borrowed.failures.audio));
      settle();
      return;
    }
    /** @param {Heard} how */
    const known = (how) => {
      if (over || found.microphone) return;
      found.microphone = how;
      if (stopMeter) stopMeter();
      stopMeter = null;
      settle();
    };
    later(SILENT, () => {
      // A browser that measures nothing says nothing about the microphone.
      known(devices.measures ? "silent" : "on");
    });
    stopMeter = followLevel(meter, () => devices.level(), () => known("works"));
  }

  /** @param {Promise<Devices | null>} opening @param {Promise<RelayAccess | null>} access */
  async function tryLine(opening, access) {
    const [given, devices] = await Promise.all([access, Promise.race([opening, new Promise((resolve) => later(ANSWERED, () => resolve(null)))])]);
    if (over) return;
    if (!given) {
      found.untried = true;
      settle();
      return;
    }
    const theirs = own();
    const video = theirs && theirs.cameraOn ? theirs.video : null;
    try {
      loop = new Loopback({ access: given, audio: devices ? devices.audio : null, video });
    } catch (_) {
      // No calls in this browser: nothing gets through.
    }
    const result = loop ? await loop.run() : { connected: false, loss: null, roundTrip: null, rate: null, frames: 0 };
    loop = null;
    if (over) return;
    found.connection = judged(result);
    // Where no line stands, nothing is known of the camera.
    found.camera = video && result.connected ? (result.frames > 0 ? "works" : "none") : "off";
    settle();
  }

  /** A microphone that was opened for this is closed as soon as all is known. */
  function settle() {
    if (found.microphone && (found.connection || found.untried) && borrowed) borrowed.stop();
    draw();
    report();
  }

  function playSound() {
    const Sound = window.AudioContext || /** @type {any} */ (window).webkitAudioContext;
    try {
      if (!sound) sound = /** @type {AudioContext} */ (new Sound());
      const { lasts, tones, loudness } = SOUND;
      const begins = sound.currentTime;
      const gain = sound.createGain();
      gain.gain.setValueAtTime(0, begins);
      gain.gain.linearRampToValueAtTime(loudness, begins + 0.08);
      gain.gain.linearRampToValueAtTime(0, begins + lasts);
      gain.connect(sound.destination);
      tones.forEach((tone, at) => {
        const source = /** @type {AudioContext} */ (sound).createOscillator();
        source.frequency.value = tone;
        source.connect(gain);
        source.start(begins + (at * lasts) / tones.length);
        source.stop(begins + ((at + 1) * lasts) / tones.length);
      });
      if (sound.state === "suspended") sound.resume().catch(() => {});
    } catch (_) {
      // No sound machinery: they will say that they heard none.
    }
    say(asks, t("say.try.heard"));
    asked = true;
    draw();
    yes.focus();
  }

  /** @param {"heard" | "not_heard"} speaker */
  function heardIt(speaker) {
    found.speaker = speaker;
    say(asks, t(speaker === "heard" ? "say.try.speaker.heard" : `say.try.speaker.not_heard.${system}`));
    asked = false;
    draw();
    play.focus();
    report();
  }

  /** At once, whatever is under way. */
  function stop() {
    if (over) return;
    over = true;
    if (sound) sound.close().catch(() => {});
    if (borrowed) borrowed.stop();
    if (loop) loop.close();
    if (stopMeter) stopMeter();
    for (const timer of Array.from(timers)) clearTimeout(timer);
    granted(null);
    const held = panel.contains(document.activeElement);
    panel.remove();
    waiting.classList.remove("tries");
    closed(held);
  }

  waiting.append(panel);
  waiting.classList.add("tries");
  draw();
  heading.focus();
  const access = /** @type {Promise<RelayAccess | null>} */ (
    new Promise((resolve) => {
      granted = resolve;
      later(ANSWERED, () => resolve(null));
    })
  );
  send({ type: "check" });
  const opening = listening().catch(() => null);
  hear(opening);
  tryLine(opening, access);

  return {
    stop,
    /** @param {RelayAccess} given */
    access: (given) => granted(given),
  };
}
