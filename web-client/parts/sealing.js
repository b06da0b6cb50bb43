// What is typed between two pages is sealed here, and what their media is, is vouched for: the service passes on what it can't read.
//
// A page agrees on keys with the one page at the other end, and anew with each that comes there. Each commits to its own part before
// it sees the other's, so that whoever stands between can't choose parts until two words match. Where the desk's browser made the
// link, its secret goes into the keys too: then nobody can stand between who hasn't got it. Nothing is ever sent unsealed.

import { bytesFor, commitmentTo, fingerprintsOf, nameOf, openText, own, rootOf, sealText, tagOf, written } from "./keys.js";
import { pairOf } from "./pairs.js";

/** Parts made one after the other without a key coming of it. More: somebody makes this page work in vain. */
const TRIES = 20;
/** Said in place of a proof: that the key is refused. Whoever forges it stops what they could have stopped anyway. */
const REFUSED = "refused";
/** Letters by which a key is known among others, before a tag over media. */
const NAME = 8;
/** Steps that may wait for their turn; what comes beyond is said again by who has an interest in it. */
const WAITING = 200;

/**
 * @typedef {import("./protocol").Seal} Seal
 * @typedef {"guest" | "desk"} Side
 * @typedef {"agreeing" | "sealed" | "refused"} SealState
 * `agreeing`: nothing can be sent yet; `sealed`: only the page at the other end can read; `refused`: something on the way was changed
 * @typedef {"link" | "changed" | "media" | "words" | "often"} Why
 */

/** Whether both pages have the secret of one link. @param {{ link: string }} mine @param {string} theirs */
const shares = (mine, theirs) => mine.link !== "" && mine.link === theirs;

export class Sealing {
  /**
   * @param {{ side: Side, link: () => string | null, send: (seal: Seal) => void, changed: () => void }} options
   * `link`: the secret of the link, where this page has it and the service doesn't
   */
  constructor({ side, link, send, changed }) {
    this._side = side;
    this._other = /** @type {Side} */ (side === "guest" ? "desk" : "guest");
    this._link = link;
    this._send = send;
    this._changed = changed;
    /** @type {SealState} */
    this.state = "agreeing";
    /** @type {Why | null} */
    this.why = null;
    /** How it is known that nobody stands between: by the link, by two words, or not. @type {"link" | "words" | null} */
    this.checked = null;
    /** To be compared aloud. @type {[string, string] | null} */
    this.words = null;
    /** @type {(import("./keys.js").Own & { link: string, secret: string | null }) | null} */
    this._mine = null;
    /** The other page's commitment, and whether our part was shown for it. @type {string | null} */
    this._theirs = null;
    this._shown = false;
    /** @type {import("./keys.js").Root | null} */
    this._root = null;
    this._proofs = { mine: "", theirs: "" };
    this._tries = 0;
    this._sent = this._got = 0;
    this._epoch = "";
    this._turn = Promise.resolve();
    this._waiting = 0;
    this._last = "";
    this._open = () => {};
    this._anew();
  }

  /** Where they are now: what was sealed before isn't opened after. @param {string} epoch @returns {boolean} whether it is another */
  enter(epoch) {
    const is = this._epoch !== epoch;
    this._epoch = epoch;
    return is;
  }

  /** Says what this page has to say: somebody came to the other end, or what was said may be lost. */
  begin() {
    this._then(async () => {
      if (!this._mine) await this._fresh();
      if (this.state !== "refused") this._tell(true);
    });
  }

  /** A press: once more from the start, whatever was refused before. */
  again() {
    this._tries = 0;
    this._then(async () => {
      this._theirs = null;
      await this._fresh();
      this._become("agreeing");
      this._tell(true);
    });
  }

  /** Nothing of it stays here. */
  forget() {
    this._mine = this._theirs = this._root = this.words = null;
    this._shown = false;
    this._become("agreeing");
  }

  /** What the other page has to say. @param {Seal} seal */
  heard(seal) {
    return this._then(() => this._hear(seal));
  }

  /** @param {string} id @param {string} text @returns {Promise<string | null>} null: it can't be sealed now */
  seal(id, text) {
    return this._then(() => (this._root && this.state === "sealed" ? sealText(this._root, this._purpose(this._side), (this._sent += 1), id, text) : null));
  }

  /** @param {string} id @param {string} body @returns {Promise<string | null>} null: not for us, changed, or seen before */
  open(id, body) {
    return this._then(async () => {
      const opened = this._root && this.state === "sealed" ? await openText(this._root, this._purpose(this._other), id, body) : null;
      if (!opened || opened.count <= this._got) return null;
      this._got = opened.count;
      return opened.text;
    });
  }

  /** That a text arrived. @param {string} id @returns {Promise<string | null>} */
  acknowledge(id) {
    return this._then(() => (this._root ? tagOf(this._root, `ack ${this._side}`, id) : null));
  }

  /** Whether the other page itself says that it arrived. @param {string} id @param {string} proof */
  async isAcknowledged(id, proof) {
    return Boolean(await this._then(async () => this._root && (await tagOf(this._root, `ack ${this._other}`, id)) === proof));
  }

  /**
   * Vouches for the media that a description begins; waits until there is a key.
   * @param {string} kind @param {number} epoch @param {string} sdp @returns {Promise<string>} empty where it can't: nobody will take it
   */
  async bind(kind, epoch, sdp) {
    await this._ready;
    return (await this._media(this._side, kind, epoch, sdp)) || "";
  }

  /** Whether the other page vouches for it. @param {string} kind @param {number} epoch @param {string} sdp @param {string} bound */
  async isBound(kind, epoch, sdp, bound) {
    /** @type {string | null} */
    let wanted = "";
    // Another page may have come in between: then there is another key to wait for.
    while (wanted === "" && this.state !== "refused") {
      await this._ready;
      wanted = await this._media(this._other, kind, epoch, sdp);
    }
    if (wanted === null || this.state === "refused") return false;
    // By the key of before, since they hadn't heard of this one: they say it again by this one.
    if (bound.slice(0, NAME) !== wanted.slice(0, NAME)) return false;
    if (bound === wanted && fingerprintsOf(sdp).length) return true;
    this._refuse("media");
    return false;
  }

  /** The two words were compared aloud. @param {boolean} same */
  compared(same) {
    if (this.state !== "sealed") return;
    if (!same) return this._refuse("words");
    this.checked = "words";
    this._changed();
  }

  /** @param {Side} side @param {string} kind @param {number} epoch @param {string} sdp */
  _media(side, kind, epoch, sdp) {
    return this._then(async () => {
      const root = this.state === "sealed" && this._root;
      if (!root) return "";
      return written(await bytesFor(root, "name", 6)) + (await tagOf(root, `media ${side}`, kind, String(epoch), ...fingerprintsOf(sdp)));
    });
  }

  /** @param {Side} side */
  _purpose(side) {
    return `text ${side} ${this._epoch}`;
  }

  /** @param {Seal} seal */
  async _hear({ commitment, seen, key, nonce, link, proof }) {
    if (!this._mine) await this._fresh();
    let mine = /** @type {NonNullable<Sealing["_mine"]>} */ (this._mine);
    if (commitment !== this._theirs) {
      // Another page. What was shown to the one before isn't shown to it: its part could be made to fit.
      if (this._shown) mine = await this._fresh();
      this._root = this.words = null;
      // It still speaks to a part that isn't ours any more: first it has to hear of this one.
      this._theirs = seen && seen !== mine.commitment ? null : commitment;
      this._become(this._tries > TRIES ? "refused" : "agreeing", "often");
    }
    if (this.state === "refused") return;
    if (proof === REFUSED) {
      if (this._theirs && seen === mine.commitment) this._become("refused", "changed");
      return;
    }
    if (this._theirs && !this._root && key && seen === mine.commitment) {
      if (key === mine.key || (await commitmentTo(key, nonce)) !== commitment) return this._refuse("changed");
      await this._agree(mine, { commitment, key, nonce, link });
    }
    if (this._root && proof && this.state === "agreeing") {
      if (proof !== this._proofs.theirs) return this._refuse("changed");
      const shared = shares(mine, link);
      // Whoever made the link here knows that it was opened with it: all else is somebody's doing.
      if (this._side === "desk" && mine.link && !shared) return this._refuse("link");
      this._tries = 0;
      this.checked = shared ? "link" : null;
      this._become("sealed");
    }
    this._tell(seen !== mine.commitment);
  }

  /** @param {NonNullable<Sealing["_mine"]>} mine @param {import("./keys.js").Part} theirs */
  async _agree(mine, theirs) {
    const both = this._side === "guest" ? [mine, theirs] : [theirs, mine];
    const secret = shares(mine, theirs.link) ? mine.secret : null;
    const root = await rootOf(mine.pair.privateKey, theirs.key, both[0], both[1], secret).catch(() => null);
    if (!root) return this._refuse("changed"); // Not a point of the curve.
    this._proofs = { mine: await tagOf(root, `proof ${this._side}`), theirs: await tagOf(root, `proof ${this._other}`) };
    this.words = pairOf(await bytesFor(root, "words", 3));
    this._sent = this._got = 0;
    this._root = root;
  }

  /** A part of our own that nobody has seen. */
  async _fresh() {
    this._tries += 1;
    const secret = this._link();
    this._mine = Object.assign(await own(), { secret, link: secret === null ? "" : await nameOf(secret) });
    this._shown = false;
    this._root = this.words = this.checked = null;
    return this._mine;
  }

  /** Says all of it, if there is something new or it may not have been heard. @param {boolean} anyway */
  _tell(anyway) {
    const mine = this._mine;
    if (!mine || this.state === "refused") return;
    const shows = this._theirs !== null;
    this._shown = this._shown || shows;
    const seal = {
      commitment: mine.commitment,
      seen: this._theirs || "",
      key: shows ? mine.key : "",
      nonce: shows ? mine.nonce : "",
      link: mine.link,
      proof: this._root ? this._proofs.mine : "",
    };
    const said = JSON.stringify(seal);
    if (!anyway && said === this._last) return;
    this._last = said;
    this._send(seal);
  }

  /** The other page is told, as far as it can be reached. @param {Why} why */
  _refuse(why) {
    if (this.state === "refused") return;
    const { commitment = "" } = this._mine || {};
    this._become("refused", why);
    this._send({ commitment, seen: this._theirs || "", key: "", nonce: "", link: "", proof: REFUSED });
  }

  /** @param {SealState} state @param {Why} [why] */
  _become(state, why) {
    const was = this.state;
    this.state = state;
    this.why = state === "refused" ? why || null : null;
    if (state !== "sealed") this.checked = null;
    if (state === "refused") this._root = this.words = null;
    if (state === "sealed") this._open();
    else if (was === "sealed") this._anew();
    if (was !== state) this._changed();
  }

  /** Whoever waits for a key waits for the next one. */
  _anew() {
    /** @type {Promise<void>} */
    this._ready = new Promise((done) => {
      this._open = done;
    });
  }

  /** One step after the other, however long each takes. @template T @param {() => T | Promise<T>} step @returns {Promise<T | null>} */
  _then(step) {
    if (this._waiting >= WAITING) return Promise.resolve(null);
    this._waiting += 1;
    const done = this._turn.then(step).catch(() => null);
    this._turn = done.then(() => {
      this._waiting -= 1;
    });
    return done;
  }
}
