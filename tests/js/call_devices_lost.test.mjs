// A device that was on and goes away by itself: a phone call, another app, a headset pulled. It comes back by itself where it was on,
// and never where it was off, with a pretended clock, camera and microphone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Devices } from '../../web-client/call/devices.js';
import { pass, stopTime } from './clock.mjs';

const settled = async () => {
  for (let turn = 0; turn < 20; turn += 1) await null;
};

/** Long enough for every try that there is. */
const FOR_GOOD = 300;

const HEADSET = [{ kind: 'audioinput', deviceId: 'h', label: 'Headset' }, { kind: 'audiooutput', deviceId: 'ho', label: 'Headset' }];
const BUILT_IN = [{ kind: 'audioinput', deviceId: 'b', label: 'Built in' }, { kind: 'audiooutput', deviceId: 'bo', label: 'Speaker' }];

/** A page with devices; `asked` holds each question to the browser. */
function phone({ around = [...HEADSET, ...BUILT_IN] } = {}) {
  stopTime();
  const asked = [];
  const tracks = [];
  const world = { around, failing: null, muted: false, looked: true, unplugged: 0, gate: null };
  const media = {
    ondevicechange: null,
    enumerateDevices: async () => world.around,
    async getUserMedia({ audio, video }) {
      const kinds = [...(audio ? ['audio'] : []), ...(video ? ['video'] : [])];
      const exact = video && video.deviceId && video.deviceId.exact;
      asked.push(kinds.join(' and ') + (exact ? ` ${exact}` : ''));
      if (world.gate) await world.gate;
      if (world.failing) throw Object.assign(new Error(), { name: world.failing });
      const made = kinds.map((kind) => ({
        kind, readyState: 'live', enabled: true, muted: world.muted, onended: null, onmute: null, onunmute: null,
        getSettings: () => ({ deviceId: kind === 'video' ? 'camera' : 'h' }),
        stop() { this.readyState = 'ended'; },
        /** By itself: nothing of ours stopped it. */
        ends() { this.readyState = 'ended'; this.onended(); },
        mutes(muted) { this.muted = muted; (muted ? this.onmute : this.onunmute)(); },
      }));
      tracks.push(...made);
      return { getTracks: () => made };
    },
  };
  Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { mediaDevices: media } });
  globalThis.window = { isSecureContext: true };
  const devices = new Devices({ mayOpen: () => world.looked, onUnplugged: () => (world.unplugged += 1) });
  return {
    world, devices,
    live: () => tracks.filter((track) => track.readyState === 'live').map(({ kind }) => kind),
    asked: () => asked.splice(0),
    changes: async () => { media.ondevicechange(); await settled(); },
    async after(seconds) {
      for (let at = 0; at < seconds * 4; at += 1) {
        pass(250);
        await settled();
      }
    },
    /** A question waits until the returned function is called. */
    hold() {
      let open;
      world.gate = new Promise((done) => { open = done; });
      return async () => { world.gate = null; open(); await settled(); };
    },
  };
}

async function speaking(options) {
  const world = phone(options);
  await world.devices.setMicrophone(true);
  await settled();
  world.asked();
  return world;
}

async function filming() {
  const world = phone();
  await world.devices.setCamera(true);
  await settled();
  world.asked();
  return world;
}

test('a microphone that was pulled is replaced by another at once, and nothing is said of it', async () => {
  const { devices, live, asked, after } = await speaking();
  devices.audio.ends();
  assert.deepEqual([devices.microphoneOn, devices.lost.audio], [true, null]);
  await after(0.25);
  assert.deepEqual([live(), asked(), devices.microphoneOn, devices.lost.audio], [['audio'], ['audio'], true, null]);
  await after(FOR_GOOD);
  assert.deepEqual(asked(), []);
});

test('one that was off when it was pulled stays off', async () => {
  const { devices, live, asked, after, changes } = await speaking();
  await devices.setMicrophone(false);
  devices.audio.ends();
  devices.seek();
  await changes();
  await after(FOR_GOOD);
  assert.deepEqual([live(), asked(), devices.microphoneOn, devices.lost.audio, devices.failures.audio], [[], [], false, null, null]);
});

test('a device that another app took is asked for again, less and less often, and said to be in use meanwhile', async () => {
  for (const [on, kind] of [[speaking, 'audio'], [filming, 'video']]) {
    const { world, devices, live, asked, after } = await on();
    world.failing = 'NotReadableError';
    devices[kind].ends();
    await after(10);
    assert.deepEqual([devices.lost[kind], devices.failures[kind], live()], ['busy', null, []]);
    assert.equal(asked().length, 4, 'at 0, 1, 3 and 7 seconds');
    world.failing = null;
    await after(6);
    assert.deepEqual([devices.lost[kind], live()], [null, [kind]]);
  }
});

test('a device that does not come back is off in the end, with the reason, and only a press asks again', async () => {
  for (const [on, kind] of [[speaking, 'audio'], [filming, 'video']]) {
    const { world, devices, live, asked, after, changes } = await on();
    world.failing = 'NotReadableError';
    devices[kind].ends();
    await after(FOR_GOOD);
    assert.equal(asked().length, 8);
    assert.deepEqual([devices.microphoneOn, devices.cameraOn, devices.lost[kind], devices.failures[kind]], [false, false, null, 'busy']);
    world.failing = null;
    devices.seek();
    await changes();
    await after(FOR_GOOD);
    assert.deepEqual([live(), asked()], [[], []]);
    await (kind === 'audio' ? devices.setMicrophone(true) : devices.setCamera(true));
    assert.deepEqual([live(), devices.failures[kind]], [[kind], null]);
  }
});

test('a refusal is not asked about again', async () => {
  const { world, devices, asked, after } = await speaking();
  world.failing = 'NotAllowedError';
  devices.audio.ends();
  await after(FOR_GOOD);
  assert.deepEqual([asked().length, devices.microphoneOn, devices.failures.audio], [1, false, 'refused']);
});

test('switched off, or left, while it is looked for: it stays off, also where the question was open already', async () => {
  for (const off of [(devices) => devices.setMicrophone(false), (devices) => devices.stop()]) {
    for (const open of [false, true]) {
      const { world, devices, live, after, hold, changes } = await speaking();
      world.failing = 'NotReadableError';
      devices.audio.ends();
      await after(2);
      world.failing = null;
      const answer = open ? hold() : async () => {};
      if (open) await after(2);
      off(devices);
      await answer();
      devices.seek();
      await changes();
      await after(FOR_GOOD);
      assert.deepEqual([live(), devices.microphoneOn, devices.lost.audio], [[], false, null], `${off} ${open}`);
    }
  }
});

test('nothing comes on again while nobody looks at the page, but as soon as somebody does', async () => {
  const { world, devices, live, asked, after, hold } = await speaking();
  world.looked = false;
  devices.audio.ends();
  await after(60);
  assert.deepEqual([live(), asked(), devices.lost.audio], [[], [], 'stopped']);
  world.looked = true;
  const answer = hold();
  devices.seek();
  await settled();
  world.looked = false;
  await answer();
  assert.deepEqual([asked(), live()], [['audio'], []], 'out of sight again while the question was open');
  world.looked = true;
  devices.seek();
  await settled();
  assert.deepEqual([live(), devices.lost.audio], [['audio'], null]);
});

test('sound that the system takes, as for a phone call, is said to be gone after a moment and is back by itself', async () => {
  const { devices, after, live } = await speaking();
  devices.audio.mutes(true);
  assert.equal(devices.lost.audio, null);
  await after(1);
  assert.deepEqual([devices.lost.audio, devices.microphoneOn], ['busy', true]);
  devices.audio.mutes(false);
  assert.deepEqual([devices.lost.audio, devices.microphoneOn, live()], [null, true, ['audio']]);
});

test('a gap of less than a second, as a headset makes when it takes over, is nothing to speak of', async () => {
  const { devices, after, asked } = await speaking();
  devices.audio.mutes(true);
  await after(0.5);
  devices.audio.mutes(false);
  await after(FOR_GOOD);
  assert.deepEqual([devices.lost.audio, asked()], [null, []]);
});

test('sound taken while the microphone is off is not spoken of, and given back leaves it off', async () => {
  const { devices, after, asked } = await speaking();
  await devices.setMicrophone(false);
  devices.audio.mutes(true);
  await after(FOR_GOOD);
  assert.deepEqual([devices.lost.audio, asked(), devices.microphoneOn], [null, [], false]);
  devices.audio.mutes(false);
  assert.deepEqual([devices.audio.enabled, devices.microphoneOn], [false, false]);
});

test('switched on while the system has it: that is said', async () => {
  const { devices, after } = await speaking();
  await devices.setMicrophone(false);
  devices.audio.mutes(true);
  await devices.setMicrophone(true);
  await after(1);
  assert.equal(devices.lost.audio, 'busy');
});

test('sound that the system never gives back is asked for anew, a few times, and where that gives none either it is still said', async () => {
  const { world, devices, after, live, asked } = await speaking();
  world.muted = true;
  devices.audio.mutes(true);
  await after(FOR_GOOD);
  const times = asked().length;
  assert.ok(times > 1 && times < 8, String(times));
  assert.deepEqual([devices.lost.audio, live()], ['busy', ['audio']]);
  devices.audio.mutes(false);
  assert.equal(devices.lost.audio, null);
});

test('only the camera that was on comes on again by itself: another may show what nobody was meant to see', async () => {
  const { world, devices, asked, after, live } = await filming();
  world.failing = 'OverconstrainedError';
  devices.video.ends();
  await after(2);
  assert.deepEqual([new Set(asked()), devices.lost.video], [new Set(['video camera']), 'stopped']);
  await after(FOR_GOOD);
  assert.deepEqual([devices.cameraOn, devices.failures.video], [false, 'absent']);
  world.failing = null;
  asked();
  await devices.setCamera(true);
  assert.deepEqual([asked(), live()], [['video'], ['video']], 'a press takes whichever there is');
});

test('something to hear with that is taken away is noticed once, whether or not the microphone is on', async () => {
  for (const on of [true, false]) {
    const { world, devices, changes, after } = await speaking();
    if (!on) await devices.setMicrophone(false);
    world.around = BUILT_IN;
    devices.audio.ends();
    await changes();
    await after(5);
    await changes();
    assert.equal(world.unplugged, 1);
  }
});

test('nothing is taken for unplugged that was plugged in, has no name, only stands for another, or goes after everything was stopped', async () => {
  const other = { kind: 'audiooutput', deviceId: 'default', label: 'Default' };
  for (const [before, after, stopped] of [
    [BUILT_IN, [...BUILT_IN, ...HEADSET]],
    [HEADSET, HEADSET.map((one) => ({ ...one, label: '', deviceId: '' }))],
    [[...BUILT_IN, other], BUILT_IN],
    [[...BUILT_IN, { kind: 'videoinput', deviceId: 'c', label: 'Camera' }], BUILT_IN],
    [[...BUILT_IN, ...HEADSET], BUILT_IN, true],
  ]) {
    const { world, devices, changes } = await speaking({ around: before });
    world.around = after;
    if (stopped) devices.stop();
    await changes();
    assert.equal(world.unplugged, 0, JSON.stringify(after));
  }
});
