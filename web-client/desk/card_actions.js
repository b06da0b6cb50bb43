// What each press on the card that walks through a plan does. Each answer is kept before the next question stands there.

import { problemSays } from "./account.js";
import { call } from "./api.js";
import { answered, begun, takenBack } from "./card.js";
import { withPerson } from "./model.js";
import { checkSafety, safetyOf } from "./safety.js";
import { readSafety } from "./safety_view.js";

/** @param {import("./desk.js").Desk} desk @param {Partial<import("./model.js").Model>} shown what comes in front with it */
export function cardActionsOf(desk, shown) {
  const { model } = desk;
  const { t } = model;

  const card = () => (model.safety && model.safety !== "list" && "walk" in model.safety ? model.safety : null);
  const planOf = (/** @type {string} */ person) => {
    const found = model.people.find(({ id }) => id === person);
    return found && found.plan;
  };

  /** @param {string} person @param {boolean} all */
  function open(person, all) {
    const plan = planOf(person);
    if (!plan) return;
    desk.changed(Object.assign({ safety: { walk: begun(person, plan, all, t), from: all ? "list" : null } }, shown));
    desk.focusSoon("#card-ask");
  }

  /**
   * One step there or back: on the screen once it is kept.
   * @param {(walk: import("./card.js").Walk, plan: import("../parts/protocol").SafetyPlan) => ReturnType<typeof takenBack>} step
   */
  async function go(step) {
    const opened = card();
    const plan = opened && planOf(opened.walk.person);
    if (!opened || !plan || opened.walk.saving) return;
    const { walk, from } = opened;
    const next = step(walk, plan);
    if (next.plan !== plan) {
      const saving = { walk: Object.assign({}, walk, { saving: true, problem: "" }), from };
      desk.changed({ safety: saving });
      const reply = await call("PUT", `/api/people/${encodeURIComponent(walk.person)}`, next.plan);
      if (reply.ok) desk.changed({ people: withPerson(model.people, reply.data) });
      // Closed meanwhile: what was said is kept, and nothing comes up by itself.
      if (card() !== saving) return;
      if (!reply.ok) return desk.changed({ safety: { walk: Object.assign({}, walk, { problem: problemSays(t, reply.problem) }), from } });
    }
    desk.changed({ safety: { walk: next.walk, from } });
    desk.focusSoon("#card-ask");
  }

  return {
    /** What their plan doesn't say yet, from a conversation with them. @param {{ person?: string }} data */
    agree({ person = "" }) {
      open(person, false);
    },
    /** All of it, from the plan. @param {{ person?: string }} data @param {Element} pressed */
    "go-through"({ person = "" }, pressed) {
      const { safety: form } = model;
      const element = pressed.closest("form");
      const plan = planOf(person);
      if (!element || !plan || !form || form === "list" || "walk" in form || "hours" in form) return;
      const typed = readSafety(element);
      // The walk changes the plan as it is kept: what is typed and not saved would be lost.
      if (JSON.stringify(checkSafety(typed).plan) === JSON.stringify(checkSafety(safetyOf(plan)).plan)) return open(person, true);
      desk.changed({ safety: Object.assign({}, form, { safety: typed, wrong: [], problem: t("desk.card.save_first") }) });
      desk.focusSoon("#safety-problem");
    },
    "card-yes": () => go((walk, plan) => answered(walk, plan, "yes", t)),
    "card-no": () => go((walk, plan) => answered(walk, plan, "no", t)),
    "card-skip": () => go((walk, plan) => answered(walk, plan, "skip", t)),
    "card-back": () => go(takenBack),
    "card-close"() {
      const opened = card();
      const from = opened && opened.from;
      desk.changed({ safety: from });
      desk.focusSoon(from ? "#people-head" : '[data-do="agree"]');
    },
  };
}
