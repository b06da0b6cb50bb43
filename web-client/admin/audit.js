// Who did what that must be answered for, newest first; looked for by what it was, who it was, and when.

import { field, select } from "../desk/pieces.js";
import { make } from "../parts/dom.js";
import { beginOf } from "./people.js";
import { listen, press, problem, row, table, typed } from "./pieces.js";

/**
 * @typedef {import("../parts/protocol").AuditEntry} AuditEntry
 * @typedef {import("./sections.js").Page} Page
 * @typedef {{ what: string, who: string, from: string, to: string }} Sought
 */

/** As many as the service answers with at a time. */
const A_PAGE = 500;

/** What can be looked for, in the order of the list. */
export const WORDS = [
  ...["alarm_raised", "alarm_handed_over", "alarm_went_over", "alarm_taken", "ended_quietly", "handled", "duty_on", "duty_off"],
  ...["override_given", "override_withdrawn", "setting_changed", "api_token_made", "api_token_revoked", "hold_placed", "hold_released", "hold_ended", "copy_made", "person_erased", "restored", "master_key_replaced"],
  ...["staff_invited", "invitation_withdrawn", "staff_joined", "roles_changed", "team_changed", "staff_disabled", "staff_enabled"],
  ...["reset_given", "password_reset", "team_made", "team_renamed", "team_removed"],
  ...["contact_given", "colleague_asked", "colleague_released", "cover_begun", "cover_ended"],
  ...["record_released", "record_release_withdrawn", "record_fetched"],
  ...["transcript_kept", "transcript_deleted"],
  ...["second_factor_on", "second_factor_off", "second_factor_refused", "recovery_code_used", "recovery_codes_renewed"],
  ...["work_account_used", "work_account_linked", "work_account_joined", "work_account_roles", "work_account_ended"],
];

/** @param {Sought} sought @param {AuditEntry | undefined} last the last one that is here already */
export function query({ what, who, from, to }, last) {
  const [begin, end] = [beginOf(from), beginOf(to, 1)];
  /** @type {[string, string | number | null][]} */
  const parts = [["what", what], ["who", who], ["from", begin], ["to", end], ["before", last ? last.id : null]];
  const asked = parts.filter(([, value]) => value !== null && value !== "").map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return asked.length ? `?${asked.join("&")}` : "";
}

/** @param {Page} page */
export function open(page) {
  const { t } = page;
  const state = {
    entries: /** @type {AuditEntry[]} */ ([]),
    names: /** @type {Record<string, string>} */ ({}),
    sought: /** @type {Sought} */ ({ what: "", who: "", from: "", to: "" }),
    more: false,
    busy: false,
    problem: "",
    chain: "",
  };

  const fetchMore = async () => {
    if (state.busy) return;
    state.busy = true;
    const { sought, entries } = state;
    const reply = await page.call("GET", `/api/audit${query(sought, entries[entries.length - 1])}`);
    state.busy = false;
    // Something else is looked for by now.
    if (sought !== state.sought) return fetchMore();
    state.problem = reply.ok ? "" : page.problemSays(reply.problem);
    if (reply.ok) {
      for (const { id, name } of reply.data.staff.concat(reply.data.tokens)) state.names[id] = name;
      state.entries = entries.concat(reply.data.entries);
      state.more = reply.data.entries.length === A_PAGE;
    }
    draw();
  };

  const verify = async () => {
    const reply = await page.call("GET", "/api/audit/chain");
    if (!reply.ok) state.chain = page.problemSays(reply.problem);
    else if (reply.data.fault !== null) state.chain = t("admin.audit.chain.broken", { fault: reply.data.fault });
    else state.chain = t("admin.audit.chain.whole", { count: reply.data.entries });
    page.say(state.chain);
    draw();
  };

  const draw = () =>
    page.draw([
      search(t),
      row([press("verify", t("admin.audit.chain"))]),
      ...(state.chain ? [make("p", { "data-key": "chain" }, [make("b", { text: state.chain })]), make("p", { class: "hint", text: t("admin.audit.chain.hint") })] : []),
      ...problem(state.problem),
      ...(state.entries.length ? [entriesTable(page, state.entries, state.names)] : state.problem ? [] : [make("p", { "data-key": "empty", text: t("admin.audit.empty") })]),
      ...(state.problem ? [press("more", t("admin.again"))] : state.more ? [press("more", t("admin.audit.older"))] : []),
    ]);

  listen(
    page,
    { more: fetchMore, verify },
    {
      search(form) {
        const [what, who, from, to] = ["what", "who", "from", "to"].map((name) => typed(form, name));
        Object.assign(state, { sought: { what, who, from, to }, entries: [], more: false });
        return fetchMore();
      },
    },
  );
  void fetchMore();
}

/** @param {Page["t"]} t */
function search(t) {
  const words = WORDS.map((word) => /** @type {[string, string]} */ ([word, t(`admin.audit.what.${word}`)]));
  const date = (/** @type {string} */ name) => field({ t, name, label: t(`admin.audit.${name}`), attributes: { type: "date" } });
  return make("form", { "data-form": "search", "data-key": "search", role: "search" }, [
    select({ name: "what", label: t("admin.audit.column.what"), options: [["", t("admin.audit.anything")], ...words] }),
    field({ t, name: "who", label: t("admin.audit.who"), attributes: { maxlength: "80" } }),
    make("div", { class: "row" }, [date("from"), date("to")]),
    row([press("submit", t("admin.search"), {})]),
  ]);
}

/** @param {Page} page @param {AuditEntry[]} entries @param {Record<string, string>} names */
function entriesTable({ t, clock }, entries, names) {
  const called = (/** @type {string} */ id) => names[id] || id;
  const by = (/** @type {AuditEntry} */ { who, whom, token }) => {
    const to = whom || token;
    if (!who) return token ? called(token) : t("admin.audit.by_itself");
    return to && to !== who ? t("admin.audit.to_whom", { who: called(who), whom: called(to) }) : called(who);
  };
  const heads = ["at", "what", "who", "reason"].map((name) => t(`admin.audit.column.${name}`));
  const rows = entries.map((entry) => ({
    key: String(entry.id),
    cells: [`${clock.day(entry.at)}, ${clock.time(entry.at)}`, t(`admin.audit.what.${entry.what}`), by(entry), entry.reason || ""],
  }));
  return table(t("admin.audit.list"), heads, rows);
}
