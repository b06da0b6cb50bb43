// The part of a contact's form that says when: now, or at a time, and how often.

import { make } from "../parts/dom.js";
import { field, select } from "./pieces.js";
import { EVERY, MOST_TIMES } from "./plan.js";
import { isOutside } from "./safety.js";
import { momentOf } from "./zones.js";

/** @typedef {(name: string) => { key: string, vars?: Record<string, number> } | undefined} WrongOf */

/** @param {import("./model.js").Model} model @param {import("./model.js").Form} form @param {WrongOf} wrong */
export function whenView(model, form, wrong) {
  const { t, clock } = model;
  const { plan } = form;
  const later = plan.when === "later";
  const asked = form.kind === "new" && !form.day;
  const date = field({ t, name: "date", label: t("desk.form.date"), value: plan.date, wrong: wrong("date"), attributes: { type: "date" } });
  const time = field({ t, name: "time", label: t("desk.form.time"), value: plan.time, wrong: wrong("time"), attributes: { type: "time" } });
  return make("fieldset", { class: "when-set wide" }, [
    make("legend", { text: t("desk.form.when") }),
    asked
      ? make("div", { class: "choices" }, [
          choice("when", "now", t("desk.form.when.now"), !later),
          choice("when", "later", t("desk.form.when.later"), later),
        ])
      : make("input", { type: "hidden", name: "when", value: "later" }),
    // Where the day was chosen already, the time is what comes next.
    make("div", { class: "pair", hidden: !later }, form.day ? [time, date] : [date, time]),
    ...(later && isOutside(model.people, plan.about, momentOf(plan.date, plan.time, clock.zone))
      ? [make("p", { class: "caution", role: "status", "data-key": "outside", text: t("desk.form.outside") })]
      : []),
    make("p", { class: "hint", hidden: !later, "data-key": "zone", text: t("desk.form.zone", { zone: clock.zone.replace(/_/g, " ") }) }),
    ...(form.kind === "new" ? [oftenView(model, plan, later, wrong)] : []),
  ]);
}

/** @param {import("./model.js").Model} model @param {import("./plan.js").Plan} plan @param {boolean} later @param {WrongOf} wrong */
function oftenView({ t }, plan, later, wrong) {
  /** @type {[string, string][]} */
  const options = [["", t("desk.form.every.once")]];
  for (const every of EVERY) options.push([every, t(`desk.form.every.${every}`)]);
  return make("div", { class: "pair", hidden: !later, "data-key": "often" }, [
    select({ name: "every", label: t("desk.form.every"), options, chosen: plan.every }),
    make("div", { hidden: !plan.every }, [
      field({
        t,
        name: "times",
        label: t("desk.form.times"),
        hint: t("desk.form.times.hint", { most: MOST_TIMES }),
        value: plan.times,
        wrong: wrong("times"),
        extra: "short",
        attributes: { inputmode: "numeric", maxlength: "2" },
      }),
    ]),
  ]);
}

/** @param {string} name @param {string} value @param {string} label @param {boolean} checked @param {string} [type] */
export function choice(name, value, label, checked, type = "radio") {
  const id = `field-${name}-${value}`;
  return make("span", { class: "choice" }, [make("input", { type, id, name, value, checked }), make("label", { for: id, text: label })]);
}
