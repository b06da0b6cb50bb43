// What the practitioner is about to send has the agreed word in it: held back once, since the word never travels by text. No page.

import { usesAgreed } from "./safe_word.js";

/** @typedef {{ thread: string, body: string }} HeldBack what was held back last, and from whom */

/**
 * Whether this text is held back. Not a second time as it stands: the word may be part of what has to be said.
 * @param {string} body @param {string} before the practitioner's last text to them: a word can be split over two
 * @param {import("../parts/protocol").ContactDetails} details @param {HeldBack | null} held @param {string} thread
 */
export function isHeldBack(body, before, details, held, thread) {
  if (held && held.thread === thread && held.body === body) return false;
  return usesAgreed(body, before, details);
}
