// One's own sign-in: the second step, and where one is signed in. For whoever has no desk, on which these stand too.

import { secondStepActionsOf } from "../desk/second_step_actions.js";
import { firstLook } from "../desk/second_step.js";
import { secondStepView } from "../desk/second_step_view.js";
import { make } from "../parts/dom.js";
import { focus, listen, press, problem, row } from "./pieces.js";

/**
 * @typedef {import("./sections.js").Page} Page
 * @typedef {import("../parts/protocol").StaffSession} StaffSession
 */

/** @param {Page} page */
export function open(page) {
  const { t } = page;
  const model = { t, secondStep: firstLook(), sessions: /** @type {StaffSession[] | null} */ (null), problem: "" };
  const draw = () => page.draw(view(page, model));
  // What the second step asks of the desk, this section gives as well.
  const host = {
    model,
    changed: (/** @type {object} */ what) => (Object.assign(model, what), draw()),
    inSightSoon() {},
    focusSoon: (/** @type {string} */ selector) => focus(page, selector),
  };
  const step = secondStepActionsOf(host);
  const look = async () => {
    const reply = await page.call("GET", "/api/staff/sessions");
    host.changed(reply.ok ? { sessions: reply.data.sessions, problem: "" } : { problem: page.problemSays(reply.problem) });
  };
  const end = async (/** @type {string} */ path) => {
    const reply = await page.call("DELETE", path);
    if (!reply.ok) return host.changed({ problem: page.problemSays(reply.problem) });
    page.say(t("admin.saved"));
    await look();
  };
  const { saveSecondStep, ...presses } = step;
  listen(
    page,
    Object.assign({}, presses, {
      "end-session": ({ id = "" }) => end(`/api/staff/sessions/${encodeURIComponent(id)}`),
      "end-others": () => end("/api/staff/sessions"),
    }),
    { "second-step": saveSecondStep },
  );
  draw();
  void step["step-back"]();
  void look();
}

/** @param {Page} page @param {{ t: Page["t"], secondStep: import("../desk/second_step.js").SecondStep, sessions: StaffSession[] | null, problem: string }} model */
function view(page, model) {
  const { t } = page;
  const others = (model.sessions || []).filter(({ here }) => !here);
  return [
    ...problem(model.problem),
    make("h2", { text: t("desk.step") }),
    ...secondStepView(model),
    make("h2", { text: t("desk.sessions") }),
    ...(model.sessions ? [make("ul", { class: "sessions", "data-key": "sessions" }, model.sessions.map((one) => session(page, one)))] : []),
    ...(others.length > 1 ? [row([press("end-others", t("desk.sessions.others"))])] : []),
  ];
}

/** @param {Page} page @param {StaffSession} one */
function session({ t, clock }, one) {
  const now = Date.now() / 1000;
  const times = t("desk.sessions.times", { since: clock.moment(one.since, now), used: clock.moment(one.last_used, now) });
  return make("li", { "data-key": one.id }, [
    make("p", {}, [make("b", { text: one.browser }), ...(one.here ? [make("span", { class: "here", text: t("desk.sessions.here") })] : [])]),
    make("p", { class: "hint", text: times }),
    ...(one.here ? [] : [press("end-session", t("desk.sessions.end"), { data: { id: one.id } })]),
  ]);
}
