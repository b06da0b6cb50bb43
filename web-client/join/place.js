// What this browser keeps so that a reload or a second tab finds its place again: one entry, gone when the person leaves.

/** Says nothing of what it is for; first.js knows it too. */
const KEY = "page";

/**
 * @typedef {object} Kept
 * @property {string} of the first characters of the invitation's id: enough to know it again, too few to open it
 * @property {string} session
 */

/** A browser may refuse to keep anything (private windows, settings): then the page's own memory has to do. @type {Kept | null} */
let memory = null;

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

/** @param {string} invitation @param {string} session */
export function keep(invitation, session) {
  memory = { of: shortened(invitation), session };
  try {
    localStorage.setItem(KEY, JSON.stringify(memory));
  } catch (_) {
    // Kept in memory only: a reload will ask again.
  }
}

/** The service has renewed the session. @param {string} next */
export function renew(next) {
  const found = kept();
  if (!found) return;
  memory = { of: found.of, session: next };
  try {
    localStorage.setItem(KEY, JSON.stringify(memory));
  } catch (_) {
    // As above.
  }
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
  if (history.state) history.replaceState(null, "", location.pathname);
}

/**
 * Says goodbye without the socket, which may be gone; arrives even while the page is being left.
 * @param {string} session @param {"end" | "exit"} how
 */
export function sayGoodbye(session, how) {
  const body = JSON.stringify({ session, how });
  try {
    if ("keepalive" in Request.prototype) {
      fetch("/api/leave", { method: "POST", keepalive: true, headers: { "content-type": "application/json" }, body }).catch(() => {});
      return;
    }
  } catch (_) {
    // No fetch that outlives the page.
  }
  if (navigator.sendBeacon) navigator.sendBeacon("/api/leave", new Blob([body], { type: "application/json" }));
}

/**
 * "Continue" was pressed.
 * @param {string} invitation
 * @returns {Promise<{ session: string } | "finished" | "taken" | "unreached">}
 */
export async function redeem(invitation) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 15000);
  try {
    const reply = await fetch("/api/redeem", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ invitation }),
      signal: stop.signal,
    });
    if (reply.status === 409) return "taken";
    if (reply.status === 404) return "finished";
    if (!reply.ok) return "unreached";
    const { session } = await reply.json();
    return typeof session === "string" ? { session } : "unreached";
  } catch (_) {
    return "unreached";
  } finally {
    clearTimeout(timer);
  }
}
