// The camera and the microphone of this page.
//
// The light beside a camera is a promise: off means off. So a camera that is switched off is stopped, with every clone,
// not merely muted; and nothing is ever switched on but by a press.

const CAMERA = { width: { ideal: 320 }, height: { ideal: 240 }, frameRate: { ideal: 15, max: 20 } };
/** The one that looks at the person is meant, until they ask for another. */
const FRONT = { facingMode: "user" };
/**
 * Milliseconds before each try to have a device again that was on and was lost by itself. After the last it counts as off, with the
 * reason said, and waits for a press. Fewer: a short phone call costs a press. More: a light that flickers, or a question of the
 * browser's, for as long as somebody else needs the device.
 */
const AGAIN = [0, 1000, 2000, 4000, 8000, 15000, 30000, 60000];
/** The first of these for one that is there and only gives nothing: the system often gives it back by itself. */
const PATIENT = 3;
/** Milliseconds without a device that nobody has to be told of: a headset that takes over makes such a gap. */
const BRIEF = 1000;
/** Failures that no waiting mends. @type {(DeviceFailure | null)[]} */
const FINAL = ["refused", "no_interface", "insecure"];
const MICROPHONE = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };

/**
 * Why a device couldn't be had, for words that help.
 * `refused`: by the person or their settings; `absent`: none is there; `busy`: another app holds it;
 * `no_interface`: this browser offers none (inside another app, for example); `insecure`: the page isn't served safely.
 * @typedef {"refused" | "absent" | "busy" | "no_interface" | "insecure" | "failed"} DeviceFailure
 * @typedef {"audio" | "video"} Kind
 * Why a device that was switched on gives nothing for now: something else has it, or it ended and isn't there again yet.
 * @typedef {"busy" | "stopped"} Loss
 * @typedef {{ tries: number, trying: boolean, timers: ReturnType<typeof setTimeout>[] }} Search
 */

export class Devices {
  /**
   * @param {{ onChange?: () => void, mayOpen?: () => boolean, onUnplugged?: () => void }} [options]
   * `onChange` after each change, also when a device went away by itself; `mayOpen`: whether one that was lost may come on again
   * without a press; `onUnplugged`: something to hear or speak with was taken away, and what was private may be loud now
   */
  constructor({ onChange = () => {}, mayOpen = () => true, onUnplugged = () => {} } = {}) {
    this._onChange = onChange;
    this._mayOpen = mayOpen;
    this._onUnplugged = onUnplugged;
    /** @type {{ audio: MediaStreamTrack | null, video: MediaStreamTrack | null }} */
    this._tracks = { audio: null, video: null };
    /** What was asked for last; a device that arrives after it was switched off again is stopped at once. */
    this._wanted = { audio: 0, video: 0 };
    /** @type {{ audio: DeviceFailure | null, video: DeviceFailure | null }} */
    this.failures = { audio: null, video: null };
    /** What of that which is on gives nothing for now. @type {{ audio: Loss | null, video: Loss | null }} */
    this.lost = { audio: null, video: null };
    /** Meant to be on, and looked for: how many times, and when next. @type {{ audio: Search | null, video: Search | null }} */
    this._searches = { audio: null, video: null };
    /** What there is to hear and speak with, as far as browsers name it; `null` while nobody has spoken. @type {string[] | null} */
    this._around = null;
    /** The id of the camera that is on: only this one comes on again by itself. @type {string | undefined} */
    this._present;
    /** Which camera is meant. @type {MediaTrackConstraints} */
    this._camera = FRONT;
    /** How many cameras there are, as far as is known: browsers tell it once one is on. */
    this.cameras = 0;
    /** One camera is off already, and the other isn't on yet. */
    this.swapping = false;
    /** @type {AudioContext | null} */
    this._sound = null;
    /** @type {AnalyserNode | null} */
    this._meter = null;
  }

  /** @returns {MediaStreamTrack | null} */
  get audio() {
    return this._tracks.audio;
  }

  /** @returns {MediaStreamTrack | null} */
  get video() {
    return this._tracks.video;
  }

  /** Whether the microphone is switched on; also while it is lost and looked for. */
  get microphoneOn() {
    const track = this._tracks.audio;
    return Boolean(this._searches.audio || (track && track.readyState === "live" && track.enabled));
  }

  /** Whether the camera, and so its light, is on; also while it is lost, and while one camera takes the place of another. */
  get cameraOn() {
    const track = this._tracks.video;
    return this.swapping || Boolean(this._searches.video || (track && track.readyState === "live"));
  }

  /** Whether the camera looks away from the person: its picture isn't a mirror then. */
  get looksAway() {
    const track = this._tracks.video;
    return Boolean(track && track.getSettings && track.getSettings().facingMode === "environment");
  }

  /**
   * Asks for both in one question, then for each alone: a missing camera must not cost the microphone.
   * @param {{ audio: boolean, video: boolean }} wish
   */
  async start({ audio, video }) {
    if (audio && video && !this.cameraOn && !this._tracks.audio) {
      if ((await this._open({ audio: true, video: true })) === null) return;
      // Both in one question failed: each for itself, and each says why.
    }
    if (audio) await this.setMicrophone(true);
    if (video) await this.setCamera(true);
  }

  /** @param {boolean} on switching off mutes: the device is kept, so that switching on again is at once */
  async setMicrophone(on) {
    const track = this._tracks.audio;
    if (!on) {
      this._wanted.audio += 1; // One still being opened is stopped when it comes.
      this._forget("audio");
      if (track) track.enabled = false;
      this._onChange();
    } else if (track && track.readyState === "live") {
      track.enabled = true;
      this._heed("audio", track);
      this._onChange();
    } else {
      await this._open({ audio: true, video: false });
    }
  }

  /** Off, and let go: no sign of it stays with the browser. */
  dropMicrophone() {
    this._close("audio");
    this._onChange();
  }

  /** @param {boolean} on switching off stops the camera and its light at once */
  async setCamera(on) {
    if (!on) {
      this._close("video");
      this._onChange();
    } else if (!this.cameraOn) {
      await this._open({ audio: false, video: true });
    }
  }

  /**
   * The other camera. The one that is on is stopped first, since many phones can't open two; where the other can't be had
   * it comes on again. Nothing is negotiated anew: the track is replaced (`Peer.setTrack`).
   * @returns {Promise<boolean>} whether another camera is on now
   */
  async swapCamera() {
    const old = this._tracks.video;
    if (!old || !this.cameraOn || this.swapping) return false;
    const before = this._camera;
    const { facingMode, deviceId } = old.getSettings ? old.getSettings() : /** @type {MediaTrackSettings} */ ({});
    const cameras = await this._listCameras();
    if (this._tracks.video !== old || this.swapping) return false; // Switched off, or pressed twice, meanwhile.
    this._close("video");
    const turn = this._wanted.video;
    this.swapping = true;
    const others = otherCameras(facingMode, deviceId, cameras);
    // The last resort is the camera that was on.
    for (const camera of [...others, deviceId ? { deviceId: { exact: deviceId } } : before]) {
      if (turn !== this._wanted.video) break; // Switched off while the question was open.
      try {
        const stream = await navigator.mediaDevices.getUserMedia({ video: Object.assign({}, CAMERA, camera) });
        if (turn === this._wanted.video) {
          this._camera = others.indexOf(camera) >= 0 ? camera : before;
          this.failures.video = null;
        }
        for (const track of stream.getTracks()) this._take(track, turn);
        break;
      } catch (error) {
        this.failures.video = failureOf(error);
      }
    }
    if (turn === this._wanted.video) this.swapping = false;
    this._onChange();
    return this._camera !== before && this.cameraOn;
  }

  /** Ends everything at once: for leaving, being put back, and the end. */
  stop() {
    this._close("audio");
    this._close("video");
    this._camera = FRONT;
    this._around = this._meter = null;
    if (this._sound) this._sound.close().catch(() => {});
    this._sound = null;
    this._onChange();
  }

  /** A sign that a device may be free again: somebody looks at the page, something was plugged in or taken away. */
  seek() {
    this._try("audio");
    this._try("video");
  }

  /** How loud the microphone is now, 0 to 1. The first call after a press starts the measuring. */
  level() {
    const track = this._tracks.audio;
    if (!track || track.readyState !== "live" || !track.enabled) return 0;
    if (!this._meter) this._startMeter(track);
    if (!this._meter) return 0;
    const samples = new Uint8Array(this._meter.fftSize);
    this._meter.getByteTimeDomainData(samples);
    let most = 0;
    for (const sample of samples) most = Math.max(most, Math.abs(sample - 128));
    return Math.min(1, most / 64);
  }

  /** Whether `level` measures at all: some browsers run no sound machinery (no loudspeaker, no press yet), and then silence means nothing. */
  get measures() {
    return Boolean(this._meter && this._sound && this._sound.state === "running");
  }

  /** @param {{ audio: boolean, video: boolean }} wish @returns {Promise<DeviceFailure | null>} */
  async _open(wish) {
    /** @type {Kind[]} */
    const kinds = [];
    if (wish.audio) kinds.push("audio");
    if (wish.video) kinds.push("video");
    const turns = kinds.map((kind) => (this._wanted[kind] += 1));
    kinds.forEach((kind) => this._forget(kind));
    /** @type {DeviceFailure | null} */
    let failure = null;
    if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) {
      failure = window.isSecureContext === false ? "insecure" : "no_interface";
    } else {
      try {
        const stream = await navigator.mediaDevices.getUserMedia({
          audio: wish.audio && MICROPHONE,
          video: wish.video && Object.assign({}, CAMERA, this._camera),
        });
        for (const track of stream.getTracks()) this._take(track, turns[kinds.indexOf(/** @type {Kind} */ (track.kind))]);
      } catch (error) {
        failure = failureOf(error);
      }
    }
    // A failure of both says nothing about either alone.
    for (const kind of kinds) this.failures[kind] = kinds.length > 1 ? null : failure;
    this._onChange();
    if (wish.video && this._tracks.video) this._countCameras();
    return failure;
  }

  /** @returns {Promise<string[]>} the ids of the cameras */
  async _listCameras() {
    try {
      const all = await navigator.mediaDevices.enumerateDevices();
      return all.filter((one) => one.kind === "videoinput").map((one) => one.deviceId);
    } catch (_) {
      return [];
    }
  }

  async _countCameras() {
    const { length } = await this._listCameras();
    if (length === this.cameras) return;
    this.cameras = length;
    this._onChange();
  }

  /** @param {MediaStreamTrack} track @param {number} turn */
  _take(track, turn) {
    const kind = /** @type {Kind} */ (track.kind);
    if (turn !== this._wanted[kind]) {
      track.stop(); // It was switched off while the question was open.
      return;
    }
    const old = this._tracks[kind];
    if (old) old.stop();
    this._tracks[kind] = track;
    if (kind === "audio") {
      this._meter = null;
      this._around = this._around || [];
    } else this._present = track.getSettings && track.getSettings().deviceId;
    track.onended = () => this._ended(kind, track);
    track.onmute = track.onunmute = () => this._heed(kind, track);
    if (track.muted) this._heed(kind, track);
    this._watch();
  }

  /** It ended by itself: unplugged, or taken. @param {Kind} kind @param {MediaStreamTrack} track */
  _ended(kind, track) {
    if (this._tracks[kind] !== track) return;
    this._tracks[kind] = null;
    this._forget(kind);
    // What was off stays off.
    if (track.enabled) this._search(kind, 0);
    this._onChange();
  }

  /** The system took the sound or the picture away, or gave it back: a phone call, another app. @param {Kind} kind @param {MediaStreamTrack} track */
  _heed(kind, track) {
    if (this._tracks[kind] !== track || (!track.muted && !this._searches[kind])) return;
    this._forget(kind);
    if (track.muted && track.enabled) this._search(kind, PATIENT);
    this._onChange();
  }

  /** Looks for a device that was on. @param {Kind} kind @param {number} tries as if there had been so many */
  _search(kind, tries) {
    /** @type {Search} */
    const search = { tries, trying: false, timers: [] };
    this._searches[kind] = search;
    search.timers.push(
      setTimeout(() => {
        if (!this.lost[kind]) this.lost[kind] = this._tracks[kind] ? "busy" : "stopped";
        this._onChange();
      }, BRIEF),
    );
    this._tryLater(kind, search);
  }

  /** @param {Kind} kind @param {Search} search */
  _tryLater(kind, search) {
    if (search.tries < AGAIN.length) search.timers.push(setTimeout(() => this._try(kind), AGAIN[search.tries]));
  }

  /** @param {Kind} kind */
  async _try(kind) {
    const search = this._searches[kind];
    // Not where nobody looks: it is tried again when somebody does.
    if (!search || search.trying || search.tries >= AGAIN.length || !this._mayOpen()) return;
    const turn = this._wanted[kind];
    search.tries += 1;
    search.trying = true;
    /** @type {DeviceFailure | null} */
    let failure = null;
    try {
      // Another microphone hears the same voice. Another camera may show what nobody was meant to see.
      const camera = this._present ? { deviceId: { exact: this._present } } : this._camera;
      const stream = await navigator.mediaDevices.getUserMedia(
        kind === "audio" ? { audio: MICROPHONE } : { video: Object.assign({}, CAMERA, camera) },
      );
      const tracks = stream.getTracks();
      // Switched off, left, out of sight or given back by the system, while the question was open: it must not come on by it.
      if (this._searches[kind] !== search || !this._mayOpen()) tracks.forEach((track) => track.stop());
      else {
        this._forget(kind);
        this.failures[kind] = null;
        tracks.forEach((track) => this._take(track, turn));
        // One that gives nothing either goes on being looked for, but not from the beginning.
        const next = /** @type {Search | null} */ (this._searches[kind]);
        if (next) {
          this.lost[kind] = "busy";
          this._searches[kind] = search;
          next.timers.forEach(clearTimeout);
        }
      }
    } catch (error) {
      failure = failureOf(error);
    }
    search.trying = false;
    if (this._searches[kind] !== search) {
      if (!failure) this._onChange();
      return;
    }
    if (failure) this.lost[kind] = failure === "busy" ? "busy" : "stopped";
    const over = search.tries >= AGAIN.length && !this._tracks[kind];
    if (FINAL.indexOf(failure) >= 0 || over) {
      this._close(kind);
      this.failures[kind] = failure || "failed";
      if (kind === "video") this._camera = FRONT;
    } else this._tryLater(kind, search);
    this._onChange();
  }

  /** It isn't looked for any more. @param {Kind} kind */
  _forget(kind) {
    const search = this._searches[kind];
    if (search) search.timers.forEach(clearTimeout);
    this._searches[kind] = this.lost[kind] = null;
  }

  /** Notices what is plugged in and taken away, from the first device on: before, browsers name nothing. */
  async _watch() {
    const all = navigator.mediaDevices;
    // Chrome on Android tells of nothing, and a voice that goes over to its loudspeaker there can't be noticed.
    if ("ondevicechange" in all) {
      all.ondevicechange = () => {
        this.seek();
        this._watch();
      };
    }
    const now = await this._listSound();
    // Nothing has a name: the browser doesn't tell, and it isn't known that anything went.
    const before = this._around;
    if (!now.length || !before) return;
    this._around = now;
    if (before.some((one) => now.indexOf(one) < 0)) this._onUnplugged();
  }

  /** @returns {Promise<string[]>} what there is to hear and speak with, where it has a name; not what only stands for another */
  async _listSound() {
    try {
      const all = await navigator.mediaDevices.enumerateDevices();
      return all
        .filter(({ kind, label, deviceId }) => label && kind !== "videoinput" && deviceId !== "default" && deviceId !== "communications")
        .map(({ kind, deviceId }) => `${kind} ${deviceId}`);
    } catch (_) {
      return [];
    }
  }

  /** @param {Kind} kind */
  _close(kind) {
    this._wanted[kind] += 1;
    this._forget(kind);
    if (kind === "video") this.swapping = false;
    const track = this._tracks[kind];
    this._tracks[kind] = null;
    if (track) {
      track.onended = track.onmute = track.onunmute = null;
      track.stop();
    }
  }

  /** @param {MediaStreamTrack} track */
  _startMeter(track) {
    const Sound = window.AudioContext || /** @type {any} */ (window).webkitAudioContext;
    if (!Sound) return;
    try {
      if (!this._sound) this._sound = /** @type {AudioContext} */ (new Sound());
      if (this._sound.state === "suspended") this._sound.resume().catch(() => {});
      const meter = this._sound.createAnalyser();
      meter.fftSize = 512;
      this._sound.createMediaStreamSource(new MediaStream([track])).connect(meter);
      this._meter = meter;
    } catch (_) {
      this._meter = null; // No meter, but the call goes on.
    }
  }
}

/**
 * Which cameras to try for the other one, the likeliest first. A phone says which way a camera looks, and may have several
 * that look away; a computer only has one after the other.
 * @param {string | undefined} facing which way the present one looks @param {string | undefined} present its id
 * @param {string[]} cameras @returns {MediaTrackConstraints[]}
 */
export function otherCameras(facing, present, cameras) {
  /** @type {MediaTrackConstraints[]} */
  const others = [];
  if (facing === "user" || facing === "environment") others.push({ facingMode: { exact: facing === "user" ? "environment" : "user" } });
  const at = present === undefined ? -1 : cameras.indexOf(present);
  const next = cameras[(at + 1) % (cameras.length || 1)];
  if (next && next !== present) others.push({ deviceId: { exact: next } });
  return others;
}

/** @param {any} error @returns {DeviceFailure} */
export function failureOf(error) {
  switch (error && error.name) {
    case "NotAllowedError":
    case "PermissionDeniedError":
      return "refused";
    case "NotFoundError":
    case "OverconstrainedError":
    case "DevicesNotFoundError":
      return "absent";
    case "NotReadableError":
    case "TrackStartError":
    case "AbortError":
      return "busy";
    case "SecurityError":
      return "insecure";
    default:
      return "failed";
  }
}
