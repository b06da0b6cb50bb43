// The desk's own cover, for a practitioner who works where others come in. One key, and nothing of anybody stands on the screen.
//
// The other side must notice nothing: the conversation goes on as it was, the own microphone and camera too, their picture is
// still asked for, and the cover is as light as the desk, so that no face changes by it. Their voice goes on as well: it was in
// the room already, and a missed word weighs more. Where it shouldn't be heard, it is one press on the cover.

import { make } from "../parts/dom.js";
import { isAttending } from "./attention_view.js";
import { howManyWait } from "./contacts.js";
import { button } from "./pieces.js";

/** @typedef {import("./model.js").Model} Model */

/** What this tab remembers it by: a desk that is loaded again is as covered as it was. */
const KEPT = "sidelight.desk.covered";

/** @returns {boolean} */
export function wasCovered() {
  try {
    return sessionStorage.getItem(KEPT) !== null;
  } catch (_) {
    return false;
  }
}

/** @param {boolean} covered */
export function keepCovered(covered) {
  try {
    if (covered) sessionStorage.setItem(KEPT, "yes");
    else sessionStorage.removeItem(KEPT);
  } catch (_) {
    // A browser that keeps nothing: it holds for this page.
  }
}

/**
 * Whether the practitioner should look under the cover: an alarm, another browser, a knock, a message, a line that is lost. The
 * cover says the same of all of them: which it is, is for their eyes alone.
 * @param {Model} model
 */
export function wantsALook(model) {
  if (isAttending(model) || howManyWait(model.known) > 0 || Object.values(model.unread).some((count) => count > 0)) return true;
  const view = model.talk ? model.known.contacts[model.talk.contact] : undefined;
  return Boolean(view && view.people.some((one) => one.stage.name === "in" && one.lost !== null));
}

/** @param {Model} model @param {boolean} hushed their voice is off in this room */
export function coverView(model, hushed) {
  const { t, talk } = model;
  return make("section", { id: "cover", hidden: !model.covered, "aria-label": t("desk.cover.title") }, [
    make("h1", { tabindex: "-1", "data-key": "head", text: t("desk.cover.title") }),
    make("p", { class: "someone", "data-key": "someone", hidden: !wantsALook(model) }, [
      make("i", { class: "dot", "aria-hidden": "true" }),
      make("span", { text: t("desk.cover.someone") }),
    ]),
    make("div", { class: "row", "data-key": "do" }, [
      button(model, "cover", t("desk.cover.back"), { small: true }),
      ...(talk ? [button(model, "hush", t(hushed ? "desk.cover.sound_on" : "desk.cover.sound_off"), { small: true, plain: true })] : []),
    ]),
  ]);
}
