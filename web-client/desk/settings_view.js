// The desk's own settings, and where the practitioner is signed in.

import { make } from "../parts/dom.js";
import { isPractitioner } from "./model.js";
import { askedOnce, button } from "./pieces.js";
import { secondStepView } from "./second_step_view.js";

/** @typedef {import("./model.js").Model} Model */

/** @param {Model} model */
export function settingsView(model) {
  const { t, me } = model;
  const { sounds, shortcuts, headphones, notify, undisturbed, blur } = model.settings;
  const { permission } = model;
  const allowed = permission === "granted" || permission === "default";
  const noticed = t(allowed ? "desk.settings.notify.hint" : `desk.settings.notify.${permission}`);
  return make("details", { class: "settings", "data-key": "settings" }, [
    make("summary", { text: t("desk.settings") }),
    tick(model, "sounds", sounds, model.soundAsleep && sounds ? t("desk.settings.sounds.asleep") : ""),
    tick(model, "notify", notify && permission === "granted", noticed),
    tick(model, "undisturbed", undisturbed, t("desk.settings.undisturbed.hint")),
    ...(model.talk && model.talk.blurs ? [tick(model, "blur", blur, t("desk.settings.blur.hint"))] : []),
    tick(model, "headphones", headphones, t("desk.settings.headphones.hint")),
    tick(model, "look_first", me.look_first, t("desk.settings.look_first.hint")),
    tick(model, "shortcuts", shortcuts, t("desk.settings.shortcuts.hint")),
    make("div", { class: "row" }, [
      button(model, "try-sound", t("desk.settings.try_sound"), { small: true, disabled: !model.allowed.sound }),
      button(model, "sessions", t("desk.sessions"), { small: true, pressed: model.sessions !== null }),
      button(model, "second-step", t("desk.step"), { small: true, pressed: model.secondStep !== null }),
      ...(isPractitioner(model) ? [button(model, "hours", t("desk.hours"), { small: true, key: false })] : []),
      ...administration(model),
    ]),
    ...(model.sessions ? sessionsView(model, model.sessions) : []),
    ...secondStepView(model),
  ]);
}

/** The way to what isn't done at the desk, for whoever has any of it. @param {Model} model */
function administration({ t, me }) {
  const has = (/** @type {import("../parts/protocol").Role} */ role) => me.roles.indexOf(role) >= 0;
  const link = (/** @type {string} */ href, /** @type {string} */ text) => make("a", { class: "button small", href, target: "_blank", rel: "noopener", text });
  if (has("administrator") || has("auditor")) return [link("/admin", t("desk.settings.admin"))];
  return has("supervisor") ? [link("/admin#team", t("desk.settings.team"))] : [];
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
