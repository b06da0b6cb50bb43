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
/** The least rung whose packets never stop: of the one below there comes nothing for seconds, and nothing is wrong. */
const SMALL = RUNGS.indexOf("small");

/**
 * Milliseconds that an offer from before may take to find a way after all. Shorter: one that was about to is thrown away. Longer: it
 * is waited for in vain.
 */
const BETTER = 1000;

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
 * @typedef {"all" | "voice" | "nothing"} Shown what a page lets of the other side through: sound and picture, the sound alone, nothing
 * @typedef {import("./ladder.js").Plan["says"]} Says
 */

export class Call {
  /**
   * @param {{
   *   polite: boolean, devices: Devices,
   *   send: (epoch: number, signal: Signal) => void, sealing: () => Pick<import("../parts/sealing.js").Sealing, "bind" | "isBound">,
   *   onChange: () => void, now?: () => number,
   * }} options `polite` for the service user; `sealing`: what vouches for the media of both; `onChange` after each change of `state`, `remote`, `says`, `theirs` or `stills`
   */
  constructor({ polite, devices, send, sealing, onChange, now = () => performance.now() }) {
    this._polite = polite;
    this._devices = devices;
    this._send = send;
    this._sealing = sealing;
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
    /** Whether a picture of ours is sent: not merely that the camera is on. */
    this.pictured = false;
    /** How much the other side sends. @type {Rung} */
    this.theirs = TOP;
    this._now = now;
    this._ladder = new Ladder();
    this._gauge = new Gauge();
    /** @type {import("./ladder.js").Plan | null} */
    this._plan = null;
    /** What this page lets through, and so what it asks for. @type {Shown} */
    this._shown = "all";
    /** The most that the person's data reaches for, either way. @type {Rung} */
    this._ceiling = "large";
    /** The other side's page plays no sound now. */
    this._unheard = false;
    /** The other side's page shows no picture now. */
    this._unseen = false;
    /** What the other side was told of it last; whether it is still to hear that somebody pressed for the pictures. */
    this._told = "";
    this._pressed = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this._looking;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this._better;
    /** Our offer was made while there was no network. */
    this._wayless = false;
    this._still = 0;
    /** Our picture goes as still ones. */
    this._stilled = false;
    this._flowed = false;
    this._expected = { sound: false, picture: false };
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
    if (signal.kind === "offer") this._wayless = false;
    if (signal.kind !== "answer" || !this._wayless) return;
    this._wayless = false;
    clearTimeout(this._better);
    this._better = setTimeout(() => {
      if (this.state !== "connected") this.restart();
    }, BETTER);
  }

  /** The conversation is over, or was stopped: at once. The devices are stopped by whoever calls this. */
  leave() {
    const peer = this.peer;
    this.peer = null;
    this.epoch = null;
    this.remote = null;
    this.state = "none";
    clearTimeout(this._looking);
    clearTimeout(this._better);
    this._wayless = false;
    this.says = null;
    this.theirs = TOP;
    this._unheard = this._unseen = this._stilled = this.pictured = false;
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

  /**
   * What of their page is in sight or heard here. What nobody sees or hears isn't sent: it would cost both of them data, and a
   * covered phone has no use for it. Asked for again, it comes back without a negotiation.
   * @param {Shown} shown
   */
  setShown(shown) {
    if (this._shown === shown) return;
    this._shown = shown;
    if (!this._expects) this._flowed = false;
    if (this.peer) this._follow(this._ladder.plan());
  }

  /** The most that the person's data reaches for: nothing above it is sent or asked for. The camera stays as they have it. @param {Rung} rung */
  setCeiling(rung) {
    if (this._ceiling === rung) return;
    this._ceiling = rung;
    this.update();
  }

  /** There is another key: an offer that was vouched for by the one before is taken by nobody. */
  vouchAgain() {
    if (this.peer) this.peer.vouchAgain();
  }

  /** The line to the service, or the other side's page, is back: what was told meanwhile may have been lost. */
  tellAgain() {
    this._told = "";
    if (this.peer) this._follow(this._ladder.plan());
  }

  /**
   * Our own line to the service is back. It may have been the network, and then the media's way is gone too. What was offered
   * meanwhile names no way, since none could be found: once it is answered, a better offer follows.
   */
  lineBack() {
    const { peer } = this;
    if (!peer || this.state === "connected") return;
    // The very first offer, or none yet.
    if (!peer.connection.remoteDescription) {
      peer.again();
      return;
    }
    this._wayless = peer.connection.signalingState === "have-local-offer";
    peer.restart();
  }

  /** Only a new connection helps. */
  get isStuck() {
    return Boolean(this.peer && this.peer.isStuck);
  }

  /** What the other side has switched on: where it hasn't, nothing is missed. @param {boolean} sound @param {boolean} [picture] */
  setExpecting(sound, picture = false) {
    this._expected = { sound, picture };
    if (!this._expects) this._flowed = false;
  }

  /** Whether packets must come: not for what the other side has off, what this page asked it to leave out, or what its network doesn't bear. */
  get _expects() {
    const { sound, picture } = this._expected;
    return (sound && this._shown !== "nothing") || (picture && this._shown === "all" && RUNGS.indexOf(this.theirs) >= SMALL);
  }

  /** Whether the other side sends no picture. Where its camera is on, that is because of the network. */
  get unpictured() {
    return RUNGS.indexOf(this.theirs) <= VOICE;
  }

  /** Which side's picture is a still one now, because of the network, and the other side's that came last. */
  get stills() {
    const theirs = this.theirs === "stills";
    return { own: this._stilled, theirs, picture: theirs && this.peer ? this.peer.stills.picture : null };
  }

  /** A press: both pictures are tried again, whatever became of them before. */
  tryPicture() {
    this._ladder.choose("picture");
    this._pressed = true;
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
    this._ladder.allow(lesser(camera ? TOP : "voice", this._ceiling));
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
    this._flowed = this._expects && (this._flowed || arrived > 0);
    if (arrived > 0) {
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
    peer.setTrack("audio", this._sending && !this._unheard ? this._devices.audio : null);
    peer.setTrack("video", this._sending && plan.picture ? this._devices.video : null);
    if (this._plan !== plan) peer.pace(plan);
    this._plan = plan;
    const most = lesser(plan.ask || this._ceiling, this._ceiling);
    const pace = {
      sends: /** @type {Rung} */ (plan.rung),
      most: /** @type {Rung} */ (most),
      unseen: this._shown !== "all" || RUNGS.indexOf(this._ceiling) <= VOICE,
      unheard: this._shown === "nothing",
    };
    const told = JSON.stringify(pace);
    if (this.state === "connected" && (this._told !== told || this._pressed)) {
      this._send(/** @type {number} */ (this.epoch), Object.assign({ kind: /** @type {const} */ ("pace"), again: this._pressed }, pace));
      this._told = told;
      this._pressed = false;
    }
    const stilled = plan.rung === "stills";
    const sends = Boolean(this._sending && plan.picture && this._devices.video);
    if (this.says === plan.says && this._stilled === stilled && this.pictured === sends) return;
    this.says = plan.says;
    this._stilled = stilled;
    this.pictured = sends;
    this._onChange();
  }

  /** What the other side sends, the most that its network bears, and what its page lets through. @param {Extract<Signal, { kind: "pace" }>} pace */
  _paced({ sends, most, unseen = false, unheard = false, again = false }) {
    if (again) this._ladder.choose("picture");
    // Whoever looks again is told what comes now, also where it is the same as before.
    if (this._unseen !== unseen) this._told = "";
    this._unseen = unseen;
    this._unheard = unheard;
    // Not the same as asking for less: it is no trouble to speak of, and what failed on the way stays failed.
    this._ladder.watched(!unseen);
    this._ladder.asked(most);
    this._follow(this._ladder.plan());
    // A picture that is left out because nobody sees it isn't one that the network doesn't bear.
    if (this.theirs === sends || this._shown !== "all") return;
    this.theirs = sends;
    if (this.peer && sends !== "stills") this.peer.stills.clear();
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
      vouch: {
        bind: (kind, sdp) => this._sealing().bind(kind, epoch, sdp),
        isBound: (kind, sdp, bound) => this._sealing().isBound(kind, epoch, sdp, bound),
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
          this._ladder.copies(peer.copies);
          clearTimeout(this._looking);
          this._looking = setTimeout(() => this._look(peer), LOOK);
          this._follow(this._ladder.plan());
        }
        this._onChange();
      },
      onStills: () => {
        if (this.peer !== peer) return;
        this._ladder.stills(peer.stills.possible);
        this._follow(this._ladder.plan());
        this._onChange();
      },
    });
    this.peer = peer;
    this._ladder = new Ladder({ start: TOP, signing: this.signing });
    this._gauge = new Gauge();
    this._plan = null;
    this._told = "";
    this._camera = this._flowed = this._unheard = this._unseen = this._pressed = false;
    this._still = 0;
    this._patience = STILL_AGAIN;
    clearTimeout(this._looking);
    this.update();
    this._onChange();
  }
}

/** The one of two rungs that is the less. @param {string} one @param {string} other */
function lesser(one, other) {
  return RUNGS.indexOf(one) < RUNGS.indexOf(other) ? one : other;
}
