// What a practitioner can do about an alarm, one press each: which of it is possible now, and in what words. No page in here.

import { openAlarm } from "./contacts.js";
import { withoutWord } from "./safe_word.js";

/**
 * @typedef {import("../parts/protocol").ContactView} ContactView
 * @typedef {import("./alarms.js").Alarm} Alarm
 * @typedef {(key: string, vars?: Record<string, string | number>) => string} T
 * @typedef {{ line: number, copied: "no" | "yes" | "by_hand" }} Taken how far the steps of one alarm are: which line to say is shown (none: -1)
 */

/** How many lines to say there are. Each is harmless to whoever hears it, on either side. */
const LINES = 4;

/** @type {Taken} */
const NONE = { line: -1, copied: "no" };

/** How an alarm's steps are known. @param {{ contact?: string, person?: string }} alarm */
export const stepsOf = ({ contact = "", person = "" }) => `${contact} ${person}`;

/** @param {Record<string, Taken>} steps @param {{ contact?: string, person?: string }} alarm @returns {Taken} */
export function takenOf(steps, alarm) {
  return steps[stepsOf(alarm)] || NONE;
}

/** The next line to say: the same one again and again is noticed. @param {Taken} taken @returns {Taken} */
export function nextLine(taken) {
  return Object.assign({}, taken, { line: (taken.line + 1) % LINES });
}

/** What to say aloud now; "" before it was asked for. @param {T} t @param {Taken} taken */
export function lineSays(t, taken) {
  return taken.line < 0 ? "" : t(`desk.alarm.line.${taken.line + 1}`);
}

/**
 * Which steps would have an effect. A step that is refused costs a moment that nobody has.
 * @param {ContactView | undefined} view @param {string} person
 * @returns {{ hold: boolean, quiet: boolean, quieted: boolean }}
 */
export function possible(view, person) {
  const one = view && view.people.find(({ id }) => id === person);
  if (!view || !one) return { hold: false, quiet: false, quieted: false };
  const { name } = one.stage;
  const told = ["left", "ended", "revoked", "ended_quietly"].indexOf(name) >= 0;
  return { hold: name === "in" && view.held === "here", quiet: view.ended === null && !told, quieted: name === "ended_quietly" };
}

/**
 * Whether the service is to be told that somebody is at it. Not again, nor where that means nothing any more.
 * @param {ContactView} view @param {string} person
 */
export function isUntouched(view, person) {
  const open = openAlarm(view, person);
  return !open || (!open.at_it && open.handover === null);
}

/**
 * For whoever comes to help: whom it is about, since when, where they can be reached if that was agreed, where help would go, and what was agreed. The
 * word stays out of it, since it is pasted where others read it.
 * @param {T} t @param {import("./clock.js").Clock} clock @param {ContactView} view @param {Alarm} alarm @param {number} now
 */
export function emergencyText(t, clock, view, alarm, now) {
  const { reference, rings, number, help, response, word, spellings } = view.details;
  const lines = [t("desk.alarm.text.head", { time: clock.moment(alarm.since, now) }), t("desk.alarm.text.reference", { reference })];
  if (rings && number) lines.push(t("desk.alarm.text.number", { number: withoutWord(number, word, spellings) }));
  lines.push(help ? t("desk.alarm.text.help", { help: withoutWord(help, word, spellings) }) : t("desk.alarm.text.help.unknown"));
  lines.push(response ? t("desk.alarm.text.agreed", { response: withoutWord(response, word, spellings) }) : t("desk.alarm.no_plan"));
  lines.push(t("desk.alarm.text.copied", { time: clock.moment(now, now) }));
  return lines.join("\n");
}
