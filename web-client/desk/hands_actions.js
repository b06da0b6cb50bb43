// What each press on handing a contact over, asking a colleague in and giving a cover back does.

import { problemSays } from "./account.js";
import { call } from "./api.js";
import { afterUndo } from "./undoing.js";

/**
 * @typedef {{ contact?: string, person?: string }} Data
 * @param {import("./desk.js").Desk} desk
 */
export function handsActionsOf(desk) {
  const { model } = desk;
  const { t } = model;

  const address = (/** @type {string} */ contact, /** @type {string} */ what) => `/api/contacts/${encodeURIComponent(contact)}/${what}`;

  /** @param {string} notice */
  function said(notice) {
    desk.changed({ notice });
    desk.announce(notice);
  }

  /** @param {Partial<import("./hands_view.js").Choosing>} what @param {string} [focus] */
  function choose(what, focus) {
    if (!model.choosing) return;
    desk.changed({ choosing: Object.assign({}, model.choosing, what) });
    if (focus) desk.focusSoon(focus);
  }

  async function find() {
    const { choosing } = model;
    if (!choosing) return;
    const reply = await call("GET", `/api/colleagues?what=${choosing.what}&search=${encodeURIComponent(choosing.search)}`);
    if (!model.choosing || model.choosing.search !== choosing.search) return;
    if (!reply.ok) return choose({ problem: problemSays(t, reply.problem) }, "#hands-problem");
    choose({ found: reply.data.colleagues, problem: "" });
  }

  /** @param {"hand_over" | "ask"} what @param {string} contact */
  function begin(what, contact) {
    desk.changed({ choosing: { contact, what, search: "", found: null, to: "", note: "", problem: "", saving: false }, asking: null, notice: "" });
    desk.focusSoon("#field-colleague-search");
    return find();
  }

  const giving = afterUndo(async (leaving) => {
    if (!model.giving) return;
    const { contact, to, name, note } = model.giving;
    const sent = call("POST", address(contact, "hand-over"), { to, note: note || null }, leaving);
    if (leaving) return;
    desk.changed({ giving: null });
    const reply = await sent;
    if (!reply.ok) return said(problemSays(t, reply.problem));
    for (const id of reply.data.contacts) {
      delete model.links[id];
      desk.secrets.keep(id, null);
    }
    said(t("desk.hands.went", { name, count: reply.data.contacts.length }));
    desk.loadUpcoming();
  });

  return {
    "give-contact": ({ contact = "" } = /** @type {Data} */ ({})) => begin("hand_over", contact),
    "ask-in": ({ contact = "" } = /** @type {Data} */ ({})) => begin("ask", contact),
    "find-colleague"() {
      const typed = /** @type {HTMLInputElement | null} */ (document.getElementById("field-colleague-search"));
      choose({ search: typed ? typed.value.trim() : "", found: null });
      return find();
    },
    "colleague-not"() {
      const what = model.choosing && model.choosing.what === "ask" ? "ask-in" : "give-contact";
      desk.changed({ choosing: null });
      desk.focusSoon(`[data-do="${what}"]`);
    },
    /** @param {HTMLFormElement} form */
    async chooseColleague(form) {
      const { choosing } = model;
      if (!choosing || choosing.saving) return;
      const data = new FormData(form);
      const to = String(data.get("to") || "");
      const chosen = (choosing.found || []).find(({ id }) => id === to);
      // Enter in the field of the search looks for that name.
      const search = String(data.get("colleague-search") || "").trim();
      if (!chosen || search !== choosing.search) {
        choose({ search, found: null });
        return find();
      }
      const { contact } = choosing;
      if (choosing.what === "hand_over") {
        giving.now();
        desk.changed({ choosing: null, giving: { contact, to, name: chosen.name, note: String(data.get("hands-note") || "").trim() } });
        giving.begin();
        return desk.focusSoon('[data-do="undo-give-contact"]');
      }
      choose({ to, saving: true });
      const reply = await call("PUT", address(contact, `asked/${encodeURIComponent(to)}`));
      if (!reply.ok) return choose({ saving: false, problem: problemSays(t, reply.problem) }, "#hands-problem");
      desk.changed({ choosing: null });
      said(t("desk.hands.ask.done", { name: chosen.name }));
      desk.focusSoon('[data-do="ask-in"]');
    },
    "undo-give-contact"() {
      giving.undo();
      desk.changed({ giving: null });
      said(t("desk.hands.undone"));
      desk.focusSoon('[data-do="give-contact"]');
    },
    /** @param {Data} data */
    async "take-out"({ contact = "", person = "" }) {
      const reply = await call("DELETE", address(contact, `asked/${encodeURIComponent(person)}`));
      said(reply.ok ? t("desk.hands.taken_out") : problemSays(t, reply.problem));
      desk.focusSoon('[data-do="ask-in"]');
    },
    /** @param {Data} data */
    async "give-back"({ contact = "" }) {
      const reply = await call("DELETE", address(contact, "cover"));
      said(reply.ok ? t("desk.hands.given_back") : problemSays(t, reply.problem));
    },
  };
}
