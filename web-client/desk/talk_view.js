// The conversation: their picture, what they see and hear of the practitioner, the few things to press, the texts.

import { make } from "../parts/dom.js";
import { asksView } from "./asks_view.js";
import { hasOthers, whoIs } from "./beside.js";
import { inside } from "./contacts.js";
import { icon } from "./icons.js";
import { thread } from "./model.js";
import { askedOnce, button, called, state } from "./pieces.js";
import { ringingOf } from "./ringing.js";
import { ringingView } from "./ringing_view.js";
import { contactSays } from "./says.js";
import { suggestionView } from "./suggestion_view.js";
import { textsView } from "./texts_view.js";

/**
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("./model.js").ContactView} ContactView
 * @typedef {import("./model.js").Talk} Talk
 * @typedef {import("../parts/protocol").PersonView} PersonView
 */

/** @param {Model} model @param {ContactView} view */
export function talkView(model, view) {
  const { t, clock, now } = model;
  const one = /** @type {PersonView} */ (inside(view));
  const talk = /** @type {Talk} */ (model.talk);
  const started = one.stage.name === "in" && one.stage.started;
  const wanted = one.devices.camera && !talk.voiceOnly;
  const moving = wanted && !talk.unpictured && !talk.stills.theirs;
  const still = wanted ? talk.stills.picture : null;
  const seen = moving || still !== null;
  return make(
    "section",
    {
      class: `talk${started ? "" : " looking"}${seen || talk.camera ? "" : " no-picture"}`,
      "aria-labelledby": "talk-head",
      "data-key": `talk-${view.id}`,
    },
    [
      make("div", { class: "contact-head", "data-key": "head" }, [
        button(model, "today", t("desk.back_to_today"), { plain: true, small: true, key: false, extra: "narrow-only" }),
        make("h2", { id: "talk-head", tabindex: "-1", text: view.details.reference }),
        make("p", { class: "who", "data-key": "who", hidden: !hasOthers(view), text: hasOthers(view) ? whoIs(t, one) : "" }),
        state(contactSays(t, clock, view, now)),
      ]),
      picture(model, view, one, talk, started, moving, still),
      make("div", { class: "talk-do", "data-key": "do" }, [
        started ? controls(model, view, one, talk) : look(model, view, one),
        asksView(model, view, one),
      ]),
      ...(started ? [heardAndSeen(model, one, talk)] : []),
      // Under everything that is pressed: it comes by itself, and nothing moves under a finger.
      suggestionView(model, view, one),
      ringingView(model, view, one),
      textsView(model, view, one, model.threads[thread(view.id, one.id)] || []),
    ],
  );
}

/**
 * The elements of the picture always stand in the same order: a video that is moved on the page stops.
 * @param {Model} model @param {ContactView} view @param {PersonView} one @param {Talk} talk @param {boolean} started
 * @param {boolean} moving @param {string | null} still the picture in place of one that moves
 */
function picture(model, view, one, talk, started, moving, still) {
  const { t } = model;
  const name = called(view, one);
  const line = lineWords(model, view, one, talk);
  return make("div", { class: "picture", "data-key": "picture" }, [
    make("p", { class: "unheard", "data-key": "unheard", hidden: started }, [
      make("b", { text: t("desk.look.head") }),
      " ",
      make("span", { text: t("desk.look.unheard", { name }) }),
    ]),
    make("div", { class: "frame", "data-key": "frame" }, [
      make("video", {
        class: "theirs",
        "data-video": "theirs",
        "data-key": "theirs",
        autoplay: true,
        playsinline: true,
        "aria-label": t("desk.talk.theirs", { name }),
        hidden: !moving,
      }),
      ...(still ? [make("img", { class: "still", "data-key": "still", src: still, alt: t("desk.talk.still", { name }) })] : []),
      make("div", { class: "unseen-them", "data-key": "unseen-them", hidden: moving || still !== null }, [
        icon(one.way === "text" ? "person" : talk.voiceOnly || one.way === "voice" ? "voice" : "person"),
        make("p", { text: noPictureWords(model, one, talk) }),
      ]),
      make("video", {
        class: "mine",
        "data-video": "mine",
        "data-key": "mine",
        autoplay: true,
        playsinline: true,
        muted: true,
        "aria-label": t("desk.talk.mine"),
        hidden: !talk.camera,
      }),
      make("div", { class: "over-picture", "data-key": "over-picture" }, [
        make("p", { class: "line", "data-key": "line", hidden: !line, text: line }),
        ...(talk.pace === "picture_can_return" && talk.camera ? [button(model, "try-picture", t("desk.talk.try_picture"))] : []),
        ...(talk.blocked ? [button(model, "hear", t("desk.talk.hear", { name }), { main: true })] : []),
      ]),
    ]),
  ]);
}

/** @param {Model} model @param {PersonView} one @param {Talk} talk */
function noPictureWords(model, one, talk) {
  const { t } = model;
  if (one.way === "text") return t("desk.talk.typing");
  if (talk.voiceOnly && one.devices.camera) return t("desk.talk.voice_only");
  if (talk.unpictured && one.devices.camera) return t("desk.talk.voice");
  if (one.devices.camera && talk.stills.theirs) return t("desk.talk.still_soon");
  return one.way === "voice" ? t("desk.talk.voice") : t("desk.theirs.camera_off");
}

/** What is true of the line to the other side, where it isn't simply well. @param {Model} model @param {ContactView} view @param {PersonView} one @param {Talk} talk */
function lineWords(model, view, one, talk) {
  const { t } = model;
  if (one.lost !== null && one.hidden) return t("desk.talk.away");
  // "Don't ring yet" holds until they may be rung.
  const mayRing = ["agreed", "ringing"].indexOf(ringingOf(model, view, one)) >= 0;
  if (one.lost !== null) return t(mayRing ? "desk.talk.lost.rings" : "desk.talk.lost");
  if (talk.state === "interrupted") return t("desk.talk.interrupted");
  const reads = one.quiet && !one.covered ? t("desk.talk.quiet") : "";
  if (one.way === "text") return reads;
  if (one.covered) return t("desk.talk.covered");
  if (reads) return reads;
  if (talk.state === "connecting" || talk.state === "none") return t("desk.talk.connecting");
  if (talk.pace === "voice_poor") return t("desk.talk.poor");
  if (((talk.pace === "picture_off" || talk.pace === "picture_can_return") && talk.camera) || (talk.unpictured && one.devices.camera && !talk.voiceOnly)) return t("desk.talk.picture_off");
  if ((talk.stills.own && talk.camera) || (talk.stills.theirs && one.devices.camera && !talk.voiceOnly)) return t("desk.talk.picture_still");
  return one.devices.microphone ? "" : t("desk.theirs.microphone_off");
}

/** Look first: they are seen and heard, the practitioner isn't. @param {Model} model @param {ContactView} view @param {PersonView} one */
function look(model, view, one) {
  const { t, me } = model;
  const data = { contact: view.id, person: one.id };
  const text = one.way === "text";
  const label = me.look_first ? t("desk.look.its_them") : t(text ? "desk.look.start_text" : "desk.look.start");
  const hint = text ? "desk.look.hint.text" : one.way === "voice" ? "desk.look.hint.voice" : "desk.look.hint.video";
  return make("div", { class: "look", "data-key": "look" }, [
    make("div", { class: "actions" }, [
      button(model, "its-them", label, { main: true, sign: "check", data }),
      ...holdButton(model, view, data),
      button(model, "put-back", t("desk.talk.put_back"), { sign: "back", data }),
      button(model, "end", t("desk.talk.end"), { sign: "end", data }),
    ]),
    endAsked(model, view),
    make("p", { class: "hint", text: t(hint) }),
    make("p", { class: "hint", text: t("desk.look.first_words") }),
  ]);
}

/** Where there is somebody to turn to. @param {Model} model @param {ContactView} view @param {Record<string, string>} data @returns {Node[]} */
function holdButton(model, view, data) {
  return hasOthers(view) ? [button(model, "put-on-hold", model.t("desk.turns.hold"), { sign: "back", data })] : [];
}

/** @param {Model} model @param {ContactView} view */
function endAsked(model, view) {
  const { t } = model;
  const asking = model.asking && model.asking.what === "end" && model.asking.contact === view.id;
  if (!asking) return make("div", { hidden: true, "data-key": "no-end" });
  return askedOnce(model, {
    key: "end",
    question: t("desk.talk.end.ask"),
    yes: button(model, "end-now", t("desk.talk.end.yes"), { main: true, key: false, data: { contact: view.id } }),
    no: t("desk.talk.end.no"),
  });
}

/** @param {Model} model @param {ContactView} view @param {PersonView} one @param {Talk} talk */
function controls(model, view, one, talk) {
  const { t } = model;
  const data = { contact: view.id, person: one.id };
  // What they couldn't hear or see isn't offered.
  const typing = one.way === "text";
  return make("div", { "data-key": "controls" }, [
    make("div", { class: `controls${hasOthers(view) ? " six" : ""}` }, [
      button(model, "mute", t(talk.microphone ? "desk.talk.mute" : "desk.talk.unmute"), {
        sign: talk.microphone ? "microphone" : "microphone_off",
        extra: !talk.microphone && !typing ? "off" : "",
        data,
        disabled: typing && !talk.microphone,
      }),
      button(model, "camera", t(talk.camera ? "desk.talk.camera_stop" : "desk.talk.camera_start"), {
        sign: talk.camera ? "camera" : "camera_off",
        extra: !talk.camera && one.way === "video" && !talk.voiceOnly ? "off" : "",
        data,
        disabled: !talk.camera && (typing || !one.devices.picture),
      }),
      button(model, "voice-only", t(talk.voiceOnly ? "desk.talk.video_again" : "desk.talk.voice_only.do"), {
        sign: talk.voiceOnly ? "camera" : "voice",
        data,
        disabled: !talk.voiceOnly && !talk.camera && !one.devices.camera,
      }),
      ...holdButton(model, view, data),
      button(model, "put-back", t("desk.talk.put_back"), { sign: "back", data }),
      button(model, "end", t("desk.talk.end"), { sign: "end", data }),
    ]),
    endAsked(model, view),
  ]);
}

/** What they get of the practitioner, and why not, where it should be otherwise. @param {Model} model @param {PersonView} one @param {Talk} talk */
function heardAndSeen(model, one, talk) {
  const { t } = model;
  const reached = talk.state === "connected" && one.lost === null;
  const [heard, seen] = [talk.microphone && !talk.lost.audio, talk.camera && !talk.lost.video];
  const key =
    one.covered
      ? "desk.talk.you.covered"
      : one.way === "text"
        ? "desk.talk.you.typing"
        : one.quiet
          ? `desk.talk.you.quiet.${!seen || !reached ? "unseen" : talk.pictured ? "seen" : "unsent"}`
          : (heard || seen) && !reached
            ? "desk.talk.you.not_yet"
            : `desk.talk.you.${heard ? "heard" : "unheard"}.${!seen ? "unseen" : talk.pictured ? "seen" : "unsent"}`;
  const trouble = ["audio", "video"]
    .map((kind) => {
      const one = /** @type {"audio" | "video"} */ (kind);
      const code = talk.lost[one] ? `lost.${talk.lost[one]}` : talk.failures[one];
      return code ? t(`desk.device.${kind}.${code}`) : "";
    })
    .filter(Boolean);
  return make("div", { class: "you", "data-key": "you" }, [
    make("p", { class: "you-state", text: [talk.fresh ? t("desk.talk.fresh") : "", t(key)].filter(Boolean).join(" ") }),
    ...trouble.map((text) => make("p", { class: "trouble", text })),
  ]);
}
