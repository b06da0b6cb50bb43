// The camera and the microphone of this page.
//
// The light beside a camera is a promise: off means off. So a camera that is switched off is stopped, with every clone,
// not merely muted; and nothing is ever switched on but by a press.

const CAMERA = { width: { ideal: 320 }, height: { ideal: 240 }, frameRate: { ideal: 15, max: 20 } };
/** The one that looks at the person is meant, until they ask for another. */
const FRONT = { facingMode: "user" };
const MICROPHONE = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };

/**
 * Why a device couldn't be had, for words that help.
 * `refused`: by the person or their settings; `absent`: none is there; `busy`: another app holds it;
 * `no_interface`: this browser offers none (inside another app, for example); `insecure`: the page isn't served safely.
 * @typedef {"refused" | "absent" | "busy" | "no_interface" | "insecure" | "failed"} DeviceFailure
 * @typedef {"audio" | "video"} Kind
 */

export class Devices {
  /** @param {{ onChange?: () => void }} [options] `onChange` after each change, also when a device went away by itself */
  constructor({ onChange = () => {} } = {}) {
    this._onChange = onChange;
    /** @type {{ audio: MediaStreamTrack | null, video: MediaStreamTrack | null }} */
    this._tracks = { audio: null, video: null };
    /** What was asked for last; a device that arrives after it was switched off again is stopped at once. */
    this._wanted = { audio: 0, video: 0 };
    /** @type {{ audio: DeviceFailure | null, video: DeviceFailure | null }} */
    this.failures = { audio: null, video: null };
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

  /** Whether the other side could hear. */
  get microphoneOn() {
    const track = this._tracks.audio;
    return Boolean(track && track.readyState === "live" && track.enabled);
  }

  /** Whether the camera, and so its light, is on; also for the moment in which one camera takes the place of another. */
  get cameraOn() {
    const track = this._tracks.video;
    return this.swapping || Boolean(track && track.readyState === "live");
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
      if (track) track.enabled = false;
      this._onChange();
    } else if (track && track.readyState === "live") {
      track.enabled = true;
      this._onChange();
    } else {
      await this._open({ audio: true, video: false });
    }
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
    this._meter = null;
    if (this._sound) this._sound.close().catch(() => {});
    this._sound = null;
    this._onChange();
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
    if (kind === "audio") this._meter = null;
    track.onended = () => {
      if (this._tracks[kind] !== track) return;
      this._tracks[kind] = null;
      this.failures[kind] = "absent";
      this._onChange();
    };
  }

  /** @param {Kind} kind */
  _close(kind) {
    this._wanted[kind] += 1;
    if (kind === "video") this.swapping = false;
    const track = this._tracks[kind];
    this._tracks[kind] = null;
    if (track) {
      track.onended = null;
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
