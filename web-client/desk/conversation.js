// The practitioner's side of the conversation this page holds: the call, their camera and microphone, and what of both
// may run. Look first: nothing of the practitioner is switched on before they pressed "It's them".

import { Call } from "../call/call.js";
import { Devices } from "../call/devices.js";
import { blur, blurs } from "./blur.js";
import { inside } from "./contacts.js";
import { thread } from "./model.js";

/**
 * @typedef {import("../parts/protocol").ContactView} ContactView
 * @typedef {import("../parts/protocol").PersonView} PersonView
 * @typedef {{ microphone: boolean, camera: boolean }} OnOff
 */

/** @typedef {Pick<import("../parts/sealing.js").Sealing, "bind" | "isBound">} Sealer */

/** Where nobody is in conversation nobody's word is taken. @type {Sealer} */
const nobody = { bind: async () => "", isBound: async () => false };

export class Conversation {
  /**
   * @param {{ send: (contact: string, act: object) => boolean, onChange: () => void, onUnplugged?: () => void }} options
   * `onUnplugged`: headphones may have come out
   */
  constructor({ send, onChange, onUnplugged = () => {} }) {
    this._send = send;
    this._onChange = onChange;
    this.devices = new Devices({ onChange: () => this._devicesChanged(), onUnplugged });
    /** By the thread of each person: nothing of one's goes to another's. @type {Record<string, Call>} */
    this._calls = {};
    /** The contact whose conversation is on here, and who it is with. @type {string | null} */
    this.contact = null;
    this.person = "";
    /** With whom a conversation goes on that was on hold, by a press here. */
    this._goesOn = "";
    /** What was on last with each person: after "put back" only that comes on again. @type {Record<string, OnOff>} */
    this._last = {};
    /** A conversation stopped by a press here, until the service's view says so too. @type {{ contact: string, epoch: number } | null} */
    this._halted = null;
    /** Whether the service, after a reconnect, hasn't told of this conversation yet: it may not know us there yet. */
    this._returning = false;
    /** Contacts in which a signal didn't arrive. @type {Set<string>} */
    this._missed = new Set();
    /** Whether they were lost when last heard of. */
    this._wasLost = false;
    /** @type {number | null} */
    this._epoch = null;
    /** What the service was told last. @type {import("../parts/protocol").Devices | null} */
    this._told = null;
    /** Conversations begun by a press on this page. @type {Record<string, number>} */
    this._begun = {};
    this._blurred = false;
    /** The camera that was made as wished already. @type {MediaStreamTrack | null} */
    this._camera = null;
    this.voiceOnly = false;
    this._cameraBefore = false;
    /** Whether their page showed our picture when last heard of. */
    this._shown = false;
    this.blocked = false;
    /** Their voice waits for a press: it would be loud in the room. */
    this.hushed = false;
    /** What this page lets of their side through. @type {import("../call/call.js").Shown} */
    this._lets = "all";
  }

  /** @param {{ contact: string, person: string, epoch: number, access: any }} message */
  relay({ contact, person, epoch, access }) {
    this._callOf(contact, person).relay(epoch, access);
  }

  /** @param {{ contact: string, person: string, epoch: number, signal: any }} message */
  signal({ contact, person, epoch, signal }) {
    const call = this._calls[thread(contact, person)];
    if (call) call.signal(epoch, signal);
  }

  /** A signal found nobody there: it is made up for when they are back. @param {string} contact */
  missed(contact) {
    this._missed.add(contact);
  }

  /** Goes by what is true of all contacts now. @param {ContactView[]} views @param {string | null} [told] the contact that was told just now */
  see(views, told = null) {
    const held = views.filter((view) => view.held === "here" && view.ended === null && inside(view) && !this._isHalted(view));
    const mine = held.find((view) => view.id === this.contact) || held[0];
    if (this._halted && !views.some((view) => this._isHalted(view))) this._halted = null;
    const one = mine && inside(mine);
    if (this.contact !== null && (!mine || !one || mine.id !== this.contact || one.id !== this.person)) this._stop();
    if (!mine || !one || one.stage.name !== "in") return;
    const key = thread(mine.id, one.id);
    const call = this._callOf(mine.id, one.id);
    if (this.contact !== mine.id) {
      this.contact = mine.id;
      this.person = one.id;
      this._told = null;
      this._wasLost = false;
    } else if (this._epoch !== null && this._begun[key] === this._epoch && one.stage.started) {
      // A new connection of the same conversation, after a restart of the service or of their page: ours was begun before.
      this._begun[key] = one.stage.epoch;
    }
    const isNew = this._epoch !== one.stage.epoch;
    this._epoch = one.stage.epoch;
    // They are back, or this page is: what was said in between is lost.
    const isBack = one.lost === null && (this._wasLost || (told === mine.id && (this._returning || this._missed.has(mine.id))));
    const returned = told === mine.id && this._returning;
    if (returned) this._returning = false;
    call.signing = signsWith(mine, one);
    call.setSending(one.stage.started);
    call.setExpecting(one.lost === null && one.devices.microphone, one.lost === null && one.devices.camera);
    call.setShown(this._lets);
    // Put back and admitted again: it is looked first again, with everything of ours off.
    if (!one.stage.started && (this.devices.audio || this.devices.microphoneOn || this.devices.cameraOn)) {
      this._remember();
      this.devices.stop();
    }
    // Their page went over to voice: our camera goes off, and nothing but a press switches it on again.
    if (this._shown && !one.devices.picture && this.devices.cameraOn) this.devices.setCamera(false);
    this._shown = one.devices.picture;
    // Who types has no connection for sound and picture, until they choose otherwise.
    if (one.way === "text") call.leave();
    else if (isBack && !isNew && call.isStuck) this._send(mine.id, { do: "reconnect", person: one.id, epoch: one.stage.epoch });
    // Not at each view: an offer would be said again then, and an alarm, which nothing of theirs may follow from, is a view.
    else if (isBack && returned && !isNew && call.peer && call.state !== "connected") call.lineBack();
    else if (isBack && this._missed.has(mine.id) && !isNew && call.peer) call.restart();
    else if (isNew || isBack || !call.peer) call.enter(one.stage.epoch);
    if (isBack) call.tellAgain();
    if (isBack || isNew) this._missed.delete(mine.id);
    this._wasLost = one.lost !== null;
    this._report();
    if (this._goesOn === key && isNew) {
      this._goesOn = "";
      if (one.stage.started) this.begin(mine);
    }
  }

  /** Whether their picture is in sight here. Their voice is heard always. @param {boolean} seen */
  setSeen(seen) {
    this._lets = seen ? "all" : "voice";
    if (this.contact !== null) this._now().setShown(this._lets);
  }

  /** "It's them": what the way needs comes on, or, the second time, what was on before. @param {ContactView} view */
  async begin(view) {
    const one = inside(view);
    if (!one || one.stage.name !== "in" || this.contact !== view.id) return;
    this._begun[thread(view.id, one.id)] = one.stage.epoch;
    const wish = this._last[thread(view.id, one.id)] || { microphone: one.way !== "text", camera: one.way === "video" };
    await this.devices.start({ audio: wish.microphone, video: wish.camera });
  }

  /** Whoever is let in next goes on from hold, as they were. @param {string} contact @param {string} person */
  goOn(contact, person) {
    this._goesOn = thread(contact, person);
  }

  /** @returns {Promise<void>} */
  async toggleMicrophone() {
    await this.devices.setMicrophone(!this.devices.microphoneOn);
  }

  /** @returns {Promise<void>} */
  async toggleCamera() {
    const on = !this.devices.cameraOn;
    if (on) this.voiceOnly = false;
    await this.devices.setCamera(on);
  }

  /** The picture, which was off because of the network, is tried again. */
  tryPicture() {
    if (this.contact !== null) this._now().tryPicture();
  }

  /** No picture either way; and back: our own as it was, theirs by a press of theirs. @returns {Promise<void>} */
  async toggleVoiceOnly() {
    this.voiceOnly = !this.voiceOnly;
    if (this.voiceOnly) {
      this._cameraBefore = this.devices.cameraOn;
      await this.devices.setCamera(false);
    } else if (this._cameraBefore) await this.devices.setCamera(true);
    this._devicesChanged();
  }

  /** Stops everything at once, before the service has heard of it. @param {ContactView} view */
  halt(view) {
    const one = inside(view);
    if (one && one.stage.name === "in") this._halted = { contact: view.id, epoch: one.stage.epoch };
    if (this.contact === view.id) this._stop();
  }

  /** The service refused what had been stopped here already: the conversation is on after all. */
  unhalt() {
    this._halted = null;
  }

  /** The service was started again: so was the relay, and what it knew of us is gone. */
  restart() {
    this._told = null;
    if (this.contact !== null) this._now().restart();
  }

  /** After a reconnect the service is told anew what is on. */
  reconnected() {
    this._told = null;
    this._returning = true;
  }

  /** What comes from the other side. @returns {MediaStream | null} */
  get remote() {
    return this.contact === null ? null : this._now().remote;
  }

  /** For the views. @param {ContactView | undefined} view @returns {import("./model.js").Talk | null} */
  talk(view) {
    if (this.contact === null || !view) return null;
    const one = inside(view);
    const epoch = one && one.stage.name === "in" ? one.stage.epoch : 0;
    const begun = this._begun[thread(this.contact, this.person)] === epoch || Boolean(this.devices.audio || this.devices.video);
    const call = this._now();
    return {
      contact: this.contact,
      state: call.state,
      pace: call.says,
      unpictured: call.unpictured,
      stills: call.stills,
      pictured: call.pictured,
      microphone: this.devices.microphoneOn,
      camera: this.devices.cameraOn,
      blurs: blurs(this.devices.video),
      failures: this.devices.failures,
      lost: this.devices.lost,
      voiceOnly: this.voiceOnly,
      blocked: this.blocked || this.hushed,
      fresh: !begun && Boolean(one && one.stage.name === "in" && one.stage.started && one.way !== "text"),
    };
  }

  /** The call of the conversation that is on here. */
  _now() {
    return this._callOf(/** @type {string} */ (this.contact), this.person);
  }

  /** @param {string} contact @param {string} person */
  _callOf(contact, person) {
    const key = thread(contact, person);
    if (!this._calls[key]) {
      this._calls[key] = new Call({
        polite: false,
        devices: this.devices,
        send: (epoch, signal) => {
          if (!this._send(contact, { do: "signal", person, epoch, signal })) this.missed(contact);
        },
        sealing: () => this._sealing(contact, person),
        onChange: () => this._onChange(),
      });
    }
    return this._calls[key];
  }

  /** Set by the desk: what vouches for the media of a person. @type {(contact: string, person: string) => Sealer} */
  _sealing(_contact, _person) {
    return nobody;
  }

  /** There is another key with this person. @param {string} contact @param {string} person */
  vouchAgain(contact, person) {
    const call = this._calls[thread(contact, person)];
    if (call) call.vouchAgain();
  }

  /** @param {(contact: string, person: string) => Sealer} find */
  sealedBy(find) {
    this._sealing = find;
  }

  _stop() {
    const contact = this.contact;
    if (contact === null) return;
    this._remember();
    const call = this._now();
    // First no longer ours, then stopped: the service needs no word about devices of a conversation that is over.
    this.contact = null;
    this.devices.stop();
    this.voiceOnly = false;
    this._cameraBefore = false;
    this.blocked = this.hushed = false;
    this._told = null;
    this._shown = false;
    this._returning = false;
    this._epoch = null;
    this._missed.delete(contact);
    call.setSending(false);
    call.leave();
  }

  /** Keeps what was on, so that only that is switched on again. */
  _remember() {
    const key = thread(/** @type {string} */ (this.contact), this.person);
    if (!this.devices.audio && !this.devices.video && this._begun[key] === undefined) return;
    this._last[key] = { microphone: this.devices.microphoneOn, camera: this.devices.cameraOn };
  }

  /** @param {ContactView} view */
  _isHalted(view) {
    const one = inside(view);
    const halted = this._halted;
    return Boolean(halted && one && one.stage.name === "in" && view.id === halted.contact && one.stage.epoch === halted.epoch);
  }

  /** Whether the room behind is to be blurred, from now on. @param {boolean} on */
  setBlurred(on) {
    this._blurred = on;
    blur(this.devices.video, on);
  }

  _devicesChanged() {
    // Before its picture goes anywhere.
    if (this.devices.video !== this._camera) blur((this._camera = this.devices.video), this._blurred);
    if (this.contact !== null) this._now().update();
    this._report();
    this._onChange();
  }

  _report() {
    if (this.contact === null || this._returning) return;
    // Without a picture wanted here, the camera at the other end goes off, which saves their data.
    const { microphoneOn, cameraOn, lost } = this.devices;
    const now = { microphone: microphoneOn && !lost.audio, camera: cameraOn && !lost.video, picture: !this.voiceOnly };
    if (this._told && this._told.microphone === now.microphone && this._told.camera === now.camera && this._told.picture === now.picture)
      return;
    if (this._send(this.contact, { do: "devices", devices: now })) this._told = now;
  }
}

/** Whether the other side's hands matter more than the picture's sharpness. @param {ContactView} view @param {PersonView} one */
const signsWith = ({ details }, { invitee }) => details.signing && (invitee === null || invitee.part === "interpreter");
