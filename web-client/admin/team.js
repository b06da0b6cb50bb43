// A supervisor's own team: when its contacts are, and whose. Nothing of what is in them, unless they cover one: then it is on their desk.

import { field, select } from "../desk/pieces.js";
import { make } from "../parts/dom.js";
import { focus, listen, press, problem, row, table, typed } from "./pieces.js";

/** @typedef {import("../parts/protocol").TeamContact} TeamContact */

/** Days that are shown at a time. */
const DAYS = 7;

/** Midnight so many days from today, in seconds. @param {number} days */
const midnight = (days) => {
  const now = new Date();
  return Math.floor(new Date(now.getFullYear(), now.getMonth(), now.getDate() + days).getTime() / 1000);
};

const address = (/** @type {string} */ contact) => `/api/contacts/${encodeURIComponent(contact)}/cover`;

/** @param {import("./sections.js").Page} page */
export function open(page) {
  const { t, clock } = page;
  const state = { first: 0, team: "", contacts: /** @type {TeamContact[]} */ ([]), covering: "", wrong: "" };

  const look = async () => {
    const [from, to] = [midnight(state.first), midnight(state.first + DAYS)];
    const reply = await page.call("GET", `/api/team/contacts?from=${from}&to=${to}`);
    if (!reply.ok) return page.draw([...problem(page.problemSays(reply.problem)), press("again", t("admin.again"))]);
    /** @type {import("../parts/protocol").TeamContacts} */
    const { team, contacts } = reply.data;
    if (team === null) return page.draw([make("p", { text: t("admin.team.none") })]);
    Object.assign(state, { team, contacts });
    draw();
  };

  const draw = () => {
    const { first, team, contacts } = state;
    const heads = ["when", "who", "state", "cover"].map((name) => t(`admin.team.column.${name}`));
    page.draw([
      make("h2", { text: t("admin.team.week", { team, from: clock.day(midnight(first)), to: clock.day(midnight(first + DAYS) - 1) }) }),
      contacts.length ? table(team, heads, contacts.map(line)) : make("p", { "data-key": "none", text: t("admin.team.empty") }),
      row([press("before", t("admin.team.before")), press("after", t("admin.team.after"))]),
    ]);
  };

  const line = (/** @type {TeamContact} */ one) => ({
    key: one.id,
    cells: [`${clock.day(one.starts_at)}, ${clock.time(one.starts_at)} – ${clock.time(one.ends_at)}`, one.practitioner, t(`admin.team.state.${one.state}`), cover(one)],
    ...(state.covering === one.id ? { more: form(one) } : {}),
  });

  const cover = (/** @type {TeamContact} */ { id, covered }) => {
    if (covered && covered.mine) return [press("give-back", t("admin.team.cover.back"), { small: true, data: { contact: id } })];
    const until = covered ? clock.day(covered.until) + ", " + clock.time(covered.until) : "";
    return [
      ...(covered ? [make("p", { text: t("admin.team.covered", { name: covered.by, until }) })] : []),
      press("cover", t("admin.team.cover"), { small: true, data: { contact: id } }),
    ];
  };

  const form = (/** @type {TeamContact} */ { id, practitioner }) => [
    make("form", { "data-form": "cover", "data-contact": id, "data-key": "cover", novalidate: true }, [
      make("h3", { text: t("admin.team.cover.head", { name: practitioner }) }),
      make("p", { class: "hint", text: t("admin.team.cover.hint", { name: practitioner }) }),
      ...problem(state.wrong),
      field({ t, name: "reason", label: t("admin.team.cover.reason"), attributes: { maxlength: "200" } }),
      select({
        name: "hours",
        label: t("admin.team.cover.hours"),
        options: ["2", "8", "24"].map((hours) => /** @type {[string, string]} */ ([hours, t(`admin.team.cover.hours.${hours}`)])),
        chosen: "8",
      }),
      row([press("submit", t("admin.team.cover"), { main: true }), press("not", t("admin.team.cover.not"))]),
    ]),
  ];

  /** @param {string} covering @param {string} to */
  const turn = (covering, to) => {
    Object.assign(state, { covering, wrong: "" });
    draw();
    focus(page, to);
  };
  const by = (/** @type {number} */ days) => () => {
    state.first += days;
    return look();
  };
  listen(
    page,
    {
      again: look,
      before: by(-DAYS),
      after: by(DAYS),
      cover: ({ contact = "" }) => turn(contact, "#field-reason"),
      not: () => turn("", `[data-do="cover"][data-contact="${CSS.escape(state.covering)}"]`),
      async "give-back"({ contact = "" }) {
        const reply = await page.call("DELETE", address(contact));
        page.say(reply.ok ? t("admin.team.cover.ended") : page.problemSays(reply.problem));
        return look();
      },
    },
    {
      async cover(sent) {
        const contact = sent.dataset.contact || "";
        const reply = await page.call("PUT", address(contact), { reason: typed(sent, "reason"), hours: Number(typed(sent, "hours")) });
        if (!reply.ok) {
          state.wrong = page.problemSays(reply.problem);
          draw();
          return focus(page, "#field-reason");
        }
        Object.assign(state, { covering: "", wrong: "" });
        page.say(t("admin.team.cover.begun"));
        return look();
      },
    },
  );
  void look();
}
