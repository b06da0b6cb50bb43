// The records that this page has to do with: what is typed about contacts, the one that is open, and those that are still to be written up.

import { problemSays } from "./account.js";
import { call } from "./api.js";
import { partsOf } from "./record_text.js";
import { randomId } from "../parts/texts.js";
import { Saver } from "./saver.js";

/**
 * @typedef {import("../parts/protocol").ContactRecord} ContactRecord
 * @typedef {{
 *   contact: string, data: ContactRecord | null, problem: string, withSafety: boolean, outs: number, said: string,
 *   byHand: string, busy: boolean, typed: import("../parts/protocol").Transcript | null,
 * }} OpenRecord `said`: what came of the last press; `outs`: how often it went out from here; `byHand`: to be copied by hand, where the browser doesn't do it; `typed`: what was kept of what was typed
 */

/** Milliseconds between two looks at whether one that is on its way has arrived. */
const LOOK = 2000;

/** @param {string} contact */
export const recordPath = (contact) => `/api/contacts/${encodeURIComponent(contact)}/record`;

export class Records {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.page = randomId();
    /** @type {Record<string, Saver>} */
    this.savers = {};
    /** Contacts whose record was asked for. @type {Set<string>} */
    this.asked = new Set();
    /** @type {any} */
    this.looks = 0;
    // The last words before a page goes away are sent along.
    window.addEventListener("pagehide", () => {
      for (const saver of Object.values(this.savers)) saver.away();
    });
  }

  /** @param {string} contact @returns {Saver} */
  saver(contact) {
    if (!this.savers[contact]) {
      this.savers[contact] = new Saver({
        page: this.page,
        put: (body) => call("PUT", recordPath(contact), body, true),
        changed: () => this.desk.changed(),
      });
    }
    return this.savers[contact];
  }

  /** What is shown of a contact's notes: asked for once, when it is first before somebody. @param {string} contact @returns {Saver} */
  notesOf(contact) {
    const saver = this.saver(contact);
    if (!saver.loaded && !this.asked.has(contact)) {
      this.asked.add(contact);
      this.read(contact);
    }
    return saver;
  }

  /** Before somebody signs out. */
  async flushAll() {
    for (const saver of Object.values(this.savers)) await saver.flush();
  }

  /** @param {string} contact @param {boolean} [gives] what isn't saved here gives way to it */
  async read(contact, gives = false) {
    const reply = await call("GET", recordPath(contact));
    if (reply.ok) this.saver(contact).load(reply.data, gives);
    // Asked for again when it is drawn again.
    else setTimeout(() => this.asked.delete(contact), LOOK);
    return reply;
  }

  /** Takes in what was typed into one of our fields. @param {Element} field */
  typed(field) {
    const { contact, record } = /** @type {HTMLElement} */ (field).dataset;
    if (!contact || !record) return;
    this.saver(contact).write({ [record]: /** @type {HTMLTextAreaElement} */ (field).value });
  }

  /** @param {Partial<OpenRecord>} what */
  show(what) {
    const { model } = this.desk;
    if (model.record) this.desk.changed({ record: Object.assign({}, model.record, what) });
  }

  /** @param {string} contact */
  async open(contact) {
    const record = { contact, data: null, problem: "", withSafety: false, outs: 0, said: "", byHand: "", busy: false, typed: null };
    this.desk.changed({ record, form: null, safety: null, picked: this.desk.view(contact) ? contact : null, screen: "contact", asking: null, notice: "" });
    this.desk.focusSoon("#record-head");
    await this.saver(contact).flush();
    await this.refresh(contact);
    const kept = await call("GET", `/api/contacts/${encodeURIComponent(contact)}/transcript`);
    if (kept.ok && this.desk.model.record && this.desk.model.record.contact === contact) this.show({ typed: kept.data.transcript });
  }

  /** What the service has of the record that is open. @param {string} contact */
  async refresh(contact) {
    const reply = await this.read(contact);
    const { record } = this.desk.model;
    if (!record || record.contact !== contact) return;
    if (reply.ok) this.show({ data: reply.data, problem: "" });
    else this.show({ problem: problemSays(this.desk.model.t, reply.problem) });
    if (reply.ok && reply.data.sent && ["waiting", "trying"].indexOf(reply.data.sent.state) >= 0) this.lookAgain(contact);
  }

  /** @param {string} contact */
  lookAgain(contact) {
    if (this.looks) return;
    this.looks = setTimeout(() => {
      this.looks = 0;
      const { record } = this.desk.model;
      if (record && record.contact === contact) this.refresh(contact);
    }, LOOK);
  }

  /** What stands in the fields now, and what goes with it. @returns {import("./record_text.js").Parts | null} */
  parts() {
    const { record, t, clock } = this.desk.model;
    if (!record || !record.data) return null;
    return partsOf(t, clock, Object.assign({}, record.data, { written: this.saver(record.contact).written }));
  }

  /** A contact has changed. @param {import("../parts/protocol").ContactView | undefined} before @param {import("../parts/protocol").ContactView} view */
  see(before, view) {
    if (view.ended === null || (before && before.ended !== null)) return;
    const { record } = this.desk.model;
    if (record && record.contact === view.id) this.refresh(view.id);
    this.loadUnfinished();
    // Its draft is made a moment after it ended.
    setTimeout(() => this.loadUnfinished(), LOOK);
  }

  async loadUnfinished() {
    const reply = await call("GET", "/api/records");
    if (reply.ok) this.desk.changed({ unfinished: reply.data.records });
  }
}
