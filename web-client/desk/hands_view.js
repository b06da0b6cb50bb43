// In whose hands a contact is: who gave it, who takes part, and the ways to hand it over or to ask a colleague in.

import { make } from "../parts/dom.js";
import { inside } from "./contacts.js";
import { personOf } from "./model.js";
import { button, field, select } from "./pieces.js";

/**
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("./model.js").ContactView} ContactView
 * @typedef {import("../parts/protocol").Colleague} Colleague
 * @typedef {{ contact: string, what: "hand_over" | "ask", search: string, found: Colleague[] | null, to: string, note: string, problem: string,
 *   saving: boolean }} Choosing a colleague is being chosen; `found`: none yet
 * @typedef {{ contact: string, to: string, name: string, note: string }} Giving it goes on its way in a moment
 */

/** How somebody else's contact is marked in the list. @param {Model["t"]} t @param {ContactView} view @returns {string[]} */
export function handsShort(t, view) {
  return view.part ? [t(`desk.hands.short.${view.part}`, { name: view.hands.owner })] : [];
}

/** Whoever was asked in talks, and changes nothing else. @param {ContactView} view */
export const manages = (view) => view.part !== "asked";

/** Handed over with a plan that this page hasn't heard of. @param {Model} model @param {ContactView} view */
export const isNewlyMine = (model, view) =>
  view.part === null && view.hands.given !== null && view.details.about !== null && !personOf(model, view);

/** @param {Model} model @param {ContactView} view */
export function handsView(model, view) {
  const { t, clock, now, giving, choosing } = model;
  const { hands, part } = view;
  const says = (/** @type {string} */ key, /** @type {string} */ text) => make("p", { "data-key": key, text });
  const covers = hands.with.find((one) => one.part === "covering");
  const until = covers && covers.until !== null ? clock.moment(covers.until, now) : "";
  const own = manages(view) && view.ended === null;
  return make("section", { class: "hands-panel", "data-key": "hands" }, [
    make("h3", { text: t("desk.hands") }),
    ...(part === "asked" ? [says("shared", t("desk.hands.shared", { name: hands.owner }))] : []),
    ...(part === "covering" ? [says("mine", t("desk.hands.covering", { name: hands.owner, until }))] : []),
    ...(part === "covering" ? [make("div", { class: "row", "data-key": "back" }, [button(model, "give-back", t("desk.hands.give_back"), { small: true, key: false, data: { contact: view.id } })])] : []),
    ...(part !== "covering" && covers ? [says("covered", t("desk.hands.covered", { name: covers.name, since: clock.moment(covers.since, now), until }))] : []),
    ...(hands.given && part === null ? [says("given", t("desk.hands.given", { name: hands.given.by, at: clock.moment(hands.given.at, now) }))] : []),
    ...(hands.given && part === null && hands.given.note ? [make("p", { class: "message", "data-key": "note", text: hands.given.note })] : []),
    ...hands.with
      .filter((one) => one.part === "asked" && part !== "asked")
      .map((one) =>
        make("div", { class: "row", "data-key": `with-${one.id}` }, [
          make("p", { text: t("desk.hands.asked", { name: one.name }) }),
          button(model, "take-out", t("desk.hands.take_out", { name: one.name }), { small: true, key: false, data: { contact: view.id, person: one.id } }),
        ]),
      ),
    ...(giving && giving.contact === view.id ? [goingView(model, giving)] : []),
    ...(own && choosing && choosing.contact === view.id ? [formOf(model, choosing)] : []),
    ...(own && !giving && !choosing
      ? [
          make("div", { class: "row", "data-key": "ways" }, [
            button(model, "give-contact", t("desk.hands.give"), { small: true, key: false, disabled: Boolean(inside(view)), data: { contact: view.id } }),
            button(model, "ask-in", t("desk.hands.ask"), { small: true, key: false, data: { contact: view.id } }),
          ]),
          ...(inside(view) ? [make("p", { class: "hint", "data-key": "talking", text: t("desk.hands.talking") })] : []),
        ]
      : []),
  ]);
}

/** @param {Model} model @param {Choosing} choosing */
function formOf(model, { what, search, found, to, note, problem, saving }) {
  const { t } = model;
  const named = (/** @type {Colleague} */ one) => (one.same_team ? t("desk.hands.same_team", { name: one.name }) : one.name);
  const options = (found || []).map((one) => /** @type {[string, string]} */ ([one.id, named(one)]));
  return make("form", { class: "panel", "data-form": "colleague", novalidate: true, autocomplete: "off", "data-key": "choosing" }, [
    make("h3", { text: t(what === "ask" ? "desk.hands.ask.head" : "desk.hands.give.head") }),
    make("p", { class: "hint", text: t(what === "ask" ? "desk.hands.ask.hint" : "desk.hands.give.hint") }),
    ...(problem ? [make("p", { class: "mistake problem", id: "hands-problem", tabindex: "-1", "data-key": "problem", text: problem })] : []),
    field({
      t,
      name: "colleague-search",
      label: t("desk.hands.search"),
      value: search,
      attributes: { maxlength: "80" },
      after: button(model, "find-colleague", t("desk.hands.find"), { small: true, key: false }),
    }),
    ...(found && !found.length ? [make("p", { role: "status", "data-key": "nobody", text: t("desk.hands.nobody") })] : []),
    ...(options.length ? [select({ name: "to", label: t("desk.hands.to"), options, chosen: to })] : []),
    ...(what === "hand_over"
      ? [field({ t, name: "hands-note", label: t("desk.hands.note"), hint: t("desk.hands.note.hint"), tag: "textarea", value: note, attributes: { maxlength: "200" } })]
      : []),
    make("div", { class: "row" }, [
      button(model, "colleague-now", t(what === "ask" ? "desk.hands.ask.yes" : "desk.hands.give.yes"), { main: true, small: true, type: "submit", key: false, disabled: saving || !options.length }),
      button(model, "colleague-not", t("desk.hands.not"), { small: true, key: false }),
    ]),
  ]);
}

/** Nothing has happened yet, so it can be undone. @param {Model} model @param {Giving} giving */
function goingView(model, { name }) {
  const { t } = model;
  return make("div", { class: "asked", role: "status", "data-key": "giving" }, [
    make("p", { text: t("desk.hands.going", { name }) }),
    make("div", { class: "row" }, [button(model, "undo-give-contact", t("desk.hands.undo"), { main: true, key: false })]),
  ]);
}
