// A line to oneself, by way of the relay: what a conversation will meet on this network, found out without anybody else.
//
// Two connections in one page. By the access that it is given, the relay lets neither reach anything but the other. It takes a few
// seconds and about 200 KB of a person's data, both ways together: everything in here is bounded by that.

import { VOICE, tune } from "./sdp.js";

/**
 * Milliseconds until the connection must stand. Shorter: a far relay passes for a poor one. Longer: with what follows, and with
 * fetching this, the whole takes more than ten seconds.
 */
const CONNECTING = 4000;

/** Milliseconds of voice alone, by which loss is known: some 90 packets. */
const LISTENING = 1800;

/** Milliseconds for what follows to arrive, and how many bytes it is. More says more of a good line, and costs both ways. */
const RUSHING = 1800;
const RUSH = 36000;
const PIECE = 1000;

/** A small picture: enough to know that one comes. */
const PICTURE = { maxBitrate: 40000, maxFramerate: 8, scaleResolutionDownBy: 2 };

/** Bits a second that the smallest moving picture takes, heads included, and some to spare. */
const PICTURED = 130000;

/** Of packets; what is lost on the way up and on the way down together. */
const LOST = 0.06;

/** Milliseconds there and back twice, since each way is gone by both ends. Above it people talk across each other. */
const FAR = 800;

/**
 * What was found. `loss`: of 1, null where no voice was sent; `roundTrip` in milliseconds and `rate` in bits a second, null where
 * nothing came back; `frames` of the own picture that arrived.
 * @typedef {{ connected: boolean, loss: number | null, roundTrip: number | null, rate: number | null, frames: number }} Found
 */

/** Whether a picture, a voice or nothing gets through. @param {Found} found @returns {"good" | "poor" | "none"} */
export function judged({ connected, loss, roundTrip, rate }) {
  if (!connected) return "none";
  if (roundTrip === null || (loss !== null && loss > LOST)) return "poor";
  return roundTrip <= FAR && rate !== null && rate >= PICTURED ? "good" : "poor";
}

/** One way of each kind: several addresses of one machine would each take up a place there. @param {string[]} urls */
export function oneOfEach(urls) {
  /** @type {string[]} */
  const kinds = [];
  return urls.filter((url) => {
    const kind = `${url.split(":")[0]} ${/transport=tcp/.test(url)}`;
    return kinds.indexOf(kind) < 0 && kinds.push(kind);
  });
}

export class Loopback {
  /** @param {{ access: import("../parts/protocol").RelayAccess, audio: MediaStreamTrack | null, video: MediaStreamTrack | null }} options */
  constructor({ access: { urls, username, credential }, audio, video }) {
    /** @type {RTCConfiguration} */
    const byRelay = { iceServers: [{ urls: oneOfEach(urls), username, credential }], iceTransportPolicy: "relay", bundlePolicy: "max-bundle" };
    this._here = new RTCPeerConnection(byRelay);
    this._there = new RTCPeerConnection(byRelay);
    /** @type {(() => void)[]} */
    this._ending = [];
    this._closed = false;
    this._speaks = Boolean(audio);
    // A track of the person's own devices, not a clone, which would keep the light on.
    if (audio) this._here.addTransceiver(audio, { direction: "sendonly" });
    if (video) this._here.addTransceiver(video, { direction: "sendonly", sendEncodings: [PICTURE] });
    this._channel = this._here.createDataChannel("");
  }

  /** Never fails: whatever goes wrong is a line that nothing came back on. @returns {Promise<Found>} */
  async run() {
    /** @type {Found} */
    const found = { connected: false, loss: null, roundTrip: null, rate: null, frames: 0 };
    try {
      const opened = await this._connect();
      if (this._closed) return found;
      found.connected = Boolean(opened) || /^(connected|completed)$/.test(this._here.iceConnectionState);
      // A line so slow that it takes all this time to open carries a voice at most: no more needs to be known.
      if (!opened) return found;
      const pinged = this._ping();
      const before = await this._count();
      await this._wait(LISTENING);
      const after = await this._count();
      found.roundTrip = await this._within(0, pinged);
      const sent = after.lost - before.lost + after.came - before.came;
      if (this._speaks && sent > 0) found.loss = Math.max(0, after.lost - before.lost) / sent;
      if (found.roundTrip !== null) found.rate = await this._rush();
      found.frames = (await this._count()).frames;
    } catch (_) {
      // Closed meanwhile, or no calls in this browser.
    } finally {
      this.close();
    }
    return found;
  }

  /** Ends it at once. The tracks belong to the devices, which stay as they are. */
  close() {
    this._closed = true;
    for (const end of this._ending.splice(0)) end();
    this._here.onicecandidate = this._there.onicecandidate = this._there.ondatachannel = null;
    this._here.close();
    this._there.close();
  }

  /** @returns {Promise<boolean | null>} whether what is said here arrives there */
  async _connect() {
    const { _here: here, _there: there, _channel: channel } = this;
    /** What comes before the description it belongs to waits for it. @param {RTCPeerConnection} from @param {RTCPeerConnection} to */
    const trickle = (from, to) => {
      /** @type {RTCIceCandidate[]} */
      let early = [];
      from.onicecandidate = ({ candidate }) => {
        if (!candidate || !candidate.candidate) return;
        if (to.remoteDescription) to.addIceCandidate(candidate).catch(() => {});
        else early.push(candidate);
      };
      return () => {
        for (const candidate of early) to.addIceCandidate(candidate).catch(() => {});
        early = [];
      };
    };
    const heardThere = trickle(here, there);
    const heardHere = trickle(there, here);
    const open = new Promise((resolve) => {
      channel.onopen = () => resolve(true);
    });
    // What arrives is counted there; a single byte is a question, and goes back.
    there.ondatachannel = ({ channel: end }) => {
      end.binaryType = "arraybuffer";
      end.onmessage = ({ data }) => (data.byteLength === 1 ? end.send(data) : this._arrived(data.byteLength));
    };
    await here.setLocalDescription(await here.createOffer());
    const offer = /** @type {RTCSessionDescription} */ (here.localDescription);
    await there.setRemoteDescription(offer);
    heardThere();
    await there.setLocalDescription(await there.createAnswer());
    const answer = /** @type {RTCSessionDescription} */ (there.localDescription);
    // Every packet counts here, so none is saved in silence.
    const sdp = tune(answer.sdp, Object.assign({ packet: 20 }, VOICE)).replace("usedtx=1", "usedtx=0");
    await here.setRemoteDescription({ type: "answer", sdp });
    heardHere();
    return this._within(CONNECTING, open);
  }

  /** @param {number} _bytes */
  _arrived(_bytes) {}

  /** @returns {Promise<number>} milliseconds there and back */
  _ping() {
    const begun = performance.now();
    return new Promise((resolve) => {
      this._channel.onmessage = () => resolve(performance.now() - begun);
      this._channel.send(new Uint8Array(1));
    });
  }

  /** As much at once as the line takes. @returns {Promise<number | null>} bits a second */
  async _rush() {
    let first = 0;
    let last = 0;
    let bytes = 0;
    const all = new Promise((resolve) => {
      this._arrived = (count) => {
        last = performance.now();
        if (!first) first = last;
        else bytes += count;
        if (bytes + PIECE >= RUSH) resolve(true);
      };
    });
    for (let sent = 0; sent < RUSH; sent += PIECE) this._channel.send(new Uint8Array(PIECE));
    await this._within(RUSHING, all);
    // A line so fast that all of it came in one moment has no end that can be measured.
    return bytes ? (bytes * 8000) / Math.max(1, last - first) : null;
  }

  /** What has arrived there so far. */
  async _count() {
    const counted = { came: 0, lost: 0, frames: 0 };
    const stats = await this._there.getStats();
    stats.forEach((/** @type {any} */ one) => {
      if (one.type !== "inbound-rtp") return;
      if (one.kind === "audio") {
        counted.came = one.packetsReceived || 0;
        counted.lost = one.packetsLost || 0;
      } else counted.frames = one.framesDecoded || 0;
    });
    return counted;
  }

  /** @param {number} time */
  _wait(time) {
    return this._within(time, new Promise(() => {}));
  }

  /** Waits so long at most, or until it is ended. @template T @param {number} time @param {Promise<T>} what @returns {Promise<T | null>} */
  _within(time, what) {
    return new Promise((resolve, reject) => {
      const over = () => {
        clearTimeout(timer);
        resolve(null);
      };
      const timer = setTimeout(over, time);
      this._ending.push(over);
      what.then((value) => {
        clearTimeout(timer);
        resolve(value);
      }, reject);
    });
  }
}
