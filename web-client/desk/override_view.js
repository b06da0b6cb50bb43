// The form by which an administrator passes over a plan's refusal, for a while and with a reason.

import { make } from "../parts/dom.js";
import { LONGEST, PASSABLE, SPANS } from "./override.js";
import { button, field, select } from "./pieces.js";

/** @param {import("./model.js").Model} model */
export function overrideView(model) {
  const { t, overriding } = model;
  return make("details", { class: "override", "data-key": "override" }, [
    make("summary", { text: t("desk.override") }),
    make("p", { class: "hint", text: t("desk.override.hint") }),
    make("form", { "data-form": "override", novalidate: true, autocomplete: "off" }, [
      make("div", { class: "grid" }, [
        field({ t, name: "number", label: t("desk.override.number"), hint: t("desk.override.number.hint"), extra: "wide", attributes: { maxlength: "60" } }),
        select({ name: "way", label: t("desk.override.channel"), options: PASSABLE.map((one) => [one, t(`desk.channel.${one}`)]) }),
        select({ name: "span", label: t("desk.override.minutes"), options: SPANS.map((one) => [String(one), t("desk.override.hours", { count: one / 60 })]) }),
        field({ t, name: "why", label: t("desk.override.why"), hint: t("desk.override.why.hint"), tag: "textarea", extra: "wide", attributes: { maxlength: String(LONGEST), rows: "2" } }),
      ]),
      make("p", { class: overriding && overriding.wrong ? "mistake" : "hint", role: "status", text: overriding ? overriding.says : "" }),
      make("div", { class: "row" }, [
        button(model, "allow", t("desk.override.do"), { main: true, type: "submit", key: false }),
        button(model, "withdraw-override", t("desk.override.withdraw"), { key: false }),
      ]),
    ]),
  ]);
}
