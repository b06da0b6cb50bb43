// What the section on what pages say looks like.

import { field } from "../desk/pieces.js";
import { make } from "../parts/dom.js";
import { outsideFields, outsidePreview } from "./pages_outside.js";
import { NAMES, hasField, left, valueOf } from "./pages_form.js";
import { press, problem, row, table } from "./pieces.js";

/**
 * @typedef {import("./sections.js").Page} Page
 * @typedef {import("./pages.js").State} State
 * @typedef {import("../parts/protocol").PagesNow} PagesNow
 * @typedef {import("../parts/protocol").PageValue} PageValue
 */

/** @param {Page} page @param {State} state @returns {Node[]} */
export function pagesView(page, state) {
  const { t } = page;
  const { now, busy } = state;
  if (!now) return [...problem(state.problem), ...(busy ? [] : [press("again", t("admin.again"), { main: true })])];
  const one = (/** @type {string} */ name, /** @type {string} */ label, /** @type {string} */ hint, /** @type {number} */ most) =>
    fieldView(page, state, now, { name, label, hint, most });
  const said = (/** @type {PageValue} */ name, /** @type {number} */ most) =>
    one(name, t(`admin.pages.${name}`), `${t(`admin.pages.${name}.hint`)} ${source(page, now, name)}`.trim(), most);
  return [
    ...(now.pinned ? [make("p", { class: "card", "data-key": "pinned", text: t("admin.pages.pinned") })] : []),
    make("form", { novalidate: true, autocomplete: "off", "data-form": "pages", "data-key": "form" }, [
      group(t("admin.pages.names"), "names", NAMES.map((name) => said(name, name === "neutral_page" ? now.most.address : now.most.title))),
      group(t("admin.pages.numbers"), "numbers", [said("number", now.most.number)]),
      outsideView(page, state, now),
      ...(now.pinned ? [] : [one("reason", t("admin.keeping.reason"), t("admin.keeping.reason.hint"), 400)]),
      ...(hasField(state.field) ? [] : problem(state.problem)),
      ...(now.pinned ? [] : [row([press("submit", t(busy ? "admin.pages.saving" : "admin.pages.save"), { main: true, disabled: busy })])]),
    ]),
    ...previewView(page, state, now),
    ...outsidePreview(page, state, now),
    ...changesView(page, state, now),
  ];
}

/** @param {Page} page @param {State} state @param {PagesNow} now */
function outsideView(page, state, now) {
  const { t } = page;
  const hint = make("p", { class: "hint", text: `${t("admin.pages.outside.hint")} ${source(page, now, "outside")}`.trim() });
  const fields = outsideFields(t, now).map((one) => fieldView(page, state, now, one));
  return group(t("admin.pages.outside"), "outside", [hint, ...fields]);
}

/** @param {string} legend @param {string} key @param {Node[]} nodes */
const group = (legend, key, nodes) => make("fieldset", { class: "group", "data-key": key }, [make("legend", { text: legend }), ...nodes]);

/** Where it comes from. @param {Page} page @param {PagesNow} now @param {PageValue} name */
const source = ({ t }, { set_here, pinned }, name) => (pinned ? "" : t(set_here.indexOf(name) >= 0 ? "admin.pages.set_here" : "admin.pages.configured"));

/** @param {Page} page @param {State} state @param {PagesNow} now @param {{ name: string, label: string, hint?: string, most: number }} one */
function fieldView({ t }, state, now, { name, label, hint, most }) {
  const value = valueOf(now, state.typed, name);
  const wrong = state.field === name ? { key: "", text: state.problem } : undefined;
  const attributes = { maxlength: String(most), readonly: now.pinned, inputmode: /number$/.test(name) ? "tel" : undefined };
  // Only what was typed is counted: nobody has to read the room that is left in each.
  const typed = state.typed[name] !== undefined;
  return make("div", { "data-key": name }, [
    field({ t, name, label, hint, value, wrong, attributes }),
    make("p", { class: "hint", role: "status", text: typed ? t("admin.pages.left", { count: left(value, most) }) : "" }),
  ]);
}

/** @param {Page} page @param {State} state @param {PagesNow} now */
function previewView({ t }, { seen, typed }, now) {
  return [
    make("h2", { "data-key": "preview-head", text: t("admin.pages.preview") }),
    make("p", { class: "soft", "data-key": "preview-hint", text: t("admin.pages.preview.hint") }),
    make("p", { "data-key": "preview-title", text: t("admin.pages.preview.title", { title: valueOf(now, typed, "title").trim() || t("admin.pages.own_title") }) }),
    // Another one for each: nothing of it stands in the browser's history.
    ...(seen ? [make("iframe", { class: "preview", src: seen, title: t("admin.pages.preview"), sandbox: true, tabindex: "-1", "data-key": `preview-${seen}` })] : []),
  ];
}

/** @param {Page} page @param {State} state @param {PagesNow} now */
function changesView({ t, clock }, { busy }, { changes, pinned }) {
  if (!changes.length) return [];
  const heads = ["when", "who", "what", "why"].map((head) => t(`admin.pages.changes.${head}`));
  const rows = changes.map(({ at, who, name, reason, changed }, number) => ({
    key: `${at}-${number}`,
    cells: [`${clock.day(at)}, ${clock.time(at)}`, name || who, changed.map((one) => t(`admin.pages.${one}.short`)).join(", "), reason],
  }));
  return [
    make("h2", { "data-key": "changes-head", text: t("admin.pages.changes") }),
    table(t("admin.pages.changes"), heads, rows),
    ...(pinned ? [] : [make("div", { "data-key": "undo" }, [press("undo", t("admin.pages.undo"), { disabled: busy })])]),
  ];
}
