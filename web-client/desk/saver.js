// Keeps what a practitioner types about a contact, as it is typed: one save on its way at a time, the newest next. No page.

import { plain } from "./record_text.js";

/** Milliseconds from one save to the next, at least. Longer: a crash takes more words. Shorter: more is written to the disk. */
const PAUSE = 2000;
/** Milliseconds from a key to the first save. */
const FIRST = 700;
/** Milliseconds until what couldn't be saved is tried again. */
const AGAIN = 3000;

/** What can't be helped by trying again. @type {Record<string, State>} */
const FINAL = { record_changed: "changed", record_gone: "gone", unknown_contact: "gone", notes_long: "long", text_long: "long", safety_long: "long", too_large: "long" };

/**
 * @typedef {import("../parts/protocol").Written} Written
 * @typedef {"saved" | "unsaved" | "failed" | "changed" | "gone" | "long"} State
 * `changed`: another window has saved something else; `failed`: not saved yet, and tried again
 * @typedef {import("./api.js").Reply} Reply
 */

export class Saver {
  /**
   * @param {{ put: (body: import("../parts/protocol").SaveRecord) => Promise<Reply>, page: string, changed: () => void,
   *   now?: () => number, later?: (what: () => void, milliseconds: number) => any }} options
   */
  constructor({ put, page, changed, now = Date.now, later = (what, wait) => setTimeout(what, wait) }) {
    this.put = put;
    this.page = page;
    this.changed = changed;
    this.now = now;
    this.later = later;
    /** @type {Written} */
    this.written = { notes: "", text: null, safety: null };
    /** @type {State} */
    this.state = "saved";
    this.revision = 0;
    this.number = 0;
    this.loaded = false;
    /** How often what is written came from the service: fields are made anew then. */
    this.loads = 0;
    this.last = 0;
    this.waits = false;
    /** The save that is on its way. @type {Promise<void> | null} */
    this.saving = null;
  }

  /**
   * What the service has. What was typed here and isn't saved stays, unless it is to give way.
   * @param {{ written: Written, revision: number }} record @param {boolean} [gives]
   */
  load({ written, revision }, gives = false) {
    if (this.loaded && this.state !== "saved" && !gives) return;
    // What this page has saved itself: its fields stay as they are, with what has the focus.
    if (this.loaded && this.state === "saved" && this.revision === revision) return;
    this.revision = revision;
    this.written = written;
    this.state = "saved";
    this.loaded = true;
    this.loads += 1;
    this.changed();
  }

  /** @param {Partial<Written>} part */
  write(part) {
    /** @type {any} */
    const typed = {};
    for (const [name, words] of Object.entries(part)) typed[name] = words === null ? null : plain(words);
    this.written = Object.assign({}, this.written, typed);
    // Over another window's words nothing is written by itself.
    if (this.state === "changed" || this.state === "gone") return this.changed();
    this.state = this.state === "failed" ? "failed" : "unsaved";
    this.changed();
    this.soon(Math.max(FIRST, this.last + PAUSE - this.now()));
  }

  /** @param {number} wait */
  soon(wait) {
    if (this.waits) return;
    this.waits = true;
    this.later(() => {
      this.waits = false;
      this.save();
    }, wait);
  }

  /** Saves what isn't saved; resolves when that is answered. @returns {Promise<boolean>} whether all of it is saved */
  async flush() {
    while (this.saving) await this.saving;
    if (this.state === "unsaved" || this.state === "failed") await this.save();
    return this.state === "saved";
  }

  /** The page goes away: the last words are sent, and nobody waits for an answer. A number of their own keeps them the newest. */
  away() {
    if (this.state === "unsaved" || this.state === "failed") this.saveOnce();
  }

  /** What the other window has is to be replaced by what stands here. @param {number} revision what it has saved last */
  keepMine(revision) {
    this.revision = revision;
    this.state = "unsaved";
    return this.flush();
  }

  async save() {
    if (this.saving || (this.state !== "unsaved" && this.state !== "failed")) return;
    this.saving = this.saveOnce();
    await this.saving;
    this.saving = null;
    // Typed on while it was on its way.
    if (this.state === "unsaved") this.soon(PAUSE);
    if (this.state === "failed") this.soon(AGAIN);
    this.changed();
  }

  async saveOnce() {
    const { written } = this;
    this.number += 1;
    this.last = this.now();
    const reply = await this.put({ written, page: this.page, number: this.number, base: this.revision });
    if (reply.ok) {
      this.revision = reply.data.revision;
      this.state = this.written === written ? "saved" : "unsaved";
    } else {
      this.state = FINAL[reply.problem.code] || "failed";
    }
  }
}
