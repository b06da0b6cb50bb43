// Who is beside the service user: a card for each, a way to invite one more; and in a conversation those who wait for their turn.

import { make } from "../parts/dom.js";
import { hasRoom, isGone, LONGEST_NAME, PARTS, shownBeside, whoIs } from "./beside.js";
import { inside } from "./contacts.js";
import { manages } from "./hands_view.js";
import { thread } from "./model.js";
import { askedOnce, button, called, field, select, state } from "./pieces.js";
import { personSays } from "./says.js";
import { textsView } from "./texts_view.js";

/**
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("./model.js").ContactView} ContactView
 * @typedef {import("../parts/protocol").PersonView} PersonView
 */

/** @param {Model} model @param {ContactView} view */
export function besideView(model, view) {
  const { t } = model;
  const shown = shownBeside(view);
  const open = view.ended === null;
  // Of another day no more than the plan is known here: who was invited would not be seen.
  const near = Boolean(model.known.contacts[view.id]);
  const mayInvite = open && near && hasRoom(view) && manages(view);
  if (!shown.length && !open) return make("section", { hidden: true, "data-key": "beside" });
  return make("section", { class: "beside-panel", "data-key": "beside" }, [
    make("h3", { text: t("desk.beside") }),
    make(
      "ul",
      { class: "beside-list", hidden: !shown.length, "data-key": "list" },
      shown.map((one) => make("li", { "data-key": one.id }, cardOf(model, view, one))),
    ),
    ...(model.inviting && model.inviting.contact === view.id
      ? [formOf(model, model.inviting)]
      : [button(model, "invite-beside", t("desk.beside.invite"), { small: true, key: false, disabled: !mayInvite, data: { contact: view.id } })]),
    make("p", { class: "hint", "data-key": "most", hidden: !open || mayInvite || !manages(view), text: t(near ? "desk.beside.most" : "desk.beside.near") }),
  ]);
}

/** @param {Model} model @param {ContactView} view @param {PersonView} one @returns {Node[]} */
function cardOf(model, view, one) {
  const { t, clock, now } = model;
  const waits = one.stage.name === "waiting";
  return [
    make("p", { class: "who", "data-key": "who" }, [make("b", { text: whoIs(t, one) })]),
    state(personSays(t, clock, one, now)),
    ...(waits ? turn(model, view, one) : []),
    ...(one.invitee && view.ended === null && !isGone(one) && manages(view) ? linkRow(model, view, one) : []),
    ...(waits ? [textsView(model, view, one, model.threads[thread(view.id, one.id)] || [])] : []),
  ];
}

/** Somebody else is inside: one at a time. @param {Model} model @param {ContactView} view @param {PersonView} one */
function turn(model, view, one) {
  const now = inside(view);
  const vars = { inside: now ? called(view, now) : "", name: called(view, one) };
  return [make("p", { class: "hint", "data-key": "turn", text: model.t("desk.turns.one", vars) })];
}

/** @param {Model} model @param {ContactView} view @param {PersonView} one @returns {Node[]} */
function linkRow(model, view, one) {
  const { t, asking } = model;
  const data = { contact: view.id, person: one.id };
  const key = thread(view.id, one.id);
  const link = model.links[key];
  if (asking && asking.what === "remove-beside" && asking.person === one.id) {
    return [
      askedOnce(model, {
        key: "remove",
        question: t("desk.beside.remove.ask"),
        yes: button(model, "remove-beside-now", t("desk.beside.remove.yes"), { data, main: true, small: true }),
        no: t("desk.beside.remove.no"),
      }),
    ];
  }
  return [
    ...(link
      ? [
          make("div", { class: "with", "data-key": "link" }, [
            make("input", { type: "text", id: `link-${one.id}`, class: "link", readonly: true, value: link, "aria-label": t("desk.beside.link", { name: called(view, one) }), spellcheck: "false" }),
            button(model, "copy-beside", t(model.copied === key ? "desk.link.copied" : "desk.link.copy"), { small: true, key: false, data }),
          ]),
          make("p", { class: "hint", "data-key": "here", text: t("desk.beside.link.hint") }),
        ]
      : []),
    make("div", { class: "row", "data-key": "row" }, [
      button(model, "remove-beside", t("desk.beside.remove"), { small: true, plain: true, key: false, data }),
    ]),
  ];
}

/** @param {Model} model @param {import("./beside.js").Inviting} inviting */
function formOf({ t }, { contact, part, name, problem, saving }) {
  const options = PARTS.map((one) => /** @type {[string, string]} */ ([one, t(`desk.beside.part.${one}`)]));
  return make("form", { class: "invite-beside", "data-form": "beside", "data-contact": contact, novalidate: true, "data-key": "form" }, [
    make("p", { class: "mistake problem", role: "alert", "data-key": "problem", hidden: !problem, text: problem }),
    select({ name: "part", label: t("desk.beside.part"), options, chosen: part }),
    field({ t, name: "beside", label: t("desk.beside.name"), hint: t("desk.beside.name.hint"), value: name, attributes: { maxlength: String(LONGEST_NAME) } }),
    make("div", { class: "row" }, [
      make("button", { type: "submit", class: "main small", disabled: saving, text: t("desk.beside.make") }),
      make("button", { type: "button", class: "small", "data-do": "invite-beside-not", text: t("desk.beside.not") }),
    ]),
  ]);
}
