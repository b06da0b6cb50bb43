// The waiting room and the conversation: the same buttons at the same place in both.

import { byId, make, say, show } from "../parts/dom.js";
import { clock } from "./clock.js";
import { browserOf } from "./browser.js";
import { helpText, showPicture, troubleText } from "./prepare.js";

/**
 * @typedef {import("./session.js").Screen} Screen
 * @typedef {import("./door.js").Say} Say
 */

/** Milliseconds that "Thank you." stands. Longer: it is in the way. Shorter: who reads slowly doesn't know that it was taken. */
const THANKS = 4000;

/**
 * @param {{
 *   t: Say, devices: () => import("../call/devices.js").Devices | null,
 *   microphone: (on: boolean) => void, camera: (on: boolean) => void, swap: () => void, tryPicture: () => void, unhush: () => void,
 *   answer: (answer: string) => void, company: (company: string) => boolean, keep: (keep: string) => boolean,
 *   end: () => void, opened: () => void,
 * }} options `answer`: to the private question, asked again; `company`: to who is there; `keep`: to whether what was typed may be kept; `opened`: the messages came into view
 */
export function room({ t, devices, microphone, camera, swap, tryPicture, unhush, answer, company, keep, end, opened }) {
  const main = /** @type {HTMLElement} */ (document.querySelector("main"));
  const talk = byId("talk");
  const own = byId("own", HTMLVideoElement);
  const title = byId("waiting-title");
  const words = byId("waiting-words");
  const since = byId("waiting-since");
  const unseen = byId("waiting-unseen");
  const nobodyReads = byId("nobody-reads");
  const late = byId("late");
  const card = byId("asked");
  const question = byId("asked-question");
  const answersRow = byId("asked-answers");
  const whoQuestion = byId("who-question");
  const whoRow = byId("who-answers");
  const thanks = byId("who-thanks");
  const callTitle = byId("call-title");
  const says = byId("call-says");
  const picture = byId("picture", HTMLVideoElement);
  const still = byId("still", HTMLImageElement);
  const sound = byId("sound", HTMLAudioElement);
  const tap = byId("tap", HTMLButtonElement);
  const bar = byId("bar");
  const microphoneButton = byId("microphone", HTMLButtonElement);
  const cameraButton = byId("camera", HTMLButtonElement);
  const swapButton = byId("swap");
  const typeButton = byId("type", HTMLButtonElement);
  const endButton = byId("end", HTMLButtonElement);
  const sure = byId("sure");
  const trouble = byId("room-trouble");
  const browser = browserOf(navigator.userAgent, navigator.maxTouchPoints);
  const field = byId("text");

  /** @type {Screen | null} */
  let drawn = null;
  let open = false;
  /** @type {(silenced: boolean) => void} */
  let onSilenced = () => {};
  let asked = false;
  let whoAsked = false;
  /** "Thank you." stands. @type {ReturnType<typeof setTimeout> | undefined} */
  let thanking;

  microphoneButton.onclick = () => microphone(!(drawn && drawn.microphone));
  cameraButton.onclick = () => camera(!(drawn && drawn.camera));
  swapButton.onclick = swap;
  typeButton.onclick = () => setOpen(!open);
  /** @type {HTMLButtonElement[]} */
  const answers = Array.from(answersRow.querySelectorAll("button"));
  for (const button of answers) button.onclick = () => answer(/** @type {string} */ (button.dataset.again));
  /** @type {HTMLButtonElement[]} */
  const companies = Array.from(whoRow.querySelectorAll("button"));
  for (const button of companies) button.onclick = () => company(/** @type {string} */ (button.dataset.who)) && thank(true);
  byId("keep").onclick = ({ target }) => {
    if (target instanceof HTMLButtonElement && keep(target.value)) thank(true);
  };
  // Ending can't be taken back, so it is asked about once. "Leave this page" never asks.
  endButton.onclick = () => {
    asks(true);
    byId("sure-end").focus();
  };
  byId("sure-end").onclick = end;
  byId("sure-stay").onclick = () => {
    asks(false);
    endButton.focus();
  };
  tap.onclick = () => {
    if (drawn && drawn.hushed) unhush();
    else if (drawn && drawn.silenced) playSound();
    else tryPicture();
  };

  /** @param {boolean} asking */
  function asks(asking) {
    show(sure, asking);
    show(bar, !asking);
  }

  /** The private question, asked again, or who is there: it comes and goes, and nothing else does. @param {boolean} again @param {boolean} who */
  function asksAgain(again, who) {
    if (again === asked && who === whoAsked) return;
    asked = again;
    whoAsked = who;
    if (again || who) thank(false);
    else drawCard();
  }

  /** The same, whatever was pressed. @param {boolean} now */
  function thank(now) {
    clearTimeout(thanking);
    thanking = now ? setTimeout(() => thank(false), THANKS) : undefined;
    drawCard();
  }

  function drawCard() {
    const thanked = thanking !== undefined;
    card.classList.toggle("asks", asked || whoAsked || thanked);
    for (const one of [question, answersRow]) show(one, asked);
    for (const one of [whoQuestion, whoRow]) show(one, whoAsked);
    show(thanks, thanked);
    // Five answers take so much that a low screen, as above a keyboard, would have room for nothing else.
    byId("news").classList.toggle("tall", whoAsked);
    // On a small screen it makes the page longer: what somebody is writing stays in sight.
    if (document.activeElement === field) field.scrollIntoView({ block: "nearest" });
  }

  /** @param {boolean} next */
  function setOpen(next) {
    open = next;
    talk.classList.toggle("open", next);
    main.classList.toggle("beside", next);
    typeButton.setAttribute("aria-expanded", String(next));
    if (next) opened();
  }

  function playSound() {
    const playing = sound.play();
    if (!playing) return;
    playing.then(
      () => onSilenced(false),
      (error) => {
        if (error && error.name === "NotAllowedError") onSilenced(true);
      },
    );
  }

  /** Words about a person, with their name or without. @param {string} key @param {string | null} who @param {Record<string, string>} [more] */
  const about = (key, who, more = {}) => (who ? t(key, { name: who, ...more }) : t(`${key}_unnamed`, more));

  /** @param {Screen} screen */
  function buttons(screen) {
    show(microphoneButton, screen.canTalk);
    show(cameraButton, screen.canShow);
    // Only what the chosen way would use is marked as off.
    microphoneButton.classList.toggle("off", !screen.microphone && screen.way !== "text");
    cameraButton.classList.toggle("off", !screen.camera && screen.way === "video");
    const label = screen.microphone ? "mute" : screen.way === "text" ? "talk" : "unmute";
    say(/** @type {Element} */ (microphoneButton.querySelector("span")), t(`say.bar.${label}`));
    say(/** @type {Element} */ (cameraButton.querySelector("span")), t(screen.camera ? "say.bar.camera_off" : "say.bar.camera_on"));
    const why = screen.trouble;
    say(trouble, why ? `${troubleText(t, why.failure, why.lacks)} ${helpText(t, why.failure, browser)}`.trim() : "");
    const equipment = devices();
    const track = equipment && screen.camera ? equipment.video : null;
    showPicture(own, track, Boolean(equipment && equipment.looksAway));
    main.classList.toggle("shown", Boolean(track));
    show(swapButton, screen.swap);
    asksAgain(screen.asked, screen.whoAsked);
    show(byId("may-keep"), screen.kept === "may");
    for (const id of ["keep-question", "keep"]) show(byId(id), screen.kept === "asked");
  }

  /** A picture in place of one that moves, or none: of the one before nothing stays. @param {string | null} url */
  function showStill(url) {
    show(still, url !== null);
    if (url === null) still.removeAttribute("src");
    else if (still.getAttribute("src") !== url) still.src = url;
  }

  /** @param {Screen} screen */
  function unseenText(screen) {
    if (screen.quiet) return `${t("say.call.quiet")} ${screen.camera ? t("say.waiting.unseen.picture") : ""}`.trim();
    const on = screen.microphone && screen.camera ? "both" : screen.microphone ? "sound" : screen.camera ? "picture" : "";
    if (on) return t(screen.onHold ? `say.waiting.unseen_now.${on}` : `say.waiting.unseen.${on}`);
    if (screen.way === "text" || !screen.canTalk) return "";
    return t(screen.way === "video" ? "say.waiting.off_both" : "say.waiting.off");
  }

  return {
    /** @param {Screen} screen */
    waiting(screen) {
      drawn = screen;
      show(talk, true);
      show(typeButton, false);
      main.classList.remove("typing", "pictured");
      showStill(null);
      buttons(screen);
      if (screen.desk === null) say(title, t("say.waiting.unknown"));
      else if (screen.onHold && screen.desk) say(title, t("say.waiting.on_hold"));
      else say(title, about(screen.desk ? "say.waiting.here" : "say.waiting.away", screen.who));
      say(words, screen.words || "");
      const early = screen.startsAt * 1000 > Date.now();
      say(since, (early ? `${t("say.waiting.at", { time: clock(screen.startsAt) })} ` : "") + t("say.waiting.since", { time: clock(screen.since) }));
      say(unseen, unseenText(screen));
      show(late, screen.late);
      show(nobodyReads, screen.desk === false);
      say(nobodyReads, about("say.waiting.nobody_reads", screen.who));
    },
    /** @param {Screen} screen */
    call(screen) {
      const first = !drawn || drawn.name !== "call";
      drawn = screen;
      show(talk, true);
      const reads = screen.typing || screen.quiet;
      show(typeButton, !reads);
      main.classList.toggle("typing", screen.typing || (screen.quiet && !screen.picture && screen.still === null));
      // Who was writing while they waited goes on writing.
      if (first || (reads && !open)) setOpen(reads || open || document.activeElement === field);
      buttons(screen);
      say(callTitle, screen.who || t("say.call.title"));
      show(picture, screen.picture);
      showStill(screen.still);
      main.classList.toggle("pictured", screen.picture || screen.still !== null);
      sound.muted = screen.typing || screen.hushed || screen.quiet;
      const lines = screen.says.map((/** @type {string} */ one) => line(one, screen));
      while (says.children.length > lines.length) says.lastElementChild?.remove();
      lines.forEach((/** @type {string} */ text, /** @type {number} */ at) => {
        if (!says.children[at]) says.append(make("p"));
        say(says.children[at], text);
      });
      show(tap, (screen.hushed || screen.silenced || screen.retry) && !screen.typing);
      say(tap, screen.hushed ? t("say.call.unhush") : screen.silenced ? about("say.call.tap", screen.who) : t("say.call.try_picture"));
    },
    /**
     * What comes from the other side: to be heard, and to be seen.
     * @param {MediaStream | null} heard @param {MediaStream | null} seen @param {(silenced: boolean) => void} silenced
     */
    play(heard, seen, silenced) {
      onSilenced = silenced;
      // What is in the loudspeaker's queue must not be heard any more either.
      if (!heard) sound.pause();
      if (sound.srcObject !== heard) sound.srcObject = heard;
      if (picture.srcObject !== seen) picture.srcObject = seen;
      if (seen) picture.play().catch(() => {});
      if (heard) playSound();
    },
    /** A message came: it is brought into view, since it may be sent because the sound fails. */
    news() {
      if (drawn && drawn.name === "call" && !open) setOpen(true);
    },
    /** Another screen is shown. */
    leave() {
      drawn = null;
      show(talk, false);
      asks(false);
      asksAgain(false, false);
      thank(false);
      setOpen(false);
      showPicture(own, null);
      showStill(null);
      show(swapButton, false);
      show(late, false);
      // No name and no word of it stays in the page.
      for (const element of [title, words, since, unseen, nobodyReads, callTitle, says, tap, trouble]) element.textContent = "";
      main.classList.remove("typing", "shown", "pictured", "beside");
    },
  };

  /** @param {string} one @param {Screen} screen */
  function line(one, screen) {
    switch (one) {
      case "connecting":
      case "broken":
      case "no_media":
      case "poor":
      case "picture_off":
      case "picture_still":
      case "hushed":
      case "talk":
      case "muted":
      case "muted_both":
      case "data_low":
      case "data_picture":
      case "data_low_picture":
      case "data_out":
      case "quiet":
        return t(`say.call.${one}`);
      default:
        return about(`say.call.${one}`, screen.who);
    }
  }
}
