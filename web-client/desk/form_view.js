// The form of a contact, new or changed. A reference and Enter is enough; everything else may stay as it is.

import { make } from "../parts/dom.js";
import { nobodyElse } from "./duty.js";
import { LONGEST, WAYS } from "./plan.js";
import { button, field, outOfSight, select, tick } from "./pieces.js";
import { weaknessOf } from "./safe_word.js";
import { choice, whenView } from "./when_view.js";

/** @param {import("./model.js").Model} model @param {import("./model.js").Form} form */
export function formView(model, form) {
  const { t } = model;
  const { plan } = form;
  const wrong = (/** @type {string} */ name) => form.wrong.find((one) => one.field === name);
  const text = (
    /** @type {"reference" | "greeting" | "practitioner" | "word"} */ name,
    /** @type {string} */ extra = "",
    /** @type {string} */ hint = "",
    /** @type {string} */ caution = "",
  ) =>
    field({
      t,
      name,
      label: t(`desk.form.${name}`),
      hint: hint || undefined,
      caution: caution || undefined,
      value: plan[name],
      wrong: wrong(name),
      extra,
      attributes: { maxlength: String(LONGEST[name]), required: name === "reference" },
    });
  const weakness = weaknessOf(plan.word);
  // What the person's own plan says isn't said here once more.
  const theirs = (/** @type {HTMLElement[]} */ fields) => {
    for (const one of fields) if (plan.about) one.hidden = true;
    return fields;
  };
  return make("section", { class: "form-view", "aria-labelledby": "form-head", "data-key": `form-${form.kind}-${form.id || ""}` }, [
    make("div", { class: "contact-head" }, [
      make("h2", { id: "form-head", tabindex: "-1", text: t(form.kind === "new" ? "desk.form.new" : "desk.form.edit") }),
    ]),
    make("form", { "data-form": "plan", novalidate: true, autocomplete: "off" }, [
      ...(form.problem
        ? [make("p", { class: "mistake problem", id: "form-problem", tabindex: "-1", "data-key": "problem", text: form.problem })]
        : []),
      make("div", { class: "grid" }, [
        text("reference", "wide", t("desk.form.reference.hint")),
        ...(model.people.length ? [whose(model, plan)] : []),
        whenView(model, form, wrong),
        text("greeting", "", t("desk.form.greeting.hint")),
        text("practitioner", "", t("desk.form.practitioner.hint")),
        make("div", { class: "minutes-set" }, [
          field({
            t,
            name: "minutes",
            label: t("desk.form.minutes"),
            value: plan.minutes,
            wrong: wrong("minutes"),
            extra: "short",
            attributes: { inputmode: "numeric", maxlength: "3" },
          }),
        ]),
        ways(model, plan, wrong("ways")),
        ...theirs([
          outOfSight(t, plan.when_hidden),
          tick("signing", t("desk.form.signing"), plan.signing, t("desk.form.signing.hint")),
          tick("by_code", t("desk.form.by_code"), plan.by_code, t("desk.form.by_code.hint")),
          tick("rings", t("desk.form.rings"), plan.rings, t("desk.form.rings.hint")),
          numberView(model, plan, wrong("number")),
        ]),
        field({
          t,
          name: "waiting_words",
          label: t("desk.form.waiting_words"),
          hint: t("desk.form.waiting_words.hint"),
          value: plan.waiting_words,
          wrong: wrong("waiting_words"),
          extra: "wide",
          attributes: { maxlength: String(LONGEST.waiting_words) },
        }),
        ...theirs([
          text("word", "", t("desk.form.word.hint"), weakness ? t(`desk.form.word.${weakness}`) : ""),
          field({
            t,
            name: "response",
            label: t("desk.form.response"),
            hint: t("desk.form.response.hint"),
            tag: "textarea",
            value: plan.response,
            wrong: wrong("response"),
            attributes: { maxlength: String(LONGEST.response), rows: "1" },
          }),
          make("p", { class: "hint wide", text: t("desk.know.word.looked_for") }),
          ...(nobodyElse(model.duty) ? [make("p", { class: "caution wide nobody", text: t("desk.supervisor.nobody") })] : []),
        ]),
      ]),
      make("div", { class: "row form-end" }, [
        button(model, "save", t(form.saving ? "desk.form.saving" : form.kind === "new" ? "desk.form.save_new" : "desk.form.save"), {
          main: true,
          type: "submit",
          key: false,
          disabled: form.saving,
        }),
        button(model, "cancel", t("desk.form.cancel")),
      ]),
    ]),
  ]);
}

/** Whose plan holds in this contact. @param {import("./model.js").Model} model @param {import("./plan.js").Plan} plan */
function whose({ t, people }, plan) {
  /** @type {[string, string][]} */
  const none = [["", t("desk.form.about.none")]];
  const options = none.concat(people.map((one) => [one.id, one.plan.reference]));
  return select({ name: "about", label: t("desk.form.about"), hint: t("desk.form.about.hint"), options, chosen: plan.about, extra: "wide" });
}

/** @param {import("./model.js").Model} model @param {import("./plan.js").Plan} plan @param {{ key: string } | undefined} wrong */
function ways(model, plan, wrong) {
  const { t } = model;
  return make("fieldset", { class: "ways-set", "aria-describedby": wrong ? "field-ways-wrong" : undefined }, [
    make("legend", { text: t("desk.form.ways") }),
    ...(wrong ? [make("p", { id: "field-ways-wrong", class: "mistake", text: t(wrong.key) })] : []),
    make(
      "div",
      { class: "choices" },
      WAYS.map((way) => choice("ways", way, t(`desk.way.${way}`), plan.ways.indexOf(way) >= 0, "checkbox")),
    ),
  ]);
}

/** What is rung, where somebody may be. @param {import("./model.js").Model} model @param {import("./plan.js").Plan} plan @param {{ key: string, vars?: Record<string, number> } | undefined} wrong */
function numberView({ t }, plan, wrong) {
  return make("div", { class: "wide", hidden: !plan.rings }, [
    field({
      t,
      name: "number",
      label: t("desk.form.number"),
      hint: t("desk.form.number.hint"),
      value: plan.number,
      wrong,
      attributes: { maxlength: String(LONGEST.number) },
    }),
  ]);
}

/** What stands in the form now. @param {HTMLFormElement} form @returns {import("./plan.js").Plan} */
export function readPlan(form) {
  const data = new FormData(form);
  const one = (/** @type {string} */ name) => String(data.get(name) || "");
  const hidden = one("when_hidden");
  return {
    reference: one("reference"),
    greeting: one("greeting"),
    practitioner: one("practitioner"),
    when: one("when") === "now" ? "now" : "later",
    date: one("date"),
    time: one("time"),
    minutes: one("minutes"),
    ways: data.getAll("ways").map(String),
    waiting_words: one("waiting_words"),
    word: one("word"),
    response: one("response"),
    when_hidden: hidden === "quiet" || hidden === "voice" ? hidden : "rule",
    rings: one("rings") === "yes",
    number: one("number"),
    signing: one("signing") === "yes",
    by_code: one("by_code") === "yes",
    about: one("about"),
    every: one("every"),
    times: one("times"),
  };
}
