// Signing in by a work account: what the page is led back with, and what it offers. No page in here.

/** @typedef {{ label: string }} Work what stands on the button */

/** What the way back ended with: `code` where one is asked for, the code of a refusal, or nothing. @param {string} fragment */
export function cameBack(fragment) {
  const found = /^#work=([a-z_]{1,40})$/.exec(fragment);
  return found ? found[1] : null;
}

/**
 * None where there is no such way, or nobody knows: a password does as well.
 * @param {(key: string) => string} t @param {import("./api.js").Reply} reply @returns {Work | null}
 */
export const offered = (t, reply) => (reply.ok && reply.data.on ? { label: reply.data.label || t("desk.work.do") } : null);

const SAID = ["work_off", "work_away", "work_stale", "work_denied", "work_untrusted", "work_unknown", "work_no_role"];
const FAILED = ["too_many", "not_kept", "bad_query", "broken"];

/** The words for a refusal. Of others, which anybody can write into an address, none. @param {(key: string) => string} t @param {string | null} code */
export function refusalSays(t, code) {
  if (code === null) return "";
  if (SAID.indexOf(code) >= 0) return t(`desk.problem.${code}`);
  return FAILED.indexOf(code) >= 0 ? t("desk.work.failed") : "";
}
