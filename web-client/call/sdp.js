// The one change made to session descriptions: how the voice is coded.

/**
 * What we ask of the browser's Opus encoder (RFC 7587): silence costs almost nothing (DTX), lost packets are recovered
 * from the next one (in-band FEC), one channel, and no more bits than speech needs.
 */
const OPUS = { usedtx: "1", useinbandfec: "1", stereo: "0", "sprop-stereo": "0", maxaveragebitrate: "24000" };

/**
 * Applied to the *remote* description before it is set: an encoder goes by what the other side says it wants.
 * @param {string} sdp @returns {string}
 */
export function tuneVoice(sdp) {
  const opus = /^a=rtpmap:(\d+) opus\/48000/im.exec(sdp);
  if (!opus) return sdp;
  const type = opus[1];
  const wanted = Object.assign({}, OPUS);
  const fmtp = new RegExp(`^a=fmtp:${type} (.*)$`, "m");
  const found = fmtp.exec(sdp);
  /** @type {[string, string][]} */
  const kept = found
    ? found[1]
        .trim()
        .split(";")
        .map((one) => /** @type {[string, string]} */ (one.trim().split("=")))
        .filter(([name]) => name && !(name in wanted))
    : [];
  const line = `a=fmtp:${type} ${kept.concat(Object.entries(wanted)).map(([name, value]) => `${name}=${value}`).join(";")}`;
  return found ? sdp.replace(fmtp, line) : sdp.replace(/^(a=rtpmap:\d+ opus\/48000.*)$/im, `$1\r\n${line}`);
}
