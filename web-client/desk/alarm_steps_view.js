// The steps of an alarm, one press each. They stand under what was agreed, in the place that moves nothing of the conversation.

import { make } from "../parts/dom.js";
import { emergencyText, lineSays, possible, takenOf } from "./alarm_steps.js";
import { openAlarm } from "./contacts.js";
import { handoverSays } from "./duty.js";
import { askedOnce, button } from "./pieces.js";

/**
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("./model.js").ContactView} ContactView
 * @typedef {import("./alarms.js").Alarm} Alarm
 */

/** @param {Model} model @param {ContactView} view @param {Alarm} alarm */
export function stepsView(model, view, alarm) {
  const { t, asking, clock, now, duty } = model;
  const open = openAlarm(view, alarm.person);
  const handed = open !== undefined && open.handover !== null;
  const says = handoverSays(t, clock, duty, open, now);
  const taken = takenOf(model.steps, alarm);
  const can = possible(view, alarm.person);
  const data = { contact: alarm.contact, person: alarm.person };
  const line = lineSays(t, taken);
  const sure = asking !== null && asking.what === "end-quietly" && asking.contact === alarm.contact && asking.person === alarm.person;
  return make("div", { class: "steps", role: "group", "aria-label": t("desk.alarm.steps"), "data-key": "steps" }, [
    make("p", { class: "aloud", "data-key": "line", hidden: !line, text: line ? t("desk.alarm.aloud", { line }) : "" }),
    make("div", { class: "row", "data-key": "do", hidden: sure }, [
      button(model, "cover-talk", t(line ? "desk.alarm.say.next" : "desk.alarm.say"), { small: true, data, key: false }),
      ...(can.quiet ? [button(model, "end-quietly", t("desk.alarm.quiet"), { small: true, data })] : []),
      ...(can.hold ? [button(model, "put-back", t("desk.alarm.hold"), { small: true, data, key: false })] : []),
      button(model, "copy-emergency", t(taken.copied === "yes" ? "desk.alarm.copied" : "desk.alarm.copy"), { small: true, data }),
      ...(handed ? [] : [button(model, "hand-over", t("desk.alarm.hand_over"), { small: true, data, key: false })]),
    ]),
    ...(sure && can.quiet
      ? [
          askedOnce(model, {
            key: "quiet",
            question: t("desk.alarm.quiet.ask"),
            yes: button(model, "end-quietly-now", t("desk.alarm.quiet.yes"), { main: true, small: true, data, key: false }),
            no: t("desk.alarm.quiet.no"),
          }),
        ]
      : []),
    // Read by eye alone, as all of the alert.
    make("p", { class: "hint handover", "data-key": "handover", hidden: !says, text: says }),
    make("p", { class: "hint", "data-key": "quieted", hidden: !can.quieted, text: t("desk.after.ended_quietly") }),
    // A browser that copies nothing by itself: it stands there to be copied by hand.
    ...(taken.copied === "by_hand"
      ? [
          make("textarea", { class: "emergency", readonly: true, rows: "6", "aria-label": t("desk.alarm.by_hand"), "data-key": "text" }, [
            emergencyText(t, clock, view, alarm, now),
          ]),
        ]
      : []),
  ]);
}
