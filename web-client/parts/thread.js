// The typed conversation with one page at the other end: what is written (texts.js), and what seals it (sealing.js).

import { Sealing } from "./sealing.js";
import { Texts } from "./texts.js";

export class Thread {
  /**
   * @param {{
   *   side: import("./sealing.js").Side, link: () => string | null, changed: () => void,
   *   send: (kind: "seal" | "text" | "ack", fields: object) => boolean, open?: () => boolean,
   *   sealed: () => void,
   * }} options `sealed`: there is another key, by which what was vouched for is to be vouched for again; `link`: see `Sealing`; `open`: whether there is a line; `changed` after each change of what is shown
   */
  constructor({ side, link, changed, sealed, send, open = () => true }) {
    this._send = send;
    this._open = open;
    this.sealing = new Sealing({
      side,
      link,
      send: (seal) => send("seal", { seal }),
      changed: () => {
        // Under a new key what isn't acknowledged is sealed again; without one it waits.
        if (this.sealing.state === "sealed") {
          this.texts.resend();
          sealed();
        } else this.texts.lineLost();
        changed();
      },
    });
    this.texts = new Texts({ send: (id, body) => this._seal(id, body), onChange: changed });
  }

  /** Where they are now. @param {{ name: string }} stage @param {number} since */
  enter({ name }, since) {
    if (this.sealing.enter(`${name} ${since}`)) this.texts.resend();
  }

  /** What a text says that came; null: it isn't theirs. @param {{ id: string, body: string }} text */
  opened({ id, body }) {
    return this.sealing.open(id, body);
  }

  /** It is shown, or was before. @param {string} id */
  async acknowledge(id) {
    const proof = await this.sealing.acknowledge(id);
    if (proof !== null) this._send("ack", { id, proof });
  }

  /** @param {{ id: string, proof: string }} ack */
  async acked({ id, proof }) {
    if (await this.sealing.isAcknowledged(id, proof)) this.texts.acked(id);
  }

  /** @param {string} id @param {string} body @returns {boolean} whether it is on its way */
  _seal(id, body) {
    if (this.sealing.state !== "sealed" || !this._open()) return false;
    this.sealing.seal(id, body).then((sealed) => {
      if (sealed === null || !this._send("text", { id, body: sealed })) this.texts.refused(id);
    });
    return true;
  }
}
