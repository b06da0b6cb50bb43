import assert from "node:assert/strict";
import { test } from "node:test";
import { tuneVoice } from "../../web-client/call/sdp.js";

const OPUS = "usedtx=1;useinbandfec=1;stereo=0;sprop-stereo=0;maxaveragebitrate=24000";

test("voice is asked for in one channel, with silence and loss in mind", () => {
  const sdp = "v=0\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\na=rtpmap:0 PCMU/8000\r\n";
  assert.equal(tuneVoice(sdp), `v=0\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;${OPUS}\r\na=rtpmap:0 PCMU/8000\r\n`);
});

test("a description without parameters for the voice gets them", () => {
  assert.equal(tuneVoice("a=rtpmap:109 opus/48000/2\r\nb\r\n"), `a=rtpmap:109 opus/48000/2\r\na=fmtp:109 ${OPUS}\r\nb\r\n`);
});

test("a description without this codec stays as it is", () => {
  assert.equal(tuneVoice("a=rtpmap:0 PCMU/8000\r\n"), "a=rtpmap:0 PCMU/8000\r\n");
});
