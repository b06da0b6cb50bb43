// Keeping what is typed, as this page has a part in it: what may be pressed now, and what is put together of it. No page in here.

/**
 * @typedef {import("../parts/protocol").ContactView} ContactView
 * @typedef {import("../parts/protocol").NewTyped} NewTyped
 * @typedef {import("../parts/protocol").Transcript} Transcript
 * @typedef {{ days: number, from: number, lines: NewTyped[] | null, kept: "no" | "busy" | "yes" | "failed", problem: string }} Typed
 * `days`: for how many it would be kept, nought for not at all; `from`: since when everybody is told, by this page's clock in milliseconds;
 * `lines`: what was typed until everybody was asked, null where this window didn't ask
 */

/** @returns {Typed} */
export const nothingTyped = () => ({ days: 0, from: 0, lines: null, kept: "no", problem: "" });

/**
 * Where it stands: `none`: nothing is said of it; `offered`; `told`: everybody is told that it may be kept; `asked`: they are asked now;
 * `refused`: not all agreed; `kept`; `failed`: it is to be tried again; `lost`: all agreed, and this window doesn't have it.
 * @param {ContactView} view @param {Typed | undefined} typed @param {boolean} written something was typed, as this page knows
 */
export function whereTyped({ typed: told, part, held, ended }, typed, written) {
  if (!typed || part === "asked") return "none";
  if (told.since === null) return typed.days > 0 && !written && held === "here" && ended === null ? "offered" : "none";
  if (told.agreed === false) return "refused";
  if (told.agreed === null) return told.asked === null ? (ended === null ? "told" : "none") : "asked";
  if (typed.kept === "yes" || typed.kept === "busy") return "kept";
  return typed.lines === null ? "lost" : "failed";
}

/** Whether all have agreed and it is now on this page to have it kept. @param {ContactView} view @param {Typed | undefined} typed */
export const isToBeKept = (view, typed) => view.typed.agreed === true && Boolean(typed) && typed !== undefined && typed.lines !== null && typed.kept === "no";

/**
 * What was typed with everybody since they were told, oldest first. What never arrived was said to nobody.
 * @param {Record<string, import("./model.js").Text[]>} threads @param {ContactView} view @param {number} from @returns {NewTyped[]}
 */
export function linesOf(threads, view, from) {
  const of = (/** @type {string} */ person) => (threads[`${view.id} ${person}`] || []).map((text) => Object.assign({ person }, text));
  return view.people
    .flatMap(({ id }) => of(id))
    .filter((text) => text.at >= from && (!text.mine || text.state === "delivered"))
    .sort((one, other) => one.at - other.at)
    .map(({ person, mine, at, body }) => ({ person, ours: mine, at: Math.floor(at / 1000), text: body }));
}

/**
 * One message in words.
 * @param {(key: string, vars?: Record<string, string | number>) => string} t @param {import("./clock.js").Clock} clock
 * @param {Transcript["typed"]["lines"][number]} line
 */
export function lineSays(t, clock, { part, ours, at, text }) {
  const them = t(`desk.record.part.${part || "service_user"}`);
  const who = ours ? t(part === null ? "desk.typed.you" : "desk.typed.you_to", { who: them }) : them;
  return t("desk.typed.line", { time: clock.time(at), who, text });
}

/** All of it, to be given on. @param {(key: string, vars?: Record<string, string | number>) => string} t @param {import("./clock.js").Clock} clock @param {Transcript} transcript */
export function typedSays(t, clock, transcript) {
  return transcript.typed.lines.map((line) => lineSays(t, clock, line)).join("\n");
}
