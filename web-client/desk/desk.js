// The desk at work: takes in what the service says, keeps what this page knows, and has it drawn.

import { openSocket } from "../parts/socket.js";
import { randomId } from "../parts/texts.js";
import { Thread } from "../parts/thread.js";
import { say } from "../parts/dom.js";
import { actionsOf } from "./actions.js";
import { Alarms, markOf } from "./alarms.js";
import { call } from "./api.js";
import { endOfDay } from "./clock.js";
import { linkOf, linksOver } from "./beside.js";
import { fromList, howManyWait, linkIsOver, newsBetween, nothingKnown, told } from "./contacts.js";
import { Conversation } from "./conversation.js";
import { coverView, keepCovered, wasCovered } from "./cover.js";
import { Duty, newOf, untaken } from "./duty.js";
import { deskView } from "./frame.js";
import { Knock } from "./knock.js";
import { isNewlyMine } from "./hands_view.js";
import { contactOf, isPractitioner, thread } from "./model.js";
import { morph } from "./morph.js";
import { mayNotify, Notices, permission } from "./notices.js";
import { listenToPresses } from "./presses.js";
import { allowed, calls } from "./quiet.js";
import { Proofs } from "./proof.js";
import { Records } from "./records.js";
import { newsSays, noticeSays, titleSays } from "./says.js";
import { Ringing } from "./ringing.js";
import { Suggestions } from "./suggestions.js";
import { Secrets } from "./secrets.js";
import { startOf, wallAt } from "./zones.js";
import { readSettings } from "./settings.js";
import { mayStand, sharingIn } from "./sharing.js";
import { Undisturbed } from "./undisturbed.js";

const PROTOCOL = 3;
/** Milliseconds between two looks at the clock: "Waiting for 4 minutes" is never more than this behind. */
const TICK = 10000;
/** Milliseconds between two looks at what is planned for later days. */
const UPCOMING = 600000;

/** The same of what may be sent now: safe hours begin and end at a minute. */
const PEOPLE = 60000;
/** Days ahead that are listed. */
const AHEAD = 60;
/** Milliseconds before what came too fast, or couldn't be written down, is tried again. */
const AGAIN = 3000;
/** Milliseconds in which the word of a link made here arrives over the socket too. */
const MAKING = 3000;
/** Milliseconds after a press in which the focus may follow what it did. */
const FOLLOWS = 4000;

export class Desk {
  /**
   * @param {{ t: (key: string, vars?: Record<string, string | number>) => string, clock: import("./clock.js").Clock,
   *   me: import("../parts/protocol").Me, root: Element, region: Element, cover: Element }} options `region`: the one live region
   */
  constructor({ t, clock, me, root, region, cover }) {
    this.root = root;
    this.cover = cover;
    /** What had the focus when the desk was covered. @type {Element | null} */
    this.focusBefore = null;
    this.region = region;
    this.knock = new Knock();
    this.notices = new Notices();
    this.alarms = new Alarms({ send: (contact, act) => this.act(contact, act, true), now: seconds });
    this.suggestions = new Suggestions();
    this.duty = new Duty({ me: me.id, send: (message) => this.socket.send(message), store: tabStore() });
    this.undisturbed = new Undisturbed({ me: me.id, now: seconds, store: () => localStorage });
    this.proofs = new Proofs();
    this.ringing = new Ringing(() => this.changed({ now: seconds() }));
    /** @type {import("./model.js").Model} */
    this.model = {
      t,
      clock,
      me,
      now: seconds(),
      known: nothingKnown(),
      duty: this.duty.state,
      supervised: [],
      upcoming: [],
      upcomingFailed: false,
      line: "connecting",
      overBecause: "",
      picked: null,
      screen: "today",
      form: null,
      people: [],
      held: [],
      safety: null,
      subject: null,
      record: null,
      notesOf: (contact) => this.records.notesOf(contact),
      unfinished: [],
      calendar: null,
      moving: null,
      callingOff: null,
      choosing: null,
      giving: null,
      series: {},
      overriding: null,
      helping: null,
      inviting: null,
      asking: null,
      notice: "",
      covered: wasCovered(),
      links: {},
      copied: null,
      linkBusy: null,
      qr: null,
      sending: null,
      browser: sharingIn(window),
      threads: {},
      typed: {},
      sealed: {},
      comparing: "",
      unread: {},
      proofs: {},
      heldBack: null,
      talk: null,
      failing: new Set(),
      suggested: {},
      alarms: [],
      marked: this.alarms.marked,
      steps: {},
      sessions: null,
      secondStep: null,
      permission: permission(),
      settings: readSettings(),
      undisturbed: { until: this.undisturbed.until(), wrong: false },
      soundAsleep: true,
      allowed: { sound: false, motion: true, announce: true },
    };
    /** @type {Record<string, Thread>} */
    this.threads = {};
    this.secrets = new Secrets();
    this.drawn = true;
    this.pressedAt = 0;
    /** @type {Record<string, number>} */
    this.madeAt = {};
    this.conversation = new Conversation({
      send: (contact, act) => this.act(contact, act, true),
      onChange: () => this.changed(),
      onUnplugged: () => this.unplugged(),
    });
    this.conversation.setBlurred(this.model.settings.blur);
    this.conversation.sealedBy((contact, person) => this.threadWith(contact, person).sealing);
    this.tab = randomId();
    this.records = new Records(this);
    this.actions = actionsOf(this);
    listenToPresses(this);
    this.socket = openSocket({
      path: "/ws/desk",
      hello: () => ({ type: "hello", protocol: PROTOCOL, tab: this.tab }),
      onMessage: (message) => this.hear(message),
      onState: (state, reason) => this.lineChanged(state, reason),
    });
    setInterval(() => {
      this.alarms.again();
      this.seeUndisturbed();
      this.changed({ now: seconds() });
    }, TICK);
    if (isPractitioner(this.model)) {
      setInterval(() => this.loadUpcoming(), UPCOMING);
      setInterval(() => this.records.loadUnfinished(), UPCOMING);
      this.records.loadUnfinished();
      // Hours begin and end: what is safe now is asked for anew.
      setInterval(() => this.actions.load(), PEOPLE);
      setInterval(() => this.actions.watchMessages(), 1000);
    }
    window.addEventListener("online", () => this.socket.retryNow(true));
    document.addEventListener("visibilitychange", () => {
      this.changed({ now: seconds() });
    });
    window.addEventListener("resize", () => this.followTexts());
    if (isPractitioner(this.model)) {
      this.loadUpcoming();
      this.actions.load();
    }
    this.changed();
  }

  /**
   * Takes over what is new and has it drawn, once, however much changes at a time.
   * @param {Partial<import("./model.js").Model>} [what]
   */
  changed(what = {}) {
    Object.assign(this.model, what);
    if (!this.drawn) return;
    this.drawn = false;
    // Not at the next frame: a tab in the background has none, and a knock must reach its title.
    Promise.resolve().then(() => {
      this.drawn = true;
      this.draw();
    });
  }

  /** @param {any} message a ToDesk */
  hear(message) {
    const { model, conversation } = this;
    const before = model.known;
    switch (message.type) {
      case "relay":
        conversation.relay(message);
        return;
      case "signal":
        conversation.signal(message);
        return;
      case "text":
        this.textArrived(message);
        return;
      case "seal":
        this.threadWith(message.contact, message.person).sealing.heard(message.seal);
        return;
      case "ack":
        this.threadWith(message.contact, message.person).acked(message);
        return;
      case "refused":
        this.refused(message);
        return;
      case "duty":
        this.duty.told(message);
        this.changed({ duty: this.duty.state });
        return;
      case "supervised":
        this.supervise(message.alarms);
        return;
      case "welcome":
        conversation.reconnected();
        this.duty.welcomed();
        model.duty = this.duty.state;
        if (before.instance && before.instance !== message.instance) conversation.restart();
        break;
      default:
    }
    model.known = told(before, message);
    if (model.known === before) return;
    model.now = seconds();
    const talked = conversation.contact;
    conversation.see(Object.values(model.known.contacts), message.type === "contact" ? message.view.id : null);
    // What became of the conversation stands where it was: it went to another tab, they left, it ended.
    if (talked !== null && conversation.contact === null && model.picked === null) model.picked = talked;
    this.alarms.see(model.known.contacts);
    this.suggestions.see(Object.values(model.known.contacts), model.now);
    if (message.type === "contact") {
      const was = before.contacts[message.view.id];
      this.follow(was, message.view);
      this.records.see(was, message.view);
      this.actions.seeTyped(was, message.view);
      if (linkIsOver(was, message.view) && !this.isMakingLink(message.view.id)) delete model.links[message.view.id];
      for (const key of linksOver(message.view)) delete model.links[key];
    }
    if (message.type === "ready") {
      for (const view of Object.values(model.known.contacts)) {
        this.follow(undefined, view);
        this.actions.seeTyped(undefined, view);
      }
      this.alarms.again();
    }
    if (message.type === "gone") this.loadUpcoming();
    if (message.type === "contact" && isNewlyMine(this.model, message.view)) this.actions.load();
    this.tell(newsBetween(before, model.known, model.now));
    // All of today's come one after the other: they are drawn once, when the last is there, and not each with all before it.
    if (message.type !== "contact" || model.known.seen === null) this.changed();
  }

  /** What the service says of the link now may be about the one just made here. @param {string} contact */
  isMakingLink(contact) {
    return this.model.linkBusy === contact || Date.now() - (this.madeAt[contact] || 0) < MAKING;
  }

  /**
   * Someone came to the other end, or this page did: a key is agreed on, and what was written in the meantime goes on its way.
   * @param {import("../parts/protocol").ContactView | undefined} before @param {import("../parts/protocol").ContactView} view
   */
  follow(before, view) {
    for (const key of linksOver(view)) this.secrets.keep(key, null);
    for (const one of view.people) {
      const known = this.threads[thread(view.id, one.id)];
      const { name } = one.stage;
      if ((name !== "waiting" && name !== "in") || view.held !== "here" || view.ended !== null) {
        if (known) known.sealing.forget();
        continue;
      }
      const theirs = this.threadWith(view.id, one.id);
      theirs.enter(one.stage, one.since);
      const was = before && before.people.find((old) => old.id === one.id);
      const came = one.lost === null && (!was || was.lost !== null || was.stage.name !== name);
      if (!came && before && before.held === view.held) continue;
      theirs.sealing.begin();
      theirs.texts.resend();
    }
  }

  /** @param {import("./contacts.js").News[]} news */
  tell(news) {
    this.model.allowed = this.permitted();
    for (const one of news) {
      const view = this.model.known.contacts[one.contact];
      if (one.kind === "knock" || one.kind === "other") this.call("knock");
      if (view) this.announce(newsSays(this.model.t, one, view));
    }
  }

  /** Others' alarms: unlike one of their own, they may call the supervisor, where nobody overhears it. @param {import("../parts/protocol").Supervised[]} alarms */
  supervise(alarms) {
    const { model } = this;
    const news = newOf(model.supervised, alarms);
    model.allowed = this.permitted();
    if (news.length) {
      this.call("alarm");
      for (const { practitioner } of news) {
        this.announce(model.t("desk.supervised", { name: practitioner || model.t("desk.supervised.somebody") }));
      }
    }
    this.changed({ supervised: alarms, now: seconds() });
  }

  /** Calls whoever works here, as far as nobody overhears it. @param {"knock" | "alarm"} what */
  call(what) {
    if (!calls(what, this.undisturbed.until() > 0)) return;
    if (this.model.allowed.sound) this.knock.play();
    if (this.mayNotify()) this.notices.show(noticeSays(this.model.t));
  }

  /** "Do not disturb" has ended by itself, or in another tab. Whoever came meanwhile and waits hasn't called yet. */
  seeUndisturbed() {
    const { undisturbed } = this.model;
    const until = this.undisturbed.until();
    if (until === undisturbed.until) return;
    this.model.undisturbed = { until, wrong: false };
    if (until) return;
    this.announce(this.model.t("desk.undisturbed.ended"));
    if (howManyWait(this.model.known)) this.call("knock");
  }

  /** How many there are to look after: at the door, and alarms that nobody has yet. */
  howManyCall() {
    return howManyWait(this.model.known) + untaken(this.model.supervised).length;
  }

  /** Says something to those who hear the page, where the other side can't overhear it. @param {string} text */
  announce(text) {
    // What is read out names people: under the cover only the cover itself speaks.
    if (this.permitted().announce && !this.model.covered) say(this.region, text);
  }

  mayNotify() {
    const { devices } = this.conversation;
    const { notify, headphones } = this.model.settings;
    return mayNotify({ on: notify, hidden: document.hidden, microphone: Boolean(devices.audio), camera: devices.cameraOn, headphones });
  }

  permitted() {
    const { devices } = this.conversation;
    return allowed({
      microphone: Boolean(devices.audio),
      camera: devices.cameraOn,
      headphones: this.model.settings.headphones,
      sounds: this.model.settings.sounds,
    });
  }

  /** @param {any} message */
  async textArrived({ contact, person, id, body: sealed }) {
    const from = this.threadWith(contact, person);
    const body = await from.opened({ id, body: sealed });
    if (body === null) return;
    const isNew = from.texts.received(id, body);
    await from.acknowledge(id);
    if (!isNew) return;
    const { model } = this;
    const view = model.known.contacts[contact];
    // After the acknowledgement, which leaves the same with the word and without it, and at the same moment.
    this.alarms.arrived({ contact, person, id, body }, view);
    const shown = (model.picked === contact && !model.form) || (model.talk && model.talk.contact === contact);
    if (!shown || document.hidden || model.covered) model.unread[contact] = (model.unread[contact] || 0) + 1;
    const used = this.alarms.marked.has(markOf(person, id)) ? ` ${model.t("desk.alarm.head")}` : "";
    if (view) this.announce(model.t("desk.news.text", { reference: view.details.reference, body }) + used);
    this.changed();
  }

  /** @param {string} contact @param {string} person @returns {Thread} */
  threadWith(contact, person) {
    const key = thread(contact, person);
    if (!this.threads[key]) {
      const made = new Thread({
        side: "desk",
        link: () => this.secrets.of(linkOf(this.view(contact), contact, person)),
        send: (what, fields) => this.act(contact, Object.assign({ do: what, person }, fields), true),
        open: () => this.model.line === "open",
        sealed: () => this.conversation.vouchAgain(contact, person),
        changed: () => {
          const { state, why, checked, words } = made.sealing;
          this.model.threads[key] = made.texts.list.slice();
          this.model.sealed[key] = { state, why, checked, words };
          this.changed();
        },
      });
      this.threads[key] = made;
    }
    return this.threads[key];
  }

  /** @param {string} contact @param {string} person */
  textsWith(contact, person) {
    return this.threadWith(contact, person).texts;
  }

  /** @param {any} message */
  refused({ code, re, contact }) {
    if (re) {
      for (const { texts } of Object.values(this.threads)) texts.refused(re);
      if (code === "too_fast") setTimeout(() => Object.values(this.threads).forEach(({ texts }) => texts.resend()), AGAIN);
      return;
    }
    if (!contact) {
      // Nothing but the duty is refused without naming a contact.
      this.duty.refused();
      this.changed({ duty: this.duty.state });
    }
    if (code === "not_there" && contact) this.conversation.missed(contact);
    if (code === "not_kept" || code === "too_fast") setTimeout(() => this.alarms.again(), AGAIN);
    // A signal of an epoch that is over, or to someone who just went: the view that follows says what is true.
    const talking = contact && contact === this.conversation.contact;
    if (code === "old_epoch" || (code === "not_there" && (talking || Date.now() - this.pressedAt > FOLLOWS))) return;
    // What the page sent by itself, such as the last candidates to someone who left, concerns nobody.
    if (code === "not_now" && Date.now() - this.pressedAt > FOLLOWS) return;
    this.conversation.unhalt();
    this.conversation.see(Object.values(this.model.known.contacts));
    const key = `desk.refused.${code}`;
    const text = this.model.t(key);
    this.changed({ notice: text === key ? this.model.t("desk.refused.other") : text });
  }

  /** @param {"connecting" | "open" | "lost" | "over"} state @param {string} [reason] */
  lineChanged(state, reason) {
    if (state === "lost" || state === "over") for (const { texts } of Object.values(this.threads)) texts.lineLost();
    if (state === "over") this.conversation.see([]);
    if (state !== "open") this.duty.lineLost();
    this.changed({ duty: this.duty.state, line: state, overBecause: reason || "", notice: state === "open" ? "" : this.model.notice });
  }

  /**
   * Does something in a contact. @param {string} contact @param {object} act @param {boolean} [quietly] a loss of the line isn't said
   * @returns {boolean} whether it is on its way
   */
  act(contact, act, quietly = false) {
    const sent = this.socket.send({ type: "in", contact, act });
    if (!sent && !quietly) this.changed({ notice: this.model.t("desk.notice.no_line") });
    return sent;
  }

  async loadUpcoming() {
    const now = seconds();
    const { clock } = this.model;
    const reply = await call("GET", `/api/contacts?from=${startOf(wallAt(now, clock.zone).date, clock.zone)}&to=${endOfDay(now, clock.zone) + AHEAD * 86400}`);
    if (!reply.ok) {
      this.changed({ upcomingFailed: true });
      return;
    }
    const listed = /** @type {import("../parts/protocol").ListedContact[]} */ (reply.data.contacts);
    /** @type {Record<string, string>} */
    const series = {};
    for (const one of listed) if (one.series) series[one.id] = one.series;
    const isNext = (/** @type {import("../parts/protocol").ListedContact} */ one) => (one.ended === null || one.cancelled !== undefined) && one.details.starts_at >= now - 3600;
    this.changed({ upcoming: listed.filter(isNext).map(fromList), series, upcomingFailed: false });
  }

  draw() {
    const { model, conversation } = this;
    model.talk = conversation.talk(conversation.contact === null ? undefined : model.known.contacts[conversation.contact]);
    model.failing = this.ringing.see(Object.values(model.known.contacts), model.talk);
    model.suggested = {};
    for (const view of Object.values(model.known.contacts)) {
      for (const one of view.people) model.suggested[thread(view.id, one.id)] = this.suggestions.of(view, one);
    }
    model.proofs = this.proofs.see(Object.values(model.known.contacts), model.threads, model.now);
    model.allowed = this.permitted();
    model.soundAsleep = this.knock.asleep;
    model.alarms = this.alarms.list(model.known.contacts);
    model.permission = permission();
    model.browser = sharingIn(window);
    if (!model.allowed.sound) this.knock.stop();
    if (!this.mayNotify() || !this.howManyCall()) this.notices.take();
    if (model.asking && !this.stillAsked(model.asking)) model.asking = null;
    if (model.qr && !mayStand(model.qr, model, this.view(model.qr.contact))) model.qr = null;
    if (!document.hidden && !model.covered) {
      if (model.talk) delete model.unread[model.talk.contact];
      if (model.picked && !model.form) delete model.unread[model.picked];
    }
    // Off before anything is written: a region that changes while it is on is read out.
    this.region.setAttribute("aria-live", model.allowed.announce ? "polite" : "off");
    if (!model.allowed.announce || model.covered) say(this.region, "");

    const focused = document.activeElement;
    morph(this.root, deskView(model));
    morph(this.cover, coverView(model, conversation.hushed));
    document.title = titleSays(model.t, this.howManyCall(), model.covered);
    // A box that was ticked by hand no longer goes by what is written in the page.
    const box = /** @type {HTMLInputElement | null} */ (this.root.querySelector("#setting-duty"));
    if (box) box.checked = model.duty.wanted;
    this.attach();
    this.followTexts();
    this.followFocus(focused);
  }

  /** @param {boolean} covered */
  setCovered(covered) {
    const { model } = this;
    if (model.covered === covered) return;
    keepCovered(covered);
    const focused = document.activeElement;
    if (covered) {
      this.focusBefore = focused;
      // A picture that was lifted out of the page would stand beside the cover.
      if ("exitPictureInPicture" in document && document.pictureInPictureElement) document.exitPictureInPicture().catch(() => {});
    }
    model.covered = covered;
    // At once, not after what else changes: somebody is coming in.
    this.draw();
    // To the heading, not the button: who goes on typing doesn't uncover it by a space.
    const back = covered ? this.cover.querySelector("h1") : this.focusBefore;
    if (back instanceof HTMLElement && back.isConnected) back.focus();
    if (!covered) this.focusBefore = null;
  }

  /** A question whose matter has gone is not asked any more, nor when the matter comes back. @param {import("./model.js").Asking} asking */
  stillAsked({ what, contact, person, session }) {
    if (what === "end-session") {
      const { sessions } = this.model;
      return Boolean(sessions && sessions.list && sessions.list.some((one) => one.id === session));
    }
    if (what === "handled") return this.model.alarms.some((one) => one.contact === contact && one.person === person);
    if (what === "delete-typed") return Boolean(this.model.record && this.model.record.contact === contact && this.model.record.typed);
    const view = this.view(contact);
    if (!view) return false;
    if (what === "call-off") return view.ended === null;
    if (what === "end") return Boolean(this.model.talk && this.model.talk.contact === contact);
    if (what === "remove-beside") return view.people.some((one) => one.id === person && one.stage.name !== "revoked");
    if (what === "decline") return view.people.some((one) => one.id === person && one.stage.name === "waiting");
    // A link that this page knows, and has just made: the word that there is one may still be on its way.
    if (what === "text-link" || what === "show-qr") return Boolean(this.model.links[contact]);
    return view.link;
  }

  /**
   * Headphones may have come out: whoever is near would hear the other side, and the other side the desk's own sounds. Only where the
   * practitioner said that they wear some; elsewhere their voice was in the room already, and a missed word weighs more.
   */
  unplugged() {
    const { model, conversation } = this;
    if (!model.settings.headphones || conversation.contact === null) return;
    conversation.hushed = true;
    this.changed({ settings: Object.assign({}, model.settings, { headphones: false }), notice: model.t("desk.notice.unplugged") });
  }

  /** Hands the streams to the pictures. */
  attach() {
    const { conversation } = this;
    const theirs = /** @type {HTMLVideoElement | null} */ (this.root.querySelector('[data-video="theirs"]'));
    const mine = /** @type {HTMLVideoElement | null} */ (this.root.querySelector('[data-video="mine"]'));
    // Browsers can lift a picture out of its page: then it is seen while the page isn't.
    const lifted = "pictureInPictureElement" in document && document.pictureInPictureElement !== null;
    const place = theirs && theirs.closest("section");
    conversation.setSeen(document.hidden ? lifted : Boolean(place && place.getClientRects().length));
    if (theirs) theirs.muted = conversation.hushed;
    if (theirs && theirs.srcObject !== conversation.remote) {
      theirs.srcObject = conversation.remote;
      if (conversation.remote) this.play(theirs);
    }
    if (mine) {
      const track = conversation.devices.video;
      const shown = /** @type {MediaStream | null} */ (mine.srcObject);
      mine.muted = true;
      if (!track) mine.srcObject = null;
      else if (!shown || shown.getVideoTracks()[0] !== track) mine.srcObject = new MediaStream([track]);
    }
  }

  /** @param {HTMLVideoElement} video */
  play(video) {
    video.play().then(
      () => {
        if (this.conversation.blocked) {
          this.conversation.blocked = false;
          this.changed();
        }
      },
      (error) => {
        // "AbortError" only says that another stream came first.
        if (error && error.name === "NotAllowedError") {
          this.conversation.blocked = true;
          this.changed();
        }
      },
    );
  }

  /** The newest text stays in sight, also when the picture takes room from the list. */
  followTexts() {
    for (const lines of Array.from(this.root.querySelectorAll("[data-lines]"))) {
      const now = `${lines.getAttribute("data-count")} ${lines.clientHeight}`;
      if (/** @type {any} */ (lines).followed === now) continue;
      /** @type {any} */ (lines).followed = now;
      lines.scrollTop = lines.scrollHeight;
    }
  }

  /**
   * What had the focus is gone: the heading of what came instead takes it, after an own press, so that nobody who works
   * by keyboard starts again at the top. Not by itself: a screen reader would speak into an open microphone.
   * @param {Element | null} before
   */
  followFocus(before) {
    if (!before || before === document.body || before.isConnected) return;
    if (Date.now() - this.pressedAt > FOLLOWS && !this.model.allowed.announce) return;
    const heading = /** @type {HTMLElement | null} */ (this.root.querySelector(".middle h2[tabindex]"));
    if (heading) heading.focus();
  }

  /** Focuses after the next drawing. @param {string} selector */
  focusSoon(selector) {
    Promise.resolve().then(() => {
      const found = /** @type {HTMLElement | null} */ (this.root.querySelector(selector));
      if (found) found.focus();
    });
  }

  /** Scrolls to it after the next drawing, and no further than it must. @param {string} selector */
  inSightSoon(selector) {
    Promise.resolve().then(() => {
      const found = this.root.querySelector(selector);
      if (found) found.scrollIntoView({ block: "nearest" });
    });
  }

  /** @param {string} id */
  view(id) {
    return contactOf(this.model, id);
  }
}

/** What this tab keeps; nothing, where the browser doesn't let it. */
function tabStore() {
  try {
    return sessionStorage;
  } catch (_) {
    return { getItem: () => null, setItem() {}, removeItem() {} };
  }
}

const seconds = () => Math.floor(Date.now() / 1000);
