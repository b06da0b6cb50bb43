// Where help would go, beside their conversation: a field, and a calm line while nothing stands in it.

import { make } from "../parts/dom.js";
import { helpStands, LONGEST } from "./help.js";
import { button, field } from "./pieces.js";

/** @param {import("./model.js").Model} model @param {import("./model.js").ContactView} view */
export function helpView(model, view) {
  const { t } = model;
  const stands = helpStands(view, model.helping);
  if (stands === "none") return make("section", { hidden: true, "data-key": "no-help" });
  const help = view.details.help || "";
  if (stands === "known") {
    return make("section", { class: "help-panel", "data-key": "help-known" }, [
      make("div", { class: "section-head" }, [
        make("h3", { text: t("desk.help") }),
        button(model, "change-help", t("desk.help.change"), {
          plain: true,
          small: true,
          key: false,
          disabled: view.ended !== null,
          data: { contact: view.id },
        }),
      ]),
      make("p", { class: "where", text: help }),
    ]);
  }
  return make("section", { class: `help-panel${help ? "" : " unknown"}`, "data-key": `help-${view.id}` }, [
    make("form", { "data-form": "help", "data-contact": view.id, novalidate: true, autocomplete: "off" }, [
      field({
        t,
        name: "help",
        label: t("desk.help"),
        hint: t(help ? "desk.help.hint" : "desk.help.unknown"),
        value: help,
        attributes: { maxlength: String(LONGEST) },
        after: make("button", { type: "submit", text: t("desk.help.save") }),
      }),
    ]),
  ]);
}
