// What each press on passing over a plan's refusal does. For administrators.

import { problemSays } from "./account.js";
import { call } from "./api.js";
import { checkOverride, personIn } from "./override.js";

/** @param {import("./desk.js").Desk} desk */
export function overrideActionsOf(desk) {
  const { t } = desk.model;

  /** @param {string} says @param {boolean} wrong */
  function said(says, wrong) {
    desk.changed({ overriding: { says, wrong } });
  }

  /** @param {string} person the id @param {"POST" | "DELETE"} method @param {object} [body] @param {string} [done] */
  async function send(person, method, body, done = "") {
    const reply = await call(method, `/api/people/${person}/override`, body);
    said(reply.ok ? done : problemSays(t, reply.problem), !reply.ok);
    return reply.ok;
  }

  return {
    /** @param {HTMLFormElement} form */
    async saveOverride(form) {
      const data = new FormData(form);
      const one = (/** @type {string} */ name) => String(data.get(name) || "");
      const checked = checkOverride({ number: one("number"), channel: one("way"), minutes: one("span"), why: one("why") });
      if ("wrong" in checked) {
        said(t(checked.key), true);
        return desk.focusSoon(`#field-${checked.wrong}`);
      }
      if (await send(checked.person, "POST", checked.body, t("desk.override.done"))) {
        form.reset();
        desk.actions.load();
      }
    },
    /** @param {object} _ @param {HTMLElement} button */
    async "withdraw-override"(_, button) {
      const form = /** @type {HTMLFormElement} */ (button.closest("form"));
      const person = personIn(String(new FormData(form).get("number") || ""));
      if (!person) {
        said(t("desk.override.wrong.number"), true);
        return desk.focusSoon("#field-number");
      }
      if (await send(person, "DELETE", undefined, t("desk.override.withdrawn"))) desk.actions.load();
    },
  };
}
