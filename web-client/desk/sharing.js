// More ways to give the link than copying it: which of them this browser has, what is said with the link, and the picture
// the service draws of it. Decides nothing about the page.

import { atTheDoor, inside } from "./contacts.js";
import { personOf } from "./model.js";

/**
 * @typedef {import("../parts/protocol").ContactView} ContactView
 * @typedef {(key: string, vars?: Record<string, string | number>) => string} T
 * @typedef {{ sheet: boolean, touch: boolean }} Browser `sheet`: it has a share sheet for pages; `touch`: a finger is its main
 * pointer, as on a phone or a tablet
 * @typedef {{ size: number, path: string }} Picture a QR code: side length in modules, and the dark ones as an SVG path
 * @typedef {{ contact: string, link: string, came: number, picture: Picture | null }} Qr `picture`: none while it is being
 * drawn; `came`: how far somebody had come by the link when it was asked for
 */

/** Side lengths of a QR code, quiet zone and all. Outside of these it is none. */
const SMALLEST = 21;
const LARGEST = 185;
/** Characters of the path: many times what a link needs, and nothing that a browser takes long over. */
const LONGEST_PATH = 60000;

/**
 * What the browser can do, asked at each drawing: a tablet may have got a mouse.
 * @param {{ isSecureContext: boolean, navigator: object, matchMedia: (query: string) => { matches: boolean } }} window
 * @returns {Browser}
 */
export function sharingIn(window) {
  return {
    sheet: window.isSecureContext && "share" in window.navigator,
    touch: window.matchMedia("(pointer: coarse)").matches,
  };
}

/**
 * What is offered beside copying, in the order it stands there. A laptop has no messages of its own: there the text
 * message would lead nowhere.
 * @typedef {"share" | "text-link" | "show-qr" | "hide-qr"} Way an action
 * @param {Browser} browser @param {boolean} drawn the QR code is there already @param {boolean} typed there is no link to be drawn
 * @returns {Way[]}
 */
export function offered({ sheet, touch }, drawn, typed) {
  /** @type {Way[]} */
  const all = [];
  if (sheet) all.push("share");
  if (touch) all.push("text-link");
  // In the same place: nothing moves between the two presses.
  if (!typed) all.push(drawn ? "hide-qr" : "show-qr");
  return all;
}

/** Whether it is a code to be typed, and no link. @param {string} link */
export function isTyped(link) {
  return link.indexOf("#") < 0;
}

/** Sentences to choose from for what goes with the link: they tell as little as each other. */
export const WORDINGS = ["desk.share.wording.1", "desk.share.wording.2", "desk.share.wording.3"];

/**
 * What goes out with the link: as their plan says, or the same few words as to everyone. Whoever reads it on a locked screen learns
 * only that there is a call.
 * @param {T} t @param {string} link @param {{ place: string, wording?: string | null }} with_ where a code is typed; as agreed with them
 */
export function wordsWith(t, link, { place, wording = null }) {
  if (isTyped(link)) return wording ? `${wording} ${place} ${link}` : t("desk.code.words", { place, code: link });
  return wording ? `${wording} ${link}` : t("desk.share.words", { link });
}

/** @param {import("./model.js").Model} model @param {ContactView | undefined} view @returns {string | null} */
export function wordingFor(model, view) {
  const person = personOf(model, view);
  return (person && person.plan.wording) || null;
}

/**
 * The phone's own messages with the words written already. Nobody's number stands in it: whom it goes to is chosen there, and
 * known here never. `?&` because iPhones look for `&body` and others for `?body`.
 * @param {string} words
 */
export function messageAddress(words) {
  return `sms:?&body=${encodeURIComponent(words)}`;
}

/**
 * Opens the share sheet. Only at a press: browsers refuse it otherwise.
 * @param {{ share: (data: { text: string }) => Promise<void> }} navigator @param {string} text the link stands in it; given
 * apart as well, some programs show it twice and others leave the words out
 * @returns {Promise<boolean>} false where it failed; closing the sheet again is no failure
 */
export async function openSheet(navigator, text) {
  try {
    await navigator.share({ text });
    return true;
  } catch (error) {
    return Boolean(error) && /** @type {Error} */ (error).name === "AbortError";
  }
}

/** What the service needs to see to draw the link: all that stands behind the #. @param {string} link */
export function tokenIn(link) {
  return link.slice(link.indexOf("#") + 1);
}

/**
 * The picture in the service's answer. Only what can be nothing but squares goes on the page.
 * @param {any} data @returns {Picture | null}
 */
export function pictureIn(data) {
  if (!data || typeof data.path !== "string" || data.path.length > LONGEST_PATH) return null;
  if (!Number.isInteger(data.size) || data.size < SMALLEST || data.size > LARGEST) return null;
  return /^M[0-9Mhvz -]+z$/.test(data.path) ? { size: data.size, path: data.path } : null;
}

/**
 * Whether the QR code may go on standing there. It is a link that can be taken from across a room: it goes with its link, with
 * its contact, and once somebody comes further by it: a white square would light a face in the conversation too.
 * @param {Qr} qr @param {import("./model.js").Model} model @param {ContactView | undefined} view
 */
export function mayStand(qr, model, view) {
  const open = model.form || model.safety ? null : model.picked || (model.talk && model.talk.contact);
  if (!view || view.ended !== null || open !== qr.contact || model.line === "over") return false;
  return model.links[qr.contact] === qr.link && howFar(view) <= qr.came;
}

/** How far somebody has come: 1 to the door, 2 inside. @param {ContactView} view */
export function howFar(view) {
  if (inside(view)) return 2;
  return atTheDoor(view).length ? 1 : 0;
}

/** The service has seen the link there is now, as it must to draw it. @param {ContactView} view */
export function isKnown(view) {
  return view.link && view.link_known;
}
