// What each press on the desk does.

import { makeCode, makeLink, tokenFrom } from "../parts/invitation.js";
import { linkSecret } from "../parts/keys.js";
import { problemSays } from "./account.js";
import { emergencyText, isUntouched, nextLine, stepsOf, takenOf } from "./alarm_steps.js";
import { call } from "./api.js";
import { besideActionsOf } from "./beside_actions.js";
import { calendarActionsOf } from "./calendar_actions.js";
import { endOfDay } from "./clock.js";
import { fromList, grouped } from "./contacts.js";
import { readDecline, stopsLink } from "./decline_view.js";
import { readPlan } from "./form_view.js";
import { allContacts, thread } from "./model.js";
import { askPermission } from "./notices.js";
import { overrideActionsOf } from "./override_actions.js";
import { checkPlan, emptyPlan, planOf, repeatOf } from "./plan.js";
import { plannedActionsOf, timesSay } from "./planned_actions.js";
import { isHeldBack } from "./held_back.js";
import { handsActionsOf } from "./hands_actions.js";
import { hoursActionsOf } from "./hours_actions.js";
import { helpActionsOf } from "./help_actions.js";
import { keepSetting } from "./settings.js";
import { recordActionsOf } from "./record_actions.js";
import { safetyActionsOf } from "./safety_actions.js";
import { isTyped, wordingFor, wordsWith } from "./sharing.js";
import { sealActionsOf } from "./seal_actions.js";
import { secondStepActionsOf } from "./second_step_actions.js";
import { sendingActionsOf } from "./sending_actions.js";
import { sharingActionsOf } from "./sharing_actions.js";
import { subjectActionsOf } from "./subject_actions.js";
import { together } from "./together.js";
import { typedActionsOf } from "./typed_actions.js";
import { undisturbedActionsOf } from "./undisturbed_actions.js";

/**
 * @typedef {{ contact?: string, person?: string, body?: string, matter?: string, session?: string }} Data
 * @param {import("./desk.js").Desk} desk
 */
export function actionsOf(desk) {
  const { model } = desk;
  const { t } = model;
  const forget = { asking: null, notice: "" };

  /** Asks about it once, in place. @param {import("./model.js").Asking} asking @param {string} yes the action that does it */
  function ask(asking, yes) {
    desk.changed({ asking, notice: "" });
    desk.focusSoon(`[data-do="${yes}"]`);
  }

  /** Does something in a contact; a page that holds nothing takes it first. @param {string} contact @param {object} act */
  function doIn(contact, act) {
    const view = desk.view(contact);
    if (view && view.held === "nowhere") desk.act(contact, { do: "take" }, true);
    const sent = desk.act(contact, act);
    desk.changed(sent ? forget : { asking: null });
    return sent;
  }

  /** @param {string} contact @param {boolean} typed a code in place of a link */
  async function invite(contact, typed) {
    const { link, invitation } = typed ? await makeCode() : await makeLink(location.origin);
    return { link, reply: await call("PUT", `/api/contacts/${encodeURIComponent(contact)}/invitation`, { invitation, typed }) };
  }

  /** @param {string} contact @returns {Promise<boolean>} whether there is a new link */
  async function makeNewLink(contact) {
    delete model.links[contact];
    desk.changed({ linkBusy: contact, asking: null, notice: "", copied: null });
    const view = desk.view(contact);
    const typed = Boolean(view && view.details.by_code);
    let { link, reply } = await invite(contact, typed);
    // Agreed in a plan that this page doesn't know yet.
    if (!reply.ok && reply.problem.code === "code_agreed") ({ link, reply } = await invite(contact, true));
    desk.changed({ linkBusy: null });
    if (!reply.ok) {
      desk.changed({ notice: problemSays(t, reply.problem) });
      return false;
    }
    desk.madeAt[contact] = Date.now();
    model.links[contact] = link;
    const token = isTyped(link) ? null : tokenFrom(link);
    desk.secrets.keep(contact, token && (await linkSecret(token)));
    const listed = model.upcoming.find((one) => one.id === contact);
    if (listed) Object.assign(listed, { link: true, link_known: false });
    return true;
  }

  /** @param {string} contact @param {boolean} byItself right after saving: some browsers copy only at a press of its own */
  async function copy(contact, byItself) {
    if (!(await safety.mayGive(contact, "copy"))) return;
    let copied = false;
    try {
      const link = model.links[contact];
      await navigator.clipboard.writeText(isTyped(link) ? wordsWith(t, link, { place: location.host, wording: wordingFor(model, desk.view(contact)) }) : link);
      copied = true;
    } catch (_) {
      // The field is there, selected, to be copied by hand.
    }
    desk.changed({ copied: copied ? contact : null, notice: copied || byItself ? "" : t("desk.link.by_hand") });
    desk.focusSoon(copied || byItself ? '[data-do="copy-link"]' : "#link");
    if (copied) desk.announce(t("desk.link.copied"));
  }

  async function loadSessions() {
    const reply = await call("GET", "/api/staff/sessions");
    if (!model.sessions) return;
    desk.changed({
      sessions: reply.ok ? { list: reply.data.sessions, problem: "" } : { list: null, problem: problemSays(t, reply.problem) },
    });
  }

  /** @param {string} path one of them, or all but this one */
  async function endSessions(path) {
    desk.changed(forget);
    const reply = await call("DELETE", path);
    if (!reply.ok) desk.changed({ notice: problemSays(t, reply.problem) });
    await loadSessions();
    desk.focusSoon('[data-do="sessions"]');
  }

  /** Those of alarms that are handled go: the next one begins anew. @param {Data} data @param {import("./alarm_steps.js").Taken} taken */
  function steps(data, taken) {
    /** @type {Record<string, import("./alarm_steps.js").Taken>} */
    const kept = {};
    for (const alarm of model.alarms) if (model.steps[stepsOf(alarm)]) kept[stepsOf(alarm)] = model.steps[stepsOf(alarm)];
    kept[stepsOf(data)] = taken;
    desk.changed({ steps: kept });
  }

  /** Steps that only this page knows of: the alarm goes to nobody by itself any more. @param {Data} data */
  function atIt({ contact = "", person = "" }) {
    const view = desk.view(contact);
    if (view && isUntouched(view, person)) desk.act(contact, { do: "at_it", person }, true);
  }

  /** The agreed word never travels by text: held back once, and said. @param {string} contact @param {string} person @param {string} body */
  function isHeld(contact, person, body) {
    const view = desk.view(contact);
    const key = thread(contact, person);
    const mine = (model.threads[key] || []).filter((text) => text.mine);
    const before = mine.length ? mine[mine.length - 1].body : "";
    const held = view !== undefined && isHeldBack(body, before, view.details, model.heldBack, key);
    desk.changed({ heldBack: held ? { thread: key, body } : null });
    // What is read out can be heard in the room: it says less than what stands above the field.
    if (held) desk.announce(t("desk.news.held"));
    return held;
  }

  /** @param {Data} data */
  const threadOf = ({ contact = "", person = "" }) => thread(contact, person);

  const safety = safetyActionsOf(desk);
  const calendar = calendarActionsOf(desk);
  const sharing = sharingActionsOf(desk, ask, safety.mayGive);
  const actions = {
    // --- the list and what is open ---
    new() {
      if (model.calendar && model.picked === null && !model.form && !model.safety) return calendar["new-on"]({});
      if (model.form && model.form.kind === "new") return desk.focusSoon("#field-reference");
      desk.changed(
        Object.assign(
          {
            safety: null, record: null,
            form: { kind: /** @type {"new"} */ ("new"), plan: emptyPlan(model.me.name, model.now, model.clock.zone), wrong: [], problem: "", saving: false },
            screen: /** @type {"contact"} */ ("contact"),
          },
          forget,
        ),
      );
      desk.focusSoon("#field-reference");
    },
    /** @param {Data} data */
    edit({ contact = "" }) {
      const view = desk.view(contact);
      if (!view) return;
      desk.changed(
        Object.assign(
          {
            safety: null, record: null,
            form: { kind: /** @type {"edit"} */ ("edit"), id: contact, plan: planOf(view.details, model.clock.zone), wrong: [], problem: "", saving: false },
            screen: /** @type {"contact"} */ ("contact"),
          },
          forget,
        ),
      );
      desk.focusSoon("#field-reference");
    },
    cancel() {
      const edited = model.form && model.form.id;
      desk.changed(
        Object.assign({ form: null, screen: /** @type {"today" | "contact"} */ (edited || model.talk ? "contact" : "today") }, forget),
      );
      desk.focusSoon(edited ? ".middle h2[tabindex]" : '[data-do="new"]');
    },
    /** @param {Data} data */
    pick({ contact = "" }) {
      desk.changed(Object.assign({ picked: contact, form: null, safety: null, record: null, copied: null, screen: /** @type {"contact"} */ ("contact") }, forget));
      desk.focusSoon(model.talk && model.talk.contact !== contact ? ".right h2[tabindex]" : ".middle h2[tabindex]");
    },
    today() {
      desk.changed(Object.assign({ screen: /** @type {"today"} */ ("today"), qr: null }, forget));
      desk.focusSoon("#today-head");
    },
    "back-to-talk"() {
      desk.changed(Object.assign({ picked: model.talk && model.talk.contact, form: null, safety: null, record: null }, forget));
      desk.focusSoon(".middle h2[tabindex]");
    },
    /** @param {number} step */
    step(step) {
      const groups = grouped(allContacts(model), endOfDay(model.now, model.clock.zone));
      const all = groups.now.concat(groups.open, groups.next, groups.over, groups.upcoming);
      if (!all.length) return;
      const at = all.findIndex((one) => one.id === model.picked);
      actions.pick({ contact: all[at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length].id });
    },

    // --- at the door ---
    /** @param {Data} data */
    take({ contact = "" }) {
      doIn(contact, { do: "take" });
    },
    /** @param {Data} data */
    admit({ contact = "", person = "" }) {
      if (doIn(contact, { do: "admit", person })) desk.changed({ picked: contact, form: null, safety: null, record: null });
    },
    /** @param {Data} data */
    decline({ contact = "", person }) {
      desk.changed({ asking: { what: "decline", contact, person }, notice: "" });
      desk.focusSoon('.decline [name="reason"]:checked');
    },
    /** @param {HTMLFormElement} form @param {string} reason */
    reasonChosen(form, reason) {
      const block = /** @type {HTMLInputElement} */ (form.elements.namedItem("block"));
      block.checked = stopsLink(reason);
    },
    /** @param {HTMLFormElement} form */
    "decline-now"(form) {
      const { contact = "", person = "" } = form.dataset;
      doIn(contact, Object.assign({ do: "decline", person }, readDecline(form)));
    },
    /** The private question again. @param {Data} data */
    ask({ contact = "", person = "" }) {
      doIn(contact, { do: "ask", person });
    },
    /** Who is with them: never asked but by this press. @param {Data} data */
    "ask-who"({ contact = "", person = "" }) {
      doIn(contact, { do: "ask_who", person });
    },
    /** @param {Data} data */
    "take-back-who"({ contact = "", person = "" }) {
      doIn(contact, { do: "take_back_who", person });
      desk.focusSoon('[data-do="ask-who"]');
    },
    /** The line that suggested it goes. @param {Data} data */
    "ask-suggested"(data) {
      actions.ask(data);
      desk.focusSoon('[data-do="ask"]');
    },
    /** @param {Data} data */
    "not-now"({ contact = "", person = "" }) {
      const view = desk.view(contact);
      if (view) desk.suggestions.notNow(view, person);
      desk.changed();
      desk.focusSoon('[data-do="ask"]');
    },
    /** The connection fails, and they may be rung: so that it is written down and their page can say so. @param {Data} data */
    async ring({ contact = "", person = "" }) {
      if (!(await safety.mayGive(contact, "ring"))) return;
      doIn(contact, { do: "ring", person });
    },
    /** The agreed word was heard. It shows here at once, whatever the line does. @param {Data} data */
    heard({ contact = "", person = "" }) {
      const view = desk.view(contact);
      if (view) desk.alarms.raise(view, person, "heard");
      desk.changed();
    },
    /** The place goes to the other browser that opened the link. @param {Data} data */
    move({ contact = "", person = "" }) {
      doIn(contact, { do: "move", person });
    },
    /** The alarm is asked about once: with it goes what to do. @param {Data} data */
    handled(data) {
      const { contact = "", person = "", matter } = data;
      if (matter === "alarm") ask({ what: "handled", contact, person }, "handled-now");
      else actions["handled-now"](data);
    },
    /** @param {Data} data */
    "handled-now"({ contact = "", person = "", matter = "" }) {
      // One that the service doesn't know yet is told first: it must not come up again as a new one.
      desk.alarms.again();
      const sent = desk.act(contact, { do: "handled", person, matter });
      desk.changed(sent ? forget : { asking: null });
    },
    /** Words to say aloud, as if nothing were. @param {Data} data */
    "cover-talk"(data) {
      atIt(data);
      steps(data, nextLine(takenOf(model.steps, data)));
    },
    /** @param {Data} data */
    "end-quietly"({ contact = "", person = "" }) {
      atIt({ contact, person });
      ask({ what: "end-quietly", contact, person }, "end-quietly-now");
    },
    /** Their page is told nothing: the service falls silent to it. @param {Data} data */
    "end-quietly-now"({ contact = "", person = "" }) {
      const sent = desk.act(contact, { do: "end_quietly", person });
      const view = desk.view(contact);
      const inside = view && view.people.some((one) => one.id === person && one.stage.name === "in");
      // Where there is no line to the service, the conversation goes on as it was, and the desk says why.
      if (sent && view && inside) desk.conversation.halt(view);
      desk.changed(sent ? forget : { asking: null });
    },
    /** To the supervisors on duty. Their own page shows it at once; nothing of it goes to the other side. @param {Data} data */
    "hand-over"({ contact = "", person = "" }) {
      // One that the service doesn't know yet is told first.
      desk.alarms.again();
      const sent = desk.act(contact, { do: "hand_over", person });
      desk.changed(sent ? forget : { asking: null });
    },
    /** A supervisor has another's alarm. @param {Data} data */
    have({ contact = "", person = "" }) {
      const sent = desk.socket.send({ type: "have", contact, person });
      desk.changed(sent ? forget : { notice: t("desk.notice.no_line") });
    },
    /** @param {Data} data */
    async "copy-emergency"(data) {
      const view = desk.view(data.contact || "");
      const alarm = model.alarms.find((one) => one.contact === data.contact && one.person === data.person);
      if (!view || !alarm) return;
      atIt(data);
      /** @type {"yes" | "by_hand"} */
      let copied = "by_hand";
      try {
        await navigator.clipboard.writeText(emergencyText(t, model.clock, view, alarm, model.now));
        copied = "yes";
      } catch (_) {
        // It is shown, to be copied by hand.
      }
      steps(data, Object.assign({}, takenOf(model.steps, data), { copied }));
    },
    /** @param {Data} data */
    "running-late"({ contact = "", person = "", body = "" }) {
      desk.textsWith(contact, person).write(body);
    },
    /** @param {HTMLFormElement} form */
    sendText(form) {
      const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("body"));
      const { contact = "", person = "" } = form.dataset;
      field.focus();
      if (isHeld(contact, person, field.value)) return;
      if (desk.textsWith(contact, person).write(field.value) !== null) field.value = "";
    },

    // --- who is there, by text ---
    /** Known, until the next gap. @param {Data} data */
    "proof-known"(data) {
      desk.proofs.known(threadOf(data), model.now);
      desk.changed();
      desk.focusSoon(`#write-${CSS.escape(data.person || "")}`);
    },
    /** @param {Data} data */
    "proof-unsure"(data) {
      desk.proofs.unsure(threadOf(data));
      desk.changed();
    },
    /** @param {Data} data */
    "proof-answer"(data) {
      desk.proofs.answer(threadOf(data));
      desk.changed();
    },

    // --- in conversation ---
    /** @param {Data} data */
    "its-them"({ contact = "", person = "" }) {
      const view = desk.view(contact);
      if (view && doIn(contact, { do: "its_them", person })) desk.conversation.begin(view);
    },
    mute() {
      desk.conversation.toggleMicrophone();
    },
    camera() {
      desk.conversation.toggleCamera();
    },
    "try-picture"() {
      desk.conversation.tryPicture();
    },
    "voice-only"() {
      desk.conversation.toggleVoiceOnly();
    },
    /** @param {Data} data */
    "put-back"({ contact = "", person = "" }) {
      const view = desk.view(contact);
      if (view) desk.conversation.halt(view);
      doIn(contact, { do: "put_back", person });
      desk.changed({ picked: contact });
    },
    /** @param {Data} data */
    end({ contact = "" }) {
      ask({ what: "end", contact }, "end-now");
    },
    /** @param {Data} data */
    "end-now"({ contact = "" }) {
      const view = desk.view(contact);
      if (view) desk.conversation.halt(view);
      doIn(contact, { do: "end" });
      desk.changed({ picked: contact });
    },
    hear() {
      const video = /** @type {HTMLVideoElement | null} */ (desk.root.querySelector('[data-video="theirs"]'));
      desk.conversation.hushed = false;
      if (video) desk.play(video);
      desk.changed();
    },

    // --- the link ---
    /** @param {Data} data */
    "copy-link"({ contact = "" }) {
      copy(contact, false);
    },
    /** @param {Data} data */
    "new-link"({ contact = "" }) {
      ask({ what: "new-link", contact }, "make-link");
    },
    /** @param {Data} data */
    async "make-link"({ contact = "" }) {
      if (await makeNewLink(contact)) desk.focusSoon('[data-do="copy-link"]');
    },
    /** @param {Data} data */
    revoke({ contact = "" }) {
      ask({ what: "revoke", contact }, "revoke-now");
    },
    /** @param {Data} data */
    async "revoke-now"({ contact = "" }) {
      desk.changed(Object.assign({ qr: null }, forget));
      const reply = await call("DELETE", `/api/contacts/${encodeURIComponent(contact)}/invitation`);
      if (!reply.ok) return desk.changed({ notice: problemSays(t, reply.problem) });
      delete model.links[contact];
      desk.changed({ copied: null });
      desk.loadUpcoming();
    },

    // --- the form ---
    /** @param {HTMLFormElement} form */
    planChanged(form) {
      if (model.form) desk.changed({ form: Object.assign({}, model.form, { plan: readPlan(form) }) });
    },
    /** @param {HTMLFormElement} element */
    async save(element) {
      const form = model.form;
      if (!form || form.saving) return;
      const plan = readPlan(element);
      const kept = form.id === undefined ? undefined : (desk.view(form.id) || { details: { starts_at: undefined } }).details.starts_at;
      const { details, wrong } = checkPlan(plan, Math.floor(Date.now() / 1000), kept, model.clock.zone);
      if (!details) {
        desk.changed({ form: Object.assign({}, form, { plan, wrong, problem: "" }) });
        const { field } = wrong[0];
        return desk.focusSoon(field === "ways" ? "#field-ways-video" : `#field-${field}`);
      }
      const saving = Object.assign({}, form, { plan, wrong: [], problem: "", saving: true });
      desk.changed({ form: saving, notice: "" });
      const reply =
        form.id === undefined
          ? await call("POST", "/api/contacts", { details, repeat: repeatOf(plan, model.clock.zone) || undefined })
          : await call("PUT", `/api/contacts/${encodeURIComponent(form.id)}`, details);
      if (model.form !== saving) return;
      if (!reply.ok) {
        desk.changed({ form: Object.assign({}, saving, { saving: false, problem: problemSays(t, reply.problem) }) });
        return desk.focusSoon("#form-problem");
      }
      const id = form.id === undefined ? reply.data.id : form.id;
      desk.loadUpcoming();
      if (form.id !== undefined) {
        desk.changed({ form: null, picked: id });
        return desk.focusSoon(".middle h2[tabindex]");
      }
      // It comes over the socket too, if it is today's; until then this page knows it already.
      model.upcoming = model.upcoming.concat(fromList({ id, details, link: false, link_known: false, ended: null }));
      desk.changed({ form: null, picked: id });
      calendar.calendarAgain();
      if (await makeNewLink(id)) await copy(id, true);
      const repeated = reply.data.repeated;
      if (repeated) desk.changed({ notice: [t("desk.planned.repeated", { count: repeated.length }), ...timesSay(desk, repeated)].join(" ") });
    },

    // --- the desk itself ---
    keep() {
      const asked = model.asking;
      if (!asked) {
        if (!model.qr) return false;
        // Somebody looks over the shoulder: one key, wherever the focus is.
        sharing["hide-qr"]();
        return true;
      }
      desk.changed(forget);
      desk.focusSoon(`[data-do="${asked.what}"]${asked.session ? `[data-session="${CSS.escape(asked.session)}"]` : ""}`);
      return true;
    },
    /** Covers the desk, and uncovers it. */
    cover() {
      desk.setCovered(!model.covered);
    },
    /** Their voice in this room, off and on again. Nobody but this page knows of it. */
    hush() {
      desk.conversation.hushed = !desk.conversation.hushed;
      desk.changed();
    },
    /** @param {string} name @param {boolean} on @param {HTMLInputElement} field */
    async set(name, on, field) {
      if (name === "duty") {
        if (desk.duty.press(on)) return desk.changed({ duty: desk.duty.state, notice: "" });
        field.checked = model.duty.wanted;
        return desk.changed({ notice: t("desk.notice.no_line") });
      }
      if (name === "notify") {
        const granted = on && (await askPermission());
        field.checked = granted;
        keepSetting(name, granted);
        return desk.changed({ settings: Object.assign({}, model.settings, { notify: granted }) });
      }
      if (name !== "look_first") {
        keepSetting(name, on);
        if (name === "blur") desk.conversation.setBlurred(on);
        return desk.changed({ settings: Object.assign({}, model.settings, { [name]: on }) });
      }
      const reply = await call("PATCH", "/api/staff/me", { look_first: on });
      if (reply.ok) return desk.changed({ me: reply.data });
      field.checked = model.me.look_first;
      desk.changed({ notice: problemSays(t, reply.problem) });
    },
    "try-sound"() {
      desk.knock.wake();
      setTimeout(() => {
        if (desk.permitted().sound) desk.knock.play();
      }, 100);
    },
    async sessions() {
      if (model.sessions) return desk.changed({ sessions: null });
      desk.changed({ sessions: { list: null, problem: "" } });
      await loadSessions();
    },
    /** @param {Data} data */
    "end-session"({ session = "" }) {
      ask({ what: "end-session", contact: "", session }, "end-session-now");
    },
    /** @param {Data} data */
    async "end-session-now"({ session = "" }) {
      await endSessions(`/api/staff/sessions/${encodeURIComponent(session)}`);
    },
    "end-others"() {
      ask({ what: "end-others", contact: "" }, "end-others-now");
    },
    async "end-others-now"() {
      await endSessions("/api/staff/sessions");
    },
    retry() {
      desk.socket.retryNow();
    },
    reload() {
      location.reload();
    },
    async "sign-out"() {
      const view = model.talk && desk.view(model.talk.contact);
      if (view) desk.conversation.halt(view);
      await desk.records.flushAll();
      const reply = await call("POST", "/api/staff/sign-out");
      if (!reply.ok) return desk.changed({ notice: problemSays(t, reply.problem) });
      desk.duty.over();
      // A fresh page: nothing of this one's memory, links and texts among it, is left for who sits down next.
      location.replace("/desk");
    },
    /** A single key: presses the button it is shown on, if that stands on the page. @param {string} action @returns {boolean} */
    byKey(action) {
      if (action === "keep") return actions.keep();
      if (action === "cover") {
        actions.cover();
        return true;
      }
      if (action === "next" || action === "previous") {
        actions.step(action === "next" ? 1 : -1);
        return true;
      }
      const selector = action === "write" ? "[data-write]" : `[data-do="${action}"]:not([disabled])`;
      const found = Array.from(desk.root.querySelectorAll(selector)).find((one) => one.getClientRects().length > 0);
      if (!found) return false;
      if (action === "write") /** @type {HTMLElement} */ (found).focus();
      else /** @type {HTMLElement} */ (found).click();
      return true;
    },
  };
  return together([
    actions,
    besideActionsOf(desk, doIn),
    calendar,
    plannedActionsOf(desk, safety.mayGive),
    handsActionsOf(desk),
    sharing,
    sendingActionsOf(desk),
    safety,
    helpActionsOf(desk),
    hoursActionsOf(desk),
    overrideActionsOf(desk),
    sealActionsOf(desk),
    secondStepActionsOf(desk),
    recordActionsOf(desk),
    typedActionsOf(desk),
    subjectActionsOf(desk),
    undisturbedActionsOf(desk),
  ]);
}
