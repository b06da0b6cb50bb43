// Offers that nobody heard, with a pretended connection.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Call } from '../../web-client/call/call.js';
import { pass, stopTime } from './clock.mjs';

const access = { urls: ['turn:relay.test:3478?transport=udp'], username: 'u', credential: 'c' };

class Connection {
  constructor(configuration) {
    this.configuration = configuration;
    this.signalingState = 'stable';
    this.connectionState = 'new';
    this.iceConnectionState = 'new';
    this.localDescription = null;
    this.taken = [];
    this.restarts = 0;
    Connection.made.push(this);
  }
  addTransceiver(kind) {
    return { receiver: { track: { kind } }, direction: 'sendrecv', sender: { replaceTrack: async () => {}, getParameters: () => ({}) } };
  }
  getTransceivers() { return []; }
  async getStats() { return new Map(); }
  async setLocalDescription(description) {
    assert.equal(description, undefined, 'nothing is taken back');
    this.localDescription = { type: 'offer', sdp: `offer ${Connection.made.indexOf(this) + 1}` };
    this.signalingState = 'have-local-offer';
  }
  async setRemoteDescription(description) {
    this.taken.push(description.sdp.split(' ')[0]);
    this.signalingState = 'stable';
  }
  restartIce() {
    this.restarts += 1;
    this.onnegotiationneeded();
  }
  setConfiguration(configuration) { this.configuration = configuration; }
  close() { this.signalingState = 'closed'; }
}

/** The desk's side, which offers first. */
async function desk() {
  Connection.made = [];
  globalThis.RTCPeerConnection = Connection;
  globalThis.MediaStream = class { getTracks() { return []; } };
  const sent = [];
  const call = new Call({ polite: false, devices: { audio: null, video: null }, send: (epoch, signal) => sent.push(`${epoch} ${signal.sdp}`), onChange: () => {}, sealing: () => ({ bind: async () => 'bound', isBound: async () => true }) });
  call.relay(7, access);
  call.enter(7);
  Connection.made[0].onnegotiationneeded();
  await settled();
  return { call, sent };
}

const settled = async () => {
  for (let turn = 0; turn < 40; turn += 1) await null;
};

beforeEach(stopTime);

/** The same, once its connection stands. */
async function connectedDesk() {
  const { call, sent } = await desk();
  const [connection] = Connection.made;
  connection.signalingState = 'stable';
  connection.connectionState = connection.iceConnectionState = 'connected';
  connection.onconnectionstatechange();
  return { call, connection, sent };
}

test('an offer is said again as soon as the other side may be back', async () => {
  const { call, sent } = await desk();
  assert.deepEqual(sent, ['7 offer 1']);
  call.enter(7);
  assert.equal(sent.length, 1, 'it was said just now');
  pass(400);
  call.enter(7);
  await settled();
  assert.deepEqual(sent, ['7 offer 1', '7 offer 1']);
});

test('an offer without an answer is said again by itself, until it has one', async () => {
  const { call, sent } = await desk();
  pass(3_000);
  await settled();
  pass(3_000);
  await settled();
  assert.equal(sent.length, 3);
  call.signal(7, { kind: 'answer', sdp: 'v=0' });
  await settled();
  const [connection] = Connection.made;
  connection.connectionState = connection.iceConnectionState = 'connected';
  connection.onconnectionstatechange();
  pass(60_000);
  call.enter(7);
  assert.equal(sent.filter((one) => one.includes('offer')).length, 3);
});

test('a conversation that is over says nothing more', async () => {
  const { call, sent } = await desk();
  call.leave();
  pass(60_000);
  assert.equal(sent.length, 1);
});

test('a service that was started again brings a new connection by itself, and the old one is closed', async () => {
  const { call, sent } = await desk();
  call.relay(8, access);
  call.enter(8);
  Connection.made[1].onnegotiationneeded();
  await settled();
  assert.deepEqual([Connection.made[0].signalingState, sent], ['closed', ['7 offer 1', '8 offer 2']]);
  pass(3_000);
  await settled();
  assert.deepEqual(sent.slice(2), ['8 offer 2'], 'the old one is not said again');
});

test('looking for a new way while an offer has no answer says that offer again, and takes none back', async () => {
  const { call, sent } = await desk();
  call.restart();
  await settled();
  assert.deepEqual([sent, Connection.made[0].restarts], [['7 offer 1', '7 offer 1'], 0]);
});

test('a late answer to an earlier offer does not pass for one to the offer that looks for a new way', async () => {
  const { call } = await desk();
  const [connection] = Connection.made;
  const sdp = (ufrag) => `v=0\r\na=ice-ufrag:${ufrag}\r\n`;
  call.signal(7, { kind: 'answer', sdp: sdp('theirs1') });
  await settled();
  call.restart();
  await settled();
  Object.assign(connection, {
    currentLocalDescription: { sdp: sdp('ours1') },
    pendingLocalDescription: { sdp: sdp('ours2') },
    currentRemoteDescription: { sdp: sdp('theirs1') },
  });
  call.signal(7, { kind: 'answer', sdp: sdp('theirs1') });
  await settled();
  assert.deepEqual([connection.signalingState, connection.taken.length], ['have-local-offer', 1], 'the late one is dropped');
  call.signal(7, { kind: 'answer', sdp: sdp('theirs2') });
  await settled();
  assert.deepEqual([connection.signalingState, connection.taken.length], ['stable', 2]);
});

test('a connection that does not come up looks for another way by itself', async () => {
  const { call } = await desk();
  const [connection] = Connection.made;
  call.signal(7, { kind: 'answer', sdp: 'v=0' });
  await settled();
  pass(4_999);
  assert.equal(connection.restarts, 0);
  pass(1);
  assert.equal(connection.restarts, 1);
  await settled();
  call.signal(7, { kind: 'answer', sdp: 'v=0' });
  await settled();
  connection.connectionState = connection.iceConnectionState = 'connected';
  connection.onconnectionstatechange();
  pass(60_000);
  assert.equal(connection.restarts, 1, 'and once it stands, no more');
  call.leave();
});

test('while a new way is being checked no other one is looked for, though the whole connection is still called failed', async () => {
  const { call, connection } = await connectedDesk();
  const now = (connectionState, iceConnectionState) => {
    Object.assign(connection, { connectionState, iceConnectionState });
    connection.oniceconnectionstatechange();
    pass(10);
    return connection.restarts;
  };
  assert.equal(now('failed', 'failed'), 1);
  connection.signalingState = 'stable';
  assert.equal(now('failed', 'checking'), 1);
  assert.equal(now('connected', 'connected'), 1);
  assert.equal(call.state, 'connected');
  assert.equal(now('failed', 'connected'), 2, 'the control: what is above the way has failed');
  call.leave();
});

test('a Firefox that gave its way up needs a new connection, and nobody else does', async () => {
  const { call, connection } = await connectedDesk();
  const stuck = (iceConnectionState, sdp) => {
    Object.assign(connection, { iceConnectionState, localDescription: { type: 'offer', sdp } });
    return call.isStuck;
  };
  const firefox = 'v=0\r\no=mozilla...THIS_IS_SDPARTA-99.0 1 0 IN IP4 0.0.0.0\r\n';
  assert.deepEqual([stuck('failed', firefox), stuck('disconnected', firefox), stuck('failed', 'v=0\r\n')], [true, false, false]);
  call.leave();
  assert.equal(call.isStuck, false);
});

test('fresh access within a conversation is for the next way to the relay, with everything else as it was', async () => {
  const { call, sent } = await desk();
  const [connection] = Connection.made;
  const first = connection.configuration;
  assert.equal(first.iceServers[0].credential, 'c');
  call.relay(7, { ...access, username: 'u2', credential: 'c2' });
  assert.deepEqual(connection.configuration, { ...first, iceServers: [{ urls: access.urls, username: 'u2', credential: 'c2' }] });
  assert.equal(connection.configuration.iceTransportPolicy, 'relay');
  assert.deepEqual([Connection.made.length, connection.restarts, sent.length], [1, 0, 1], 'nothing is begun anew for it');
  call.relay(8, { ...access, username: 'u3' });
  assert.equal(connection.configuration.iceServers[0].username, 'u2', 'that of another conversation is not for this one');
});

test('an old browser that can take no fresh access goes on with what it has', async () => {
  const { call } = await desk();
  const [connection] = Connection.made;
  connection.setConfiguration = undefined;
  call.relay(7, { ...access, username: 'u2' });
  assert.equal(connection.configuration.iceServers[0].username, 'u');
});
