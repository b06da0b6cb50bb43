// The typed conversation as one side sees it: ids, acknowledgement, sent again, shown once.
//
// The service stores no text. What the other side has not acknowledged stays here, in the page's memory, and is sent
// again after each reconnect; what arrives twice is shown once.

/**
 * @typedef {"waiting" | "sent" | "delivered"} TextState
 * `waiting`: not handed over (no line, or nobody at the other end); `sent`: on its way; `delivered`: the other page shows it.
 * @typedef {{ id: string, mine: boolean, body: string, at: number, state: TextState }} Text
 */

/** How many texts a page keeps to show. More would slow an old phone; what is unacknowledged is always kept. */
const KEPT = 300;
/** How many ids of the other side are remembered, so that one sent again isn't shown again. */
const REMEMBERED = 1000;
/** How many unacknowledged texts may pile up. */
const PILE = 100;
/** Longest text in UTF-16 units; its UTF-8 form stays below the service's 8 KiB. */
export const LONGEST = 2000;

export class Texts {
  /**
   * @param {{ send: (id: string, body: string) => boolean, onChange: () => void, now?: () => number, makeId?: () => string }} options
   */
  constructor({ send, onChange, now = Date.now, makeId = randomId }) {
    this._send = send;
    this._onChange = onChange;
    this._now = now;
    this._makeId = makeId;
    /** @type {Text[]} */
    this.list = [];
    /** @type {Set<string>} */
    this._seen = new Set();
  }

  /**
   * Sends a text of one's own.
   * @param {string} body @returns {string | null} its id; null where there is nothing to send or too much is unsent already.
   */
  write(body) {
    const text = body.trim().slice(0, LONGEST);
    if (!text || this.unsent().length >= PILE) return null;
    const id = this._makeId();
    const state = this._send(id, text) ? "sent" : "waiting";
    this._add({ id, mine: true, body: text, at: this._now(), state });
    return id;
  }

  /**
   * A text of the other side. Acknowledge it in either case: the first acknowledgement may have been lost.
   * @param {string} id @param {string} body @returns {boolean} whether it is new
   */
  received(id, body) {
    if (this._seen.has(id)) return false;
    this._seen.add(id);
    if (this._seen.size > REMEMBERED) this._seen.delete(/** @type {string} */ (this._seen.values().next().value));
    this._add({ id, mine: false, body, at: this._now(), state: "delivered" });
    return true;
  }

  /** The other page shows this text. @param {string} id */
  acked(id) {
    this._become(id, "delivered");
  }

  /** The service couldn't pass it on; it stays here and is sent again by `resend`. @param {string} id */
  refused(id) {
    this._become(id, "waiting");
  }

  /** The line is gone: nothing is known of what was on its way. */
  lineLost() {
    for (const text of this.unsent()) text.state = "waiting";
    this._onChange();
  }

  /** Sends again, in order, all that isn't acknowledged: after a reconnect, or when someone came to the other end. */
  resend() {
    const unsent = this.unsent();
    for (const text of unsent) text.state = this._send(text.id, text.body) ? "sent" : "waiting";
    if (unsent.length) this._onChange();
  }

  /** @returns {Text[]} one's own that the other side has not acknowledged, in order */
  unsent() {
    return this.list.filter((text) => text.mine && text.state !== "delivered");
  }

  /** @param {Text} text */
  _add(text) {
    this.list.push(text);
    while (this.list.length > KEPT) {
      const done = this.list.findIndex((old) => old.state === "delivered");
      if (done < 0) break;
      this.list.splice(done, 1);
    }
    this._onChange();
  }

  /** @param {string} id @param {TextState} state */
  _become(id, state) {
    const text = this.list.find((one) => one.mine && one.id === id);
    if (!text || text.state === "delivered" || text.state === state) return;
    text.state = state;
    this._onChange();
  }
}

/** @returns {string} 96 random bits in 24 hexadecimal digits */
export function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
