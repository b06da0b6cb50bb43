// What each press about the sealing does.

import { thread } from "./model.js";

/** @typedef {{ contact?: string, person?: string }} Data */

/** @param {import("./desk.js").Desk} desk */
export function sealActionsOf(desk) {
  /** @param {Data} data */
  const sealing = ({ contact = "", person = "" }) => desk.threadWith(contact, person).sealing;

  return {
    /** @param {Data} data */
    compare({ contact = "", person = "" }) {
      desk.changed({ comparing: thread(contact, person) });
      desk.focusSoon('[data-do="words-same"]');
    },
    "compare-later"() {
      desk.changed({ comparing: "" });
      desk.focusSoon('[data-do="compare"]');
    },
    /** @param {Data} data */
    "words-same"(data) {
      sealing(data).compared(true);
      desk.changed({ comparing: "" });
    },
    /** Nobody goes on with somebody in between: what is on stops at once. @param {Data} data */
    "words-differ"(data) {
      const view = data.contact && desk.view(data.contact);
      sealing(data).compared(false);
      if (view) desk.conversation.halt(view);
      desk.changed({ comparing: "" });
      desk.focusSoon('[data-do="seal-again"]');
    },
    /** @param {Data} data */
    "seal-again"(data) {
      desk.conversation.unhalt();
      sealing(data).again();
      desk.conversation.see(Object.values(desk.model.known.contacts));
    },
    /** The link wasn't made in this browser after all: then two words have to do. @param {Data} data */
    "made-elsewhere"(data) {
      desk.secrets.keep(data.contact || "", null);
      sealing(data).again();
    },
  };
}
