// What each press on a person's own rights does: a copy of all that is kept of them, and erasing it.

import { problemSays } from "./account.js";
import { call } from "./api.js";
import { give } from "./giving_files.js";

/**
 * @typedef {import("../parts/protocol").PersonErasure} PersonErasure
 * @typedef {{ person: string, at: "copied" | "asked" | "erased", found: PersonErasure | null, problem: string, busy: boolean,
 *   receipts: import("../parts/protocol").SignedReceipt[] }} Subject `erased`: the person is gone, and their receipts are here alone
 */

/** @param {import("./desk.js").Desk} desk */
export function subjectActionsOf(desk) {
  const { model } = desk;
  const { t } = model;
  const address = (/** @type {string} */ person, /** @type {string} */ what) => `/api/people/${encodeURIComponent(person)}/${what}`;

  /** @param {string} person @param {Partial<Subject>} what */
  function show(person, what) {
    /** @type {Subject} */
    const fresh = { person, at: "copied", found: null, problem: "", busy: false, receipts: [] };
    desk.changed({ subject: Object.assign(fresh, what) });
  }

  return {
    /** The service makes the file and keeps nothing of it. @param {{ person?: string }} data */
    async "copy-subject"({ person = "" }) {
      if (model.subject && model.subject.busy) return;
      show(person, { busy: true });
      const response = await fetch(address(person, "copy"), { method: "POST", credentials: "same-origin", cache: "no-store" }).catch(() => null);
      if (response && response.ok) {
        give(await response.blob(), "copy.zip");
        show(person, {});
      } else {
        const problem = response ? await response.json().catch(() => ({ code: "other" })) : { code: "no_line" };
        show(person, { problem: problemSays(t, problem) });
      }
      desk.focusSoon("#subject-head");
    },
    /** What would go. @param {{ person?: string }} data */
    async "ask-erase-subject"({ person = "" }) {
      show(person, { at: "asked", busy: true });
      const reply = await call("GET", address(person, "erasure"));
      if (reply.ok) show(person, { at: "asked", found: reply.data });
      else show(person, { at: "asked", problem: problemSays(t, reply.problem) });
      desk.focusSoon("#subject-head");
    },
    "leave-subject"() {
      desk.changed({ subject: null });
      desk.focusSoon(model.safety === "list" ? "#people-head" : '[data-do="ask-erase-subject"]');
    },
    /** @param {{ person?: string }} data */
    async "erase-subject"({ person = "" }) {
      const { subject } = model;
      if (!subject || subject.busy || subject.person !== person) return;
      show(person, { at: "asked", found: subject.found, busy: true });
      const reply = await call("POST", address(person, "erasure"));
      if (!reply.ok) show(person, { at: "asked", found: subject.found, problem: problemSays(t, reply.problem) });
      else {
        desk.changed({ safety: "list", people: model.people.filter(({ id }) => id !== person), upcoming: model.upcoming.filter(({ details }) => details.about !== person) });
        show(person, { at: "erased", receipts: reply.data.receipts });
      }
      desk.focusSoon("#subject-head");
    },
    /** @param {{ number?: string }} data */
    "receipt-subject"({ number = "" }) {
      const found = model.subject && model.subject.receipts.find(({ receipt }) => String(receipt.number) === number);
      if (found) give(new Blob([found.signed], { type: "text/plain;charset=utf-8" }), `deletion-receipt-${number}.txt`);
    },
  };
}
