// "Do not disturb" in the settings, and what stands above today's contacts while it is on.

import { make } from "../parts/dom.js";
import { button, field } from "./pieces.js";

/** @typedef {import("./model.js").Model} Model */

/** @param {Model} model */
const until = ({ clock, now, undisturbed }) => clock.moment(undisturbed.until, now);

/** @param {Model} model @returns {Node[]} */
export function undisturbedNote(model) {
  const { t, undisturbed } = model;
  if (!undisturbed.until) return [];
  return [
    make("div", { class: "undisturbed", "data-key": "undisturbed" }, [
      make("p", { text: t("desk.undisturbed", { time: until(model) }) }),
      button(model, "disturb", t("desk.undisturbed.off"), { small: true, plain: true, key: false, data: { from: "today" } }),
    ]),
  ];
}

/** @param {Model} model */
export function undisturbedSet(model) {
  const { t, undisturbed } = model;
  return make("fieldset", { class: "undisturbed-set", "data-key": "undisturbed" }, [
    make("legend", { text: t("desk.undisturbed.set") }),
    make("p", { class: "hint", text: t("desk.undisturbed.hint") }),
    ...(undisturbed.until
      ? [
          make("p", { "data-key": "until", text: t("desk.undisturbed.until", { time: until(model) }) }),
          make("div", { class: "row", "data-key": "off" }, [button(model, "disturb", t("desk.undisturbed.off"), { small: true, key: false })]),
        ]
      : [
          make("div", { class: "row", "data-key": "on" }, [
            button(model, "undisturbed-hour", t("desk.undisturbed.hour"), { small: true, key: false }),
            button(model, "undisturbed-open", t("desk.undisturbed.open"), { small: true, key: false }),
          ]),
          make("form", { "data-form": "undisturbed", "data-key": "then", novalidate: true, autocomplete: "off" }, [
            field({
              t,
              name: "undisturbed",
              label: t("desk.undisturbed.time"),
              wrong: undisturbed.wrong ? { key: "desk.undisturbed.wrong" } : undefined,
              attributes: { type: "time" },
              after: button(model, "undisturbed-then", t("desk.undisturbed.then"), { small: true, key: false, type: "submit" }),
            }),
          ]),
        ]),
  ]);
}
