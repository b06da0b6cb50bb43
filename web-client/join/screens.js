// One screen at a time: which one stands, where the focus goes, what is said of the line, when the number is given, and
// when the page makes room for the neutral one.

import { byId, say, show } from "../parts/dom.js";
import { Outage } from "../parts/outage.js";
import { givesNumber } from "./session.js";

/**
 * @typedef {import("./session.js").Screen} Screen
 * @typedef {import("./door.js").Say} Say
 */

/** Milliseconds a goodbye stays before the neutral page takes its place: long enough to read, short enough not to be found. */
const GOODBYE = 20000;

/**
 * @param {{ t: Say, redraw: () => void, unheard: () => boolean }} options
 * `unheard`: the service hasn't heard yet what was said last
 */
export function screens({ t, redraw, unheard }) {
  // Asked for now: the page may have been emptied by the time it is needed.
  const neutral = byId("leave", HTMLAnchorElement).href;
  const line = byId("line");
  const field = byId("text");
  let shown = "hello";
  // After long without a line the number is shown besides.
  const lost = new Outage(redraw);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let goodbye;

  /** @param {string} name @returns {HTMLElement} */
  const headingOf = (name) => byId(name).querySelector("h1") || document.body;

  /** To the neutral page; but a "Later" that the service hasn't heard keeps this one until it has. */
  function toNeutral() {
    if (unheard()) goodbye = setTimeout(toNeutral, GOODBYE);
    else location.replace(neutral);
  }

  /** @param {string} name */
  function change(name) {
    const writing = document.activeElement === field;
    show(byId(shown), false);
    show(byId(name), true);
    document.body.dataset.screen = name;
    shown = name;
    window.scrollTo(0, 0);
    // The heading says where one is now; but nobody is torn away from what they are writing.
    if (writing && (name === "waiting" || name === "call")) {
      field.focus();
      field.scrollIntoView({ block: "nearest" });
    } else headingOf(name).focus();
    clearTimeout(goodbye);
    if (name === "goodbye" || name === "later") goodbye = setTimeout(toNeutral, GOODBYE);
  }

  /** @param {Screen} screen */
  function sayLine(screen) {
    lost.see(Boolean(screen.line));
    // One beside the other: what is true now, and what becomes of it.
    const ring = screen.ring ? t(`say.ring.${screen.ring}`) : "";
    say(line, `${screen.line ? t(`say.line.${screen.line}`) : ""}\n${ring}`.trim());
    // In a late waiting room the number stands among the words already.
    document.body.toggleAttribute("data-number", givesNumber(screen) || (lost.long && !screen.late));
  }

  return {
    /** The screen that stands. */
    shown: () => shown,
    /** @param {Screen} screen @param {Element | null} pressed what had the focus before the views were drawn */
    draw(screen, pressed) {
      sayLine(screen);
      if (screen.name !== shown) change(screen.name);
      // Who works by keyboard doesn't begin at the top again because the button they pressed has gone.
      else if (pressed && pressed.closest("[hidden]")) headingOf(shown).focus();
    },
    /** Nothing more happens by itself. */
    stop() {
      lost.see(false);
      clearTimeout(goodbye);
    },
  };
}
