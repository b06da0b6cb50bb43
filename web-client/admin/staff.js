// Members of staff: who they are, what they may, who was invited; adding somebody, changing them, letting them go.

import { field, select, tick } from "../desk/pieces.js";
import { make } from "../parts/dom.js";
import { ROLES, chosen, found, rolesSay, stateSays, teamSays } from "./people.js";
import { focus, givenOut, listen, press, problem, row, table, typed } from "./pieces.js";

/**
 * @typedef {import("./sections.js").Page} Page
 * @typedef {import("./people.js").ListedMember} ListedMember
 * @typedef {{ list: import("../parts/protocol").Members | null, sought: string, open: string, asking: string, adding: number,
 *   given: { link: string, name: string } | null, problem: string, wrong: { field: string, text: string } | null }} State `open`: the id of the
 * member who is being changed; `asking`: what is asked about once, of that member; `adding`: rises with each, so that the form is empty again
 */

/** @param {Page} page */
export function open(page) {
  /** @type {State} */
  const state = { list: null, sought: "", open: "", asking: "", adding: 0, given: null, problem: "", wrong: null };
  const draw = (/** @type {Partial<State>} */ what, selector = "") => {
    Object.assign(state, what);
    page.draw(view(page, state));
    if (selector) focus(page, selector);
  };
  const look = async (/** @type {Partial<State>} */ what = {}, selector = "") => {
    const reply = await page.call("GET", "/api/members");
    draw(Object.assign(reply.ok ? { list: reply.data, problem: "" } : { problem: page.problemSays(reply.problem) }, { wrong: null }, what), selector);
  };
  const refused = (/** @type {import("../desk/api.js").Problem} */ why) => {
    const text = page.problemSays(why);
    if (why.field && page.place.querySelector(`#field-${CSS.escape(why.field)}`)) return draw({ wrong: { field: why.field, text }, problem: "" }, `#field-${why.field}`);
    draw({ problem: text, wrong: null });
  };
  /** @param {"PUT" | "DELETE" | "POST"} method @param {string} path @param {string} said @param {object} [body] */
  const change = async (method, path, said, body) => {
    const reply = await page.call(method, path, body);
    if (!reply.ok) return refused(reply.problem);
    page.say(page.t(said));
    await look({ asking: "", given: null });
  };
  const member = () => `/api/members/${state.open}`;
  listen(
    page,
    {
      again: () => look(),
      change({ id = "" }) {
        const opens = state.open !== id;
        const back = `[data-do="change"][data-id="${CSS.escape(id)}"]`;
        draw({ open: opens ? id : "", asking: "", given: null, problem: "", wrong: null }, opens ? "#change-head" : back);
      },
      ask: ({ about = "" }) => draw({ asking: about }, '[data-do="sure"]'),
      keep: () => draw({ asking: "" }),
      async sure() {
        if (state.asking === "disable") return change("PUT", `${member()}/disabled`, "admin.staff.is_off");
        const reply = await page.call("POST", `${member()}/reset`);
        if (!reply.ok) return refused(reply.problem);
        const { name = "" } = (state.list && state.list.members.find(({ id }) => id === state.open)) || {};
        await look({ asking: "", given: { link: reply.data.link, name } }, "#given");
      },
      enable: () => change("DELETE", `${member()}/disabled`, "admin.staff.is_on"),
      withdraw: ({ id = "" }) => change("DELETE", `/api/invited/${id}`, "admin.staff.withdrawn"),
    },
    {
      search: (form) => draw({ sought: typed(form, "sought"), open: "" }),
      change: (form) => change("PUT", member(), "admin.saved", chosen(new FormData(form))),
      async add(form) {
        const body = Object.assign({ name: typed(form, "name"), email: typed(form, "email") }, chosen(new FormData(form)));
        const reply = await page.call("POST", "/api/members", body);
        if (!reply.ok) return refused(reply.problem);
        await look({ given: { link: reply.data.link, name: body.name }, adding: state.adding + 1, open: "" }, "#given");
      },
    },
  );
  void look();
}

/** @param {Page} page @param {State} state @returns {Node[]} */
function view(page, state) {
  const { t } = page;
  if (!state.list) return [...problem(state.problem), ...(state.problem ? [press("again", t("admin.again"))] : [])];
  return [
    ...problem(state.problem),
    ...(state.given && !state.open ? [given(page, state.given)] : []),
    ...panel(page, state, state.list),
    make("h2", { text: t("admin.staff.members") }),
    make("form", { "data-form": "search", "data-key": "search", role: "search" }, [
      field({ t, name: "sought", label: t("admin.staff.search"), after: press("submit", t("admin.search"), {}) }),
    ]),
    members(page, state, state.list),
    ...invited(page, state.list),
    make("h2", { text: t("admin.staff.add") }),
    adding(page, state, state.list),
  ];
}

/** @param {Page} page @param {{ link: string, name: string }} given */
const given = (page, { link, name }) => givenOut(page, "given", link, page.t("admin.staff.given", { name }));

/** @param {Page} page @param {State} state @param {import("../parts/protocol").Members} list */
function members(page, state, list) {
  const { t, clock } = page;
  const now = Date.now() / 1000;
  const shown = found(list.members, state.sought);
  if (!shown.length) return make("p", { "data-key": "nobody", text: t("admin.staff.nobody") });
  const heads = ["name", "change", "roles", "team", "state"].map((name) => t(`admin.staff.column.${name}`));
  const rows = shown.map((one) => ({
    key: one.id,
    cells: [
      [make("b", { text: one.name }), make("span", { class: "hint", text: one.email })],
      [press("change", t("admin.change"), { data: { id: one.id } })],
      rolesSay(t, one.roles),
      teamSays(t, list.teams, one.team),
      [make("span", { text: stateSays(t, clock, now, one) }), make("span", { class: "hint", text: t(`admin.staff.step.${one.second_factor}`) })],
    ],
  }));
  return table(t("admin.staff.members"), heads, rows);
}

/** Above the table, whose columns leave no room for it on a phone. @param {Page} page @param {State} state @param {import("../parts/protocol").Members} list @returns {Node[]} */
function panel(page, state, list) {
  const one = list.members.find(({ id }) => id === state.open);
  if (!one) return [];
  const head = make("h2", { id: "change-head", tabindex: "-1", text: page.t("admin.staff.changing", { name: one.name }) });
  return [make("div", { class: "changing", "data-key": `changing-${one.id}` }, [head, ...changing(page, state, list, one)])];
}

/** @param {Page} page @param {State} state @param {import("../parts/protocol").Members} list @param {ListedMember} one @returns {Node[]} */
function changing(page, state, list, one) {
  const { t } = page;
  const others = one.disabled === null ? [press("ask", t("admin.staff.reset"), { data: { about: "reset" } })] : [];
  const off = one.disabled === null ? press("ask", t("admin.staff.disable"), { data: { about: "disable" } }) : press("enable", t("admin.staff.enable"));
  const asked = [
    make("p", { text: t(`admin.staff.${state.asking}.ask`, { name: one.name }) }),
    row([press("sure", t(`admin.staff.${state.asking}`), { main: true }), press("keep", t("admin.keep"))]),
  ];
  return [
    ...(state.given ? [given(page, state.given)] : []),
    make("form", { "data-form": "change", "data-key": `form-${one.id}` }, [
      ...rights(page, list, "change", one.roles, one.team),
      make("p", { class: "hint", text: t("admin.staff.change.hint") }),
      row([press("submit", t("admin.save"), { main: true }), press("change", t("admin.back"), { data: { id: one.id } })]),
    ]),
    state.asking ? make("div", { class: "asked", "data-key": "asked" }, asked) : row([...others, off]),
  ];
}

/** Which roles, and which team. @param {Page} page @param {import("../parts/protocol").Members} list @param {string} form @param {import("./people.js").Role[]} roles @param {string | null} team */
function rights({ t }, list, form, roles, team) {
  const teams = list.teams.map(({ id, name }) => /** @type {[string, string]} */ ([id, name]));
  const ticks = ROLES.map((role) => {
    const box = tick(`role-${role}`, t(`admin.role.${role}`), roles.indexOf(role) >= 0, t(`admin.role.${role}.hint`));
    return own(box, form);
  });
  return [
    make("fieldset", {}, [make("legend", { text: t("admin.staff.roles") }), ...ticks]),
    own(select({ name: "team", label: t("admin.staff.team"), options: [["", t("admin.staff.no_team")], ...teams], chosen: team || "" }), form),
  ];
}

/** Two forms with the same fields stand on this page: each has names of its own for what belongs together. @param {HTMLElement} piece @param {string} form */
function own(piece, form) {
  for (const name of ["id", "for", "aria-describedby"])
    for (const one of Array.from(piece.querySelectorAll(`[${name}]`))) one.setAttribute(name, `${form}-${one.getAttribute(name)}`);
  return piece;
}

/** @param {Page} page @param {import("../parts/protocol").Members} list @returns {Node[]} */
function invited({ t, clock }, list) {
  if (!list.invited.length) return [];
  const now = Date.now() / 1000;
  const rows = list.invited.map((one) => ({
    key: one.id,
    cells: [
      [make("b", { text: one.name }), make("span", { class: "hint", text: one.email })],
      [press("withdraw", t("admin.staff.withdraw"), { data: { id: one.id } })],
      rolesSay(t, one.roles),
      t("admin.staff.until", { when: clock.moment(one.expires, now) }),
    ],
  }));
  const heads = ["name", "change", "roles", "state"].map((name) => t(`admin.staff.column.${name}`));
  return [make("h2", { text: t("admin.staff.invited") }), table(t("admin.staff.invited"), heads, rows)];
}

/** @param {Page} page @param {State} state @param {import("../parts/protocol").Members} list */
function adding(page, state, list) {
  const { t } = page;
  const wrong = (/** @type {string} */ name) => (state.wrong && state.wrong.field === name ? { key: "", text: state.wrong.text } : undefined);
  return make("form", { "data-form": "add", "data-key": `add-${state.adding}`, novalidate: true }, [
    field({ t, name: "name", label: t("admin.staff.name"), wrong: wrong("name"), attributes: { maxlength: "80" } }),
    field({ t, name: "email", label: t("admin.staff.email"), wrong: wrong("email"), attributes: { type: "email", maxlength: "254" } }),
    ...rights(page, list, "add", ["practitioner"], null),
    make("p", { class: "hint", text: t("admin.staff.add.hint") }),
    row([press("submit", t("admin.staff.add.yes"), { main: true })]),
  ]);
}
