// The whole desk: today on the left, the person in the middle, what to know on the right.

import { make } from "../parts/dom.js";
import { attentionView, isAttending } from "./attention_view.js";
import { calendarView } from "./calendar_view.js";
import { cardView } from "./card_view.js";
import { contactView, knowView } from "./contact_view.js";
import { formView } from "./form_view.js";
import { peopleView, safetyView } from "./safety_view.js";
import { hoursView } from "./hours_view.js";
import { contactOf, isPractitioner } from "./model.js";
import { button } from "./pieces.js";
import { places } from "./places.js";
import { recordView } from "./record_view.js";
import { talkView } from "./talk_view.js";
import { todayView } from "./today_view.js";

/** @typedef {import("./model.js").Model} Model */

/** @param {Model} model @returns {Element} */
export function deskView(model) {
  const { t } = model;
  const { middle, right } = places({ talking: model.talk && model.talk.contact, picked: model.picked, form: isFilled(model) });
  const still = model.allowed.motion ? "" : " still";
  return make(
    "div",
    {
      id: "desk",
      class: `desk show-${model.screen}${right ? "" : " no-right"}${middle.kind === "conversation" ? " talking" : ""}${right && right.kind !== "know" ? " beside" : ""}${isAttending(model) ? " attending" : ""}${model.covered ? " covered" : ""}${still}`,
    },
    [
      topView(model),
      make("main", { class: "work", "data-key": "work" }, [
        make("p", { class: "notice", "data-key": "notice", hidden: !model.notice, text: model.notice }),
        todayView(model),
        make("section", { class: "middle", "aria-label": t("desk.middle"), "data-key": "middle" }, piece(model, middle)),
        attentionView(model),
        make(
          "section",
          {
            class: "right",
            "aria-label": t(right && right.kind !== "know" ? "desk.beside" : "desk.know"),
            "data-key": "right",
            hidden: !right,
          },
          right ? piece(model, right) : [],
        ),
      ]),
    ],
  );
}

/** Something stands in the place of a contact. @param {Model} model */
function isFilled({ form, safety, record, calendar, picked }) {
  return Boolean(form || safety || record || (calendar && picked === null));
}

/** @param {Model} model */
function topView(model) {
  const { t } = model;
  const line = lineWords(model);
  return make("header", { class: "top", "data-key": "top" }, [
    make("h1", { class: "brand", text: t("desk.name") }),
    make("span", { class: "day", text: model.clock.day(model.now) }),
    make("span", { class: "line", "data-key": "line", hidden: !line }, [
      make("span", { text: line }),
      ...(model.line === "lost" ? [button(model, "retry", t("desk.line.retry"), { small: true })] : []),
      ...(model.line === "over" ? [button(model, "reload", t("desk.line.reload"), { small: true })] : []),
    ]),
    make("span", { class: "who", "data-key": "who", text: model.me.name }),
    button(model, "cover", t("desk.cover"), { plain: true, small: true }),
    button(model, "sign-out", t("desk.sign_out"), { plain: true, small: true, key: false }),
  ]);
}

/** The line to the service, where it isn't simply open. @param {Model} model */
function lineWords(model) {
  const { t } = model;
  if (model.line === "open") return "";
  if (model.line === "over")
    return t(`desk.line.over.${model.overBecause}`) === `desk.line.over.${model.overBecause}`
      ? t("desk.line.over")
      : t(`desk.line.over.${model.overBecause}`);
  return t(model.line === "lost" ? "desk.line.lost" : "desk.line.connecting");
}

/** @param {Model} model @param {import("./places.js").Piece} what @returns {Node[]} */
function piece(model, what) {
  const view = what.id === undefined ? undefined : contactOf(model, what.id);
  switch (what.kind) {
    case "form":
      if (model.safety === "list") return [peopleView(model)];
      if (model.safety && "hours" in model.safety) return [hoursView(model, model.safety.hours)];
      if (model.safety) return ["walk" in model.safety ? cardView(model, model.safety.walk) : safetyView(model, model.safety)];
      if (model.form) return [formView(model, model.form)];
      if (model.record) return [recordView(model, model.record)];
      return model.calendar ? [calendarView(model, model.calendar)] : [];
    case "conversation":
      return view ? [talkView(model, view)] : [];
    case "contact":
      return view ? [contactView(model, view, model.talk !== null)] : [make("p", { class: "soft", text: model.t("desk.contact.gone") })];
    case "know":
      return view ? [knowView(model, view)] : [];
    case "empty":
      return [empty(model)];
    default:
      return [];
  }
}

/** Nothing is picked: what there is to do, and the keys. @param {Model} model */
function empty(model) {
  const { t } = model;
  if (!isPractitioner(model)) {
    return make("section", { class: "nothing-picked", "data-key": "empty" }, [
      make("h2", { text: t("desk.duty.head") }),
      make("p", { class: "soft", text: t("desk.duty.words") }),
    ]);
  }
  const none = model.known.ready && !Object.keys(model.known.contacts).length && !model.upcoming.length;
  return make("section", { class: "nothing-picked", "data-key": "empty" }, [
    make("h2", { text: t(none ? "desk.empty.first" : "desk.empty") }),
    make("p", { class: "soft", text: t(none ? "desk.empty.first.words" : "desk.empty.words") }),
    button(model, "new", t("desk.new"), { main: none, sign: "plus" }),
  ]);
}
