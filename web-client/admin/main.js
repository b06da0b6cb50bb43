// The first script of /admin: who is here, what they may see, and the section that the address names.

import { problemSays } from "../desk/account.js";
import { call } from "../desk/api.js";
import { clockIn } from "../desk/clock.js";
import { morph } from "../desk/morph.js";
import { byId, make, say } from "../parts/dom.js";
import { wordsOf } from "../parts/words.js";
import { sectionAt, sectionsFor } from "./sections.js";

/** @typedef {import("./sections.js").Section} Section */

const t = wordsOf(document);
const root = byId("admin");

/** A page with one thing on it. @param {string} head @param {Node[]} nodes */
function alone(head, nodes) {
  root.replaceChildren(
    make("main", { class: "entry" }, [make("p", { class: "brand", text: t("desk.name") }), make("h1", { tabindex: "-1", id: "admin-head", text: head }), ...nodes]),
  );
}

const toDesk = () => make("p", {}, [make("a", { class: "button main", href: "/desk", text: t("admin.to_desk") })]);

async function begin() {
  const reply = await call("GET", "/api/staff/me");
  if (reply.ok) return reply.data.must_enrol ? alone(t("admin.sign_in"), [toDesk()]) : enter(reply.data);
  if (reply.problem.code === "not_signed_in") return alone(t("admin.sign_in"), [toDesk()]);
  const again = make("button", { type: "button", class: "main", text: t("admin.again"), onclick: () => void begin() });
  alone(t("admin.failed"), [make("p", { text: problemSays(t, reply.problem) }), again]);
}

/** @param {import("../parts/protocol").Me} me */
function enter(me) {
  const sections = sectionsFor(me.roles);
  if (!sections.length) return alone(t("admin.not_yours"), [make("p", { text: t("admin.not_yours.words") }), toDesk()]);
  const place = make("section", { class: "section" });
  const nav = make("nav", { class: "sections", "aria-label": t("admin.sections") });
  root.className = "desk admin";
  root.replaceChildren(top(me), make("div", { class: "admin-work" }, [nav, make("main", {}, [place])]));
  new Frame(me, sections, nav, place).follow();
}

/** @param {import("../parts/protocol").Me} me */
function top(me) {
  return make("header", { class: "top" }, [
    make("p", { class: "brand", text: t("admin.name") }),
    make("span", { class: "who", text: me.name }),
    make("a", { class: "button plain", href: "/desk", text: t("admin.to_desk") }),
    make("button", { type: "button", class: "plain", text: t("desk.sign_out"), onclick: () => void signOut() }),
  ]);
}

async function signOut() {
  await call("POST", "/api/staff/sign-out");
  location.replace("/desk");
}

/** Shows one section at a time; the address says which, so that Back and a bookmark work. */
class Frame {
  /** @param {import("../parts/protocol").Me} me @param {Section[]} sections @param {HTMLElement} nav @param {HTMLElement} place */
  constructor(me, sections, nav, place) {
    this.me = me;
    this.sections = sections;
    this.nav = nav;
    this.place = place;
    this.clock = clockIn(t("desk.locale"));
    /** @type {(() => void) | null} */
    this.close = null;
    this.opened = 0;
    window.addEventListener("hashchange", () => void this.follow(true));
  }

  /** @param {boolean} [moved] by a press, so that the focus goes along */
  async follow(moved = false) {
    const section = sectionAt(this.sections, location.hash);
    const { name } = section;
    const mine = (this.opened += 1);
    if (this.close) this.close();
    this.close = null;
    const old = this.place;
    this.place = /** @type {HTMLElement} */ (old.cloneNode(false));
    old.replaceWith(this.place);
    this.list(name);
    this.draw(name, this.place, [make("p", { class: "soft", text: t("admin.section.loading") })]);
    if (moved) byId("admin-head").focus();
    const { place, me, clock } = this;
    const page = { t, clock, me, call, place, draw: this.draw.bind(this, name, place), say: (/** @type {string} */ text) => say(byId("say"), text),
      problemSays: problemSays.bind(null, t) };
    try {
      const { open } = await section.load();
      if (mine === this.opened) this.close = open(page) || null;
    } catch (_) {
      this.draw(name, place, [make("p", { class: "mistake", text: t("desk.problem.no_line") })]);
    }
  }

  /** @param {string} here */
  list(here) {
    const link = (/** @type {Section} */ { name }) =>
      make("li", {}, [make("a", { href: `#${name}`, "aria-current": name === here ? "page" : undefined, text: t(`admin.${name}`) })]);
    this.nav.replaceChildren(make("ul", {}, this.sections.map(link)));
  }

  /** @param {string} name @param {HTMLElement} place @param {Node[]} nodes */
  draw(name, place, nodes) {
    const next = /** @type {HTMLElement} */ (place.cloneNode(false));
    next.append(make("h1", { id: "admin-head", tabindex: "-1", text: t(`admin.${name}`) }), make("p", { class: "soft", text: t(`admin.${name}.hint`) }), ...nodes);
    morph(place, next);
  }
}

// A page that comes back from the browser's memory may show what is no longer true, or no longer theirs.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
begin();
