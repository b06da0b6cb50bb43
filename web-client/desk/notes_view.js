// Notes beside the conversation: the practitioner's alone, kept as they are typed. Nothing of them goes to the other side.

import { make } from "../parts/dom.js";
import { inside } from "./contacts.js";
import { button } from "./pieces.js";
import { LONGEST_NOTES } from "./record_text.js";

/**
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("./model.js").ContactView} ContactView
 */

/** @param {Model} model @param {ContactView} view */
export function notesView(model, view) {
  const { t } = model;
  // On the page of its record they stand already.
  if (model.record && model.record.contact === view.id) return make("section", { hidden: true, "data-key": "no-notes" });
  const met = view.history.some(({ what }) => what === "its_them");
  const up = view.ended !== null || (met && !inside(view));
  return make("section", { class: "notes-panel", "data-key": "notes" }, [
    ...(view.ended === null ? [notesField(model, view.id)] : []),
    ...(up
      ? [
          make("div", { class: "row", "data-key": "write-up" }, [
            button(model, "write-up", t("desk.record.write_up"), { main: true, key: false, data: { contact: view.id } }),
          ]),
        ]
      : []),
  ]);
}

/** @param {Model} model @param {string} contact */
export function notesField(model, contact) {
  const { t } = model;
  const saver = model.notesOf(contact);
  return make("div", { class: "field notes", "data-key": `notes-${saver.loads}` }, [
    make("label", { for: `notes-${contact}`, text: t("desk.record.notes") }),
    make(
      "textarea",
      {
        id: `notes-${contact}`,
        rows: "5",
        maxlength: String(LONGEST_NOTES),
        "data-contact": contact,
        "data-record": "notes",
        "aria-describedby": `notes-${contact}-state`,
        autocomplete: "off",
        disabled: !saver.loaded,
      },
      [saver.written.notes],
    ),
    savedView(model, contact),
  ]);
}

/** Whether what was typed is kept. @param {Model} model @param {string} contact */
export function savedView(model, contact) {
  const { t } = model;
  const { state, loaded } = model.notesOf(contact);
  const says = t(loaded ? `desk.record.state.${state}` : "desk.record.state.loading");
  const data = { contact };
  return make("div", { class: "saved-state", "data-key": "saved" }, [
    make("p", { id: `notes-${contact}-state`, class: state === "saved" || state === "unsaved" ? "hint" : "mistake", text: says }),
    ...(state === "changed"
      ? [
          make("div", { class: "row" }, [
            button(model, "notes-theirs", t("desk.record.theirs"), { key: false, data }),
            button(model, "notes-mine", t("desk.record.mine"), { key: false, data }),
          ]),
        ]
      : []),
  ]);
}
