// The browser's own notice that someone is here, for a practitioner who works in another window. It names nobody.

/**
 * @typedef {{ on: boolean, hidden: boolean, microphone: boolean, camera: boolean, headphones: boolean }} Situation
 * `on`: the practitioner's setting; `hidden`: the desk isn't in sight.
 */

/**
 * Whether a notice may be shown. It makes no sound itself, but a screen reader reads it out, and it moves: as everything
 * else that comes by itself, it doesn't while the other side could hear it or see a face lit by it.
 * @param {Situation} situation
 */
export function mayNotify({ on, hidden, microphone, camera, headphones }) {
  return on && hidden && (headphones || (!microphone && !camera));
}

/** @returns {"unsupported" | "default" | "denied" | "granted"} what the browser says of it */
export function permission() {
  return "Notification" in window && "permission" in Notification ? Notification.permission : "unsupported";
}

/** Asks the browser, at a press. @returns {Promise<boolean>} */
export async function askPermission() {
  if (!("Notification" in window && "requestPermission" in Notification)) return false;
  try {
    return (await Notification.requestPermission()) === "granted";
  } catch (_) {
    return false;
  }
}

export class Notices {
  constructor() {
    /** @type {Notification | null} */
    this._shown = null;
  }

  /** One at a time, in place of the one before. @param {string} text */
  show(text) {
    if (permission() !== "granted") return;
    this.take();
    try {
      const shown = new Notification(text, { silent: true, tag: "sidelight" });
      shown.onclick = () => {
        window.focus();
        shown.close();
      };
      this._shown = shown;
    } catch (_) {
      // A phone's browser shows none from a page: the title and the sound remain.
    }
  }

  /** Away with it: the desk is in sight, or the other side could notice it. */
  take() {
    if (this._shown) this._shown.close();
    this._shown = null;
  }
}
