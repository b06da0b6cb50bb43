// What the service sends by itself: what stands in a message before it goes, and in words what became of it. No page.

import { MOST, places } from "./gsm7.js";
import { isTyped, tokenIn } from "./sharing.js";

/**
 * @typedef {import("../parts/protocol").Messages} Messages
 * @typedef {import("../parts/protocol").Message} Message
 * @typedef {import("../parts/protocol").SendingWay} SendingWay
 * @typedef {import("../parts/protocol").Channel} Channel
 * @typedef {(key: string, vars?: Record<string, string | number>) => string} T
 * @typedef {{ channel: Channel, off: boolean, wording: number, remind: boolean, id: string, tried: string, busy: boolean, problem: string }} Draft
 * `off`: it says that the contact is called off, and holds no link; `id`: of the message, so that a press that is repeated sends nothing twice; `tried`: what was asked for under it
 * @typedef {{ contact: string, data: Messages, draft: Draft | null, at: number }} Sending `at`: when it was asked for, in seconds
 */

/** Minutes before the start at which somebody is reminded. */
export const BEFORE = 60;
/** Seconds between two looks: while something is going, and while a word of its arrival may come. */
const SOON = 2;
const LATER = 30;

/** A form as it opens: the first way that may be used now. @param {Messages} data @param {string} id @param {boolean} off @returns {Draft | null} none: there is no way */
export function draftOf(data, id, off) {
  const way = data.ways.find(({ refused }) => refused === null) || data.ways[0];
  return way ? { channel: way.channel, off, wording: 0, remind: false, id, tried: "", busy: false, problem: "" } : null;
}

/** @param {Messages} data @param {Channel} channel */
export const wayOf = (data, channel) => data.ways.find((way) => way.channel === channel);

/** What goes out, as the service writes it. @param {Messages} data @param {Draft} draft @param {string} link */
export function textOf(data, { channel, wording, off }, link) {
  const begins = channel === "system_text" ? data.prefix : "";
  if (off) return begins + data.off;
  const [, place = ""] = data.origin.split("://");
  const given = isTyped(link) ? `${place} ${link}` : `${data.origin}/#${tokenIn(link)}`;
  return `${begins}${data.wordings[wording] || ""} ${given}`;
}

/** How long a text message is, or what is wrong with it. @param {T} t @param {string} text @returns {{ says: string, wrong: boolean }} */
export function lengthSays(t, text) {
  const counted = places(text);
  if ("wrong" in counted) return { says: t("desk.sending.letter", { letter: counted.wrong }), wrong: true };
  const wrong = counted.places > MOST;
  return { says: t(wrong ? "desk.sending.too_long" : "desk.sending.length", { places: counted.places, most: MOST }), wrong };
}

/** @param {Messages} data whether they can be reminded: it is agreed, and they aren't to be already */
export function canRemind(data) {
  return data.may_remind && !data.messages.some(({ kind, state }) => kind === "reminder" && state !== "failed");
}

/** Whether it is time to ask anew what became of them. @param {Sending | null} sending @param {string} contact @param {number} now in seconds */
export function isStale(sending, contact, now) {
  if (!sending || sending.contact !== contact) return true;
  // Nothing is set up, and nothing was sent.
  if (!sending.data.ways.length && !sending.data.messages.length) return false;
  const states = sending.data.messages.map(({ state, due }) => (state === "waiting" && due > now + LATER ? "later" : state));
  const going = states.some((state) => state === "waiting" || state === "under_way");
  const soon = sending.data.messages.some(({ state, since }) => state === "sent" && now - since < 60);
  const wait = going ? SOON : soon ? SOON * 5 : LATER;
  return now - sending.at >= wait;
}

/**
 * What became of a message, in words.
 * @param {T} t @param {import("./clock.js").Clock} clock @param {number} now @param {Message} message
 * @returns {{ tone: string, text: string }}
 */
export function messageSays(t, clock, now, { state, why, due, channel, asks }) {
  const reason = why ? t(`desk.sending.why.${why}`) : "";
  switch (state) {
    case "waiting":
      if (why) return { tone: "waiting", text: t("desk.sending.again_at", { reason, time: clock.moment(due, now) }) };
      return { tone: "plain", text: due > now + 10 ? t("desk.sending.goes_at", { time: clock.moment(due, now) }) : t("desk.sending.under_way") };
    case "under_way":
      return { tone: "plain", text: t("desk.sending.under_way") };
    case "sent":
      return { tone: "plain", text: t(channel === "email" ? "desk.sending.sent.email" : "desk.sending.sent.text") };
    case "delivered":
      return { tone: "plain", text: t("desk.sending.delivered") };
    case "failed":
      return { tone: "notice", text: t("desk.sending.failed", { reason }) };
    default:
      return { tone: asks ? "notice" : "plain", text: t(asks ? "desk.sending.unknown" : "desk.sending.unknown.left") };
  }
}

/** What has come to an end since: to be said to those who don't see it. @param {Message[]} before @param {Message[]} after */
export function settledBetween(before, after) {
  const was = new Map(before.map(({ id, state }) => [id, state]));
  return after.filter(({ id, state }) => was.has(id) && was.get(id) !== state && state !== "waiting" && state !== "under_way");
}
