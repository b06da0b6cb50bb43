// What each press on sending from the service does, and looking again and again at what became of the messages.

import { problemSays } from "./account.js";
import { call } from "./api.js";
import { isCalledOff } from "./calendar.js";
import { BEFORE, draftOf, isStale, messageSays, settledBetween } from "./sending.js";
import { tokenIn } from "./sharing.js";

/** As many hexadecimal digits as the service takes. */
const messageId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * @typedef {{ contact?: string, message?: string }} Data
 * @param {import("./desk.js").Desk} desk
 */
export function sendingActionsOf(desk) {
  const { model } = desk;
  const { t } = model;
  let asking = false;
  const seconds = () => Math.floor(Date.now() / 1000);
  const path = (/** @type {string} */ contact, /** @type {string} */ message) =>
    `/api/contacts/${encodeURIComponent(contact)}/messages${message && `/${message}`}`;

  /** What became of them, asked for anew. @param {string} contact */
  async function load(contact) {
    if (asking) return;
    asking = true;
    const reply = await call("GET", path(contact, ""));
    asking = false;
    if (!reply.ok || model.picked !== contact) return;
    const before = model.sending && model.sending.contact === contact ? model.sending : null;
    desk.changed({ sending: { contact, data: reply.data, draft: before && before.draft, at: seconds() } });
    if (!before) return;
    for (const message of settledBetween(before.data.messages, reply.data.messages)) {
      desk.announce(messageSays(t, model.clock, model.now, message).text);
    }
  }

  /** @param {Partial<import("./sending.js").Draft>} what */
  function drafted(what) {
    const { sending } = model;
    if (sending && sending.draft) desk.changed({ sending: Object.assign({}, sending, { draft: Object.assign({}, sending.draft, what) }) });
  }

  /** @param {string} contact @param {string} id @param {object} body */
  const put = (contact, id, body) => call("PUT", path(contact, id), body);

  /** The form closes, and the focus goes back to where it was opened. */
  function close() {
    if (model.sending) desk.changed({ sending: Object.assign({}, model.sending, { draft: null }) });
    desk.focusSoon('[data-do="send-link"], [data-do="send-off"]');
  }

  /** @param {string} contact @param {boolean} off */
  function open(contact, off) {
    const { sending } = model;
    if (!sending || sending.contact !== contact) return;
    desk.changed({ qr: null, asking: null, notice: "", sending: Object.assign({}, sending, { draft: draftOf(sending.data, messageId(), off) }) });
    desk.focusSoon("#field-to");
  }

  return {
    /** For the clock of the page: the contact that stands open. */
    watchMessages() {
      const view = model.picked && desk.view(model.picked);
      // Of one that is over, only that it was called off can still be said.
      if (!view || (view.ended !== null && !isCalledOff(view)) || document.hidden || model.line === "over") return;
      if (isStale(model.sending, view.id, seconds())) load(view.id);
    },
    /** @param {Data} data */
    "send-link": ({ contact = "" }) => open(contact, false),
    /** @param {Data} data */
    "send-off": ({ contact = "" }) => open(contact, true),
    "keep-unsent": close,
    /** @param {HTMLFormElement} form */
    sendingChanged(form) {
      const data = new FormData(form);
      const channel = /** @type {import("../parts/protocol").Channel} */ (String(data.get("way")));
      drafted({ channel, wording: Number(data.get("wording") || 0), remind: data.get("remind") !== null, problem: "" });
    },
    /** @param {HTMLFormElement} form */
    async saveSending(form) {
      const { contact = "" } = form.dataset;
      const { sending } = model;
      const link = model.links[contact];
      if (!sending || !sending.draft || sending.draft.busy || !(link || sending.draft.off)) return;
      const { draft } = sending;
      const to = String(new FormData(form).get("to") || "").trim() || null;
      const saying = draft.off ? { say: "off" } : { say: "link", token: tokenIn(link), wording: draft.wording };
      const body = { channel: draft.channel, to, saying };
      // Where the answer to the first press was lost, a corrected number is another message: else the wrong one would be all that goes.
      const tried = JSON.stringify(body);
      const id = draft.tried && draft.tried !== tried ? messageId() : draft.id;
      drafted({ busy: true, problem: "", id, tried });
      // What the service has seen is no secret from it, whatever it answers, and also where its answer is lost.
      if (!draft.off) desk.secrets.keep(contact, null);
      const reply = await put(contact, id, body);
      if (!reply.ok) {
        drafted({ busy: false, problem: problemSays(t, reply.problem) });
        return desk.focusSoon("#field-to");
      }
      const listed = model.upcoming.find((one) => one.id === contact);
      if (listed && !draft.off) Object.assign(listed, { link_known: true });
      const reminded = draft.remind ? await put(contact, messageId(), { channel: draft.channel, to: null, saying: { say: "reminder", before: BEFORE } }) : null;
      close();
      if (reminded && !reminded.ok) desk.changed({ notice: t("desk.sending.not_reminded", { reason: problemSays(t, reminded.problem) }) });
      desk.announce(t("desk.sending.under_way"));
      load(contact);
    },
    /** @param {Data} data */
    async "send-again"({ contact = "", message = "" }) {
      const one = model.sending && model.sending.data.messages.find(({ id }) => id === message);
      if (!one) return;
      const reply = await put(contact, messageId(), { channel: one.channel, to: null, saying: { say: "again", message } });
      desk.changed({ notice: reply.ok ? "" : problemSays(t, reply.problem) });
      desk.focusSoon('[data-do="send-link"]');
      load(contact);
    },
    /** @param {Data} data */
    async "drop-message"({ contact = "", message = "" }) {
      const reply = await call("DELETE", path(contact, message));
      desk.changed({ notice: reply.ok ? "" : problemSays(t, reply.problem) });
      desk.focusSoon('[data-do="send-link"]');
      load(contact);
    },
  };
}
