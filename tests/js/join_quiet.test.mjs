// Quiet mode: what stops, in which order, what brings it back, and what is stronger.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cover } from '../../web-client/join/cover.js';
import { Quiet } from '../../web-client/join/quiet.js';
import { beginning, screenOf } from '../../web-client/join/session.js';

const watching = { microphone: true, camera: true, picture: true };
const inside = { name: 'in', since: 1, epoch: 7, desk: true, started: true, desk_devices: watching };
const waits = { name: 'waiting', since: 1, desk: true, late: false };

/** A page that talks with camera and microphone on; `did` is what happened since the last look, in order. */
function page({ when_hidden = 'quiet', stage = inside, way = 'video', more = {} } = {}) {
  const did = [];
  const state = { ...beginning(), place: 'session', socket: 'open', media: 'connected', ...more };
  state.view = { greeting: 'Jo', practitioner: 'Sam', starts_at: 1, minutes: 30, ways: ['video', 'voice', 'text'], waiting_words: null, way, asked: false, when_hidden, stage };
  const devices = {
    audio: {},
    microphoneOn: true,
    cameraOn: true,
    stop() { did.push('devices stopped'); this.microphoneOn = this.cameraOn = false; this.changed(); },
    setCamera(on) { did.push(`camera ${on}`); this.cameraOn = on; this.changed(); },
    dropMicrophone() { did.push('microphone let go'); this.audio = null; this.microphoneOn = false; this.changed(); },
    changed() { Object.assign(state.devices, { microphone: this.microphoneOn, camera: this.cameraOn }); quiet.follow(); },
  };
  const told = () => did.push(`told ${state.quiet ? 'quiet' : 'loud'}${state.covered ? ', covered' : ''}`);
  const drawn = () => did.push(`drawn ${screenOf(state).name}`);
  // As the page joins them: what is heard is what a cover lets through, unless it is quiet.
  const cover = new Cover({
    state,
    devices: () => devices,
    play: (stream) => did.push(stream && !state.quiet ? `hears ${stream}` : 'silence'),
    keep: () => {},
    tell: told,
    draw: drawn,
    read: () => {},
  });
  const quiet = new Quiet({ state, devices: () => devices, hear: () => cover.hear(), keep: (on) => did.push(`kept ${on}`), tell: told, draw: drawn });
  devices.changed();
  cover.play('Sam');
  did.length = 0;
  return { state, cover, quiet, devices, did: () => did.splice(0) };
}

test('the speaker stops first, then the microphone is let go, and only then is anything drawn, kept or told; the camera stays', () => {
  for (const stage of [inside, waits]) {
    const { quiet, did, state } = page({ stage });
    quiet.on();
    assert.deepEqual(did(), ['silence', 'microphone let go', `drawn ${stage === inside ? 'call' : 'waiting'}`, 'kept true', 'told quiet']);
    assert.deepEqual([state.devices.microphone, state.devices.camera], [false, true]);
    quiet.on();
    assert.deepEqual(did(), [], 'pressed twice is pressed once');
  }
});

test('one press brings the sound back; the microphone stays off', () => {
  const { quiet, did, state } = page();
  quiet.on();
  did();
  quiet.off();
  assert.deepEqual(did(), ['kept false', 'hears Sam', 'drawn call', 'told loud']);
  assert.deepEqual([state.devices.microphone, state.devices.camera], [false, true]);
  quiet.off();
  assert.deepEqual(did(), []);
});

test('a microphone that is only muted is let go too', () => {
  const { quiet, devices, did } = page();
  devices.microphoneOn = false;
  quiet.on();
  assert.equal(did()[1], 'microphone let go');
});

test('a connection made anew stays silent, and a microphone that comes on by an older press goes off again', () => {
  const { quiet, cover, devices, did } = page();
  quiet.on();
  did();
  cover.play('Sam, connected anew');
  assert.deepEqual(did(), ['silence']);
  devices.microphoneOn = true;
  devices.changed();
  assert.deepEqual([did(), devices.microphoneOn], [['microphone let go'], false]);
});

test('with a cover both hold: carry on lifts the cover and brings no sound, and turning the sound on is not offered under it', () => {
  const { quiet, cover, did, state } = page();
  quiet.on();
  cover.outOfSight();
  did();
  assert.deepEqual(screenOf(state), { name: 'covered', line: null });
  quiet.off();
  assert.equal(did().includes('hears Sam'), false, 'even if it were pressed');
  quiet.on();
  did();
  cover.carryOn();
  const after = did();
  assert.ok(after.includes('silence') && !after.includes('hears Sam'), String(after));
  assert.deepEqual([state.covered, state.quiet, screenOf(state).name], [false, true, 'call']);
});

test('where the voice goes on out of sight, it does not in quiet mode', () => {
  const { quiet, cover, did, state } = page({ when_hidden: 'voice' });
  quiet.on();
  did();
  assert.equal(cover.outOfSight(), false);
  cover.play('Sam, connected anew');
  assert.deepEqual([did(), state.quiet], [['camera false', 'silence'], true]);
});

test('it begins only where somebody waits or talks, and ends for who comes to the door anew', () => {
  for (const more of [{ ended: 'goodbye' }]) assert.equal((({ quiet, state }) => { quiet.on(); return state.quiet; })(page({ more })), false);
  for (const stage of [{ name: 'asked' }, { name: 'preparing' }, { name: 'told' }, { name: 'over', why: 'ended' }]) {
    const { quiet, state } = page({ stage });
    quiet.on();
    assert.equal(state.quiet, false, stage.name);
  }
  const { quiet, did, state } = page();
  quiet.on();
  did();
  state.view = { ...state.view, stage: waits };
  quiet.follow();
  assert.equal(state.quiet, true, 'put back, it stays quiet');
  state.view = { ...state.view, stage: { name: 'over', why: 'ended' } };
  quiet.follow();
  assert.equal(state.quiet, true, 'the last page is no brighter');
  state.view = { ...state.view, stage: { name: 'asked' } };
  quiet.follow();
  assert.equal(state.quiet, false);
});
