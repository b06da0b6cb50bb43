// How long things are kept: the periods, what a change would delete before it is saved, and the receipts of what was deleted.

import { bodyOf, differing } from "./keeping_form.js";
import { keepingView } from "./keeping_view.js";

/**
 * @typedef {import("../parts/protocol").Keeping} Keeping
 * @typedef {import("../parts/protocol").Preview} Preview
 * @typedef {{
 *   keeping: Keeping | null, typed: Record<string, string>, preview: Preview | null, reason: string, problem: string, field: string, busy: boolean,
 * }} State `typed`: what stands in a field and differs from what holds
 */

const ADDRESS = "/api/retention";

/** How often a long sweep is looked at, in milliseconds. */
const LOOKS = 5000;

/** @param {import("./sections.js").Page} page */
export function open(page) {
  const { t } = page;
  /** @type {State} */
  const state = { keeping: null, typed: {}, preview: null, reason: "", problem: "", field: "", busy: false };
  let left = false;

  const draw = () => {
    if (!left) page.draw(keepingView(page, state));
  };

  /** @param {import("../desk/api.js").Reply} reply */
  const refused = (reply) => {
    if (reply.ok) return false;
    state.problem = page.problemSays(reply.problem);
    state.field = reply.problem.field || "";
    draw();
    return true;
  };

  /** One thing at a time: a second press on the way changes nothing. @param {() => Promise<void>} doing */
  const once = async (doing) => {
    if (state.busy) return;
    Object.assign(state, { busy: true, problem: "", field: "" });
    draw();
    await doing();
    state.busy = false;
    draw();
  };

  /** @param {import("../desk/api.js").Reply} reply @param {string} [done] */
  const holds = (reply, done) => {
    if (refused(reply) || !reply.ok) return;
    Object.assign(state, { keeping: reply.data, typed: {}, preview: null, reason: "" });
    if (done) page.say(done);
  };

  const look = async () => {
    const reply = await page.call("GET", ADDRESS);
    // What is being typed, or asked about, stays.
    if (reply.ok) state.keeping = reply.data;
    else refused(reply);
    draw();
  };

  /** @type {Record<string, () => Promise<void>>} */
  const presses = {
    again: () => once(look),
    preview: () =>
      once(async () => {
        if (!state.keeping) return;
        const reply = await page.call("POST", `${ADDRESS}/preview`, bodyOf(differing(state.keeping, state.typed)));
        if (!refused(reply) && reply.ok) state.preview = reply.data;
      }),
    save: () =>
      once(async () => {
        if (!state.keeping) return;
        const body = Object.assign(bodyOf(differing(state.keeping, state.typed)), { reason: state.reason });
        holds(await page.call("PUT", ADDRESS, body), t("admin.keeping.saved"));
      }),
    leave: () => once(async () => void Object.assign(state, { preview: null, typed: {}, reason: "" })),
    undo: () => once(async () => holds(await page.call("DELETE", ADDRESS), t("admin.keeping.undone"))),
  };

  page.place.addEventListener("click", (event) => {
    const pressed = /** @type {Element} */ (event.target).closest("[data-press]");
    const doing = pressed && presses[pressed.getAttribute("data-press") || ""];
    if (doing) void doing();
  });
  page.place.addEventListener("submit", (event) => {
    event.preventDefault();
    void (state.preview ? presses.save : presses.preview)();
  });
  page.place.addEventListener("input", (event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    if (field.name === "reason") state.reason = field.value;
    else {
      state.typed[field.name] = field.value;
      // What was shown is no longer what would be saved.
      state.preview = null;
    }
    draw();
  });
  const timer = setInterval(() => {
    if (state.keeping && state.keeping.sweep && !state.busy) void look();
  }, LOOKS);
  void once(look);
  return () => {
    left = true;
    clearInterval(timer);
  };
}
