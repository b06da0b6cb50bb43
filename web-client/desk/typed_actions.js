// What each press on keeping what is typed does, and what this page does once everybody has agreed: it alone has what was typed.

import { problemSays } from "./account.js";
import { call } from "./api.js";
import { give } from "./giving_files.js";
import { isToBeKept, linesOf, nothingTyped, typedSays } from "./typed.js";

/** @param {string} contact @param {string} [what] */
const address = (contact, what = "transcript") => `/api/contacts/${encodeURIComponent(contact)}/${what}`;

/**
 * @typedef {{ contact?: string }} Data
 * @param {import("./desk.js").Desk} desk
 */
export function typedActionsOf(desk) {
  const { model } = desk;
  const { t } = model;
  /** Contacts of which the service was asked. @type {Set<string>} */
  const asked = new Set();

  /** @param {string} contact @param {Partial<import("./typed.js").Typed>} what */
  function put(contact, what) {
    const typed = Object.assign(nothingTyped(), model.typed[contact], what);
    desk.changed({ typed: Object.assign({}, model.typed, { [contact]: typed }) });
  }

  /** Whether it may be kept here, and whether it is already. @param {string} contact */
  async function learn(contact) {
    if (asked.has(contact)) return;
    asked.add(contact);
    const reply = await call("GET", address(contact));
    if (reply.ok) put(contact, Object.assign({ days: reply.data.days }, reply.data.transcript ? { kept: /** @type {const} */ ("yes") } : {}));
    else asked.delete(contact);
  }

  /** @param {string} contact @param {"PUT" | "POST"} method @param {string} what @param {object} [body] @returns {Promise<boolean>} */
  async function press(contact, method, what, body) {
    put(contact, { problem: "" });
    const reply = await call(method, address(contact, what), body);
    if (!reply.ok) {
      const problem = problemSays(t, reply.problem);
      put(contact, { problem });
      desk.announce(problem);
    }
    return reply.ok;
  }

  /** @param {string} contact */
  async function keep(contact) {
    const { lines } = model.typed[contact];
    put(contact, { kept: "busy", problem: "" });
    const reply = await call("PUT", address(contact), { lines });
    // Of an answer that got lost it is known by now.
    const kept = reply.ok || reply.problem.code === "transcript_kept";
    put(contact, kept ? { kept: "yes", lines: null } : { kept: "failed", problem: reply.ok ? "" : problemSays(t, reply.problem) });
    if (kept) desk.announce(t("desk.typed.kept"));
  }

  /** @param {string} said */
  function shown(said) {
    desk.records.show({ said, problem: "" });
    desk.announce(said);
  }

  return {
    /** A contact has changed. @param {import("./model.js").ContactView | undefined} before @param {import("./model.js").ContactView} view */
    seeTyped(before, view) {
      const inside = view.people.some(({ stage }) => stage.name === "waiting" || stage.name === "in");
      if (view.held === "here" && view.part !== "asked" && inside) learn(view.id);
      // Switched on meanwhile: what lay here unsent before is none of it.
      if (before && before.typed.since === null && view.typed.since !== null) put(view.id, { from: Date.now() });
      if (before && before.typed.agreed === null && view.typed.agreed === false) desk.announce(t("desk.typed.refused"));
      if (isToBeKept(view, model.typed[view.id])) keep(view.id);
    },
    /** @param {Data} data */
    "keep-typed"({ contact = "" }) {
      return press(contact, "PUT", "typed", { on: true });
    },
    /** @param {Data} data */
    "not-keep-typed"({ contact = "" }) {
      return press(contact, "PUT", "typed", { on: false });
    },
    /** @param {Data} data */
    async "ask-to-keep"({ contact = "" }) {
      const view = desk.view(contact);
      if (!view) return;
      // As it stands when they are asked: what comes after that isn't what they agree to.
      put(contact, { lines: linesOf(model.threads, view, (model.typed[contact] || nothingTyped()).from) });
      if (!(await press(contact, "POST", "typed/ask"))) put(contact, { lines: null });
    },
    /** @param {Data} data */
    "keep-typed-again"({ contact = "" }) {
      return keep(contact);
    },
    async "copy-typed"() {
      const { record } = model;
      if (!record || !record.typed) return;
      try {
        await navigator.clipboard.writeText(typedSays(t, model.clock, record.typed));
        shown(t("desk.typed.copied"));
      } catch (_) {
        desk.records.show({ byHand: typedSays(t, model.clock, record.typed), said: t("desk.record.by_hand") });
        desk.focusSoon("#record-by-hand");
      }
    },
    "download-typed"() {
      const { record } = model;
      if (!record || !record.typed) return;
      // Its name says no more than a day.
      const day = new Date(record.typed.made * 1000).toISOString().slice(0, 10);
      give(new Blob([typedSays(t, model.clock, record.typed)], { type: "text/plain;charset=utf-8" }), `notes-${day}.txt`);
      shown(t("desk.typed.downloaded"));
    },
    "delete-typed"() {
      const { record } = model;
      if (record) desk.changed({ asking: { what: "delete-typed", contact: record.contact } });
      desk.focusSoon('[data-do="delete-typed-now"]');
    },
    async "delete-typed-now"() {
      const { record } = model;
      if (!record) return;
      desk.changed({ asking: null });
      const reply = await call("DELETE", address(record.contact), {});
      if (!reply.ok) return desk.records.show({ problem: problemSays(t, reply.problem) });
      desk.records.show({ typed: null });
      shown(t("desk.typed.deleted"));
      desk.focusSoon("#record-head");
    },
  };
}
