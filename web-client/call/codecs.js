// Which way of coding the picture is preferred: what this device does smoothly and with little power. Only the order changes, and
// nothing is ever left out, so that two sides always find one that both have.

/**
 * @typedef {{ mimeType: string, sdpFmtpLine?: string }} Codec
 * @typedef {{ smooth: boolean, powerEfficient: boolean }} Ability both ways, reading and writing
 * @typedef {Map<string, Ability>} Abilities by the codec's name in small letters; what isn't there can't be done, or nothing is known of it
 */

/** What is asked about: the small picture that is sent. */
const PICTURE = { width: 320, height: 240, bitrate: 75000, framerate: 12 };

/** Without a chip for them, these ask least of a cheap phone at small sizes. */
const LIGHT = ["video/vp8", "video/h264"];

/** What belongs to another codec, and is no picture by itself. */
const BESIDE = ["video/rtx", "video/red", "video/ulpfec", "video/flexfec-03"];

/** How well a codec does, the best first. @param {string} name @param {Abilities} abilities */
function rankOf(name, abilities) {
  const ability = abilities.get(name);
  if (!ability) return 4;
  if (ability.powerEfficient) return 0;
  if (!ability.smooth) return 3;
  return LIGHT.indexOf(name) >= 0 ? 1 : 2;
}

/**
 * The order in which pictures are asked for; null where the order that stands already is as good. Whoever sends goes by the order of
 * the other side. So who answers keeps to the first of who offered, unless another does better here.
 * @template {Codec} T
 * @param {T[]} codecs all that there are, in the browser's order @param {Abilities} abilities @param {string} [first] of the other side's offer
 * @returns {T[] | null}
 */
export function ordered(codecs, abilities, first) {
  const pictures = codecs.filter((one) => BESIDE.indexOf(nameOf(one)) < 0);
  if (!abilities.size || !pictures.length) return null;
  /** @param {Codec} one */
  const rank = (one) => rankOf(nameOf(one), abilities);
  const best = Math.min(...pictures.map(rank));
  const stands = (first || nameOf(pictures[0])).toLowerCase();
  if (rankOf(stands, abilities) === best) return null;
  // Old engines don't sort in place what is alike.
  const sorted = pictures.map((one, at) => ({ one, at })).sort((a, b) => rank(a.one) - rank(b.one) || a.at - b.at);
  return sorted.map(({ one }) => one).concat(codecs.filter((one) => BESIDE.indexOf(nameOf(one)) >= 0));
}

/** The codec that an offer names first for its picture. @param {string} sdp @returns {string | undefined} */
export function firstOf(sdp) {
  const found = /^m=video \d+ \S+ (\d+)/m.exec(sdp);
  const named = found && new RegExp(`^a=rtpmap:${found[1]} ([^/\\s]+)`, "m").exec(sdp);
  return named ? `video/${named[1]}` : undefined;
}

/** Asks the browser, if it can be asked. Whoever doesn't answer has no say: the browser's own order stands. @returns {Promise<Abilities>} */
export async function askAbilities() {
  /** @type {Abilities} */
  const abilities = new Map();
  const capabilities = typeof navigator === "object" && /** @type {Partial<Navigator>} */ (navigator).mediaCapabilities;
  if (!capabilities || !capabilities.encodingInfo) return abilities;
  const codecs = codecsHere();
  const names = codecs.map(nameOf);
  const first = codecs.filter((one, at) => names.indexOf(nameOf(one)) === at && BESIDE.indexOf(nameOf(one)) < 0);
  await Promise.all(
    first.map(async (one) => {
      const contentType = one.mimeType + (one.sdpFmtpLine ? `;${one.sdpFmtpLine}` : "");
      const asked = { type: /** @type {any} */ ("webrtc"), video: Object.assign({ contentType }, PICTURE) };
      try {
        const both = await Promise.all([capabilities.decodingInfo(asked), capabilities.encodingInfo(asked)]);
        if (!both.every(({ supported }) => supported)) return;
        abilities.set(nameOf(one), { smooth: both.every(({ smooth }) => smooth), powerEfficient: both.every(({ powerEfficient }) => powerEfficient) });
      } catch (_) {
        // This browser knows no such question.
      }
    }),
  );
  return abilities;
}

/** What this browser can receive, in its own order. @returns {Codec[]} */
export function codecsHere() {
  const Receiver = typeof RTCRtpReceiver === "function" ? /** @type {Partial<typeof RTCRtpReceiver>} */ (RTCRtpReceiver) : null;
  const found = Receiver && Receiver.getCapabilities && Receiver.getCapabilities("video");
  return found ? found.codecs : [];
}

/** @param {Codec} codec */
function nameOf({ mimeType }) {
  return mimeType.toLowerCase();
}
