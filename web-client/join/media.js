// Camera, microphone and the call of this page. What is needed for them is fetched while the person answers and waits,
// so that the first screens cost nothing; what the service says meanwhile is kept until it is there.

/**
 * @typedef {import("../parts/protocol").Signal} Signal
 * @typedef {import("../parts/protocol").RelayAccess} RelayAccess
 * @typedef {import("../parts/protocol").GuestView} GuestView
 * @typedef {import("./session.js").State} State
 */

/** Signals kept while the call's code is on its way: one description and its candidates, on every network a phone has. */
const KEPT = 64;

/**
 * What trying camera and microphone needs, and what a conversation needs besides. The second is the larger part, and is fetched while
 * the person waits. All of it at once: what a module names by itself would come a round trip after it.
 */
const CODE = {
  devices: () => import("../call/devices.js"),
  /** @returns {Promise<[typeof import("../call/call.js"), typeof import("./data.js")]>} */
  async call() {
    const [call, data] = await Promise.all([
      import("../call/call.js"),
      import("./data.js"),
      import("../call/peer.js"),
      import("../call/sdp.js"),
      import("../call/codecs.js"),
      import("../call/stills.js"),
      import("../call/ladder.js"),
      import("../call/around.js"),
      import("../call/easing.js"),
      import("../call/guard.js"),
      import("../call/tries.js"),
      import("../call/gauge.js"),
      import("../call/meter.js"),
      import("../call/budget.js"),
    ]);
    return [call, data];
  },
  /** Trying sound and picture: only where it is pressed for. */
  async check() {
    const [check] = await Promise.all([import("./check.js"), import("../call/loopback.js")]);
    return check;
  },
};

export class Media {
  /**
   * @param {{
   *   state: State, send: (message: object) => boolean, sealing: import("../parts/sealing.js").Sealing, changed: () => void, play: (stream: MediaStream | null) => void,
   *   fetched: (data: typeof import("./data.js")) => void, hidden?: () => boolean, code?: typeof CODE,
   * }} options
   * `changed` after each change of `state.devices` or `state.media`; `play` with what comes from the other side; `fetched` with
   * the code that counts what the call takes; `hidden`: whether the page is out of sight
   */
  constructor({ state, send, sealing, changed, play, fetched, hidden = () => false, code = CODE }) {
    this._state = state;
    this._send = send;
    this._sealing = sealing;
    this._changed = changed;
    this._play = play;
    this._fetched = fetched;
    this._hidden = hidden;
    this._code = code;
    /** @type {import("../call/devices.js").Devices | null} */
    this.devices = null;
    /** @type {import("../call/call.js").Call | null} */
    this._call = null;
    /** @type {Promise<import("../call/devices.js").Devices> | null} */
    this._loading = null;
    /** @type {Promise<void> | null} */
    this._loadingCall = null;
    /** @type {{ epoch: number, access: RelayAccess } | null} */
    this._access = null;
    /** @type {{ epoch: number, signal: Signal }[]} */
    this._early = [];
    /** The most that the person's data reaches for. @type {import("../parts/protocol").Rung} */
    this._ceiling = "large";
    /** Counts what was stopped, so that a question to the browser that is answered too late changes nothing. */
    this._turn = 0;
    this._wasIn = false;
    /** Whether the practitioner's page showed our picture when last heard of. */
    this._watched = false;
    /** Whether it was there, and our line too. */
    this._reached = false;
  }

  /** Fetches what camera and microphone need; again after a failure, since a phone's network comes and goes. */
  load() {
    if (!this._loading) {
      this._loading = this._code.devices().then(({ Devices }) => {
        this.devices = new Devices({
          onChange: () => this._devicesChanged(),
          mayOpen: () => !this._hidden() && !this._state.covered,
          onUnplugged: () => this._unplugged(),
        });
        return this.devices;
      });
      this._loading.catch(() => {
        this._loading = null;
      });
    }
    return this._loading;
  }

  /** Fetches what a conversation needs besides. @returns {Promise<void>} */
  loadCall() {
    if (!this._loadingCall) {
      this._loadingCall = Promise.all([this.load(), this._code.call()]).then(([own, [call, data]]) => {
        this._call = new call.Call({
          polite: true,
          devices: own,
          send: (epoch, signal) => this._send({ type: "signal", epoch, signal }),
          sealing: () => this._sealing,
          onChange: () => this._callChanged(),
        });
        this._call.setCeiling(this._ceiling);
        if (this._access) this._call.relay(this._access.epoch, this._access.access);
        this._fetched(data);
        this.follow();
      });
      this._loadingCall.catch(() => {
        this._loadingCall = null;
      });
    }
    return this._loadingCall;
  }

  /** A press: fetches what tries sound and picture. */
  async loadCheck() {
    const [code] = await Promise.all([this._code.check(), this.load()]);
    return code;
  }

  /** A press: camera and microphone are tried. @param {"video" | "voice"} way */
  async attempt(way) {
    const turn = (this._turn += 1);
    const { devices: equipment } = this._state;
    equipment.step = "asking";
    equipment.asked = null;
    equipment.wentDark = false;
    equipment.microphoneFailure = equipment.cameraFailure = null;
    this._changed();
    let fetched = true;
    try {
      await this.load();
      if (turn !== this._turn || !this.devices) return;
      await this.devices.start({ audio: true, video: way === "video" });
    } catch (_) {
      fetched = Boolean(this.devices);
    }
    if (turn !== this._turn) return;
    equipment.step = "tried";
    if (!fetched) equipment.microphoneFailure = "failed";
    this._devicesChanged();
  }

  /** A press. @param {boolean} on */
  async microphone(on) {
    this._state.devices.asked = on ? "microphone" : null;
    await this.load().catch(() => {});
    // Quiet mode may have come while the code was fetched.
    if (this.devices && !(on && this._state.quiet)) await this.devices.setMicrophone(on);
  }

  /** A press, or the practitioner's "voice only", which only ever switches off. @param {boolean} on */
  async camera(on) {
    this._state.devices.asked = on ? "camera" : null;
    this._state.devices.swapFailed = this._state.devices.wentDark = false;
    if (!on) {
      if (this.devices) this.devices.setCamera(false);
      return;
    }
    await this.load().catch(() => {});
    if (this.devices) await this.devices.setCamera(true);
  }

  /** The most that is sent and asked for from now on. @param {import("../parts/protocol").Rung} rung */
  setCeiling(rung) {
    this._ceiling = rung;
    if (this._call) this._call.setCeiling(rung);
  }

  /** A press: the picture, which was off because of the network, is tried again. */
  tryPicture() {
    if (this._call) this._call.tryPicture();
  }

  /** A press: the other camera. What this page shows and says of the camera stays as it is until it is known how that went. */
  async swap() {
    const { devices: equipment } = this._state;
    if (!this.devices || this.devices.swapping) return;
    equipment.asked = "camera";
    equipment.swapFailed = false;
    const swapped = await this.devices.swapCamera();
    equipment.swapFailed = !swapped && equipment.camera;
    this._changed();
  }

  /** Somebody looks at the page, or nobody. The other side is asked for what it shows, and for no more. */
  show() {
    const { view, covered } = this._state;
    if (this.devices) this.devices.seek();
    if (this._call) this._call.setShown(covered ? "nothing" : this._hidden() || !view || view.way !== "video" ? "voice" : "all");
  }

  /** @param {number} epoch @param {RelayAccess} access */
  relay(epoch, access) {
    if (!this._access || this._access.epoch !== epoch) this._early = [];
    this._access = { epoch, access };
    if (this._call) this._call.relay(epoch, access);
    this.follow();
  }

  /** @param {number} epoch @param {Signal} signal */
  signal(epoch, signal) {
    if (this._call && this._call.epoch === epoch && this._call.peer) {
      this._call.signal(epoch, signal);
      return;
    }
    // An offer makes everything before it void.
    if (signal.kind === "offer") this._early = [];
    if (this._early.length < KEPT) this._early.push({ epoch, signal });
    this.follow();
  }

  /** Does what the latest view asks for: enters the conversation, or stops everything at once. */
  follow() {
    const { view, ended } = this._state;
    const stage = view && !ended ? view.stage : null;
    if (stage && stage.name === "in") {
      this._wasIn = true;
      // "Voice only" at the desk switches the camera off here; nothing but a press switches it on again.
      if (this._watched && !stage.desk_devices.picture) this.camera(false);
      this._watched = stage.desk_devices.picture;
      const { microphone, camera } = stage.desk_devices;
      this.show();
      if (this._call && view) this._call.signing = view.signing;
      if (this._call) this._call.setExpecting(stage.started && microphone, stage.started && camera);
      // Typing needs no sound, and a phone that was meant to be silent must not speak.
      if (view && view.way !== "text" && this._state.data.sound) this._enter(stage.epoch);
      else this._hangUp();
      if (this._call && stage.desk && !this._reached) this._call.tellAgain();
      this._reached = stage.desk;
      return;
    }
    this._hangUp();
    // On hold: what was on stays ready, as before they were let in, and goes to nobody.
    const onHold = stage && stage.name === "waiting" && stage.on_hold;
    // Put back, or over: the lights go out. While waiting for the first time what was tried stays ready.
    const over = ended || (stage && stage.name === "over");
    if (over || (this._wasIn && !onHold)) this.stop();
    this._wasIn = this._wasIn && Boolean(onHold);
    this._watched = this._reached = this._state.hushed = false;
  }

  /** What carries the sound and the picture now. */
  get connection() {
    const peer = this._call && this._call.peer;
    return peer ? peer.connection : null;
  }

  /** Everything off, at once; for leaving too. What a person beside the phone would notice goes first: sound, then the lights. */
  stop() {
    this._turn += 1;
    if (this._state.devices.step === "asking") this._state.devices.step = "untouched";
    this._play(null);
    if (this.devices) this.devices.stop();
    if (this._call) this._call.leave();
  }

  _hangUp() {
    if (!this._call || this._call.epoch === null) return;
    this._play(null);
    this._call.leave();
  }

  /** Headphones may have come out. What was heard in private would be loud now, beside whoever stands there: so it waits for a press. */
  _unplugged() {
    if (!this._call || !this._call.peer) return;
    this._state.hushed = true;
    this._changed();
  }

  /** A press: the sound comes on again. */
  unhush() {
    this._state.hushed = false;
    this._changed();
  }

  /** Only a new connection helps. */
  get isStuck() {
    return Boolean(this._call && this._call.isStuck);
  }

  /** There is another key. */
  vouchAgain() {
    if (this._call) this._call.vouchAgain();
  }

  /** The line to the service is back: it may have been the network, and then the way of the media has changed too. */
  lineBack() {
    this._reached = false;
    if (this._call) this._call.lineBack();
  }

  /** @param {number} epoch */
  _enter(epoch) {
    if (!this._call) {
      this.loadCall().catch(() => {});
      return;
    }
    try {
      this._call.enter(epoch);
    } catch (_) {
      this._state.media = "impossible"; // No calls in this browser; typing still works.
      this._changed();
      return;
    }
    if (!this._call.peer) return; // The access to the relay comes in a moment.
    const early = this._early;
    this._early = [];
    for (const one of early) if (one.epoch === epoch) this._call.signal(epoch, one.signal);
  }

  _devicesChanged() {
    const { devices: equipment } = this._state;
    const { devices } = this;
    if (devices) {
      // Looked for and not found: said as if it had been pressed for.
      if (equipment.microphone && !devices.microphoneOn && devices.failures.audio) equipment.asked = "microphone";
      if (equipment.camera && !devices.cameraOn && devices.failures.video) equipment.asked = "camera";
      equipment.microphone = devices.microphoneOn;
      equipment.camera = devices.cameraOn;
      equipment.microphoneLost = devices.lost.audio;
      equipment.cameraLost = devices.lost.video;
      equipment.swap = devices.cameras > 1;
      if (!devices.cameraOn) equipment.swapFailed = false;
      if (equipment.step !== "asking") {
        equipment.microphoneFailure = devices.failures.audio || (equipment.microphoneFailure === "failed" && !devices.audio ? "failed" : null);
        equipment.cameraFailure = devices.failures.video;
      }
    }
    if (this._call) this._call.update();
    this._changed();
  }

  _callChanged() {
    if (!this._call) return;
    this._state.media = this._call.state;
    this._state.pace = this._call.says;
    this._state.unpictured = this._call.unpictured;
    this._state.stills = this._call.stills;
    this._play(this._call.remote);
    this._changed();
  }
}
