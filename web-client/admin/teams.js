// Teams: a name, and how many are in it. Who is in which stands with each member of staff.

import { field } from "../desk/pieces.js";
import { make } from "../parts/dom.js";
import { focus, listen, press, problem, row, table, typed } from "./pieces.js";

/** @typedef {import("./sections.js").Page} Page */

/** @param {Page} page */
export function open(page) {
  const { t } = page;
  /** @type {{ teams: import("../parts/protocol").Team[] | null, open: string, asking: boolean, adding: number, problem: string }} */
  const state = { teams: null, open: "", asking: false, adding: 0, problem: "" };
  const draw = (/** @type {Partial<typeof state>} */ what, selector = "") => {
    Object.assign(state, what);
    page.draw(view());
    if (selector) focus(page, selector);
  };
  const look = async (/** @type {Partial<typeof state>} */ what = {}) => {
    const reply = await page.call("GET", "/api/members");
    draw(Object.assign(reply.ok ? { teams: reply.data.teams, problem: "" } : { problem: page.problemSays(reply.problem) }, what));
  };
  /** @param {"POST" | "PUT" | "DELETE"} method @param {string} path @param {object} [body] */
  const change = async (method, path, body) => {
    const reply = await page.call(method, path, body);
    if (!reply.ok) return draw({ problem: page.problemSays(reply.problem) });
    page.say(t("admin.saved"));
    await look({ open: "", asking: false, adding: state.adding + 1 });
  };
  const name = (/** @type {string} */ label, /** @type {string} */ value) =>
    field({ t, name: `team-${label}`, label: t(`admin.teams.${label}`), value, attributes: { maxlength: "60" } });

  function view() {
    const { teams } = state;
    if (!teams) return [...problem(state.problem), ...(state.problem ? [press("again", t("admin.again"))] : [])];
    const rows = teams.map((team) => ({
      key: team.id,
      cells: [team.name, t("admin.teams.members", { count: team.members }), [press("open", t("admin.change"), { data: { id: team.id } })]],
      more: team.id === state.open ? changing(team) : undefined,
    }));
    const heads = ["name", "members", "change"].map((head) => t(`admin.teams.column.${head}`));
    return [
      ...problem(state.problem),
      teams.length ? table(t("admin.teams.list"), heads, rows) : make("p", { "data-key": "none", text: t("admin.teams.none") }),
      make("h2", { text: t("admin.teams.add") }),
      make("form", { "data-form": "add", "data-key": `add-${state.adding}` }, [name("name", ""), row([press("submit", t("admin.teams.add"), { main: true })])]),
    ];
  }

  /** @param {import("../parts/protocol").Team} team */
  const changing = (team) => [
    make("form", { "data-form": "rename", "data-key": `form-${team.id}` }, [
      name("rename", team.name),
      row([press("submit", t("admin.save"), { main: true }), press("open", t("admin.back"), { data: { id: team.id } })]),
    ]),
    state.asking
      ? make("div", { class: "asked", "data-key": "asked" }, [
          make("p", { text: t("admin.teams.remove.ask", { name: team.name }) }),
          row([press("sure", t("admin.teams.remove"), { main: true }), press("keep", t("admin.keep"))]),
        ])
      : row([press("ask", t("admin.teams.remove"))]),
  ];

  listen(
    page,
    {
      again: () => look(),
      open: ({ id = "" }) => draw({ open: state.open === id ? "" : id, asking: false, problem: "" }),
      ask: () => draw({ asking: true }, '[data-do="sure"]'),
      keep: () => draw({ asking: false }),
      sure: () => change("DELETE", `/api/teams/${state.open}`),
    },
    {
      add: (form) => change("POST", "/api/teams", { name: typed(form, "team-name") }),
      rename: (form) => change("PUT", `/api/teams/${state.open}`, { name: typed(form, "team-rename") }),
    },
  );
  void look();
}
