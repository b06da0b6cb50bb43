// What the section on keeping looks like.

import { make } from "../parts/dom.js";
import { differing, target } from "./keeping_form.js";

/**
 * @typedef {import("./sections.js").Page} Page
 * @typedef {import("./keeping.js").State} State
 * @typedef {import("../parts/protocol").Keeping} Keeping
 * @typedef {import("../parts/protocol").KeptCategory} KeptCategory
 * @typedef {import("../parts/protocol").DeletionReceipt} DeletionReceipt
 */

/** @param {Page} page @param {State} state @returns {Node[]} */
export function keepingView(page, state) {
  const { t } = page;
  const { keeping } = state;
  const problem = state.problem ? [make("p", { class: "mistake", role: "alert", "data-key": "problem", text: state.problem })] : [];
  if (!keeping) return [...problem, ...(state.busy ? [] : [press(t("admin.again"), "again")])];
  // Whoever audits sees what was deleted, and what holds; nothing of it is theirs to change.
  if (page.me.roles.indexOf("administrator") < 0) return [...problem, ...sweepView(page, keeping), ...periodsView(page, keeping), ...receiptsView(page, keeping)];
  return [
    ...sweepView(page, keeping),
    make("form", { "data-key": "form" }, [...keeping.categories.map((category) => field(page, state, category)), ...problem, ...ask(page, state, keeping)]),
    ...changeView(page, keeping),
    ...nextView(page, keeping),
    ...receiptsView(page, keeping),
  ];
}

/** @param {string} text @param {string} name @param {string} [kind] */
const press = (text, name, kind = "") => make("button", { type: "button", class: kind, text, "data-press": name, "data-key": `press-${name}` });

/** "24 hours". @param {Page["t"]} t @param {"hours" | "days"} unit @param {number} count */
export const span = (t, unit, count) => t(`admin.keeping.${unit}`, { count });

/** @param {Page} page @param {number} at */
const when = ({ clock }, at) => `${clock.day(at)}, ${clock.time(at)}`;

/** A long sweep that goes on. @param {Page} page @param {Keeping} keeping */
function sweepView({ t }, { sweep }) {
  if (!sweep) return [];
  return [
    make("p", { "data-key": "sweep" }, [
      make("label", { for: "sweep", text: t("admin.keeping.sweep", { erased: sweep.erased, of: sweep.of }) }),
      make("progress", { id: "sweep", max: String(sweep.of), value: String(Math.min(sweep.erased, sweep.of)) }),
    ]),
  ];
}

/** @param {Page} page @param {Keeping} keeping */
function periodsView({ t }, { categories }) {
  const line = (/** @type {KeptCategory} */ { category, unit, period }) => make("li", { "data-key": category, text: `${t(`admin.keeping.of.${category}`)}: ${span(t, unit, period)}` });
  return [make("ul", { "data-key": "periods" }, categories.map(line))];
}

/** @param {Page} page @param {State} state @param {KeptCategory} one */
function field({ t }, { typed, field: wrong }, one) {
  const { category, unit, least, most, kept, period, soon, since } = one;
  const id = `keeping-${category}`;
  const text = typed[category] === undefined ? String(target(one)) : typed[category];
  const bounds = least === most ? t("admin.keeping.pinned") : t("admin.keeping.bounds", { least, most });
  const now = soon === null ? "" : ` ${t("admin.keeping.until_then", { period: span(t, unit, period) })}`;
  const hint = `${t(`admin.keeping.since.${since}`)} ${bounds}${now} ${t("admin.keeping.kept", { count: kept })}`;
  return make("div", { class: "field", "data-key": category }, [
    make("label", { for: id, text: t(`admin.keeping.of.${category}`) }),
    make("p", { class: "hint", id: `${id}-hint`, text: hint }),
    make("div", { class: "row period" }, [
      make("input", {
        id,
        name: category,
        value: text,
        inputmode: "numeric",
        size: "5",
        maxlength: "9",
        autocomplete: "off",
        readonly: least === most,
        "aria-describedby": `${id}-hint`,
        "aria-invalid": category === wrong ? "true" : undefined,
      }),
      make("span", { text: t(`admin.keeping.in.${unit}`) }),
    ]),
  ]);
}

/** What a change deletes, and why it is made. @param {Page} page @param {State} state @param {Keeping} keeping */
function ask(page, state, keeping) {
  const { t } = page;
  const { preview, busy, reason } = state;
  const changed = Object.keys(differing(keeping, state.typed)).length > 0;
  if (!preview) {
    const show = make("button", { type: "submit", class: "main", text: t("admin.keeping.show"), "data-key": "show", disabled: busy || !changed });
    return [show, ...(changed ? [press(t("admin.keeping.leave"), "leave")] : [])];
  }
  const unit = (/** @type {string} */ name) => keeping.categories.find(({ category }) => category === name)?.unit || "days";
  const line = (/** @type {import("../parts/protocol").PreviewLine} */ { category, period, count, more }) =>
    make("li", {
      "data-key": category,
      text: t("admin.keeping.line", { what: t(`admin.keeping.of.${category}`), count: String(count), period: span(t, unit(category), period), more: String(more) }),
    });
  const deletes = preview.lines.some(({ count }) => count > 0);
  return [
    make("div", { class: "card", role: "group", "aria-labelledby": "preview-head", "data-key": "preview" }, [
      make("h2", { id: "preview-head", text: t("admin.keeping.preview", { when: when(page, preview.at) }) }),
      ...(deletes ? [make("ul", {}, preview.lines.map(line))] : [make("p", { text: t("admin.keeping.preview.nothing") })]),
      make("p", { class: "hint", text: t("admin.keeping.preview.hint") }),
    ]),
    make("div", { class: "field", "data-key": "why" }, [
      make("label", { for: "keeping-reason", text: t("admin.keeping.reason") }),
      make("p", { class: "hint", id: "keeping-reason-hint", text: t("admin.keeping.reason.hint") }),
      make("textarea", { id: "keeping-reason", name: "reason", rows: "3", maxlength: "400", required: true, "aria-describedby": "keeping-reason-hint", text: reason }),
    ]),
    make("div", { class: "row", "data-key": "presses" }, [
      make("button", { type: "submit", class: "main", text: t("admin.keeping.save"), "data-key": "save", disabled: busy || reason.trim().length < 10 }),
      press(t("admin.keeping.leave"), "leave"),
    ]),
  ];
}

/** @param {Page} page @param {Keeping} keeping */
function changeView(page, { last_change, changes_at }) {
  const { t } = page;
  if (!last_change) return [];
  const { at, name, who, reason, can_be_undone } = last_change;
  return [
    make("h2", { "data-key": "change-head", text: t("admin.keeping.change") }),
    make("p", { "data-key": "change", text: t("admin.keeping.change.by", { when: when(page, at), name: name || who, reason }) }),
    ...(changes_at ? [make("p", { "data-key": "from", text: t("admin.keeping.change.from", { when: when(page, changes_at) }) })] : []),
    ...(can_be_undone ? [press(t("admin.keeping.undo"), "undo")] : []),
  ];
}

/** @param {Page} page @param {Keeping} keeping */
function nextView(page, { next_sweeps }) {
  const { t } = page;
  const told = next_sweeps.filter((at) => at > 0).map((at) => when(page, at));
  return told.length ? [make("p", { class: "soft", "data-key": "next", text: t("admin.keeping.next", { when: told.join("; ") }) })] : [];
}

/** @param {Page} page @param {Keeping} keeping */
function receiptsView(page, { receipts, categories }) {
  const { t } = page;
  const head = make("h2", { "data-key": "receipts-head", text: t("admin.keeping.receipts") });
  const hint = make("p", { class: "soft", "data-key": "receipts-hint", text: t("admin.keeping.receipts.hint") });
  if (!receipts.length) return [head, make("p", { "data-key": "receipts-none", text: t("admin.keeping.receipts.none") })];
  const heads = ["number", "what", "count", "period", "when", "file"].map((name) => make("th", { scope: "col", text: t(`admin.keeping.receipts.${name}`) }));
  const row = (/** @type {DeletionReceipt} */ { number, category, count, period, done }) => {
    const one = categories.find((other) => other.category === category);
    const kept = period === null ? t("admin.keeping.receipts.asked") : span(t, one ? one.unit : "days", period);
    const file = make("a", { href: `/api/retention/receipts/${number}`, download: `deletion-receipt-${number}.txt`, text: t("admin.keeping.receipts.get", { number }) });
    const cells = [String(number), t(`admin.keeping.of.${category}`), String(count), kept, when(page, done)].map((text) => make("td", { text }));
    return make("tr", { "data-key": String(number) }, [...cells, make("td", {}, [file])]);
  };
  return [
    head,
    hint,
    make("div", { class: "table", tabindex: "0", role: "region", "aria-label": t("admin.keeping.receipts"), "data-key": "receipts" }, [
      make("table", {}, [make("thead", {}, [make("tr", {}, heads)]), make("tbody", {}, receipts.map(row))]),
    ]),
  ];
}
