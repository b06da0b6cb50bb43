// When the desk suggests asking again: after a gap in which somebody else may have got hold of the phone. It never asks by itself.
//
// What the service wrote down is read from the history, in its order: no clock is compared with another. That a page was out of
// sight is written down nowhere, so this page has to have seen it.

import { thread } from "./model.js";

/**
 * @typedef {import("../parts/protocol").ContactView} ContactView
 * @typedef {import("../parts/protocol").PersonView} PersonView
 * @typedef {import("../parts/protocol").Happening} Happening
 * @typedef {"back" | "other_browser" | "opened_by_another" | "moved" | "on_hold" | "in_sight"} Why
 * @typedef {{ why: Why, at: number }} Gap
 * @typedef {{ covered: boolean, hiddenSince: number | null, back: string | null, declined: string }} Seen
 * `back`: it came into sight again, and the last check before that; `declined`: the gap of the history that "Not now" was about
 */

/** Seconds out of sight that count. Longer: somebody took the phone meanwhile. Shorter: each look at a message is a suggestion. */
const OUT_OF_SIGHT = 10;

/**
 * What of the history leaves a check open to doubt: the last gap after which nobody was asked, nor answered what had been asked before.
 * The question at the door is everybody's, and answers for nothing.
 * @param {Happening[]} history @param {string} person @returns {{ gap: Gap | null, check: string }} `check`: the last one, for telling it from the next
 */
export function gapIn(history, person) {
  /** @type {Gap | null} */
  let gap = null;
  let check = "";
  let asked = false;
  let onHold = false;
  for (const one of history) {
    if (one.person !== person) continue;
    switch (one.what) {
      case "asked_again":
      case "asked_who":
        [gap, asked, check] = [null, true, `${one.what} ${one.at}`];
        break;
      case "answered":
      case "said_who":
        if (asked) [gap, check] = [null, `${one.what} ${one.at}`];
        asked = false;
        break;
      case "took_back_who":
      case "who_unanswered":
        asked = false;
        break;
      // Whoever comes anew begins at the question at the door.
      case "opened":
        [gap, asked] = [null, false];
        break;
      case "opened_by_another":
      case "moved":
        [gap, asked] = [{ why: one.what, at: one.at }, false];
        break;
      case "put_on_hold":
        onHold = true;
        break;
      case "put_back":
      case "waits_again":
        onHold = false;
        break;
      case "admitted":
        // Nobody looked first, as after any other way back in.
        if (onHold) gap = { why: "on_hold", at: one.at };
        onHold = false;
        break;
      case "back":
      case "other_browser":
        gap = { why: one.what, at: one.at };
        break;
      default:
    }
  }
  return { gap, check };
}

/** Whether they could be asked now: nothing is suggested while a question stands, nor where nobody would see one. @param {PersonView} one */
function mayBeAsked(one) {
  const here = one.stage.name === "waiting" || one.stage.name === "in";
  return here && one.invitee === null && one.lost === null && !one.hidden && !one.covered && one.asked === null && one.who.asked === null;
}

export class Suggestions {
  constructor() {
    /** @type {Record<string, Seen>} */
    this._seen = {};
  }

  /** What the service says now. @param {ContactView[]} views @param {number} now seconds */
  see(views, now) {
    /** @type {Record<string, Seen>} */
    const seen = {};
    for (const view of views) {
      for (const one of view.people) {
        const was = this._seen[thread(view.id, one.id)] || { covered: false, hiddenSince: null, back: null, declined: "" };
        seen[thread(view.id, one.id)] = follow(was, view, one, now);
      }
    }
    this._seen = seen;
  }

  /** Why to ask again; none: there is no reason, or it was suggested and answered. @param {ContactView} view @param {PersonView} one @returns {Why | null} */
  of(view, one) {
    const seen = this._seen[thread(view.id, one.id)];
    if (!seen || !mayBeAsked(one)) return null;
    const { gap, check } = gapIn(view.history, one.id);
    if (gap && named(gap) !== seen.declined) return gap.why;
    return seen.back === check ? "in_sight" : null;
  }

  /** "Not now": until something else happens. @param {ContactView} view @param {string} person */
  notNow(view, person) {
    const seen = this._seen[thread(view.id, person)];
    const { gap } = gapIn(view.history, person);
    if (seen) [seen.back, seen.declined] = [null, gap ? named(gap) : ""];
  }
}

/** @param {Gap} gap */
const named = ({ why, at }) => `${why} ${at}`;

/** @param {Seen} was @param {ContactView} view @param {PersonView} one @param {number} now @returns {Seen} */
function follow(was, view, one, now) {
  const { covered, hidden } = one;
  const away = was.hiddenSince !== null && now - was.hiddenSince >= OUT_OF_SIGHT;
  // Uncovered by "Carry on", or in sight again after long: whoever did that may be somebody else.
  const came = !covered && (was.covered || (!hidden && away));
  const back = covered ? null : came ? gapIn(view.history, one.id).check : was.back;
  return { covered, hiddenSince: hidden && !covered ? was.hiddenSince || now : null, back, declined: was.declined };
}
