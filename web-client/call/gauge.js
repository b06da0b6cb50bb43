// What a connection does, read from its statistics (W3C WebRTC statistics): what the ladder decides by. No connection in here.

/**
 * @typedef {import("./ladder.js").Reading} Reading
 * @typedef {{ at: number, stats: Record<string, number | undefined> }} Sample
 */

/** Which counters are taken, from which statistics. All are sums since the connection began. */
const COUNTERS = {
  audio: ["packetsReceived", "packetsLost", "concealedSamples", "silentConcealedSamples", "totalSamplesReceived"],
  video: ["packetsReceived", "packetsLost", "framesDecoded", "totalFreezesDuration"],
  sent: ["packetsSent"],
  voice: ["packetsSent"],
};

export class Gauge {
  constructor() {
    /** @type {Sample | null} */
    this._last = null;
    /** When the other side last reported on each stream, by the report's id. @type {Map<string, number>} */
    this._reported = new Map();
    /** What the way had been checked, the last time its round trip was told. */
    this._checked = 0;
    /** Packets that arrived in the last interval; null: not known yet. @type {number | null} */
    this.arrived = null;
  }

  /**
   * What happened since the last time; null the first time. The first time of another connection is a first time too.
   * @param {Iterable<any>} stats the values of an `RTCStatsReport` @param {number} at milliseconds, steady
   * @returns {Reading | null}
   */
  read(stats, at) {
    /** @type {Sample} */
    const sample = { at, stats: {} };
    /** @type {Reading} */
    const reading = { at, rate: null, roundTrip: null, lostOut: null, lostIn: null, concealed: null, frozen: null, queue: null, limit: "none" };
    let pictured = false;
    /** @type {any} */
    let way = null;
    /** The round trip by the voice's reports. @type {number | null} */
    let voiced = null;
    for (const one of stats) {
      const kind = one.kind || one.mediaType;
      if (one.type === "inbound-rtp" && (kind === "audio" || kind === "video")) keep(sample, kind, COUNTERS[/** @type {"audio"} */ (kind)], one);
      else if (one.type === "outbound-rtp" && kind === "video") {
        keep(sample, "sent", COUNTERS.sent, one);
        if (one.qualityLimitationReason === "cpu") reading.limit = "processor";
        if (one.qualityLimitationReason === "bandwidth") reading.limit = "rate";
        pictured = true;
      } else if (one.type === "outbound-rtp" && kind === "audio") {
        keep(sample, "voice", COUNTERS.voice, one);
      } else if (one.type === "remote-inbound-rtp") {
        // Browsers show the last report until the next comes: of a voice, for five seconds. It counts once.
        if (this._reported.get(one.id) === one.timestamp) continue;
        this._reported.set(one.id, one.timestamp);
        reading.lostOut = most(reading.lostOut, one.fractionLost);
        if (kind === "audio") voiced = most(null, one.roundTripTime * 1000);
        else reading.roundTrip = most(reading.roundTrip, one.roundTripTime * 1000);
      } else if (one.type === "candidate-pair" && (one.nominated || one.selected) && one.state === "succeeded") {
        if (one.availableOutgoingBitrate) reading.rate = one.availableOutgoingBitrate / 1000;
        way = one;
      }
    }
    // The way itself, where nobody has just reported on what we send.
    const checked = way ? way.totalRoundTripTime || way.responsesReceived || 0 : 0;
    if (reading.roundTrip === null && checked !== this._checked) reading.roundTrip = most(null, way && way.currentRoundTripTime * 1000);
    // A voice is reported on every five seconds, about a moment up to ten seconds ago: what waits since then isn't in it.
    if (reading.roundTrip === null && !(way && typeof way.currentRoundTripTime === "number")) reading.roundTrip = voiced;
    this._checked = checked;
    const last = this._last;
    this._last = sample;
    this.arrived = null;
    if (!last || at <= last.at) return null;
    /** @param {string} name @returns {number | null} what was added since; null where it isn't counted, or began anew */
    const since = (name) => {
      const [now, before] = [sample.stats[name], last.stats[name]];
      return now === undefined || before === undefined || now < before ? null : now - before;
    };
    const [sound, pictures] = [since("audio.packetsReceived"), since("video.packetsReceived")];
    this.arrived = sound === null && pictures === null ? null : (sound || 0) + (pictures || 0);
    const lost = Math.max(0, since("audio.packetsLost") || 0) + Math.max(0, since("video.packetsLost") || 0);
    if (this.arrived !== null && this.arrived + lost >= FEW) reading.lostIn = lost / (this.arrived + lost);
    const played = since("audio.totalSamplesReceived");
    const made = since("audio.concealedSamples");
    // What is played where nobody speaks isn't missed by anybody.
    if (played && made !== null) reading.concealed = Math.max(0, made - (since("audio.silentConcealedSamples") || 0)) / played;
    const still = since("video.totalFreezesDuration");
    if (pictures) reading.frozen = still === null ? (since("video.framesDecoded") === 0 ? 1 : 0) : Math.min(1, (still * 1000) / (at - last.at));
    const sent = since("sent.packetsSent");
    if ((sent || 0) + (since("voice.packetsSent") || 0) < FEW) reading.lostOut = null;
    // Without a picture of ours on its way the browser measures nothing: what it believes then is of long ago.
    if (!pictured || !sent) reading.rate = null;
    return reading;
  }
}

/** Packets in an interval below which one lost says little. A voice makes 17 a second, and two or three where nobody speaks. */
const FEW = 8;

/** @param {Sample} sample @param {string} group @param {string[]} names @param {any} stats */
function keep(sample, group, names, stats) {
  for (const name of names) {
    const value = stats[name];
    // A connection has one stream of each kind; one that was replaced counts no more.
    if (typeof value === "number") sample.stats[`${group}.${name}`] = (sample.stats[`${group}.${name}`] || 0) + value;
  }
}

/** @param {number | null} one @param {unknown} other @returns {number | null} */
function most(one, other) {
  return typeof other === "number" && other >= 0 ? Math.max(one || 0, other) : one;
}
