// One connection to the other side, through the relay only, so that neither side learns the other's address.
//
// Perfect negotiation (W3C WebRTC, section 4.7.2): both sides may offer at any time; where offers cross, the polite side
// (the service user) gives way. One audio and one video transceiver stand from the first offer on, so that muting,
// voice only and looking first change tracks and need no negotiation.

import { aroundOf, pictureWithin, voiceWithin } from "./around.js";
import { askAbilities, codecsHere, firstOf, ordered } from "./codecs.js";
import { VOICE, hasCopies, resendsOf, tune } from "./sdp.js";
import { Stills } from "./stills.js";

/** The picture starts small: it must come up on a poor network before it may grow. */
const PICTURE = { bitrate: 75000, framerate: 12, height: 240 };

/**
 * Milliseconds after which an offer without an answer is made again: it was lost where the other page had no line just then.
 * Shorter: a slow phone answers twice. Longer: a call that could be back isn't.
 */
const UNANSWERED = 3000;

/** Milliseconds between the same offer and its repetition, however many signs there are that the other side is back. */
const SOON = 400;

/**
 * Milliseconds in which nothing may arrive until a way that ICE takes for lost is an interruption. Shorter: someone who says nothing,
 * two packets a second, is taken for gone. And milliseconds that an interruption may heal by itself before ICE is restarted.
 */
const [DOUBTED, HEALING] = [1000, 1000];

/**
 * Milliseconds from an answer until the connection stands, before another way is looked for: a candidate may have been lost.
 * Doubled each time, and longer for the side that gives way, so that both don't begin at once. Shorter: a poor network, which
 * takes that long, is given more to carry. Longer: two people wait before a call that can't come up.
 */
const CONNECTING = 5000;

/**
 * What this device codes well. Asked as soon as this is here, while people wait, and never waited for: who connects before the answer
 * goes by the browser's own order.
 * @type {import("./codecs.js").Abilities}
 */
let abilities = new Map();
askAbilities().then((found) => (abilities = found));

/**
 * @typedef {"connecting" | "connected" | "interrupted" | "closed"} PeerState
 * @typedef {import("../parts/protocol").Signal} Signal
 * @typedef {import("../parts/protocol").RelayAccess} RelayAccess
 * @typedef {object} Vouch by the key that both pages have agreed on; both wait until there is one
 * @property {(kind: "offer" | "answer", sdp: string) => Promise<string>} bind a tag over whom the media of a description will come from
 * @property {(kind: "offer" | "answer", sdp: string, bound: string) => Promise<boolean>} isBound whether the other page itself said it
 */

export class Peer {
  /**
   * @param {{
   *   polite: boolean, access: RelayAccess, send: (signal: Signal) => void, vouch: Vouch,
   *   onRemote: (stream: MediaStream) => void, onState: (state: PeerState) => void, onStills?: () => void,
   * }} options the impolite side makes the first offer; `onStills`: after each change of what `stills` shows
   */
  constructor({ polite, access, send, vouch, onRemote, onState, onStills = () => {} }) {
    this._polite = polite;
    this._send = send;
    this._vouch = vouch;
    this._onState = onState;
    /** @type {PeerState} */
    this.state = "connecting";
    /** @type {{ audio: MediaStreamTrack | null, video: MediaStreamTrack | null }} */
    this._tracks = { audio: null, video: null };
    /** @type {{ audio: RTCRtpTransceiver | null, video: RTCRtpTransceiver | null }} */
    this._transceivers = { audio: null, video: null };
    this._offering = false;
    this._ignoring = false;
    this._voice = VOICE;
    this._pictured = true;
    /** What the other side said of sending a picture's packets again. */
    this._resends = "";
    /** @type {{ bitrate: number, framerate: number, height: number }} */
    this._picture = PICTURE;
    /** What we are asked for is being negotiated with ourselves; whether a new way is to be looked for after that. */
    this._retuning = this._restartAfter = false;
    /** A new way is looked for, and its offer isn't made yet. */
    this._restarting = false;
    /** Signals are taken one after the other, and said so: a candidate never overtakes its description. */
    this._turn = this._saying = Promise.resolve();
    /** The description that waits to be said. */
    this._unsaid = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this._healing;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this._doubting;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this._repeating;
    this._offeredAt = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this._coming;
    this._patience = polite ? CONNECTING * 1.6 : CONNECTING;
    /** What comes from the other side. */
    this.remote = new MediaStream();
    /** Pictures one by one, in place of one that moves; whether ours go so now. */
    this.stills = new Stills({ onChange: onStills });
    this._stilled = this._channelled = false;

    const connection = new RTCPeerConnection(byRelay(access));
    this.connection = connection;
    connection.onicecandidate = ({ candidate }) => {
      if (candidate && candidate.candidate) {
        const { candidate: line, sdpMid: mid, sdpMLineIndex: index } = candidate;
        this._say(() => ({ kind: "candidate", candidate: line, mid, line: index }));
      }
    };
    connection.ontrack = ({ track }) => {
      for (const old of this.remote.getTracks()) if (old.kind === track.kind && old !== track) this.remote.removeTrack(old);
      this.remote.addTrack(track);
      onRemote(this.remote);
    };
    connection.onnegotiationneeded = () => this._offer();
    connection.onconnectionstatechange = () => this._connectionChanged();
    connection.oniceconnectionstatechange = () => this._connectionChanged();
    if (!polite) {
      this._adopt(connection.addTransceiver("audio", { direction: "sendrecv" }));
      this._adopt(connection.addTransceiver("video", { direction: "sendrecv", sendEncodings: [encodingOf(PICTURE, null)] }));
      this._prefer();
      this._openStills();
    }
  }

  /** Sends this track from now on, or nothing. @param {"audio" | "video"} kind @param {MediaStreamTrack | null} track */
  setTrack(kind, track) {
    if (this._tracks[kind] === track) return;
    this._tracks[kind] = track;
    this._replace(kind);
  }

  /** Sends voice and picture like this from now on. @param {Pick<import("./ladder.js").Plan, "voice" | "picture"> & { rung?: string }} plan */
  pace({ voice, picture, rung }) {
    const stilled = rung === "stills";
    const pictured = picture !== null && !stilled;
    const copied = voice.redundancy === "red";
    const retune = copied !== (this._voice.redundancy === "red") || pictured !== this._pictured;
    this._voice = voice;
    this._pictured = pictured;
    if (picture && !stilled) this._picture = picture;
    if (this._stilled !== stilled) {
      this._stilled = stilled;
      this._replace("video");
    }
    this._limit();
    if (retune) this._turn = this._turn.then(() => this._retune()).catch(() => {});
  }

  /** Whether both browsers can send the voice with copies of itself. */
  get copies() {
    return hasCopies(this.connection.localDescription) && hasCopies(this.connection.remoteDescription);
  }

  /**
   * No way can be found any more. Firefox 153 that gave one up, while it offered to look for another itself, takes the next one for what
   * comes and sends nothing by it, whatever it says of it: seen each time after 110 s without a network, never after 20. Only a new
   * connection helps, which the room begins for both.
   */
  get isStuck() {
    return this.connection.iceConnectionState === "failed" && aroundOf(this.connection).from;
  }

  /** Takes a signal of the other side. @param {Signal} signal */
  signal(signal) {
    this._turn = this._turn.then(() => this._take(signal)).catch(() => {
      // A signal that doesn't fit is dropped; if the connection suffers, its state says so and ICE is restarted.
    });
    return this._turn;
  }

  /**
   * From now on new ways to the relay are opened with this access. The way that is in use stays: it is kept up with the access
   * that it was made with.
   * @param {RelayAccess} access
   */
  renew(access) {
    const connection = /** @type {Partial<RTCPeerConnection>} */ (this.connection);
    // Firefox can from 99 on. Before, a new way is opened with the first access, as long as that is good.
    if (this.state === "closed" || !connection.setConfiguration) return;
    connection.setConfiguration(byRelay(access));
  }

  /** Finds a new way to the other side: after a change of network, a restart of the relay, a reconnect. */
  restart() {
    const { connection } = this;
    if (connection.signalingState === "closed") return;
    if (this._retuning) {
      this._restartAfter = true;
      return;
    }
    // The offer may have been lost on the way: it is said again, not taken back. A late answer to it would pass for one to the next.
    if (connection.signalingState === "have-local-offer") this._sendDescription();
    else {
      this._restarting = true;
      connection.restartIce();
    }
  }

  /** The other side may have come back: an offer that it can't have heard is said again. With its candidates so far. */
  again() {
    if (!this._retuning && this.connection.signalingState === "have-local-offer" && Date.now() - this._offeredAt >= SOON) this._sendDescription();
  }

  /** Says an offer again that has no answer. */
  vouchAgain() {
    if (this.connection.signalingState === "have-local-offer") this._sendDescription();
  }

  /** Ends it at once. Own tracks belong to the devices, and are stopped there. */
  close() {
    clearTimeout(this._healing);
    clearTimeout(this._doubting);
    clearTimeout(this._repeating);
    clearTimeout(this._coming);
    const connection = this.connection;
    connection.onicecandidate = connection.ontrack = connection.onnegotiationneeded = null;
    connection.onconnectionstatechange = connection.oniceconnectionstatechange = null;
    this.stills.close();
    connection.close();
    for (const track of this.remote.getTracks()) {
      track.stop();
      this.remote.removeTrack(track);
    }
    this._become("closed");
  }

  async _offer() {
    const connection = this.connection;
    if (this._retuning) {
      this._restartAfter = true;
      return;
    }
    try {
      this._offering = true;
      await connection.setLocalDescription();
      this._restarting = false;
      this._sendDescription();
    } catch (_) {
      // Closed meanwhile, or the other side's offer came first: that one is answered.
    } finally {
      this._offering = false;
    }
  }

  _sendDescription() {
    const description = this.connection.localDescription;
    if (!description) return;
    if (description.type === "offer") {
      this._offeredAt = Date.now();
      clearTimeout(this._repeating);
      this._repeating = setTimeout(() => this.again(), UNANSWERED);
    }
    const { type: kind, sdp } = description;
    if ((kind !== "offer" && kind !== "answer") || this._unsaid === sdp) return;
    this._unsaid = sdp;
    this._say(async () => {
      const bound = await this._vouch.bind(kind, sdp);
      if (this._unsaid === sdp) this._unsaid = "";
      // Said without it, it would be taken for somebody else's.
      return bound ? { kind, sdp, bound } : null;
    });
  }

  /** @param {() => Signal | null | Promise<Signal | null>} make */
  _say(make) {
    this._saying = this._saying.then(make).then((signal) => {
      if (signal && this.state !== "closed") this._send(signal);
    }).catch(() => {});
  }

  /** @param {Signal} signal */
  async _take(signal) {
    const connection = this.connection;
    if (connection.signalingState === "closed") return;
    if (signal.kind === "pace") return; // It is about what is sent, not about the connection.
    if (signal.kind === "candidate") {
      if (!signal.candidate) return;
      const candidate = { candidate: signal.candidate, sdpMid: signal.mid, sdpMLineIndex: signal.line };
      await connection.addIceCandidate(candidate).catch((error) => {
        if (!this._ignoring) throw error;
      });
      return;
    }
    // Nobody's media are taken for theirs. Before anything of it is looked at.
    if (!(await this._vouch.isBound(signal.kind, signal.sdp, signal.bound))) return;
    if (signal.kind === "answer") {
      if (connection.signalingState !== "have-local-offer" || isStale(connection, signal.sdp)) return;
      await this._hear(signal);
      this._limit();
      this._expect();
      return;
    }
    const crossed = this._offering || connection.signalingState !== "stable";
    this._ignoring = crossed && !this._polite;
    if (this._ignoring) return;
    await this._hear(signal);
    for (const transceiver of connection.getTransceivers()) this._adopt(transceiver);
    this._prefer(firstOf(signal.sdp));
    if (/^m=application /m.test(signal.sdp)) this._openStills();
    await connection.setLocalDescription();
    this._sendDescription();
    this._limit();
    this._expect();
  }

  /** Takes what the other side says of itself. @param {{ kind: "offer" | "answer", sdp: string }} description */
  _hear({ kind, sdp }) {
    this._resends = resendsOf(sdp);
    return this.connection.setRemoteDescription({ type: kind, sdp: this._tuned(sdp) });
  }

  /** A description of the other side, with what we want to be asked for. @param {string} sdp */
  _tuned(sdp) {
    return tune(sdp, this._voice, this._pictured ? this._resends : "");
  }

  /**
   * Something else goes along with the voice, or a picture is off: a sender goes by what the other side is said to want, so it is said again, here
   * alone. Nothing of it leaves this page, and the other side plays whatever comes.
   */
  async _retune() {
    const { connection } = this;
    const { localDescription: ours, remoteDescription: theirs } = connection;
    // Whatever is being negotiated takes it along.
    if (connection.signalingState !== "stable" || this._offering || this._restarting || !ours || !theirs) return;
    // Who was active when the connection came up stays so.
    const active = theirs.type === "offer" ? /^a=setup:passive/m.test(ours.sdp) : /^a=setup:active/m.test(theirs.sdp);
    const wanted = theirs.sdp.replace(/^a=setup:\S+/gm, `a=setup:${active ? "active" : "passive"}`);
    this._retuning = true;
    try {
      // As it was negotiated last, by who offered then: Firefox mixes up sound and picture where the parts are exchanged.
      if (theirs.type === "offer") {
        await connection.setRemoteDescription({ type: "offer", sdp: this._tuned(wanted) });
        await connection.setLocalDescription();
      } else {
        await connection.setLocalDescription(await connection.createOffer());
        await connection.setRemoteDescription({ type: "answer", sdp: this._tuned(wanted) });
      }
    } catch (_) {
      // It stays as it was. Nobody has heard of this offer, so taking it back is safe.
      const rollback = { type: /** @type {const} */ ("rollback") };
      if (/** @type {string} */ (connection.signalingState) === "have-remote-offer") await connection.setRemoteDescription(rollback).catch(() => {});
      else await connection.setLocalDescription(rollback).catch(() => {});
    } finally {
      this._retuning = false;
      if (this._restartAfter) this.restart();
      this._restartAfter = false;
    }
    this._limit();
  }

  /** Both have said how they can be reached: the connection should stand soon. */
  _expect() {
    clearTimeout(this._coming);
    if (this.state !== "connecting") return;
    this._coming = setTimeout(() => {
      if (this.state !== "connecting") return;
      this._patience *= 2;
      this.restart();
      this._expect();
    }, this._patience);
  }

  /** @param {RTCRtpTransceiver} transceiver */
  _adopt(transceiver) {
    const kind = /** @type {"audio" | "video"} */ (transceiver.receiver.track.kind);
    if (this._transceivers[kind]) return;
    this._transceivers[kind] = transceiver;
    if (transceiver.direction !== "sendrecv") transceiver.direction = "sendrecv";
    this._replace(kind);
  }

  /**
   * A channel for still pictures, agreed on beforehand: it stands as soon as the connection does, and asks for no round of its own.
   * Seen to cost 700 bytes at the beginning, 10 a second while nothing goes by it, and no time.
   */
  _openStills() {
    if (this._channelled) return;
    this._channelled = true;
    try {
      this.stills.over(this.connection.createDataChannel("stills", { negotiated: true, id: 0 }));
    } catch (_) {
      // This browser has none: then there are no still pictures.
    }
  }

  /** Says which codecs this side would rather have. @param {string} [first] what the other side's offer has first */
  _prefer(first) {
    const { video } = this._transceivers;
    const order = ordered(codecsHere(), abilities, first);
    if (!video || !order || !video.setCodecPreferences) return;
    try {
      video.setCodecPreferences(/** @type {RTCRtpCodec[]} */ (order));
    } catch (_) {
      // It stays as it was.
    }
  }

  /** What is sent as a picture that moves. @returns {MediaStreamTrack | null} */
  get _moving() {
    return this._stilled ? null : this._tracks.video;
  }

  /** @param {"audio" | "video"} kind */
  _replace(kind) {
    if (kind === "video") this.stills.send(this._stilled ? this._tracks.video : null);
    const transceiver = this._transceivers[kind];
    if (!transceiver || this.connection.signalingState === "closed") return;
    transceiver.sender.replaceTrack(kind === "video" ? this._moving : this._tracks.audio).catch(() => {
      // The track ended meanwhile; the devices say so.
    });
    // Another camera may have other lines. Without one the sender is switched off whole: one that only lost its track goes on
    // sending again what got lost, on the line that the picture was taken off for, and in Firefox the last picture each second.
    if (kind === "video") setEncoding(transceiver, encodingOf(this._affordable, this._moving));
  }

  /** What the senders may use. The answering side's get it here first; the offering side's picture had it from the start. */
  _limit() {
    const { audio, video } = this._transceivers;
    setEncoding(audio, { maxBitrate: voiceWithin(this._voice, aroundOf(this.connection)) });
    setEncoding(video, encodingOf(this._affordable, this._moving));
  }

  /** The picture with what its packets have around them taken off. */
  get _affordable() {
    return Object.assign({}, this._picture, { bitrate: pictureWithin(this._picture.bitrate, aroundOf(this.connection)) });
  }

  _connectionChanged() {
    const { iceConnectionState } = this.connection;
    // Firefox has the state of the whole connection from 113 on; before, that of ICE is the nearest to it.
    const connectionState = this.connection.connectionState || (iceConnectionState === "completed" ? "connected" : iceConnectionState);
    if (connectionState === "connected" && iceConnectionState !== "disconnected") {
      clearTimeout(this._healing);
      clearTimeout(this._doubting);
      this._become("connected");
    } else if (iceConnectionState === "failed" || (connectionState === "failed" && iceConnectionState !== "checking")) {
      // Not while a new way is being checked: the whole connection is still "failed" then, and to begin anew in the middle of it leaves
      // Firefox sending by neither way.
      this._interrupted(0);
    } else if (this._isDoubtful()) this._doubt();
  }

  /** ICE takes the way for lost, and may find it again by itself. */
  _isDoubtful() {
    const { connectionState, iceConnectionState } = this.connection;
    return this.state !== "closed" && (connectionState === "disconnected" || iceConnectionState === "disconnected");
  }

  /**
   * ICE takes the way for lost; what arrives decides. Firefox says so as soon as one check of the way stays unanswered: where a
   * twentieth is lost that is once a minute. Looking for a new way then, by a narrow line, broke the voice for half a minute.
   */
  async _doubt() {
    const before = await this._arrived();
    clearTimeout(this._doubting);
    if (!this._isDoubtful()) return;
    this._doubting = setTimeout(async () => {
      const now = await this._arrived();
      if (!this._isDoubtful()) return;
      if (now > before) this._doubt();
      else this._interrupted(HEALING);
    }, DOUBTED);
  }

  /** Packets that have arrived. */
  async _arrived() {
    /** @type {any} */
    const stats = await this.connection.getStats().catch(() => new Map());
    let packets = 0;
    for (const one of stats.values()) if (one.type === "inbound-rtp") packets += one.packetsReceived || 0;
    return packets;
  }

  /** @param {number} wait until a new way is looked for */
  _interrupted(wait) {
    clearTimeout(this._doubting);
    this._become("interrupted");
    this._heal(wait);
  }

  /** @param {number} wait */
  _heal(wait) {
    clearTimeout(this._healing);
    this._healing = setTimeout(() => {
      if (this.state !== "interrupted") return;
      this.restart();
      this._heal(HEALING * 3); // The restart's own signals may be lost too.
    }, wait);
  }

  /** @param {PeerState} state */
  _become(state) {
    if (this.state === state || this.state === "closed") return;
    this.state = state;
    this._onState(state);
  }
}

/**
 * @param {{ bitrate: number, framerate: number, height: number }} picture @param {MediaStreamTrack | null} track
 * @returns {RTCRtpEncodingParameters}
 */
function encodingOf({ bitrate, framerate, height }, track) {
  const lines = (track && track.getSettings && track.getSettings().height) || height;
  return { active: Boolean(track), maxBitrate: bitrate, maxFramerate: framerate, scaleResolutionDownBy: Math.max(1, lines / height) };
}

/** @param {RTCRtpTransceiver | null} transceiver @param {RTCRtpEncodingParameters} encoding */
function setEncoding(transceiver, encoding) {
  if (!transceiver) return;
  const parameters = transceiver.sender.getParameters();
  // Before the first negotiation there is none in some browsers; it is said again after it.
  if (!parameters.encodings || !parameters.encodings.length) return;
  Object.assign(parameters.encodings[0], encoding);
  transceiver.sender.setParameters(parameters).catch(() => {});
}

/** @param {RelayAccess} access @returns {RTCConfiguration} */
function byRelay(access) {
  return {
    iceServers: [{ urls: access.urls, username: access.username, credential: access.credential }],
    iceTransportPolicy: "relay",
    bundlePolicy: "max-bundle",
    rtcpMuxPolicy: "require",
  };
}

/**
 * An answer to an offer before this one. An offer to find a new way is answered with new credentials; whoever takes the old
 * ones for its answer waits for a side that has gone on.
 * @param {RTCPeerConnection} connection @param {string} answer
 */
function isStale(connection, answer) {
  const { currentLocalDescription: ours, pendingLocalDescription: offer, currentRemoteDescription: theirs } = connection;
  if (!ours || !offer || !theirs) return false;
  return ufragOf(offer.sdp) !== ufragOf(ours.sdp) && ufragOf(answer) === ufragOf(theirs.sdp);
}

/** @param {string} sdp */
function ufragOf(sdp) {
  const found = /^a=ice-ufrag:(\S+)/m.exec(sdp);
  return found && found[1];
}
