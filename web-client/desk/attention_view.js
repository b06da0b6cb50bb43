// What needs the practitioner now, whatever they are looking at: the agreed word was used, another browser has a link, an alarm
// of a colleague is with them.
//
// It stands in a place of its own, so that neither the picture nor a control of the conversation moves when it comes; it is
// as light as what stood there before, so that no face is lit by it; and it takes no focus and speaks no word.

import { make } from "../parts/dom.js";
import { stepsView } from "./alarm_steps_view.js";
import { takenByAnother, withAnother } from "./contacts.js";
import { contactOf } from "./model.js";
import { supervisedView } from "./duty_view.js";
import { askedOnce, button } from "./pieces.js";
import { withoutWord } from "./safe_word.js";
import { isHere } from "./says.js";

/**
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("./model.js").ContactView} ContactView
 * @typedef {import("./alarms.js").Alarm} Alarm
 * @typedef {import("../parts/protocol").PersonView} PersonView
 */

/** Whether anything needs the practitioner now. @param {Model} model */
export function isAttending(model) {
  return (
    model.alarms.length > 0 || model.supervised.length > 0 || others(model, withAnother).length > 0 || others(model, takenByAnother).length > 0
  );
}

/** @param {Model} model */
export function attentionView(model) {
  const { t } = model;
  return make(
    "aside",
    { class: "attention", "aria-label": t("desk.attention"), "data-key": "attention", hidden: !isAttending(model) },
    model.alarms
      .map((alarm) => alarmView(model, alarm))
      .concat(model.supervised.map((one) => supervisedView(model, one)))
      .concat(others(model, withAnother).map(({ view, one }) => otherView(model, view, one)))
      .concat(others(model, takenByAnother).map(({ view, one }) => anotherView(model, view, one))),
  );
}

/** @param {Model} model @param {Alarm} alarm */
function alarmView(model, alarm) {
  const { t, clock, now } = model;
  const view = contactOf(model, alarm.contact);
  const one = view && view.people.find(({ id }) => id === alarm.person);
  const { reference, response, word, spellings } = view ? view.details : { reference: "", response: null, word: null, spellings: [] };
  const said = t(`desk.alarm.${alarm.how || "used"}`, { reference, time: clock.moment(alarm.since, now) });
  const data = { contact: alarm.contact, person: alarm.person, matter: "alarm" };
  const { asking } = model;
  const isAsked = asking !== null && asking.what === "handled" && asking.contact === alarm.contact && asking.person === alarm.person;
  const shown = model.talk ? model.talk.contact === alarm.contact : model.picked === alarm.contact && !model.form;
  return make("section", { class: "alarm", "data-key": `alarm-${alarm.contact}-${alarm.person}` }, [
    make("h2", {}, [
      make("i", { class: "sign", "aria-hidden": "true" }),
      make("span", { text: t(one && isHere(one) ? "desk.alarm.head" : "desk.alarm.head.over") }),
    ]),
    // The word itself stays out of it: glasses mirror a screen.
    make("p", { class: "agreed" }, [
      ...(response ? [make("span", { class: "soft", text: t("desk.alarm.agreed") })] : []),
      make("span", { class: "response", text: response ? withoutWord(response, word, spellings) : t("desk.alarm.no_plan") }),
    ]),
    make("p", { class: "hint", text: `${said} ${t("desk.alarm.silent")}` }),
    make("p", { class: "unsaved", hidden: alarm.saved || model.line === "open", text: t("desk.alarm.unsaved") }),
    ...(view ? [stepsView(model, view, alarm)] : []),
    isAsked
      ? askedOnce(model, {
          key: "handled",
          question: t("desk.handled.ask"),
          yes: button(model, "handled-now", t("desk.handled.yes"), { main: true, small: true, data, key: false }),
          no: t("desk.handled.no"),
        })
      : make("div", { "data-key": "until" }, [
          make("p", { class: "hint", text: t("desk.alarm.until") }),
          make("div", { class: "row" }, [
            button(model, "handled", t("desk.handled"), { small: true, data }),
            ...(shown ? [] : [button(model, "pick", t("desk.show"), { small: true, data: { contact: alarm.contact } })]),
            // On a phone the alert stands over the way back, and over nothing of the conversation.
            button(model, "today", t("desk.back_to_today"), { small: true, plain: true, key: false, extra: "narrow-only" }),
          ]),
        ]),
  ]);
}

/** @param {Model} model @param {(view: ContactView) => PersonView[]} which @returns {{ view: ContactView, one: PersonView }[]} */
function others(model, which) {
  return Object.values(model.known.contacts)
    .map((view) => which(view).map((one) => ({ view, one })))
    .reduce((all, some) => all.concat(some), []);
}

/** @param {Model} model @param {ContactView} view @param {PersonView} one */
function otherView(model, view, one) {
  const { t, clock, now } = model;
  const other = /** @type {import("../parts/protocol").OtherBrowser} */ (one.other);
  const vars = { reference: view.details.reference, time: clock.moment(other.since, now) };
  return make("section", { class: "other", "data-key": `other-${view.id}-${one.id}` }, [
    make("h2", {}, [make("i", { class: "sign", "aria-hidden": "true" }), make("span", { text: t("desk.other") })]),
    make("p", { text: t(other.same_kind ? "desk.other.same" : "desk.other.different", vars) }),
    make("p", { text: t(other.there ? "desk.other.there" : "desk.other.gone") }),
    make("p", { class: "hint", "data-key": "words", hidden: !other.there, text: t("desk.other.words") }),
    make("div", { class: "row", "data-key": "move", hidden: !other.there }, [
      button(model, "move", t("desk.other.move"), { small: true, data: { contact: view.id, person: one.id } }),
    ]),
  ]);
}

/** It has the place already: it was free. @param {Model} model @param {ContactView} view @param {PersonView} one */
function anotherView(model, view, one) {
  const { t, clock, now } = model;
  const vars = { reference: view.details.reference, time: clock.moment(one.another || 0, now) };
  return make("section", { class: "other", "data-key": `another-${view.id}-${one.id}` }, [
    make("h2", {}, [make("i", { class: "sign", "aria-hidden": "true" }), make("span", { text: t("desk.other") })]),
    make("p", { text: t("desk.another", vars) }),
    make("p", { class: "hint", text: t("desk.another.words") }),
  ]);
}
