// Offers that nobody heard, with a pretended connection.
import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { Call } from '../../web-client/call/call.js';

const access = { urls: ['turn:relay.test:3478?transport=udp'], username: 'u', credential: 'c' };

class Connection {
  constructor() {
    this.signalingState = 'stable';
    this.connectionState = 'new';
    this.iceConnectionState = 'new';
    this.localDescription = null;
    Connection.made.push(this);
  }
  addTransceiver(kind) {
    return { receiver: { track: { kind } }, direction: 'sendrecv', sender: { replaceTrack: async () => {}, getParameters: () => ({}) } };
  }
  getTransceivers() { return []; }
  async setLocalDescription() {
    this.localDescription = { type: 'offer', sdp: `offer ${Connection.made.indexOf(this) + 1}` };
    this.signalingState = 'have-local-offer';
  }
  async setRemoteDescription() { this.signalingState = 'stable'; }
  close() { this.signalingState = 'closed'; }
}

/** The desk's side, which offers first. */
async function desk() {
  Connection.made = [];
  globalThis.RTCPeerConnection = Connection;
  globalThis.MediaStream = class { getTracks() { return []; } };
  const sent = [];
  const call = new Call({ polite: false, devices: { audio: null, video: null }, send: (epoch, signal) => sent.push(`${epoch} ${signal.sdp}`), onChange: () => {} });
  call.relay(7, access);
  call.enter(7);
  Connection.made[0].onnegotiationneeded();
  await settled();
  return { call, sent };
}

const settled = async () => {
  for (let turn = 0; turn < 10; turn += 1) await null;
};

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
});

test('an offer is said again as soon as the other side may be back', async () => {
  const { call, sent } = await desk();
  assert.deepEqual(sent, ['7 offer 1']);
  call.enter(7);
  assert.equal(sent.length, 1, 'it was said just now');
  mock.timers.tick(400);
  call.enter(7);
  assert.deepEqual(sent, ['7 offer 1', '7 offer 1']);
});

test('an offer without an answer is said again by itself, until it has one', async () => {
  const { call, sent } = await desk();
  mock.timers.tick(3_000);
  mock.timers.tick(3_000);
  assert.equal(sent.length, 3);
  call.signal(7, { kind: 'answer', sdp: 'v=0' });
  await settled();
  mock.timers.tick(60_000);
  call.enter(7);
  assert.equal(sent.length, 3);
});

test('a conversation that is over says nothing more', async () => {
  const { call, sent } = await desk();
  call.leave();
  mock.timers.tick(60_000);
  assert.equal(sent.length, 1);
});

test('a service that was started again brings a new connection by itself, and the old one is closed', async () => {
  const { call, sent } = await desk();
  call.relay(8, access);
  call.enter(8);
  Connection.made[1].onnegotiationneeded();
  await settled();
  assert.deepEqual([Connection.made[0].signalingState, sent], ['closed', ['7 offer 1', '8 offer 2']]);
  mock.timers.tick(3_000);
  assert.deepEqual(sent.slice(2), ['8 offer 2'], 'the old one is not said again');
});
