// What stands where on the desk. A conversation keeps the middle: whatever else is opened goes to the right of it.

/**
 * @typedef {{ kind: "empty" | "form" | "contact" | "conversation" | "know", id?: string }} Piece
 * @typedef {{ talking: string | null, picked: string | null, form: boolean }} Situation
 * `talking`: the contact whose conversation this page holds now.
 */

/** @param {Situation} situation @returns {{ middle: Piece, right: Piece | null }} */
export function places({ talking, picked, form }) {
  if (talking !== null) {
    const middle = /** @type {Piece} */ ({ kind: "conversation", id: talking });
    if (form) return { middle, right: { kind: "form" } };
    if (picked !== null && picked !== talking) return { middle, right: { kind: "contact", id: picked } };
    return { middle, right: { kind: "know", id: talking } };
  }
  if (form) return { middle: { kind: "form" }, right: null };
  if (picked !== null) return { middle: { kind: "contact", id: picked }, right: { kind: "know", id: picked } };
  return { middle: { kind: "empty" }, right: null };
}
