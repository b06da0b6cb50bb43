// The second step of signing in, in the desk's settings; its pieces also stand on the pages before the desk.

import { make } from "../parts/dom.js";
import { field } from "./pieces.js";
import { inGroups } from "./second_step.js";
import { drawn } from "./sharing_view.js";

/** @typedef {(key: string, vars?: Record<string, string | number>) => string} T */

/** @param {{ t: T, secondStep: import("./second_step.js").SecondStep | null }} model @returns {Node[]} */
export function secondStepView(model) {
  const step = model.secondStep;
  if (!step) return [];
  return [make("section", { class: "second-step", "data-key": `second-step-${step.at}`, "aria-label": model.t("desk.step") }, inside(model.t, step))];
}

/** @param {T} t @param {import("./second_step.js").SecondStep} step @returns {Node[]} */
function inside(t, step) {
  const { state, secret, busy } = step;
  const wrong = (/** @type {string} */ name) => step.wrong.find((one) => one.field === name);
  const go = (/** @type {string} */ text) => press("submit", text, { main: true, busy, t });
  const back = press("step-back", t("desk.step.back"), { plain: true });
  const password = state && !state.password ? [] : [passwordField(t, wrong("password"))];
  const problem = make("p", { class: "mistake", id: "step-problem", tabindex: "-1", hidden: !step.problem, text: step.problem });
  switch (step.at) {
    case "loading":
      return [step.problem ? problem : make("p", { class: "hint", text: t("desk.sessions.loading") })];
    case "state":
      return state ? stands(t, state) : [];
    case "password":
      return [form([make("p", { text: t("desk.step.why") }), ...password, problem, row([go(t("desk.step.next")), back])])];
    case "scan":
      return secret
        ? [form([...scanning(t, secret), codeField(t, { wrong: wrong("code"), byBackup: false }), problem, row([go(t("desk.step.confirm")), back])])]
        : [];
    case "codes":
      return [make("h3", { id: "step-codes", tabindex: "-1", text: t("desk.step.codes") }), ...codes(t, step.codes)];
    case "end":
    case "renew":
      return [
        form([
          make("p", { text: t(step.at === "renew" ? "desk.step.renew.words" : state && state.required ? "desk.step.end.required" : "desk.step.end.words") }),
          ...password,
          codeField(t, { wrong: wrong("code"), byBackup: step.byBackup }),
          problem,
          row([go(t(`desk.step.${step.at}`)), otherWay(t, step.byBackup), back]),
        ]),
      ];
  }
}

/** @param {T} t @param {import("./second_step.js").State} state */
function stands(t, { on, left }) {
  return [
    make("p", { text: t(on ? "desk.step.on" : "desk.step.off") }),
    ...(on ? [make("p", { class: left < 3 ? "mistake" : "hint", text: t("desk.step.left", { count: left }) })] : []),
    row(
      on
        ? [press("step-renew", t("desk.step.renew"), {}), press("step-end", t("desk.step.end"), {})]
        : [press("step-add", t("desk.step.add"), { main: true })],
    ),
  ];
}

/** @param {(Node | string)[]} pieces */
const form = (pieces) => make("form", { "data-form": "second-step", method: "post", novalidate: true }, pieces);

/** @param {Node[]} buttons */
export const row = (buttons) => make("div", { class: "row" }, buttons);

/** @param {string} action "submit" for what sends the form @param {string} text @param {{ main?: boolean, plain?: boolean, busy?: boolean, t?: T }} how */
export function press(action, text, { main, plain, busy, t }) {
  const submit = action === "submit";
  return make("button", {
    type: submit ? "submit" : "button",
    "data-do": submit ? undefined : action,
    class: main ? "main" : plain ? "plain" : undefined,
    disabled: busy,
    text: busy && t ? t("desk.entry.busy") : text,
  });
}

/** @param {T} t @param {import("./second_step.js").Wrong | undefined} wrong */
export function passwordField(t, wrong) {
  return field({
    t,
    name: "password",
    label: t("desk.account.password"),
    wrong,
    attributes: { type: "password", autocomplete: "current-password", maxlength: "200" },
  });
}

/** @param {T} t @param {{ wrong: import("./second_step.js").Wrong | undefined, byBackup: boolean }} how */
export function codeField(t, { wrong, byBackup }) {
  return field({
    t,
    name: "code",
    label: t(byBackup ? "desk.step.backup" : "desk.step.code"),
    hint: t(byBackup ? "desk.step.backup.hint" : "desk.step.code.hint"),
    wrong,
    attributes: byBackup ? { maxlength: "24" } : { autocomplete: "one-time-code", inputmode: "numeric", maxlength: "24" },
  });
}

/** @param {T} t @param {boolean} byBackup */
export const otherWay = (t, byBackup) => press("step-other-way", t(byBackup ? "desk.step.by_app" : "desk.step.by_backup"), { plain: true });

/** What goes into an authenticator: by its camera, or typed. @param {T} t @param {import("./second_step.js").Secret} secret */
export function scanning(t, { secret, picture }) {
  return [
    make("p", { text: t("desk.step.scan") }),
    ...(picture ? [make("div", { class: "qr", "data-key": "qr" }, [drawn(picture, t("desk.step.picture"))])] : []),
    make("p", { class: "hint", text: t("desk.step.by_hand") }),
    make("p", { class: "secret", translate: "no", text: inGroups(secret) }),
  ];
}

/** The codes that stand in, shown this once. @param {T} t @param {string[]} all @returns {Node[]} */
export function codes(t, all) {
  return [
    make("p", { text: t("desk.step.codes.words") }),
    make("ol", { class: "backup-codes", translate: "no" }, all.map((code) => make("li", { text: code }))),
    row([press("step-kept", t("desk.step.kept"), { main: true })]),
  ];
}
