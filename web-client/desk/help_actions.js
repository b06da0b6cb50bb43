// What each press on where help would go does.

import { problemSays } from "./account.js";
import { call } from "./api.js";
import { withHelp } from "./help.js";

/** @param {import("./desk.js").Desk} desk */
export function helpActionsOf(desk) {
  const { model } = desk;
  return {
    /** @param {{ contact?: string }} data */
    "change-help"({ contact = "" }) {
      desk.changed({ helping: contact });
      desk.focusSoon("#field-help");
    },
    /** @param {HTMLFormElement} form */
    async saveHelp(form) {
      const { contact = "" } = form.dataset;
      const input = /** @type {HTMLInputElement} */ (form.elements.namedItem("help"));
      const help = input.value.trim() || null;
      const reply = await call("PUT", `/api/contacts/${encodeURIComponent(contact)}/help`, { help });
      if (!reply.ok) {
        const notice = problemSays(model.t, reply.problem);
        desk.announce(notice);
        return desk.changed({ notice });
      }
      const known = Object.assign({}, model.known, { contacts: withHelp(model.known.contacts, contact, help) });
      const here = document.activeElement !== null && form.contains(document.activeElement);
      desk.changed({ known, helping: null, notice: "" });
      // Whoever went on to the conversation meanwhile stays there.
      if (here) desk.focusSoon(help ? '[data-do="change-help"]' : "#field-help");
    },
  };
}
