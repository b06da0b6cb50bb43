// The first screens: "Continue", the private question, and how to talk.

import { byId, make, say, show } from "../parts/dom.js";
import { clock, day, isToday } from "./clock.js";

/**
 * @typedef {import("./session.js").Screen} Screen
 * @typedef {(key: string, vars?: Record<string, string | number>) => string} Say
 */

/** How "Continue" goes. @param {Say} t @param {Screen} screen */
export function progress(t, { busy, trouble, at, outside }) {
  if (busy) return t("say.hello.busy");
  if (trouble !== "early") return trouble ? t(`say.hello.${trouble}`) : "";
  const early = whenItIs(t, at);
  return outside ? `${early} ${t("say.hello.nobody")}` : early;
}

/** When the call is, where they are told. @param {Say} t @param {number} at */
function whenItIs(t, at) {
  if (!at) return t("say.hello.early_untold");
  return isToday(at) ? t("say.hello.early", { time: clock(at) }) : t("say.hello.early_day", { day: day(at), time: clock(at) });
}

/**
 * @param {{ t: Say, goOn: () => void, answer: (answer: string) => void, choose: (way: string) => void }} options
 */
export function door({ t, goOn, answer, choose }) {
  const proceed = byId("continue", HTMLButtonElement);
  const trouble = byId("hello-trouble");
  const greeting = byId("greeting");
  /** @type {HTMLButtonElement[]} */
  const answers = Array.from(document.querySelectorAll("[data-answer]"));
  /** @type {HTMLButtonElement[]} */
  const ways = Array.from(document.querySelectorAll("[data-way]"));

  proceed.onclick = goOn;
  for (const button of answers) button.onclick = () => answer(/** @type {string} */ (button.dataset.answer));
  for (const button of ways) button.onclick = () => choose(/** @type {string} */ (button.dataset.way));

  const outside = byId("outside");
  /** @type {import("../parts/protocol").OutsideNumber[] | null} */
  let numbers = null;

  /** What can be rung while nobody is there: on this screen alone. @param {import("../parts/protocol").OutsideNumber[] | null} next */
  function ring(next) {
    if (numbers === next) return;
    numbers = next;
    outside.textContent = "";
    if (!next || !next.length) return;
    outside.append(make("p", { text: t("say.hello.ring") }));
    for (const { label, number, answered } of next) {
      const who = [label, answered].filter(Boolean).join(", ");
      outside.append(make("p", {}, [who, make("a", { href: `tel:${number}`, text: number })]));
    }
  }

  return {
    /** @param {Screen} screen */
    hello(screen) {
      const pressed = proceed.disabled && !screen.busy && screen.trouble;
      proceed.disabled = screen.busy;
      say(trouble, progress(t, screen));
      ring(screen.outside);
      // A button that is off loses the focus; who pressed it by keyboard may want to press it again.
      if (pressed && document.activeElement === document.body) proceed.focus();
    },
    /** @param {Screen} screen */
    check(screen) {
      say(greeting, screen.greeting ? t("say.check.greeting", { name: screen.greeting }) : "");
      for (const button of answers) button.disabled = screen.busy;
    },
    /** @param {Screen} screen */
    how(screen) {
      /** @type {string[]} */
      const offered = screen.ways.map((/** @type {{ way: string }} */ one) => one.way);
      for (const button of ways) {
        button.disabled = screen.busy;
        show(button, offered.indexOf(/** @type {string} */ (button.dataset.way)) >= 0);
      }
      for (const { way, megabytes } of screen.ways) {
        const button = ways.find((one) => one.dataset.way === way);
        const cost = button && button.querySelector("small");
        if (!button || !cost) continue;
        say(cost, megabytes ? t("say.how.mb", { count: megabytes, minutes: screen.minutes }) : t("say.how.almost_nothing"));
      }
      // In the order that was planned, moved only where it differs, so that focus stays where it is.
      const shown = ways.filter((button) => !button.hidden).map((button) => button.dataset.way);
      if (shown.join() === offered.join()) return;
      ways.sort((a, b) => offered.indexOf(/** @type {string} */ (a.dataset.way)) - offered.indexOf(/** @type {string} */ (b.dataset.way)));
      for (const button of ways) /** @type {HTMLElement} */ (button.parentNode).append(button);
    },
  };
}
