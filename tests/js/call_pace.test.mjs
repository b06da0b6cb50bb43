// What is sent goes by how the connection does, with a pretended one.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Call } from '../../web-client/call/call.js';
import { pass, stopTime } from './clock.mjs';

const access = { urls: ['turn:relay.test:3478?transport=udp'], username: 'u', credential: 'c' };
const SDP = 'v=0\r\nm=audio 9 x 111\r\na=setup:active\r\na=rtpmap:111 opus/48000/2\r\n';

class Sender {
  constructor() {
    this.track = null;
    this.encoding = {};
  }
  async replaceTrack(track) { this.track = track; }
  getParameters() { return { encodings: [{ ...this.encoding }] }; }
  async setParameters({ encodings }) { [this.encoding] = encodings; }
}

class Connection {
  constructor() {
    this.signalingState = 'stable';
    this.connectionState = this.iceConnectionState = 'new';
    this.senders = {};
    this.descriptions = [];
    this.restarts = 0;
    this.received = 0;
    Connection.last = this;
  }
  addTransceiver(kind) {
    this.senders[kind] = new Sender();
    return { receiver: { track: { kind } }, direction: 'sendrecv', sender: this.senders[kind] };
  }
  getTransceivers() { return []; }
  async createOffer() { return { type: 'offer', sdp: SDP }; }
  async setLocalDescription(description = { type: 'offer', sdp: SDP }) {
    this.localDescription = description;
    this.signalingState = 'have-local-offer';
    this.descriptions.push(`ours ${description.type}`);
  }
  async setRemoteDescription(description) {
    this.remoteDescription = description;
    this.signalingState = 'stable';
    this.descriptions.push(`theirs ${/a=ptime:(\d+)/.exec(description.sdp)[1]}`);
    if (Connection.meanwhile) Connection.meanwhile();
  }
  restartIce() { this.restarts += 1; }
  async getStats() {
    return new Map([
      ['in', { type: 'inbound-rtp', kind: 'audio', packetsReceived: this.received, packetsLost: 0, totalSamplesReceived: 48 * this.received }],
      ['out', { type: 'remote-inbound-rtp', kind: 'audio', fractionLost: this.lost, roundTripTime: 0.05 }],
    ]);
  }
  close() { this.signalingState = 'closed'; }
}

const settled = async () => {
  for (let turn = 0; turn < 30; turn += 1) await null;
};

const microphone = { kind: 'audio' };
const camera = { kind: 'video', getSettings: () => ({ height: 480 }) };

/** The desk's side of a call that stands, with everything on. */
async function connected({ signing = false, video = camera } = {}) {
  globalThis.RTCPeerConnection = Connection;
  globalThis.MediaStream = class { getTracks() { return []; } };
  Connection.meanwhile = null;
  const sent = [];
  const devices = { audio: microphone, video };
  const call = new Call({ polite: false, devices, send: (_, signal) => sent.push(signal), onChange: () => {}, now: () => Date.now() });
  call.signing = signing;
  call.setSending(true);
  call.setExpecting(true);
  call.relay(7, access);
  call.enter(7);
  const connection = Connection.last;
  connection.onnegotiationneeded();
  await settled();
  call.signal(7, { kind: 'answer', sdp: SDP });
  await settled();
  connection.connectionState = connection.iceConnectionState = 'connected';
  connection.onconnectionstatechange();
  /** So many looks, each with so many packets since the last. */
  const looks = async (times, packets) => {
    for (let time = 0; time < times; time += 1) {
      connection.received += packets;
      pass(600);
      await settled();
    }
  };
  const paces = () => sent.filter(({ kind }) => kind === 'pace').map(({ sends, most }) => `${sends} ${most}`);
  return { call, connection, looks, paces, sent };
}

beforeEach(stopTime);

test('the other side is told once what is sent, and again when that changes or the way is a new one', async () => {
  const { call, connection, looks, paces } = await connected();
  await looks(5, 13);
  assert.deepEqual(paces(), ['small large']);
  call.signal(7, { kind: 'pace', sends: 'small', most: 'voice' });
  assert.deepEqual(paces(), ['small large', 'voice large']);
  connection.iceConnectionState = 'disconnected';
  connection.oniceconnectionstatechange();
  connection.iceConnectionState = 'connected';
  connection.oniceconnectionstatechange();
  await looks(2, 13);
  assert.deepEqual(paces().slice(2), ['voice large']);
});

test('a picture that the other side has no room for is not sent, and the camera stays as it is', async () => {
  const { call, connection, looks } = await connected();
  await looks(2, 13);
  assert.equal(connection.senders.video.track, camera);
  assert.equal(connection.senders.video.encoding.scaleResolutionDownBy, 2, '240 lines of 480');
  call.signal(7, { kind: 'pace', sends: 'voice', most: 'voice' });
  await settled();
  assert.equal(connection.senders.video.track, null);
  assert.equal(connection.senders.audio.track, microphone);
  assert.equal(call.theirs, 'voice');
  call.signal(7, { kind: 'pace', sends: 'small', most: 'large' });
  await settled();
  assert.equal(connection.senders.video.track, camera);
});

test('where nothing comes any more another way is looked for, again and again but ever more rarely', async () => {
  const { connection, looks } = await connected();
  await looks(4, 13);
  await looks(1, 0);
  assert.equal(connection.restarts, 0, 'one look without a packet is a short silence');
  await looks(1, 0);
  assert.equal(connection.restarts, 1);
  await looks(7, 0);
  assert.equal(connection.restarts, 1);
  await looks(1, 0);
  assert.equal(connection.restarts, 2);
  await looks(13, 0);
  assert.equal(connection.restarts, 2);
  await looks(1, 13);
  await looks(2, 0);
  assert.equal(connection.restarts, 3, 'what came in between counts as a new beginning');
});

test('where nothing has come yet, or everything is switched off at the other end, nothing is missed', async () => {
  const { call, connection, looks } = await connected();
  await looks(20, 0);
  await looks(4, 13);
  call.setExpecting(false);
  await looks(20, 0);
  assert.equal(connection.restarts, 0);
});

test('another packet length is settled here alone, and nothing of it is told', async () => {
  const { call, connection, sent } = await connected();
  assert.deepEqual(connection.descriptions, ['ours offer', 'theirs 60']);
  call.peer.pace({ voice: { bitrate: 16000, packet: 20, fec: true }, picture: null });
  await settled();
  assert.deepEqual(connection.descriptions.slice(2), ['ours offer', 'theirs 20']);
  assert.match(connection.remoteDescription.sdp, /a=setup:active/);
  assert.equal(connection.senders.audio.encoding.maxBitrate, 16000);
  assert.equal(sent.filter(({ kind }) => kind === 'offer').length, 1, 'only the first');
});

test('a new way that is asked for while the packet length changes is looked for right after it', async () => {
  const { call, connection, sent } = await connected();
  Connection.meanwhile = () => {
    connection.signalingState = 'have-local-offer';
    call.restart();
    connection.signalingState = 'stable';
    Connection.meanwhile = null;
  };
  call.peer.pace({ voice: { bitrate: 16000, packet: 20, fec: true }, picture: null });
  await settled();
  assert.equal(connection.restarts, 1);
  assert.equal(sent.filter(({ kind }) => kind === 'offer').length, 1, 'the offer to ourselves is told to nobody');
});

test('who signs is sent as many pictures a second as signs need, of fewer lines, and the browser is told what matters', async () => {
  const tried = { ...camera, contentHint: '' };
  const spoken = (await connected({ video: tried })).connection.senders.video;
  assert.equal(tried.contentHint, '', 'the control: speech needs no movement');
  const signed = (await connected({ signing: true, video: tried })).connection.senders.video;
  assert.equal(tried.contentHint, 'motion');
  assert.ok(signed.encoding.maxFramerate >= 20 && spoken.encoding.maxFramerate < 20);
  assert.ok(signed.encoding.scaleResolutionDownBy > spoken.encoding.scaleResolutionDownBy);
});

test('a browser that knows no such hint is told none', async () => {
  const { connection } = await connected({ signing: true });
  assert.ok(connection.senders.video.encoding.maxFramerate >= 20);
  assert.equal('contentHint' in camera, false);
});
