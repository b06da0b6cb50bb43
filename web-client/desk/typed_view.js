// Keeping what is typed: where it stands, beside the messages; and what was kept, with the record.

import { make } from "../parts/dom.js";
import { askedOnce, button } from "./pieces.js";
import { lineSays, whereTyped } from "./typed.js";

/** @typedef {import("./model.js").Model} Model */

/** @param {Model} model @param {import("./model.js").ContactView} view */
export function keepsView(model, view) {
  const { t } = model;
  const typed = model.typed[view.id];
  const written = view.people.some((one) => (model.threads[`${view.id} ${one.id}`] || []).length > 0);
  const where = whereTyped(view, typed, written);
  if (where === "none") return make("div", { hidden: true, "data-key": "keeps" });
  const data = { contact: view.id };
  const press = (/** @type {string} */ what, /** @type {string} */ key) => button(model, what, t(key), { small: true, plain: what === "not-keep-typed", key: false, data });
  return make("div", { class: "keeps", "data-key": "keeps", "data-keeps": where }, [
    make("p", { class: "hint", text: t(`desk.typed.${where}`) }),
    make("div", { class: "row" }, [
      ...(where === "offered" ? [press("keep-typed", "desk.typed.on")] : []),
      ...(where === "told" && written ? [press("ask-to-keep", "desk.typed.ask")] : []),
      ...(where === "told" ? [press("not-keep-typed", "desk.typed.off")] : []),
      ...(where === "failed" ? [press("keep-typed-again", "desk.typed.again")] : []),
    ]),
    make("p", { class: "mistake", "data-key": "keeps-problem", hidden: !typed.problem, text: typed.problem }),
  ]);
}

/** What was kept of a contact. @param {Model} model @param {import("./records.js").OpenRecord} record @returns {Node[]} */
export function keptView(model, { typed, contact }) {
  if (!typed) return [];
  const { t, clock, now, asking } = model;
  const agreed = typed.typed.agreed.map(({ part, at }) => t("desk.typed.agreed_at", { who: t(`desk.record.part.${part || "service_user"}`), time: clock.moment(at, now) }));
  const sure = asking && asking.what === "delete-typed" && asking.contact === contact;
  return [
    make("section", { class: "panel typed-part", "data-key": "typed", "aria-labelledby": "typed-head" }, [
      make("h3", { id: "typed-head", text: t("desk.typed.head") }),
      make("p", { class: "hint", text: t("desk.typed.hint") }),
      make("p", { class: "hint", text: t("desk.typed.agreed", { all: agreed.join(", ") }) }),
      make("ol", { class: "lines", tabindex: "0", "aria-label": t("desk.typed.head") }, typed.typed.lines.map((line) => make("li", { text: lineSays(t, clock, line) }))),
      sure
        ? askedOnce(model, {
            key: "delete-typed",
            question: t("desk.typed.delete.ask"),
            yes: button(model, "delete-typed-now", t("desk.typed.delete.yes"), { main: true, key: false }),
            no: t("desk.typed.delete.no"),
          })
        : make("div", { class: "row" }, [
            button(model, "copy-typed", t("desk.typed.copy"), { key: false }),
            button(model, "download-typed", t("desk.typed.download"), { key: false }),
            button(model, "delete-typed", t("desk.typed.delete"), { key: false }),
          ]),
      make("p", { class: "hint", text: t("desk.typed.gone_at", { time: clock.moment(typed.gone_at, now) }) }),
    ]),
  ];
}
