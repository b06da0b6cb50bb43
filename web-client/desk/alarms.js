// The agreed word: heard of here first, and shown before anybody else knows of it.
//
// The practitioner sees the alert from this page's own match, without waiting for a network; the service is told at once,
// and again until its own view shows it. Nothing of all this goes to the other side.

import { isBeside } from "./beside.js";
import { openAlarm } from "./contacts.js";
import { usesAgreed } from "./safe_word.js";

/**
 * @typedef {import("../parts/protocol").ContactView} ContactView
 * @typedef {import("../parts/protocol").Used} Used
 * @typedef {{ contact: string, person: string, since: number, how: Used | null, saved: boolean }} Alarm
 * `how`: none where what happened then isn't told any more; `saved`: the service knows.
 */

/** How many texts that came before their contact are kept until it comes. */
const EARLY = 100;
/** How many people's last texts are kept, for a word that is split over two. */
const LAST = 100;
/** How many texts are remembered as those with the word in them. */
const MARKED = 300;

export class Alarms {
  /** @param {{ send: (contact: string, act: object) => boolean, now: () => number }} options `now` in seconds */
  constructor({ send, now }) {
    this._send = send;
    this._now = now;
    /** Raised here and not in the service's view yet. @type {(Alarm & { before: number })[]} */
    this._raised = [];
    /** Texts of a contact that isn't known yet. @type {{ contact: string, person: string, id: string, body: string }[]} */
    this._early = [];
    /** What each person wrote last. @type {Map<string, string>} */
    this._last = new Map();
    /** Texts with the word in them. @type {Set<string>} */
    this.marked = new Set();
  }

  /**
   * A new text of the person; one that was sent again isn't new.
   * @param {{ contact: string, person: string, id: string, body: string }} text @param {ContactView | undefined} view
   */
  arrived(text, view) {
    if (!view) {
      // On a page just loaded a text can come before its contact, and so before the word.
      this._early.push(text);
      if (this._early.length > EARLY) this._early.shift();
      return;
    }
    // The word is the service user's: from others it is a word.
    if (isBeside(view, text.person)) return;
    const whose = markOf(text.contact, text.person);
    const before = this._last.get(whose) || "";
    this._last.delete(whose);
    this._last.set(whose, text.body);
    if (this._last.size > LAST) this._last.delete(/** @type {string} */ (this._last.keys().next().value));
    if (!usesAgreed(text.body, before, view.details)) return;
    this.marked.add(markOf(text.person, text.id));
    if (this.marked.size > MARKED) this.marked.delete(/** @type {string} */ (this.marked.values().next().value));
    this.raise(view, text.person, "typed");
  }

  /**
   * The word was used. What stands open already is raised no second time.
   * @param {ContactView} view @param {string} person @param {Used} how
   */
  raise(view, person, how) {
    if (this._isRaised(view.id, person) || isOpen(view, person)) return;
    const alarm = { contact: view.id, person, since: this._now(), how, saved: false };
    this._raised.push(Object.assign(alarm, { before: uses(view, person).length }));
    this._send(view.id, { do: "alarm", person, how });
  }

  /** Tells the service again what its view doesn't show: a reconnect, or a refusal, came between. */
  again() {
    for (const { contact, person, how } of this._raised) this._send(contact, { do: "alarm", person, how });
  }

  /** Goes by what is true of all contacts now. @param {Record<string, ContactView>} contacts */
  see(contacts) {
    const early = this._early;
    this._early = early.filter((text) => !contacts[text.contact]);
    for (const text of early) if (contacts[text.contact]) this.arrived(text, contacts[text.contact]);
    this._raised = this._raised.filter(({ contact, person, before }) => {
      const view = contacts[contact];
      // Handled in another tab before this page saw it open: it stands in what happened.
      return Boolean(view) && !isOpen(view, person) && uses(view, person).length <= before;
    });
  }

  /** All that stands open, the latest first. @param {Record<string, ContactView>} contacts @returns {Alarm[]} */
  list(contacts) {
    /** @type {Alarm[]} */
    const alarms = [];
    for (const { contact, person, since, how } of this._raised) alarms.push({ contact, person, since, how, saved: false });
    for (const view of Object.values(contacts)) {
      for (const { person, matter, since } of view.open) {
        if (matter !== "alarm") continue;
        const last = uses(view, person).pop();
        alarms.push({ contact: view.id, person, since, how: last && last.what === "alarm" ? last.how : null, saved: true });
      }
    }
    return alarms.sort((a, b) => b.since - a.since);
  }

  /** @param {string} contact @param {string} person */
  _isRaised(contact, person) {
    return this._raised.some((one) => one.contact === contact && one.person === person);
  }
}

/** How a text is known again. @param {string} person @param {string} id */
export const markOf = (person, id) => `${person} ${id}`;

/** @param {ContactView} view @param {string} person */
const isOpen = (view, person) => openAlarm(view, person) !== undefined;

/** @param {ContactView} view @param {string} person */
const uses = (view, person) => view.history.filter((one) => one.person === person && one.what === "alarm");
