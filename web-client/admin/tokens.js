// What other programs ask by: tokens, each told once.

import { field } from "../desk/pieces.js";
import { make } from "../parts/dom.js";
import { givenOut, listen, press, problem, row, typed } from "./pieces.js";

/**
 * @typedef {import("./sections.js").Page} Page
 * @typedef {import("../parts/protocol").ApiToken} ApiToken
 * @typedef {import("../parts/protocol").Scope} Scope
 */

/** What a token can be for, in the order it is listed. @type {Scope[]} */
export const SCOPES = ["usage:read", "contacts:read", "records:read", "doctor:call"];

/** The most days that one works, as the service has it. */
const MOST = 365;

/** The words of a scope end in this. @param {Scope} scope */
export const wordOf = (scope) => scope.replace(":", "_");

/** What was typed as a number of days; what is none is left to the service to refuse. @param {string} text */
export const daysIn = (text) => (/^\d{1,4}$/.test(text) ? Number(text) : 0);

/** @param {Page} page */
export function open(page) {
  const { t, clock } = page;
  const state = {
    tokens: /** @type {ApiToken[] | null} */ (null),
    made: "",
    name: "",
    asking: "",
    adding: 0,
    problem: "",
    busy: false,
  };

  /** @param {Partial<typeof state>} [what] @param {string} [selector] */
  const draw = (what = {}, selector = "") => {
    Object.assign(state, what);
    page.draw(view());
    const found = selector && page.place.querySelector(selector);
    if (found instanceof HTMLElement) found.focus();
  };

  /** @param {Partial<typeof state>} [what] @param {string} [selector] */
  const look = async (what = {}, selector = "") => {
    const reply = await page.call("GET", "/api/tokens");
    draw(Object.assign(reply.ok ? { tokens: reply.data.tokens, problem: "" } : { problem: page.problemSays(reply.problem) }, what), selector);
  };

  /** One thing at a time: a second press on the way makes no second token. @param {() => Promise<void>} doing */
  const once = async (doing) => {
    if (state.busy) return;
    state.busy = true;
    await doing();
    state.busy = false;
  };

  /** @param {HTMLFormElement} form */
  const add = async (form) => {
    const name = typed(form, "name");
    const body = { name, scopes: new FormData(form).getAll("scope"), days: daysIn(typed(form, "days")) };
    const reply = await page.call("POST", "/api/tokens", body);
    if (!reply.ok) return draw({ problem: page.problemSays(reply.problem) });
    await look({ made: reply.data.token, name, asking: "", adding: state.adding + 1 }, "#made");
  };

  const revoke = async () => {
    const reply = await page.call("DELETE", `/api/tokens/${state.asking}`);
    if (!reply.ok) return draw({ problem: page.problemSays(reply.problem), asking: "" });
    page.say(t("admin.tokens.revoked"));
    await look({ asking: "", made: "" });
  };

  /** @param {ApiToken} token */
  const shown = (token) => {
    const who = token.who_name || token.who;
    const facts = [
      [t("admin.tokens.scopes.of"), token.scopes.map((scope) => t(`admin.tokens.scope.${wordOf(scope)}`)).join("; ")],
      [t("admin.tokens.who"), token.works ? who : t("admin.tokens.gone", { name: who })],
      [t("admin.tokens.used"), token.last_used === null ? t("admin.tokens.never") : clock.date(token.last_used)],
      [t("admin.tokens.ends"), clock.date(token.ends)],
    ];
    return make("li", { "data-key": token.id }, [
      make("h3", { text: token.name }),
      make("dl", {}, facts.map(([name, text]) => make("div", {}, [make("dt", { text: name }), make("dd", { text })]))),
      ...(token.id === state.asking
        ? [
            make("p", { text: t("admin.tokens.revoke.ask", { name: token.name }) }),
            row([press("sure", t("admin.tokens.revoke.sure"), { main: true }), press("keep", t("admin.keep"))]),
          ]
        : [row([press("ask", t("admin.tokens.revoke"), { data: { id: token.id } })])]),
    ]);
  };

  const scopes = () =>
    make("fieldset", {}, [
      make("legend", { text: t("admin.tokens.scopes") }),
      ...SCOPES.map((scope) => {
        const id = `scope-${wordOf(scope)}`;
        return make("div", { class: "tick" }, [
          make("input", { type: "checkbox", id, name: "scope", value: scope, "aria-describedby": `${id}-hint` }),
          make("div", {}, [
            make("label", { for: id, text: t(`admin.tokens.scope.${wordOf(scope)}`) }),
            make("p", { id: `${id}-hint`, class: "hint", text: t(`admin.tokens.scope.${wordOf(scope)}.hint`) }),
          ]),
        ]);
      }),
    ]);

  function view() {
    const { tokens, made } = state;
    if (!tokens) return [...problem(state.problem), ...(state.problem ? [press("again", t("admin.again"))] : [])];
    return [
      ...problem(state.problem),
      ...(made ? [givenOut(page, "made", made, t("admin.tokens.made", { name: state.name }))] : []),
      ...(tokens.length
        ? [make("h2", { text: t("admin.tokens.list") }), make("ul", { class: "programs", "data-key": "list" }, tokens.map(shown))]
        : [make("p", { "data-key": "none", text: t("admin.tokens.none") })]),
      make("h2", { text: t("admin.tokens.add") }),
      make("form", { "data-form": "add", "data-key": `add-${state.adding}` }, [
        field({ t, name: "name", label: t("admin.tokens.name"), hint: t("admin.tokens.name.hint"), attributes: { maxlength: "60" } }),
        scopes(),
        field({
          t,
          name: "days",
          label: t("admin.tokens.days"),
          hint: t("admin.tokens.days.hint", { most: MOST }),
          value: "90",
          attributes: { inputmode: "numeric", maxlength: "4" },
        }),
        row([press("submit", t("admin.tokens.do"), { main: true })]),
      ]),
    ];
  }

  listen(
    page,
    {
      again: () => look(),
      ask: ({ id = "" }) => draw({ asking: id }, '[data-do="sure"]'),
      keep: () => draw({ asking: "" }),
      sure: () => once(revoke),
    },
    { add: (form) => once(() => add(form)) },
  );
  void look();
}
