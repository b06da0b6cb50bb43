// What of the practitioner runs, and when: look first, put back, the end. With a camera, a microphone and a connection
// made of nothing, so that it is seen what they are told.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { contact, someone } from "./desk_world.mjs";

const taken = [];
class Track {
  constructor(kind) {
    Object.assign(this, { kind, readyState: "live", enabled: true, onended: null });
    taken.push(this);
  }
  stop() {
    this.readyState = "ended";
  }
}
class Stream {
  constructor(tracks = []) {
    this.tracks = tracks;
  }
  getTracks() {
    return this.tracks.slice();
  }
  addTrack(track) {
    this.tracks.push(track);
  }
  removeTrack(track) {
    this.tracks = this.tracks.filter((one) => one !== track);
  }
}
const connections = [];
class Connection {
  constructor() {
    Object.assign(this, { signalingState: "stable", connectionState: "new", iceConnectionState: "new", transceivers: [] });
    connections.push(this);
  }
  addTransceiver(kind, { direction }) {
    const transceiver = {
      direction,
      sending: null,
      replaced: 0,
      receiver: { track: { kind } },
      sender: {
        replaceTrack: async (track) => {
          transceiver.sending = track;
          transceiver.replaced += 1;
        },
        getParameters: () => ({}),
        setParameters: async () => {},
      },
    };
    this.transceivers.push(transceiver);
    return transceiver;
  }
  getTransceivers() {
    return this.transceivers;
  }
  restartIce() {
    this.restarted = true;
  }
  async setLocalDescription() {}
  close() {
    this.signalingState = "closed";
  }
}
let refuses = [];
Object.assign(globalThis, { window: { isSecureContext: true }, MediaStream: Stream, RTCPeerConnection: Connection });
Object.defineProperty(globalThis, "navigator", {
  configurable: true,
  value: {
    mediaDevices: {
      async getUserMedia({ audio, video }) {
        if ((audio && refuses.includes("audio")) || (video && refuses.includes("video")))
          throw Object.assign(new Error(), { name: "NotAllowedError" });
        return new Stream([...(audio ? [new Track("audio")] : []), ...(video ? [new Track("video")] : [])]);
      },
    },
  },
});
const { Conversation } = await import("../../web-client/desk/conversation.js");

const inside = (epoch, started, other = {}) =>
  contact("a", { people: [someone({ name: "in", epoch, started }, { way: "video", ...other })] });
const waiting = contact("a", { people: [someone("waiting", { way: "video" })] });
const live = () => taken.filter((track) => track.readyState === "live").map((track) => track.kind);
const sending = () =>
  connections
    .flatMap((one) => one.transceivers)
    .map((one) => (one.sending ? one.sending.kind : null))
    .filter(Boolean);

let acts;
let conversation;
/** Admitted, with access to the relay as it comes before the view. */
function admitted(epoch, started, other) {
  conversation.relay({ contact: "a", person: "p1", epoch, access: { urls: ["turn:192.0.2.1:3478"], username: "u", credential: "c" } });
  const view = inside(epoch, started, other);
  conversation.see([view]);
  return view;
}
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

beforeEach(() => {
  taken.length = connections.length = 0;
  refuses = [];
  acts = [];
  conversation = new Conversation({ send: (_, act) => acts.push(act) > 0, onChange: () => {} });
  conversation.sealedBy(() => ({ bind: async () => "bound", isBound: async () => true }));
});

test("on admitting, the connection stands and nothing of the practitioner is on or sent", async () => {
  admitted(1, false);
  await settle();
  assert.equal(connections.length, 1);
  assert.deepEqual([live(), sending()], [[], []]);
});

test("“It's them” starts what the person's way needs, and only then is it sent", async () => {
  for (const [way, kinds] of [
    ["video", ["audio", "video"]],
    ["voice", ["audio"]],
    ["text", []],
  ]) {
    taken.length = connections.length = 0;
    conversation = new Conversation({ send: () => true, onChange: () => {} });
    const view = admitted(1, false, { way });
    await conversation.begin(view);
    assert.deepEqual(live(), kinds, way);
    assert.deepEqual(sending(), [], `${way}: not before the service says that it is started`);
    conversation.see([inside(1, true, { way })]);
    assert.deepEqual(sending(), kinds, way);
  }
});

test("putting back stops every track and the connection at once, before the service has answered", async () => {
  const view = admitted(1, false);
  await conversation.begin(view);
  const started = inside(1, true);
  conversation.see([started]);
  conversation.halt(started);
  assert.deepEqual([live(), connections[0].signalingState, conversation.contact], [[], "closed", null]);
  // A view that was on its way when the press was made starts nothing again.
  conversation.see([inside(1, true, { hidden: true })]);
  assert.deepEqual([connections.length, conversation.contact], [1, null]);
});

test("one that was off is not switched on by admitting again", async () => {
  await conversation.begin(admitted(1, false));
  conversation.see([inside(1, true)]);
  await conversation.toggleCamera();
  conversation.halt(inside(1, true));
  conversation.see([waiting]);
  await conversation.begin(admitted(2, false));
  assert.deepEqual(live(), ["audio"]);
});

test("after the page was loaded again, both are off until they are pressed", async () => {
  const view = admitted(1, true);
  await settle();
  assert.deepEqual(live(), []);
  assert.equal(conversation.talk(view).fresh, true);
  await conversation.toggleMicrophone();
  assert.deepEqual(live(), ["audio"]);
});

test("when the person leaves or the contact ends, everything stops by itself and no word goes out about it", async () => {
  for (const over of [
    contact("a", { people: [someone({ name: "left", how: "exit" })] }),
    contact("a", { ended: 5, people: [someone("ended")] }),
    waiting,
  ]) {
    taken.length = 0;
    conversation = new Conversation({ send: (_, act) => acts.push(act) > 0, onChange: () => {} });
    await conversation.begin(admitted(1, false));
    conversation.see([inside(1, true)]);
    acts.length = 0;
    conversation.see([over]);
    assert.deepEqual([live(), acts, conversation.contact], [[], [], null]);
  }
});

test("a page that no longer holds the conversation lets go of it at once", async () => {
  await conversation.begin(admitted(1, false));
  conversation.see([inside(1, true)]);
  conversation.see([{ ...inside(1, true), held: "elsewhere" }]);
  assert.deepEqual([live(), conversation.contact], [[], null]);
});

test("voice only stops the camera and wants no picture of them, and back brings our own as it was", async () => {
  await conversation.begin(admitted(1, false));
  conversation.see([inside(1, true)]);
  const wants = () => acts.filter((act) => act.do === "devices").pop().devices.picture;
  await conversation.toggleVoiceOnly();
  assert.deepEqual([live(), wants()], [["audio"], false]);
  await conversation.toggleVoiceOnly();
  assert.deepEqual([live(), wants()], [["audio", "video"], true]);
  await conversation.toggleCamera();
  await conversation.toggleVoiceOnly();
  await conversation.toggleVoiceOnly();
  assert.deepEqual(live(), ["audio"], "a camera that was off before stays off");
});

test("when they go over to voice our camera goes off, and stays off when they come back to video", async () => {
  await conversation.begin(admitted(1, false));
  conversation.see([inside(1, true)]);
  conversation.see([inside(1, true, { way: "voice", devices: { microphone: true, camera: false, picture: false } })]);
  assert.deepEqual(live(), ["audio"]);
  conversation.see([inside(1, true, { devices: { microphone: true, camera: true, picture: true } })]);
  assert.deepEqual(live(), ["audio"]);
});

test("who types has no connection for sound and picture until they choose otherwise", () => {
  admitted(1, false, { way: "text" });
  assert.equal(connections.length, 0);
  conversation.see([inside(1, true, { way: "voice" })]);
  assert.equal(connections.length, 1);
});

test("a blocked camera doesn't cost the microphone, and says why", async () => {
  refuses = ["video"];
  const view = admitted(1, false);
  await conversation.begin(view);
  assert.deepEqual(live(), ["audio"]);
  assert.deepEqual(conversation.talk(view).failures, { audio: null, video: "refused" });
});

test("the service is told what is on, once, and anew after a reconnect", async () => {
  admitted(1, true);
  assert.deepEqual(acts, [{ do: "devices", devices: { microphone: false, camera: false, picture: true } }]);
  await conversation.toggleMicrophone();
  conversation.see([inside(1, true)]);
  assert.deepEqual(acts.slice(1), [{ do: "devices", devices: { microphone: true, camera: false, picture: true } }]);
  conversation.reconnected();
  conversation.see([inside(1, true)]);
  assert.deepEqual(acts.slice(2), [], "not before the service has told of the conversation: it may not know us there yet");
  conversation.see([inside(1, true)], "b");
  assert.deepEqual(acts.slice(2), []);
  conversation.see([inside(1, true)], "a");
  assert.deepEqual(acts.slice(2), [{ do: "devices", devices: { microphone: true, camera: false, picture: true } }]);
});

test("after a restart of the service, sound and picture go on in a new connection with no press", async () => {
  await conversation.begin(admitted(1, false));
  conversation.see([inside(1, true)]);
  const tracks = taken.slice();
  conversation.reconnected();
  conversation.restart();
  conversation.see([inside(1, true)]);
  conversation.relay({ contact: "a", person: "p1", epoch: 2, access: { urls: ["turn:192.0.2.1:3478"], username: "v", credential: "d" } });
  conversation.see([inside(2, true)], "a");
  await settle();
  assert.deepEqual([connections.map((one) => one.signalingState), sending()], [["closed", "stable"], ["audio", "video", "audio", "video"]]);
  assert.deepEqual(connections[1].transceivers.map((one) => one.sending), tracks, "the same camera and microphone: nothing went off and on");
  assert.deepEqual(live(), ["audio", "video"]);
});

test("after a restart, what was off stays off, and looking first stays looking", async () => {
  admitted(1, false);
  conversation.reconnected();
  conversation.restart();
  admitted(2, false);
  await settle();
  assert.deepEqual([live(), sending()], [[], []]);
  await conversation.begin(inside(2, false));
  conversation.see([inside(2, true)]);
  await conversation.toggleCamera();
  await conversation.toggleMicrophone();
  conversation.reconnected();
  admitted(3, true);
  assert.equal(conversation.devices.microphoneOn, false);
  assert.equal(conversation.talk(inside(3, true)).fresh, false, "this page wasn't loaded anew");
});

test("signals that found nobody there are made up for when the phone is back", async () => {
  const view = admitted(1, true);
  conversation.missed("a");
  conversation.see([inside(1, true, { lost: 5 })], "a");
  assert.equal(connections[0].restarted, undefined);
  conversation.see([inside(1, true)], "a");
  assert.equal(connections[0].restarted, true);
  connections[0].restarted = false;
  conversation.see([inside(1, true, { lost: 9 })], "a");
  conversation.see([inside(1, true)], "a");
  assert.equal(connections[0].restarted, false, "none was missed");
  assert.equal(view.id, "a");
});

test("a Firefox that gave its way up asks for a new connection once they are both back, and for none before or besides", async () => {
  const reconnect = [{ do: "reconnect", person: inside(1, true).people[0].id, epoch: 1 }];
  const firefox = { type: "offer", sdp: "v=0\r\no=mozilla...THIS_IS_SDPARTA-99.0 1 0 IN IP4 0.0.0.0\r\n" };
  admitted(1, true);
  const asks = () => acts.filter((act) => act.do === "reconnect");
  const back = (state) => {
    Object.assign(connections[0], { iceConnectionState: state, localDescription: firefox });
    conversation.reconnected();
    conversation.see([inside(1, true, { lost: 5 })], "a");
    assert.deepEqual(asks(), [], "they aren't back yet");
    conversation.see([inside(1, true)], "a");
  };
  back("disconnected");
  assert.deepEqual(asks(), [], "what may heal isn't thrown away");
  back("failed");
  assert.deepEqual(asks(), reconnect);
  conversation.see([inside(1, true)], "a");
  assert.deepEqual(asks(), reconnect, "once");
  conversation.relay({ contact: "a", person: "p1", epoch: 2, access: { urls: ["turn:192.0.2.1:3478"], username: "v", credential: "d" } });
  conversation.see([inside(2, true)], "a");
  assert.equal(connections.length, 2);
});

test("an alarm changes nothing of what is sent: no act, no signal, no track, no size", async (t) => {
  // An offer without an answer is said again for ever.
  t.after(() => conversation.halt(inside(1, true)));
  await conversation.begin(admitted(1, false));
  conversation.see([inside(1, true)], "a");
  await settle();
  const before = connections[0].transceivers.map((one) => one.sending);
  const calls = connections[0].transceivers.map((one) => one.replaced);
  acts.length = 0;
  // The most that could follow: an offer without an answer, which is said again where they may not have heard it.
  Object.assign(connections[0], { signalingState: "have-local-offer", localDescription: { type: "offer", sdp: "v=0" } });
  const used = { at: 9, person: "p1", what: "alarm", how: "typed" };
  conversation.see([{ ...inside(1, true), open: [{ person: "p1", matter: "alarm", since: 9 }], history: [used] }], "a");
  await settle();
  assert.deepEqual([acts, connections.length, connections[0].restarted, live()], [[], 1, undefined, ["audio", "video"]]);
  const now = connections[0].transceivers;
  assert.deepEqual([now.map((one) => one.sending), now.map((one) => one.replaced)], [before, calls]);
  // Back from a loss it is said again: so the offer would have been seen above.
  conversation.see([inside(1, true, { lost: 9 })], "a");
  conversation.see([inside(1, true)], "a");
  await settle();
  assert.deepEqual(
    acts.map((act) => act.signal && act.signal.kind),
    ["offer"],
  );
});

test("a service that was started again has the way to the other side looked for anew", () => {
  admitted(1, true);
  conversation.restart();
  assert.equal(connections[0].restarted, true);
});

test("a microphone that something else has is told to be off, and back on when it gives sound again", async () => {
  await conversation.begin(admitted(1, false));
  conversation.see([inside(1, true)]);
  const told = () => acts.filter((act) => act.do === "devices").pop().devices.microphone;
  conversation.devices.lost.audio = "busy";
  conversation._devicesChanged();
  const talk = conversation.talk(inside(1, true));
  assert.deepEqual([told(), talk.microphone, talk.lost.audio], [false, true, "busy"]);
  conversation.devices.lost.audio = null;
  conversation._devicesChanged();
  assert.equal(told(), true);
});

test("what was hushed because headphones came out waits for a press in this conversation alone", () => {
  admitted(1, true);
  conversation.hushed = true;
  assert.equal(conversation.talk(inside(1, true)).blocked, true);
  conversation.see([waiting]);
  admitted(2, true);
  assert.equal(conversation.talk(inside(2, true)).blocked, false);
});

test("a desk that shows no picture asks for none, in this conversation and the next, and says so again after a loss", async () => {
  const paces = () => acts.filter((act) => act.signal && act.signal.kind === "pace").map((act) => act.signal.unseen);
  const stands = () => {
    const last = connections[connections.length - 1];
    last.connectionState = last.iceConnectionState = "connected";
    last.onconnectionstatechange();
  };
  admitted(1, true);
  stands();
  conversation.setSeen(false);
  conversation.setSeen(false);
  conversation.see([inside(1, true)], "a");
  assert.deepEqual(paces(), [false, true]);
  conversation.reconnected();
  conversation.see([inside(1, true)], "a");
  assert.deepEqual(paces(), [false, true, true]);
  conversation.halt(inside(1, true));
  conversation.see([waiting]);
  admitted(2, true);
  stands();
  conversation.setSeen(true);
  assert.deepEqual(paces(), [false, true, true, true, false]);
  conversation.halt(inside(2, true));
});

test("with somebody who signs the practitioner's picture keeps its movement too", async () => {
  for (const signing of [true, false]) {
    taken.length = connections.length = 0;
    conversation = new Conversation({ send: () => true, onChange: () => {} });
    conversation.relay({ contact: "a", person: "p1", epoch: 1, access: { urls: ["turn:192.0.2.1:3478"], username: "u", credential: "c" } });
    const view = (started) => ({ ...inside(1, started), details: { ...inside(1, started).details, signing } });
    conversation.see([view(false)]);
    await conversation.begin(view(false));
    conversation.see([view(true)]);
    assert.equal(conversation._calls["a p1"]._plan.picture.framerate >= 20, signing);
  }
});
