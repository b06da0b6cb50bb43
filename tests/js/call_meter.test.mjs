// What a conversation takes of a person's data, counted from what browsers tell. The pretended line knows the truth: each
// packet with all its heads, as the relay's side of the network sees it; browsers show their part of it in their own counters.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Meter } from '../../web-client/call/meter.js';

/** IPv4, UDP and ChannelData. */
const AROUND = 20 + 8 + 4;
/** Firefox binds no channels: the same with indications, padded. */
const INDICATED = { sent: 20 + 8 + 44 + 1.5, received: 20 + 8 + 36 + 1.5 };
const TAG = 10;
/** With AES-GCM. */
const LONG_TAG = 16;

/** A connection with two pairs, one of them in use, and what has gone over it, both ways. */
class Wire {
  constructor({ around = AROUND, acknowledged = 0, relayProtocol = 'udp', relatedAddress = '0.0.0.0', name = '', tag = TAG } = {}) {
    Object.assign(this, { around: typeof around === 'number' ? { sent: around, received: around } : around, acknowledged, relayProtocol, relatedAddress, name, tag, at: 1000, truth: 0 });
    const side = () => ({ bytes: 0, packets: 0, rtpBytes: 0, rtpHeads: 0, rtpPackets: 0, requests: 0, responses: 0, messages: 0, channel: 0 });
    this.sent = side();
    this.received = side();
    this.key = {};
    this.restarts = 0;
  }
  /** Sound or picture: a payload with its RTP head. */
  media(side, payload, heads = 20) {
    const one = this[side];
    one.rtpBytes += payload;
    one.rtpHeads += heads;
    one.rtpPackets += 1;
    this.packet(side, payload + heads + this.tag);
  }
  /** RTCP or DTLS. */
  packet(side, length) {
    const one = this[side];
    one.bytes += length;
    one.packets += 1;
    this.truth += length + this.around[side] + this.acknowledged;
  }
  /** Still pictures in pieces, each acknowledged the other way. */
  stills(seconds) {
    for (let at = 0; at < seconds * 1000; at += 360) {
      for (const [side, back] of [['sent', 'received'], ['received', 'sent']]) {
        this[side].messages += 1;
        this[side].channel += 404;
        this.packet(side, 404 + 54);
        this.packet(back, 45);
      }
    }
    this.talk(seconds);
  }
  checks(times = 1) {
    for (const side of ['sent', 'received']) {
      this[side].requests += times;
      this[side].responses += times;
      this.truth += times * (100 + 64 + 2 * (this.around[side] + this.acknowledged));
    }
  }
  /** Half an hour's worth of it, if it is called often enough: voice of one, in turns, at 60 ms, with checks and reports. */
  talk(seconds, speaking = 'sent', payload = 60) {
    const silent = speaking === 'sent' ? 'received' : 'sent';
    for (let at = 0; at < seconds * 1000; at += 60) this.media(speaking, payload);
    for (let at = 0; at < seconds * 1000; at += 400) this.media(silent, 3);
    for (let at = 0; at < seconds; at += 5) for (const side of ['sent', 'received']) this.packet(side, 90);
    this.at += seconds * 1000;
  }
  show(seconds) {
    for (let at = 0; at < seconds * 1000; at += 40) for (const side of ['sent', 'received']) this.media(side, 550, 24);
    for (let at = 0; at < seconds * 1000; at += 100) for (const side of ['sent', 'received']) this.packet(side, 70);
    this.talk(seconds);
  }
  candidates() {
    const { relayProtocol, relatedAddress } = this;
    return [
      { id: `L1${this.name}`, type: 'local-candidate', candidateType: 'relay', protocol: 'udp', relayProtocol, address: '192.0.2.9', relatedAddress },
      { id: `R1${this.name}`, type: 'remote-candidate', candidateType: 'relay', protocol: 'udp', address: '192.0.2.9' },
    ];
  }
  channel() {
    const { sent, received, name } = this;
    return sent.messages === 0 ? [] : [
      { id: `D${name}`, type: 'data-channel', state: 'open', messagesSent: sent.messages, bytesSent: sent.channel, messagesReceived: received.messages, bytesReceived: received.channel },
    ];
  }
  rtp(heads = true) {
    const of = (type, side, bytes, packets, head) => {
      const { rtpBytes, rtpPackets, rtpHeads } = this[side];
      return { id: `${type}${this.name}`, type, kind: 'audio', [bytes]: rtpBytes, [packets]: rtpPackets, ...(heads ? { [head]: rtpHeads } : {}) };
    };
    return [
      of('outbound-rtp', 'sent', 'bytesSent', 'packetsSent', 'headerBytesSent'),
      of('inbound-rtp', 'received', 'bytesReceived', 'packetsReceived', 'headerBytesReceived'),
      // The other side's word on the same packets: counted once, not twice.
      { id: 'RI', type: 'remote-inbound-rtp', packetsReceived: this.sent.rtpPackets, packetsLost: 0 },
      { id: 'RO', type: 'remote-outbound-rtp', packetsSent: this.received.rtpPackets, bytesSent: this.received.rtpBytes },
    ];
  }
  /** As Chromium tells it. */
  chromium({ checked = (times) => ({ requestsSent: times, consentRequestsSent: Math.max(0, times - 1) }) } = {}) {
    const { sent, received } = this;
    return report([
      {
        id: 'T01', type: 'transport', selectedCandidatePairId: 'CP1', dtlsState: 'connected',
        bytesSent: sent.bytes, packetsSent: sent.packets, bytesReceived: received.bytes, packetsReceived: received.packets,
      },
      {
        id: 'CP1', type: 'candidate-pair', transportId: 'T01', localCandidateId: 'L1', remoteCandidateId: 'R1', state: 'succeeded', nominated: true,
        bytesSent: sent.bytes, packetsSent: sent.packets, bytesReceived: received.bytes, packetsReceived: received.packets,
        ...checked(sent.requests), responsesSent: sent.responses,
        requestsReceived: received.requests, responsesReceived: received.responses,
      },
      {
        id: 'CP2', type: 'candidate-pair', transportId: 'T01', localCandidateId: 'L2', remoteCandidateId: 'R1', state: 'in-progress',
        bytesSent: 0, packetsSent: 0, bytesReceived: 0, packetsReceived: 0, requestsSent: 0, requestsReceived: 0, responsesSent: 0, responsesReceived: 0,
      },
      ...this.candidates(),
      ...this.channel(),
      ...this.rtp(),
    ], this.at);
  }
  /** As Firefox told it for years: no transport, no packets of the pair, no checks; `heads` only from 102 on. */
  firefox({ heads = true } = {}) {
    const { sent, received, name } = this;
    return report([
      {
        id: `P1${name}`, type: 'candidate-pair', transportId: 'transport_0', localCandidateId: `L1${name}`, remoteCandidateId: `R1${name}`, state: 'succeeded', nominated: true, selected: true,
        bytesSent: sent.bytes, bytesReceived: received.bytes,
      },
      { id: `P2${name}`, type: 'candidate-pair', transportId: 'transport_0', localCandidateId: `L2${name}`, remoteCandidateId: `R1${name}`, state: 'frozen', selected: false, bytesSent: 0, bytesReceived: 0 },
      ...this.candidates(),
      ...this.channel(),
      ...this.rtp(heads),
    ], this.at);
  }
  /** As newer Firefox does: a transport without counters, the checks' answers, and sometime packets of the pair. */
  newerFirefox({ packets = false } = {}) {
    const { sent, received } = this;
    return report([
      { id: 'transport_0', type: 'transport', dtlsState: 'connected', selectedCandidatePairId: 'P1', srtpCipher: this.tag === TAG ? 'SRTP_AES128_CM_HMAC_SHA1_80' : 'SRTP_AEAD_AES_128_GCM' },
      {
        id: 'P1', type: 'candidate-pair', localCandidateId: 'L1', remoteCandidateId: 'R1', state: 'succeeded', nominated: true, selected: true,
        bytesSent: sent.bytes, bytesReceived: received.bytes, responsesReceived: received.responses,
        ...(packets ? { packetsSent: sent.packets, packetsReceived: received.packets } : {}),
      },
      ...this.candidates(),
      ...this.channel(),
      ...this.rtp(),
    ], this.at);
  }
}

function report(stats, timestamp) {
  return new Map(stats.map((stat) => [stat.id, { timestamp, ...stat }]));
}

function within(measured, truth, part, what) {
  assert.ok(truth > 0 && Math.abs(measured - truth) <= truth * part, `${what}: ${Math.round(measured)}, and ${Math.round(truth)} went over the line (${((measured / truth - 1) * 100).toFixed(1)}%)`);
}

/** Checks as they go with the time: Chromium's every 2.5 s, Firefox's every 5. */
function minutes(wire, told, every, act) {
  const meter = new Meter();
  meter.take(wire.key, told());
  for (let at = 0; at < 60; at += 5) {
    act(at);
    wire.checks(5 / every);
    meter.take(wire.key, told());
  }
  return meter;
}

for (const [name, told, every, around] of [
  ['Chromium', (wire) => wire.chromium(), 2.5],
  ['older Chromium', (wire) => wire.chromium({ checked: (times) => ({ requestsSent: Math.min(2, times), consentRequestsSent: Math.max(0, times - 2) }) }), 2.5],
  ['Firefox', (wire) => wire.firefox(), 5, INDICATED],
  ['Firefox before 102', (wire) => wire.firefox({ heads: false }), 5, INDICATED],
  ['newer Firefox', (wire) => wire.newerFirefox(), 5, INDICATED],
  ['Firefox that counts packets too', (wire) => wire.newerFirefox({ packets: true }), 5, INDICATED],
]) {
  test(`what goes over the line is known within 5 % by the counters of ${name}: the sparest voice, in turns, and a picture`, () => {
    const voice = new Wire({ around });
    within(minutes(voice, () => told(voice), every, (at) => voice.talk(5, at % 20 < 10 ? 'sent' : 'received')).used, voice.truth, 0.05, 'voice');
    const picture = new Wire({ around });
    within(minutes(picture, () => told(picture), every, () => picture.show(5)).used, picture.truth, 0.05, 'picture');
    const quiet = new Wire({ around });
    within(minutes(quiet, () => told(quiet), every, () => quiet.talk(5, 'sent', 1)).used, quiet.truth, 0.05, 'a minute of next to nothing');
    const still = new Wire({ around });
    within(minutes(still, () => told(still), every, () => still.stills(5)).used, still.truth, 0.05, 'still pictures');
    const sealed = new Wire({ tag: LONG_TAG, around });
    within(minutes(sealed, () => told(sealed), every, () => sealed.talk(5)).used, sealed.truth, 0.05, 'with the longer tag');
  });
}

test('the browser\'s own counters alone would be a third short: what is around each packet is counted too', () => {
  const wire = new Wire();
  const meter = minutes(wire, () => wire.chromium(), 2.5, () => wire.talk(5));
  assert.ok((wire.sent.bytes + wire.received.bytes) / wire.truth < 0.7);
  within(meter.used, wire.truth, 0.01, 'voice');
});

test('sent and received are told apart, and megabytes are a million bytes', () => {
  const wire = new Wire();
  const meter = new Meter();
  for (let at = 0; at < 1000; at += 1) wire.media('sent', 938);
  for (let at = 0; at < 500; at += 1) wire.media('received', 938);
  meter.take(wire.key, wire.chromium());
  assert.deepEqual([meter.sent, meter.received, meter.used, meter.megabytes], [1000000, 500000, 1500000, 1.5]);
});

test('over TCP and TLS, and by IPv6, the longer heads are counted', () => {
  const cost = (options) => {
    const wire = new Wire(options);
    wire.media('sent', 100);
    const meter = new Meter();
    meter.take(wire.key, wire.chromium());
    return meter.used;
  };
  assert.equal(cost({}), 100 + 30 + 20 + 8 + 4);
  assert.equal(cost({ relatedAddress: '::' }), 100 + 30 + 40 + 8 + 4);
  // Half an acknowledgement each, and one and a half bytes of padding.
  assert.equal(cost({ relayProtocol: 'tcp' }), Math.round(100 + 30 + 20 + 32 + 4 + 1.5 + (20 + 32) / 2));
  assert.equal(cost({ relayProtocol: 'tls' }), Math.round(100 + 30 + 20 + 32 + 4 + 1.5 + 22 + (20 + 32) / 2));
});

test('a relay that was named by a number of IPv6 is reached by IPv6; its own made-up address says nothing', () => {
  const wire = new Wire({ relatedAddress: null });
  wire.media('sent', 100);
  const told = wire.firefox();
  told.get('L1').url = 'turn:[2001:db8::1]:3478?transport=udp';
  const meter = new Meter();
  meter.take(wire.key, told);
  assert.equal(meter.used, Math.round(100 + 30 + 40 + 8 + 44 + 1.5));
  const other = new Meter();
  told.get('L1').url = 'turn:relay.test:3478?transport=udp';
  told.get('L1').address = '2001:db8::9';
  other.take({}, told);
  assert.equal(other.used, Math.round(100 + 30 + 20 + 8 + 44 + 1.5));
});

test('a new connection counts from nothing, and what the old one took stays counted', () => {
  const meter = new Meter();
  let truth = 0;
  for (let round = 0; round < 5; round += 1) {
    const wire = new Wire();
    wire.talk(20);
    meter.take(wire.key, wire.chromium());
    wire.talk(20);
    meter.take(wire.key, wire.chromium());
    truth += wire.truth;
  }
  within(meter.used, truth, 0.01, 'five connections');
});

test('several connections at once are counted together', () => {
  const meter = new Meter();
  const wires = [new Wire(), new Wire(), new Wire()];
  for (let round = 0; round < 3; round += 1) {
    for (const wire of wires) {
      wire.talk(5);
      meter.take(wire.key, wire.chromium());
    }
  }
  within(meter.used, wires.reduce((sum, wire) => sum + wire.truth, 0), 0.01, 'three connections');
});

test('the same report again adds nothing', () => {
  for (const told of [(wire) => wire.chromium(), (wire) => wire.firefox()]) {
    const wire = new Wire();
    wire.talk(10);
    const meter = new Meter();
    meter.take(wire.key, told(wire));
    const once = meter.used;
    meter.take(wire.key, told(wire));
    assert.equal(meter.used, once);
  }
});

test('counters that begin anew take nothing away and are counted from nothing', () => {
  const wire = new Wire();
  wire.talk(30);
  const meter = new Meter();
  meter.take(wire.key, wire.chromium());
  const before = meter.used;
  const anew = new Wire();
  anew.talk(5);
  meter.take(wire.key, anew.chromium());
  within(meter.used, before + anew.truth, 0.01, 'begun anew');
});

test('another way after a restart of ICE is counted on, with its own heads', () => {
  // Firefox: the new way is another pair, with counters of its own, while sound and picture count on.
  const wire = new Wire({ around: INDICATED });
  wire.talk(20);
  const meter = new Meter();
  meter.take(wire.key, wire.firefox());
  const first = meter.used;
  const before = wire.firefox();
  const bytes = { sent: wire.sent.bytes, received: wire.received.bytes };
  wire.around = { sent: INDICATED.sent + 24, received: INDICATED.received + 24 };
  wire.acknowledged = 26;
  wire.talk(20);
  const after = wire.firefox();
  const pair = after.get('P1');
  after.set('P1', { ...before.get('P1'), selected: false, timestamp: wire.at });
  after.set('P9', { ...pair, id: 'P9', localCandidateId: 'L9', bytesSent: pair.bytesSent - bytes.sent, bytesReceived: pair.bytesReceived - bytes.received });
  after.set('L9', { ...after.get('L1'), id: 'L9', relayProtocol: 'tcp' });
  meter.take(wire.key, after);
  assert.ok(meter.used > first);
  within(meter.used, wire.truth, 0.05, 'both ways');
  // The old pair goes altogether: nothing is taken away.
  const whole = meter.used;
  after.delete('P1');
  meter.take(wire.key, after);
  assert.equal(meter.used, whole);
});

test('older Chromium, whose sum falls when a way is given up, is counted once', () => {
  const wire = new Wire();
  wire.talk(60);
  const meter = new Meter();
  meter.take(wire.key, wire.chromium());
  const before = meter.used;
  // The other pair had carried a part of it and is gone with its counters; a second later.
  const told = wire.chromium();
  told.get('T01').bytesSent -= 5000;
  told.get('T01').packetsSent -= 50;
  const pair = told.get('CP1');
  told.set('CP1', { ...pair, bytesSent: pair.bytesSent + 130, packetsSent: pair.packetsSent + 1 });
  meter.take(wire.key, told);
  assert.equal(meter.used, before + 130 + AROUND);
});

test('what is missing or no number is passed over: it never falls, and never becomes something that is no number', () => {
  const meter = new Meter();
  const key = {};
  const odd = [NaN, -1, Infinity, '12', null, undefined, {}];
  let last = 0;
  for (const value of odd) {
    const wire = new Wire();
    wire.talk(1);
    for (const type of ['transport', 'candidate-pair', 'outbound-rtp', 'inbound-rtp', 'local-candidate']) {
      const told = wire.chromium();
      for (const stat of told.values()) if (stat.type === type) for (const field of Object.keys(stat)) if (field !== 'type' && field !== 'id') stat[field] = value;
      meter.take(key, told);
      assert.ok(Number.isFinite(meter.used) && meter.used >= last, `${value} in ${type}`);
      last = meter.used;
    }
  }
  meter.take(key, new Map());
  meter.take(key, new Map([['x', null], ['y', { type: 'transport' }]]));
  assert.equal(meter.used, last);
  meter.add(NaN, -5);
  assert.equal(meter.used, last);
});

test('where neither transport nor pair counts, sound and picture are still counted', () => {
  const wire = new Wire();
  wire.show(10);
  const meter = new Meter();
  meter.take(wire.key, report(wire.rtp(), 1000));
  // Short of the reports, of which nothing is known.
  within(meter.used, wire.truth, 0.08, 'sound and picture alone');
});

test('counters that are read a moment apart even out', () => {
  // The pair's bytes lag behind sound and picture by a few packets, each time by others.
  const wire = new Wire({ around: INDICATED });
  const meter = new Meter();
  for (let round = 0; round < 24; round += 1) {
    wire.talk(5);
    wire.checks();
    const told = wire.firefox();
    told.get('P1').bytesSent -= round % 2 ? 0 : 800;
    meter.take(wire.key, told);
  }
  within(meter.used, wire.truth, 0.05, 'two minutes');
});

test('what is no media can be put to it', () => {
  const meter = new Meter();
  meter.add(100);
  meter.add(20, 30);
  assert.deepEqual([meter.sent, meter.received, meter.used], [120, 30, 150]);
});

test('a connection that looks for a way for hours is remembered by little', () => {
  const meter = new Meter();
  const key = {};
  const told = (round) => report(Array.from({ length: 12 }, (_, at) => ({ id: `P${round}.${at}`, type: 'candidate-pair', bytesSent: 0, bytesReceived: 0, requestsSent: 3 })), round);
  for (let round = 0; round < 2000; round += 1) meter.take(key, told(round));
  assert.ok(meter._lines.get(key)._last.size <= 212);
});
