// What a supervisor sees besides their own work: the switch of their duty, and the alarms of others that are with them.

import { make } from "../parts/dom.js";
import { dutySays } from "./duty.js";
import { button } from "./pieces.js";

/**
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("../parts/protocol").Supervised} Supervised
 */

/** @param {Model} model */
export function dutyView(model) {
  const { t, duty } = model;
  return make("div", { class: "tick duty", "data-key": "duty" }, [
    make("input", { type: "checkbox", id: "setting-duty", "data-setting": "duty", checked: duty.wanted, "aria-describedby": "setting-duty-hint" }),
    make("label", { for: "setting-duty", text: t("desk.duty") }),
    make("p", { id: "setting-duty-hint", class: "hint", text: dutySays(t, duty) }),
  ]);
}

/** Another's alarm: whose, since when, what was agreed. Nothing of what was said or written. @param {Model} model @param {Supervised} one */
export function supervisedView(model, { contact, practitioner, alarm }) {
  const { t, clock, now } = model;
  const { person, reference, response, help, since, handover } = alarm;
  const { at, by_itself, taken_by, taken } = handover;
  const name = practitioner || t("desk.supervised.somebody");
  const came = t(by_itself ? "desk.supervised.went" : "desk.supervised.handed", { name, time: clock.moment(at, now) });
  return make("section", { class: "alarm supervised", "data-key": `supervised-${contact}-${person}` }, [
    make("h2", {}, [make("i", { class: "sign", "aria-hidden": "true" }), make("span", { text: t("desk.supervised", { name }) })]),
    // Whose it is must stand there on the narrowest screen.
    make("p", { class: "whose", text: t("desk.supervised.reference", { reference, time: clock.moment(since, now) }) }),
    make("p", { class: "agreed" }, [
      make("span", { class: "soft", text: t("desk.supervised.agreed") }),
      make("span", { class: "response", text: response || t("desk.alarm.no_plan") }),
    ]),
    make("p", {}, [make("span", { class: "soft", text: `${t("desk.supervised.help")} ` }), make("span", { text: help || t("desk.supervised.help.unknown") })]),
    make("p", { class: "hint", text: came }),
    make("p", { class: "hint", text: t("desk.supervised.silent", { name }) }),
    taken_by === null || taken === null
      ? make("div", { class: "row", "data-key": "have" }, [
          button(model, "have", t("desk.supervised.have"), { main: true, small: true, data: { contact, person } }),
        ])
      : make("p", { class: "taken", "data-key": "taken", text: t("desk.supervisor.taken", { name: taken_by, time: clock.moment(taken, now) }) }),
  ]);
}
