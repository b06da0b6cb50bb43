// What each press on people's safety plans does, and what a plan says of giving a link now.

import { problemSays } from "./account.js";
import { call } from "./api.js";
import { cardActionsOf } from "./card_actions.js";
import { withPerson } from "./model.js";
import { checkSafety, emptySafety, refusalOf, safetyOf } from "./safety.js";
import { readSafety } from "./safety_view.js";

/** @param {import("./desk.js").Desk} desk */
export function safetyActionsOf(desk) {
  const { model } = desk;
  const { t } = model;
  const shown = { form: null, notice: "", asking: null, subject: null, screen: /** @type {"contact"} */ ("contact") };

  /** @param {import("./model.js").SafetyForm} safety */
  function open(safety) {
    desk.changed(Object.assign({ safety }, shown));
    desk.focusSoon("#field-reference");
  }

  /** The form that is open. */
  const opened = () => (model.safety && model.safety !== "list" && !("walk" in model.safety) && !("hours" in model.safety) ? model.safety : null);

  async function load() {
    const reply = await call("GET", "/api/people");
    if (reply.ok) desk.changed({ people: reply.data.people });
    const held = await call("GET", "/api/holds/mine");
    if (held.ok) desk.changed({ held: held.data.held });
    return reply;
  }

  return Object.assign(cardActionsOf(desk, shown), {
    load,
    /**
     * Asks the service anew, since the hour goes on: whether the link may be given this way, or they may be rung. Says why not.
     * @param {string} contact @param {"copy" | "share" | "text" | "ring"} way
     */
    async mayGive(contact, way) {
      const view = desk.view(contact);
      const about = view && view.details.about;
      if (!about) return true;
      const reply = await call("GET", `/api/people/${encodeURIComponent(about)}`);
      // Whoever can't be asked about isn't sent anything.
      const refused = reply.ok ? refusalOf(reply.data, way) : "unknown";
      if (reply.ok) desk.changed({ people: withPerson(model.people, reply.data) });
      if (!refused) return true;
      const notice = t(`desk.unsafe.${refused}`);
      desk.changed({ notice });
      desk.announce(notice);
      return false;
    },
    people() {
      desk.changed(Object.assign({ safety: /** @type {"list"} */ ("list"), record: null, overriding: null }, shown));
      desk.focusSoon("#people-head");
      load();
    },
    "close-safety"() {
      desk.changed({ safety: null, screen: "today" });
      desk.focusSoon('[data-do="people"]');
    },
    "new-safety"() {
      open({ safety: emptySafety(model.clock.zone), wrong: [], problem: "", saving: false });
    },
    /** @param {{ person?: string }} data */
    "edit-safety"({ person = "" }) {
      const found = model.people.find(({ id }) => id === person);
      if (found) open({ id: person, safety: safetyOf(found.plan), wrong: [], problem: "", saving: false });
    },
    /** @param {HTMLFormElement} element */
    safetyChanged(element) {
      const form = opened();
      if (form) desk.changed({ safety: Object.assign({}, form, { safety: readSafety(element) }) });
    },
    /** @param {HTMLFormElement} element */
    async saveSafety(element) {
      const form = opened();
      if (!form || form.saving) return;
      const safety = readSafety(element);
      const { plan, wrong } = checkSafety(safety);
      if (!plan) {
        desk.changed({ safety: Object.assign({}, form, { safety, wrong, problem: "" }) });
        return desk.focusSoon(`#field-${wrong[0].field}`);
      }
      const saving = Object.assign({}, form, { safety, wrong: [], problem: "", saving: true });
      desk.changed({ safety: saving });
      const reply = form.id ? await call("PUT", `/api/people/${encodeURIComponent(form.id)}`, plan) : await call("POST", "/api/people", plan);
      if (model.safety !== saving) return;
      if (!reply.ok) {
        desk.changed({ safety: Object.assign({}, saving, { saving: false, problem: problemSays(t, reply.problem) }) });
        return desk.focusSoon("#safety-problem");
      }
      const others = model.people.filter(({ id }) => id !== reply.data.id);
      desk.changed({ safety: "list", people: [reply.data].concat(others) });
      desk.focusSoon("#people-head");
    },
    /** @param {{ person?: string }} data */
    async "erase-safety"({ person = "" }) {
      const form = opened();
      if (!form) return;
      // Pressed twice, with words in between: what was agreed can't be had again.
      if (form.problem !== t("desk.safety.erase.sure")) {
        desk.changed({ safety: Object.assign({}, form, { problem: t("desk.safety.erase.sure") }) });
        return desk.focusSoon("#safety-problem");
      }
      const reply = await call("DELETE", `/api/people/${encodeURIComponent(person)}`);
      if (!reply.ok) return desk.changed({ safety: Object.assign({}, form, { problem: problemSays(t, reply.problem) }) });
      desk.changed({ safety: "list", people: model.people.filter(({ id }) => id !== person) });
      desk.focusSoon("#people-head");
    },
  });
}
