// What nothing may delete for now: a contact or a person, named by the number that their practitioner tells.

import { personIn } from "../desk/override.js";
import { make } from "../parts/dom.js";

/** @typedef {import("../parts/protocol").Hold} Hold */

/** The most days that something can be held, as the service has it. */
const MOST = 730;

/** @param {import("./sections.js").Page} page */
export function open(page) {
  const { t, clock } = page;
  const state = { holds: /** @type {Hold[] | null} */ (null), number: "", days: "90", reason: "", problem: "", busy: false };

  const load = async () => {
    const reply = await page.call("GET", "/api/holds");
    if (reply.ok) state.holds = reply.data.holds;
    else state.problem = page.problemSays(reply.problem);
    draw();
  };

  /** @param {"POST" | "DELETE"} method @param {string} path @param {object | undefined} body @param {string} done */
  const change = async (method, path, body, done) => {
    if (state.busy) return;
    Object.assign(state, { busy: true, problem: "" });
    const reply = await page.call(method, path, body);
    state.busy = false;
    if (!reply.ok) state.problem = page.problemSays(reply.problem);
    else {
      if (body) Object.assign(state, { number: "", reason: "" });
      page.say(done);
    }
    await load();
  };

  const hold = () => {
    const subject = personIn(state.number);
    if (!subject) {
      state.problem = t("admin.holds.wrong.number");
      return draw();
    }
    const days = /^\s*\d{1,4}\s*$/.test(state.days) ? Number(state.days) : 0;
    void change("POST", "/api/holds", { subject, days, reason: state.reason }, t("admin.holds.placed"));
  };

  const field = (/** @type {"number" | "days"} */ name, /** @type {Record<string, string>} */ more) =>
    make("div", { class: "field", "data-key": name }, [
      make("label", { for: `hold-${name}`, text: t(`admin.holds.${name}`) }),
      make("p", { class: "hint", id: `hold-${name}-hint`, text: t(`admin.holds.${name}.hint`, { most: MOST }) }),
      make("input", Object.assign({ id: `hold-${name}`, name, value: state[name], autocomplete: "off", "aria-describedby": `hold-${name}-hint` }, more)),
    ]);

  const item = (/** @type {Hold} */ one) => {
    const what = t(one.of_person ? "admin.holds.person" : "admin.holds.contact", { number: one.subject.slice(0, 8) });
    const until = t("admin.holds.until", { when: clock.day(one.ends), name: one.name || one.who, reason: one.reason });
    const words = make("p", {}, [make("strong", { text: what }), ` ${until}`]);
    return make("li", { "data-key": one.id }, [words, make("button", { type: "button", text: t("admin.holds.release", { what }), "data-release": one.id })]);
  };

  const draw = () => {
    const { holds, problem, reason, busy } = state;
    page.draw([
      ...(problem ? [make("p", { class: "mistake", role: "alert", "data-key": "problem", text: problem })] : []),
      make("form", { "data-key": "form" }, [
        field("number", { maxlength: "60" }),
        field("days", { inputmode: "numeric", size: "5", maxlength: "4" }),
        make("div", { class: "field", "data-key": "reason" }, [
          make("label", { for: "hold-reason", text: t("admin.holds.reason") }),
          make("p", { class: "hint", id: "hold-reason-hint", text: t("admin.holds.reason.hint") }),
          make("textarea", { id: "hold-reason", name: "reason", rows: "3", maxlength: "400", "aria-describedby": "hold-reason-hint", text: reason }),
        ]),
        make("button", { type: "submit", class: "main", text: t("admin.holds.do"), "data-key": "do", disabled: busy }),
      ]),
      make("h2", { "data-key": "head", text: t("admin.holds.list") }),
      ...(holds && holds.length ? [make("ul", { class: "plain-list", "data-key": "list" }, holds.map(item))] : []),
      ...(holds && !holds.length ? [make("p", { "data-key": "none", text: t("admin.holds.none") })] : []),
    ]);
  };

  page.place.addEventListener("input", (event) => {
    const { name, value } = /** @type {HTMLInputElement} */ (event.target);
    if (name === "number" || name === "days" || name === "reason") state[name] = value;
  });
  page.place.addEventListener("submit", (event) => {
    event.preventDefault();
    hold();
  });
  page.place.addEventListener("click", (event) => {
    const pressed = /** @type {Element} */ (event.target).closest("[data-release]");
    if (pressed) void change("DELETE", `/api/holds/${pressed.getAttribute("data-release")}`, undefined, t("admin.holds.released"));
  });
  draw();
  void load();
}
