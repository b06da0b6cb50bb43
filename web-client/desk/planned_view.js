// What can be done about a contact that is planned: another time, calling it off, into a calendar.

import { make } from "../parts/dom.js";
import { isCalledOff } from "./calendar.js";
import { askedOnce, button, field } from "./pieces.js";
import { sendOffButton, sendingView, wordsOff } from "./sending_view.js";

/**
 * @typedef {import("./model.js").Model} Model @typedef {import("./model.js").ContactView} ContactView
 * @typedef {{ contact: string, date: string, time: string, and_after: boolean, wrong: { field: string, key: string }[], problem: string,
 *   saving: boolean }} Moving
 * @typedef {{ contact: string, and_after: boolean }} CallingOff it goes on its way in a moment
 */

/** @param {Model} model @param {ContactView} view */
export function plannedView(model, view) {
  const { t, asking, moving, callingOff } = model;
  const data = { contact: view.id };
  if (view.ended !== null) return isCalledOff(view) ? calledOff(model, view) : [];
  if (callingOff && callingOff.contact === view.id) return [goingView(model)];
  if (moving && moving.contact === view.id) return [moveView(model, view, moving)];
  if (asking && asking.what === "call-off" && asking.contact === view.id) return [askView(model, view)];
  return [
    make("div", { class: "row planned-row", "data-key": "planned" }, [
      button(model, "move-time", t("desk.planned.move"), { data, small: true, key: false }),
      button(model, "call-off", t("desk.planned.off"), { data, small: true, key: false }),
      ...files(model, view),
    ]),
  ];
}

/** @param {Model} model @param {ContactView} view */
function files(model, view) {
  const { t } = model;
  const address = `/api/contacts/${encodeURIComponent(view.id)}/calendar${model.settings.calendar_reference ? "?reference=true" : ""}`;
  return [
    make("a", { class: "button small", href: address, download: "calendar.ics", text: t("desk.planned.file.own") }),
    button(model, "file-invited", t("desk.planned.file.invited"), { data: { contact: view.id }, small: true, key: false }),
  ];
}

/** @param {Model} model @param {ContactView} view @param {Moving} moving */
function moveView(model, view, moving) {
  const { t, clock } = model;
  const wrong = (/** @type {string} */ name) => moving.wrong.find((one) => one.field === name);
  return make("form", { class: "panel move-form", "data-form": "move", novalidate: true, autocomplete: "off", "data-key": "moving" }, [
    make("h3", { text: t("desk.planned.move.head") }),
    ...(moving.problem ? [make("p", { class: "mistake problem", id: "move-problem", tabindex: "-1", "data-key": "problem", text: moving.problem })] : []),
    make("div", { class: "pair" }, [
      field({ t, name: "date", label: t("desk.form.date"), value: moving.date, wrong: wrong("date"), attributes: { type: "date" } }),
      field({ t, name: "time", label: t("desk.form.time"), value: moving.time, wrong: wrong("time"), attributes: { type: "time" } }),
    ]),
    make("p", { class: "hint", text: t("desk.form.zone", { zone: clock.zone.replace(/_/g, " ") }) }),
    ...scope(model, view),
    make("div", { class: "row" }, [
      button(model, "save-move", t(moving.saving ? "desk.form.saving" : "desk.planned.move.yes"), { main: true, small: true, type: "submit", key: false, disabled: moving.saving }),
      button(model, "keep-time", t("desk.planned.move.no"), { small: true, key: false }),
    ]),
  ]);
}

/** Of a contact that was planned together with others: which are meant. @param {Model} model @param {ContactView} view */
function scope({ t, series }, view) {
  if (!series[view.id]) return [];
  const choice = (/** @type {string} */ value, /** @type {boolean} */ checked) => {
    const id = `field-scope-${value}`;
    return make("span", { class: "choice" }, [
      make("input", { type: "radio", id, name: "scope", value, checked }),
      make("label", { for: id, text: t(`desk.planned.scope.${value}`) }),
    ]);
  };
  return [
    make("fieldset", { "data-key": "scope" }, [
      make("legend", { text: t("desk.planned.scope") }),
      make("div", { class: "choices" }, [choice("one", true), choice("after", false)]),
    ]),
  ];
}

/** @param {Model} model @param {ContactView} view */
function askView(model, view) {
  const { t } = model;
  return make("form", { "data-form": "call-off", "data-contact": view.id, "data-key": "calling-off" }, [
    askedOnce(model, {
      key: "ask-call-off",
      question: t("desk.planned.off.ask"),
      yes: button(model, "call-off-now", t("desk.planned.off.yes"), { main: true, type: "submit", key: false }),
      no: t("desk.planned.off.no"),
    }),
    ...scope(model, view),
    make("p", { class: "hint", text: t("desk.planned.off.hint") }),
  ]);
}

/** Nothing has happened yet, so it can be undone. @param {Model} model */
function goingView(model) {
  const { t } = model;
  return make("div", { class: "asked", role: "status", "data-key": "going" }, [
    make("p", { text: t("desk.planned.off.going") }),
    make("div", { class: "row" }, [button(model, "undo-call-off", t("desk.planned.off.undo"), { main: true })]),
  ]);
}

/** What to tell them, from here or from one's own phone or email. It says nothing that a bystander could make anything of. @param {Model} model @param {ContactView} view */
function calledOff(model, view) {
  const { t } = model;
  return [
    make("div", { class: "panel", "data-key": "called-off" }, [
      make("h3", { text: t("desk.planned.off.message") }),
      make("p", { class: "hint", text: t("desk.planned.off.message.hint") }),
      make("p", { class: "message", id: "off-message", text: wordsOff(model, view) }),
      make("div", { class: "row" }, [
        ...sendOffButton(model, view),
        button(model, "copy-off", t(model.copied === `off ${view.id}` ? "desk.link.copied" : "desk.planned.off.copy"), { data: { contact: view.id }, small: true, key: false }),
        ...files(model, view),
      ]),
      ...sendingView(model, view, undefined),
    ]),
  ];
}
