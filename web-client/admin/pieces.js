// What more than one section of the administrators' page is made of.

import { make } from "../parts/dom.js";

/** @typedef {import("./sections.js").Page} Page */

/**
 * @param {string} action what it does; "submit": sends its form @param {string} text
 * @param {{ data?: Record<string, string>, main?: boolean, small?: boolean, plain?: boolean, disabled?: boolean }} [how]
 */
export function press(action, text, { data = {}, main, small, plain, disabled } = {}) {
  /** @type {Record<string, string | boolean | undefined>} */
  const attributes = {
    type: action === "submit" ? "submit" : "button",
    "data-do": action === "submit" ? undefined : action,
    class: [main && "main", small && "small", plain && "plain"].filter(Boolean).join(" ") || undefined,
    disabled,
    text,
  };
  for (const name of Object.keys(data)) attributes[`data-${name}`] = data[name];
  return make("button", attributes);
}

/** @param {(Node | string)[]} buttons */
export const row = (buttons) => make("div", { class: "row" }, buttons);

/** What went wrong, told to those who don't see it too. @param {string} text @returns {Node[]} */
export const problem = (text) => (text ? [make("p", { class: "mistake", role: "alert", "data-key": "problem", text })] : []);

/**
 * A table that scrolls by itself where it is wider than the page.
 * @param {string} label @param {string[]} heads @param {{ key: string, cells: (string | Node[])[], more?: Node[] }[]} rows `more`: stands under
 * the row, over its whole width
 */
export function table(label, heads, rows) {
  const cell = (/** @type {string | Node[]} */ inside) => (typeof inside === "string" ? make("td", { text: inside }) : make("td", {}, inside));
  const lines = rows.flatMap(({ key, cells, more }) => [
    make("tr", { "data-key": key }, cells.map(cell)),
    ...(more ? [make("tr", { "data-key": `${key}-more` }, [make("td", { colspan: String(heads.length) }, more)])] : []),
  ]);
  return make("div", { class: "table", tabindex: "0", role: "region", "aria-label": label, "data-key": `table-${label}` }, [
    make("table", {}, [
      make("thead", {}, [make("tr", {}, heads.map((text) => make("th", { scope: "col", text })))]),
      make("tbody", {}, lines),
    ]),
  ]);
}

/** Something to be given on, told this once: to copy, or to read out. @param {Page} page @param {string} id @param {string} value @param {string} label */
export const givenOut = ({ t }, id, value, label) =>
  make("div", { class: "field given", "data-key": id }, [
    make("label", { for: id, text: label }),
    make("textarea", { id, readonly: true, rows: "3", translate: "no", spellcheck: "false" }, [value]),
    row([press("copy", t("admin.copy"), { data: { from: id } })]),
  ]);

/** Tries to put what stands in a field into the clipboard; where the browser doesn't, it is selected. @param {Page} page @param {string} id */
export async function copy(page, id) {
  const field = page.place.ownerDocument.getElementById(id);
  if (!(field instanceof HTMLTextAreaElement)) return;
  field.focus();
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    page.say(page.t("admin.copied"));
  } catch (_) {
    page.say(page.t("admin.copy.by_hand"));
  }
}

/**
 * Presses and sent forms of a section, each by its name.
 * @param {Page} page @param {Record<string, (data: DOMStringMap) => unknown>} presses @param {Record<string, (form: HTMLFormElement) => unknown>} [forms]
 */
export function listen(page, presses, forms = {}) {
  page.place.addEventListener("click", (event) => {
    const pressed = /** @type {Element} */ (event.target).closest("[data-do]");
    if (!(pressed instanceof HTMLElement)) return;
    const { dataset } = pressed;
    if (dataset.do === "copy") void copy(page, dataset.from || "");
    else if (presses[dataset.do || ""]) void presses[dataset.do || ""](dataset);
  });
  page.place.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const name = form.dataset.form || "";
    if (forms[name]) void forms[name](form);
  });
}

/** @param {Page} page @param {string} selector */
export function focus({ place }, selector) {
  const found = /** @type {HTMLElement | null} */ (place.querySelector(selector));
  if (found) found.focus();
}

/** @param {HTMLFormElement} form @param {string} name */
export const typed = (form, name) => String(new FormData(form).get(name) || "").trim();
