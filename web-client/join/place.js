// What this browser keeps so that a reload or a second tab finds its place again: one entry, gone when the person leaves.

import { randomId } from "../parts/texts.js";

/** Says nothing of what it is for; first.js knows it too. */
const KEY = "page";

/**
 * @typedef {object} Kept
 * @property {string} of the first characters of the invitation's id: enough to know it again, too few to open it
 * @property {string} session
 * @property {string} [secret] the link's secret, by which what is typed is sealed
 * @property {boolean} [covered] the page is covered until "Carry on" is pressed: however it comes back
 * @property {boolean} [quiet] it is in quiet mode; first.js knows this one too
 */

/** A browser may refuse to keep anything (private windows, settings): then the page's own memory has to do. @type {Kept | null} */
let memory = null;

/** What this page calls its press of "Continue", where the history can't hold it. @type {string | null} */
let claimed = null;

/** @param {string} invitation */
const shortened = (invitation) => invitation.slice(0, 8);

/** @returns {Kept | null} */
function kept() {
  try {
    const text = localStorage.getItem(KEY);
    if (text !== null) {
      const found = JSON.parse(text);
      if (found && typeof found.of === "string" && typeof found.session === "string") return found;
    }
  } catch (_) {
    // Not readable: as if nothing were kept.
  }
  return memory;
}

/** The session kept here; with an invitation, only if it belongs to that one. @param {string | null} invitation @returns {string | null} */
export function session(invitation = null) {
  const found = kept();
  return found && (invitation === null || found.of === shortened(invitation)) ? found.session : null;
}

/** @param {string} invitation @param {string} session @param {string | null} secret */
export function keep(invitation, session, secret) {
  write(Object.assign({ of: shortened(invitation), session }, secret ? { secret } : {}));
}

/** The link's secret, where this page was opened by a link. @returns {string | null} */
export function secret() {
  const found = kept();
  return (found && found.secret) || null;
}

/** @param {Kept} next */
function write(next) {
  memory = next;
  try {
    localStorage.setItem(KEY, JSON.stringify(memory));
  } catch (_) {
    // Kept in memory only: a reload will ask again.
  }
}

/** The service has renewed the session. @param {string} next */
export function renew(next) {
  const found = kept();
  if (found) write(Object.assign({}, found, { session: next }));
}

/** Whether the page was covered when it was last here: in this tab or another. */
export function covered() {
  const found = kept();
  return Boolean(found && found.covered);
}

/** @param {boolean} covered */
export function cover(covered) {
  const found = kept();
  if (found) write(Object.assign({}, found, { covered }));
}

/** Whether the page was in quiet mode when it was last here. */
export function quiet() {
  const found = kept();
  return Boolean(found && found.quiet);
}

/** @param {boolean} quiet */
export function hush(quiet) {
  const found = kept();
  if (found) write(Object.assign({}, found, { quiet }));
}

/** Nothing of the place is kept any more. @returns {string | null} the session that was, for saying goodbye with it */
export function forget() {
  const found = kept();
  memory = null;
  try {
    localStorage.removeItem(KEY);
  } catch (_) {
    // Nothing was kept.
  }
  forgetLink();
  return found ? found.session : null;
}

/** The link this page was opened with, as first.js took it out of the address. @returns {string | null} */
export function link() {
  const held = history.state;
  return held && typeof held.link === "string" ? held.link : null;
}

export function forgetLink() {
  claimed = null;
  try {
    if (history.state) history.replaceState(null, "", location.pathname);
  } catch (_) {
    // Some browsers allow this only so often; the link is dead by then, or will be.
  }
}

/**
 * What this page calls its press of "Continue": the same each time for one link, also after a reload, so that who presses
 * again because a reply was lost isn't taken for somebody else.
 * @returns {string}
 */
export function claim() {
  const held = history.state;
  if (held && typeof held.claim === "string") return held.claim;
  const made = claimed || randomId();
  claimed = made;
  try {
    history.replaceState(Object.assign({}, held, { claim: made }), "", location.pathname);
  } catch (_) {
    // Then this page's memory has to do.
  }
  return made;
}

/**
 * Says goodbye without the socket, which may be gone; arrives even while the page is being left.
 * @param {string} session @param {"end" | "exit"} how
 */
export function sayGoodbye(session, how) {
  const body = JSON.stringify({ session, how });
  const beacon = () => {
    try {
      navigator.sendBeacon("/api/leave", new Blob([body], { type: "application/json" }));
    } catch (_) {
      // No way left: the service notices the silence.
    }
  };
  try {
    if ("keepalive" in Request.prototype) {
      fetch("/api/leave", { method: "POST", keepalive: true, headers: { "content-type": "application/json" }, body }).catch(beacon);
      return;
    }
  } catch (_) {
    // No fetch that outlives the page.
  }
  beacon();
}

/**
 * "Continue" was pressed.
 * @param {string} invitation
 * @param {string} claim what this page calls its press
 * @param {boolean} typed it was a code
 * @returns {Promise<{ session: string } | { startsAt: number, ring: import("../parts/protocol").OutsideNumber[] | null } | "finished" | "taken" | "limited" | "unreached">} `startsAt`: it is too early; 0 where they aren't told when it is;
 * `ring`: nobody is there at this hour, and what can be rung then
 */
export async function redeem(invitation, claim, typed) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 15000);
  try {
    const reply = await fetch("/api/redeem", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ invitation, claim, typed }),
      signal: stop.signal,
    });
    if (reply.status === 409) return "taken";
    if (reply.status === 404) return "finished";
    if (reply.status === 429) return "limited";
    if (!reply.ok && reply.status !== 403) return "unreached";
    const { session, code, starts_at: startsAt, ring } = await reply.json();
    if (code === "too_early") return { startsAt: startsAt || 0, ring: ring || null };
    return typeof session === "string" ? { session } : "unreached";
  } catch (_) {
    return "unreached";
  } finally {
    clearTimeout(timer);
  }
}
