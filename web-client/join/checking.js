// The button in the waiting room by which sound and picture are tried. What it does is fetched when it is pressed.

import * as page from "../parts/dom.js";
import { followLevel } from "../parts/level.js";
import { browserOf } from "./browser.js";
import { helpText, troubleText } from "./prepare.js";

/**
 * @param {{
 *   t: import("./door.js").Say, media: Pick<import("./media.js").Media, "devices" | "loadCheck">,
 *   send: (message: object) => boolean,
 * }} options
 */
export function checking({ t, media, send }) {
  const button = page.byId("try", HTMLButtonElement);
  const browser = browserOf(navigator.userAgent, navigator.maxTouchPoints);
  /** Counts presses, and what ended them: code that comes too late begins nothing. */
  let turn = 0;
  /** @type {{ stop: () => void, access: (access: import("../parts/protocol").RelayAccess) => void } | null} */
  let running = null;

  button.onclick = async () => {
    if (running) return;
    const mine = (turn += 1);
    const code = await media.loadCheck().catch(() => null);
    if (!code || mine !== turn) return;
    const trouble = (/** @type {string | null} */ failure) => `${troubleText(t, failure || "failed", "microphone")} ${helpText(t, failure, browser)}`.trim();
    page.show(button, false);
    const closed = (/** @type {boolean} */ held) => {
      running = null;
      page.show(button, true);
      if (held) button.focus();
    };
    const title = button.textContent || "";
    running = code.check({ t, page, followLevel, own: () => media.devices, trouble, system: browser.system, title, send, closed });
  };

  function stop() {
    turn += 1;
    if (running) running.stop();
  }

  // Nobody looks: what was borrowed goes off, whatever the contact is to do out of sight.
  document.addEventListener("visibilitychange", () => document.hidden && stop());
  addEventListener("pagehide", stop);

  return {
    stop,
    /** @param {import("../parts/protocol").RelayAccess} access */
    access: (access) => running && running.access(access),
    /** @param {import("./session.js").Screen} screen */
    draw(screen) {
      const offered = screen.name === "waiting" && screen.way !== "text" && screen.canTalk;
      if (!offered) stop();
      page.show(button, offered && !running);
      if (offered && !running) page.say(button, t(`say.prepare.title.${screen.way}`));
    },
  };
}
