// Still pictures, where the line bears the voice and little more: one small picture every few seconds, beside the voice in the same
// connection, end to end as it is. Never by way of the service.
//
// A picture of some thousand bytes handed over at once would stand in the way of the voice for a second. So it goes in small
// pieces, one after the other's time, and each waits until the one before has left. What arrives is another person's bytes:
// everything about it is bounded, nothing but a small picture is ever given to the browser to decode, and nothing is kept.

/** Bytes of a picture in one message: with its heads 100 ms at 40 kbit/s. More: the voice waits. Less: the heads weigh more than the picture. */
const PIECE = 400;
/** Milliseconds between pieces. */
const PACE = 250;
/** Pieces' times between two pictures: 4 s. */
const EVERY = 16;
/** Bytes that a picture should have: 11 pieces, which are 13 kbit/s with their heads and what acknowledges them. */
const ENOUGH = 4400;
/** Bytes that a picture may have at the most, to be sent or to be taken. */
export const MOST = 16000;
const PIECES = MOST / PIECE;
/** Lines and columns of a picture that is sent. */
const [LINES, COLUMNS] = [180, 320];
/** The most of either that is decoded: a few thousand bytes may claim to be a picture that fills a phone's memory. */
const WIDEST = 640;
/** How well it is coded: each in turn until it fits. */
const QUALITIES = [0.7, 0.5, 0.3, 0.1];
/** Milliseconds until a picture is taken away where no other came: what is seen isn't true any more. */
const STALE = 12000;
/** Milliseconds at least from one picture shown to the next: decoding costs a cheap phone. */
const REST = 1000;

/** What a message is. Any other is of a newer page, or of nobody's good will, and is dropped. */
const [HELLO, PART, GONE] = [0, 1, 2];

/**
 * @typedef {Pick<RTCDataChannel, "send" | "close" | "readyState" | "bufferedAmount"> & { [on: string]: any }} Channel
 * @typedef {{ take: () => Promise<Uint8Array | null>, close: () => void }} Camera gives one picture at a time
 */

export class Stills {
  /**
   * @param {{
   *   onChange: () => void, cameraOf?: (track: MediaStreamTrack) => Camera, decoded?: (url: string) => Promise<unknown>, able?: boolean,
   * }} options
   * `onChange` after each change of `possible` or `picture`; `able`: whether this browser can show one
   */
  constructor({ onChange, cameraOf = (track) => new Shutter(track), decoded = decode, able = typeof Image === "function" }) {
    this._onChange = onChange;
    this._cameraOf = cameraOf;
    this._decoded = decoded;
    this._able = able;
    /** The other side takes pictures: it said so. */
    this.possible = false;
    /** The picture that came last, as an address that an image takes. @type {string | null} */
    this.picture = null;
    /** @type {Channel | null} */
    this._channel = null;
    /** @type {MediaStreamTrack | null} */
    this._track = null;
    /** @type {Camera | null} */
    this._camera = null;
    /** Pieces of the picture that is being sent. @type {Uint8Array[]} */
    this._pieces = [];
    this._number = 0;
    /** Pieces' times since the last picture was taken. */
    this._times = EVERY;
    this._taking = false;
    this._said = false;
    /** Counts what was stopped, so that a picture that is ready too late is neither sent nor shown. */
    this._sent = this._shown = 0;
    this._arriving = new Arriving();
    this._resting = false;
    /** @type {Record<"pace" | "stale" | "rest", ReturnType<typeof setTimeout> | undefined>} */
    this._timers = { pace: undefined, stale: undefined, rest: undefined };
  }

  /** By this channel, as soon as it is open. @param {Channel} channel */
  over(channel) {
    this._channel = channel;
    channel.binaryType = "arraybuffer";
    channel.onopen = () => this._able && this._say(Uint8Array.of(HELLO));
    channel.onmessage = (/** @type {MessageEvent} */ { data }) => data.byteLength && this._take(new Uint8Array(data));
    channel.onclose = () => {
      this.possible = false;
      this._clear();
      this._onChange();
    };
    if (channel.readyState === "open") channel.onopen();
  }

  /** From now on pictures of this camera go to the other side, or none: at once. @param {MediaStreamTrack | null} track */
  send(track) {
    if (this._track === track) return;
    this._track = track;
    this._sent += 1;
    clearTimeout(this._timers.pace);
    if (this._camera) this._camera.close();
    this._camera = null;
    this._pieces = [];
    this._taking = false;
    // Also in the middle of one: what has come of it isn't put together any more.
    if (this._said) this._say(Uint8Array.of(GONE));
    this._said = false;
    if (!track) return;
    this._camera = this._cameraOf(track);
    this._times = EVERY;
    this._tick();
  }

  /** What came isn't shown any more. */
  clear() {
    if (this._clear()) this._onChange();
  }

  /** Ends it at once, both ways. */
  close() {
    this.send(null);
    this._clear();
    this.possible = false;
    clearTimeout(this._timers.rest);
    const channel = this._channel;
    this._channel = null;
    if (!channel) return;
    channel.onopen = channel.onmessage = channel.onclose = null;
    channel.close();
  }

  _tick() {
    this._timers.pace = setTimeout(() => this._tick(), PACE);
    this._times += 1;
    const channel = this._channel;
    if (!channel || !this.possible || channel.readyState !== "open" || channel.bufferedAmount > 0) return;
    const piece = this._pieces.shift();
    if (piece) {
      this._said = true;
      this._say(piece);
    } else if (this._times >= EVERY && !this._taking) this._photograph();
  }

  async _photograph() {
    const camera = this._camera;
    if (!camera) return;
    const turn = this._sent;
    this._taking = true;
    const bytes = await camera.take().catch(() => null);
    if (turn !== this._sent) return;
    this._taking = false;
    if (!bytes) return; // The camera has none yet: the next time.
    this._times = 0;
    this._number = (this._number + 1) % 256;
    this._pieces = piecesOf(bytes, this._number);
  }

  /** @param {Uint8Array} message */
  _say(message) {
    try {
      if (this._channel) this._channel.send(/** @type {Uint8Array<ArrayBuffer>} */ (message));
    } catch (_) {
      // It closed meanwhile: so do the pictures.
    }
  }

  /** @param {Uint8Array} message */
  _take(message) {
    if (message[0] === HELLO && !this.possible) {
      this.possible = true;
      this._onChange();
    }
    if (message[0] === GONE) this.clear();
    if (message[0] !== PART) return;
    const bytes = this._arriving.take(message);
    if (bytes) this._show(bytes);
  }

  /** @param {Uint8Array} bytes */
  async _show(bytes) {
    const type = typeOf(bytes);
    if (!type || this._resting) return;
    this._resting = true;
    this._timers.rest = setTimeout(() => (this._resting = false), REST);
    const url = `data:${type};base64,${btoa(String.fromCharCode(...bytes))}`;
    const turn = this._shown;
    const well = await this._decoded(url).then(
      () => true,
      () => false,
    );
    if (!well || turn !== this._shown) return;
    clearTimeout(this._timers.stale);
    this._timers.stale = setTimeout(() => this.clear(), STALE);
    this.picture = url;
    this._onChange();
  }

  /** @returns {boolean} whether something was shown */
  _clear() {
    const was = this.picture !== null;
    clearTimeout(this._timers.stale);
    this._shown += 1;
    this.picture = null;
    this._arriving = new Arriving();
    return was;
  }
}

/** A picture in messages: each says of which picture it is, the how-manieth, and of how many. None of one that is too large. @param {Uint8Array} bytes @param {number} number */
export function piecesOf(bytes, number) {
  const count = Math.ceil(bytes.length / PIECE);
  if (count > PIECES) return [];
  return Array.from({ length: count }, (_, at) => {
    const part = bytes.subarray(at * PIECE, (at + 1) * PIECE);
    const piece = new Uint8Array(part.length + 4);
    piece.set([PART, number, at, count]);
    piece.set(part, 4);
    return piece;
  });
}

/** One picture that is being put together, and never more than one. */
export class Arriving {
  constructor() {
    /** @type {Uint8Array[]} */
    this._parts = [];
    this._number = this._count = -1;
  }

  /** Anything that doesn't follow on what came before drops the whole picture. @param {Uint8Array} message @returns {Uint8Array | null} the picture, where this was its last piece */
  take(message) {
    const [, number, at, count] = message;
    const part = message.subarray(4);
    if (at === 0) this._parts = [];
    const follows = at === this._parts.length && (at === 0 || (number === this._number && count === this._count));
    if (!follows || !(at < count && count <= PIECES) || !part.length || part.length > PIECE) {
      this._parts = [];
      return null;
    }
    [this._number, this._count] = [number, count];
    this._parts.push(part);
    if (this._parts.length < count) return null;
    const parts = this._parts;
    this._parts = [];
    const bytes = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0));
    let end = 0;
    for (const one of parts) {
      bytes.set(one, end);
      end += one.length;
    }
    return bytes;
  }
}

/**
 * What picture these bytes are, if they are a small one: a JPEG, or a WebP of one plain picture (RFC 9649). Anything else isn't decoded.
 * @param {Uint8Array} bytes @returns {"image/jpeg" | "image/webp" | null}
 */
export function typeOf(bytes) {
  /** @param {number} at @param {string} text */
  const says = (at, text) => Array.from(text).every((one, from) => bytes[at + from] === one.charCodeAt(0));
  /** @param {number} width @param {number} height */
  const small = (width, height) => width > 0 && height > 0 && width <= WIDEST && height <= WIDEST;
  if (says(0, "RIFF") && says(8, "WEBPVP8 ") && bytes.length > 30) {
    return says(23, "\x9d\x01\x2a") && small((bytes[26] | (bytes[27] << 8)) & 0x3fff, (bytes[28] | (bytes[29] << 8)) & 0x3fff) ? "image/webp" : null;
  }
  if (!says(0, "\xff\xd8")) return null;
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; at += 2 + (bytes[at + 2] << 8) + bytes[at + 3]) {
    const marker = bytes[at + 1];
    // A frame's head (ITU-T T.81, B.2.2): baseline or progressive. It comes before what is decoded.
    if (marker >= 0xc0 && marker <= 0xc2) {
      return small((bytes[at + 7] << 8) | bytes[at + 8], (bytes[at + 5] << 8) | bytes[at + 6]) ? "image/jpeg" : null;
    }
    if (marker === 0xda) return null;
  }
  return null;
}

/**
 * A WebP with nothing but the picture: Chromium puts a profile of colours to it, which weighs as much as a quarter of the picture.
 * @param {Uint8Array} bytes
 */
export function plain(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 30 || view.getUint32(12) !== 0x56503858 /* VP8X */) return bytes;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = 8 + view.getUint32(at + 4, true);
    const end = at + size + (size % 2);
    if (view.getUint32(at) === 0x56503820 /* VP8 */ && end <= bytes.length) {
      const kept = new Uint8Array(12 + end - at);
      kept.set(bytes.subarray(0, 12));
      kept.set(bytes.subarray(at, end), 12);
      new DataView(kept.buffer).setUint32(4, kept.length - 8, true);
      return kept;
    }
    at = end;
  }
  return bytes;
}

/**
 * Codes a picture so that it is small enough: not as well as could be, if need be.
 * @param {(quality: number) => Promise<Uint8Array | null>} code @returns {Promise<Uint8Array | null>}
 */
export async function fitted(code) {
  /** @type {Uint8Array | null} */
  let bytes = null;
  for (const quality of QUALITIES) {
    bytes = await code(quality);
    if (!bytes || bytes.length <= ENOUGH) return bytes;
  }
  return bytes && bytes.length <= MOST ? bytes : null;
}

/** Takes one picture of a camera that is on. The track stays the devices' own: stopped there, it is stopped here. */
class Shutter {
  /** @param {MediaStreamTrack} track */
  constructor(track) {
    this._track = track;
    this._video = document.createElement("video");
    this._video.muted = true;
    this._video.setAttribute("playsinline", "");
    this._video.srcObject = new MediaStream([track]);
    this._video.play().catch(() => {});
    this._canvas = document.createElement("canvas");
  }

  async take() {
    const { _video: video, _canvas: canvas, _track: track } = this;
    const { videoWidth, videoHeight } = video;
    if (!videoWidth || video.readyState < 2 || track.readyState !== "live" || !track.enabled || track.muted) return null;
    const scale = Math.min(1, LINES / videoHeight, COLUMNS / videoWidth);
    canvas.width = Math.round(videoWidth * scale);
    canvas.height = Math.round(videoHeight * scale);
    const context = canvas.getContext("2d", { alpha: false });
    if (!context) return null;
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    return fitted(async (quality) => (await coded(canvas, "image/webp", quality)) || coded(canvas, "image/jpeg", quality));
  }

  close() {
    this._video.srcObject = null;
    this._canvas.width = this._canvas.height = 0;
  }
}

/**
 * Of WebP the same picture takes a third less than of JPEG; Safari can't write it, and writes a PNG instead.
 * @param {HTMLCanvasElement} canvas @param {string} type @param {number} quality @returns {Promise<Uint8Array | null>}
 */
async function coded(canvas, type, quality) {
  /** @type {Blob | null} */
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, type, quality));
  return blob && blob.type === type ? plain(new Uint8Array(await blob.arrayBuffer())) : null;
}

/** @param {string} url */
function decode(url) {
  const image = new Image();
  image.src = url;
  return image.decode();
}
