// A supervisor's duty on this page, and the alarms that are with supervisors. No page in here.
//
// On duty is who switched it on and has a desk connected: the service takes the duty away with the last connection. So a page
// that was switched on says it again whenever it comes back, also when it was loaded anew in its tab.

/**
 * @typedef {import("../parts/protocol").Supervised} Supervised
 * @typedef {import("../parts/protocol").Handover} Handover
 * @typedef {(key: string, vars?: Record<string, string | number>) => string} T
 * @typedef {{ on: boolean, others: boolean, wanted: boolean, known: boolean }} OnDuty
 * `on`: the service counts this person as on duty; `others`: a supervisor other than them is; `wanted`: it was switched on here;
 * `known`: the service has said so on this connection
 * @typedef {{ getItem(key: string): string | null, setItem(key: string, value: string): void, removeItem(key: string): void }} Store
 */

/** What this tab remembers it by, with whose it is: who signs in next isn't on duty by it. */
const KEPT = "sidelight.desk.duty";

export class Duty {
  /** @param {{ me: string, send: (message: object) => boolean, store: Store }} options `store`: of this tab */
  constructor({ me, send, store }) {
    this._me = me;
    this._send = send;
    this._store = store;
    /** @type {OnDuty} */
    this.state = { on: false, others: false, wanted: this._wasWanted(), known: false };
  }

  /** The line is there anew, and nobody is on duty by it yet. */
  welcomed() {
    this._set({ on: false, others: false, known: false });
    if (this.state.wanted) this._send({ type: "duty", on: true });
  }

  /** Without a line the service counts on nobody here. */
  lineLost() {
    this._set({ on: false, others: false, known: false });
  }

  /** @param {{ on: boolean, others: boolean }} message */
  told({ on, others }) {
    // Switched off in another tab.
    if (this.state.on && !on) this._want(false);
    this._set({ on, others, known: true });
  }

  /** @param {boolean} on @returns {boolean} whether it is on its way */
  press(on) {
    if (!this._send({ type: "duty", on })) return false;
    this._want(on);
    return true;
  }

  /** It couldn't be written down: it stays as it was. */
  refused() {
    this._want(this.state.on);
  }

  /** Whoever signs out isn't on duty when somebody signs in again. */
  over() {
    this._want(false);
  }

  /** @param {Partial<OnDuty>} what */
  _set(what) {
    this.state = Object.assign({}, this.state, what);
  }

  /** @param {boolean} wanted */
  _want(wanted) {
    this._set({ wanted });
    try {
      if (wanted) this._store.setItem(KEPT, this._me);
      else this._store.removeItem(KEPT);
    } catch (_) {
      // A browser that keeps nothing: it holds for this page.
    }
  }

  _wasWanted() {
    try {
      return this._store.getItem(KEPT) === this._me;
    } catch (_) {
      return false;
    }
  }
}

/** What the switch says beneath it. @param {T} t @param {OnDuty} duty */
export function dutySays(t, { on, wanted, known }) {
  if (on) return t("desk.duty.on");
  return t(wanted && !known ? "desk.duty.no_line" : "desk.duty.off");
}

/** Whether an alarm would reach nobody but its practitioner. What isn't known isn't said. @param {OnDuty} duty */
export const nobodyElse = ({ known, others }) => known && !others;

/** What the practitioner reads of it under an alarm. @param {T} t @param {import("./clock.js").Clock} clock @param {OnDuty} duty @param {import("../parts/protocol").Open | undefined} open none: the service doesn't know of it yet @param {number} now */
export function handoverSays(t, clock, duty, open, now) {
  const nobody = nobodyElse(duty);
  const somebody = duty.known && duty.others;
  if (!open || !open.handover) {
    if (nobody) return t("desk.supervisor.nobody");
    return open && !open.at_it && somebody ? t("desk.supervisor.by_itself") : "";
  }
  const { at, by_itself, taken_by, taken } = open.handover;
  if (taken_by !== null && taken !== null) return t("desk.supervisor.taken", { name: taken_by, time: clock.moment(taken, now) });
  const sent = t(by_itself ? "desk.supervisor.went" : "desk.supervisor.handed", { time: clock.moment(at, now) });
  return nobody ? `${sent} ${t("desk.supervisor.nobody.waits")}` : somebody ? `${sent} ${t("desk.supervisor.waits")}` : sent;
}

/** How an alarm is known again. @param {Supervised} one */
const keyOf = ({ contact, alarm }) => `${contact} ${alarm.person} ${alarm.since}`;

/** Those that nobody has said yet that they have. @param {Supervised[]} all */
export const untaken = (all) => all.filter(({ alarm }) => alarm.handover.taken === null);

/** Those of them that weren't there before. @param {Supervised[]} before @param {Supervised[]} after */
export function newOf(before, after) {
  const known = before.map(keyOf);
  return untaken(after).filter((one) => known.indexOf(keyOf(one)) < 0);
}
