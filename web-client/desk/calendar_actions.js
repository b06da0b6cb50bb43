// What each press on the view by day and by week does.

import { call } from "./api.js";
import { rangeOf, stepped } from "./calendar.js";
import { fromList } from "./contacts.js";
import { emptyPlan } from "./plan.js";
import { wallAt } from "./zones.js";

/** A time to begin with, on a day that isn't today. */
const MORNING = "10:00";

/** @param {import("./desk.js").Desk} desk */
export function calendarActionsOf(desk) {
  const { model } = desk;
  const today = () => wallAt(model.now, model.clock.zone).date;

  /** @param {Pick<import("./calendar.js").Calendar, "span" | "date">} what */
  async function show({ span, date }) {
    const calendar = { span, date, list: null, failed: false };
    desk.changed({ calendar, picked: null, form: null, safety: null, record: null, asking: null, notice: "", screen: "contact" });
    desk.focusSoon("#calendar-head");
    await load(calendar);
  }

  /** @param {import("./calendar.js").Calendar} calendar */
  async function load(calendar) {
    const { from, to } = rangeOf(calendar, model.clock.zone);
    const reply = await call("GET", `/api/contacts?from=${from}&to=${to}`);
    // Somebody looks at something else by now.
    if (model.calendar !== calendar) return;
    const loaded = reply.ok ? { list: reply.data.contacts.map(fromList) } : { failed: true };
    desk.changed({ calendar: Object.assign({}, calendar, loaded) });
  }

  /** @param {1 | -1} step */
  function step(step) {
    const { calendar } = model;
    if (calendar) show({ span: calendar.span, date: stepped(calendar, step) });
  }

  /** @param {{ date?: string }} data */
  function newOn({ date = "" }) {
    const day = date || (model.calendar && model.calendar.date) || today();
    const plan = Object.assign(emptyPlan(model.me.name, model.now, model.clock.zone), { when: "later" });
    // The next full hour may be tomorrow's.
    if (plan.date !== day) Object.assign(plan, { date: day, time: MORNING });
    desk.changed({
      safety: null,
      asking: null,
      notice: "",
      form: { kind: "new", day: true, plan, wrong: [], problem: "", saving: false },
      screen: "contact",
    });
    desk.focusSoon("#field-reference");
  }

  return {
    calendar() {
      const { calendar } = model;
      // Where they were, when they come back from a contact of it.
      return show(calendar ? calendar : { span: "week", date: today() });
    },
    /** Something changed, by a press here: the list is asked for anew, without a word. */
    async calendarAgain() {
      const { calendar } = model;
      if (!calendar) return;
      const { from, to } = rangeOf(calendar, model.clock.zone);
      const reply = await call("GET", `/api/contacts?from=${from}&to=${to}`);
      if (reply.ok && model.calendar === calendar) desk.changed({ calendar: Object.assign({}, calendar, { list: reply.data.contacts.map(fromList) }) });
    },
    "calendar-again"() {
      if (model.calendar) show(model.calendar);
    },
    earlier: () => step(-1),
    later: () => step(1),
    "this-day"() {
      if (model.calendar) show({ span: model.calendar.span, date: today() });
    },
    span() {
      const { calendar } = model;
      if (!calendar) return;
      // From a week with today in it, to today.
      const week = rangeOf(calendar, model.clock.zone);
      const here = calendar.span === "week" && model.now >= week.from && model.now < week.to;
      show({ span: calendar.span === "day" ? "week" : "day", date: here ? today() : calendar.date });
    },
    "close-calendar"() {
      desk.changed({ calendar: null, screen: model.talk ? "contact" : "today" });
      desk.focusSoon('[data-do="calendar"]');
    },
    "new-on": newOn,
  };
}
