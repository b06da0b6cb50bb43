// Who did what that must be answered for, newest first.

import { make } from "../parts/dom.js";

/** @typedef {import("../parts/protocol").AuditEntry} AuditEntry */

/** As many as the service answers with at a time. */
const A_PAGE = 500;

/** @param {import("./sections.js").Page} page */
export function open(page) {
  const { t } = page;
  /** @type {AuditEntry[]} */
  let entries = [];
  let more = false;
  let problem = "";
  let busy = false;

  const fetchMore = async () => {
    if (busy) return;
    busy = true;
    const last = entries[entries.length - 1];
    const reply = await page.call("GET", `/api/audit${last ? `?before=${last.id}` : ""}`);
    busy = false;
    problem = reply.ok ? "" : page.problemSays(reply.problem);
    if (reply.ok) {
      entries = entries.concat(reply.data.entries);
      more = reply.data.entries.length === A_PAGE;
    }
    draw();
  };

  const draw = () => {
    const button = (/** @type {string} */ text) => make("button", { type: "button", text, "data-key": "more" });
    page.draw([
      ...(problem ? [make("p", { class: "mistake", role: "alert", "data-key": "problem", text: problem })] : []),
      ...(entries.length ? [table(page, entries)] : problem ? [] : [make("p", { "data-key": "empty", text: t("admin.audit.empty") })]),
      ...(problem ? [button(t("admin.again"))] : more ? [button(t("admin.audit.older"))] : []),
    ]);
  };

  page.place.addEventListener("click", (event) => {
    if (/** @type {Element} */ (event.target).closest('[data-key="more"]')) void fetchMore();
  });
  void fetchMore();
}

/** @param {import("./sections.js").Page} page @param {AuditEntry[]} entries */
function table({ t, clock }, entries) {
  const heads = ["at", "what", "who", "reason"].map((name) => make("th", { scope: "col", text: t(`admin.audit.column.${name}`) }));
  const cells = (/** @type {AuditEntry} */ { at, what, who, reason }) => [
    make("td", { text: `${clock.day(at)}, ${clock.time(at)}` }),
    make("td", { text: t(`admin.audit.what.${what}`) }),
    make("td", { text: who || t("admin.audit.by_itself") }),
    make("td", { text: reason || "" }),
  ];
  return make("div", { class: "table", tabindex: "0", role: "region", "aria-label": t("admin.audit"), "data-key": "table" }, [
    make("table", {}, [
      make("thead", {}, [make("tr", {}, heads)]),
      make("tbody", {}, entries.map((entry) => make("tr", { "data-key": String(entry.id) }, cells(entry)))),
    ]),
  ]);
}
