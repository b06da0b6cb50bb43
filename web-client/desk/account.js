// Signing in and the one-time link: what is checked before anything is sent, and the words for what the service answers.

/**
 * @typedef {{ field: string, key: string, vars?: Record<string, number> }} Wrong
 * @typedef {{ code: string, title?: string, field?: string, retry_after?: number }} Problem
 * @typedef {(key: string, vars?: Record<string, string | number>) => string} T
 */

const SHORTEST_PASSWORD = 12;
const LONGEST_PASSWORD = 200;

/** The token of a one-time link in the address's fragment. @param {string} fragment @returns {string | null} */
export function firstLinkToken(fragment) {
  const found = /^#first=([A-Za-z0-9_-]{1,200})$/.exec(fragment);
  return found ? found[1] : null;
}

/** One that is there already: only that it was typed. @param {string} password @returns {Wrong[]} */
export const checkPassword = (password) => (password ? [] : [{ field: "password", key: "desk.account.wrong.no_password" }]);

/** @param {{ email: string, password: string }} typed @returns {Wrong[]} */
export function checkSignIn({ email, password }) {
  /** @type {Wrong[]} */
  const wrong = looksLikeEmail(email) ? [] : [{ field: "email", key: "desk.account.wrong.email" }];
  return wrong.concat(checkPassword(password));
}

/** @param {{ name: string, email: string, password: string }} typed @returns {Wrong[]} */
export function checkFirst({ name, email, password }) {
  /** @type {Wrong[]} */
  const wrong = [];
  const length = Array.from(name.trim()).length;
  if (length < 1 || length > 80) wrong.push({ field: "name", key: "desk.account.wrong.name" });
  if (!looksLikeEmail(email)) wrong.push({ field: "email", key: "desk.account.wrong.email" });
  const letters = Array.from(password).length;
  if (letters < SHORTEST_PASSWORD) wrong.push({ field: "password", key: "desk.account.wrong.short", vars: { least: SHORTEST_PASSWORD } });
  else if (letters > LONGEST_PASSWORD) wrong.push({ field: "password", key: "desk.account.wrong.long", vars: { most: LONGEST_PASSWORD } });
  return wrong;
}

/** Only what surely is none is refused here: the service and a letter decide the rest. @param {string} text */
function looksLikeEmail(text) {
  const email = text.trim();
  return email.length >= 3 && email.length <= 254 && /^[^\s@]+@[^\s@]+$/.test(email);
}

/**
 * A problem in plain words: our own for its code where there are some, else the sentence the service sent for the person.
 * @param {T} t @param {Problem} problem @returns {string}
 */
export function problemSays(t, problem) {
  if (problem.code === "too_many") return t("desk.problem.too_many", { wait: waitSays(t, problem.retry_after || 60) });
  // What makes a password easy to guess, only the service knows.
  if (problem.code === "password_weak" && problem.title) return problem.title;
  const key = `desk.problem.${problem.code}`;
  const own = t(key);
  return own !== key ? own : problem.title || t("desk.problem.other");
}

/** A wait nobody has to calculate with: seconds up to a minute and a half, then minutes, rounded up. @param {T} t @param {number} seconds */
export function waitSays(t, seconds) {
  return seconds <= 90
    ? t("desk.wait.seconds", { count: Math.max(1, seconds) })
    : t("desk.wait.minutes", { count: Math.ceil(seconds / 60) });
}
