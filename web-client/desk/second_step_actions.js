// What each press on the second step of one's own sign-in does.

import { checkPassword, problemSays } from "./account.js";
import { call } from "./api.js";
import { checkCode, firstLook, secretIn, stateIn } from "./second_step.js";

const PATH = "/api/staff/second-factor";

/** @typedef {import("./second_step.js").SecondStep} SecondStep */

/**
 * What this asks of the page that it stands on: the desk, or another one.
 * @typedef {{ model: { t: import("./account.js").T, secondStep: SecondStep | null }, changed(what: object): void,
 *   inSightSoon(selector: string): void, focusSoon(selector: string): void }} Host
 */

/** @param {Host} desk */
export function secondStepActionsOf(desk) {
  const { model } = desk;
  const { t } = model;

  /** @param {Partial<SecondStep>} what @param {string} [focus] a selector */
  function show(what, focus) {
    if (!model.secondStep) return;
    const calm = { busy: false, wrong: [], problem: "" };
    desk.changed({ secondStep: Object.assign({}, model.secondStep, calm, what) });
    // The settings scroll, and this is the last of them.
    desk.inSightSoon(".second-step");
    if (focus) desk.focusSoon(focus);
  }

  /** @param {{ code: string, field?: string }} problem */
  function refused(problem) {
    const text = problemSays(t, problem);
    const { field } = problem;
    if (field === "password" || field === "code") show({ wrong: [{ field, key: "", text }] }, `#field-${field}`);
    else show({ problem: text }, "#step-problem");
  }

  async function look() {
    const reply = await call("GET", PATH);
    if (reply.ok) show({ at: "state", state: stateIn(reply.data), secret: null, codes: [] });
    else show({ problem: problemSays(t, reply.problem) });
  }

  /** After a press, which goes with what it did: from the beginning. */
  async function lookAgain() {
    await look();
    desk.focusSoon('[data-do="second-step"]');
  }

  /** @param {string} password @param {string} code @returns {Promise<import("./api.js").Reply>} */
  function send(password, code) {
    const at = model.secondStep && model.secondStep.at;
    if (at === "password") return call("POST", PATH, { password });
    if (at === "scan") return call("PUT", PATH, { code });
    if (at === "renew") return call("POST", `${PATH}/codes`, { password, code });
    return call("DELETE", PATH, { password, code });
  }

  return {
    async "second-step"() {
      if (model.secondStep) return desk.changed({ secondStep: null });
      desk.changed({ secondStep: firstLook() });
      await look();
    },
    "step-add"() {
      show({ at: "password" }, "#field-password");
    },
    "step-end"() {
      show({ at: "end", byBackup: false }, "#field-password");
    },
    "step-renew"() {
      show({ at: "renew", byBackup: false }, "#field-password");
    },
    "step-other-way"() {
      if (model.secondStep) show({ byBackup: !model.secondStep.byBackup }, "#field-code");
    },
    "step-back": lookAgain,
    "step-kept": lookAgain,
    /** @param {HTMLFormElement} form */
    async saveSecondStep(form) {
      const step = model.secondStep;
      if (!step || step.busy) return;
      const data = new FormData(form);
      const [password, code] = [String(data.get("password") || ""), String(data.get("code") || "")];
      const wrong = step.at === "scan" || (step.state && !step.state.password) ? [] : checkPassword(password);
      const all = step.at === "password" ? wrong : wrong.concat(checkCode(code, step.at !== "scan"));
      if (all.length) return show({ wrong: all }, `#field-${all[0].field}`);
      show({ busy: true });
      const reply = await send(password, code);
      if (!reply.ok) return refused(reply.problem);
      if (step.at === "password") return show({ at: "scan", secret: secretIn(reply.data) }, "#field-code");
      if (step.at === "scan" || step.at === "renew") return show({ at: "codes", secret: null, codes: reply.data.codes }, "#step-codes");
      // Where it must be there, the page leads to adding it anew.
      if (step.state && step.state.required) return location.reload();
      await lookAgain();
    },
  };
}
