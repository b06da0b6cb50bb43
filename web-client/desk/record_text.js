// A record in words, and as it leaves the desk: text, a page, JSON. No page. What is about safety stands in a part of its own, and is left
// out of everything unless it is chosen.

import { happeningSays } from "./says.js";

/**
 * @typedef {import("../parts/protocol").Draft} Draft
 * @typedef {import("../parts/protocol").SafetyDraft} SafetyDraft
 * @typedef {import("../parts/protocol").ContactRecord} ContactRecord
 * @typedef {import("./clock.js").Clock} Clock
 * @typedef {(key: string, vars?: Record<string, string | number>) => string} T
 */

/** Longest in characters, as the service has it. */
export const LONGEST_NOTES = 8000;
export const LONGEST_TEXT = 6000;

/** @param {string[]} list @param {number} most */
const within = (list, most) => {
  const whole = list.join("\n");
  return whole.length > most ? `${whole.slice(0, most - 1)}…` : whole;
};

/** Whole minutes, at least one. @param {number} from @param {number} until */
const minutes = (from, until) => Math.max(1, Math.round((until - from) / 60));

/** What happened, without anything about safety. @param {T} t @param {Clock} clock @param {Draft} draft @returns {string} */
export function draftSays(t, clock, draft) {
  const at = (/** @type {number} */ seconds) => moment(clock, seconds, draft.starts_at);
  const lines = [
    draft.reference,
    t("desk.record.planned", { date: clock.date(draft.starts_at), time: clock.time(draft.starts_at), minutes: draft.minutes }),
    t(`desk.record.outcome.${draft.outcome}`),
  ];
  const came = draft.people.find((one) => one.part === null && one.came !== null);
  lines.push(t("desk.record.who", { others: draft.people.map((one) => t(`desk.record.part.${one.part || "service_user"}`)).join(", ") || t("desk.record.part.none") }));
  if (came && came.came !== null) lines.push(t("desk.record.came", { time: at(came.came) }));
  for (const { from, until } of draft.talks) {
    lines.push(
      until === null
        ? t("desk.record.talk.goes_on", { from: at(from) })
        : t("desk.record.talk", { from: at(from), until: at(until), count: minutes(from, until) }),
    );
  }
  const ways = draft.ways_used.map((one) => t("desk.record.way", { way: t(`desk.record.way.${one.way}`), time: at(one.at) }));
  if (ways.length) lines.push(t("desk.record.ways", { ways: ways.join(", ") }));
  for (const { from, until, why } of draft.breaks) {
    lines.push(
      until === null
        ? t(`desk.record.break.${why}.open`, { from: at(from) })
        : t(`desk.record.break.${why}`, { from: at(from), until: at(until) }),
    );
  }
  if (draft.rung.length) lines.push(t("desk.record.rung", { times: draft.rung.map(at).join(", ") }));
  if (draft.messages_ours || draft.messages_theirs) {
    lines.push(t("desk.record.messages", { ours: draft.messages_ours, theirs: draft.messages_theirs }));
  }
  if (draft.ended !== null) lines.push(t("desk.record.ended", { time: at(draft.ended) }));
  if (draft.more) lines.push(t("desk.record.more"));
  return within(lines, LONGEST_TEXT);
}

/** The part about safety; "" where there is nothing. @param {T} t @param {Clock} clock @param {Draft} draft @param {SafetyDraft} safety */
export function safetySays(t, clock, draft, safety) {
  const lines = safety.states.map((one) => t(`desk.record.safety.${one}`));
  if (safety.more) lines.push(t("desk.record.more"));
  for (const one of safety.lines) {
    lines.push(t("desk.record.line", { time: moment(clock, one.at, draft.starts_at), what: happeningSays(t, one) }));
  }
  return within(lines, LONGEST_TEXT);
}

/** On the planned day the time alone. @param {Clock} clock @param {number} seconds @param {number} day */
function moment(clock, seconds, day) {
  return clock.isSameDay(seconds, day) ? clock.time(seconds) : `${clock.date(seconds)}, ${clock.time(seconds)}`;
}

/**
 * @typedef {{ text: string, notes: string, safety: string }} Parts what stands in the fields
 * @param {T} t @param {Clock} clock @param {ContactRecord} record @returns {Parts}
 */
export function partsOf(t, clock, record) {
  const { draft, safety, written } = record;
  return {
    text: written.text === null ? draftSays(t, clock, draft) : written.text,
    notes: written.notes,
    safety: written.safety === null ? safetySays(t, clock, draft, safety) : written.safety,
  };
}

/** Heading and words of each part that goes. @param {T} t @param {Parts} parts @param {boolean} withSafety @returns {[string, string][]} */
function going(t, { text, notes, safety }, withSafety) {
  /** @type {[string, string][]} */
  const all = [
    ["", text],
    [t("desk.record.notes"), notes],
    [t("desk.record.safety"), withSafety ? safety : ""],
  ];
  return all.filter(([, words]) => words.trim());
}

/** When it is deleted, as far as that is known. @param {T} t @param {Clock} clock @param {Pick<ContactRecord, "copied" | "gone_at">} record */
export function goneSays(t, clock, { copied, gone_at }) {
  if (gone_at === null) return "";
  return t(copied === null ? "desk.record.gone.untouched" : "desk.record.gone.copied", { date: clock.date(gone_at), time: clock.time(gone_at) });
}

/** As plain text. @param {T} t @param {Parts} parts @param {boolean} withSafety @returns {string} */
export function asText(t, parts, withSafety) {
  return `${going(t, parts, withSafety)
    .map(([head, words]) => (head ? `${head}\n${words.trim()}` : words.trim()))
    .join("\n\n")}\n`;
}

/** As a page that loads nothing. @param {T} t @param {Parts} parts @param {boolean} withSafety @returns {string} */
export function asHtml(t, parts, withSafety) {
  const sections = going(t, parts, withSafety).map(
    ([head, words]) => `${head ? `<h2>${escaped(head)}</h2>\n` : ""}<p>${escaped(words.trim()).replace(/\n/g, "<br>\n")}</p>`,
  );
  const title = escaped(t("desk.record.title"));
  return `<!doctype html>\n<html lang="${escaped(t("desk.locale"))}">\n<meta charset="utf-8">\n<title>${title}</title>\n<h1>${title}</h1>\n${sections.join("\n")}\n</html>\n`;
}

/** For programs, in the shape in which it goes to a case system. @param {Parts} parts @param {ContactRecord} record @param {boolean} withSafety */
export function asJson(parts, { draft, safety }, withSafety) {
  const chosen = withSafety ? { text: parts.safety, draft: safety } : null;
  return `${JSON.stringify({ format: "sidelight-record-1", text: parts.text, notes: parts.notes, draft, safety: chosen }, null, 2)}\n`;
}

/** @param {string} text */
const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");

/** As the service takes it: no other control characters than the ends of lines. @param {string} typed */
export const plain = (typed) => typed.replace(/\r\n?/g, "\n").replace(/\t/g, " ").replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, "");
