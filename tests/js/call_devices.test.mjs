// Changing from one camera to the other, with pretended cameras.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Devices, otherCameras } from '../../web-client/call/devices.js';

const FRONT = { deviceId: 'front', facingMode: 'user' };
const BACK = { deviceId: 'back', facingMode: 'environment' };

/** A phone: `did` holds what was asked of its cameras, in order. */
function phone({ cameras = [FRONT, BACK], broken = [] } = {}) {
  const did = [];
  const on = new Set();
  let gate = null;
  const find = ({ facingMode, deviceId }) => {
    if (deviceId) return cameras.find((one) => one.deviceId === deviceId.exact);
    const exact = facingMode && facingMode.exact;
    return exact ? cameras.find((one) => one.facingMode === exact) : cameras.find((one) => one.facingMode === facingMode) || cameras[0];
  };
  Object.defineProperty(globalThis, 'navigator', {
    configurable: true,
    value: {
      mediaDevices: {
        enumerateDevices: async () => [{ kind: 'audioinput', deviceId: 'm' }, ...cameras.map(({ deviceId }) => ({ kind: 'videoinput', deviceId }))],
        async getUserMedia({ video }) {
          const camera = find(video);
          did.push(`ask ${camera ? camera.deviceId : 'nothing'}${on.size ? ' while another is on' : ''}`);
          if (gate) await gate;
          if (!camera) throw Object.assign(new Error(), { name: 'OverconstrainedError' });
          if (broken.includes(camera.deviceId)) throw Object.assign(new Error(), { name: 'NotReadableError' });
          const track = {
            kind: 'video', readyState: 'live', enabled: true, onended: null,
            getSettings: () => camera,
            stop() {
              if (this.readyState === 'live') did.push(`${camera.deviceId} off`);
              this.readyState = 'ended';
              on.delete(track);
            },
          };
          on.add(track);
          return { getTracks: () => [track] };
        },
      },
    },
  });
  globalThis.window = { isSecureContext: true };
  let changes = 0;
  const devices = new Devices({ onChange: () => (changes += 1) });
  return {
    devices, on, broken,
    did: () => did.splice(0),
    changes: () => changes,
    /** Questions wait until the returned function is called. */
    hold() {
      let open;
      gate = new Promise((done) => (open = done));
      return () => ((gate = null), open());
    },
  };
}

const showing = ({ devices }) => devices.video && devices.video.getSettings().deviceId;

test('the front camera comes first, and then how many there are is known', async () => {
  const world = phone();
  await world.devices.setCamera(true);
  await new Promise((done) => setTimeout(done));
  assert.deepEqual([world.did(), world.devices.cameras, world.devices.looksAway], [['ask front'], 2, false]);
});

test('the old camera is off before the other is asked for, and back again works the same', async () => {
  const world = phone();
  await world.devices.setCamera(true);
  world.did();
  assert.equal(await world.devices.swapCamera(), true);
  assert.deepEqual([world.did(), showing(world), world.devices.looksAway], [['front off', 'ask back'], 'back', true]);
  assert.equal(await world.devices.swapCamera(), true);
  assert.deepEqual([world.did(), showing(world), world.devices.looksAway], [['back off', 'ask front'], 'front', false]);
});

test('where the other camera fails the one from before comes on again, and it is known that it failed', async () => {
  const world = phone({ broken: ['back'] });
  await world.devices.setCamera(true);
  world.did();
  assert.equal(await world.devices.swapCamera(), false);
  assert.deepEqual(world.did(), ['front off', 'ask back', 'ask back', 'ask front']);
  assert.deepEqual([showing(world), world.devices.cameraOn, world.on.size, world.devices.failures.video], ['front', true, 1, null]);
});

test('where nothing can be had any more the camera is off, and says why', async () => {
  const world = phone();
  await world.devices.setCamera(true);
  world.broken.push('front', 'back');
  assert.equal(await world.devices.swapCamera(), false);
  assert.deepEqual([world.devices.cameraOn, world.devices.video, world.devices.failures.video, world.on.size], [false, null, 'busy', 0]);
});

test('the camera counts as on while one takes the place of the other, and nobody is told in between', async () => {
  const world = phone();
  await world.devices.setCamera(true);
  await new Promise((done) => setTimeout(done));
  const open = world.hold();
  const before = world.changes();
  const swapping = world.devices.swapCamera();
  await new Promise((done) => setTimeout(done));
  assert.deepEqual([world.devices.cameraOn, world.changes() - before], [true, 0]);
  assert.equal(await world.devices.swapCamera(), false, 'a second press changes nothing');
  open();
  assert.equal(await swapping, true);
  assert.equal(world.changes() - before, 1);
});

test('switched off, or left, while the other camera is being opened: none comes on', async () => {
  for (const off of [(devices) => devices.setCamera(false), (devices) => devices.stop()]) {
    const world = phone();
    await world.devices.setCamera(true);
    const open = world.hold();
    const swapping = world.devices.swapCamera();
    await new Promise((done) => setTimeout(done));
    off(world.devices);
    assert.equal(world.devices.cameraOn, false);
    open();
    assert.equal(await swapping, false);
    assert.deepEqual([world.devices.video, world.on.size], [null, 0]);
  }
});

test('switched off and on again it is the same camera; after everything was stopped, the front one', async () => {
  const world = phone();
  await world.devices.setCamera(true);
  await world.devices.swapCamera();
  await world.devices.setCamera(false);
  await world.devices.setCamera(true);
  assert.equal(showing(world), 'back');
  world.devices.stop();
  await world.devices.setCamera(true);
  assert.equal(showing(world), 'front');
});

test('a phone is asked by the way a camera looks, a computer for the next one', () => {
  assert.deepEqual(otherCameras('user', 'front', ['front', 'back', 'wide']), [{ facingMode: { exact: 'environment' } }, { deviceId: { exact: 'back' } }]);
  assert.deepEqual(otherCameras('environment', 'wide', ['front', 'back', 'wide']), [{ facingMode: { exact: 'user' } }, { deviceId: { exact: 'front' } }]);
  assert.deepEqual(otherCameras(undefined, 'b', ['a', 'b']), [{ deviceId: { exact: 'a' } }]);
  assert.deepEqual(otherCameras(undefined, 'a', ['a']), []);
  assert.deepEqual(otherCameras(undefined, undefined, []), []);
});
