// Camera, microphone and the call on the service user's phone, with a pretended camera and a pretended connection.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Media } from '../../web-client/join/media.js';
import { beginning } from '../../web-client/join/session.js';

const access = { urls: ['turn:relay.test:3478?transport=udp'], username: 'u', credential: 'c' };
const offer = { kind: 'offer', sdp: 'v=0' };
const candidate = { kind: 'candidate', candidate: 'c', mid: '0', line: 0 };
const watching = { microphone: true, camera: true, picture: true };

/** Everything that was done to the devices and the call, in order. */
function world({ way = 'video', refuse = null, slow = false } = {}) {
  const did = [];
  const state = beginning();
  let answer = () => {};
  class Devices {
    constructor({ onChange }) {
      this.onChange = onChange;
      this.audio = this.video = null;
      this.failures = { audio: null, video: null };
    }
    get microphoneOn() { return Boolean(this.audio); }
    get cameraOn() { return Boolean(this.video); }
    async start({ audio, video }) {
      did.push(`start ${audio ? 'microphone' : ''}${video ? ' camera' : ''}`);
      if (slow) await new Promise((done) => { answer = done; });
      if (refuse && refuse !== 'swap') this.failures = { audio: refuse, video: video ? refuse : null };
      else {
        this.audio = audio ? {} : null;
        this.video = video ? {} : null;
      }
      this.onChange();
    }
    async swapCamera() {
      did.push('swap');
      if (refuse === 'swap') this.failures.video = null;
      return refuse !== 'swap';
    }
    async setMicrophone(on) { did.push(`microphone ${on}`); this.audio = on ? {} : null; this.onChange(); }
    async setCamera(on) { did.push(`camera ${on}`); this.video = on ? {} : null; this.onChange(); }
    stop() { did.push('devices stopped'); this.audio = this.video = null; this.onChange(); }
  }
  class Call {
    setExpecting() {}
    constructor({ onChange }) { this.onChange = onChange; this.epoch = null; this.peer = null; this.remote = null; this.state = 'none'; this.access = null; }
    relay(epoch) { this.access = epoch; }
    enter(epoch) {
      if (this.epoch === epoch && this.peer) return;
      this.epoch = epoch;
      did.push(`enter ${epoch}`);
      this.signed = this.signing;
      if (this.access === epoch) { this.peer = {}; this.state = 'connecting'; this.onChange(); }
    }
    signal(epoch, signal) { did.push(`signal ${epoch} ${signal.kind}`); }
    leave() { if (this.epoch !== null) did.push('call left'); this.epoch = null; this.peer = null; this.remote = null; this.state = 'none'; }
    update() {}
    restart() { did.push('restart'); }
  }
  let fetches = 0;
  let callFetches = 0;
  let down = false;
  const media = new Media({
    state,
    send: () => true,
    changed: () => {},
    fetched: () => {},
    play: (stream) => did.push(stream ? 'play' : 'silence'),
    code: {
      devices: async () => {
        fetches += 1;
        if (down) throw new Error('no network');
        return { Devices };
      },
      call: async () => {
        callFetches += 1;
        if (down) throw new Error('no network');
        return [{ Call }];
      },
    },
  });
  const { attempt } = Media.prototype;
  // Whoever has tried their devices waits, and the rest of the code comes meanwhile.
  media.attempt = async (wanted) => {
    await attempt.call(media, wanted);
    if (media.devices) await media.loadCall();
  };
  const see = (stage, more = {}) => {
    state.view = { way, stage: { desk_devices: watching, ...stage }, ...more };
    media.follow();
  };
  return {
    state, media, see,
    answer: () => answer(),
    network: (up) => { down = !up; },
    fetches: () => fetches,
    callFetches: () => callFetches,
    /** What was done since the last look. */
    did: () => did.splice(0),
  };
}
const settle = () => new Promise((done) => setTimeout(done, 5));

test('being put back switches camera and microphone off at once', async () => {
  const { media, see, did, state } = world();
  await media.attempt('video');
  media.relay(7, access);
  see({ name: 'in', epoch: 7 });
  did();
  see({ name: 'waiting' });
  assert.deepEqual(did(), ['silence', 'call left', 'silence', 'devices stopped']);
  assert.deepEqual([state.devices.microphone, state.devices.camera], [false, false]);
});

test('trying camera and microphone fetches nothing of the conversation: that comes while the person waits, once', async () => {
  const { media, see, callFetches } = world();
  await Media.prototype.attempt.call(media, 'video');
  assert.equal(callFetches(), 0);
  await Promise.all([media.loadCall(), media.loadCall()]);
  see({ name: 'in', epoch: 7 });
  assert.equal(callFetches(), 1);
});

test('what was tried at the door stays ready while waiting for the first time', async () => {
  const { media, see, did, state } = world();
  await media.attempt('video');
  did();
  see({ name: 'waiting' });
  see({ name: 'waiting' });
  assert.deepEqual(did(), []);
  assert.deepEqual([state.devices.microphone, state.devices.camera], [true, true]);
});

test('the end switches everything off, also where nobody was talking yet', async () => {
  const { media, see, did, state } = world();
  await media.attempt('voice');
  did();
  see({ name: 'over', why: 'ended' });
  assert.deepEqual(did(), ['silence', 'devices stopped']);
  assert.equal(state.devices.microphone, false);
});

test('admission switches nothing on', async () => {
  const { media, see, did, state } = world();
  media.relay(7, access);
  see({ name: 'in', epoch: 7 });
  await settle();
  assert.deepEqual(did().filter((one) => /^(start|microphone|camera)/.test(one)), []);
  assert.deepEqual([state.devices.microphone, state.devices.camera], [false, false]);
});

test('what the other side says before the code is there is kept, and only the latest of it', async () => {
  const { media, see, did } = world();
  media.relay(7, access);
  media.signal(7, candidate);
  media.signal(7, offer);
  media.signal(7, candidate);
  see({ name: 'in', epoch: 7 });
  await settle();
  assert.deepEqual(did(), ['enter 7', 'silence', 'signal 7 offer', 'signal 7 candidate']);
  media.signal(7, candidate);
  assert.deepEqual(did(), ['signal 7 candidate']);
});

test('what belongs to an older conversation is dropped', async () => {
  const { media, see, did } = world();
  media.relay(7, access);
  media.signal(7, offer);
  media.relay(8, access);
  media.signal(8, offer);
  see({ name: 'in', epoch: 8 });
  await settle();
  assert.deepEqual(did(), ['enter 8', 'silence', 'signal 8 offer']);
});

test('typing connects no sound; the code of the call is not even fetched', async () => {
  const { media, see, did, fetches } = world({ way: 'text' });
  media.relay(7, access);
  media.signal(7, offer);
  see({ name: 'in', epoch: 7 });
  await settle();
  assert.deepEqual([did(), fetches()], [[], 0]);
  see({ name: 'in', epoch: 7 }, { way: 'voice' });
  await settle();
  assert.deepEqual(did(), ['enter 7', 'silence', 'signal 7 offer'], 'one press later it talks');
});

test('voice only at the desk switches the camera off, and nothing but a press switches it on again', async () => {
  const { media, see, did, state } = world();
  await media.attempt('video');
  media.relay(7, access);
  see({ name: 'in', epoch: 7 });
  see({ name: 'in', epoch: 7, desk_devices: { ...watching, picture: false } });
  see({ name: 'in', epoch: 7 });
  assert.deepEqual(did().filter((one) => one.startsWith('camera')), ['camera false']);
  assert.equal(state.devices.camera, false);
  await media.camera(true);
  assert.equal(state.devices.camera, true);
});

test('a desk that has not said yet what it shows switches nothing off', async () => {
  const { media, see, did } = world();
  await media.attempt('video');
  media.relay(7, access);
  see({ name: 'in', epoch: 7, desk_devices: { microphone: false, camera: false, picture: false } });
  assert.deepEqual(did().filter((one) => one.startsWith('camera')), []);
});

test('a refusal is told, and can be tried again', async () => {
  const { media, state } = world({ refuse: 'refused' });
  await media.attempt('video');
  assert.deepEqual(state.devices, { step: 'tried', asked: null, microphone: false, camera: false, swap: false, swapFailed: false, wentDark: false, microphoneFailure: 'refused', cameraFailure: 'refused' });
  const trying = media.attempt('video');
  assert.deepEqual([state.devices.step, state.devices.microphoneFailure], ['asking', null]);
  await trying;
  assert.equal(state.devices.step, 'tried');
});

test('code that could not be fetched is no dead end: it is told, and fetched again', async () => {
  const { media, network, state, fetches } = world();
  network(false);
  await media.attempt('voice');
  assert.deepEqual([state.devices.step, state.devices.microphoneFailure], ['tried', 'failed']);
  network(true);
  await media.attempt('voice');
  assert.deepEqual([state.devices.microphone, state.devices.microphoneFailure, fetches()], [true, null, 2]);
});

test('a question answered after the person went on changes nothing they see', async () => {
  const { media, state, answer } = world({ slow: true });
  const trying = media.attempt('voice');
  await settle();
  media.stop();
  answer();
  await trying;
  assert.equal(state.devices.step, 'untouched');
});

test('typing instead, in the middle of a call: sound and lights go at once, and nothing brings them back', async () => {
  const { media, see, did, state } = world();
  await media.attempt('video');
  media.relay(7, access);
  see({ name: 'in', epoch: 7 });
  did();
  media.stop();
  assert.deepEqual(did(), ['silence', 'devices stopped', 'call left']);
  state.view = { ...state.view, way: 'text' };
  media.follow();
  media.signal(7, offer);
  see({ name: 'in', epoch: 7 }, { way: 'text' });
  assert.deepEqual(did(), []);
});

test('a way that becomes typing by itself ends the connection as well', async () => {
  const { media, see, did } = world();
  await media.attempt('voice');
  media.relay(7, access);
  see({ name: 'in', epoch: 7 });
  did();
  see({ name: 'in', epoch: 7 }, { way: 'text' });
  assert.deepEqual(did(), ['silence', 'call left']);
});

test('a service that was started again brings the call back with what was on, without a press', async () => {
  const { media, see, did, state } = world();
  await media.attempt('video');
  media.relay(7, access);
  see({ name: 'in', epoch: 7 });
  did();
  media.relay(8, access);
  see({ name: 'in', epoch: 8 });
  assert.deepEqual(did(), ['enter 8', 'silence']);
  assert.deepEqual([state.devices.microphone, state.devices.camera], [true, true]);
});

test('another camera that fails is told of, until the next press', async () => {
  const { media, state, did } = world({ refuse: 'swap' });
  await media.attempt('video');
  did();
  await media.swap();
  assert.deepEqual([did(), state.devices.swapFailed, state.devices.camera], [['swap'], true, true]);
  await media.camera(false);
  assert.equal(state.devices.swapFailed, false);
});

test('where the data no longer reaches for sound, none is connected until it does', async () => {
  const { media, see, did, state } = world({ way: 'voice' });
  await media.attempt('voice');
  media.relay(7, access);
  see({ name: 'in', epoch: 7 });
  did();
  state.data.sound = false;
  see({ name: 'in', epoch: 7 });
  see({ name: 'in', epoch: 7 });
  assert.deepEqual(did(), ['silence', 'call left']);
  state.data.sound = true;
  see({ name: 'in', epoch: 7 });
  assert.deepEqual(did(), ['enter 7', 'silence']);
});

test('a conversation with somebody who signs is one from its first picture on', async () => {
  for (const signing of [true, false]) {
    const { media, see } = world();
    await media.attempt('video');
    media.relay(7, access);
    see({ name: 'in', epoch: 7, started: true }, { signing });
    assert.equal(media._call.signed, signing);
  }
});
