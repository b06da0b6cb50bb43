// The form of a practitioner's own hours, in the place of a contact.

import { make } from "../parts/dom.js";
import { MOST_AWAY, MOST_SPANS } from "./hours.js";
import { button, field } from "./pieces.js";

/**
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("./hours.js").MyHours} MyHours
 */

/** @param {Model} model @param {MyHours} my */
export function hoursView(model, my) {
  const { t } = model;
  return make("section", { class: "form-view", "aria-labelledby": "hours-head", "data-key": "hours" }, [
    make("div", { class: "contact-head" }, [make("h2", { id: "hours-head", tabindex: "-1", text: t("desk.hours") })]),
    make("p", { class: "hint", text: t("desk.hours.hint") }),
    make("p", { class: "mistake problem", id: "hours-problem", tabindex: "-1", hidden: !my.problem || my.at !== "", text: my.problem }),
    make("p", { role: "status", text: my.says }),
    my.draft ? formOf(model, my, my.draft) : unread(model, my),
  ]);
}

/** @param {Model} model @param {MyHours} my */
function unread(model, { problem }) {
  const { t } = model;
  if (!problem) return make("p", { class: "soft", text: t("desk.sessions.loading") });
  return make("div", { class: "row" }, [button(model, "hours", t("desk.hours.again"), { main: true, key: false }), closing(model)]);
}

/** @param {Model} model */
const closing = (model) => button(model, "hours-close", model.t("desk.safety.close"), { key: false });

/** @param {Model} model @param {MyHours} my @param {import("./hours.js").Draft} draft */
function formOf(model, my, { days, away }) {
  const { t } = model;
  // Filled anew by something else than typing, it is another form: what was typed would stay otherwise.
  return make("form", { "data-form": "hours", novalidate: true, autocomplete: "off", "data-key": `hours-${my.drawn}` }, [
    make("div", { class: "hours-days" }, days.map((rows, day) => dayView(model, my, rows, day))),
    make("fieldset", { class: "hours-away" }, [
      make("legend", { text: t("desk.hours.away") }),
      make("p", { class: "hint", text: t("desk.hours.away.hint") }),
      ...away.map((_, at) => awayView(model, my, away, at)),
      button(model, "hours-add-away", t("desk.hours.away.add"), { small: true, key: false, disabled: away.length >= MOST_AWAY }),
    ]),
    make("p", { class: "hint", text: t("desk.form.zone", { zone: my.zone.replace(/_/g, " ") }) }),
    make("div", { class: "row form-end" }, [
      button(model, "save-hours", t(my.busy ? "desk.form.saving" : "desk.form.save"), { main: true, type: "submit", key: false, disabled: my.busy }),
      ...(my.before ? [button(model, "hours-undo", t("desk.hours.undo"), { key: false, disabled: my.busy })] : []),
      closing(model),
    ]),
  ]);
}

/** @param {Model} model @param {MyHours} my @param {import("./hours.js").Row[]} rows @param {number} day */
function dayView(model, my, rows, day) {
  const { t } = model;
  const name = t(`desk.day.${day}`);
  const data = { day: String(day) };
  const time = (/** @type {"from" | "until"} */ end, /** @type {number} */ at) =>
    field({
      t,
      name: `${end}-${day}-${at}`,
      label: t(`desk.safety.${end}`),
      value: rows[at][end],
      wrong: end === "from" && at === 0 && my.at === `day-${day}` ? { key: "", text: my.problem } : undefined,
      attributes: { type: "time" },
    });
  return make("fieldset", { "data-key": `day-${day}` }, [
    make("legend", { text: name }),
    ...rows.map((_, at) => make("div", { class: "pair", "data-key": `row-${at}` }, [time("from", at), time("until", at)])),
    make("div", { class: "row", "data-key": "more" }, [
      ...(rows.length < MOST_SPANS
        ? [button(model, "hours-add", t("desk.hours.add"), { small: true, plain: true, key: false, data, label: t("desk.hours.add.to", { day: name }) })]
        : []),
      ...(day === 0 ? [button(model, "hours-same", t("desk.hours.same"), { small: true, key: false })] : []),
    ]),
  ]);
}

/** @param {Model} model @param {MyHours} my @param {import("./hours.js").Draft["away"]} away @param {number} at */
function awayView(model, my, away, at) {
  const { t } = model;
  const date = (/** @type {"from" | "to"} */ end) =>
    field({
      t,
      name: `away-${end}-${at}`,
      label: t(`desk.hours.away.${end}`),
      value: away[at][end],
      wrong: end === "from" && at === 0 && my.at === "away" ? { key: "", text: my.problem } : undefined,
      attributes: { type: "date" },
    });
  return make("div", { class: "pair", "data-key": `away-${at}` }, [
    date("from"),
    date("to"),
    button(model, "hours-drop-away", t("desk.hours.away.drop"), { small: true, plain: true, key: false, data: { at: String(at) }, label: t("desk.hours.away.drop.of", { count: at + 1 }) }),
  ]);
}

/** What stands in the form now. @param {HTMLFormElement} form @param {import("./hours.js").Draft} draft how many there are of each @returns {import("./hours.js").Draft} */
export function readHours(form, { days, away }) {
  const one = (/** @type {string} */ name) => {
    const input = /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
    // Half of a time, or none, reads as empty: it is none all the same.
    return input.validity.badInput ? "?" : input.value;
  };
  return {
    days: days.map((rows, day) => rows.map((_, at) => ({ from: one(`from-${day}-${at}`), until: one(`until-${day}-${at}`) }))),
    away: away.map((_, at) => ({ from: one(`away-from-${at}`), to: one(`away-to-${at}`) })),
  };
}
