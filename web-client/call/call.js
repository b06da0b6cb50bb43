// The media of one conversation: which epoch it belongs to, with what access, and what of ours is sent.
//
// The service numbers conversations: each admission, put back and page load starts a new epoch. A signal of an older one
// is dropped, so that a late answer can't land in a newer connection.

import { Gauge } from "./gauge.js";
import { Ladder, RUNGS } from "./ladder.js";
import { Peer } from "./peer.js";

/** Milliseconds between looks at the connection. Shorter: a cheap phone is busy with it. Longer: voice is spoilt before anything is done. */
const LOOK = 600;

/**
 * Looks in a row without a packet, where packets came before, until another way is looked for: the network changed, and nobody
 * says so. A silent voice makes two packets a second. The side that gives way leaves the first try to the other.
 */
const STILL = { impolite: 2, polite: 3 };

const VOICE = RUNGS.indexOf("voice");

/** Looks until it is tried again, doubled each time. */
const STILL_AGAIN = 6;

/**
 * The most that is sent of our own accord: what people are told before they choose, they aren't to exceed.
 * @type {Rung}
 */
const TOP = "small";

/**
 * @typedef {import("./devices.js").Devices} Devices
 * @typedef {import("../parts/protocol").Signal} Signal
 * @typedef {import("../parts/protocol").RelayAccess} RelayAccess
 * @typedef {import("../parts/protocol").Rung} Rung
 * @typedef {"none" | "connecting" | "connected" | "interrupted"} CallState
 * @typedef {import("./ladder.js").Plan["says"]} Says
 */

export class Call {
  /**
   * @param {{
   *   polite: boolean, devices: Devices,
   *   send: (epoch: number, signal: Signal) => void,
   *   onChange: () => void, now?: () => number,
   * }} options `polite` for the service user; `onChange` after each change of `state`, `remote`, `says` or `theirs`
   */
  constructor({ polite, devices, send, onChange, now = () => performance.now() }) {
    this._polite = polite;
    this._devices = devices;
    this._send = send;
    this._onChange = onChange;
    this._sending = polite;
    /** Whether they sign: from the next connection on, movement comes before sharpness. */
    this.signing = false;
    this._camera = false;
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
    /** What is worth saying of how the network is. @type {Says} */
    this.says = null;
    /** How much the other side sends. @type {Rung} */
    this.theirs = TOP;
    /** The most that the other side asks for. @type {Rung} */
    this._most = TOP;
    this._now = now;
    this._ladder = new Ladder();
    this._gauge = new Gauge();
    /** @type {import("./ladder.js").Plan | null} */
    this._plan = null;
    /** What the other side was told of it last. */
    this._told = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this._looking;
    this._still = 0;
    this._flowed = false;
    this._expecting = false;
    this._patience = STILL_AGAIN;
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
    if (!this.peer || this.epoch !== epoch) return;
    if (signal.kind === "pace") this._paced(signal);
    else this.peer.signal(signal);
  }

  /** The conversation is over, or was stopped: at once. The devices are stopped by whoever calls this. */
  leave() {
    const peer = this.peer;
    this.peer = null;
    this.epoch = null;
    this.remote = null;
    this.state = "none";
    clearTimeout(this._looking);
    this.says = null;
    this.theirs = this._most = TOP;
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

  /** Whether the other side has something switched on: where it hasn't, nothing is missed. @param {boolean} expecting */
  setExpecting(expecting) {
    if (!expecting) this._flowed = false;
    this._expecting = expecting;
  }

  /** Whether the other side sends no picture. Where its camera is on, that is because of the network. */
  get unpictured() {
    return RUNGS.indexOf(this.theirs) <= VOICE;
  }

  /** A press: the picture is tried again, whatever became of it before. */
  tryPicture() {
    this._ladder.choose("picture");
    this._follow(this._ladder.plan());
  }

  /** To be called when the devices have changed. */
  update() {
    if (!this.peer) return;
    const camera = this._sending ? this._devices.video : null;
    // Whoever switches the camera on wants to be seen, whatever was tried before.
    if (camera && !this._camera) this._ladder.choose("picture");
    this._camera = Boolean(camera);
    if (camera && this.signing && "contentHint" in camera) camera.contentHint = "motion";
    this._ladder.allow(camera ? TOP : "voice");
    this.peer.setTrack("audio", this._sending ? this._devices.audio : null);
    this._follow(this._ladder.plan());
  }

  /** How the connection does, and what that asks for. @param {Peer} peer */
  async _look(peer) {
    /** @type {any} */
    const stats = await peer.connection.getStats().catch(() => new Map());
    // Not connected: it begins again when it is.
    if (this.peer !== peer || this.state !== "connected") return;
    this._looking = setTimeout(() => this._look(peer), LOOK);
    const reading = this._gauge.read(stats.values(), this._now());
    if (this._gauge.arrived !== null) this._watchFlow(this._gauge.arrived);
    if (reading) this._follow(this._ladder.read(reading));
  }

  /** Nothing comes any more, where something came: the browser itself would take up to 15 s to notice. @param {number} arrived */
  _watchFlow(arrived) {
    if (arrived > 0) {
      this._flowed = this._expecting;
      this._still = 0;
      this._patience = STILL_AGAIN;
      return;
    }
    this._still += 1;
    if (!this._flowed || this._still < (this._polite ? STILL.polite : STILL.impolite)) return;
    this._still = -this._patience;
    this._patience *= 2;
    this.restart();
  }

  /** Sends what the plan says, and tells the other side. @param {import("./ladder.js").Plan} plan */
  _follow(plan) {
    const { peer } = this;
    if (!peer) return;
    peer.setTrack("video", this._sending && plan.picture ? this._devices.video : null);
    if (this._plan !== plan) peer.pace(plan);
    this._plan = plan;
    const most = plan.ask || RUNGS[RUNGS.length - 1];
    const told = `${plan.rung} ${most}`;
    if (this.state === "connected" && this._told !== told) {
      this._told = told;
      this._send(/** @type {number} */ (this.epoch), { kind: "pace", sends: /** @type {Rung} */ (plan.rung), most: /** @type {Rung} */ (most) });
    }
    if (this.says === plan.says) return;
    this.says = plan.says;
    this._onChange();
  }

  /** What the other side sends, and the most that its network bears. @param {{ sends: Rung, most: Rung }} pace */
  _paced({ sends, most }) {
    this._ladder.asked(most);
    if (RUNGS.indexOf(most) > VOICE && RUNGS.indexOf(this._most) <= VOICE) this._ladder.relieved();
    this._most = most;
    this._follow(this._ladder.plan());
    if (this.theirs === sends) return;
    this.theirs = sends;
    this._onChange();
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
        // What was told before may have been lost with the way.
        if (state === "connected") {
          this._told = "";
          clearTimeout(this._looking);
          this._looking = setTimeout(() => this._look(peer), LOOK);
        }
        this._onChange();
      },
    });
    this.peer = peer;
    this._ladder = new Ladder({ start: TOP, signing: this.signing });
    this._gauge = new Gauge();
    this._plan = null;
    this._told = "";
    this._camera = this._flowed = false;
    this._still = 0;
    this._patience = STILL_AGAIN;
    clearTimeout(this._looking);
    this.update();
    this._onChange();
  }
}
