// What stands in the form of what pages say. No page.

/**
 * @typedef {import("../parts/protocol").PagesNow} PagesNow
 * @typedef {import("../parts/protocol").NewPageWords} NewPageWords
 * @typedef {"title" | "desk_title" | "calendar_title" | "neutral_page" | "number"} Name
 */

/** @type {Name[]} */
export const NAMES = ["title", "desk_title", "calendar_title", "neutral_page"];

export const PARTS = /** @type {const} */ (["label", "number", "answered"]);

const OUTSIDE = /^outside_(\d)_(label|number|answered)$/;

/** How the service names a field of one of the numbers. @param {number} at @param {string} part */
export const outsideField = (at, part) => `outside_${at}_${part}`;

/** Whether the form has a field that the service names. @param {string} name */
export const hasField = (name) => NAMES.concat("number").indexOf(/** @type {Name} */ (name)) >= 0 || name === "reason" || OUTSIDE.test(name);

/** What stands in a field: as typed, else as it is. @param {PagesNow} now @param {Record<string, string>} typed @param {string} name */
export function valueOf({ words }, typed, name) {
  if (typed[name] !== undefined) return typed[name];
  const [, at, part] = OUTSIDE.exec(name) || [];
  if (!at) return name === "reason" ? "" : words[/** @type {Name} */ (name)];
  const one = words.outside[Number(at)];
  return one ? one[/** @type {"label" | "number" | "answered"} */ (part)] : "";
}

/** What is sent: a number without anything in it isn't one. An emptied one in between stays, so that fields and numbers go together. @param {PagesNow} now @param {Record<string, string>} typed @returns {NewPageWords} */
export function bodyOf(now, typed) {
  const value = (/** @type {string} */ name) => valueOf(now, typed, name).trim();
  const outside = Array.from({ length: now.most.outside }, (_, at) => ({
    label: value(outsideField(at, "label")),
    number: value(outsideField(at, "number")),
    answered: value(outsideField(at, "answered")),
  }));
  while (outside.length && isEmpty(outside[outside.length - 1])) outside.pop();
  return {
    words: {
      title: value("title"),
      desk_title: value("desk_title"),
      calendar_title: value("calendar_title"),
      neutral_page: value("neutral_page"),
      number: value("number"),
      outside,
    },
    reason: value("reason"),
  };
}

/** @param {import("../parts/protocol").OutsideNumber} one */
const isEmpty = ({ label, number, answered }) => !label && !number && !answered;

/** The address of the service user's page as it would be. @param {PagesNow} now @param {Record<string, string>} typed */
export function previewAt(now, typed) {
  const shown = ["title", "neutral_page", "number"].map((name) => `${name}=${encodeURIComponent(valueOf(now, typed, name).trim())}`);
  return `/api/pages/preview?${shown.join("&")}`;
}

/** Characters left. @param {string} text @param {number} most */
export const left = (text, most) => most - Array.from(text.trim()).length;
