// Which way of coding the picture is asked for first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstOf, ordered } from '../../web-client/call/codecs.js';

const codecs = ['video/VP8', 'video/rtx', 'video/VP9', 'video/H264', 'video/AV1', 'video/red', 'video/ulpfec'].map((mimeType) => ({ mimeType }));
const [smooth, little, rough] = [{ smooth: true, powerEfficient: false }, { smooth: true, powerEfficient: true }, { smooth: false, powerEfficient: false }];
const able = (more) => new Map(Object.entries({ 'video/vp8': smooth, 'video/vp9': smooth, 'video/h264': smooth, 'video/av1': smooth, ...more }));
const names = (list) => list && list.map(({ mimeType }) => mimeType.slice(6)).join(' ');

test('where the browser\'s own order is as good, it stands', () => {
  assert.equal(ordered(codecs, able({})), null);
  assert.equal(ordered(codecs, new Map()), null, 'nothing is known');
  assert.equal(ordered([], able({})), null);
});

test('what needs little power comes first, then what is smooth, and nothing is left out', () => {
  assert.equal(names(ordered(codecs, able({ 'video/h264': little }))), 'H264 VP8 VP9 AV1 rtx red ulpfec');
  assert.equal(names(ordered(codecs, able({ 'video/av1': little, 'video/vp8': rough }))), 'AV1 H264 VP9 VP8 rtx red ulpfec');
});

test('without a chip for them the heavy ones come after the light ones', () => {
  const heavy = [codecs[4], codecs[2], codecs[0], codecs[3], codecs[1]];
  assert.equal(names(ordered(heavy, able({}))), 'VP8 H264 AV1 VP9 rtx');
});

test('one that can\'t be written here comes last', () => {
  const known = able({});
  known.delete('video/vp8');
  assert.equal(names(ordered(codecs, known)), 'H264 VP9 AV1 VP8 rtx red ulpfec');
});

test('variants of a codec keep their order', () => {
  const variants = [codecs[2], { mimeType: 'video/H264', sdpFmtpLine: 'a' }, { mimeType: 'video/H264', sdpFmtpLine: 'b' }];
  assert.deepEqual(ordered(variants, able({})).map((one) => one.sdpFmtpLine), ['a', 'b', undefined]);
});

test('who answers keeps to the other side\'s first, unless another does better here', () => {
  assert.equal(ordered(codecs, able({}), 'video/H264'), null);
  assert.equal(names(ordered(codecs, able({ 'video/h264': little }), 'video/VP8')), 'H264 VP8 VP9 AV1 rtx red ulpfec');
  assert.equal(names(ordered(codecs, able({}), 'video/AV1')), 'VP8 H264 VP9 AV1 rtx red ulpfec');
});

test('an offer\'s first codec is found by its number', () => {
  const sdp = 'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\nm=video 9 UDP/TLS/RTP/SAVPF 103 96\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:103 H264/90000\r\n';
  assert.equal(firstOf(sdp), 'video/H264');
  assert.equal(firstOf('v=0\r\n'), undefined);
});
