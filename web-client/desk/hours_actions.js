// What each press on one's own hours does.

import { problemSays } from "./account.js";
import { call } from "./api.js";
import { copied, hoursOf, opening, roomy, withAway, withRow, withoutAway } from "./hours.js";
import { readHours } from "./hours_view.js";

const PATH = "/api/hours";

/**
 * @typedef {import("./hours.js").MyHours} MyHours
 * @typedef {{ day?: string, at?: string }} Data
 * @param {import("./desk.js").Desk} desk
 */
export function hoursActionsOf(desk) {
  const { model } = desk;
  const { t } = model;

  /** @returns {MyHours | null} */
  const mine = () => (model.safety && model.safety !== "list" && "hours" in model.safety ? model.safety.hours : null);

  /** Changes what stands there, as long as it is open. @param {Partial<MyHours>} what @param {string} [focus] a selector */
  function show(what, focus) {
    const my = mine();
    if (!my) return;
    desk.changed({ safety: { hours: Object.assign({}, my, what) } });
    if (focus) desk.focusSoon(focus);
  }

  /** What is typed now, changed by this. @param {(draft: import("./hours.js").Draft) => import("./hours.js").Draft} change @param {string} focus */
  function fill(change, focus) {
    const [my, draft] = [mine(), typed()];
    if (my && draft) show({ draft: change(draft), drawn: my.drawn + 1, says: "" }, focus);
  }

  function typed() {
    const [my, form] = [mine(), /** @type {HTMLFormElement | null} */ (desk.root.querySelector('[data-form="hours"]'))];
    return my && my.draft && form ? readHours(form, my.draft) : null;
  }

  /** @param {string} problem @param {string} at @param {string} focus */
  function wrong(problem, at, focus) {
    show({ busy: false, problem, at, says: "" }, focus);
  }

  /** @param {import("../parts/protocol").OwnHours} hours @param {string} done @param {boolean} back it goes back to what was */
  async function send(hours, done, back) {
    const my = mine();
    if (!my || my.busy) return;
    show({ busy: true, problem: "", at: "", says: "" });
    const reply = await call("PUT", PATH, hours);
    if (!reply.ok) return wrong(problemSays(t, reply.problem), "", "#hours-problem");
    // Back once: what was just taken back isn't kept for a second time.
    show(Object.assign(taken(reply.data, my.drawn + 1), { before: back ? null : my.kept, says: `${done} ${stands(reply.data)}` }), "#hours-head");
  }

  /** @param {import("../parts/protocol").OwnHoursNow} now @param {number} drawn */
  function taken({ hours }, drawn) {
    return { draft: roomy(hours), kept: hours, zone: hours.zone || model.clock.zone, drawn, busy: false, problem: "", at: "" };
  }

  /** @param {import("../parts/protocol").OwnHoursNow} now */
  function stands({ hours, outside }) {
    if (!hours.spans.length && !hours.away.length) return t("desk.hours.none");
    return t(outside ? "desk.hours.outside" : "desk.hours.inside");
  }

  return {
    async hours() {
      const hours = opening();
      desk.changed({ safety: { hours }, record: null, form: null, subject: null, asking: null, notice: "", screen: "contact" });
      desk.focusSoon("#hours-head");
      const reply = await call("GET", PATH);
      if (mine() !== hours) return;
      if (!reply.ok) return wrong(problemSays(t, reply.problem), "", "#hours-problem");
      show(Object.assign(taken(reply.data, 1), { says: stands(reply.data) }));
    },
    /** @param {Data} data */
    "hours-add"({ day = "0" }) {
      fill((draft) => withRow(draft, Number(day)), `[data-key="day-${day}"] .pair:last-of-type input`);
    },
    "hours-same"() {
      fill((draft) => copied(draft, 0), '[data-do="hours-same"]');
    },
    "hours-add-away"() {
      const my = mine();
      fill(withAway, `#field-away-from-${my && my.draft ? my.draft.away.length : 0}`);
    },
    /** @param {Data} data */
    "hours-drop-away"({ at = "0" }) {
      fill((draft) => withoutAway(draft, Number(at)), '[data-do="hours-add-away"]');
    },
    async "hours-undo"() {
      const my = mine();
      if (my && my.before) await send(my.before, t("desk.hours.undone"), true);
    },
    "hours-close"() {
      desk.changed({ safety: null, screen: "today" });
      desk.focusSoon('[data-do="hours"]');
    },
    async saveHours() {
      const [my, draft] = [mine(), typed()];
      if (!my || !draft || my.busy) return;
      show({ draft });
      const read = hoursOf(draft, my.zone);
      if ("hours" in read) return send(read.hours, t("desk.hours.saved"), false);
      const says = problemSays(t, { code: read.code });
      if (read.day === null) return wrong(says, "away", "#field-away-from-0");
      wrong(says, `day-${read.day}`, `#field-from-${read.day}-0`);
    },
  };
}
