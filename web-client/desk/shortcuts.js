// Which key does what on the desk. Single keys, shown on their buttons; they can be switched off.

/** Keys and the action each stands for. @type {Record<string, string>} */
export const KEYS = {
  n: "new",
  j: "next",
  k: "previous",
  l: "admit",
  d: "decline",
  r: "running-late",
  t: "write",
  a: "ask",
  w: "ask-who",
  h: "heard",
  i: "its-them",
  m: "mute",
  v: "camera",
  o: "voice-only",
  b: "put-back",
  e: "end",
  c: "copy-link",
  s: "send-link",
  p: "calendar",
  ",": "earlier",
  ".": "later",
  g: "this-day",
  y: "span",
  u: "undo-call-off",
  escape: "keep",
};

/**
 * Covers the desk: the key above Tab, whatever letter it has here. It is found without looking, and works in fields too:
 * whoever comes in doesn't wait until a message is written.
 */
const COVER = "Backquote";

/** Shows as on a keyboard. @param {string} action @returns {string} "" for an action without a key */
export function keyOf(action) {
  const found = Object.keys(KEYS).find((key) => KEYS[key] === action);
  return found ? (found === "escape" ? "Esc" : found.toUpperCase()) : "";
}

/**
 * @param {{ key: string, code?: string, ctrlKey?: boolean, metaKey?: boolean, altKey?: boolean, repeat?: boolean, isComposing?: boolean }} event
 * @param {{ inField: boolean, enabled: boolean }} where `inField`: a letter typed there belongs to the text
 * @returns {string | null} the action meant
 */
export function actionFor(event, { inField, enabled }) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return null;
  if (event.code === COVER && enabled) return "cover";
  const action = KEYS[event.key.toLowerCase()];
  if (!action) return null;
  // Escape is no letter: it takes back what was asked, in fields and with the letters switched off too.
  if (action === "keep") return action;
  return inField || !enabled ? null : action;
}
