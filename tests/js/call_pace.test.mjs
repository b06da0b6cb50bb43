// What is sent goes by how the connection does, with a pretended one.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Call } from '../../web-client/call/call.js';
import { pass, stopTime } from './clock.mjs';

const access = { urls: ['turn:relay.test:3478?transport=udp'], username: 'u', credential: 'c' };
const SDP = 'v=0\r\nm=audio 9 x 111 63\r\na=setup:active\r\na=rtpmap:111 opus/48000/2\r\na=rtpmap:63 red/48000/2\r\n';

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
    this.channels = [];
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
  createDataChannel(_, options) {
    this.channels.push({ ...options, readyState: 'connecting', bufferedAmount: 0, send() {}, close() {} });
    return this.channels[0];
  }
  async createOffer() { return { type: 'offer', sdp: SDP }; }
  async setLocalDescription(description = { type: 'offer', sdp: SDP }) {
    this.localDescription = description;
    this.signalingState = 'have-local-offer';
    this.descriptions.push(`ours ${description.type}`);
  }
  async setRemoteDescription(description) {
    this.remoteDescription = description;
    this.signalingState = 'stable';
    this.descriptions.push(`theirs ${/m=audio 9 x (\d+)/.exec(description.sdp)[1]}`);
    if (Connection.meanwhile) Connection.meanwhile();
  }
  restartIce() { this.restarts += 1; }
  async getStats() {
    return new Map([
      ['in', { type: 'inbound-rtp', kind: 'audio', packetsReceived: this.received, packetsLost: 0, totalSamplesReceived: 48 * this.received }],
      ['voice', { type: 'outbound-rtp', kind: 'audio', packetsSent: this.received }],
      ['out', { id: 'out', timestamp: Date.now(), type: 'remote-inbound-rtp', kind: 'audio', fractionLost: this.lost, roundTripTime: 0.05 }],
    ]);
  }
  close() { this.signalingState = 'closed'; }
}

/** What the other side's page says of itself. */
const pace = (more = {}) => ({ kind: 'pace', sends: 'small', most: 'large', unseen: false, unheard: false, ...more });

const settled = async () => {
  for (let turn = 0; turn < 30; turn += 1) await null;
};

const microphone = { kind: 'audio', enabled: true, readyState: 'live', stop() { this.readyState = 'ended'; } };
const camera = { kind: 'video', getSettings: () => ({ height: 480 }) };

/** The desk's side of a call that stands, with everything on. */
async function connected({ signing = false, video = camera } = {}) {
  globalThis.RTCPeerConnection = Connection;
  globalThis.MediaStream = class { getTracks() { return []; } };
  Connection.meanwhile = null;
  const sent = [];
  const devices = { audio: microphone, video };
  const call = new Call({ polite: false, devices, send: (_, signal) => sent.push(signal), onChange: () => {}, now: () => Date.now(), sealing: () => ({ bind: async () => 'bound', isBound: async () => true }) });
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
  const paces = () =>
    sent.filter(({ kind }) => kind === 'pace').map(({ sends, most, unseen, unheard }) => `${sends} ${most}${unseen ? ' unseen' : ''}${unheard ? ' unheard' : ''}`);
  return { call, connection, looks, paces, sent };
}

beforeEach(stopTime);

/** ICE takes the way for lost, and nothing arrives. */
async function loses(connection) {
  connection.iceConnectionState = 'disconnected';
  connection.oniceconnectionstatechange();
  await settled();
  pass(1_000);
  await settled();
}

test('the other side is told once what is sent, and again when that changes or the way is a new one', async () => {
  const { call, connection, looks, paces } = await connected();
  await looks(5, 13);
  assert.deepEqual(paces(), ['small large']);
  call.signal(7, pace({ most: 'voice' }));
  assert.deepEqual(paces(), ['small large', 'voice large']);
  await loses(connection);
  connection.iceConnectionState = 'connected';
  connection.oniceconnectionstatechange();
  await looks(2, 13);
  assert.deepEqual(paces().slice(2), ['voice large']);
});

test('a way that ICE takes for lost while packets arrive is no interruption, and no other one is looked for', async () => {
  const { call, connection, looks } = await connected();
  await looks(3, 13);
  connection.connectionState = connection.iceConnectionState = 'disconnected';
  connection.onconnectionstatechange();
  connection.oniceconnectionstatechange();
  for (let seconds = 0; seconds < 12; seconds += 1) {
    await settled();
    connection.received += 2;
    pass(1_000);
  }
  await settled();
  assert.deepEqual([call.state, connection.restarts], ['connected', 0]);
  pass(1_000);
  await settled();
  assert.deepEqual([call.state, connection.restarts], ['interrupted', 0], 'as soon as nothing came for a second');
  pass(1_000);
  assert.equal(connection.restarts, 1);
  call.leave();
  pass(60_000);
  await settled();
  assert.equal(connection.restarts, 1);
});

test('a picture that the other side has no room for is not sent, and the camera stays as it is', async () => {
  const { call, connection, looks } = await connected();
  await looks(2, 13);
  assert.equal(connection.senders.video.track, camera);
  assert.equal(connection.senders.video.encoding.scaleResolutionDownBy, 2, '240 lines of 480');
  call.signal(7, pace({ sends: 'voice', most: 'voice' }));
  await settled();
  assert.equal(connection.senders.video.track, null);
  assert.equal(connection.senders.audio.track, microphone);
  assert.equal(call.theirs, 'voice');
  call.signal(7, pace());
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

test('where only still pictures fit, none that moves is sent beside them, and back', async () => {
  const { call, connection, looks, paces } = await connected();
  const [channel] = connection.channels;
  assert.deepEqual([channel.negotiated, channel.id], [true, 0], 'it stands from the first offer on');
  await looks(2, 13);
  const taken = [];
  call.peer.stills._cameraOf = (track) => ({ take: async () => taken.push(track) && null, close: () => taken.push('closed') });
  call.signal(7, { kind: 'pace', sends: 'small', most: 'stills' });
  assert.equal(paces().pop(), 'voice large', 'the other side has said of no still pictures yet');
  channel.readyState = 'open';
  channel.onopen();
  channel.onmessage({ data: Uint8Array.of(0).buffer });
  await looks(1, 13);
  assert.equal(paces().pop(), 'stills large');
  assert.deepEqual([taken[0], connection.senders.video.track, connection.senders.video.encoding.active], [camera, null, false]);
  assert.deepEqual(call.stills, { own: true, theirs: false, picture: null });
  call.signal(7, { kind: 'pace', sends: 'small', most: 'large' });
  await settled();
  assert.equal(taken.pop(), 'closed');
  assert.deepEqual([connection.senders.video.track, connection.senders.video.encoding.active], [camera, true]);
});

test('a still picture is shown as long as the other side says that it sends them', async () => {
  const { call } = await connected();
  call.peer.stills.picture = 'data:';
  assert.equal(call.stills.picture, null);
  call.signal(7, { kind: 'pace', sends: 'stills', most: 'large' });
  assert.deepEqual(call.stills, { own: false, theirs: true, picture: 'data:' });
  call.signal(7, { kind: 'pace', sends: 'voice', most: 'large' });
  assert.deepEqual([call.stills.picture, call.peer.stills.picture], [null, null], 'and isn\'t kept');
});

test('a page out of sight asks for no picture, a covered one for nothing at all, and both for everything again as soon as they are seen', async () => {
  const { call, looks, paces } = await connected();
  await looks(2, 13);
  call.setShown('voice');
  call.setShown('voice');
  call.setShown('nothing');
  call.setShown('all');
  assert.deepEqual(paces(), ['small large', 'small large unseen', 'small large unseen unheard', 'small large'], 'without waiting for a look');
});

test('for a page that shows nothing, no picture is sent, and no voice where it plays none; both are back with its word, and nothing was switched off', async () => {
  const { call, connection, looks, paces } = await connected();
  await looks(2, 13);
  const senders = () => [connection.senders.audio.track, connection.senders.video.track];
  call.signal(7, pace({ unseen: true }));
  await settled();
  assert.deepEqual(senders(), [microphone, null], 'the voice goes on');
  call.signal(7, pace({ unseen: true, unheard: true }));
  await looks(9, 3);
  assert.deepEqual([senders(), call.says], [[null, null], null]);
  call.signal(7, pace());
  await settled();
  assert.deepEqual([senders(), microphone.enabled, microphone.readyState], [[microphone, camera], true, 'live']);
  assert.deepEqual(paces(), ['small large', 'voice large', 'small large'], 'who looks again is told what comes');
});

test('who looks again is told what comes also where that is what it was before', async () => {
  const { call, looks, paces } = await connected();
  await looks(1, 13);
  call.signal(7, pace({ most: 'voice' }));
  call.signal(7, pace({ most: 'voice', unseen: true }));
  call.signal(7, pace({ most: 'voice' }));
  assert.deepEqual(paces(), ['small large', 'voice large', 'voice large', 'voice large']);
});

test('a picture that the line could not bear is not tried again because somebody looked away and back', async () => {
  const { call, connection, looks } = await connected();
  await looks(3, 13);
  connection.lost = 0.4;
  await looks(5, 13);
  connection.lost = 0;
  assert.equal(connection.senders.video.track, null);
  call.signal(7, pace({ unseen: true }));
  await looks(2, 13);
  call.signal(7, pace());
  await looks(2, 13);
  assert.equal(connection.senders.video.track, null);
  call.tryPicture();
  await settled();
  assert.equal(connection.senders.video.track, camera);
});

test('a press for the pictures is told once, and on the other side it is as good as a press there', async () => {
  const { call, connection, looks, sent } = await connected();
  const told = () => sent.filter(({ kind }) => kind === 'pace').map(({ again }) => again);
  await looks(3, 13);
  assert.deepEqual(told(), [false]);
  call.tryPicture();
  assert.deepEqual(told(), [false, true], 'though nothing else has changed');
  await looks(2, 13);
  assert.deepEqual(told(), [false, true]);
  connection.lost = 0.4;
  await looks(5, 13);
  connection.lost = 0;
  await looks(1, 13);
  assert.equal(connection.senders.video.track, null);
  call.signal(7, pace());
  await settled();
  assert.equal(connection.senders.video.track, null, 'the control: what they can take is not what they wish');
  call.signal(7, pace({ again: true }));
  await settled();
  assert.equal(connection.senders.video.track, camera);
  assert.equal(told().filter(Boolean).length, 1, 'it is not sent back');
});

test('a picture that nobody looked at is not said to be off because of the network', async () => {
  const { call, looks } = await connected();
  await looks(2, 13);
  call.setShown('voice');
  call.signal(7, pace({ sends: 'voice' }));
  call.setShown('all');
  assert.equal(call.unpictured, false);
  call.signal(7, pace({ sends: 'voice' }));
  assert.equal(call.unpictured, true, 'this one was meant for a page in sight');
});

test('what the data does not reach for is neither sent nor asked for, the camera stays on, and with more data it is back', async () => {
  const { call, connection, looks, paces } = await connected();
  await looks(2, 13);
  call.setCeiling('voice_least');
  await settled();
  assert.deepEqual([connection.senders.video.track, connection.senders.audio.track, call.says], [null, microphone, null]);
  assert.deepEqual([connection.senders.audio.encoding.maxBitrate, call.pictured], [8000, false]);
  call.setCeiling('large');
  await settled();
  assert.deepEqual([connection.senders.video.track, call.pictured], [camera, true]);
  assert.deepEqual(paces(), ['small large', 'voice_least voice_least unseen', 'small large']);
});

test('what the data reaches for and what the line bears: the lesser of both counts', async () => {
  const { call, connection, looks, paces } = await connected();
  connection.lost = 0.4;
  await looks(6, 13);
  call.setCeiling('small');
  call.setCeiling('large');
  await settled();
  assert.equal(connection.senders.video.track, null);
  call.setCeiling('voice_least');
  assert.equal(paces().pop(), 'voice_least voice_least unseen');
});

test('a silence that was asked for is no dead line', async () => {
  const { call, connection, looks } = await connected();
  await looks(4, 13);
  call.setShown('nothing');
  await looks(20, 0);
  call.setShown('all');
  await looks(4, 0);
  assert.equal(connection.restarts, 0, 'nothing has come since');
  await looks(1, 13);
  await looks(2, 0);
  assert.equal(connection.restarts, 1);
});

test('a picture is missed only where one is sent and shown', async () => {
  for (const [silence, restarts] of [
    [() => {}, 1],
    [(call) => call.setShown('voice'), 0],
    [(call) => call.signal(7, pace({ sends: 'voice' })), 0],
    [(call) => call.signal(7, pace({ sends: 'stills' })), 0],
  ]) {
    const { call, connection, looks } = await connected();
    call.setExpecting(false, true);
    await looks(4, 13);
    silence(call);
    await looks(4, 0);
    assert.equal(connection.restarts, restarts, String(silence));
  }
});

test('after a loss of the line to the service the other side is told again', async () => {
  const { call, looks, paces } = await connected();
  await looks(2, 13);
  call.setShown('voice');
  call.tellAgain();
  assert.deepEqual(paces(), ['small large', 'small large unseen', 'small large unseen']);
});

test('after an outage another way is looked for as soon as our own line is back, and again where the offer of meanwhile named none', async () => {
  for (const heals of [true, false]) {
    const { call, connection, looks, sent } = await connected();
    const offers = () => sent.filter(({ kind }) => kind === 'offer').length;
    await looks(3, 13);
    call.lineBack();
    assert.deepEqual([connection.restarts, offers()], [0, 1], 'what stands is left alone');
    await loses(connection);
    // Two minutes without a network: an offer was made, and nobody has heard of it.
    pass(119_000);
    await settled();
    connection.onnegotiationneeded();
    await settled();
    const [before, restarts] = [offers(), connection.restarts];
    call.lineBack();
    await settled();
    assert.equal(offers(), before + 1, 'at once, and not at the next turn of its patience');
    call.signal(7, { kind: 'answer', sdp: SDP });
    await settled();
    if (heals) {
      connection.iceConnectionState = 'connected';
      connection.oniceconnectionstatechange();
    }
    pass(1_000);
    assert.equal(connection.restarts, restarts + (heals ? 0 : 1));
    call.leave();
  }
});

test('a call that was still coming up when the line went is looked after at once when it is back', async () => {
  const { call, connection, sent } = await connected();
  connection.connectionState = connection.iceConnectionState = 'connecting';
  call.state = call.peer.state = 'connecting';
  call.lineBack();
  assert.equal(connection.restarts, 1);
  // Before anything was agreed there is only the first offer to say again.
  connection.remoteDescription = null;
  connection.signalingState = 'have-local-offer';
  pass(1_000);
  const before = sent.length;
  call.lineBack();
  await settled();
  assert.deepEqual([connection.restarts, sent.slice(before).map(({ kind }) => kind)], [1, ['offer']]);
  call.leave();
});

test('what goes along with a voice is settled here alone, and nothing of it is told', async () => {
  const { call, connection, sent } = await connected();
  assert.deepEqual(connection.descriptions, ['ours offer', 'theirs 111']);
  call.peer.pace({ voice: { bitrate: 6000, redundancy: 'red' }, picture: null });
  await settled();
  assert.deepEqual(connection.descriptions.slice(2), ['ours offer', 'theirs 63']);
  assert.match(connection.remoteDescription.sdp, /a=setup:active/);
  assert.equal(connection.senders.audio.encoding.maxBitrate, 6000);
  assert.equal(sent.filter(({ kind }) => kind === 'offer').length, 1, 'only the first');
});

test('a voice from Firefox or to it has fewer bits, since each packet has more around it at the relay', async () => {
  const of = async (whose, voice) => {
    const { call, connection } = await connected();
    // What the other side says has come by way of the service, which takes the browser's name out.
    if (whose.includes('theirs')) await call.peer.signal({ kind: 'offer', sdp: SDP.replace(/a=rtpmap:63.*\r\n/, '') });
    if (whose.includes('ours')) connection.localDescription.sdp = `v=0\r\no=mozilla...THIS 1 0 IN IP4 0.0.0.0\r\n${SDP}`;
    call.peer.pace({ voice, picture: { bitrate: 75000, framerate: 12, height: 240 } });
    await settled();
    return connection.senders.audio.encoding.maxBitrate;
  };
  const alone = { bitrate: 12000, redundancy: 'none' };
  const guarded = { bitrate: 24000, redundancy: 'fec' };
  assert.deepEqual([await of([], alone), await of(['ours'], alone), await of(['theirs'], alone)], [12000, 8400, 8400]);
  assert.deepEqual([await of(['ours'], guarded), await of(['theirs'], guarded)], [20400, 24000]);
  assert.equal(await of(['ours'], { bitrate: 6000, redundancy: 'none' }), 5000, 'there is a least');
});

test('whoever answered last answers here too, in the part that the connection has', async () => {
  const { call, connection } = await connected();
  connection.remoteDescription = { type: 'offer', sdp: SDP.replace(/setup:\w+/, 'setup:actpass') };
  connection.localDescription = { type: 'answer', sdp: SDP.replace(/setup:\w+/, 'setup:active') };
  call.peer.pace({ voice: { bitrate: 6000, redundancy: 'red' }, picture: null });
  await settled();
  assert.equal(connection.descriptions[2], 'theirs 63');
  assert.match(connection.descriptions[3], /^ours/);
  assert.equal(connection.remoteDescription.type, 'offer');
  assert.match(connection.remoteDescription.sdp, /a=setup:passive/, 'we stay the active one');
});

test('a new way that is asked for meanwhile is looked for right after it', async () => {
  const { call, connection, sent } = await connected();
  Connection.meanwhile = () => {
    connection.signalingState = 'have-local-offer';
    call.restart();
    connection.signalingState = 'stable';
    Connection.meanwhile = null;
  };
  call.peer.pace({ voice: { bitrate: 6000, redundancy: 'red' }, picture: null });
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
