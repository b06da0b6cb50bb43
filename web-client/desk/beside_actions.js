// What each press about those beside the service user does: inviting, removing, and taking turns.

import { makeLink, tokenFrom } from "../parts/invitation.js";
import { linkSecret } from "../parts/keys.js";
import { problemSays } from "./account.js";
import { call } from "./api.js";
import { thread } from "./model.js";

/**
 * @typedef {{ contact?: string, person?: string }} Data
 * @param {import("./desk.js").Desk} desk @param {(contact: string, act: object) => boolean} doIn
 */
export function besideActionsOf(desk, doIn) {
  const { model } = desk;
  const { t } = model;
  const forget = { asking: null, notice: "" };

  return {
    /** @param {Data} data */
    "invite-beside"({ contact = "" }) {
      const part = /** @type {import("./beside.js").Part} */ ("interpreter");
      desk.changed(Object.assign({ inviting: { contact, part, name: "", problem: "", saving: false } }, forget));
      desk.focusSoon("#field-part");
    },
    "invite-beside-not"() {
      desk.changed({ inviting: null });
      desk.focusSoon('[data-do="invite-beside"]');
    },
    /** @param {HTMLFormElement} form */
    async inviteBeside(form) {
      const before = model.inviting;
      if (!before || before.saving) return;
      const part = /** @type {import("./beside.js").Part} */ (/** @type {HTMLSelectElement} */ (form.elements.namedItem("part")).value);
      const name = /** @type {HTMLInputElement} */ (form.elements.namedItem("beside")).value.trim();
      const { contact } = before;
      /** @param {string} problem */
      const wrong = (problem) => {
        desk.changed({ inviting: { contact, part, name, problem, saving: false } });
        desk.focusSoon("#field-beside");
      };
      if (!name) return wrong(t("desk.beside.name.missing"));
      const saving = { contact, part, name, problem: "", saving: true };
      desk.changed({ inviting: saving });
      const { link, invitation } = await makeLink(location.origin);
      const reply = await call("POST", `/api/contacts/${encodeURIComponent(contact)}/people`, { invitation, part, name });
      if (model.inviting !== saving) return;
      if (!reply.ok) return wrong(problemSays(t, reply.problem));
      const key = thread(contact, reply.data.person);
      model.links[key] = link;
      const token = tokenFrom(link);
      desk.secrets.keep(key, token && (await linkSecret(token)));
      desk.changed(Object.assign({ inviting: null }, forget));
      desk.focusSoon(`[data-do="copy-beside"][data-person="${CSS.escape(reply.data.person)}"]`);
    },
    /** @param {Data} data */
    async "copy-beside"({ contact = "", person = "" }) {
      const key = thread(contact, person);
      let copied = false;
      try {
        await navigator.clipboard.writeText(model.links[key]);
        copied = true;
        desk.announce(t("desk.link.copied"));
      } catch (_) {
        // The field is there, to be copied by hand.
      }
      desk.changed({ copied: copied ? key : null, notice: copied ? "" : t("desk.link.by_hand") });
      if (!copied) desk.focusSoon(`#link-${CSS.escape(person)}`);
    },
    /** @param {Data} data */
    "remove-beside"({ contact = "", person = "" }) {
      desk.changed({ asking: { what: "remove-beside", contact, person }, notice: "" });
      desk.focusSoon('[data-do="remove-beside-now"]');
    },
    /** @param {Data} data */
    async "remove-beside-now"({ contact = "", person = "" }) {
      desk.changed(forget);
      const reply = await call("DELETE", `/api/contacts/${encodeURIComponent(contact)}/people/${encodeURIComponent(person)}`);
      if (!reply.ok) return desk.changed({ notice: problemSays(t, reply.problem) });
      desk.focusSoon('[data-do="invite-beside"]');
    },
    /** Everything of ours stops at once, before the service has heard of it. @param {Data} data */
    "put-on-hold"({ contact = "", person = "" }) {
      const view = desk.view(contact);
      if (view) desk.conversation.halt(view);
      doIn(contact, { do: "put_on_hold", person });
      desk.changed({ picked: contact });
    },
    /** Back to whoever is on hold, as it was: in one press. @param {Data} data */
    "carry-on"({ contact = "", person = "" }) {
      desk.conversation.goOn(contact, person);
      if (doIn(contact, { do: "admit", person })) desk.changed({ picked: contact, form: null, safety: null });
    },
  };
}
