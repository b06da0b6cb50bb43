// The secrets of links made in this browser, so that what is typed can be sealed with them days later. A secret opens nothing by
// itself: neither the link nor the session can be made from it.

/** One entry for each contact. */
const KEY = "links";
/** Contacts whose secrets are kept; the oldest goes first. */
const KEPT = 500;

/**
 * @typedef {[contact: string, secret: string][]} Kept the newest last
 * @typedef {Pick<Storage, "getItem" | "setItem">} Store
 */

export class Secrets {
  /** @param {() => Store} store may throw, where a browser keeps nothing: then this page's memory has to do */
  constructor(store = () => localStorage) {
    this._store = store;
    /** @type {Kept} */
    this._memory = [];
  }

  /** @param {string} contact @returns {string | null} */
  of(contact) {
    const found = this._all().find(([id]) => id === contact);
    return found ? found[1] : null;
  }

  /** A link was made, or, with null, something that has no secret; or it is over. @param {string} contact @param {string | null} secret */
  keep(contact, secret) {
    const all = this._all();
    const others = all.filter(([id]) => id !== contact);
    if (secret === null && others.length === all.length) return;
    this._memory = secret === null ? others : others.concat([[contact, secret]]).slice(-KEPT);
    try {
      this._store().setItem(KEY, JSON.stringify(this._memory));
    } catch (_) {
      // Until this page is left.
    }
  }

  /** As another tab may have changed it. @returns {Kept} */
  _all() {
    try {
      const found = JSON.parse(this._store().getItem(KEY) || "[]");
      if (Array.isArray(found)) return found.filter((one) => Array.isArray(one) && one.length === 2 && one.every((part) => typeof part === "string"));
    } catch (_) {
      // Not readable: what this page remembers.
    }
    return this._memory;
  }
}
