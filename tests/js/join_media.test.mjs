// Camera, microphone and the call on the service user's phone, with a pretended camera and a pretended connection.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Media } from '../../web-client/join/media.js';
import { beginning, screenOf, switchedOn } from '../../web-client/join/session.js';

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
    constructor({ onChange, mayOpen, onUnplugged }) {
      Object.assign(this, { onChange, mayOpen, unplugged: onUnplugged });
      this.audio = this.video = null;
      this.failures = { audio: null, video: null };
      this.lost = { audio: null, video: null };
    }
    seek() {}
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
    get stills() { return { own: false, theirs: false, picture: null }; }
    setExpecting() {}
    setShown(shown) { this.shown = shown; }
    setCeiling(rung) { this.ceiling = rung; }
    lineBack() { did.push('line back'); }
    tellAgain() { this.told = (this.told || 0) + 1; }
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
  let hidden = false;
  const media = new Media({
    state,
    hidden: () => hidden,
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
    state.view = { way, ways: ['video', 'voice', 'text'], stage: { desk_devices: watching, ...stage }, ...more };
    media.follow();
  };
  return {
    state, media, see,
    hide: (yes) => { hidden = yes; },
    call: () => media._call,
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
  assert.deepEqual(state.devices, { step: 'tried', asked: null, microphone: false, camera: false, microphoneLost: null, cameraLost: null, swap: false, swapFailed: false, wentDark: false, microphoneFailure: 'refused', cameraFailure: 'refused' });
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

test('what is not shown is not asked for: no picture where the page is out of sight or the way has none, nothing at all under a cover', async () => {
  const { media, see, state, hide, call } = world();
  await media.attempt('video');
  media.relay(7, access);
  see({ name: 'in', epoch: 7 });
  const shown = () => {
    media.show();
    return call().shown;
  };
  assert.equal(call().shown, 'all');
  hide(true);
  assert.equal(shown(), 'voice');
  state.covered = true;
  assert.equal(shown(), 'nothing');
  hide(false);
  assert.equal(shown(), 'nothing', 'back in sight, and still covered');
  state.covered = false;
  assert.equal(shown(), 'all');
  see({ name: 'in', epoch: 7 }, { way: 'voice' });
  assert.equal(call().shown, 'voice');
});

test('what was told while a line was lost, ours or theirs, is told again once and not with each view', async () => {
  const { media, see, call, did } = world();
  await media.attempt('video');
  media.relay(7, access);
  see({ name: 'in', epoch: 7, desk: true });
  see({ name: 'in', epoch: 7, desk: true });
  const before = call().told;
  see({ name: 'in', epoch: 7, desk: false });
  see({ name: 'in', epoch: 7, desk: true });
  see({ name: 'in', epoch: 7, desk: true });
  assert.equal(call().told, before + 1, 'the desk was away');
  media.lineBack();
  assert.deepEqual(did().slice(-1), ['line back']);
  see({ name: 'in', epoch: 7, desk: true });
  assert.equal(call().told, before + 2, 'the phone was');
});

test('a microphone or a camera that is lost while it is on is said so, and the other side is told what is true', async () => {
  const { media, see, state } = world();
  await media.attempt('video');
  media.relay(7, access);
  see({ name: 'in', epoch: 7, desk: true, started: true });
  Object.assign(state, { place: 'session', socket: 'open' });
  const shown = () => {
    media.devices.onChange();
    const { microphone, trouble } = screenOf(state);
    return [microphone, trouble && trouble.failure, switchedOn(state).microphone];
  };
  media.devices.lost.audio = 'busy';
  assert.deepEqual(shown(), [true, 'lost.busy', false], 'the button still switches it off');
  media.devices.lost.audio = null;
  assert.deepEqual(shown(), [true, null, true]);
  // Looked for to the end: off, and why.
  media.devices.audio = null;
  media.devices.failures.audio = 'busy';
  assert.deepEqual(shown(), [false, 'busy', false]);
});

test('where headphones come out in a conversation the sound waits for a press, and nothing waits where none is', async () => {
  const { media, see, state } = world();
  await media.attempt('video');
  media.devices.unplugged();
  assert.equal(state.hushed, false, 'nobody is heard in the waiting room');
  media.relay(7, access);
  see({ name: 'in', epoch: 7, desk: true, started: true });
  Object.assign(state, { place: 'session', socket: 'open', media: 'connected' });
  media.devices.unplugged();
  const { hushed, says } = screenOf(state);
  assert.deepEqual([hushed, says[0]], [true, 'hushed']);
  media.unhush();
  assert.equal(screenOf(state).hushed, false);
  media.devices.unplugged();
  see({ name: 'waiting' });
  assert.equal(state.hushed, false, 'the next conversation begins as every one');
});

test('nothing that was lost comes on again while the page is out of sight or covered', async () => {
  const { media, state, hide } = world();
  await media.attempt('video');
  assert.equal(media.devices.mayOpen(), true);
  hide(true);
  assert.equal(media.devices.mayOpen(), false);
  hide(false);
  state.covered = true;
  assert.equal(media.devices.mayOpen(), false);
});

test('what the data reaches for is known to the call, whichever of them came first', async () => {
  const { media, call } = world();
  media.setCeiling('voice');
  await media.attempt('video');
  assert.equal(call().ceiling, 'voice');
  media.setCeiling('small');
  assert.equal(call().ceiling, 'small');
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
