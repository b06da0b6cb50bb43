// Who is beside the service user: an interpreter, an advocate, a supporter, a colleague. No page in here.

import { thread } from "./model.js";

/**
 * @typedef {import("../parts/protocol").ContactView} ContactView
 * @typedef {import("../parts/protocol").PersonView} PersonView
 * @typedef {import("../parts/protocol").Part} Part
 * @typedef {(key: string, vars?: Record<string, string | number>) => string} T
 * @typedef {{ contact: string, part: Part, name: string, problem: string, saving: boolean }} Inviting the form for one more
 */

/** @type {Part[]} */
export const PARTS = ["interpreter", "advocate", "supporter", "colleague"];

/** As many as the service takes: with living links. */
const MOST = 5;

/** How long a name may be. */
export const LONGEST_NAME = 40;

/** @param {ContactView} view @param {string} person */
export function isBeside(view, person) {
  return view.people.some((one) => one.id === person && one.invitee !== null);
}

/** Where the link of a person is kept, and its secret: by the contact that of the service user. @param {ContactView | undefined} view @param {string} contact @param {string} person */
export const linkOf = (view, contact, person) => (view && isBeside(view, person) ? thread(contact, person) : contact);

/** Whose link is worth nothing any more, by where it is kept. @param {ContactView} view @returns {string[]} */
export function linksOver(view) {
  const beside = view.people.filter(({ invitee }) => invitee !== null);
  const over = view.ended === null ? beside.filter(isGone) : beside;
  return over.map(({ id }) => thread(view.id, id)).concat(view.ended === null ? [] : [view.id]);
}

/** Their link is worth nothing any more. @param {PersonView} one */
export const isGone = ({ stage }) => stage.name === "revoked" || stage.name === "left" || stage.name === "ended";

/** Whether another one can be invited. @param {ContactView} view */
export function hasRoom(view) {
  return view.people.filter((one) => one.invitee !== null && !isGone(one)).length < MOST;
}

/** Who somebody is, where there is more than the service user. @param {T} t @param {PersonView} one @returns {string} */
export function whoIs(t, { invitee }) {
  return invitee ? t(`desk.beside.is.${invitee.part}`, { name: invitee.name }) : t("desk.beside.is.service_user");
}

/** Somebody else than the service user is in this contact, or was. @param {ContactView} view */
export const hasOthers = (view) => view.people.some(({ invitee }) => invitee !== null);

/** All cards beside the conversation or the door, in the order of coming. @param {ContactView} view @returns {PersonView[]} */
export function shownBeside(view) {
  const inside = view.people.some(({ stage }) => stage.name === "in");
  const isShown = (/** @type {PersonView} */ one) => {
    if (one.stage.name === "in" || one.stage.name === "revoked") return false;
    // At the door they stand in the middle, unless a conversation does.
    if (one.stage.name === "waiting") return inside;
    return one.invitee !== null;
  };
  return view.people.filter(isShown);
}
