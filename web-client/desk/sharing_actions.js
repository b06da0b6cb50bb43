// What each press on the other ways to give the link does.

import { problemSays } from "./account.js";
import { call } from "./api.js";
import { howFar, isKnown, openSheet, pictureIn, tokenIn, wordingFor, wordsWith } from "./sharing.js";

/**
 * @typedef {{ contact?: string }} Data
 * @param {import("./desk.js").Desk} desk @param {(asking: import("./model.js").Asking, yes: string) => void} ask
 * @param {(contact: string, way: "share" | "text") => Promise<boolean>} mayGive asks the person's plan; where it says no, says so
 */
export function sharingActionsOf(desk, ask, mayGive) {
  const { model } = desk;
  const { t } = model;
  const forget = { asking: null, notice: "" };

  /** Says what went wrong, to those who see the page and to those who hear it. @param {string} notice @param {string} focus */
  function failed(notice, focus) {
    desk.changed({ notice });
    desk.announce(notice);
    desk.focusSoon(`[data-do="${focus}"]`);
  }

  /** The service has the link drawn, and so has seen it: whoever has asked it to was told so. @param {string} contact */
  async function draw(contact) {
    const link = model.links[contact];
    const view = desk.view(contact);
    if (!link || !view) return;
    // What the service has seen is no secret from it. This page goes by its own doing there, not by the service's word.
    desk.secrets.keep(contact, null);
    const mine = { contact, link, came: howFar(view), picture: null };
    desk.changed(Object.assign({ qr: mine }, forget));
    desk.focusSoon('[data-do="hide-qr"]');
    desk.inSightSoon(".qr svg");
    const reply = await call("POST", `/api/contacts/${encodeURIComponent(contact)}/qr`, { token: tokenIn(link) });
    // A contact of another day is known from the list alone: nothing else tells this page.
    const listed = model.upcoming.find((one) => one.id === contact);
    if (reply.ok && listed && model.links[contact] === link) Object.assign(listed, { link_known: true });
    // Hidden meanwhile, or its link is another one: it doesn't come up by itself.
    if (model.qr !== mine) return desk.changed();
    const picture = reply.ok ? pictureIn(reply.data) : null;
    if (picture) {
      desk.changed({ qr: Object.assign({}, mine, { picture }) });
      return desk.announce(t("desk.qr.shown"));
    }
    desk.changed({ qr: null });
    failed(problemSays(t, reply.ok ? { code: "other" } : reply.problem), "show-qr");
  }

  return {
    /** @param {Data} data */
    async share({ contact = "" }) {
      const link = model.links[contact];
      if (!link || !("share" in navigator)) return;
      if (!(await mayGive(contact, "share"))) return;
      // Soon after the press: browsers give a few seconds.
      const opened = openSheet(navigator, wordsWith(t, link, { place: location.host, wording: wordingFor(model, desk.view(contact)) }));
      desk.changed(forget);
      if (!(await opened)) failed(t("desk.share.failed"), "copy-link");
    },
    /** @param {Data} data */
    async "text-link"({ contact = "" }) {
      if (!(await mayGive(contact, "text"))) return;
      // It is given another way: nobody needs to see it any more.
      desk.changed({ qr: null });
      ask({ what: "text-link", contact }, "open-messages");
    },
    /** The browser follows the address; the question goes after it, not from under it. */
    "open-messages"() {
      setTimeout(() => {
        desk.changed(forget);
        desk.focusSoon('[data-do="text-link"]');
      });
    },
    /** What the service has seen already, it draws again without being asked about. @param {Data} data */
    "show-qr"({ contact = "" }) {
      const view = desk.view(contact);
      if (!view) return;
      if (isKnown(view)) draw(contact);
      else ask({ what: "show-qr", contact }, "draw-qr");
    },
    /** @param {Data} data */
    "draw-qr"({ contact = "" }) {
      return draw(contact);
    },
    "hide-qr"() {
      desk.changed(Object.assign({ qr: null }, forget));
      desk.focusSoon('[data-do="show-qr"]');
    },
  };
}
