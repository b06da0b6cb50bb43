// The pages before the desk: the one-time link, signing in, and the plain page of who doesn't talk with people themselves.

import { make } from "../parts/dom.js";
import { field } from "./pieces.js";
import { codeField, codes, otherWay, passwordField, press as stepPress, row, scanning } from "./second_step_view.js";
import { workAccountView } from "./work_account_view.js";

/**
 * @typedef {(key: string, vars?: Record<string, string | number>) => string} T
 * @typedef {{ field: string, key: string, vars?: Record<string, number>, text?: string }} Wrong `text`: what the service said of it
 * @typedef {{
 *   t: T, kind: "loading" | "first" | "reset" | "sign-in" | "code" | "enrol" | "scan" | "codes" | "no-desk" | "failed",
 *   name: string, email: string, administrator: boolean, shown: boolean, busy: boolean,
 *   wrong: Wrong[], problem: string, said: string,
 *   secret: import("./second_step.js").Secret | null, codes: string[], byBackup: boolean,
 *   work: import("./work_account.js").Work | null, byWork: boolean,
 * }} Entry `byWork`: the code is asked for after the work account; `shown`: the password stands in plain letters; `said`: what led here, such as having signed out
 */

/** @param {Entry} entry */
export function entryView(entry) {
  const { t } = entry;
  return make("main", { class: "entry", "data-key": `entry-${entry.kind}` }, [
    make("p", { class: "brand", text: t("desk.name") }),
    make("h1", { tabindex: "-1", id: "entry-head", text: t(`desk.entry.${entry.kind}`) }),
    ...body(entry),
  ]);
}

/** @param {Entry} entry @returns {Node[]} */
function body(entry) {
  const { t } = entry;
  switch (entry.kind) {
    case "loading":
      return [];
    case "failed":
      return [make("p", { text: entry.problem }), press("again", t("desk.entry.again"), true)];
    case "no-desk":
      return [
        make("p", { text: t("desk.entry.no-desk.words", { name: entry.name }) }),
        row([make("a", { class: "button main", href: "/admin", text: t("desk.settings.admin") })]),
        press("sign-out", t("desk.sign_out"), false),
      ];
    case "codes":
      return codes(t, entry.codes);
    case "code":
    case "enrol":
    case "scan":
      return [secondStep(entry)];
    case "first":
    case "reset":
    case "sign-in":
      return [account(entry)];
  }
}

/** After the password, or where a second step must be added before anything else. @param {Entry} entry */
function secondStep(entry) {
  const { t, kind, secret, byBackup, busy } = entry;
  const wrong = (/** @type {string} */ name) => entry.wrong.find((one) => one.field === name);
  const code = codeField(t, { wrong: wrong("code"), byBackup });
  const go = (/** @type {string} */ text) => stepPress("submit", text, { main: true, busy, t });
  const out = press("sign-out", t("desk.sign_out"), false);
  /** @type {Node[]} */
  const pieces = [
    make("p", { class: "mistake problem", id: "entry-problem", tabindex: "-1", "data-key": "problem", hidden: !entry.problem, text: entry.problem }),
  ];
  if (kind === "enrol") {
    pieces.push(make("p", { text: t("desk.entry.enrol.words") }), passwordField(t, wrong("password")), row([go(t("desk.step.next"))]), out);
  } else if (kind === "scan" && secret) {
    pieces.push(...scanning(t, secret), code, row([go(t("desk.step.confirm"))]), out);
  } else {
    pieces.push(code, row([go(t("desk.entry.sign-in.do")), otherWay(t, byBackup), stepPress("start-over", t("desk.step.back"), { plain: true })]));
  }
  return make("form", { "data-form": kind, method: "post", novalidate: true, "data-key": `form-${kind}` }, pieces);
}

/** @param {string} action @param {string} text @param {boolean} main */
function press(action, text, main) {
  return row([stepPress(action, text, { main })]);
}

/** @param {Entry} entry */
function account(entry) {
  const { t, kind } = entry;
  const first = kind === "first";
  const reset = kind === "reset";
  const wrong = (/** @type {string} */ name) => entry.wrong.find((one) => one.field === name);
  const show = make("button", {
    type: "button",
    class: "small",
    "data-do": "show-password",
    "aria-pressed": String(entry.shown),
    "aria-controls": "field-password",
    text: t(entry.shown ? "desk.account.hide" : "desk.account.show"),
  });
  return make("form", { "data-form": kind, method: "post", novalidate: true }, [
    make("p", { class: "said", "data-key": "said", hidden: !entry.said, text: entry.said }),
    make("p", {
      class: "mistake problem",
      id: "entry-problem",
      tabindex: "-1",
      "data-key": "problem",
      hidden: !entry.problem,
      text: entry.problem,
    }),
    ...(kind === "sign-in" ? workAccountView(t, entry.work, entry.busy) : []),
    ...(first || reset ? [make("p", { class: "soft", "data-key": "once", text: t(`desk.entry.${kind}.words`) })] : []),
    ...(first
      ? [
          field({
            t,
            name: "name",
            label: t("desk.account.name"),
            hint: t("desk.account.name.hint"),
            value: entry.name,
            wrong: wrong("name"),
            attributes: { autocomplete: "name", maxlength: "80" },
          }),
        ]
      : []),
    field({
      t,
      name: "email",
      label: t("desk.account.email"),
      value: entry.email,
      wrong: wrong("email"),
      attributes: { type: "email", autocomplete: "username", maxlength: "254", inputmode: "email", readonly: reset },
    }),
    field({
      t,
      name: "password",
      label: t("desk.account.password"),
      hint: first || reset ? t("desk.account.password.hint") : undefined,
      wrong: wrong("password"),
      after: show,
      attributes: { type: entry.shown ? "text" : "password", autocomplete: first || reset ? "new-password" : "current-password", maxlength: "200" },
    }),
    ...(first && entry.administrator
      ? [
          make("div", { class: "tick" }, [
            make("input", { type: "checkbox", id: "field-practitioner", name: "practitioner", checked: true }),
            make("label", { for: "field-practitioner", text: t("desk.account.practitioner") }),
          ]),
        ]
      : []),
    make("div", { class: "row" }, [
      make("button", {
        type: "submit",
        class: kind === "sign-in" && entry.work ? undefined : "main",
        disabled: entry.busy,
        text: t(entry.busy ? "desk.entry.busy" : `desk.entry.${kind}.do`),
      }),
    ]),
  ]);
}
