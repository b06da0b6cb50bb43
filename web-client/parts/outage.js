// How long something has been away that should be there. No page, no network in here.

/** Milliseconds after which it isn't a moment's trouble any more. Longer: a person sits before a page that can't. Shorter: each tunnel is one. */
const LONG = 30000;

export class Outage {
  /** @param {() => void} onLong it has been away for long */
  constructor(onLong) {
    this._onLong = onLong;
    this.long = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this._timer;
  }

  /** To be told at each change, and as often besides as one likes. @param {boolean} away */
  see(away) {
    if (!away) {
      clearTimeout(this._timer);
      this._timer = undefined;
      this.long = false;
    } else if (this._timer === undefined) {
      this._timer = setTimeout(() => {
        this.long = true;
        this._onLong();
      }, LONG);
    }
  }
}
