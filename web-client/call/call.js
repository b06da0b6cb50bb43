// The media of one conversation: which epoch it belongs to, with what access, and what of ours is sent.
//
// The service numbers conversations: each admission, put back and page load starts a new epoch. A signal of an older one
// is dropped, so that a late answer can't land in a newer connection.

import { Peer } from "./peer.js";

/**
 * @typedef {import("./devices.js").Devices} Devices
 * @typedef {import("../parts/protocol").Signal} Signal
 * @typedef {import("../parts/protocol").RelayAccess} RelayAccess
 * @typedef {"none" | "connecting" | "connected" | "interrupted"} CallState
 */

export class Call {
  /**
   * @param {{
   *   polite: boolean, devices: Devices,
   *   send: (epoch: number, signal: Signal) => void,
   *   onChange: () => void,
   * }} options `polite` for the service user; `onChange` after each change of `state` or `remote`
   */
  constructor({ polite, devices, send, onChange }) {
    this._polite = polite;
    this._devices = devices;
    this._send = send;
    this._onChange = onChange;
    this._sending = polite;
    /** @type {{ epoch: number, access: RelayAccess } | null} */
    this._access = null;
    /** @type {number | null} */
    this.epoch = null;
    /** @type {Peer | null} */
    this.peer = null;
    /** What comes from the other side. @type {MediaStream | null} */
    this.remote = null;
    /** @type {CallState} */
    this.state = "none";
  }

  /**
   * Access to the relay arrived. It comes before the view that says which epoch it is; and again, in the same epoch, before
   * the one of before is over.
   * @param {number} epoch @param {RelayAccess} access
   */
  relay(epoch, access) {
    this._access = { epoch, access };
    if (this.peer && this.epoch === epoch) this.peer.renew(access);
  }

  /**
   * The conversation of this epoch is on. The same epoch again changes nothing; but it comes with each change that the
   * service tells of, the other side's return among them, so that an offer nobody heard is made again.
   * @param {number} epoch
   */
  enter(epoch) {
    if (this.epoch === epoch && this.peer) {
      this.peer.again();
      return;
    }
    this.leave();
    this.epoch = epoch;
    if (this._access && this._access.epoch === epoch) this._connect(epoch, this._access.access);
  }

  /** A signal of the other side. @param {number} epoch @param {Signal} signal */
  signal(epoch, signal) {
    // Signals of a new epoch can come before its view has been drawn: the access that came first says that it is real.
    if (!this.peer && this._access && this._access.epoch === epoch) this.enter(epoch);
    if (this.peer && this.epoch === epoch) this.peer.signal(signal);
  }

  /** The conversation is over, or was stopped: at once. The devices are stopped by whoever calls this. */
  leave() {
    const peer = this.peer;
    this.peer = null;
    this.epoch = null;
    this.remote = null;
    this.state = "none";
    if (peer) {
      peer.close();
      this._onChange();
    }
  }

  /** Looks for a new way to the other side, if there is a conversation. */
  restart() {
    if (this.peer) this.peer.restart();
  }

  /** Look first: whether anything of ours is sent at all. @param {boolean} sending */
  setSending(sending) {
    if (this._sending === sending) return;
    this._sending = sending;
    this.update();
  }

  /** To be called when the devices have changed. */
  update() {
    if (!this.peer) return;
    this.peer.setTrack("audio", this._sending ? this._devices.audio : null);
    this.peer.setTrack("video", this._sending ? this._devices.video : null);
  }

  /** @param {number} epoch @param {RelayAccess} access */
  _connect(epoch, access) {
    this.state = "connecting";
    /** @type {Peer} */
    const peer = new Peer({
      polite: this._polite,
      access,
      send: (signal) => {
        if (this.peer === peer) this._send(epoch, signal);
      },
      onRemote: (stream) => {
        if (this.peer !== peer) return;
        this.remote = stream;
        this._onChange();
      },
      onState: (state) => {
        if (this.peer !== peer || state === "closed") return;
        this.state = state;
        this._onChange();
      },
    });
    this.peer = peer;
    this.update();
    this._onChange();
  }
}
