// The numbers for outside of hours: their fields, and what a phone shows of them. Nothing a page of ours would show before "Continue".

import { make } from "../parts/dom.js";
import { PARTS, bodyOf, outsideField } from "./pages_form.js";

/**
 * @typedef {import("./sections.js").Page} Page
 * @typedef {import("./pages.js").State} State
 * @typedef {import("../parts/protocol").PagesNow} PagesNow
 */

/** One after the other; each says which of them it belongs to. @param {Page["t"]} t @param {PagesNow} now */
export function outsideFields(t, { most }) {
  const all = Array.from({ length: most.outside }, (_, at) =>
    PARTS.map((part) => ({
      name: outsideField(at, part),
      label: t(`admin.pages.outside.${part}`, { count: at + 1 }),
      most: part === "number" ? most.number : most.label,
    })),
  );
  return all.flat();
}

/** What whoever presses "Continue" then reads, by what stands in the form. @param {Page} page @param {State} state @param {PagesNow} now */
export function outsidePreview({ t }, { typed }, now) {
  const { outside, number } = bodyOf(now, typed).words;
  const set = outside.filter((one) => one.number);
  // As the service has it: without any, the number of every page.
  const shown = set.length || !number ? set : [{ label: "", number, answered: "" }];
  const line = (/** @type {typeof shown[number]} */ { label, number, answered }, /** @type {number} */ at) =>
    make("p", { "data-key": String(at) }, [[label, answered].filter(Boolean).join(", "), make("b", { text: number })]);
  return [
    make("h2", { "data-key": "outside-head", text: t("admin.pages.outside.preview") }),
    make("p", { class: "soft", "data-key": "outside-hint", text: t("admin.pages.outside.preview.hint") }),
    make("div", { class: "card rung", "data-key": "outside-preview" }, [
      make("p", { text: t("say.hello.nobody") }),
      ...(shown.length ? [make("p", { text: t("say.hello.ring") }), ...shown.map(line)] : [make("p", { text: t("admin.pages.outside.none") })]),
    ]),
  ];
}
