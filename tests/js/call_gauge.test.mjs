// What is read from a connection's statistics, as Chromium and Firefox tell it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gauge } from '../../web-client/call/gauge.js';

/** Chromium, so many seconds after the beginning: 17 packets of voice and 20 of picture a second. */
const chromium = (seconds, more = {}) => [
  { type: 'inbound-rtp', kind: 'audio', packetsReceived: 17 * seconds, packetsLost: 0, concealedSamples: 0, silentConcealedSamples: 0, totalSamplesReceived: 48_000 * seconds, ...more.audio },
  { type: 'inbound-rtp', kind: 'video', packetsReceived: 20 * seconds, packetsLost: 0, framesDecoded: 12 * seconds, totalFreezesDuration: 0, ...more.video },
  { type: 'outbound-rtp', kind: 'video', packetsSent: 20 * seconds, qualityLimitationReason: 'none', ...more.sent },
  { type: 'outbound-rtp', kind: 'audio', packetsSent: 17 * seconds, ...more.voice },
  { type: 'remote-inbound-rtp', id: 'report', timestamp: seconds, kind: 'video', fractionLost: 0.02, roundTripTime: 0.12, ...more.report },
  { type: 'candidate-pair', nominated: true, state: 'succeeded', availableOutgoingBitrate: 300_000, currentRoundTripTime: 0.1, totalRoundTripTime: 0.1, ...more.way },
  { type: 'candidate-pair', nominated: false, state: 'waiting', availableOutgoingBitrate: 9, currentRoundTripTime: 9 },
];

/** The reading of the second from 1 to 2, where the second half differs like this. */
const reading = (more) => {
  const gauge = new Gauge();
  assert.equal(gauge.read(chromium(1), 1000), null, 'the first time there is nothing to compare with');
  return gauge.read(chromium(2, more), 2000);
};

test('a connection that does well', () => {
  const expected = { at: 2000, rate: 300, roundTrip: 120, lostOut: 0.02, lostIn: 0, concealed: 0, frozen: 0, queue: null, limit: 'none' };
  assert.deepEqual(reading({}), expected);
});

test('sound that is made up is told from what is played where nobody speaks', () => {
  assert.equal(reading({ audio: { concealedSamples: 30_000, silentConcealedSamples: 25_200 } }).concealed, 0.1);
});

test('loss, a picture that stands still, and what holds the picture back', () => {
  const { lostIn, frozen, limit } = reading({
    audio: { packetsLost: 4 },
    video: { totalFreezesDuration: 0.6 },
    sent: { qualityLimitationReason: 'cpu' },
  });
  assert.ok(Math.abs(lostIn - 4 / 41) < 1e-9);
  assert.equal(frozen, 0.6);
  assert.equal(limit, 'processor');
});

test('Firefox tells less, and what it does not tell is not guessed', () => {
  const firefox = (seconds) => [
    { type: 'inbound-rtp', kind: 'audio', packetsReceived: 17 * seconds, packetsLost: 0 },
    { type: 'inbound-rtp', kind: 'video', packetsReceived: 20 * seconds, packetsLost: 0, framesDecoded: 12 },
    { type: 'outbound-rtp', kind: 'video', packetsSent: 20 * seconds },
    { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.08, responsesReceived: seconds },
  ];
  const gauge = new Gauge();
  gauge.read(firefox(1), 1000);
  const expected = { at: 2000, rate: null, roundTrip: 80, lostOut: null, lostIn: 0, concealed: null, frozen: 1, queue: null, limit: 'none' };
  assert.deepEqual(gauge.read(firefox(2), 2000), expected);
});

test('a report counts once, and so does a check of the way', () => {
  const { lostOut, roundTrip } = reading({ report: { timestamp: 1, fractionLost: 0.5, roundTripTime: 0.5 } });
  assert.deepEqual([lostOut, roundTrip], [null, null]);
});

test("a voice's reports are of a while ago: how long the way is, is taken from them only where the way itself tells nothing", () => {
  const voice = { kind: 'audio', roundTripTime: 0.03 };
  assert.equal(reading({ report: voice }).roundTrip, null);
  assert.equal(reading({ report: voice, way: { currentRoundTripTime: undefined } }).roundTrip, 30);
});

test('the way is checked where nobody reports', () => {
  assert.equal(reading({ report: { timestamp: 1 }, way: { totalRoundTripTime: 0.2 } }).roundTrip, 100);
});

test('where hardly anything is sent or comes, one lost packet says nothing', () => {
  const quiet = { audio: { packetsReceived: 19, packetsLost: 1 }, video: { packetsReceived: 20 }, sent: { packetsSent: 20 }, voice: { packetsSent: 19 } };
  const { lostIn, lostOut } = reading({ ...quiet, report: { fractionLost: 0.33 } });
  assert.deepEqual([lostIn, lostOut], [null, null]);
});

test('what the browser believes of the rate counts only while a picture of ours is on its way', () => {
  assert.equal(reading({ sent: { packetsSent: 20 } }).rate, null);
});

test('whether anything comes at all', () => {
  const gauge = new Gauge();
  gauge.read(chromium(1), 1000);
  assert.equal(gauge.arrived, null);
  gauge.read(chromium(2), 2000);
  assert.equal(gauge.arrived, 37);
  gauge.read(chromium(2), 3000);
  assert.equal(gauge.arrived, 0);
  gauge.read([], 4000);
  assert.equal(gauge.arrived, null, 'no stream is not the same as a silent one');
});

test('counters that begin anew, and a clock that stands still, count for nothing', () => {
  const gauge = new Gauge();
  gauge.read(chromium(9), 1000);
  const { lostIn, concealed, queue } = gauge.read(chromium(1), 2000);
  assert.deepEqual([lostIn, concealed, queue, gauge.arrived], [null, null, null, null]);
  assert.equal(gauge.read(chromium(2), 2000), null);
});
