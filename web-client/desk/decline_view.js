// "Can't talk now": why, for the practitioner's own record, and whether the link goes too. Asked once, in place.

import { make } from "../parts/dom.js";
import { button } from "./pieces.js";

/** @type {import("../parts/protocol").Reason[]} */
const REASONS = ["not_now", "not_them", "not_safe", "other"];

/** Someone else came by this link: it is finished, unless the practitioner says otherwise. @param {string} reason */
export const stopsLink = (reason) => reason === "not_them";

/** @param {import("./model.js").Model} model @param {{ contact: string, person: string }} data */
export function declineView(model, data) {
  const { t } = model;
  const about = { "data-form": "decline", "data-contact": data.contact, "data-person": data.person };
  return make("form", Object.assign({ class: "asked decline", "data-key": "decline" }, about), [
    make("fieldset", {}, [
      make("legend", { text: t("desk.decline.ask") }),
      make(
        "div",
        { class: "choices" },
        REASONS.map((reason, at) =>
          make("span", { class: "choice" }, [
            make("input", { type: "radio", id: `reason-${reason}`, name: "reason", value: reason, checked: at === 0 }),
            make("label", { for: `reason-${reason}`, text: t(`desk.decline.${reason}`) }),
          ]),
        ),
      ),
    ]),
    make("div", { class: "tick" }, [
      make("input", { type: "checkbox", id: "field-block", name: "block" }),
      make("label", { for: "field-block", text: t("desk.decline.block") }),
    ]),
    make("p", { class: "hint", text: t("desk.decline.told") }),
    make("div", { class: "row" }, [
      button(model, "decline-now", t("desk.decline.yes"), { main: true, type: "submit", key: false }),
      button(model, "keep", t("desk.decline.no")),
    ]),
  ]);
}

/** What was chosen. @param {HTMLFormElement} form @returns {{ reason: string, block: boolean }} */
export function readDecline(form) {
  const data = new FormData(form);
  return { reason: String(data.get("reason") || "other"), block: data.get("block") !== null };
}
