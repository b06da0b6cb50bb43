// Who is there? Asked before anything of substance by text, and after every gap: words on a screen have no face and no voice.
//
// Goes by text alone. Nothing here reaches the other side: the practitioner asks, in their own words. No page, no clock.

import { inside } from "./contacts.js";
import { thread } from "./model.js";

/**
 * @typedef {import("../parts/protocol").ContactView} ContactView
 * @typedef {import("../parts/protocol").PersonView} PersonView
 * @typedef {import("../parts/protocol").SafetyPlan} SafetyPlan
 * @typedef {import("./model.js").Text} Text
 * @typedef {{ lost: boolean, away: boolean, other: number | null, since: number, due: boolean, unsure: boolean, answer: boolean }} Seen
 * What was true of somebody when last looked at. `since`: they were last known, or last wrote, in seconds; `unsure`: "Not sure" was
 * pressed; `answer`: their answer is shown.
 */

/** Seconds without a text from them after which they are to be known anew. Longer: another may hold the phone. Shorter: nobody looks any more. */
const SILENCE = 600;

/**
 * What is true now, by what was before.
 * @param {Seen | undefined} was none: the typed conversation begins, for this page at least
 * @param {PersonView} one @param {number} wrote when they wrote last, in seconds; 0 for never @param {number} now @returns {Seen}
 */
export function seenNow(was, one, wrote, now) {
  const lost = one.lost !== null;
  const away = one.hidden || one.covered;
  const other = one.other && one.other.since;
  if (!was) return { lost, away, other, since: now, due: true, unsure: false, answer: false };
  const since = Math.max(was.since, wrote);
  const back = (was.lost && !lost) || (was.away && !away);
  const another = other !== null && other !== was.other;
  // Counted to their next text too: what comes after a long silence may come from another.
  const silent = Math.max(now, wrote) - was.since >= SILENCE;
  const gap = back || another || silent;
  return { lost, away, other, since, due: was.due || gap, unsure: was.unsure && !gap, answer: was.answer && !gap };
}

export class Proofs {
  constructor() {
    /** By the thread of each who types with somebody here. @type {Record<string, Seen>} */
    this.seen = {};
  }

  /** Goes by what is true now. @param {ContactView[]} views @param {Record<string, Text[]>} threads @param {number} now seconds */
  see(views, threads, now) {
    /** @type {Record<string, Seen>} */
    const seen = {};
    for (const view of views) {
      const one = view.ended === null ? inside(view) : undefined;
      if (!one || one.invitee || one.way !== "text" || one.stage.name !== "in" || !one.stage.started) continue;
      const key = thread(view.id, one.id);
      seen[key] = seenNow(this.seen[key], one, lastFrom(threads[key]), now);
    }
    this.seen = seen;
    return seen;
  }

  /** "It's them", until the next gap. @param {string} key @param {number} now */
  known(key, now) {
    this._change(key, { due: false, unsure: false, answer: false, since: now });
  }

  /** @param {string} key */
  unsure(key) {
    this._change(key, { unsure: true });
  }

  /** Their answer, shown and hidden. @param {string} key */
  answer(key) {
    this._change(key, { answer: Boolean(this.seen[key]) && !this.seen[key].answer });
  }

  /** @param {string} key @param {Partial<Seen>} what */
  _change(key, what) {
    if (this.seen[key]) this.seen = Object.assign({}, this.seen, { [key]: Object.assign({}, this.seen[key], what) });
  }
}

/** When they wrote last, in seconds. @param {Text[] | undefined} texts */
function lastFrom(texts = []) {
  return texts.reduce((last, { mine, at }) => (mine ? last : Math.max(last, Math.floor(at / 1000))), 0);
}

/**
 * What the line says, in its order.
 * @param {(key: string, vars?: Record<string, string | number>) => string} t @param {SafetyPlan | undefined} plan
 * @returns {{ ask: string, answer: string, theirs: string, unsure: string }} "" for what wasn't agreed
 */
export function proofSays(t, plan) {
  const { proves_them = null, proves_them_answer = null, proves_us = null, if_other = null } = plan || {};
  return {
    ask: proves_them || t("desk.proof.ask.none"),
    answer: proves_them && proves_them_answer ? t("desk.proof.answer", { answer: proves_them_answer }) : "",
    theirs: proves_us ? t("desk.proof.theirs", { question: proves_us }) : "",
    unsure: if_other ? t("desk.proof.unsure", { agreed: if_other }) : t("desk.proof.unsure.none"),
  };
}
