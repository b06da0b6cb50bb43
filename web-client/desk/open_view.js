// What of a contact waits for one press, "Handled": shown with it as long as it waits, also after the contact has ended.

import { make } from "../parts/dom.js";
import { button } from "./pieces.js";
import { openSays } from "./says.js";

/**
 * The alarm isn't among it: it stands in a place of its own.
 * @param {import("./model.js").Model} model @param {import("./model.js").ContactView} view
 */
export function openView(model, view) {
  const { t, clock, now } = model;
  const open = view.open.filter((one) => one.matter !== "alarm");
  return make("div", { class: "open-matters", role: "group", "aria-label": t("desk.open"), "data-key": "open", hidden: !open.length }, [
    make("h3", { text: t("desk.open") }),
    ...open.map((one) =>
      make("div", { class: "matter", "data-key": `${one.matter}-${one.person}` }, [
        make("p", { class: "state tone-notice" }, [
          make("i", { class: "shape", "aria-hidden": "true" }),
          make("span", {}, [openSays(t, one), make("span", { class: "when", text: ` ${clock.moment(one.since, now)}` })]),
        ]),
        button(model, "handled", t("desk.handled"), {
          small: true,
          data: { contact: view.id, person: one.person, matter: one.matter },
        }),
      ]),
    ),
  ]);
}
