// What each press on another time, on calling off and on a calendar file does.

import { problemSays } from "./account.js";
import { call } from "./api.js";
import { give } from "./giving_files.js";
import { wordsOff } from "./sending_view.js";
import { afterUndo } from "./undoing.js";
import { momentOf, wallAt } from "./zones.js";

/**
 * @typedef {{ contact?: string }} Data
 * @param {import("./desk.js").Desk} desk @param {(contact: string, way: "copy") => Promise<boolean>} mayGive
 */
export function plannedActionsOf(desk, mayGive) {
  const { model } = desk;
  const { t } = model;

  const address = (/** @type {string} */ contact, /** @type {string} */ what) => `/api/contacts/${encodeURIComponent(contact)}/${what}`;

  /** What goes with it, once it is done. @param {string} contact */
  function again(contact) {
    desk.loadUpcoming();
    desk.actions.calendarAgain();
    if (model.picked === contact) desk.focusSoon(".middle h2[tabindex]");
  }

  const off = afterUndo(async (leaving) => {
    const going = model.callingOff;
    if (!going) return;
    const { contact, and_after } = going;
    const sent = call("POST", address(contact, "cancel"), { and_after }, leaving);
    if (leaving) return;
    desk.changed({ callingOff: null });
    const reply = await sent;
    if (!reply.ok) return desk.changed({ notice: problemSays(t, reply.problem) });
    delete model.links[contact];
    const ended = model.now;
    // It comes over the socket too, if it is today's.
    for (const one of model.upcoming) if (reply.data.contacts.indexOf(one.id) >= 0) Object.assign(one, { ended, cancelled: ended, link: false });
    desk.changed({ notice: t("desk.planned.off.done", { count: reply.data.contacts.length }) });
    again(contact);
  });

  return {
    /** @param {Data} data */
    "move-time"({ contact = "" }) {
      const view = desk.view(contact);
      if (!view) return;
      const { date, time } = wallAt(view.details.starts_at, model.clock.zone);
      desk.changed({ moving: { contact, date, time, and_after: false, wrong: [], problem: "", saving: false }, asking: null, notice: "" });
      desk.focusSoon("#field-date");
    },
    "keep-time"() {
      desk.changed({ moving: null });
      desk.focusSoon('[data-do="move-time"]');
    },
    /** @param {HTMLFormElement} form */
    async saveMove(form) {
      const { moving } = model;
      if (!moving || moving.saving) return;
      const data = new FormData(form);
      const [date, time] = [String(data.get("date") || ""), String(data.get("time") || "")];
      const and_after = data.get("scope") === "after";
      const starts_at = momentOf(date, time, model.clock.zone);
      const typed = Object.assign({}, moving, { date, time, and_after, problem: "" });
      const key = typeof starts_at === "string" ? starts_at : starts_at < model.now - 3600 ? "past" : "";
      if (key) {
        const name = key === "date" ? "date" : "time";
        desk.changed({ moving: Object.assign(typed, { wrong: [{ field: name, key: `desk.form.wrong.${key}` }] }) });
        return desk.focusSoon(`#field-${name}`);
      }
      const saving = Object.assign(typed, { wrong: [], saving: true });
      desk.changed({ moving: saving });
      const reply = await call("PUT", address(moving.contact, "time"), { starts_at, zone: model.clock.zone, and_after });
      if (model.moving !== saving) return;
      if (!reply.ok) {
        desk.changed({ moving: Object.assign({}, saving, { saving: false, problem: problemSays(t, reply.problem) }) });
        return desk.focusSoon("#move-problem");
      }
      const moved = /** @type {import("../parts/protocol").PlannedTime[]} */ (reply.data.contacts);
      for (const one of moved) {
        const listed = model.upcoming.find(({ id }) => id === one.id);
        if (listed) listed.details = Object.assign({}, listed.details, { starts_at: one.starts_at });
      }
      desk.changed({ moving: null, notice: [t("desk.planned.moved", { count: moved.length }), ...timesSay(desk, moved)].join(" ") });
      again(moving.contact);
    },
    /** @param {Data} data */
    "call-off"({ contact = "" }) {
      desk.changed({ asking: { what: "call-off", contact }, moving: null, notice: "" });
      desk.focusSoon('[data-do="call-off-now"]');
    },
    /** @param {HTMLFormElement} form */
    callOffSoon(form) {
      off.now();
      const and_after = new FormData(form).get("scope") === "after";
      desk.changed({ asking: null, callingOff: { contact: form.dataset.contact || "", and_after } });
      off.begin();
      desk.focusSoon('[data-do="undo-call-off"]');
    },
    "undo-call-off"() {
      off.undo();
      desk.changed({ callingOff: null, notice: t("desk.planned.off.undone") });
      desk.focusSoon('[data-do="call-off"]');
    },
    /** @param {Data} data */
    async "copy-off"({ contact = "" }) {
      if (!(await mayGive(contact, "copy"))) return;
      try {
        const view = desk.view(contact);
        await navigator.clipboard.writeText(view ? wordsOff(model, view) : t("desk.planned.off.words"));
        desk.changed({ copied: `off ${contact}`, notice: "" });
      } catch (_) {
        desk.changed({ notice: t("desk.planned.off.by_hand") });
      }
    },
    /** Theirs is a channel of their plan: the service says whether it may be. @param {Data} data */
    async "file-invited"({ contact = "" }) {
      const response = await fetch(`${address(contact, "calendar")}?whose=invited`, { credentials: "same-origin", cache: "no-store" }).catch(() => null);
      if (!response || !response.ok) {
        const problem = response ? await response.json().catch(() => ({ code: "other" })) : { code: "no_line" };
        const refused = /^unsafe_(.+)$/.exec(problem.code);
        const notice = refused ? t(`desk.unsafe.${refused[1]}`) : problemSays(t, problem);
        desk.changed({ notice });
        return desk.announce(notice);
      }
      give(await response.blob(), "calendar.ics");
      desk.changed({ notice: t("desk.planned.file.invited.done") });
    },
  };
}

/**
 * What is to be known of times that the service worked out.
 * @param {import("./desk.js").Desk} desk @param {import("../parts/protocol").PlannedTime[]} times @returns {string[]}
 */
export function timesSay({ model }, times) {
  const { t, clock } = model;
  const on = (/** @type {import("../parts/protocol").PlannedTime[]} */ some) => some.map((one) => clock.moment(one.starts_at, 0)).join("; ");
  const [twice, outside] = [times.filter((one) => one.twice), times.filter((one) => one.outside)];
  return [
    ...(twice.length ? [t("desk.planned.twice", { times: on(twice) })] : []),
    ...(outside.length ? [t("desk.planned.outside", { times: on(outside) })] : []),
  ];
}
