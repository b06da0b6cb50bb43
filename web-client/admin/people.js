// Staff as they are listed and changed: what is shown, looked for and sent. No page.

/**
 * @typedef {import("../parts/protocol").Role} Role
 * @typedef {import("../parts/protocol").ListedMember} ListedMember
 * @typedef {import("../parts/protocol").Team} Team
 * @typedef {import("../parts/protocol").ImportedLine} ImportedLine
 * @typedef {(key: string, vars?: Record<string, string | number>) => string} T
 */

/** @type {Role[]} */
export const ROLES = ["practitioner", "supervisor", "administrator", "auditor"];

/** @param {T} t @param {Role[]} roles */
export const rolesSay = (t, roles) => roles.map((role) => t(`admin.role.${role}`)).join(", ");

/** @param {T} t @param {Team[]} teams @param {string | null} id */
export function teamSays(t, teams, id) {
  const found = teams.find((team) => team.id === id);
  return found ? found.name : t("admin.staff.no_team");
}

/** Those in whose name or email it stands, whatever its case. @param {ListedMember[]} members @param {string} text */
export function found(members, text) {
  const sought = text.trim().toLowerCase();
  return members.filter(({ name, email }) => `${name}\n${email}`.toLowerCase().indexOf(sought) >= 0);
}

/** How a member stands. @param {T} t @param {import("../desk/clock.js").Clock} clock @param {number} now @param {ListedMember} member */
export function stateSays(t, clock, now, { disabled, last_used }) {
  if (disabled !== null) return t("admin.staff.off", { when: clock.moment(disabled, now) });
  return last_used !== null ? t("admin.staff.used", { when: clock.moment(last_used, now) }) : t("admin.staff.not_in");
}

/** What a form says of roles and team. @param {FormData} data @returns {{ roles: Role[], team: string | null }} */
export function chosen(data) {
  return { roles: ROLES.filter((role) => data.get(`role-${role}`) !== null), team: String(data.get("team") || "") || null };
}

/** What a list comes to, before it is done. @param {ImportedLine[]} lines */
export function sum(lines) {
  const wrong = lines.filter((line) => line.wrong !== null).length;
  const leavers = lines.filter((line) => line.leaves).length;
  return { wrong, leavers, joiners: lines.length - leavers };
}

/** The links of a list, to be put into letters: a list again, which a spreadsheet reads. @param {ImportedLine[]} lines */
export function letters(lines) {
  const cell = (/** @type {string} */ text) => `"${startsFormula(text) ? "'" : ""}${text.replace(/"/g, '""')}"`;
  return lines.filter((line) => line.link !== null).map(({ name, email, link }) => [name, email, link || ""].map(cell).join(",")).join("\n");
}

/** A spreadsheet would reckon with it. @param {string} text */
const startsFormula = (text) => /^[=+\-@\t\r]/.test(text);

/** A day of the calendar as the second it begins at, by this machine's clock; none: it isn't one. @param {string} day such as "2026-11-23" @param {number} [more] days */
export function beginOf(day, more = 0) {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (!parts) return null;
  return Math.floor(new Date(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]) + more).getTime() / 1000);
}
