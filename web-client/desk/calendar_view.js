// What is planned, by day or by week: what stands on each day and how far it is, a way to plan on it, earlier and later.

import { make } from "../parts/dom.js";
import { daysOf, onDays, rangeOf } from "./calendar.js";
import { button, state } from "./pieces.js";
import { contactSays } from "./says.js";
import { startOf, wallAt } from "./zones.js";

/** @typedef {import("./model.js").Model} Model @typedef {import("./calendar.js").Calendar} Calendar */

/** @param {Model} model @param {Calendar} calendar */
export function calendarView(model, calendar) {
  const { t, clock } = model;
  const days = daysOf(calendar);
  const first = clock.day(noonOf(days[0], clock.zone));
  const week = calendar.span === "week";
  return make("section", { class: "calendar", "aria-labelledby": "calendar-head", "data-key": "calendar" }, [
    make("div", { class: "contact-head" }, [
      button(model, "today", t("desk.back_to_today"), { plain: true, small: true, key: false, extra: "narrow-only" }),
      make("h2", { id: "calendar-head", tabindex: "-1", text: week ? t("desk.calendar.week", { day: first }) : first }),
    ]),
    make("div", { class: "row", "data-key": "moves" }, [
      button(model, "earlier", t("desk.calendar.earlier"), { small: true }),
      button(model, "this-day", t("desk.today"), { small: true }),
      button(model, "later", t("desk.calendar.later"), { small: true }),
      button(model, "span", t(week ? "desk.calendar.by_day" : "desk.calendar.by_week"), { small: true }),
      button(model, "close-calendar", t("desk.calendar.close"), { small: true, key: false }),
    ]),
    ...body(model, calendar, days),
    fileView(model, calendar),
  ]);
}

/** @param {Model} model @param {Calendar} calendar @param {string[]} days */
function body(model, calendar, days) {
  const { t, clock } = model;
  if (calendar.failed) {
    return [
      make("p", { class: "mistake", "data-key": "says", text: t("desk.calendar.failed") }),
      make("div", { class: "row", "data-key": "again" }, [button(model, "calendar-again", t("desk.calendar.again"), { small: true, key: false })]),
    ];
  }
  if (!calendar.list) return [make("p", { class: "soft", "data-key": "says", text: t("desk.calendar.loading") })];
  const planned = onDays(calendar.list, days, clock.zone);
  const none = planned.every((day) => !day.length);
  const today = wallAt(model.now, clock.zone).date;
  return [
    ...(none ? [make("p", { class: "soft", "data-key": "says", text: t("desk.calendar.empty") })] : []),
    make("div", { class: `days ${calendar.span}`, "data-key": "days" }, days.map((day, at) => dayView(model, day, planned[at], day === today, calendar))),
  ];
}

/** @param {Model} model @param {string} day @param {import("./calendar.js").Planned[]} planned @param {boolean} isToday @param {Calendar} calendar */
function dayView(model, day, planned, isToday, calendar) {
  const { t, clock } = model;
  const name = clock.day(noonOf(day, clock.zone));
  const week = calendar.span === "week";
  // One day alone is named by the heading above it.
  return make(week ? "section" : "div", { class: `one-day${isToday ? " is-today" : ""}`, "aria-label": week ? name : undefined, "data-key": day }, [
    make("h3", {}, [make("span", { text: week ? name : t("desk.calendar.planned") }), ...(isToday ? [make("b", { text: t("desk.today") })] : [])]),
    make("ul", { class: "slots" }, planned.map((one) => slot(model, one))),
    button(model, "new-on", t("desk.calendar.plan"), {
      data: { date: day },
      small: true,
      plain: true,
      key: false,
      label: t("desk.calendar.plan_on", { day: name }),
    }),
  ]);
}

/** @param {Model} model @param {import("./calendar.js").Planned} listed */
function slot(model, listed) {
  const { t, clock, now } = model;
  // What this page hears of live is truer than the list.
  const view = model.known.contacts[listed.id] || listed;
  const says = contactSays(t, clock, view, now);
  return make("li", { "data-key": listed.id }, [
    make("button", { type: "button", class: `card tone-${says.tone}`, "data-do": "pick", "data-contact": listed.id }, [
      make("span", { class: "card-top" }, [make("b", { text: clock.time(view.details.starts_at) }), make("span", { text: view.details.reference })]),
      state(says, "span"),
    ]),
  ]);
}

/** For one's own calendar. The reference is in it only where that is ticked: others see calendars. @param {Model} model @param {Calendar} calendar */
function fileView(model, calendar) {
  const { t } = model;
  const { from, to } = rangeOf(calendar, model.clock.zone);
  const { calendar_reference: reference } = model.settings;
  const address = `/api/calendar?from=${from}&to=${to}${reference ? "&reference=true" : ""}`;
  return make("details", { class: "calendar-file", "data-key": "file" }, [
    make("summary", { text: t("desk.calendar.file") }),
    make("p", { class: "hint", text: t("desk.calendar.file.hint") }),
    make("div", { class: "tick" }, [
      make("input", { type: "checkbox", id: "setting-calendar_reference", "data-setting": "calendar_reference", checked: reference }),
      make("label", { for: "setting-calendar_reference", text: t("desk.calendar.file.reference") }),
    ]),
    make("div", { class: "row" }, [make("a", { class: "button", href: address, download: "calendar.ics", text: t("desk.calendar.file.get") })]),
  ]);
}

/** A moment of the day that no change of clocks comes near. @param {string} day @param {string} zone */
const noonOf = (day, zone) => startOf(day, zone) + 43200;
