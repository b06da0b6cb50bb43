// The few things every view does with the page.

/**
 * Finds an element that must be there: a missing one is a mistake of ours, said at once rather than later.
 * @template {HTMLElement} T
 * @param {string} id @param {new () => T} [type] @returns {T}
 */
export function byId(id, type) {
  const found = document.getElementById(id);
  if (!found || (type && !(found instanceof type))) throw new Error(`the page has no #${id}`);
  return /** @type {T} */ (found);
}

/** Writes a text only where it differs, so that a screen reader doesn't say it again. @param {Element} element @param {string} text */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {Element} element @param {boolean} shown */
export function show(element, shown) {
  if (element.hasAttribute("hidden") === shown) element.toggleAttribute("hidden", !shown);
}

/**
 * Makes an element with text and children; never from markup, so that no word of a person can become a tag.
 * @param {string} tag @param {{ [name: string]: string | boolean | (() => void) | undefined }} [attributes] `text`, `onclick`, or an attribute
 * @param {(Node | string)[]} [children]
 */
export function make(tag, attributes = {}, children = []) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name === "text") element.textContent = String(value);
    else if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}
