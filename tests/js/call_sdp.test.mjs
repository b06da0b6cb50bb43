import assert from "node:assert/strict";
import { test } from "node:test";
import { hasCopies, resendsOf, tune } from "../../web-client/call/sdp.js";

const OPUS = "useinbandfec=1;maxaveragebitrate=24000;usedtx=1;stereo=0;sprop-stereo=0";
/** @param {string[]} lines */
const sdp = (...lines) => `${lines.join("\r\n")}\r\n`;

test("voice is asked for in one channel and in few packets, with silence in mind", () => {
  const theirs = sdp("v=0", "m=audio 9 x 111 0", "a=rtpmap:111 opus/48000/2", "a=fmtp:111 minptime=10;useinbandfec=0", "a=rtpmap:0 PCMU/8000");
  const tuned = sdp(
    "v=0",
    "m=audio 9 x 111 0",
    "a=rtpmap:111 opus/48000/2",
    `a=fmtp:111 minptime=10;${OPUS}`,
    "a=ptime:60",
    "a=maxptime:60",
    "a=rtpmap:0 PCMU/8000",
  );
  assert.equal(tune(theirs), tuned);
  assert.equal(tune(tuned), tuned, "asked for twice is asked for once");
});

test("where packets are lost, each carries a copy of the one before it, and no longer than that", () => {
  const theirs = sdp("v=0", "m=audio 9 x 111 63 0", "a=rtpmap:111 opus/48000/2", "a=rtpmap:63 red/48000/2", "a=fmtp:63 111/111", "m=video 9 x 96 97", "a=rtpmap:97 red/90000");
  const copied = tune(theirs, { bitrate: 6000, redundancy: "red" });
  assert.match(copied, /m=audio 9 x 63 111 0\r\n/);
  assert.match(copied, /m=video 9 x 96 97\r\n/, "a picture has a codec of that name too");
  assert.match(tune(copied, { bitrate: 12000, redundancy: "none" }), /m=audio 9 x 111 63 0\r\n/);
  const unknown = sdp("m=audio 9 x 109 0", "a=rtpmap:109 opus/48000/2");
  assert.match(tune(unknown, { bitrate: 6000, redundancy: "red" }), /m=audio 9 x 109 0\r\n/, "a browser without copies");
  assert.deepEqual([theirs, unknown].map((one) => hasCopies({ type: "offer", sdp: one })), [true, false]);
  assert.equal(hasCopies(null), false, "nothing was said yet");
  assert.equal(hasCopies({ type: "offer", sdp: sdp("m=audio 9 x 0", "m=video 9 x 97", "a=rtpmap:97 red/48000") }), false, "of the voice");
});

test("packets are as long as is asked for", () => {
  const theirs = sdp("m=audio 9 x 111", "a=rtpmap:111 opus/48000/2", "a=ptime:60");
  const tuned = tune(theirs, { bitrate: 12000, redundancy: "none", packet: 20 });
  assert.match(tuned, /a=ptime:20\r\na=maxptime:20/);
  assert.doesNotMatch(tuned, /ptime:60/);
});

test("a description without parameters for the voice gets them", () => {
  const theirs = sdp("m=audio 9 x 109", "a=rtpmap:109 opus/48000/2", "b");
  assert.equal(tune(theirs), sdp("m=audio 9 x 109", "a=rtpmap:109 opus/48000/2", `a=fmtp:109 ${OPUS}`, "a=ptime:60", "a=maxptime:60", "b"));
});

test("the voice carries nothing along that measures the way, and the picture does", () => {
  const extensions = ["a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level", "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid"];
  const theirs = sdp(
    "m=audio 9 x 111",
    ...extensions,
    "a=rtpmap:111 opus/48000/2",
    "a=rtcp-fb:111 transport-cc",
    "m=video 9 x 96",
    ...extensions,
    "a=rtpmap:96 VP8/90000",
    "a=rtcp-fb:96 transport-cc",
  );
  const [, audio, video] = tune(theirs).split("m=");
  assert.doesNotMatch(audio, /audio-level|transport-cc/);
  assert.match(audio, /sdes:mid/);
  assert.match(video, /audio-level[^]*transport-cc/);
});

test("a picture that is off is not asked for again where packets of it got lost; whole pictures still are", () => {
  const theirs = sdp("m=audio 9 x 111", "a=rtcp-fb:111 nack", "m=video 9 x 96", "a=rtpmap:96 VP8/90000", "a=rtcp-fb:96 nack", "a=rtcp-fb:96 nack pli");
  const without = tune(theirs, undefined, "");
  const [, audio, video] = without.split("m=");
  assert.match(audio, /nack\r\n/);
  assert.doesNotMatch(video, / nack\r\n/);
  assert.match(video, /nack pli/);
  assert.match(tune(theirs).split("m=")[2], /:96 nack\r\n/);
  assert.match(tune(without, undefined, resendsOf(theirs)).split("m=")[2], /:96 nack\r\n/, "a picture that comes back has them again");
});

test("a description without this codec stays as it is", () => {
  const theirs = sdp("m=audio 9 x 0", "a=rtpmap:0 PCMU/8000", "a=ptime:20");
  assert.equal(tune(theirs), theirs);
});
