// The service user's page: joins what it knows (session.js) to what it shows and to the line to the service.

import { codeFrom, invitationId, isCode, tokenFrom } from "../parts/invitation.js";
import * as page from "../parts/dom.js";
import { Outage } from "../parts/outage.js";
import { linkSecret } from "../parts/keys.js";
import { dial, hangUp, openSocket } from "../parts/socket.js";
import { randomId } from "../parts/texts.js";
import { Thread } from "../parts/thread.js";
import { wordsOf } from "../parts/words.js";
import { about } from "./about.js";
import { keepAwake } from "./awake.js";
import { bare } from "./bare.js";
import { chat } from "./chat.js";
import { checking } from "./checking.js";
import { Cover } from "./cover.js";
import { door } from "./door.js";
import { Media } from "./media.js";
import * as place from "./place.js";
import { prepare } from "./prepare.js";
import { Quiet } from "./quiet.js";
import { room } from "./room.js";
import { screens } from "./screens.js";
import { KILOBYTES_A_MINUTE, assumed, beginning, byItself, cutOff, isPutOut, keepsAwake, screenOf, sealSays, settled, switchedOn } from "./session.js";

/** The version of the messages this page speaks. */
const PROTOCOL = 3;
const SOCKET = "/ws/guest";
/** Milliseconds after which a "Later" that the service couldn't take is said again. */
const AGAIN = 2000;
/** Refusals that can be about a press. The others are about signals of a conversation that is over by now. */
const ABOUT_A_PRESS = ["not_now", "not_kept", "too_fast"];

const { byId } = page;
const t = wordsOf(document);
const state = beginning();

/** @type {import("../parts/socket.js").Socket | null} */
let socket = null;
/** Made anew whenever the page comes without its media: the service tells by it whether the conversation must be connected anew. */
let tab = "";
/** The id of the invitation this page was opened with. @type {string | null} */
let invitation = null;
/** The message of the press that the service has not answered yet. @type {any} */
let press = null;
/** The latest view as it came; `state.view` is what it will be once `press` has arrived. @type {import("../parts/protocol").GuestView | null} */
let seen = null;
/** Which start of the service this page spoke to last. */
let instance = "";
/** "Leave this page" was pressed: nothing is drawn, kept or said any more. */
let left = false;
/** What the service was last told about the devices, on this connection. */
let told = "";
/** Whether the next view is the first on this connection. */
let fresh = false;
/** Whether this page came into a conversation that was on: what was typed before isn't here. `null`: not known yet. @type {boolean | null} */
let resumed = null;
/** Whether someone was at the other end when last heard of. */
let heard = false;
let drawing = false;
/** What was used of the person's data, and what they have of it: once its code is there. @type {ReturnType<typeof import("./data.js").data> | null} */
let dataView = null;
/** "More", likewise. @type {ReturnType<typeof import("./more.js").more> | null} */
let moreView = null;
/** @type {Promise<void> | null} */
let fetchingMore = null;
/** @type {typeof import("./data.js") | null} */
let dataCode = null;

const outage = new Outage(() => render());
const thread = new Thread({
  side: "guest",
  link: () => place.secret(),
  send: (type, fields) => send(Object.assign({ type }, fields)),
  open: () => state.socket === "open",
  changed: () => render(),
  sealed: () => media.vouchAgain(),
});
const { texts, sealing } = thread;
const media = new Media({
  state,
  send,
  sealing,
  changed: () => changed(),
  play: (stream) => cover.play(stream),
  hidden: () => document.hidden,
  fetched: (code) => {
    dataCode = code;
    addData();
  },
});
const cover = new Cover({
  state,
  devices: () => media.devices,
  play: (stream) => roomView.play(state.quiet ? null : stream, stream, silenced),
  keep: place.cover,
  tell: () => tellPage(),
  draw: () => render(),
  read: (text) => arrived(text),
});
const quiet = new Quiet({
  state,
  devices: () => media.devices,
  hear: () => {
    if (state.quiet) checkingView.stop();
    cover.hear();
  },
  keep: place.hush,
  tell: () => tellPage(),
  draw: () => {
    render();
    // There is less room for the texts now, and the last one matters most.
    chatView.toEnd();
  },
});
const chatView = chat({ t, send: (body) => texts.write(body) !== null });
const screensView = screens({ t, redraw: () => render(), unheard: () => press !== null });
const bareView = bare({ t, goOn: (typed) => redeem(typed) });
const doorView = door({
  t,
  goOn: () => redeem(),
  answer: (answer) => {
    if (answer === "later") sayLater("answer");
    else decide("answer", { type: "answer", answer });
  },
  choose: (way) => {
    // The same press may ask for the microphone: one press less.
    if (way !== "text") media.attempt(way === "video" ? "video" : "voice");
    decide("choose", { type: "choose", way });
  },
});
const prepareView = prepare({
  t,
  devices: () => media.devices,
  ready: () => decide("knock", { type: "knock" }),
  swap: () => media.swap(),
  allow: () => media.attempt(state.view && state.view.way === "video" ? "video" : "voice"),
  without: (how) => {
    if (how === "camera") {
      media.camera(false);
      send({ type: "choose", way: "voice" });
    } else {
      media.stop();
    }
    // Typing knocks by itself once the service has taken the choice.
    if (how === "both") decide("choose", { type: "choose", way: "text" });
    else decide("knock", { type: "knock" });
  },
});
const roomView = room({
  t,
  devices: () => media.devices,
  microphone: async (on) => {
    await media.microphone(on);
    // Only what really came on changes the way to talk.
    if (state.devices.microphone && wayNow() === "text") send({ type: "choose", way: offers("voice") ? "voice" : "video" });
  },
  camera: async (on) => {
    await media.camera(on);
    if (state.devices.camera && wayNow() !== "video") send({ type: "choose", way: "video" });
  },
  answer: (answer) => answerAgain(answer),
  company: (company) => sayWho(company),
  keep: (keep) => sayKeep(keep),
  swap: () => media.swap(),
  tryPicture: () => media.tryPicture(),
  unhush: () => media.unhush(),
  end: () => end(),
  opened: () => chatView.toEnd(),
});

const checkingView = checking({ t, media, send });

const wayNow = () => state.view && state.view.way;
/** @param {import("../parts/protocol").Way} way */
const offers = (way) => Boolean(state.view && state.view.ways.indexOf(way) >= 0);

/** @param {object} message @returns {boolean} */
function send(message) {
  return socket ? socket.send(message) : false;
}

/** A press that moves the person on: sent once; kept over a loss until the service has answered. @param {import("./session.js").Pressed} what @param {object} message */
function decide(what, message) {
  if (state.pressed) return;
  state.pressed = what;
  press = message;
  send(message);
  render();
}

/** The private question, asked again in the waiting room or in conversation. Which press it was is seen nowhere. @param {string} answer */
function answerAgain(answer) {
  if (state.pressed || !seen || !seen.asked) return;
  if (answer === "later") {
    sayLater("again");
    return;
  }
  // Sound and picture stop before anybody is told.
  if (answer === "type") media.stop();
  state.view = assumed(seen, answer);
  decide("again", { type: "answer", answer });
  if (answer === "type") chatView.focus();
}

/** Who is there, where the practitioner asked. Kept until the service has it, and seen nowhere. @param {string} company @returns {boolean} whether it was taken */
function sayWho(company) {
  if (state.pressed || !seen || !seen.who_asked) return false;
  state.view = assumed(seen, null);
  decide("who", { type: "company", company });
  return true;
}

/** Whether what was typed may be kept. Kept until the service has it, and seen nowhere. @param {string} keep @returns {boolean} whether it was taken */
function sayKeep(keep) {
  if (state.pressed || !seen || seen.kept !== "asked") return false;
  state.view = assumed(seen, null);
  decide("keep", { type: "keep", keep });
  return true;
}

/** "Later" ends it at once, here; the session is kept only until the service has heard it. @param {"answer" | "again"} what */
function sayLater(what) {
  state.ended = "later";
  media.stop();
  clearPage();
  decide(what, { type: "answer", answer: "later" });
}

/** "Continue" was pressed. @param {string | null} [typed] what was typed at the bare address; a link read out is as good as a code */
async function redeem(typed = null) {
  const token = typed === null ? tokenFrom(place.link() || "") : codeFrom(typed) || tokenFrom(typed);
  const dead = typed === null ? "finished" : "wrong";
  if (state.redeem === "sending") return;
  if (!window.crypto || !crypto.subtle || !token) {
    state.redeem = token ? "old" : dead;
    render();
    return;
  }
  state.redeem = "sending";
  render();
  invitation = await invitationId(token);
  // A code is short enough to be guessed by who has the time: it seals nothing.
  const secret = isCode(token) ? null : await linkSecret(token);
  if (left) return;
  // The line is opened meanwhile: on a poor network its round trips are half of what a person waits for here.
  const dialled = dial(SOCKET);
  const answer = await place.redeem(invitation, place.claim(), isCode(token));
  if (left || typeof answer === "string" || "startsAt" in answer) hangUp(dialled);
  if (left) {
    // Left while the service was asked: nothing of what it gave is kept.
    if (typeof answer === "object" && "session" in answer) place.sayGoodbye(answer.session, "exit");
    return;
  }
  if (typeof answer === "string") {
    state.redeem = answer === "finished" ? dead : answer;
    // Without a network the numbers are what is left.
    if (answer === "finished" || answer === "taken") state.ring = null;
    if (answer === "finished") place.forgetLink();
    render();
    return;
  }
  if ("startsAt" in answer) {
    state.redeem = "early";
    state.startsAt = answer.startsAt;
    state.ring = answer.ring;
    render();
    return;
  }
  state.redeem = "idle";
  state.ring = null;
  place.keep(invitation, answer.session, secret);
  bareView.forget();
  enter(dialled);
}

/** With a session: to the service. @param {WebSocket | null} [dialled] */
function enter(dialled = null) {
  state.place = "session";
  state.socket = "connecting";
  state.bye = null;
  state.devices.step = "untouched";
  state.covered = place.covered();
  state.quiet = place.quiet();
  tab = randomId();
  resumed = null;
  socket = openSocket({
    path: SOCKET,
    dialled,
    // Left in another tab meanwhile: said with a session that can't be, so that the service answers what is true.
    hello: () => {
      // As from a page that was loaded anew: the service begins another conversation's connection then.
      if (media.isStuck) tab = randomId();
      return { type: "hello", protocol: PROTOCOL, session: place.session() || "none", tab };
    },
    onMessage: receive,
    onState: socketChanged,
  });
  render();
}

/** @param {import("../parts/socket.js").SocketState} next @param {string} [reason] */
function socketChanged(next, reason) {
  state.socket = next;
  state.bye = next === "open" ? null : reason || null;
  if (next === "open") {
    told = "";
    fresh = true;
  }
  if (next === "lost") texts.lineLost();
  if (next === "over") {
    state.pressed = press = null;
    media.stop();
    // Whoever looks at this tab now reads nothing. What hasn't arrived stays in its memory, for "Use this tab".
    if (reason === "other_tab") keepUnsent();
    else if (reason !== "reload") texts.list.length = 0;
    sealing.forget();
    clearPage();
    if (reason === "reload" && !(history.state && history.state.again)) {
      // A newer service: this page is loaded anew, once.
      history.replaceState(Object.assign({}, history.state, { again: true }), "", location.pathname);
      location.reload();
      return;
    }
    if (reason === "no_session") {
      // The place was given up, perhaps by this person in another tab. With the link they may ask again.
      state.view = seen = null;
      if (place.link()) {
        state.place = "link";
        state.redeem = "idle";
      } else {
        place.forget();
      }
    }
  }
  render();
}

/** @param {import("../parts/protocol").ToGuest} message */
function receive(message) {
  // Somebody who said "Later" hears no more of the conversation, and nothing that came is taken for read.
  if (state.ended && message.type !== "view" && message.type !== "refused" && message.type !== "welcome") return;
  switch (message.type) {
    case "welcome":
      // The place is held: the link isn't needed any more.
      place.forgetLink();
      tellPage();
      // Of a service that was started again comes a new conversation; the old one has nowhere to go.
      if (instance === message.instance) media.lineBack();
      instance = message.instance;
      break;
    case "session":
      place.renew(message.session);
      break;
    case "view":
      receiveView(message.view);
      break;
    case "relay":
      media.relay(message.epoch, message.access);
      break;
    case "check":
      checkingView.access(message.access);
      break;
    case "signal":
      media.signal(message.epoch, message.signal);
      break;
    case "seal":
      sealing.heard(message.seal);
      break;
    case "text":
      thread.opened(message).then((body) => body !== null && arrived({ id: message.id, body }));
      break;
    case "ack":
      thread.acked(message);
      break;
    case "refused":
      if (message.re) texts.refused(message.re);
      else if (ABOUT_A_PRESS.indexOf(message.code) >= 0) pressRefused(message.code);
      break;
    // A message this page doesn't know belongs to a newer one: ignored.
  }
}

/** A text was opened. Nobody who has left, or said "Later", has read it. @param {{ id: string, body: string }} text */
function arrived(text) {
  if (left || state.ended || cover.keepsBack(text)) return;
  thread.acknowledge(text.id);
  if (texts.received(text.id, text.body)) roomView.news();
}

/** @param {string} code */
function pressRefused(code) {
  if (state.ended === "later") {
    // It must not end with the person in a conversation they have left: so said again, or said as an ordinary end.
    if (code === "not_now") leave("end");
    else setTimeout(() => press && send(press), AGAIN);
    return;
  }
  if (!state.pressed) return;
  state.pressed = press = null;
  state.view = seen;
  render();
}

/** @param {import("../parts/protocol").GuestView} view */
function receiveView(view) {
  const before = seen;
  seen = view;
  if (state.pressed && settled(state.pressed, before, view)) state.pressed = press = null;
  const says = state.pressed === "again" || state.pressed === "who" || state.pressed === "keep";
  state.view = says ? assumed(view, press.answer || null) : view;
  // Pressed while the line was gone: said now, if it still fits. (A press that arrived has moved the view.)
  if (press && fresh) send(press);
  // What this page said of itself while it was one of another browser was meant for nobody.
  if (before && before.stage.name === "told" && view.stage.name !== "told") {
    told = "";
    tellPage();
  }

  const { stage } = view;
  // Put back, or away too long: whoever looks at the waiting room doesn't read what was said inside. What hasn't
  // arrived yet stays: it is the writer's alone.
  if (isPutOut(before, view)) keepUnsent();
  if (state.ended) {
    if (stage.name === "over") forgetAll();
    fresh = false;
    return;
  }
  if (stage.name === "over") {
    forgetAll();
  } else {
    const inside = stage.name === "waiting" || stage.name === "in";
    const there = inside && stage.desk;
    if (resumed === null) resumed = stage.name === "in";
    if (inside) thread.enter(stage, stage.since);
    if (there && (!heard || fresh)) {
      sealing.begin();
      texts.resend();
    }
    heard = there;
    if (inside) loadMore();
    // Fetched while the person chooses, and while they wait; typing needs none of it.
    if (view.way !== "text") {
      if (stage.name === "waiting" || stage.name === "in") media.loadCall().catch(() => {});
      else if (stage.name === "choosing" || stage.name === "preparing") media.load().catch(() => {});
    }
  }
  fresh = false;
  media.follow();
  cover.follow(document.hidden);
  quiet.follow();
  const next = byItself(state);
  if (next) decide(next.type === "knock" ? "knock" : "choose", next);
  render();
}

/** Fetched while the person waits; again after a failure, since a phone's network comes and goes. */
function loadMore() {
  if (fetchingMore) return;
  fetchingMore = import("./more.js").then((code) => {
    moreView = code.more({ t, page, state, quiet, sealing, write: (text) => texts.write(text), opened: () => render() });
    addData();
    render();
  });
  fetchingMore.catch(() => {
    fetchingMore = null;
  });
}

/** What is behind "More" of their data, once there is a "More" and the code for it. */
function addData() {
  if (dataView || !dataCode || !moreView) return;
  dataView = dataCode.data({ t, page, panel: moreView.panel, state, costs: KILOBYTES_A_MINUTE, media, send, changed: () => render() });
}

/** "End call": the ordinary way out. What is on the phone goes at once, whatever the network does. */
function end() {
  state.ended = "goodbye";
  leave("end");
  render();
}

/** "Leave this page": first.js has covered the page, and goes on to the neutral one whatever happens here. */
function exit() {
  left = true;
  screensView.stop();
  outage.see(false);
  leave("exit");
  // Whoever looks into the covered page, because the neutral one is slow to come, finds nothing at all.
  document.body.textContent = "";
}

/** Each step stands for itself: what a poor browser refuses must not keep the others. @param {"end" | "exit"} how */
function leave(how) {
  /** @type {string | null} */
  let session = null;
  each(
    () => checkingView.stop(),
    () => media.stop(),
    () => (session = place.forget()),
    () => send({ type: "leave", how }),
    () => session && place.sayGoodbye(session, how),
    forgetAll,
  );
}

/** @param {(() => void)[]} steps */
function each(...steps) {
  for (const step of steps) {
    try {
      step();
    } catch (_) {
      // The next one matters as much.
    }
  }
}

/** Nothing of the conversation or of the place stays in this page. */
function forgetAll() {
  state.pressed = press = null;
  each(
    () => place.forget(),
    () => media.stop(),
    () => (texts.list.length = 0),
    () => sealing.forget(),
    () => cover.forget(),
    clearPage,
    () => keepAwake(false),
    () => socket && socket.close(),
  );
}

/** No name and no word that was typed stays where it could be seen. */
function clearPage() {
  chatView.clear();
  byId("greeting").textContent = "";
}

/** What was said goes; what hasn't arrived yet stays, since it is the writer's alone. */
function keepUnsent() {
  texts.list.splice(0, Infinity, ...texts.unsent());
}

/** @param {boolean} silenced */
function silenced(silenced) {
  if (state.silenced === silenced) return;
  state.silenced = silenced;
  render();
}

/** Whether anybody looks at this page, whether it is covered, then and until "Carry on" is pressed, and whether it is quiet. */
function tellPage() {
  send({ type: "page", hidden: document.hidden, covered: state.covered, quiet: state.quiet });
  media.show();
}

/** The devices or the connection changed, perhaps by themselves. */
function changed() {
  cover.follow(document.hidden);
  quiet.follow();
  render();
}

function tellDevices() {
  const { view } = state;
  // Until the view has come, on each connection anew, nothing is known of who would be told.
  if (fresh || !view || (view.stage.name !== "preparing" && view.stage.name !== "waiting" && view.stage.name !== "in")) return;
  const devices = switchedOn(state);
  const now = JSON.stringify(devices);
  if (now !== told && send({ type: "devices", devices })) told = now;
}

/** Puts on the screen what is true now. */
function render() {
  if (drawing || left) return; // A view changed something while it was drawn: what follows below sees it.
  drawing = true;
  // Before anything is told: in a dark room light tells as much as sound.
  document.documentElement.toggleAttribute("data-quiet", state.quiet);
  tellDevices();
  outage.see(cutOff(state));
  state.failing = outage.long;
  state.refused = sealing.state === "refused";
  const screen = screenOf(state);
  const pressed = document.activeElement;
  const shown = screensView.shown();
  if (screen.name !== shown) {
    if (shown === "prepare") prepareView.leave();
    if ((shown === "waiting" || shown === "call") && screen.name !== "waiting" && screen.name !== "call") {
      roomView.leave();
      if (moreView) moreView.leave();
      if (dataView) dataView.leave();
    }
  }
  if (screen.name === "bare") bareView.draw(screen);
  else if (screen.name === "hello") doorView.hello(screen);
  else if (screen.name === "check") doorView.check(screen);
  else if (screen.name === "how") doorView.how(screen);
  else if (screen.name === "prepare") prepareView.draw(screen);
  else if (screen.name === "waiting") roomView.waiting(screen);
  else if (screen.name === "call") roomView.call(screen);
  if (screen.name === "waiting" || screen.name === "call") chatView.draw(texts.list, screen.who, sealSays(sealing), resumed === true);
  checkingView.draw(screen);
  if (moreView) moreView.draw();
  if (dataView) dataView.draw();
  keepAwake(keepsAwake(screen));
  screensView.draw(screen, pressed);
  drawing = false;
}

async function begin() {
  // Left before this script was here.
  if (document.documentElement.className === "left") return;
  byId("stuck").remove();
  about();
  byId("here", HTMLButtonElement).onclick = () => enter();
  byId("again", HTMLButtonElement).onclick = () => location.reload();
  document.addEventListener("leaving", exit);
  byId("carry-on", HTMLButtonElement).onclick = () => cover.carryOn();
  document.addEventListener("visibilitychange", () => {
    if (left) return;
    if (!document.hidden || !cover.outOfSight()) tellPage();
    if (!document.hidden && socket) socket.retryNow();
  });
  // Another page in this tab is as good as another app: who comes back finds the cover.
  addEventListener("pagehide", () => left || cover.outOfSight());
  addEventListener("online", () => socket && socket.retryNow(true));
  // Shown again from the browser's memory: what it shows may be long past.
  addEventListener("pageshow", (event) => {
    if (event.persisted && document.documentElement.className !== "left") location.reload();
  });

  const link = place.link();
  const token = link && tokenFrom(link);
  if (link && !token) {
    state.place = "link";
    state.redeem = "finished";
  } else if (token) {
    state.place = "link";
    if (window.crypto && crypto.subtle) invitation = await invitationId(token);
    if (invitation && place.session(invitation)) return enter();
  } else if (place.session()) {
    return enter();
  }
  render();
}

begin();
