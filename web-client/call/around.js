// What packets have around them between a browser and the relay, and what a voice and a picture leave free for it.
//
// Firefox binds no channels at the relay (RFC 8656, 12): each packet goes as an indication, from it and to it, with up to 42 bytes more
// around it. With them a voice would cost more than people were told, so that it and the picture beside it have fewer bits.

import { hasCopies } from "./sdp.js";

/** bit/s that a voice has less; and the least that is left to it. */
const [VOICE, AUDIBLE] = [3600, 5000];
/** The same of a picture: to Firefox, and from it, which sends some more than it is told. */
const PICTURE = { to: 9000, from: 16000 };

/**
 * @typedef {object} Around whose packets go as indications
 * @property {boolean} from ours
 * @property {boolean} to the other side's, so that ours arrive so
 */

/** @param {RTCPeerConnection} connection @returns {Around} */
export function aroundOf({ localDescription: ours, remoteDescription: theirs }) {
  return {
    from: Boolean(ours && /^o=mozilla/m.test(ours.sdp)),
    // The service takes the browser's name out of what it passes on. Of those in use it is Firefox alone that knows no copies.
    to: Boolean(theirs) && !hasCopies(theirs),
  };
}

/** bit/s that are left to a voice. @param {import("./sdp.js").Voice} voice @param {Around} around */
export function voiceWithin({ bitrate, redundancy }, { from, to }) {
  // FEC goes where there is room, and to Firefox needs all of its own.
  return from || (to && redundancy === "none") ? Math.max(AUDIBLE, bitrate - VOICE) : bitrate;
}

/** bit/s that are left to a picture. @param {number} bitrate @param {Around} around */
export function pictureWithin(bitrate, { from, to }) {
  const less = from ? PICTURE.from : to ? PICTURE.to : 0;
  // One that has next to nothing keeps it.
  return Math.max(bitrate - less, bitrate / 2);
}
