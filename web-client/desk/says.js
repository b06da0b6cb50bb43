// The words for where a contact and its people stand, and for what happened. Words come by key from the catalogue.

import { isCalledOff } from "./calendar.js";
import { whoIs } from "./beside.js";
import { isOver, person } from "./contacts.js";
import { minutesBetween } from "./clock.js";
import { mayBeRung } from "./ringing.js";

/**
 * @typedef {import("../parts/protocol").ContactView} ContactView
 * @typedef {import("../parts/protocol").PersonView} PersonView
 * @typedef {import("../parts/protocol").Happening} Happening
 * @typedef {(key: string, vars?: Record<string, string | number>) => string} T
 * @typedef {"talking" | "waiting" | "long" | "away" | "notice" | "plain" | "over"} Tone
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
  if (view.ended !== null && isCalledOff(view)) return { tone: "over", text: t("desk.state.cancelled") };
  if (!one || one.stage.name === "revoked") {
    if (view.ended !== null) return { tone: "over", text: t("desk.state.ended", { time: clock.time(view.ended) }) };
    const none = one ? "desk.state.revoked" : "desk.state.no_link";
    return { tone: "plain", text: t(view.link ? "desk.state.not_opened" : none) };
  }
  const says = namedOf(t, one, personSays(t, clock, one, now));
  // Where they may be rung, the words that they mustn't yet would be wrong soon: what to do stands beside.
  if (one.lost !== null && mayBeRung(view, one)) {
    return { tone: says.tone, text: t("desk.state.lost.rings", { time: clock.time(one.lost) }) };
  }
  // The conversation was ended, though the last thing known of the person is something else.
  if (view.ended !== null && isOver(view) && says.tone === "plain") {
    return { tone: "over", text: t("desk.state.ended", { time: clock.time(view.ended) }) };
  }
  return says;
}

/** Of whoever isn't the service user, who it is. @param {T} t @param {PersonView} one @param {{ tone: Tone, text: string }} says */
function namedOf(t, one, says) {
  return one.invitee ? { tone: says.tone, text: t("desk.beside.says", { who: whoIs(t, one), what: says.text }) } : says;
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
    case "opened":
      return { tone: "plain", text: t("desk.state.opened") };
    case "asked":
      return present(t, clock, one, "plain", t("desk.state.asked"));
    case "choosing":
      return present(t, clock, one, "plain", t("desk.state.choosing"));
    case "waiting": {
      const count = minutesBetween(one.since, now);
      if (one.on_hold) return present(t, clock, one, "waiting", t("desk.turns.on_hold", { time: since }));
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
    case "ended_quietly":
      return { tone: "over", text: t("desk.state.ended_quietly", { time: since }) };
    case "revoked":
      return { tone: "plain", text: t("desk.state.revoked") };
    case "did_not_attend":
      return { tone: "over", text: t("desk.state.did_not_attend") };
    default:
      // A stage that a newer service knows: say nothing untrue.
      return { tone: "plain", text: "" };
  }
}

/**
 * Being lost stands before everything else that is true. A page lost from the background has an explanation: a phone that
 * locks freezes it. One in the background and still there waits on, or talks on; a covered one hears nothing meanwhile.
 * @param {T} t @param {import("./clock.js").Clock} clock @param {PersonView} one @param {Tone} tone @param {string} text
 * @returns {{ tone: Tone, text: string }}
 */
function present(t, clock, one, tone, text) {
  if (one.lost !== null && one.hidden) return { tone: "away", text: t("desk.state.away", { time: clock.time(one.lost) }) };
  if (one.lost !== null) return { tone: "notice", text: t("desk.state.lost", { time: clock.time(one.lost) }) };
  if (!one.hidden && !one.covered) return { tone, text: one.quiet ? `${text.replace(/\.?$/, ".")} ${t("desk.state.quiet")}` : text };
  const where = !one.covered ? "desk.state.hidden" : one.hidden ? "desk.state.covered" : "desk.state.covered.back";
  const waits = tone === "waiting" || tone === "long";
  return { tone: waits ? tone : "away", text: `${text.replace(/\.?$/, ".")} ${t(where)}` };
}

/** Whether the person is on their way in, at the door or inside, and so can be talked with. @param {PersonView} one */
export function isHere(one) {
  return ["opened", "asked", "choosing", "waiting", "in"].indexOf(one.stage.name) >= 0;
}

/**
 * The private answer, always as a hint and never as proof.
 * @param {T} t @param {PersonView} one @returns {string} "" while none was given
 */
export function answerSays(t, one) {
  return one.answer ? t(`desk.answer.${one.answer}`) : "";
}

/** The answer, or that it is waited for. @param {T} t @param {import("./clock.js").Clock} clock @param {PersonView} one @returns {string} */
export function askedSays(t, clock, one) {
  return one.asked === null ? answerSays(t, one) : t("desk.asked", { time: clock.time(one.asked) });
}

/**
 * Who is with them, as far as they said: a hint too, and what a careful practitioner makes of it. Nothing of it unlocks anything.
 * @param {T} t @param {import("./clock.js").Clock} clock @param {PersonView} one @returns {string} "" where it wasn't asked
 */
export function whoSays(t, clock, { who }) {
  if (who.asked !== null) return t("desk.who.asked", { time: clock.time(who.asked) });
  if (who.unanswered !== null) return t("desk.who.unanswered", { time: clock.time(who.unanswered) });
  return who.said ? t(`desk.who.${who.said}`) : "";
}

/** What waits for "Handled", and what to do about it. @param {T} t @param {import("../parts/protocol").Open} one */
export function openSays(t, one) {
  return t(`desk.open.${one.matter}`);
}

/** As much of it as goes into the list, without what the state there says already. @param {T} t @param {ContactView} view @returns {string} "" for none */
export function openShort(t, view) {
  const one = person(view);
  const stage = one ? one.stage : { name: "" };
  const said = "how" in stage ? stage.how : stage.name;
  const matters = view.open.filter((open) => open.matter !== said).map((open) => t(`desk.open.${open.matter}.short`));
  if (!matters.length) return "";
  return t("desk.open.not_handled", { matters: matters.filter((text, at) => matters.indexOf(text) === at).join(", ") });
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

/** How trying sound and picture went at their side. @param {T} t @param {PersonView} one @returns {string} "" where they didn't */
export function checkedSays(t, { checked }) {
  if (!checked) return "";
  const { connection, microphone, camera, speaker } = checked;
  const found = [t(`desk.checked.connection.${connection}`), t(`desk.checked.microphone.${microphone}`)];
  if (camera !== "off") found.push(t(`desk.checked.camera.${camera}`));
  if (speaker !== "not_tried") found.push(t(`desk.checked.speaker.${speaker}`));
  return t("desk.checked", { found: found.join(", ") });
}

/** One line of what happened. @param {T} t @param {Happening} one @returns {string} */
export function happeningSays(t, one) {
  switch (one.what) {
    case "answered":
      return t(`desk.what.answered.${one.answer}`);
    case "said_who":
      return t(`desk.what.said_who.${one.company}`);
    case "chose":
      return t(`desk.what.chose.${one.way}`);
    case "left":
      return t(`desk.what.left.${one.how}`);
    case "declined":
      return one.reason ? t(`desk.what.declined.${one.reason}`) : t("desk.what.declined");
    case "other_browser":
      return t(one.same_kind ? "desk.what.other_browser.same" : "desk.what.other_browser.different");
    case "alarm":
      return t(`desk.what.alarm.${one.how}`);
    case "handed_over":
      return t(one.by_itself ? "desk.what.handed_over.by_itself" : "desk.what.handed_over.pressed");
    case "handled":
      return t(`desk.what.handled.${one.matter}`);
    default:
      return t(`desk.what.${one.what}`);
  }
}

/** News for those who hear the page rather than see it. @param {T} t @param {import("./contacts.js").News} news @param {ContactView} view */
export function newsSays(t, news, view) {
  return t(`desk.news.${news.kind}`, { reference: view.details.reference });
}

/**
 * The tab's title: who passes behind the screen reads it too, so it names nobody. Of a covered desk it tells nothing at all.
 * @param {T} t @param {number} waiting @param {boolean} [covered]
 */
export function titleSays(t, waiting, covered = false) {
  if (covered) return t("desk.cover.title");
  const title = t("desk.title");
  return waiting ? t("desk.title.waiting", { count: waiting, title }) : title;
}

/** The computer's own notice, which stands over whatever else is on the screen: as little as the title. @param {T} t */
export function noticeSays(t) {
  return t("desk.notice.someone", { title: t("desk.title") });
}
