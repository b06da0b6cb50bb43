// How much the service is used: whole months, counts alone, small ones left out.

import { make } from "../parts/dom.js";
import { listen, press, problem, table } from "./pieces.js";

/** @typedef {import("../parts/protocol").UsageMonth} UsageMonth */

const ROWS = /** @type {const} */ (["contacts", "nobody_came", "not_let_in", "talked", "video", "voice", "text", "held", "broke", "lost"]);

/** A month in words. @param {string} locale @param {number} month such as 202611 */
export const monthSays = (locale, month) =>
  new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(Date.UTC(Math.floor(month / 100), (month % 100) - 1, 1)));

/** @param {import("./sections.js").Page} page */
export function open(page) {
  const { t } = page;
  const look = async () => {
    const reply = await page.call("GET", "/api/usage");
    if (!reply.ok) return page.draw([...problem(page.problemSays(reply.problem)), press("again", t("admin.again"))]);
    const { months, this_month } = reply.data;
    const name = (/** @type {number} */ month) => monthSays(t("desk.locale"), month);
    page.draw([
      ...(months.length ? [counts(page, months, name)] : [make("p", { text: t("admin.usage.none") })]),
      make("p", { text: t("admin.usage.this_month", { month: name(this_month) }) }),
      make("p", { text: t("admin.usage.small") }),
      make("p", { text: t("admin.usage.data") }),
    ]);
  };
  listen(page, { again: look });
  void look();
}

/** @param {import("./sections.js").Page} page @param {UsageMonth[]} months @param {(month: number) => string} name */
function counts({ t }, months, name) {
  const rows = ROWS.map((row) => ({
    key: row,
    cells: [t(`admin.usage.${row}`), ...months.map((month) => (month[row] === null ? t("admin.usage.hidden") : String(month[row])))],
  }));
  return table(t("admin.usage.list"), [t("admin.usage.what"), ...months.map(({ month }) => name(month))], rows);
}
