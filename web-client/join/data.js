// What the call has used of a person's data, and what they have of it, behind "More". Fetched while they wait, as the call is.

import { Budget, amountOf, minutesLeft } from "../call/budget.js";
import { Meter } from "../call/meter.js";

/**
 * @typedef {import("./session.js").State} State
 * @typedef {import("./session.js").Rung} Rung
 * @typedef {import("./door.js").Say} Say
 * @typedef {import("../parts/dom.js")} Dom
 */

/** Milliseconds between looks. Longer: more is gone before anything is done about it. Shorter: a cheap phone has more to do. */
const LOOK = 5000;

/**
 * Bytes each way in that time that aren't media: the line's beats (one in 4 seconds, some 20 bytes with the WebSocket's and TLS's
 * heads, TCP's and its acknowledgement). Guessed, since no browser counts them.
 */
const BEATS = 190;

/** The rungs on which a picture moves: the only ones that it has so far. */
const PICTURED = ["small", "medium", "large"];

/**
 * @param {{
 *   t: Say, page: typeof import("../parts/dom.js"), panel: HTMLElement, state: State, costs: Record<Rung, number>,
 *   media: Pick<import("./media.js").Media, "connection" | "setCeiling" | "stop">, send: (message: object) => boolean, changed: () => void,
 * }} options
 * `page`: the page's own, so that they aren't fetched twice; `panel`: behind "More"; `changed` after each change of `state.data`
 */
export function data({ t, page, panel, state, costs, media, send, changed }) {
  const { make, say } = page;
  const meter = new Meter();
  const budget = new Budget(costs);
  let talking = false;
  /** Whose counters were asked for and haven't come: out of turn they would seem to have fallen. @type {RTCPeerConnection | null} */
  let asked = null;

  const used = make("p");
  const left = make("p");
  // Told at once, and nothing else: who listens to the page isn't told of each megabyte.
  const note = make("p", { class: "soft", role: "status" });
  const field = /** @type {HTMLInputElement} */ (make("input", { inputmode: "decimal", autocomplete: "off", maxlength: "9", enterkeyhint: "done" }));
  // The words stand on both sides of the field, in whatever order a language has them.
  const [before, after] = t("say.data.have", { field: "\n" }).split("\n");
  const form = make("form", {}, [make("label", {}, [before, field, after || ""]), make("button", { type: "submit", text: t("say.data.set") })]);
  panel.append(used, left, form, note);

  form.onsubmit = (event) => {
    event.preventDefault();
    const amount = amountOf(field.value);
    field.setAttribute("aria-invalid", String(amount === undefined));
    if (amount === undefined) {
      say(note, t("say.data.wrong"));
      field.focus();
      return;
    }
    say(note, t(amount === null ? "say.data.not_set" : "say.data.kept"));
    budget.set(amount, meter.used);
    state.data.budget = budget.megabytes;
    look();
  };

  /** What the person's data reaches for now. */
  function look() {
    const { view, data: known } = state;
    const since = view && view.stage.name === "in" ? view.stage.since : null;
    const minutes = minutesLeft(view ? view.minutes : 0, since, Date.now() / 1000);
    const found = budget.look({ used: meter.used, minutes });
    known.used = meter.used;
    known.ceiling = found.ceiling;
    known.low = found.warns;
    known.left = found.left;
    known.picture = PICTURED.indexOf(found.ceiling) >= 0;
    known.sound = found.ceiling !== "text";
    spare();
    changed();
  }

  /** What the person's data doesn't reach for any more isn't sent in conversation. Without sound nothing is left on, and only a press brings it back. */
  function spare() {
    const { view, data: known } = state;
    if (known.ceiling && known.ceiling !== "text") media.setCeiling(known.ceiling);
    if (!talking || !view || known.sound || view.way === "text") return;
    media.stop();
    // Said at each look until it is heard.
    send({ type: "choose", way: "text" });
  }

  async function count() {
    follow();
    if (!talking) return;
    const now = media.connection;
    if (state.socket === "open") meter.add(BEATS, BEATS);
    if (now && asked !== now) {
      asked = now;
      try {
        meter.take(now, await now.getStats());
      } catch (_) {
        // Closed meanwhile: the next one counts anew.
      }
      if (asked === now) asked = null;
    }
    look();
  }

  /** Whether this is a conversation. */
  function follow() {
    const { view, ended } = state;
    const before = talking;
    talking = Boolean(view && view.stage.name === "in" && !ended);
    return talking && !before;
  }

  function keepCounting() {
    setTimeout(keepCounting, LOOK);
    count();
  }
  setTimeout(keepCounting, LOOK);

  return {
    draw() {
      // Not while the page is drawn, which it may change.
      if (follow()) setTimeout(count);
      const { used: bytes, left: rest } = state.data;
      const megabytes = Math.round(bytes / 1e6);
      say(used, bytes < 1e6 ? t("say.data.none") : t("say.data.used", { count: megabytes }));
      say(left, typeof rest === "number" ? t("say.data.left", { count: Math.round(rest / 1e6) }) : "");
    },
    /** Another screen is shown: what was written there goes, what was set stays. */
    leave() {
      field.value = "";
      used.textContent = left.textContent = note.textContent = "";
    },
  };
}
