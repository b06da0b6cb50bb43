// The typed conversation as one side sees it: ids, acknowledgement, sent again, shown once, and always in order.
//
// The service stores no text. What the other side has not acknowledged stays here, in the page's memory, and is sent
// again after each reconnect; what arrives twice is shown once.
//
// One text is on its way at a time; those behind it wait for its acknowledgement. So none can overtake another that was
// refused or lost, whatever the line does: "No" and "Don't come" mean something else the other way round.

/**
 * @typedef {"waiting" | "sent" | "delivered"} TextState
 * `waiting`: not handed over (no line, nobody at the other end, or behind another); `sent`: on its way; `delivered`: the other
 * page shows it.
 * @typedef {{ id: string, mine: boolean, body: string, at: number, state: TextState }} Text
 */

/** How many texts a page keeps to show. More would slow an old phone; what is unacknowledged is always kept. */
const KEPT = 300;
/** How many ids of the other side are remembered, so that one sent again isn't shown again. */
const REMEMBERED = 1000;
/** How many unacknowledged texts may pile up. */
const PILE = 100;
/**
 * Milliseconds after which a text that was refused, or isn't acknowledged, is sent again by itself; doubled each time, up
 * to the longest. Shorter: a slow network carries everything twice. Longer: one lost on the way holds up those behind it.
 */
const AGAIN = 3000;
const LONGEST_AGAIN = 30000;
/** Longest text in UTF-16 units; its UTF-8 form stays below the service's 8 KiB. */
export const LONGEST = 2000;

export class Texts {
  /**
   * @param {{
   *   send: (id: string, body: string) => boolean, onChange: () => void, now?: () => number, makeId?: () => string,
   *   later?: (what: () => void, wait: number) => (() => void),
   * }} options `later` does something after a time, unless what it returned is called first
   */
  constructor({ send, onChange, now = Date.now, makeId = randomId, later = afterwards }) {
    this._send = send;
    this._onChange = onChange;
    this._now = now;
    this._makeId = makeId;
    this._later = later;
    this._wait = AGAIN;
    this._forget = () => {};
    /** The text that is on its way. @type {string | null} */
    this._flying = null;
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
    this._add({ id, mine: true, body: text, at: this._now(), state: "waiting" });
    this._next();
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

  /** The other page shows this text: the next one goes. @param {string} id */
  acked(id) {
    if (!this._become(id, "delivered")) return;
    this._land();
    this._wait = AGAIN;
    this._next();
  }

  /** The service couldn't pass it on; it stays here, with those behind it, and is sent again by `resend`, or by itself. @param {string} id */
  refused(id) {
    if (this._flying !== id) return;
    this._land();
    this._become(id, "waiting");
    this._tryLater();
  }

  /** The line is gone: nothing is known of what was on its way. */
  lineLost() {
    this._land();
    this._wait = AGAIN;
    for (const text of this.unsent()) text.state = "waiting";
    this._onChange();
  }

  /** Sends again what isn't acknowledged, beginning with the oldest: after a reconnect, or when someone came to the other end. */
  resend() {
    this._land();
    this._wait = AGAIN;
    this._next();
  }

  /** @returns {Text[]} one's own that the other side has not acknowledged, in order */
  unsent() {
    return this.list.filter((text) => text.mine && text.state !== "delivered");
  }

  /** Sends the oldest that waits, if none is on its way. @param {boolean} [quietly] without a change to be seen until it has arrived */
  _next(quietly = false) {
    const [first] = this.unsent();
    if (!first || first.id === this._flying) return;
    this._forget();
    if (this._send(first.id, first.body)) {
      this._flying = first.id;
      if (!quietly) this._become(first.id, "sent");
      this._tryLater();
    } else {
      this._flying = null;
      this._become(first.id, "waiting");
    }
  }

  /** Nothing is on its way any more. */
  _land() {
    this._forget();
    this._flying = null;
  }

  _tryLater() {
    this._forget();
    this._forget = this._later(() => {
      this._flying = null;
      this._wait = Math.min(2 * this._wait, LONGEST_AGAIN);
      // Nobody sees "Sent" come and go while nobody is at the other end.
      this._next(true);
    }, this._wait);
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

  /** @param {string} id @param {TextState} state @returns {boolean} whether that is new */
  _become(id, state) {
    const text = this.list.find((one) => one.mine && one.id === id);
    if (!text || text.state === "delivered" || text.state === state) return false;
    text.state = state;
    this._onChange();
    return true;
  }
}

/** @param {() => void} what @param {number} wait @returns {() => void} */
function afterwards(what, wait) {
  const timer = setTimeout(what, wait);
  return () => clearTimeout(timer);
}

/** @returns {string} 96 random bits in 24 hexadecimal digits */
export function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
