// The desk's own settings, and where the practitioner is signed in.

import { make } from "../parts/dom.js";
import { isAdministrator } from "./model.js";
import { askedOnce, button } from "./pieces.js";
import { secondStepView } from "./second_step_view.js";

/** @typedef {import("./model.js").Model} Model */

/** @param {Model} model */
export function settingsView(model) {
  const { t, me } = model;
  const { sounds, shortcuts, headphones, notify } = model.settings;
  const { permission } = model;
  const allowed = permission === "granted" || permission === "default";
  const noticed = t(allowed ? "desk.settings.notify.hint" : `desk.settings.notify.${permission}`);
  return make("details", { class: "settings", "data-key": "settings" }, [
    make("summary", { text: t("desk.settings") }),
    tick(model, "sounds", sounds, model.soundAsleep && sounds ? t("desk.settings.sounds.asleep") : ""),
    tick(model, "notify", notify && permission === "granted", noticed),
    tick(model, "headphones", headphones, t("desk.settings.headphones.hint")),
    tick(model, "look_first", me.look_first, t("desk.settings.look_first.hint")),
    tick(model, "shortcuts", shortcuts, t("desk.settings.shortcuts.hint")),
    make("div", { class: "row" }, [
      button(model, "try-sound", t("desk.settings.try_sound"), { small: true, disabled: !model.allowed.sound }),
      button(model, "sessions", t("desk.sessions"), { small: true, pressed: model.sessions !== null }),
      button(model, "second-step", t("desk.step"), { small: true, pressed: model.secondStep !== null }),
      ...(isAdministrator(model) ? [make("a", { class: "button small", href: "/admin", target: "_blank", rel: "noopener", text: t("desk.settings.admin") })] : []),
    ]),
    ...(model.sessions ? sessionsView(model, model.sessions) : []),
    ...secondStepView(model),
  ]);
}

/** @param {Model} model @param {string} name @param {boolean} on @param {string} hint */
function tick(model, name, on, hint) {
  const id = `setting-${name}`;
  return make("div", { class: "tick" }, [
    make("input", { type: "checkbox", id, "data-setting": name, checked: on, "aria-describedby": hint ? `${id}-hint` : undefined }),
    make("label", { for: id, text: model.t(`desk.settings.${name}`) }),
    ...(hint ? [make("p", { id: `${id}-hint`, class: "hint", text: hint })] : []),
  ]);
}

/** @param {Model} model @param {import("./model.js").Sessions} sessions */
function sessionsView(model, { list, problem }) {
  const { t } = model;
  if (problem) return [make("p", { class: "hint mistake", "data-key": "sessions", text: problem })];
  if (!list) return [make("p", { class: "hint", "data-key": "sessions", text: t("desk.sessions.loading") })];
  return [
    make(
      "ul",
      { class: "sessions", "aria-label": t("desk.sessions"), "data-key": "sessions" },
      list.map((one) => session(model, one)),
    ),
    ...(list.length > 2 ? [others(model)] : []),
  ];
}

/** @param {Model} model */
function others(model) {
  const { t, asking } = model;
  if (!asking || asking.what !== "end-others") return button(model, "end-others", t("desk.sessions.others"), { small: true });
  return askedOnce(model, {
    key: "end-others",
    question: t("desk.sessions.others.ask"),
    yes: button(model, "end-others-now", t("desk.sessions.others.yes"), { main: true, small: true, key: false }),
    no: t("desk.sessions.end.no"),
  });
}

/** @param {Model} model @param {import("../parts/protocol").StaffSession} one */
function session(model, one) {
  const { t, clock, now, asking } = model;
  const data = { session: one.id };
  const times = t("desk.sessions.times", { since: clock.moment(one.since, now), used: clock.moment(one.last_used, now) });
  const isAsked = asking !== null && asking.what === "end-session" && asking.session === one.id;
  return make("li", { "data-key": one.id }, [
    make("p", {}, [make("b", { text: one.browser }), ...(one.here ? [make("span", { class: "here", text: t("desk.sessions.here") })] : [])]),
    make("p", { class: "hint", text: times }),
    // Where one sits oneself, "Sign out" stands at the top of the page.
    ...(one.here
      ? []
      : isAsked
        ? [
            askedOnce(model, {
              key: "end-session",
              question: t("desk.sessions.end.ask"),
              yes: button(model, "end-session-now", t("desk.sessions.end.yes"), { main: true, small: true, data, key: false }),
              no: t("desk.sessions.end.no"),
            }),
          ]
        : [button(model, "end-session", t("desk.sessions.end"), { small: true, plain: true, data })]),
  ]);
}
