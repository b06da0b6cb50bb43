// What the service user's page shows, worked out from what it knows. No page, no clock, no network in here.
//
// One thing is always on the screen, and it is always true: `screenOf` names it, with the facts its words need.
// An answer to the private question is never among them.

/**
 * @typedef {import("../parts/protocol").GuestView} GuestView
 * @typedef {import("../parts/protocol").FromGuest} FromGuest
 * @typedef {import("../parts/protocol").Way} Way
 *
 * @typedef {object} State
 * @property {"none" | "link" | "session"} place what this page holds: nothing, a link not yet pressed, a session
 * @property {"idle" | "sending" | "unreached" | "finished" | "wrong" | "limited" | "taken" | "early" | "old"} redeem how "Continue" went
 * @property {number | null} startsAt when the call is, where "Continue" was pressed too early; 0 where they aren't told
 * @property {import("../parts/protocol").OutsideNumber[] | null} ring nobody was there at that hour, and what could be rung
 * @property {"connecting" | "open" | "lost" | "over"} socket
 * @property {string | null} bye why the service closed the socket, if it said so
 * @property {GuestView | null} view
 * @property {Pressed | null} pressed a press that the service has not answered yet
 * @property {"goodbye" | "later" | null} ended "End call" or "Later" was pressed: shown at once, whatever the line does
 * @property {Equipment} devices
 * @property {"none" | "connecting" | "connected" | "interrupted" | "impossible"} media
 * @property {import("../call/ladder.js").Plan["says"]} pace what is worth saying of how the network is
 * @property {boolean} unpictured the other side's picture is off for now, because of the network
 * @property {{ own: boolean, theirs: boolean, picture: string | null }} stills which side's picture is a still one now, because of the network, and theirs
 * @property {boolean} hushed headphones may have come out: nothing is to be heard before a press
 * @property {boolean} silenced the browser doesn't play the sound without a press
 * @property {Data} data
 * @property {boolean} refused something on the way was changed: nothing is sent or taken any more
 * @property {boolean} failing the conversation couldn't be had for long, and can't now: see `cutOff`
 * @property {boolean} covered the page went out of sight and is covered, until "Carry on" is pressed
 * @property {boolean} quiet nothing is heard on either side until it is pressed for: the person reads, and answers by taps
 *
 * @typedef {object} Equipment
 * @property {"untouched" | "asking" | "tried"} step since this page was loaded
 * @property {"microphone" | "camera" | null} asked which was switched on last in the waiting room or in conversation
 * @property {boolean} microphone
 * @property {boolean} camera
 * @property {Loss | null} microphoneLost it is on, and gives nothing for now
 * @property {Loss | null} cameraLost
 * @property {boolean} swap there is another camera to change to
 * @property {boolean} swapFailed it was tried, and the camera is the one it was
 * @property {boolean} wentDark the camera went off because the page went out of sight, and nothing was pressed since
 * @property {Failure | null} microphoneFailure
 * @property {Failure | null} cameraFailure
 *
 * @typedef {object} Data what the conversation takes of the data that a person pays for
 * @property {number} used bytes, both ways together
 * @property {number | null} budget the megabytes they said they have
 * @property {number | null} [left] bytes of it
 * @property {boolean} [low] most of it is used
 * @property {Rung} [ceiling] the most that fits into what is left; without a word of it, everything
 * @property {boolean} picture a picture fits into it
 * @property {boolean} sound sound fits into it
 * @typedef {"text" | "voice_least" | "voice" | "stills" | "small" | "medium" | "large"} Rung
 *
 * @typedef {"refused" | "absent" | "busy" | "no_interface" | "insecure" | "failed"} Failure
 *
 * @typedef {import("../call/devices.js").Loss} Loss
 *
 * @typedef {"answer" | "choose" | "knock" | "again" | "who" | "keep"} Pressed `again`: the private question, asked again, was answered; `who`: who is there; `keep`: whether what was typed may be kept
 * @typedef {{ name: string, [fact: string]: any }} Screen
 */

/** @returns {State} */
export function beginning() {
  return {
    place: "none",
    redeem: "idle",
    startsAt: null,
    ring: null,
    socket: "connecting",
    bye: null,
    view: null,
    pressed: null,
    ended: null,
    devices: {
      step: "untouched",
      asked: null,
      microphone: false,
      camera: false,
      microphoneLost: null,
      cameraLost: null,
      swap: false,
      swapFailed: false,
      wentDark: false,
      microphoneFailure: null,
      cameraFailure: null,
    },
    media: "none",
    pace: null,
    unpictured: false,
    stills: { own: false, theirs: false, picture: null },
    hushed: false,
    silenced: false,
    data: { used: 0, budget: null, picture: true, sound: true },
    refused: false,
    failing: false,
    covered: false,
    quiet: false,
  };
}

/** Which screen stands for each way a session can be over. */
const OVER = { later: "later", left: "goodbye", ended: "goodbye", declined: "declined", finished: "finished", moved: "moved" };

/** What went wrong with "Continue" and leaves it to be pressed again. */
const AGAIN = ["unreached", "early", "old", "limited", "wrong"];

/**
 * @param {State} state
 * @returns {Screen}
 */
export function screenOf(state) {
  const { view } = state;
  if (state.ended) return { name: state.ended };
  if (view && view.stage.name === "over") return { name: OVER[view.stage.why] || "finished" };
  if (state.redeem === "finished") return { name: "finished" };
  if (state.redeem === "taken") return { name: "taken" };
  if (state.place === "none" || state.place === "link") {
    const pressed = { busy: state.redeem === "sending", trouble: AGAIN.indexOf(state.redeem) >= 0 ? state.redeem : null };
    if (state.place === "none") return { name: "bare", ...pressed, at: state.startsAt };
    return { name: "hello", ...pressed, at: state.startsAt, outside: state.ring };
  }
  if (state.socket === "over" && state.bye === "other_tab") return { name: "elsewhere" };
  if (state.socket === "over" && (state.bye === "no_session" || state.bye === "over")) return { name: "finished" };
  if (state.socket === "over") return { name: "stopped" };
  const line = lineOf(state);
  if (!view) return { name: "moment", line };

  // Whatever happens inside meanwhile, a lost line among it: none of it shows.
  if (state.covered && isInside(view)) return { name: "covered", line: null };
  const busy = state.pressed !== null;
  const { practitioner: name, ways, stage } = view;
  switch (stage.name) {
    case "asked":
      return { name: "check", line, busy, greeting: view.greeting };
    case "choosing":
      return { name: "how", line, busy, ways: ways.map((way) => ({ way, megabytes: megabytes(way, view.minutes) })), minutes: view.minutes };
    case "told":
      return { name: "told", line };
    case "preparing":
      return prepare(state, view, line, busy);
    case "waiting":
      return {
        name: "waiting",
        line,
        who: name,
        // Without a line nothing is known of the other side, so nothing is said of it.
        desk: state.socket === "open" ? stage.desk : null,
        late: stage.late,
        onHold: stage.on_hold,
        since: stage.since,
        startsAt: view.starts_at,
        words: view.waiting_words,
        asked: view.asked,
        whoAsked: view.who_asked,
        kept: view.kept,
        ring: ringing(state, view),
        ...controls(state, view),
      };
    case "in":
      return {
        name: "call",
        line,
        who: name,
        says: says(state, view),
        picture: seesPicture(state, view),
        still: shouldSee(view) && state.media !== "none" ? state.stills.picture : null,
        typing: view.way === "text",
        hushed: state.hushed && !state.quiet,
        silenced: state.silenced && !state.quiet,
        retry: !state.quiet && state.media === "connected" && state.devices.camera && state.pace === "picture_can_return",
        asked: view.asked,
        whoAsked: view.who_asked,
        kept: view.kept,
        ring: ringing(state, view),
        ...controls(state, view),
      };
  }
  return { name: "moment", line }; // A stage of a newer service: its reload notice follows.
}

/** Whether the person waits or talks: where there is something that somebody else could see or hear. @param {GuestView} view */
export function isInside({ stage }) {
  return stage.name === "waiting" || stage.name === "in";
}

/** In conversation, or on hold and about to go on. @param {GuestView | null} view */
const isKept = (view) => view !== null && (view.stage.name === "in" || (view.stage.name === "waiting" && view.stage.on_hold));

/**
 * Whether they were put out of the conversation: whoever looks at the waiting room then doesn't see what was inside.
 * @param {GuestView | null} before @param {GuestView} view
 */
export function isPutOut(before, view) {
  return isKept(before) && !isKept(view) && view.stage.name === "waiting";
}

/** Whether a page that goes out of sight is to be quiet and covered. @param {State} state */
export function covers({ covered, ended, socket, view }) {
  return !covered && !ended && socket !== "over" && view !== null && view.when_hidden === "quiet" && isInside(view);
}

/**
 * Whether the conversation can't be had just now: no line to the service, or no sound and picture though somebody has them on.
 * @param {State} state
 */
export function cutOff({ socket, view, media, devices, data, ended }) {
  if (ended || !view || !isInside(view)) return false;
  const { stage, way } = view;
  if (socket === "lost") return true;
  if (stage.name !== "in" || way === "text" || !data.sound || media === "connected" || media === "impossible") return false;
  return devices.microphone || devices.camera || stage.desk_devices.microphone || stage.desk_devices.camera;
}

/**
 * What is said of the telephone, only where it was agreed: whoever reads it over a shoulder knew that it may ring.
 * @param {State} state @param {GuestView} view @returns {"now" | "may" | null}
 */
function ringing({ failing, socket, quiet }, { rings, ringing }) {
  if (!rings) return null;
  // Without a line nobody knows how long ago that was.
  if (ringing && socket === "open") return "now";
  // Who makes no sound isn't rung: the desk doesn't offer it either.
  return failing && !quiet ? "may" : null;
}

/** The line to the service, where there is something to say about it. @param {State} state @returns {"lost" | "moment" | null} */
function lineOf(state) {
  if (state.socket !== "lost") return null;
  return state.bye === "back_in_a_moment" ? "moment" : "lost";
}

/**
 * Trying camera and microphone. Whatever fails, there is a way on.
 * @param {State} state @param {GuestView} view @param {string | null} line @param {boolean} busy @returns {Screen}
 */
function prepare(state, view, line, busy) {
  const way = view.way === "video" ? "video" : "voice";
  const { devices } = state;
  // Typing needs nothing tried: the page knocks by itself (see `byItself`).
  if (view.way === "text") return { name: "moment", line };
  const cameraFailure = way === "video" ? devices.cameraFailure : null;
  const failure = devices.microphoneFailure || cameraFailure;
  const ready = devices.step === "tried" && !failure;
  const dark = way === "video" && devices.wentDark && !failure;
  return {
    name: "prepare",
    line,
    busy,
    way,
    step: devices.step === "asking" ? "asking" : devices.step === "untouched" || dark ? "ask" : ready ? "ready" : "failed",
    failure: devices.step === "tried" ? failure : null,
    lacks: devices.step !== "tried" || !failure ? null : !cameraFailure ? "microphone" : devices.microphoneFailure ? "both" : "camera",
    microphone: devices.microphone,
    camera: way === "video" && devices.camera,
    swap: way === "video" && devices.camera && devices.swap,
    swapFailed: devices.swapFailed,
    without: withoutDevices(view, devices),
  };
}

/**
 * How to go on where a device is missing: what still works is kept.
 * @param {GuestView} view @param {Equipment} devices
 * @returns {"camera" | "both" | "quiet"} `camera`: by voice; `both`: by typing; `quiet`: as chosen, with nothing switched on
 */
function withoutDevices(view, devices) {
  if (view.way === "video" && !devices.microphoneFailure && view.ways.indexOf("voice") >= 0) return "camera";
  return view.ways.indexOf("text") >= 0 ? "both" : "quiet";
}

/**
 * What can be switched in the waiting room and in conversation.
 * @param {State} state @param {GuestView} view
 */
function controls(state, view) {
  const { devices } = state;
  const waits = view.stage.name !== "in";
  const talks = view.ways.indexOf("voice") >= 0 || view.ways.indexOf("video") >= 0;
  return {
    way: view.way,
    quiet: state.quiet,
    microphone: devices.microphone,
    camera: devices.camera,
    // What their data doesn't reach for any more isn't offered in conversation; why is said beside. A camera that is on can be switched off.
    canTalk: talks && !state.quiet && state.media !== "impossible" && (waits || state.data.sound),
    canShow: view.ways.indexOf("video") >= 0 && state.media !== "impossible" && (waits || state.data.picture || devices.camera),
    swap: devices.camera && devices.swap,
    trouble: troubleIn(devices),
  };
}

/** Why a device that was pressed for in the room isn't on, or gives nothing. @param {Equipment} devices */
function troubleIn({ asked, microphone, camera, microphoneFailure, cameraFailure, microphoneLost, cameraLost, swapFailed, wentDark }) {
  if (microphoneLost) return { failure: `lost.${microphoneLost}`, lacks: "microphone" };
  if (cameraLost) return { failure: `lost.${cameraLost}`, lacks: "camera" };
  if (wentDark) return { failure: "dark", lacks: "camera" };
  if (swapFailed) return { failure: "swap", lacks: "camera" };
  if (asked === "microphone" && !microphone && microphoneFailure) return { failure: microphoneFailure, lacks: "microphone" };
  if (asked === "camera" && !camera && cameraFailure) return { failure: cameraFailure, lacks: "camera" };
  return null;
}

/** Whether there is a picture of the other side to show. @param {State} state @param {GuestView} view */
function seesPicture(state, view) {
  return shouldSee(view) && state.media !== "none" && !state.unpictured && !state.stills.theirs;
}

/** Whether our picture isn't sent because of the network. @param {State["pace"]} pace */
const isOff = (pace) => pace === "picture_off" || pace === "picture_can_return";

/** @param {GuestView} view */
function shouldSee({ way, stage }) {
  return way === "video" && stage.name === "in" && stage.started && stage.desk_devices.camera;
}

/**
 * What is true of the conversation and worth saying, the most important first; two at most, since this is a small screen.
 * @param {State} state @param {GuestView} view @returns {string[]}
 */
function says(state, view) {
  const { stage, way } = view;
  const { devices } = state;
  const heard = devices.microphone && !devices.microphoneLost;
  const seen = devices.camera && !devices.cameraLost;
  if (stage.name !== "in") return [];
  /** @type {string[]} */
  const out = [];
  // The line to the service is told of above; without it nothing is known of the other side.
  if (state.socket === "open" && !stage.desk) out.push("desk_away");
  if (state.refused) return ["refused"];
  if (state.quiet) out.push("quiet");
  const data = dataSays(state.data, way);
  if (way === "text") {
    if (data) out.push(data);
    if (state.socket === "open" && stage.desk) out.push("typing");
    return out.slice(0, 2);
  }
  if (state.quiet) {
    // Where nothing is to be heard, what the line does to a voice is nobody's concern; that they are seen is.
    if (state.media === "connected" && !stage.started && seen) out.push("see");
    return out.slice(0, 2);
  }
  if (state.hushed) out.push("hushed");
  if (state.media === "impossible") out.push("no_media");
  else if (state.media === "interrupted") out.push("broken");
  else if (state.media !== "connected") out.push("connecting");
  else if (!stage.started) out.push(heard ? (seen ? "see_hear" : "hear") : seen ? "see" : "neither");
  else if (!stage.desk_devices.microphone) out.push("desk_muted");
  if (data) out.push(data);
  if (state.media === "connected") {
    if (state.pace === "voice_poor") out.push("poor");
    else if (!data && ((isOff(state.pace) && devices.camera) || (state.unpictured && shouldSee(view)))) out.push("picture_off");
    else if (!data && ((state.stills.own && devices.camera) || (state.stills.theirs && shouldSee(view)))) out.push("picture_still");
  }
  if (!devices.microphone && state.media !== "impossible") out.push(way === "video" && !devices.camera ? "muted_both" : "muted");
  // By voice there is nothing to see, so that all is well has to be said.
  if (!out.length && !seesPicture(state, view)) out.push("talk");
  return out.slice(0, 2);
}

/** Where the data a person set comes to its end, and what that stops. @param {Data} data @param {Way | null} way */
function dataSays({ low, picture, sound }, way) {
  if (!sound) return "data_out";
  if (way === "video" && !picture) return low ? "data_low_picture" : "data_picture";
  return low && way !== "text" ? "data_low" : null;
}

/**
 * What the page says without a press: where there is nothing to choose, no choice is asked for.
 * @param {State} state @returns {FromGuest | null}
 */
export function byItself(state) {
  const { view } = state;
  if (!view || state.socket !== "open" || state.pressed) return null;
  if (view.stage.name === "choosing" && view.ways.length === 1) return { type: "choose", way: view.ways[0] };
  if (view.stage.name === "preparing" && view.way === "text") return { type: "knock" };
  return null;
}

/**
 * Whether a press has been answered by this view, or fits it no more.
 * @param {Pressed} pressed @param {GuestView | null} before @param {GuestView} view
 */
export function settled(pressed, before, view) {
  // The question stands beside the conversation: only its own going away answers for it.
  if (pressed === "again") return !view.asked;
  if (pressed === "who") return !view.who_asked;
  if (pressed === "keep") return view.kept !== "asked";
  return !before || before.stage.name !== view.stage.name || before.way !== view.way;
}

/**
 * The view as it will be once the answer to the question asked again has arrived: the question is never seen twice, and
 * what an answer stops doesn't start again because the line was lost before the service heard of it.
 * @param {GuestView} view @param {string | null} answer none: what was said changes nothing else: who is there, or whether it may be kept
 * @returns {GuestView}
 */
export function assumed(view, answer) {
  if (answer === null) return { ...view, who_asked: false, kept: view.kept === "asked" ? "no" : view.kept };
  return answer === "type" ? { ...view, asked: false, way: "text" } : { ...view, asked: false };
}

/** Screens on which a person may need another way to be heard. */
const RINGING = ["finished", "taken", "stopped", "declined", "told", "moved"];

/** Whether the number is given: to who was early too, and from then on, so that nothing jumps under a finger. (In the waiting room, after ten minutes, it stands among the words.) @param {Screen} screen */
export function givesNumber(screen) {
  return RINGING.indexOf(screen.name) >= 0 || (typeof screen.at === "number" && !(screen.outside && screen.outside.length));
}

/** What is true of who can read what is typed; nothing, while nothing can be sent. @param {import("../parts/sealing.js").Sealing} sealing */
export function sealSays({ state, checked }) {
  if (state !== "sealed") return state === "refused" ? state : null;
  return checked ? "checked" : "unchecked";
}

/** What the service is told to be switched on. @param {State} state */
export function switchedOn(state) {
  const { devices, view } = state;
  return { microphone: devices.microphone && !devices.microphoneLost, camera: devices.camera && !devices.cameraLost, picture: Boolean(view && view.way === "video") };
}

/** Whether the screen is kept from going dark: where a person waits or talks without touching it. @param {Screen} screen */
export function keepsAwake(screen) {
  return screen.name === "waiting" || screen.name === "call" || screen.name === "told";
}

/**
 * Kilobytes a minute of each rung of a call over the relay, the sparest first: both directions and all heads together, where two
 * people speak in turns. The only such table: what is said before a call and what a person's data is shared out by is the same.
 * Too low, and someone's prepaid data runs out in the middle of a sentence. Too high, and they do without what they could have had.
 * @type {Record<Rung, number>}
 */
export const KILOBYTES_A_MINUTE = { text: 0, voice_least: 150, voice: 200, stills: 400, small: 1666, medium: 5000, large: 13000 };

/** @param {Way} way @param {number} minutes @returns {number} rounded so that it can be remembered; 0 for next to nothing */
export function megabytes(way, minutes) {
  const exact = (KILOBYTES_A_MINUTE[way === "video" ? "small" : way] * minutes) / 1000;
  const step = exact < 20 ? 1 : 5;
  return Math.ceil(exact / step) * step;
}
