// One contact: who is at the door and what can be done about it, what to know, what happened.

import { make } from "../parts/dom.js";
import { asksView } from "./asks_view.js";
import { hasOthers, whoIs } from "./beside.js";
import { besideView } from "./beside_view.js";
import { isOpen } from "./card.js";
import { atTheDoor, inside, person } from "./contacts.js";
import { declineView } from "./decline_view.js";
import { handsView, manages } from "./hands_view.js";
import { helpView } from "./help_view.js";
import { linkView } from "./link_view.js";
import { plannedView } from "./planned_view.js";
import { personOf, thread } from "./model.js";
import { notesView } from "./notes_view.js";
import { openView } from "./open_view.js";
import { numberOf } from "./override.js";
import { askedOnce, button, state } from "./pieces.js";
import { ringingView } from "./ringing_view.js";
import { agreedFacts } from "./safety_view.js";
import { askedSays, checkedSays, contactSays, happeningSays, offSays, personSays, whoSays } from "./says.js";
import { suggestionView } from "./suggestion_view.js";
import { textsView } from "./texts_view.js";

/**
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("./model.js").ContactView} ContactView
 */

/** The contact with nobody in conversation on this page. @param {Model} model @param {ContactView} view @param {boolean} beside a conversation keeps the middle */
export function contactView(model, view, beside) {
  const { t, clock, now } = model;
  const door = atTheDoor(view);
  const someone = door.length > 0 || Boolean(inside(view));
  // Someone at the door can be seen to from a page that holds nothing yet; a conversation under way is taken over first.
  const elsewhere = someone && (view.held === "elsewhere" || (view.held === "nowhere" && Boolean(inside(view))));
  return make("section", { class: "contact", "aria-labelledby": "contact-head", "data-key": `contact-${view.id}` }, [
    make("div", { class: "contact-head" }, [
      button(model, "today", t("desk.back_to_today"), { plain: true, small: true, key: false, extra: "narrow-only" }),
      ...(model.calendar ? [button(model, "calendar", t("desk.calendar.back"), { small: true })] : []),
      ...(beside ? [button(model, "back-to-talk", t("desk.back_to_talk"), { small: true, key: false })] : []),
      make("h2", { id: "contact-head", tabindex: "-1", text: view.details.reference }),
      state(contactSays(t, clock, view, now)),
    ]),
    openView(model, view),
    ...(elsewhere ? [elsewhereView(model, view)] : door.map((one) => doorView(model, view, one, one === door[0]))),
    ...(!elsewhere && !door.length && inside(view)
      ? [make("p", { class: "panel", "data-key": "other", text: t("desk.one_at_a_time") })]
      : []),
    ...(someone ? [] : [afterView(model, view)]),
    ...(someone || view.ended !== null || !manages(view) ? [] : [linkView(model, view)]),
    ...(someone || !manages(view) ? [] : plannedView(model, view)),
    ...(beside ? [knowView(model, view, true)] : []),
  ]);
}

/** What a person's last step means for the next one, where it means something. @param {Model} model @param {ContactView} view */
function afterView(model, view) {
  const one = person(view);
  const name = one ? one.stage.name : "";
  const exit = one && one.stage.name === "left" && one.stage.how === "exit";
  // What waits to be handled says the same, above.
  const open = Boolean(one) && view.open.some(({ person, matter }) => one && person === one.id && matter === (exit ? "exit" : name));
  const left = one && one.stage.name === "left" ? `desk.after.left.${one.stage.how}` : `desk.after.${name}`;
  // That someone left by the exit stays the thing to know, also when the contact is over.
  const key = view.ended !== null && !exit ? "desk.after.ended" : left;
  const text = model.t(key);
  const none = text === key || open;
  return make("p", { class: "after", "data-key": "after", hidden: none, text: none ? "" : text });
}

/** Another page of the practitioner holds the conversation. @param {Model} model @param {ContactView} view */
export function elsewhereView(model, view) {
  const { t } = model;
  return make("div", { class: "panel elsewhere", "data-key": "elsewhere" }, [
    make("p", { text: t(view.held === "elsewhere" ? "desk.elsewhere" : "desk.nowhere") }),
    make("div", { class: "row" }, [button(model, "take", t("desk.take"), { main: true, data: { contact: view.id } })]),
  ]);
}

/**
 * @param {Model} model @param {ContactView} view @param {import("../parts/protocol").PersonView} one
 * @param {boolean} first the keys belong to whoever came first
 */
function doorView(model, view, one, first) {
  const { t, clock, now } = model;
  const data = { contact: view.id, person: one.id };
  const said = askedSays(t, clock, one);
  const who = whoSays(t, clock, one);
  const checked = checkedSays(t, one);
  const asking = model.asking && model.asking.what === "decline" && model.asking.person === one.id;
  const taken = model.talk !== null && model.talk.contact !== view.id;
  const late = t("desk.late.words");
  return make("div", { class: `door tone-${personSays(t, clock, one, now).tone}`, "data-key": `door-${one.id}` }, [
    make("h3", { "data-key": "who", hidden: !hasOthers(view), text: hasOthers(view) ? whoIs(t, one) : "" }),
    make("div", { class: "answers" }, [
      ...(one.on_hold ? [make("p", { class: "said", text: t("desk.turns.on_hold", { time: clock.time(one.since) }) })] : []),
      ...(said ? [make("p", { class: "said", text: said })] : []),
      ...(who ? [make("p", { class: "said", text: who })] : []),
      make("p", { text: [one.way ? t(`desk.wants.${one.way}`) : "", ...offSays(t, one)].filter(Boolean).join(" ") }),
      ...(checked ? [make("p", { class: "soft", text: checked })] : []),
    ]),
    asking
      ? declineView(model, data)
      : make("div", { class: "actions", "data-key": "actions" }, [
          one.on_hold
            ? button(model, "carry-on", t("desk.turns.carry_on"), { main: true, data, sign: "check", disabled: taken })
            : button(model, "admit", t("desk.admit"), { main: true, data, sign: "check", disabled: taken, key: first }),
          button(model, "running-late", t("desk.late"), { key: first, data: Object.assign({ body: late }, data) }),
          button(model, "decline", t("desk.decline"), { data, key: first }),
        ]),
    asksView(model, view, one, false),
    suggestionView(model, view, one),
    ringingView(model, view, one),
    ...(taken ? [make("p", { class: "hint", "data-key": "taken", text: t("desk.admit.taken") })] : []),
    textsView(model, view, one, model.threads[thread(view.id, one.id)] || []),
  ]);
}

/** What a practitioner needs to know while they talk. @param {Model} model @param {ContactView} view @param {boolean} [beside] its heading stands above already */
export function knowView(model, view, beside = false) {
  const { t, clock, now } = model;
  const { details } = view;
  const someone = atTheDoor(view).length > 0 || Boolean(inside(view));
  const talking = model.talk !== null && model.talk.contact === view.id;
  /** @type {import("./safety_view.js").Fact[]} */
  const facts = [];
  if (details.greeting) facts.push([t("desk.know.greeting"), details.greeting]);
  if (details.practitioner) facts.push([t("desk.know.practitioner"), details.practitioner]);
  facts.push([
    t("desk.know.planned"),
    t("desk.know.planned.words", { time: clock.moment(details.starts_at, now), minutes: details.minutes }),
  ]);
  facts.push([t("desk.know.ways"), details.ways.map((way) => t(`desk.way.${way}`)).join(", ")]);
  if (details.signing) facts.push([t("desk.know.signing"), t("desk.know.signing.yes")]);
  if (details.rings) facts.push([t("desk.know.rings"), details.number || t("desk.know.rings.yes")]);
  if (details.waiting_words) facts.push([t("desk.know.waiting_words"), details.waiting_words]);
  facts.push(...agreedFacts(model, view));
  facts.push([t("desk.know.number"), numberOf(view.id)]);
  return make("div", { class: "know", "data-key": `know-${view.id}` }, [
    // Beside their conversation: elsewhere it stands with the contact itself.
    ...(talking ? [openView(model, view)] : []),
    helpView(model, view),
    besideView(model, view),
    handsView(model, view),
    make("section", { class: `word-panel${details.word ? "" : " none"}`, "data-key": "word" }, [
      make("h3", { text: t("desk.know.word") }),
      ...(details.word
        ? [
            make("p", { class: "word", text: details.word }),
            ...(details.response ? [make("p", { class: "response", text: details.response })] : []),
            make("p", { class: "hint", text: t("desk.know.word.looked_for") }),
          ]
        : [make("p", { class: "soft", text: t("desk.know.word.none") })]),
    ]),
    ...(manages(view) ? [notesView(model, view)] : []),
    make("section", { "data-key": "facts" }, [
      make("div", { class: "section-head" }, [
        make("h3", { text: t("desk.know") }),
        button(model, "edit", t("desk.edit"), {
          plain: true,
          small: true,
          key: false,
          disabled: view.ended !== null || !manages(view),
          data: { contact: view.id },
        }),
      ]),
      ...agreeTogether(model, view),
      make(
        "dl",
        {},
        facts.map(([name, value, onPress]) =>
          make("div", { "data-key": `fact-${name}` }, [make("dt", { text: name }), onPress ? make("dd", {}, [shownOnPress(t, value)]) : make("dd", { text: value })]),
        ),
      ),
    ]),
    ...(view.history.length ? [history(model, view)] : []),
    ...(someone && !beside && manages(view) ? [linkView(model, view)] : []),
  ]);
}

/** Somebody behind the practitioner needn't read it. @param {Model["t"]} t @param {string} value */
function shownOnPress(t, value) {
  return make("details", {}, [make("summary", { text: t("desk.know.show") }), value]);
}

/** A way to what their plan doesn't say yet, while there is somebody to ask. @param {Model} model @param {ContactView} view */
function agreeTogether(model, view) {
  const person = personOf(model, view);
  if (!person || !inside(view) || !isOpen(person.plan, model.t)) return [];
  return [button(model, "agree", model.t("desk.card.agree"), { small: true, key: false, data: { person: person.id } })];
}

/** Of whoever isn't the service user, who it was. @param {Model} model @param {ContactView} view @param {import("../parts/protocol").Happening} one */
function namedHappening({ t }, view, one) {
  const other = view.people.find(({ id, invitee }) => id === one.person && invitee !== null);
  return other ? t("desk.beside.says", { who: whoIs(t, other), what: happeningSays(t, one) }) : happeningSays(t, one);
}

/** @param {Model} model @param {ContactView} view */
function history(model, view) {
  const { t, clock, now } = model;
  const lines = view.history.map((one) =>
    make("li", {}, [make("span", { class: "when", text: clock.moment(one.at, now) }), make("span", { text: namedHappening(model, view, one) })]),
  );
  return make("section", { "data-key": "history" }, [make("h3", { text: t("desk.happened") }), make("ol", { class: "history" }, lines)]);
}
