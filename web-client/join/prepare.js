// Trying camera and microphone: one press, a picture and a line that moves. Where it fails, how to allow it on this
// browser, and always a way on.

import { byId, say, show } from "../parts/dom.js";
import { followLevel } from "../parts/level.js";
import { browserOf } from "./browser.js";

/**
 * @typedef {import("./session.js").Screen} Screen
 * @typedef {import("./door.js").Say} Say
 */

/** Milliseconds after which a microphone that gave no sound is spoken of. Shorter: before a shy person has said a word. */
const SILENT = 6000;

/**
 * @param {{
 *   t: Say, devices: () => import("../call/devices.js").Devices | null,
 *   ready: () => void, allow: () => void, swap: () => void, without: (how: string) => void,
 * }} options
 */
export function prepare({ t, devices, ready, allow, swap, without }) {
  const title = /** @type {HTMLElement} */ (byId("prepare").querySelector("h1"));
  const preview = byId("preview", HTMLVideoElement);
  const swapButton = byId("swap-check");
  const meter = byId("meter");
  const says = byId("prepare-says");
  const help = byId("prepare-help");
  const nobody = byId("prepare-nobody");
  const readyButton = byId("ready", HTMLButtonElement);
  const allowButton = byId("allow", HTMLButtonElement);
  const withoutButton = byId("without", HTMLButtonElement);
  const browser = browserOf(navigator.userAgent, navigator.maxTouchPoints);

  let how = "quiet";
  /** @type {(() => void) | null} */
  let stopMeter = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let silence;

  readyButton.onclick = ready;
  allowButton.onclick = allow;
  swapButton.onclick = swap;
  withoutButton.onclick = () => without(how);

  /** @param {boolean} on */
  function measure(on) {
    if (on === Boolean(stopMeter)) return;
    clearTimeout(silence);
    if (stopMeter) stopMeter();
    stopMeter = null;
    if (!on) return;
    let heard = false;
    say(says, t("say.prepare.speak"));
    silence = setTimeout(() => {
      if (heard) return;
      const own = devices();
      // A line that can't move says nothing about the microphone.
      const measures = Boolean(own && own.measures);
      show(meter, measures);
      say(says, t(measures ? "say.prepare.silent" : "say.prepare.on"));
    }, SILENT);
    stopMeter = followLevel(
      /** @type {HTMLElement} */ (meter.firstElementChild),
      () => {
        const own = devices();
        return own ? own.level() : 0;
      },
      () => {
        heard = true;
        say(says, t("say.prepare.heard"));
      },
    );
  }

  return {
    /** @param {Screen} screen */
    draw(screen) {
      const { step, way, failure } = screen;
      say(title, t(`say.prepare.title.${way}`));
      const own = devices();
      const track = own && screen.camera ? own.video : null;
      showPicture(preview, track, Boolean(own && own.looksAway));
      show(swapButton, screen.swap);
      const measured = Boolean(stopMeter);
      measure(screen.microphone && step === "ready");
      // Once measuring, the place of the line is decided by whether it can move (see `measure`).
      if (!measured || !stopMeter) show(meter, Boolean(stopMeter));

      if (step === "asking") say(says, t(`say.prepare.ask.${way}`));
      else if (step === "failed") say(says, troubleText(t, failure, screen.lacks));
      else if (step === "ask") say(says, "");
      say(help, step === "failed" ? helpText(t, failure, browser) : screen.swapFailed ? t("say.trouble.swap") : "");
      show(nobody, step !== "failed");
      say(nobody, t(way === "video" ? "say.prepare.nobody" : "say.waiting.unseen.sound"));

      const retry = failure !== "no_interface" && failure !== "insecure";
      show(readyButton, step === "ready");
      show(allowButton, step === "ask" || (step === "failed" && retry));
      say(allowButton, t(step === "ask" ? `say.prepare.turn_on.${way}` : "say.prepare.again"));
      readyButton.disabled = withoutButton.disabled = screen.busy;
      how = screen.without;
      say(withoutButton, t(`say.prepare.without.${how}`));
      withoutButton.classList.toggle("main", step === "failed" && !retry);
    },
    /** Another screen is shown. */
    leave() {
      measure(false);
      showPicture(preview, null);
    },
  };
}

/**
 * Shows a camera's picture, or hides the place for it.
 * @param {HTMLVideoElement} video @param {MediaStreamTrack | null} track @param {boolean} [away] it isn't a mirror: the camera looks away from the person
 */
export function showPicture(video, track, away = false) {
  show(video, Boolean(track));
  video.classList.toggle("away", away);
  const stream = /** @type {MediaStream | null} */ (video.srcObject);
  const shown = stream ? stream.getVideoTracks()[0] : null;
  if (track === (shown || null)) return;
  video.srcObject = track ? new MediaStream([track]) : null;
  if (track) video.play().catch(() => {});
}

/** @param {Say} t @param {string | null} failure @param {string} lacks */
export function troubleText(t, failure, lacks) {
  switch (failure) {
    case "no_interface":
    case "insecure":
    case "failed":
    case "swap":
    case "dark":
      return t(`say.trouble.${failure}`);
    default:
      return t(`say.trouble.${failure}.${lacks}`);
  }
}

/** What to press on this very browser. @param {Say} t @param {string | null} failure @param {import("./browser.js").Browser} browser */
export function helpText(t, failure, browser) {
  if (failure === "refused") return t(`say.allow.${browser.allow}`);
  if (failure === "no_interface") return t(`say.outside.${browser.system}`);
  return "";
}
