// A person's own rights on the desk: a copy of all that is kept of them, what erasing them takes along, and the receipts of it.

import { make } from "../parts/dom.js";
import { button } from "./pieces.js";

/** @typedef {import("./model.js").Model} Model @typedef {import("./subject_actions.js").Subject} Subject */

/** In the form of their plan. @param {Model} model @param {string} person */
export function subjectView(model, person) {
  const { t, subject } = model;
  const data = { person };
  const theirs = subject && subject.person === person ? subject : null;
  return make("section", { class: "subject", "aria-labelledby": "subject-title", "data-key": "subject" }, [
    make("h3", { id: "subject-title", text: t("desk.subject") }),
    make("p", { class: "hint", text: t("desk.subject.hint") }),
    make("div", { class: "row" }, [
      button(model, "copy-subject", t("desk.subject.copy"), { data, key: false, disabled: theirs !== null && theirs.busy }),
      button(model, "ask-erase-subject", t("desk.subject.erase"), { data, key: false, plain: true }),
    ]),
    ...(theirs ? [panel(model, theirs, theirs.at === "copied" ? copied(model, theirs) : asked(model, theirs))] : []),
  ]);
}

/** After it, where their plan was. @param {Model} model */
export function erasedView(model) {
  const { t, subject } = model;
  if (!subject || subject.at !== "erased") return [];
  const file = (/** @type {import("../parts/protocol").SignedReceipt} */ { receipt }) => button(model, "receipt-subject", t("desk.subject.receipt", { what: t(`desk.subject.of.${receipt.category}`), count: receipt.count }), { data: { number: String(receipt.number) }, key: false });
  return [
    panel(model, subject, [
      make("p", { text: t("desk.subject.erased.hint") }),
      make("ul", { class: "plain-list" }, subject.receipts.map((one) => make("li", { "data-key": String(one.receipt.number) }, [file(one)]))),
      make("div", { class: "row" }, [button(model, "leave-subject", t("desk.subject.erased.close"), { key: false })]),
    ], "h3"),
  ];
}

/** @param {Model} model @param {Subject} subject @param {Node[]} inside @param {"h3" | "h4"} [head] by what it stands under */
function panel({ t }, { at, problem }, inside, head = "h4") {
  return make("div", { class: "panel", role: "group", "aria-labelledby": "subject-head", "data-key": `subject-${at}` }, [
    make(head, { id: "subject-head", tabindex: "-1", text: t(`desk.subject.${at}`) }),
    ...(problem ? [make("p", { class: "mistake", role: "alert", "data-key": "problem", text: problem })] : []),
    ...inside,
  ]);
}

/** @param {Model} model @param {Subject} subject */
function copied({ t }, { busy, problem }) {
  if (problem) return [];
  return [make("p", { class: "caution", role: "status", text: t(busy ? "desk.subject.copying" : "desk.subject.copied.review") })];
}

/** What would go, or why it can't. @param {Model} model @param {Subject} subject */
function asked(model, { person, found, busy }) {
  const { t, clock } = model;
  const leave = button(model, "leave-subject", t("desk.subject.keep"), { key: false });
  if (!found) return [make("p", { class: "hint", role: "status", text: busy ? t("desk.subject.looking") : "" }), make("div", { class: "row" }, [leave])];
  const counts = /** @type {[string, number][]} */ (Object.entries(found.counts));
  const stops = [
    ...(found.held !== null ? [t("desk.subject.held", { day: clock.day(found.held) })] : []),
    ...(found.open > 0 ? [t("desk.subject.open", { count: found.open })] : []),
  ];
  return [
    make("ul", {}, counts.map(([category, count]) => make("li", { "data-key": category, text: `${t(`desk.subject.of.${category}`)}: ${count}` }))),
    ...stops.map((text) => make("p", { class: "caution", text })),
    ...(stops.length ? [] : [make("p", { text: t("desk.subject.sure") })]),
    make("div", { class: "row" }, [
      ...(stops.length ? [] : [button(model, "erase-subject", t(busy ? "desk.subject.erasing" : "desk.subject.erase.yes"), { data: { person }, main: true, key: false, disabled: busy })]),
      leave,
    ]),
  ];
}
