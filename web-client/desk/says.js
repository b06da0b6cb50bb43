// The words for where a contact and its people stand, and for what happened. Words come by key from the catalogue.

import { groupOf, person } from "./contacts.js";
import { minutesBetween } from "./clock.js";

/**
 * @typedef {import("../parts/protocol").ContactView} ContactView
 * @typedef {import("../parts/protocol").PersonView} PersonView
 * @typedef {import("../parts/protocol").Happening} Happening
 * @typedef {(key: string, vars?: Record<string, string | number>) => string} T
 * @typedef {"talking" | "waiting" | "long" | "notice" | "plain" | "over"} Tone
 * Each tone has a colour and a shape of its own, so that neither is needed to tell them apart.
 */

/** Minutes of waiting after which amber gets darker. */
const LONG = 30;

/**
 * One line about a contact, for the list and the head of its page.
 * @param {T} t @param {import("./clock.js").Clock} clock @param {ContactView} view @param {number} now seconds
 * @returns {{ tone: Tone, text: string }}
 */
export function contactSays(t, clock, view, now) {
  const one = person(view);
  if (!one || one.stage.name === "revoked") {
    if (view.ended !== null) return { tone: "over", text: t("desk.state.ended", { time: clock.time(view.ended) }) };
    const none = one ? "desk.state.revoked" : "desk.state.no_link";
    return { tone: "plain", text: t(view.link ? "desk.state.not_opened" : none) };
  }
  const says = personSays(t, clock, one, now);
  // The conversation was ended, though the last thing known of the person is something else.
  if (view.ended !== null && groupOf(view) === "over" && says.tone === "plain") {
    return { tone: "over", text: t("desk.state.ended", { time: clock.time(view.ended) }) };
  }
  return says;
}

/**
 * @param {T} t @param {import("./clock.js").Clock} clock @param {PersonView} one @param {number} now
 * @returns {{ tone: Tone, text: string }}
 */
export function personSays(t, clock, one, now) {
  const since = clock.time(one.since);
  switch (one.stage.name) {
    case "not_opened":
      return { tone: "plain", text: t("desk.state.not_opened") };
    case "asked":
      return present(t, clock, one, "plain", t("desk.state.asked"));
    case "choosing":
      return present(t, clock, one, "plain", t("desk.state.choosing"));
    case "waiting": {
      const count = minutesBetween(one.since, now);
      const text = count < 1 ? t("desk.state.at_the_door") : t("desk.state.waiting", { count });
      return present(t, clock, one, count >= LONG ? "long" : "waiting", text);
    }
    case "in":
      return present(t, clock, one, "talking", one.stage.started ? t("desk.state.in", { time: since }) : t("desk.state.looking"));
    case "later":
      return { tone: "notice", text: t("desk.state.later", { time: since }) };
    case "declined":
      return { tone: "notice", text: t("desk.state.declined", { time: since }) };
    case "left":
      return one.stage.how === "exit"
        ? { tone: "notice", text: t("desk.state.left.exit", { time: since }) }
        : { tone: "over", text: t("desk.state.left.end", { time: since }) };
    case "ended":
      return { tone: "over", text: t("desk.state.ended", { time: since }) };
    case "revoked":
      return { tone: "plain", text: t("desk.state.revoked") };
    default:
      // A stage that a newer service knows: say nothing untrue.
      return { tone: "plain", text: "" };
  }
}

/**
 * Being lost or in the background stands before everything else that is true.
 * @param {T} t @param {import("./clock.js").Clock} clock @param {PersonView} one @param {Tone} tone @param {string} text
 * @returns {{ tone: Tone, text: string }}
 */
function present(t, clock, one, tone, text) {
  if (one.lost !== null) return { tone: "notice", text: t("desk.state.lost", { time: clock.time(one.lost) }) };
  if (one.hidden) return { tone, text: `${text.replace(/\.?$/, ".")} ${t("desk.state.hidden")}` };
  return { tone, text };
}

/**
 * The private answer, always as a hint and never as proof.
 * @param {T} t @param {PersonView} one @returns {string} "" while none was given
 */
export function answerSays(t, one) {
  return one.answer ? t(`desk.answer.${one.answer}`) : "";
}

/** What of theirs is off though the way chosen has it. @param {T} t @param {PersonView} one @returns {string[]} */
export function offSays(t, one) {
  /** @type {string[]} */
  const off = [];
  if (!one.way || one.way === "text") return off;
  if (!one.devices.microphone) off.push(t("desk.theirs.microphone_off"));
  if (one.way === "video" && !one.devices.camera) off.push(t("desk.theirs.camera_off"));
  return off;
}

/** One line of what happened. @param {T} t @param {Happening} one @returns {string} */
export function happeningSays(t, one) {
  switch (one.what) {
    case "answered":
      return t(`desk.what.answered.${one.answer}`);
    case "chose":
      return t(`desk.what.chose.${one.way}`);
    case "left":
      return t(`desk.what.left.${one.how}`);
    default:
      return t(`desk.what.${one.what}`);
  }
}

/** News for those who hear the page rather than see it. @param {T} t @param {import("./contacts.js").News} news @param {ContactView} view */
export function newsSays(t, news, view) {
  return t(`desk.news.${news.kind}`, { reference: view.details.reference });
}

/** The tab's title: who passes behind the screen reads it too, so it names nobody. @param {T} t @param {number} waiting */
export function titleSays(t, waiting) {
  return waiting ? t("desk.title.waiting", { count: waiting }) : t("desk.title");
}
