// What is changed in session descriptions: how the voice is coded, and what goes along with voice and picture.

/**
 * How the voice is sent: bits a second of Opus, and what goes along so that lost packets can be made up; milliseconds in a packet.
 * @typedef {import("./ladder.js").Plan["voice"] & { packet?: number }} Voice
 */

/** Headers weigh more than speech: 60 ms in a packet make 17 packets a second of 50. */
const PACKET = 60;
/** @type {Voice} */
export const VOICE = { bitrate: 12000, redundancy: "none" };

/**
 * What we ask of the browser's Opus encoder (RFC 7587): silence costs almost nothing (DTX), one channel, and within the most bits a
 * second that a voice may have its sender's parameters say how many. In-band FEC is asked for from the start: no encoder makes any
 * from so little as a voice has that goes alone, and an offering Firefox 153 takes no notice of it later.
 */
const OPUS = { useinbandfec: "1", maxaveragebitrate: "24000", usedtx: "1", stereo: "0", "sprop-stereo": "0" };

/**
 * Applied to the *remote* description before it is set: an encoder goes by what the other side says it wants.
 *
 * Voice goes without the header extensions and the feedback by which browsers measure the way (transport-cc): seen to cost
 * 10 kbit/s of 30 where both speak. The picture keeps them, and how the voice arrives is told by its receiver reports.
 * A picture that is off goes without the requests to send again what got lost (nack; RFC 4585). A browser answers them for seconds
 * after the picture is gone, and so keeps full the very line that the picture was taken off for.
 * @param {string} sdp @param {Voice} [voice] @param {string} [resends] the lines for the picture's; by default as they are
 * @returns {string}
 */
export function tune(sdp, voice = VOICE, resends = resendsOf(sdp)) {
  return sectionsOf(sdp)
    .map((section) => {
      if (section.startsWith("m=audio")) return tuned(section, voice);
      return section.startsWith("m=video") ? section.replace(RESENDS, "") + resends : section;
    })
    .join("");
}

const RESENDS = /^a=rtcp-fb:\S+ nack\r\n/gm;

/** What a description says of sending again, for `tune`. @param {string} sdp */
export function resendsOf(sdp) {
  const video = sectionsOf(sdp).find((section) => section.startsWith("m=video"));
  return ((video && video.match(RESENDS)) || []).join("");
}

/** What stands before the first medium, and each medium. @param {string} sdp */
function sectionsOf(sdp) {
  return sdp.split(/(?=^m=)/m);
}

/** @param {string} section @param {Voice} voice */
function tuned(section, { redundancy, packet = PACKET }) {
  const opus = /^a=rtpmap:(\d+) opus\/48000/im.exec(section);
  if (!opus) return section;
  const type = opus[1];
  const fmtp = `a=fmtp:${type} `;
  const lines = section.split("\r\n");
  const kept = lines.filter(
    (line) =>
      !line.startsWith(fmtp) &&
      !/^a=(max)?ptime:/.test(line) &&
      !/^a=rtcp-fb:\d+ transport-cc/.test(line) &&
      (!line.startsWith("a=extmap:") || /sdes:mid/.test(line)),
  );
  const found = lines.find((line) => line.startsWith(fmtp));
  const others = (found ? found.slice(fmtp.length).split(";") : [])
    .map((one) => one.trim())
    .filter((one) => one && !(one.split("=")[0] in OPUS));
  const line = fmtp + others.concat(Object.entries(OPUS).map(([name, value]) => `${name}=${value}`)).join(";");
  const at = kept.findIndex((one) => one.startsWith(`a=rtpmap:${type} `)) + 1;
  kept.splice(at, 0, line, `a=ptime:${packet}`, `a=maxptime:${packet}`);
  return preferring(kept, redundancy === "red" ? RED : /^a=rtpmap:(\d+) opus\/48000/i).join("\r\n");
}

/** Copies of the packet before in each packet (RFC 2198). */
const RED = /^a=rtpmap:(\d+) red\/48000/im;

/** Whether a description names copies for a voice. @param {{ sdp: string } | null} description */
export function hasCopies(description) {
  return Boolean(description) && sectionsOf(/** @type {{ sdp: string }} */ (description).sdp).some((section) => section.startsWith("m=audio") && RED.test(section));
}

/** A medium's lines, with one format before the others: senders take the first. @param {string[]} lines @param {RegExp} wanted its rtpmap */
function preferring(lines, wanted) {
  const found = lines.map((line) => wanted.exec(line)).find(Boolean);
  if (!found) return lines;
  const [medium, port, profile, ...formats] = lines[0].split(" ");
  const order = [found[1]].concat(formats.filter((one) => one !== found[1]));
  return [[medium, port, profile].concat(order).join(" ")].concat(lines.slice(1));
}
