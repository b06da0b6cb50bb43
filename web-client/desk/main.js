// The first script of /desk: who is here, and so which page they get.

import { byId } from "../parts/dom.js";
import { wordsOf } from "../parts/words.js";
import { checkFirst, checkSignIn, firstLinkToken, problemSays } from "./account.js";
import { call } from "./api.js";
import { clockIn } from "./clock.js";
import { Desk } from "./desk.js";
import { entryView } from "./entry_view.js";
import { morph } from "./morph.js";

const t = wordsOf(document);
const root = byId("desk");
// The token goes out of the address before anything else happens: it must not be read over a shoulder or be bookmarked.
const token = firstLinkToken(location.hash);
if (location.hash) history.replaceState(null, "", location.pathname);

/** @type {import("./entry_view.js").Entry} */
let entry = { t, kind: "loading", name: "", email: "", administrator: false, shown: false, busy: false, wrong: [], problem: "", said: "" };
let open = false;

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
  if (me.roles.indexOf("practitioner") < 0 && me.roles.indexOf("supervisor") < 0) return show({ kind: "no-desk", name: me.name }, "#entry-head");
  open = true;
  new Desk({ t, clock: clockIn(t("desk.locale")), me, root, region: byId("say"), cover: byId("cover") });
}

async function begin() {
  show({});
  if (token !== null) {
    const reply = await call("POST", "/api/staff/first-link", { token });
    if (reply.ok) {
      const { name, email, roles } = reply.data;
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
  show({ kind: "sign-in", said: token !== null ? t("desk.entry.link_finished") : "" }, "#field-email");
}

/** @param {HTMLFormElement} form */
async function submit(form) {
  if (entry.busy) return;
  const data = new FormData(form);
  const typed = {
    name: String(data.get("name") || ""),
    email: String(data.get("email") || ""),
    password: String(data.get("password") || ""),
  };
  const first = entry.kind === "first";
  const wrong = first ? checkFirst(typed) : checkSignIn(typed);
  if (wrong.length) return show({ wrong, problem: "" }, `#field-${wrong[0].field}`);
  show({ busy: true, wrong: [], problem: "", said: "" });
  const { name, email, password } = typed;
  const reply = first
    ? await call("POST", "/api/staff/first", {
        token,
        name: name.trim(),
        email: email.trim(),
        password,
        practitioner: !entry.administrator || data.get("practitioner") !== null,
      })
    : await call("POST", "/api/staff/sign-in", { email: email.trim(), password });
  show({ busy: false });
  if (reply.ok) return enter(reply.data);
  const { field } = reply.problem;
  const text = problemSays(t, reply.problem);
  // What is wrong with one field is said at that field.
  if (field && root.querySelector(`#field-${CSS.escape(field)}`))
    return show({ wrong: [{ field, key: "", text }] }, `#field-${CSS.escape(field)}`);
  show({ problem: text }, "#entry-problem");
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
  if (action === "sign-out") {
    await call("POST", "/api/staff/sign-out");
    location.replace("/desk");
  }
});
// A page that comes back from the browser's memory may show what is no longer true, or no longer theirs.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
begin();
