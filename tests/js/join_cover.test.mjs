// The page out of sight: what stops, in which order, and what it takes to go on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cover } from '../../web-client/join/cover.js';
import { beginning, screenOf } from '../../web-client/join/session.js';

const watching = { microphone: true, camera: true, picture: true };
const inside = { name: 'in', since: 1, epoch: 7, desk: true, started: true, desk_devices: watching };
const waits = { name: 'waiting', since: 1, desk: true, late: false };

/** A page that talks with camera and microphone on; `did` is what happened since the last look, in order. */
function page({ when_hidden = 'quiet', stage = inside, way = 'video', more = {} } = {}) {
  const did = [];
  const state = { ...beginning(), place: 'session', socket: 'open', media: 'connected', ...more };
  state.view = { greeting: 'Jo', practitioner: 'Sam', starts_at: 1, minutes: 30, ways: ['video', 'voice', 'text'], waiting_words: 'Soon.', way, asked: false, when_hidden, stage };
  const devices = {
    microphoneOn: true,
    cameraOn: true,
    stop() { did.push('devices stopped'); this.microphoneOn = this.cameraOn = false; this.changed(); },
    setCamera(on) { did.push(`camera ${on}`); this.cameraOn = on; this.changed(); },
    changed() { Object.assign(state.devices, { microphone: this.microphoneOn, camera: this.cameraOn }); cover.follow(hidden); },
  };
  let hidden = false;
  const cover = new Cover({
    state,
    devices: () => devices,
    play: (stream) => did.push(stream ? `hears ${stream}` : 'silence'),
    keep: (covered) => did.push(`kept ${covered}`),
    tell: () => did.push(`told ${state.covered}`),
    draw: () => did.push(`drawn ${screenOf(state).name}`),
    read: ({ id }) => did.push(`read ${id}`),
  });
  devices.changed();
  return {
    state, cover, devices,
    hides: () => { hidden = true; return cover.outOfSight(); },
    shows: () => { hidden = false; },
    did: () => did.splice(0),
  };
}

test('in a quiet contact sound stops before all else, then microphone and camera, and the cover stands before anything is told', () => {
  for (const stage of [inside, waits]) {
    const { hides, did, state } = page({ stage });
    assert.equal(hides(), true);
    assert.deepEqual(did(), ['silence', 'devices stopped', 'drawn covered', 'kept true', 'told true']);
    assert.deepEqual([state.devices.microphone, state.devices.camera], [false, false]);
  }
});

test('elsewhere the camera goes off, the voice goes on, and the page says afterwards why the camera is off', () => {
  const { hides, shows, did, state, devices } = page({ when_hidden: 'voice' });
  assert.equal(hides(), false);
  assert.deepEqual([did(), devices.microphoneOn, state.covered], [['camera false'], true, false]);
  shows();
  const screen = screenOf(state);
  assert.deepEqual([screen.name, screen.microphone, screen.camera, screen.trouble], ['call', true, false, { failure: 'dark', lacks: 'camera' }]);
});

test('before the waiting room only the camera goes off, and it is asked for again', () => {
  const { hides, did, state } = page({ stage: { name: 'preparing' }, more: { devices: { ...beginning().devices, step: 'tried' } } });
  hides();
  assert.deepEqual([did(), state.covered], [['camera false'], false]);
  assert.equal(screenOf(state).step, 'ask');
});

test('nothing of the conversation is on the covered screen, whatever happens inside', () => {
  const { hides, state } = page();
  hides();
  const views = [{}, { asked: true }, { waiting_words: 'Come now.' }, { stage: waits }, { stage: { ...inside, desk: false } }];
  for (const more of views) {
    for (const socket of ['open', 'lost', 'connecting']) assert.deepEqual(screenOf({ ...state, socket, view: { ...state.view, ...more } }), { name: 'covered', line: null });
  }
});

test('back in sight nothing runs until carry on is pressed; then sound comes back, and the microphone stays off', () => {
  const { hides, shows, did, state, cover } = page();
  cover.play('Sam');
  hides();
  shows();
  did();
  cover.follow(false);
  cover.play('Sam, connected anew');
  assert.deepEqual(did(), ['silence']);
  cover.carryOn();
  assert.deepEqual(did(), ['kept false', 'hears Sam, connected anew', 'drawn call', 'told false']);
  assert.deepEqual([state.devices.microphone, state.devices.camera], [false, false]);
  cover.carryOn();
  assert.deepEqual(did(), [], 'pressed twice is pressed once');
});

test('what comes on when nobody looks any more goes off again', () => {
  const quiet = page();
  quiet.hides();
  quiet.did();
  quiet.devices.microphoneOn = true;
  quiet.devices.changed();
  assert.deepEqual(quiet.did(), ['devices stopped']);
  quiet.shows();
  quiet.devices.microphoneOn = true;
  quiet.devices.changed();
  assert.deepEqual(quiet.did(), ['devices stopped'], 'and as long as the cover stands');
  const voice = page({ when_hidden: 'voice' });
  voice.hides();
  voice.devices.cameraOn = true;
  voice.did();
  voice.devices.changed();
  assert.deepEqual([voice.did(), voice.devices.microphoneOn], [['camera false'], true]);
});

test('a text under the cover is neither shown nor acknowledged until carry on, and then all are, in order and once each', () => {
  const { hides, did, cover } = page();
  assert.equal(cover.keepsBack({ type: 'text', id: 'a', body: 'seen' }), false);
  hides();
  did();
  for (const id of ['b', 'c', 'b']) assert.equal(cover.keepsBack({ type: 'text', id, body: 'unseen' }), true);
  assert.deepEqual(did(), []);
  cover.carryOn();
  assert.deepEqual(did().slice(-2), ['read b', 'read c']);
});

test('a word agreed while the page is out of sight covers it; a page that is let in out of sight is covered too', () => {
  const { hides, did, state, cover } = page({ when_hidden: 'voice' });
  hides();
  did();
  state.view = { ...state.view, when_hidden: 'quiet' };
  cover.follow(true);
  assert.equal(state.covered, true);
  state.view = { ...state.view, when_hidden: 'voice' };
  cover.follow(false);
  assert.equal(state.covered, true, 'and nothing but a press lifts it');
});

test('a page that has left, has ended or has another tab in its place is not covered', () => {
  for (const more of [{ ended: 'goodbye' }, { socket: 'over' }, { view: null }]) {
    const { hides, state } = page();
    Object.assign(state, more);
    assert.equal(hides(), false);
  }
});

test('a page loaded again is covered as it was; the end lifts the cover, and nothing of the conversation stays', () => {
  const { did, state, cover } = page({ more: { covered: true } });
  did();
  assert.equal(screenOf(state).name, 'covered');
  cover.play('Sam');
  assert.deepEqual(did(), ['silence']);
  cover.keepsBack({ type: 'text', id: 'a', body: 'x' });
  state.view = { ...state.view, stage: { name: 'over', why: 'ended' } };
  cover.forget();
  cover.follow(true);
  assert.deepEqual([state.covered, screenOf(state).name], [false, 'goodbye']);
  cover.carryOn();
  assert.deepEqual(did(), []);
});
