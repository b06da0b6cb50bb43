// What each press on "Do not disturb" does.

import { HOUR, MOST, endAt } from "./undisturbed.js";

/** @param {import("./desk.js").Desk} desk */
export function undisturbedActionsOf(desk) {
  const { model, undisturbed } = desk;
  const { t } = model;
  const seconds = () => Math.floor(Date.now() / 1000);

  /** @param {number} until */
  function begin(until) {
    undisturbed.set(until);
    const now = seconds();
    desk.changed({ now, undisturbed: { until, wrong: false } });
    desk.announce(t("desk.undisturbed", { time: model.clock.moment(until, now) }));
    desk.focusSoon('.undisturbed-set [data-do="disturb"]');
  }

  return {
    "undisturbed-hour"() {
      begin(seconds() + HOUR);
    },
    "undisturbed-open"() {
      begin(seconds() + MOST);
    },
    /** @param {HTMLFormElement} form */
    undisturbedUntil(form) {
      const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("undisturbed"));
      const until = endAt(field.value, seconds(), model.clock.zone);
      if (until !== null) return begin(until);
      desk.changed({ undisturbed: { until: 0, wrong: true } });
      desk.focusSoon("#field-undisturbed");
    },
    /** @param {{ from?: string }} data */
    disturb({ from }) {
      undisturbed.set(0);
      desk.changed({ undisturbed: { until: 0, wrong: false } });
      desk.announce(t("desk.undisturbed.ended"));
      desk.focusSoon(from === "today" ? "#today-head" : '[data-do="undisturbed-hour"]');
    },
  };
}
