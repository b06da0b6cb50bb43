// The first script of /desk: who is here, and so which page they get.

import { byId } from "../parts/dom.js";
import { wordsOf } from "../parts/words.js";
import { checkFirst, checkPassword, checkSignIn, firstLinkToken, problemSays } from "./account.js";
import { call } from "./api.js";
import { clockIn } from "./clock.js";
import { Desk } from "./desk.js";
import { entryView } from "./entry_view.js";
import { morph } from "./morph.js";
import { checkCode, secretIn } from "./second_step.js";
import { cameBack, offered, refusalSays } from "./work_account.js";

const t = wordsOf(document);
const root = byId("desk");
// The token goes out of the address before anything else happens: it must not be read over a shoulder or be bookmarked.
const token = firstLinkToken(location.hash);
const back = cameBack(location.hash);
if (location.hash) history.replaceState(null, "", location.pathname);

/** @type {import("./entry_view.js").Entry} */
let entry = { t, kind: "loading", name: "", email: "", administrator: false, shown: false, busy: false, wrong: [], problem: "", said: "",
  secret: null, codes: [], byBackup: false, work: null, byWork: false };
let open = false;
/** What was typed last, for the second step. In this page's memory alone, and not for longer than it takes. */
let password = "";

/** @param {Partial<import("./entry_view.js").Entry>} what @param {string} [focus] a selector */
function show(what, focus) {
  if (open) return;
  entry = Object.assign({}, entry, what);
  const next = document.createElement("div");
  next.id = "desk";
  next.className = "desk-entry";
  next.append(entryView(entry));
  morph(root, next);
  const found = focus && /** @type {HTMLElement | null} */ (root.querySelector(focus));
  if (found) found.focus();
}

/** @param {import("../parts/protocol").Me} me */
function enter(me) {
  if (me.must_enrol) return enrol(me.vouched);
  password = "";
  if (me.roles.indexOf("practitioner") < 0 && me.roles.indexOf("supervisor") < 0) return show({ kind: "no-desk", name: me.name }, "#entry-head");
  open = true;
  new Desk({ t, clock: clockIn(t("desk.locale"), me.zone || undefined), me, root, region: byId("say"), cover: byId("cover") });
}

/**
 * Leads straight to adding the second step; the password is asked for once more only where this page doesn't have it.
 * @param {boolean} [vouched] nor is it where a work account stands for it
 */
async function enrol(vouched = false) {
  if (!password && !vouched) return show({ kind: "enrol", wrong: [], problem: "" }, "#field-password");
  const reply = await call("POST", "/api/staff/second-factor", { password });
  password = "";
  if (reply.ok) return show({ kind: "scan", secret: secretIn(reply.data), wrong: [], problem: "", busy: false }, "#entry-head");
  show({ kind: "enrol", busy: false });
  refused(reply.problem);
}

async function begin() {
  show({});
  if (token !== null) {
    const reply = await call("POST", "/api/staff/first-link", { token });
    if (reply.ok) {
      const { name, email, roles, reset } = reply.data;
      if (reset) return show({ kind: "reset", email: email || "" }, "#field-password");
      return show(
        { kind: "first", name: name || "", email: email || "", administrator: roles.indexOf("administrator") >= 0 },
        name ? "#field-email" : "#field-name",
      );
    }
    if (reply.problem.code !== "link_finished") return show({ kind: "failed", problem: problemSays(t, reply.problem) });
  }
  const reply = await call("GET", "/api/staff/me");
  if (reply.ok) return enter(reply.data);
  if (reply.problem.code !== "not_signed_in") return show({ kind: "failed", problem: problemSays(t, reply.problem) });
  const work = offered(t, await call("GET", "/api/staff/work-account"));
  if (work && back === "code") return show({ kind: "code", work, byWork: true }, "#field-code");
  const problem = refusalSays(t, back);
  const first = work ? '[data-do="work"]' : "#field-email";
  show({ kind: "sign-in", work, problem, said: token !== null ? t("desk.entry.link_finished") : "" }, problem ? "#entry-problem" : first);
}

/** To the provider. It sends back to this page, by way of the service. */
async function toWorkAccount() {
  if (entry.busy) return;
  show({ busy: true, wrong: [], problem: "", said: "" });
  const reply = await call("POST", "/api/staff/work-account");
  if (reply.ok) return location.assign(reply.data.address);
  show({ busy: false });
  refused(reply.problem);
}

/** Says what is wrong: with one field, at that field. @param {import("./account.js").Problem} problem */
function refused(problem) {
  const text = problemSays(t, problem);
  const field = problem.code === "code_refused" ? "code" : problem.field;
  if (field && root.querySelector(`#field-${CSS.escape(field)}`))
    return show({ wrong: [{ field, key: "", text }] }, `#field-${CSS.escape(field)}`);
  show({ problem: text }, "#entry-problem");
}

/** @param {Typed} typed @returns {import("./account.js").Wrong[]} */
function check(typed) {
  switch (entry.kind) {
    case "first":
      return checkFirst(typed);
    case "reset":
      return checkFirst(Object.assign({}, typed, { name: "-" }));
    case "enrol":
      return checkPassword(typed.password);
    case "code":
      return checkCode(typed.code, true);
    case "scan":
      return checkCode(typed.code, false);
    default:
      return checkSignIn(typed);
  }
}

/** @param {Typed} typed @param {boolean} practitioner @returns {Promise<import("./api.js").Reply>} */
function send({ name, email, code }, practitioner) {
  if (entry.kind === "first" || entry.kind === "reset")
    return call("POST", "/api/staff/first", { token, name: name.trim(), email: email.trim(), password, practitioner });
  if (entry.kind === "scan") return call("PUT", "/api/staff/second-factor", { code });
  if (entry.kind === "code" && entry.byWork) return call("POST", "/api/staff/work-account/code", { code });
  return call("POST", "/api/staff/sign-in", Object.assign({ email: email.trim(), password }, entry.kind === "code" ? { code } : {}));
}

/**
 * @typedef {{ name: string, email: string, password: string, code: string }} Typed
 * @param {HTMLFormElement} form
 */
async function submit(form) {
  if (entry.busy) return;
  const data = new FormData(form);
  const one = (/** @type {string} */ name) => String(data.get(name) || "");
  const { kind } = entry;
  const typed = { name: one("name"), email: kind === "code" ? entry.email : one("email"), password: one("password"), code: one("code") };
  const wrong = check(typed);
  if (wrong.length) return show({ wrong, problem: "" }, `#field-${wrong[0].field}`);
  show({ busy: true, wrong: [], problem: "", said: "" });
  if (kind !== "code" && kind !== "scan") password = typed.password;
  if (kind === "enrol") return enrol();
  const reply = await send(typed, !entry.administrator || data.get("practitioner") !== null);
  show({ busy: false });
  if (reply.ok && kind === "scan") return show({ kind: "codes", codes: reply.data.codes, secret: null }, "#entry-head");
  if (reply.ok) return enter(reply.data);
  if (reply.problem.code === "code_needed") return show({ kind: "code", email: typed.email, byBackup: false }, "#field-code");
  // The password was changed meanwhile: from the beginning.
  if (kind === "code" && (reply.problem.code === "sign_in_refused" || reply.problem.code === "work_stale")) startOver();
  refused(reply.problem);
}

function startOver() {
  password = "";
  show({ kind: "sign-in", wrong: [], problem: "", byWork: false }, "#field-email");
}

root.addEventListener("submit", (event) => {
  if (open) return;
  event.preventDefault();
  submit(/** @type {HTMLFormElement} */ (event.target));
});
root.addEventListener("click", async (event) => {
  const button = /** @type {Element} */ (event.target).closest("[data-do]");
  if (open || !button) return;
  const action = button.getAttribute("data-do");
  if (action === "show-password") show({ shown: !entry.shown });
  if (action === "again") begin();
  if (action === "work") toWorkAccount();
  if (action === "step-other-way") show({ byBackup: !entry.byBackup, wrong: [] }, "#field-code");
  if (action === "start-over") startOver();
  // A fresh page: nothing of the codes is left in this one's memory.
  if (action === "step-kept") location.replace("/desk");
  if (action === "sign-out") {
    await call("POST", "/api/staff/sign-out");
    location.replace("/desk");
  }
});
// A page that comes back from the browser's memory may show what is no longer true, or no longer theirs.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
// A one-time link that was put into the address of this very page.
window.addEventListener("hashchange", () => {
  if (!open && firstLinkToken(location.hash)) location.reload();
});
begin();
