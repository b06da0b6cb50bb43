// The left of the desk: today's contacts, what waits to be handled, what is planned for later; the desk's own settings.

import { make } from "../parts/dom.js";
import { atTheDoor, grouped, person } from "./contacts.js";
import { endOfDay } from "./clock.js";
import { dutyView } from "./duty_view.js";
import { handsShort } from "./hands_view.js";
import { allContacts, isPractitioner, isSupervisor } from "./model.js";
import { button, state } from "./pieces.js";
import { unfinishedView } from "./record_view.js";
import { contactSays, openShort } from "./says.js";
import { settingsView } from "./settings_view.js";
import { undisturbedNote } from "./undisturbed_view.js";

/** @typedef {import("./model.js").Model} Model */

/** More: a list that nobody reads, drawn anew with each change. What is left out stands in the view by week. */
const MOST_UPCOMING = 20;

/** @param {Model} model */
export function todayView(model) {
  const { t } = model;
  const groups = grouped(allContacts(model), endOfDay(model.now, model.clock.zone));
  return make("nav", { class: "today", "aria-labelledby": "today-head", "data-key": "today" }, [
    make("div", { class: "today-head" }, [
      make("h2", { id: "today-head", tabindex: "-1", text: t("desk.today") }),
      ...(isPractitioner(model) ? [button(model, "new", t("desk.new"), { main: true, small: true })] : []),
    ]),
    ...undisturbedNote(model),
    ...(isSupervisor(model) ? [dutyView(model)] : []),
    make("div", { class: "today-list", "data-key": "list" }, [
      ...group(model, "now", groups.now),
      ...group(model, "open", groups.open),
      ...group(model, "next", groups.next),
      ...group(model, "over", groups.over),
      ...unfinishedView(model),
      ...group(model, "upcoming", groups.upcoming.slice(0, MOST_UPCOMING)),
      ...(groups.upcoming.length > MOST_UPCOMING
        ? [make("p", { class: "soft", "data-key": "more", text: t("desk.today.more", { count: groups.upcoming.length - MOST_UPCOMING }) })]
        : []),
      ...emptyWords(model),
    ]),
    ...(isPractitioner(model)
      ? [
          make("div", { class: "row people-row", "data-key": "people" }, [
            button(model, "calendar", t("desk.calendar"), { small: true }),
            button(model, "people", t("desk.safety.people"), { small: true, key: false }),
          ]),
        ]
      : []),
    settingsView(model),
  ]);
}

/** @param {Model} model @returns {Node[]} */
function emptyWords(model) {
  const { t } = model;
  const said = (/** @type {string} */ key) => [make("p", { class: "soft", "data-key": "empty", text: t(key) })];
  if (Object.keys(model.known.contacts).length) return [];
  if (!model.known.ready) return said(model.line === "lost" ? "desk.today.lost" : "desk.today.loading");
  if (!isPractitioner(model)) return said("desk.today.none");
  return model.upcoming.length ? [] : said("desk.today.empty");
}

/** @param {Model} model @param {string} name @param {import("./model.js").ContactView[]} views @returns {Node[]} */
function group(model, name, views) {
  if (!views.length) return [];
  return [
    make("h3", { class: "group", "data-key": `head-${name}`, text: model.t(`desk.today.${name}`) }),
    make(
      "ul",
      { class: "cards", "data-key": `group-${name}` },
      views.map((view) => make("li", { "data-key": view.id }, [card(model, view, name)])),
    ),
  ];
}

/** @param {Model} model @param {import("./model.js").ContactView} view @param {string} name */
function card(model, view, name) {
  const { t, clock, now } = model;
  const says = contactSays(t, clock, view, now);
  const one = person(view);
  const picked = !model.form && !model.safety && !model.record && (model.picked === null ? Boolean(model.talk && model.talk.contact === view.id) : model.picked === view.id);
  const count = model.unread[view.id] || 0;
  const open = openShort(t, view);
  const hints = handsShort(t, view);
  if (one && one.answer && (atTheDoor(view).length || one.stage.name === "choosing")) hints.push(t(`desk.answer.${one.answer}.short`));
  if (one && one.way && one.stage.name === "waiting") hints.push(t(`desk.way.${one.way}`));
  return make(
    "button",
    {
      type: "button",
      class: `card tone-${says.tone}`,
      "data-do": "pick",
      "data-contact": view.id,
      "aria-current": picked ? "true" : undefined,
    },
    [
      make("span", { class: "card-top" }, [
        make("b", { text: view.details.reference }),
        make("span", { class: "when", text: clock.moment(view.details.starts_at, now) }),
      ]),
      state(says, "span"),
      ...(open ? [state({ tone: "notice", text: open }, "span")] : []),
      ...(hints.length ? [make("span", { class: "hints", text: hints.join(" · ") })] : []),
      ...(count ? [make("span", { class: "unread", text: t("desk.unread", { count }) })] : []),
    ],
  );
}
