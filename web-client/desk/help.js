// Where help would go: asked anew in each contact, kept with that contact alone, and said to nobody but who comes to help. No page.

import { inside } from "./contacts.js";

/**
 * @typedef {import("../parts/protocol").ContactView} ContactView
 * @typedef {{ [contact: string]: ContactView }} Contacts
 */

/** Longest in characters, as the service has it. */
export const LONGEST = 200;

/**
 * What the desk has of it: nothing yet, since nobody was let in; that it is asked; what was said.
 * @param {ContactView} view @param {string | null} changing the contact in which it is being changed
 * @returns {"none" | "ask" | "change" | "known"}
 */
export function helpStands(view, changing) {
  const { help } = view.details;
  if (view.ended !== null) return help ? "known" : "none";
  if (help) return changing === view.id ? "change" : "known";
  return inside(view) || view.history.some(({ what }) => what === "admitted") ? "ask" : "none";
}

/** Shown at once, before the service's own word comes. @param {Contacts} contacts @param {string} id @param {string | null} help @returns {Contacts} */
export function withHelp(contacts, id, help) {
  const view = contacts[id];
  if (!view) return contacts;
  const details = Object.assign({}, view.details, { help });
  return Object.assign({}, contacts, { [id]: Object.assign({}, view, { details }) });
}
