// A supervisor's own team: when its contacts are, and whose. Nothing of what is in them.

import { make } from "../parts/dom.js";
import { listen, press, problem, row, table } from "./pieces.js";

/** Days that are shown at a time. */
const DAYS = 7;

/** Midnight so many days from today, in seconds. @param {number} days */
const midnight = (days) => {
  const now = new Date();
  return Math.floor(new Date(now.getFullYear(), now.getMonth(), now.getDate() + days).getTime() / 1000);
};

/** @param {import("./sections.js").Page} page */
export function open(page) {
  const { t, clock } = page;
  let first = 0;
  const look = async () => {
    const [from, to] = [midnight(first), midnight(first + DAYS)];
    const reply = await page.call("GET", `/api/team/contacts?from=${from}&to=${to}`);
    if (!reply.ok) return page.draw([...problem(page.problemSays(reply.problem)), press("again", t("admin.again"))]);
    /** @type {import("../parts/protocol").TeamContacts} */
    const { team, contacts } = reply.data;
    if (team === null) return page.draw([make("p", { text: t("admin.team.none") })]);
    const rows = contacts.map((one) => ({
      key: one.id,
      cells: [`${clock.day(one.starts_at)}, ${clock.time(one.starts_at)} – ${clock.time(one.ends_at)}`, one.practitioner, t(`admin.team.state.${one.state}`)],
    }));
    const heads = ["when", "who", "state"].map((name) => t(`admin.team.column.${name}`));
    page.draw([
      make("h2", { text: t("admin.team.week", { team, from: clock.day(from), to: clock.day(to - 1) }) }),
      rows.length ? table(team, heads, rows) : make("p", { "data-key": "none", text: t("admin.team.empty") }),
      row([press("before", t("admin.team.before")), press("after", t("admin.team.after"))]),
    ]);
  };
  const by = (/** @type {number} */ days) => () => {
    first += days;
    return look();
  };
  listen(page, { again: look, before: by(-DAYS), after: by(DAYS) });
  void look();
}
