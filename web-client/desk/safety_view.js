// A person's safety plan on the desk: whose plans there are, the form of one, and what it says beside their contact.

import { make } from "../parts/dom.js";
import { nobodyElse } from "./duty.js";
import { isAdministrator, personOf } from "./model.js";
import { numberOf } from "./override.js";
import { overrideView } from "./override_view.js";
import { LONGEST } from "./plan.js";
import { button, field, outOfSight, tick } from "./pieces.js";
import { CHANNELS, LONG, safeNow } from "./safety.js";
import { weaknessOf } from "./safe_word.js";
import { WORDINGS } from "./sharing.js";
import { erasedView, subjectView } from "./subject_view.js";

/**
 * @typedef {import("./model.js").Model} Model
 * @typedef {[name: string, value: string, onPress?: boolean]} Fact `onPress`: it stands there on a press only
 */

/** Whose plans are kept, with a way to each. @param {Model} model */
export function peopleView(model) {
  const { t, people } = model;
  const list = people.map(({ id, plan }) =>
    make("li", { "data-key": id }, [button(model, "edit-safety", plan.reference, { data: { person: id }, key: false })]),
  );
  return make("section", { class: "form-view", "aria-labelledby": "people-head", "data-key": "people" }, [
    make("div", { class: "contact-head" }, [make("h2", { id: "people-head", tabindex: "-1", text: t("desk.safety.people") })]),
    make("p", { class: "hint", text: t("desk.safety.people.hint") }),
    list.length ? make("ul", { class: "plain-list" }, list) : make("p", { class: "soft", text: t("desk.safety.people.none") }),
    ...erasedView(model),
    ...heldView(model),
    ...(isAdministrator(model) ? [overrideView(model)] : []),
    make("div", { class: "row form-end" }, [
      button(model, "new-safety", t("desk.safety.new"), { main: true, key: false }),
      button(model, "close-safety", t("desk.safety.close"), { key: false }),
    ]),
  ]);
}

/** What an administrator holds, so that nobody counts on its being gone. @param {Model} model */
function heldView({ t, clock, held }) {
  if (!held.length) return [];
  const line = (/** @type {import("../parts/protocol").HeldThing} */ { subject, reference, ends }) =>
    make("li", { "data-key": subject, text: t("desk.safety.held.line", { reference, day: clock.day(ends) }) });
  return [make("h3", { "data-key": "held-head", text: t("desk.safety.held") }), make("ul", { class: "plain-list", "data-key": "held" }, held.map(line))];
}

/** @param {Model} model @param {import("./model.js").SafetyForm} form */
export function safetyView(model, form) {
  const { t } = model;
  const { safety } = form;
  const wrong = (/** @type {string} */ name) => form.wrong.find((one) => one.field === name);
  const text = (/** @type {any} */ name, /** @type {string} */ hint = "", caution = "") =>
    field({
      t,
      name,
      label: t(name === "word" || name === "response" || name === "reference" || name === "number" ? `desk.form.${name}` : `desk.safety.${name}`),
      hint: hint || undefined,
      caution: caution || undefined,
      value: /** @type {any} */ (safety)[name],
      wrong: wrong(name),
      attributes: { maxlength: String(LONGEST[name] || LONG), required: name === "reference", list: name === "wording" ? "wordings" : undefined },
    });
  const weakness = weaknessOf(safety.word);
  const rings = safety.channels.indexOf("voice") >= 0;
  return make("section", { class: "form-view", "aria-labelledby": "safety-head", "data-key": `safety-${form.id || ""}` }, [
    make("div", { class: "contact-head" }, [
      make("h2", { id: "safety-head", tabindex: "-1", text: t(form.id ? "desk.safety.edit" : "desk.safety.new") }),
    ]),
    make("p", { class: "hint", text: t("desk.safety.hint") }),
    make("form", { "data-form": "safety", novalidate: true, autocomplete: "off" }, [
      ...(form.problem
        ? [make("p", { class: "mistake problem", id: "safety-problem", tabindex: "-1", "data-key": "problem", text: form.problem })]
        : []),
      make("div", { class: "grid" }, [
        text("reference", t("desk.form.reference.hint")),
        field({
          t,
          name: "zone",
          label: t("desk.safety.zone"),
          hint: t("desk.safety.zone.hint"),
          value: safety.zone,
          wrong: wrong("zone"),
          attributes: { maxlength: "60" },
        }),
        choices(t("desk.safety.channels"), "channels", CHANNELS, safety.channels, (one) => t(`desk.channel.${one}`)),
        make("div", { class: "wide", hidden: !rings }, [text("number", t("desk.form.number.hint"))]),
        make("fieldset", { class: "wide" }, [
          make("legend", { text: t("desk.safety.hours") }),
          make("p", { class: "hint", text: t("desk.safety.hours.hint") }),
          ...safety.spans.map((span, index) => spanView(t, span, index, wrong(`from-${index}`))),
        ]),
        text("word", t("desk.form.word.hint"), weakness ? t(`desk.form.word.${weakness}`) : ""),
        ...(nobodyElse(model.duty) ? [make("p", { class: "caution wide nobody", "data-key": "nobody", text: t("desk.supervisor.nobody") })] : []),
        text("spellings", t("desk.safety.spellings.hint")),
        text("response", t("desk.form.response.hint")),
        text("proves_us", t("desk.safety.proves_us.hint")),
        text("proves_them"),
        text("proves_them_answer", t("desk.safety.proves_them_answer.hint")),
        text("if_other"),
        text("if_drops"),
        text("if_exit"),
        text("wording", t("desk.safety.wording.hint")),
        make("datalist", { id: "wordings" }, WORDINGS.map((key) => make("option", { value: t(key) }))),
        outOfSight(t, safety.when_hidden),
        tick("signing", t("desk.form.signing"), safety.signing),
        tick("by_code", t("desk.form.by_code"), safety.by_code, t("desk.form.by_code.hint")),
        tick("early", t("desk.safety.early"), safety.early),
        tick("reminders", t("desk.safety.reminders"), safety.reminders, t("desk.safety.reminders.hint")),
      ]),
      make("div", { class: "row form-end" }, [
        button(model, "save-safety", t(form.saving ? "desk.form.saving" : "desk.form.save"), {
          main: true,
          type: "submit",
          key: false,
          disabled: form.saving,
        }),
        button(model, "people", t("desk.form.cancel"), { key: false }),
        ...(form.id ? [button(model, "go-through", t("desk.card.go_through"), { data: { person: form.id }, key: false })] : []),
        ...(form.id ? [button(model, "erase-safety", t("desk.safety.erase"), { data: { person: form.id }, key: false, plain: true })] : []),
      ]),
    ]),
    ...(form.id ? [subjectView(model, form.id)] : []),
  ]);
}

/** @param {string} legend @param {string} name @param {string[]} all @param {string[]} chosen @param {(one: string) => string} says */
function choices(legend, name, all, chosen, says) {
  return make("fieldset", { class: "wide" }, [
    make("legend", { text: legend }),
    make("div", { class: "choices" }, all.map((one) => box(name, one, says(one), chosen.indexOf(one) >= 0))),
  ]);
}

/** @param {string} name @param {string} value @param {string} label @param {boolean} checked */
function box(name, value, label, checked) {
  const id = `field-${name}-${value}`;
  return make("span", { class: "choice" }, [
    make("input", { type: "checkbox", id, name, value, checked }),
    make("label", { for: id, text: label }),
  ]);
}

/** @param {Model["t"]} t @param {import("./safety.js").Span} span @param {number} index @param {import("./plan.js").Wrong | undefined} wrong */
function spanView(t, span, index, wrong) {
  const time = (/** @type {"from" | "until"} */ name) =>
    field({
      t,
      name: `${name}-${index}`,
      label: t(`desk.safety.${name}`),
      value: span[name],
      wrong: name === "from" ? wrong : undefined,
      attributes: { type: "time" },
    });
  return make("div", { class: "span", "data-key": `span-${index}` }, [
    make("div", { class: "choices" }, ["0", "1", "2", "3", "4", "5", "6"].map((day) => box(`days-${index}`, day, t(`desk.day.${day}`), span.days.indexOf(day) >= 0))),
    make("div", { class: "pair" }, [time("from"), time("until")]),
  ]);
}

/** What was agreed with the person, beside their contact. @param {Model} model @param {import("./model.js").ContactView} view @returns {Fact[]} */
export function agreedFacts(model, view) {
  const { t, clock, now } = model;
  const person = personOf(model, view);
  if (!person) return [];
  const { plan, allowed } = person;
  const safe = safeNow(person).map((channel) => t(`desk.channel.${channel}`));
  /** @type {[string, string | null, boolean?][]} */
  const all = [
    [t("desk.safety.now"), safe.length ? safe.join(", ") : t("desk.safety.now.none")],
    [
      t("desk.override.fact"),
      allowed && t("desk.override.until", { channel: t(`desk.channel.${allowed.channel}`), time: clock.moment(allowed.until, now), reason: allowed.reason }),
    ],
    [t("desk.override.number"), safe.length ? null : numberOf(person.id)],
    [t("desk.safety.proves_us"), plan.proves_us],
    [t("desk.safety.proves_them"), plan.proves_them],
    [t("desk.safety.proves_them_answer"), plan.proves_them_answer, true],
    [t("desk.safety.if_other"), plan.if_other],
    [t("desk.safety.if_drops"), plan.if_drops],
    [t("desk.safety.if_exit"), plan.if_exit],
  ];
  return /** @type {Fact[]} */ (all.filter(([, words]) => words));
}

/** What stands in the form now. @param {HTMLFormElement} form @returns {import("./safety.js").Safety} */
export function readSafety(form) {
  const data = new FormData(form);
  const one = (/** @type {string} */ name) => String(data.get(name) || "");
  const spans = [];
  for (let index = 0; data.has(`from-${index}`); index += 1) {
    spans.push({ days: data.getAll(`days-${index}`).map(String), from: one(`from-${index}`), until: one(`until-${index}`) });
  }
  const hidden = one("when_hidden");
  return {
    reference: one("reference"),
    zone: one("zone"),
    channels: data.getAll("channels").map(String),
    spans,
    number: one("number"),
    word: one("word"),
    spellings: one("spellings"),
    response: one("response"),
    proves_us: one("proves_us"),
    proves_them: one("proves_them"),
    proves_them_answer: one("proves_them_answer"),
    if_other: one("if_other"),
    if_drops: one("if_drops"),
    if_exit: one("if_exit"),
    wording: one("wording"),
    when_hidden: hidden === "quiet" || hidden === "voice" ? hidden : "rule",
    signing: one("signing") === "yes",
    by_code: one("by_code") === "yes",
    early: one("early") === "yes",
    reminders: one("reminders") === "yes",
  };
}
