// Sending from the service, under the link: the form, what goes out with its length, and what became of each message.

import { make } from "../parts/dom.js";
import { button, field, select, state, tick } from "./pieces.js";
import { canRemind, lengthSays, messageSays, textOf, wayOf } from "./sending.js";

/**
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("./model.js").ContactView} ContactView
 * @typedef {import("./sending.js").Sending} Sending
 * @typedef {import("./sending.js").Draft} Draft
 */

/** What this page knows of sending in this contact. @param {Model} model @param {ContactView} view */
const known = ({ sending }, view) => (sending && sending.contact === view.id ? sending : null);

/** Whether there is a way into the form: something is set up, and it isn't open. @param {Model} model @param {ContactView} view */
function maySend(model, view) {
  const sending = known(model, view);
  return Boolean(sending && sending.data.ways.length && !sending.draft);
}

/** The way into the form, beside copying. @param {Model} model @param {ContactView} view */
export function sendButton(model, view) {
  return maySend(model, view) ? [button(model, "send-link", model.t("desk.sending"), { data: { contact: view.id } })] : [];
}

/** The same of a contact that was called off. @param {Model} model @param {ContactView} view */
export function sendOffButton(model, view) {
  return maySend(model, view) ? [button(model, "send-off", model.t("desk.sending"), { data: { contact: view.id }, small: true })] : [];
}

/** What to say of a contact that was called off: as an administrator set it, where anybody did. @param {Model} model @param {ContactView} view */
export function wordsOff(model, view) {
  const sending = known(model, view);
  return sending && sending.data.off ? sending.data.off : model.t("desk.planned.off.words");
}

/** @param {Model} model @param {ContactView} view @param {string | undefined} link @returns {Node[]} */
export function sendingView(model, view, link) {
  const sending = known(model, view);
  if (!sending) return [];
  return [
    ...(sending.draft && (link || sending.draft.off) ? [formView(model, view, sending, sending.draft, link || "")] : []),
    ...(sending.data.messages.length ? [listView(model, view, sending)] : []),
  ];
}

/** @param {Model} model @param {ContactView} view @param {Sending} sending @param {Draft} draft @param {string} link */
function formView(model, view, { data }, draft, link) {
  const { t } = model;
  const { channel, off, busy, problem } = draft;
  const way = wayOf(data, channel);
  const refused = way && way.refused;
  const text = textOf(data, draft, link);
  const length = channel === "system_text" ? lengthSays(t, text) : null;
  const email = channel === "email";
  return make("form", { class: "sending", "data-form": "sending", "data-contact": view.id, "data-key": "sending", novalidate: true, autocomplete: "off" }, [
    waysView(model, data, channel),
    ...(refused ? [make("p", { class: "caution", "data-key": "refused", text: t(`desk.unsafe.${refused}`) })] : []),
    field({
      t,
      name: "to",
      label: t(email ? "desk.sending.to.email" : "desk.sending.to.text"),
      hint: way && way.to ? t("desk.sending.to.known", { to: way.to }) : "",
      attributes: { inputmode: email ? "email" : "tel", maxlength: "254", type: email ? "email" : "tel" },
    }),
    ...(data.wordings.length > 1 && !off
      ? [select({ name: "wording", label: t("desk.sending.wording"), options: data.wordings.map((words, at) => [String(at), words]), chosen: String(draft.wording) })]
      : []),
    make("p", { class: "hint", "data-key": "goes-label", id: "goes-label", text: t("desk.sending.goes") }),
    make("p", { class: "goes", "data-key": "goes", role: "group", "aria-labelledby": "goes-label", text }),
    ...(length ? [make("p", { class: length.wrong ? "mistake" : "hint", role: "status", "data-key": "length", text: length.says })] : []),
    ...(canRemind(data) && !off ? [tick("remind", t("desk.sending.remind"), draft.remind)] : []),
    ...(off ? [] : [make("p", { class: "hint", "data-key": "sees", text: t("desk.sending.sees") })]),
    make("p", { class: "mistake", role: "alert", "data-key": "problem", hidden: !problem, text: problem }),
    make("div", { class: "row", "data-key": "send-row" }, [
      button(model, "send-now", t(busy ? "desk.sending.busy" : "desk.sending.now"), {
        main: true,
        type: "submit",
        key: false,
        disabled: busy || Boolean(refused) || Boolean(length && length.wrong),
      }),
      button(model, "keep-unsent", t("desk.sending.cancel"), { key: false }),
    ]),
  ]);
}

/** @param {Model} model @param {import("./sending.js").Messages} data @param {string} chosen */
function waysView({ t }, data, chosen) {
  return make("fieldset", { "data-key": "ways-to-send" }, [
    make("legend", { text: t("desk.sending.way") }),
    ...data.ways.map(({ channel }) =>
      make("div", { class: "tick", "data-key": channel }, [
        make("input", { type: "radio", name: "way", id: `field-way-${channel}`, value: channel, checked: channel === chosen }),
        make("label", { for: `field-way-${channel}`, text: t(`desk.channel.${channel}`) }),
      ]),
    ),
  ]);
}

/** @param {Model} model @param {ContactView} view @param {Sending} sending */
function listView(model, view, { data }) {
  const { t, clock, now } = model;
  return make("div", { class: "messages", "data-key": "messages" }, [
    make("h4", { text: t("desk.sending.messages") }),
    make("ul", {}, data.messages.map((message) => {
      const { id, kind, channel, asks, since } = message;
      const ours = { contact: view.id, message: id };
      const head = t("desk.sending.head", { kind: t(`desk.sending.kind.${kind}`), channel: t(`desk.channel.${channel}`), time: clock.moment(since, now) });
      return make("li", { "data-key": id }, [
        make("p", { class: "soft", text: head }),
        state(messageSays(t, clock, now, message)),
        ...(asks
          ? [make("div", { class: "row", role: "group", "aria-label": t("desk.sending.unknown"), "data-key": "asks" }, [
              button(model, "send-again", t("desk.sending.again"), { data: ours, key: false }),
              button(model, "drop-message", t("desk.sending.leave"), { data: ours, key: false }),
            ])]
          : []),
        ...(message.state === "waiting" ? [button(model, "drop-message", t("desk.sending.drop"), { data: ours, key: false, small: true })] : []),
      ]);
    })),
  ]);
}
