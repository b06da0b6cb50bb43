// What more than one view of the desk is made of.

import { make } from "../parts/dom.js";
import { icon } from "./icons.js";
import { keyOf } from "./shortcuts.js";

/**
 * @typedef {import("../parts/protocol").ContactView} ContactView
 * @typedef {(key: string, vars?: Record<string, string | number>) => string} T
 */

/**
 * A button that does something: which, the page's one listener finds in `data-do` and the rest of `data`.
 * Its key is shown on it, so that it is learnt by using the desk.
 * @param {import("./model.js").Model} model @param {string} action @param {string} text
 * @param {{ data?: Record<string, string>, main?: boolean, plain?: boolean, small?: boolean, sign?: string, disabled?: boolean,
 *   pressed?: boolean, key?: boolean, type?: string, extra?: string, label?: string }} [options] `label`: says more to those who don't see where it stands
 */
export function button(
  model,
  action,
  text,
  { data = {}, main, plain, small, sign, disabled, pressed, key = true, type = "button", extra = "", label } = {},
) {
  const letter = key && model.settings.shortcuts ? keyOf(action) : "";
  /** @type {Record<string, string | boolean | undefined>} */
  const attributes = {
    type,
    "data-do": action,
    disabled,
    "aria-label": label,
    class: [main && "main", plain && "plain", small && "small", extra].filter(Boolean).join(" ") || undefined,
  };
  if (pressed !== undefined) attributes["aria-pressed"] = String(pressed);
  if (letter) attributes["aria-keyshortcuts"] = letter === "Esc" ? "Escape" : letter;
  for (const name of Object.keys(data)) attributes[`data-${name}`] = data[name];
  /** @type {(Node | string)[]} */
  const inside = sign ? [icon(sign)] : [];
  inside.push(make("span", { text }));
  if (letter) inside.push(make("kbd", { text: letter, "aria-hidden": "true" }));
  return make("button", attributes, inside);
}

/** What is asked about once, in place of the buttons it concerns; never over them. @param {import("./model.js").Model} model @param {{ question: string, yes: Node, no: string, key: string }} asked */
export function askedOnce(model, { question, yes, no, key }) {
  return make("div", { class: "asked", role: "group", "aria-label": question, "data-key": key }, [
    make("p", { text: question }),
    make("div", { class: "row" }, [yes, button(model, "keep", no)]),
  ]);
}

/** A state in words, with its shape and colour. @param {{ tone: string, text: string }} says @param {string} [tag] */
export function state(says, tag = "p") {
  return make(tag, { class: `state tone-${says.tone}` }, [
    make("i", { class: "shape", "aria-hidden": "true" }),
    make("span", { text: says.text }),
  ]);
}

/**
 * How a person is called on the desk: by the name to greet them by, else by the reference; whoever is beside them by their own.
 * @param {ContactView} view @param {import("../parts/protocol").PersonView} [one]
 */
export function called(view, one) {
  if (one && one.invitee) return one.invitee.name;
  return view.details.greeting || view.details.reference;
}

/**
 * A labelled field with its hint and its mistake, tied together for those who don't see them stand together.
 * @param {{ t: T, name: string, label: string, hint?: string, caution?: string, wrong?: { key: string, vars?: Record<string, number>, text?: string } | undefined,
 *   attributes?: Record<string, string | boolean | undefined>, tag?: "input" | "textarea", value?: string, after?: Node, extra?: string }} field
 */
export function field({ t, name, label, hint, caution, wrong, attributes = {}, tag = "input", value = "", after, extra = "" }) {
  const id = `field-${name}`;
  const described = [hint && `${id}-hint`, caution && `${id}-caution`, wrong && `${id}-wrong`].filter(Boolean).join(" ");
  const all = Object.assign(
    {
      id,
      name,
      "aria-describedby": described || undefined,
      "aria-invalid": wrong ? "true" : undefined,
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      autocorrect: "off",
    },
    tag === "input" ? { type: "text", value } : {},
    attributes,
  );
  const input = tag === "input" ? make("input", all) : make("textarea", Object.assign({ rows: "2" }, all), [value]);
  return make("div", { class: `field ${extra}${wrong ? " wrong" : ""}`.trim() }, [
    make("label", { for: id, text: label }),
    ...(hint ? [make("p", { id: `${id}-hint`, class: "hint", text: hint })] : []),
    ...(caution ? [make("p", { id: `${id}-caution`, class: "caution", role: "status", text: caution })] : []),
    ...(wrong ? [make("p", { id: `${id}-wrong`, class: "mistake", text: wrong.text || t(wrong.key, wrong.vars) })] : []),
    ...(after ? [make("div", { class: "with" }, [input, after])] : [input]),
  ]);
}

/** A box to tick, with what it means. @param {string} name @param {string} label @param {boolean} checked @param {string} [hint] */
export function tick(name, label, checked, hint = "") {
  const id = `field-${name}`;
  return make("div", { class: "tick" }, [
    make("input", { type: "checkbox", id, name, value: "yes", checked, "aria-describedby": hint ? `${id}-hint` : undefined }),
    make("label", { for: id, text: label }),
    ...(hint ? [make("p", { id: `${id}-hint`, class: "hint", text: hint })] : []),
  ]);
}

/**
 * One of a few to choose from.
 * @param {{ name: string, label: string, options: [value: string, text: string][], chosen?: string, hint?: string, extra?: string }} field
 */
export function select({ name, label, options, chosen, hint = "", extra = "" }) {
  const id = `field-${name}`;
  return make("div", { class: `field ${extra}`.trim() }, [
    make("label", { for: id, text: label }),
    ...(hint ? [make("p", { id: `${id}-hint`, class: "hint", text: hint })] : []),
    make(
      "select",
      { id, name, autocomplete: "off", "aria-describedby": hint ? `${id}-hint` : undefined },
      options.map(([value, text]) => make("option", { value, selected: value === chosen, text })),
    ),
  ]);
}

/** What their page does when nobody looks at it. @param {T} t @param {string} chosen */
export function outOfSight(t, chosen) {
  const options = ["rule", "quiet", "voice"].map((one) => /** @type {[string, string]} */ ([one, t(`desk.form.when_hidden.${one}`)]));
  return select({ name: "when_hidden", label: t("desk.form.when_hidden"), options, chosen });
}
