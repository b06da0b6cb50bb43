// What the conversation takes from a person's data: bytes on the wire, as the network that they pay counts them.
//
// Browsers count what they hand to a connection: RTP, RTCP and DTLS with their heads and tags. W3C webrtc-stats, of `transport`
// and of `candidate-pair` alike: "not including headers, padding or ICE connectivity checks". What is left out is put to it
// here, packet by packet: at the 8 kbit/s of a spare voice it is a third of all. No page and no clock in here.
//
// Left out on purpose, since it is less than 1% of the sparest voice: keeping up the way to the relay (Refresh,
// CreatePermission and ChannelBind, some 300 bytes every few minutes each) and the handshakes of TCP and TLS, once.

/** IPv4's head (RFC 791, without options) and IPv6's (RFC 8200). */
const IP4 = 20;
const IP6 = 40;
/** RFC 768. */
const UDP = 8;
/** TCP's head (RFC 9293) with the timestamps that phones send (RFC 7323: 10 bytes, padded to 12). Without them, as on Windows, 12 too many. */
const TCP = 32;
/** RFC 9293, 3.8.6.3: at least every second segment is acknowledged by one of its own, where nothing goes back anyway. */
const ACKNOWLEDGED = 0.5;
/** One record of TLS 1.3 (RFC 8446, 5.2): head 5, type 1, tag 16. TLS 1.2 with AES-GCM: 29. */
const TLS = 22;
/** ChannelData to and from the relay (RFC 8656, 12.4). Padded to four over TCP (12.5) and in indications (RFC 8489, 14), on average. */
const CHANNEL = 4;
const PADDING = 1.5;
/**
 * Firefox binds no channels: each packet goes in a Send indication and comes in a Data indication (RFC 8656, 11). Head 20,
 * XOR-PEER-ADDRESS 12, DATA's head 4; Firefox adds a fingerprint of 8, which our relay doesn't. (coturn does, and its name: 32.)
 */
const SEND = 44;
const DATA = 36;
/** Length before each packet of ICE over TCP without a relay (RFC 4571). */
const FRAME = 2;
/**
 * A connectivity check and its answer (RFC 8445, 7.1; RFC 8489): head 20, name 16 to 24, priority 8, role 12, integrity 24,
 * fingerprint 8, what the browser adds; and head 20, address 12, integrity 24, fingerprint 8.
 */
const REQUEST = 100;
const RESPONSE = 64;
/** Milliseconds between checks of a connection that stands (RFC 7675, 5.1: 5 seconds, spread by a fifth), where they aren't counted. */
const CONSENT = 5000;
/** RTP's head (RFC 3550) with the extensions in use, and the tag of SRTP (RFC 3711), or with AES-GCM (RFC 7714). */
const RTP = 20;
const TAG = 10;
const GCM_TAG = 16;
/** What is neither sound nor picture, RTCP above all: 49 bytes on average between two Firefox. Shorter: more heads are counted. */
const REPORT = 50;

/** What a message of a data channel has around it: SCTP 12, its chunk 16 (RFC 9260), a record of DTLS. Seen: 54 in Firefox, whose packets aren't counted. */
const MESSAGE = 54;

/** Stats that a connection is remembered by. Ways that were tried and given up leave theirs behind. */
const KEPT = 200;

/**
 * @typedef {{ id: string, type: string, timestamp?: number, [field: string]: any }} Stat
 * @typedef {{ forEach(callback: (stat: any) => void): void }} Report as `RTCPeerConnection.getStats()` gives it
 *
 * @typedef {object} Direction the names of the counters
 * @property {"bytesSent" | "bytesReceived"} bytes
 * @property {"packetsSent" | "packetsReceived"} packets
 * @property {string} messages
 * @property {string} heads
 * @property {string} rtp
 * @property {string[]} requests
 * @property {string} responses
 */

/** @type {Direction} */
const SENT = {
  bytes: "bytesSent",
  packets: "packetsSent",
  messages: "messagesSent",
  heads: "headerBytesSent",
  rtp: "outbound-rtp",
  // Chromium counted those of a connection that stands apart; newer ones count them twice.
  requests: ["requestsSent", "consentRequestsSent"],
  responses: "responsesSent",
};
/** @type {Direction} */
const RECEIVED = {
  bytes: "bytesReceived",
  packets: "packetsReceived",
  messages: "messagesReceived",
  heads: "headerBytesReceived",
  rtp: "inbound-rtp",
  requests: ["requestsReceived"],
  responses: "responsesReceived",
};

export class Meter {
  constructor() {
    /** Bytes on the wire. Neither ever falls. */
    this.sent = 0;
    this.received = 0;
    /** @type {WeakMap<object, Line>} */
    this._lines = new WeakMap();
  }

  /** Both ways together. */
  get used() {
    return Math.round(this.sent + this.received);
  }

  /** As operators of networks count: a million bytes each. */
  get megabytes() {
    return this.used / 1e6;
  }

  /** What is no media, with all its heads. @param {number} sent @param {number} [received] */
  add(sent, received = 0) {
    this.sent += counted(sent) || 0;
    this.received += counted(received) || 0;
  }

  /**
   * Takes what a connection has counted until now. A new connection counts from nothing, so each is known by itself.
   * @param {object} connection @param {Report} report
   */
  take(connection, report) {
    let line = this._lines.get(connection);
    if (!line) this._lines.set(connection, (line = new Line()));
    const { sent, received } = line.grown(report);
    this.add(sent, received);
  }
}

/** One connection, from report to report. */
class Line {
  constructor() {
    /** What each counter showed last, by the id of its stat. @type {Map<string, Record<string, number>>} */
    this._last = new Map();
    /** What the counters of sound and picture are ahead of the connection's own: they aren't read in the same moment. */
    this._ahead = { sent: 0, received: 0 };
    this._wire = wireOf(null, true);
    // Until it is told: as far from the one as from the other.
    this._tag = (TAG + GCM_TAG) / 2;
    /** @type {number | null} */
    this._at = null;
  }

  /** Bytes on the wire since the last report. @param {Report} report */
  grown(report) {
    /** @type {Map<string, Stat>} */
    const stats = new Map();
    report.forEach((stat) => {
      if (stat && typeof stat.id === "string") stats.set(stat.id, stat);
    });
    const all = Array.from(stats.values());
    const pairs = all.filter((stat) => stat.type === "candidate-pair");
    const transports = all.filter((stat) => stat.type === "transport");
    this._findTag(transports);
    const outward = this._direction(all, pairs, transports, SENT, "sent");
    const inward = this._direction(all, pairs, transports, RECEIVED, "received");
    this._findWire(stats, pairs, transports, outward.busiest || inward.busiest);
    const checks = this._checks(pairs, all);

    const { around, acknowledgement } = this._wire;
    const packets = { sent: outward.packets + checks.sent.packets, received: inward.packets + checks.received.packets };
    this._forget(stats);
    return {
      sent: outward.bytes + checks.sent.bytes + packets.sent * around.sent + packets.received * acknowledgement,
      received: inward.bytes + checks.received.bytes + packets.received * around.received + packets.sent * acknowledgement,
    };
  }

  /**
   * @param {Stat[]} all @param {Stat[]} pairs @param {Stat[]} transports @param {Direction} names @param {"sent" | "received"} side
   * @returns {{ bytes: number, packets: number, busiest: Stat | null }}
   */
  _direction(all, pairs, transports, names, side) {
    /** @type {Stat | null} */
    let busiest = null;
    let most = 0;
    let pairBytes = 0;
    let pairPackets = 0;
    for (const pair of pairs) {
      const bytes = this._since(pair, names.bytes);
      pairBytes += bytes;
      pairPackets += this._since(pair, names.packets);
      if (bytes > most) {
        most = bytes;
        busiest = pair;
      }
    }
    const rtp = this._rtp(all, names);
    let bytes = rtp.bytes;
    if (has(transports, names.bytes)) bytes = this._total(transports, names.bytes, has(pairs, names.bytes) ? pairBytes : null);
    else if (has(pairs, names.bytes)) bytes = pairBytes;
    let packets = 0;
    if (has(transports, names.packets)) packets = this._total(transports, names.packets, has(pairs, names.packets) ? pairPackets : null);
    else if (has(pairs, names.packets)) packets = pairPackets;
    else {
      // What is more than sound and picture came in packets too, which nobody counted.
      const stills = this._messages(all, names);
      const rest = bytes - rtp.bytes - stills.bytes - this._ahead[side];
      this._ahead[side] = Math.max(0, -rest);
      packets = rtp.packets + stills.packets + Math.max(0, rest) / REPORT;
    }
    return { bytes, packets, busiest };
  }

  /** Sound and picture as they are handed to the connection. @param {Stat[]} all @param {Direction} names */
  _rtp(all, names) {
    let bytes = 0;
    let packets = 0;
    for (const stat of all) {
      if (stat.type !== names.rtp) continue;
      const more = this._since(stat, names.packets);
      const heads = counted(stat[names.heads]) === null ? more * RTP : this._since(stat, names.heads);
      packets += more;
      bytes += this._since(stat, names.bytes) + heads + more * this._tag;
    }
    return { bytes, packets };
  }

  /** Still pictures as they are handed to the connection: each message is short enough to be one packet. @param {Stat[]} all @param {Direction} names */
  _messages(all, names) {
    let bytes = 0;
    let packets = 0;
    for (const stat of all) {
      if (stat.type !== "data-channel") continue;
      const more = this._since(stat, names.messages);
      packets += more;
      bytes += this._since(stat, names.bytes) + more * MESSAGE;
    }
    return { bytes, packets };
  }

  /**
   * What the transports' counters have grown by. Older Chromium sums them up over the pairs that are left, so that they fall
   * when a pair goes: then the pairs know better.
   * @param {Stat[]} transports @param {string} field @param {number | null} byPairs
   */
  _total(transports, field, byPairs) {
    let sum = 0;
    for (const stat of transports) {
      const before = this._shown(stat.id)[field] || 0;
      const grown = this._since(stat, field);
      const fell = (counted(stat[field]) || 0) < before;
      sum += fell && byPairs !== null ? Math.min(grown, byPairs) : grown;
    }
    return sum;
  }

  /** Connectivity checks, of every pair: those that nothing else goes by are checked too. @param {Stat[]} pairs @param {Stat[]} all */
  _checks(pairs, all) {
    const checks = { sent: { packets: 0, bytes: 0 }, received: { packets: 0, bytes: 0 } };
    /** @param {"sent" | "received"} side @param {number} requests @param {number} responses */
    const count = (side, requests, responses) => {
      checks[side].packets += requests + responses;
      checks[side].bytes += requests * REQUEST + responses * RESPONSE;
    };
    const passed = this._passed(all);
    if (has(pairs, "requestsSent")) {
      for (const pair of pairs) {
        for (const [side, names] of /** @type {const} */ ([["sent", SENT], ["received", RECEIVED]])) {
          const requests = names.requests.reduce((most, field) => Math.max(most, counted(pair[field]) || 0), 0);
          count(side, this._risen(pair.id, "requests" + side, requests), this._since(pair, names.responses));
        }
      }
      return checks;
    }
    // Firefox: at most its own checks' answers are counted; the other side checks as often. Before, only the time is known.
    let times = 0;
    if (has(pairs, "responsesReceived")) for (const pair of pairs) times += this._since(pair, "responsesReceived");
    else if (pairs.length) times = passed / CONSENT;
    count("sent", times, times);
    count("received", times, times);
    return checks;
  }

  /** Milliseconds since the last report, by the reports' own time. @param {Stat[]} all */
  _passed(all) {
    const times = all.map((stat) => counted(stat.timestamp) || 0);
    const at = times.reduce((latest, time) => Math.max(latest, time), 0);
    const passed = this._at === null || !at ? 0 : Math.max(0, at - this._at);
    if (at) this._at = at;
    return passed;
  }

  /** @param {Stat[]} transports */
  _findTag(transports) {
    const told = transports.find((stat) => typeof stat.srtpCipher === "string");
    if (told) this._tag = told.srtpCipher.indexOf("GCM") >= 0 ? GCM_TAG : TAG;
  }

  /**
   * What each packet has around it, by the way in use.
   * @param {Map<string, Stat>} stats @param {Stat[]} pairs @param {Stat[]} transports @param {Stat | null} busiest
   */
  _findWire(stats, pairs, transports, busiest) {
    const named = transports.map((stat) => stats.get(stat.selectedCandidatePairId)).find((pair) => pair);
    const pair = named || pairs.find((one) => one.selected) || busiest;
    const candidate = pair && stats.get(pair.localCandidateId);
    // Whoever counts by the transport is made of the same code as Chromium.
    if (candidate) this._wire = wireOf(candidate, has(transports, "bytesSent"));
  }

  /** What a counter has grown by. @param {Stat} stat @param {string} field */
  _since(stat, field) {
    const value = counted(stat[field]);
    return value === null ? 0 : this._risen(stat.id, field, value);
  }

  /** One that fell has begun anew. @param {string} id @param {string} field @param {number} value */
  _risen(id, field, value) {
    const last = this._shown(id);
    const before = last[field] || 0;
    last[field] = value;
    return value < before ? value : value - before;
  }

  /** @param {string} id */
  _shown(id) {
    let last = this._last.get(id);
    if (!last) this._last.set(id, (last = {}));
    return last;
  }

  /** @param {Map<string, Stat>} stats */
  _forget(stats) {
    if (this._last.size <= KEPT) return;
    for (const id of Array.from(this._last.keys())) if (!stats.has(id)) this._last.delete(id);
  }
}

/**
 * What each packet has around it on the way by this candidate of ours, and what its acknowledgement costs the other direction.
 * @param {Stat | null} candidate @param {boolean} channels whether this browser binds channels
 */
function wireOf(candidate, channels) {
  const relayed = !candidate || candidate.candidateType === undefined || candidate.candidateType === "relay";
  const ip = candidate && isIp6(relayed ? candidate.relatedAddress || hostOf(candidate.url) : candidate.address || candidate.ip) ? IP6 : IP4;
  const protocol = (candidate && (relayed ? candidate.relayProtocol : candidate.protocol)) || "udp";
  const segment = protocol === "udp" ? ip + UDP : ip + TCP + (protocol === "tls" ? TLS : 0);
  const acknowledgement = protocol === "udp" ? 0 : ACKNOWLEDGED * (ip + TCP);
  /** @param {number} indication */
  const inside = (indication) => {
    if (!relayed) return protocol === "udp" ? 0 : FRAME;
    if (!channels) return indication + PADDING;
    return CHANNEL + (protocol === "udp" ? 0 : PADDING);
  };
  return { around: { sent: segment + inside(SEND), received: segment + inside(DATA) }, acknowledgement };
}

/** A relay's own address says nothing of the way to it, and may be made up. Unknown: taken for the shorter head. @param {any} address */
function isIp6(address) {
  return typeof address === "string" && address.indexOf(":") >= 0;
}

/** The host in `turn:host:port?transport=udp`, where it is a number of IPv6; they stand in brackets. @param {any} url */
function hostOf(url) {
  const found = /^turns?:\[([^\]]+)\]/.exec(String(url));
  return found && found[1];
}

/** @param {Stat[]} stats @param {string} field */
function has(stats, field) {
  return stats.some((stat) => counted(stat[field]) !== null);
}

/** A count, if it is one. @param {any} value @returns {number | null} */
function counted(value) {
  return typeof value === "number" && isFinite(value) && value >= 0 ? value : null;
}
