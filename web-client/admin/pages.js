// What pages say of names and numbers: a form, and the service user's page as it would be.

import { listen } from "./pieces.js";
import { bodyOf, previewAt } from "./pages_form.js";
import { pagesView } from "./pages_view.js";

/**
 * @typedef {import("../parts/protocol").PagesNow} PagesNow
 * @typedef {{ now: PagesNow | null, typed: Record<string, string>, seen: string, problem: string, field: string, busy: boolean }} State `typed`: what
 * was written in a field since it was saved; `seen`: the address of the preview
 */

const ADDRESS = "/api/pages";

/** Milliseconds after the last key until the preview follows: each costs a request. */
const SETTLED = 500;

/** @param {import("./sections.js").Page} page */
export function open(page) {
  const { t } = page;
  /** @type {State} */
  const state = { now: null, typed: {}, seen: "", problem: "", field: "", busy: false };
  let left = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let settling;

  const draw = () => {
    if (!left) page.draw(pagesView(page, state));
  };

  const follow = () => {
    if (!state.now) return;
    state.seen = previewAt(state.now, state.typed);
    draw();
  };

  /** One thing at a time: a second press on the way changes nothing. @param {"GET" | "PUT" | "DELETE"} method @param {object} [body] @param {string} [done] */
  const ask = async (method, body, done) => {
    if (state.busy) return;
    Object.assign(state, { busy: true, problem: "", field: "" });
    draw();
    const reply = await page.call(method, ADDRESS, body);
    state.busy = false;
    if (!reply.ok) {
      state.problem = page.problemSays(reply.problem);
      state.field = reply.problem.field || "";
      draw();
      const wrong = /** @type {HTMLElement | null} */ (page.place.querySelector("[aria-invalid]"));
      return wrong ? wrong.focus() : undefined;
    }
    Object.assign(state, { now: reply.data, typed: {} });
    follow();
    // What was typed is what is said now, or was taken back.
    for (const input of Array.from(page.place.querySelectorAll("input"))) input.value = input.getAttribute("value") || "";
    if (done) page.say(done);
  };

  listen(
    page,
    { again: () => ask("GET"), undo: () => ask("DELETE", undefined, t("admin.pages.undone")) },
    { pages: () => state.now && ask("PUT", bodyOf(state.now, state.typed), t("admin.pages.saved")) },
  );
  page.place.addEventListener("input", (event) => {
    const { name, value } = /** @type {HTMLInputElement} */ (event.target);
    state.typed[name] = value;
    draw();
    clearTimeout(settling);
    settling = setTimeout(follow, SETTLED);
  });
  void ask("GET");
  return () => {
    left = true;
    clearTimeout(settling);
  };
}
