// Ringing instead: to whom the connection keeps failing, and whether they may be rung. No page in here.

import { Outage } from "../parts/outage.js";
import { openAlarm } from "./contacts.js";
import { thread } from "./model.js";

/**
 * @typedef {import("./model.js").ContactView} ContactView
 * @typedef {import("./model.js").Talk} Talk
 * @typedef {import("../parts/protocol").PersonView} PersonView
 */

/** Seconds for which their page says that it is being rung, as the service has it: so long one press is enough. */
const RINGING = 120;

export class Ringing {
  /** @param {() => void} onLong the connection to somebody has failed for long */
  constructor(onLong) {
    this._onLong = onLong;
    /** By the thread of each who is inside. @type {Map<string, Outage>} */
    this._outages = new Map();
  }

  /** Goes by what is true now. @param {ContactView[]} views @param {Talk | null} talk @returns {Set<string>} threads of those to whom it keeps failing */
  see(views, talk) {
    /** @type {Map<string, Outage>} */
    const outages = new Map();
    const failing = new Set();
    for (const view of views) {
      for (const one of view.ended === null ? view.people.filter(isInside) : []) {
        const key = thread(view.id, one.id);
        const outage = this._outages.get(key) || new Outage(this._onLong);
        this._outages.delete(key);
        outages.set(key, outage);
        outage.see(isCutOff(one, talk && talk.contact === view.id ? talk : null));
        if (outage.long) failing.add(key);
      }
    }
    for (const gone of this._outages.values()) gone.see(false);
    this._outages = outages;
    return failing;
  }
}

/** @param {PersonView} one */
const isInside = ({ stage }) => stage.name === "waiting" || stage.name === "in";

/** No line to their page, or no sound and picture in conversation though somebody has them on. @param {PersonView} one @param {Talk | null} talk */
export function isCutOff(one, talk) {
  if (one.lost !== null) return true;
  if (one.stage.name !== "in" || one.way === "text" || !talk || talk.state === "connected") return false;
  return one.devices.microphone || one.devices.camera || talk.microphone || talk.camera;
}

/**
 * Whether ringing them fits what is known. Not where their page was out of sight, since somebody may have come in; not where they are
 * quiet, since a telephone isn't; not where the agreed word was used: what was agreed for that is to be done, and nothing else.
 * @param {ContactView} view @param {PersonView} one
 */
export function mayBeRung(view, one) {
  return view.details.rings && isInside(one) && fits(view, one);
}

/** @param {ContactView} view @param {PersonView} one */
function fits(view, one) {
  return one.invitee === null && !one.hidden && !one.covered && !one.quiet && !openAlarm(view, one.id);
}

/**
 * What the desk says of ringing somebody: nothing, that it isn't agreed, that they may be rung, or that they are being rung.
 * @param {import("./model.js").Model} model @param {ContactView} view @param {PersonView} one
 * @returns {"none" | "not_agreed" | "agreed" | "ringing"}
 */
export function ringingOf({ failing, alarms, now }, view, one) {
  // An alarm that the service doesn't know yet counts too.
  const raised = alarms.some(({ contact, person }) => contact === view.id && person === one.id);
  if (!failing.has(thread(view.id, one.id)) || raised || !fits(view, one)) return "none";
  if (!view.details.rings) return "not_agreed";
  return one.rung !== null && now < one.rung + RINGING ? "ringing" : "agreed";
}
