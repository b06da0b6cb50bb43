// A list of staff as a spreadsheet writes it: looked at line by line first, then done whole or not at all.

import { field } from "../desk/pieces.js";
import { make } from "../parts/dom.js";
import { letters, rolesSay, sum } from "./people.js";
import { focus, givenOut, listen, press, problem, row, table } from "./pieces.js";

/**
 * @typedef {import("./sections.js").Page} Page
 * @typedef {import("./people.js").ImportedLine} ImportedLine
 */

/** Longer than any list that is taken. */
const LONGEST = 30000;

/** @param {Page} page */
export function open(page) {
  const { t } = page;
  /** @type {{ csv: string, lines: ImportedLine[], done: boolean, problem: string, times: number }} */
  const state = { csv: "", lines: [], done: false, problem: "", times: 0 };
  const draw = (/** @type {Partial<typeof state>} */ what, selector = "") => {
    Object.assign(state, what);
    page.draw(view());
    if (selector) focus(page, selector);
  };
  /** @param {string} csv @param {boolean} now */
  const send = async (csv, now) => {
    const reply = await page.call("POST", "/api/members/import", { csv, now });
    if (!reply.ok) return draw({ problem: page.problemSays(reply.problem), lines: [] }, "#field-csv");
    draw({ csv, lines: reply.data.lines, done: reply.data.done, problem: "" }, "#list-head");
  };

  function view() {
    if (state.done) return finished();
    const chooser = make("input", { type: "file", id: "field-file", accept: ".csv,text/csv,text/plain" });
    return [
      ...problem(state.problem),
      make("form", { "data-form": "look", "data-key": `form-${state.times}` }, [
        make("div", { class: "field" }, [make("label", { for: "field-file", text: t("admin.lists.file") }), chooser]),
        field({ t, name: "csv", label: t("admin.lists.text"), hint: t("admin.lists.columns"), tag: "textarea", attributes: { rows: "8", maxlength: String(LONGEST) } }),
        row([press("submit", t("admin.lists.look"), { main: !state.lines.length })]),
      ]),
      ...(state.lines.length ? looked() : []),
    ];
  }

  /** @returns {Node[]} */
  function looked() {
    const { wrong, leavers, joiners } = sum(state.lines);
    const says = wrong ? t("admin.lists.wrong", { count: wrong }) : `${t("admin.lists.joiners", { count: joiners })} ${t("admin.lists.leavers", { count: leavers })}`;
    return [
      make("h2", { id: "list-head", tabindex: "-1", text: t("admin.lists.looked") }),
      make("p", { class: wrong ? "mistake" : undefined, text: says }),
      lines(),
      ...(wrong ? [] : [row([press("do", t("admin.lists.do"), { main: true })])]),
    ];
  }

  function lines() {
    const heads = ["line", "name", "roles", "team", "what"].map((name) => t(`admin.lists.column.${name}`));
    const rows = state.lines.map((line) => ({
      key: String(line.line),
      cells: [
        String(line.line),
        [make("b", { text: line.name }), make("span", { class: "hint", text: line.email })],
        line.leaves ? "" : rolesSay(t, line.roles),
        line.team || "",
        line.wrong ? [make("b", { class: "mistake", text: t(`admin.lists.wrong.${line.wrong}`) })] : t(line.leaves ? "admin.lists.leaves" : "admin.lists.joins"),
      ],
    }));
    return table(t("admin.lists.looked"), heads, rows);
  }

  /** @returns {Node[]} */
  function finished() {
    const { leavers, joiners } = sum(state.lines);
    return [
      make("h2", { id: "list-head", tabindex: "-1", text: t("admin.lists.done") }),
      make("p", { text: `${t("admin.lists.joined", { count: joiners })} ${t("admin.lists.left", { count: leavers })}` }),
      ...(joiners ? [givenOut(page, "letters", letters(state.lines), t("admin.lists.links"))] : []),
      row([press("again", t("admin.lists.another"))]),
    ];
  }

  listen(
    page,
    {
      do: () => send(state.csv, true),
      again: () => draw({ csv: "", lines: [], done: false, times: state.times + 1 }, "#field-csv"),
    },
    { look: (form) => send(String(new FormData(form).get("csv") || ""), false) },
  );
  page.place.addEventListener("change", async (event) => {
    const chosen = /** @type {HTMLInputElement} */ (event.target);
    const file = chosen.id === "field-file" && chosen.files && chosen.files[0];
    const text = page.place.querySelector("#field-csv");
    if (!file || !(text instanceof HTMLTextAreaElement)) return;
    if (file.size > LONGEST) return draw({ problem: t("admin.lists.too_long"), lines: [] });
    text.value = await file.text();
    await send(text.value, false);
  });
  draw({});
}
