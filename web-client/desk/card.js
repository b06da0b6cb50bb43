// Agreeing on a plan together: one closed question at a time, each harmless to whoever hears it, and what its answer changes in
// the plan. The agreed word isn't among them: it is agreed on in person or on a safe line. No page.

import { isFree, isSafe, withPeriod, withoutPeriod } from "./week.js";

/**
 * @typedef {import("../parts/protocol").SafetyPlan} SafetyPlan
 * @typedef {import("../parts/protocol").Channel} Channel
 * @typedef {import("./week.js").Period} Period
 * @typedef {(key: string, vars?: Record<string, string | number>) => string} T
 * @typedef {"text" | "email" | "mornings" | "afternoons" | "evenings" | "weekends" | "drops" | "other" | "exit" | "hidden" | "early" | "proof"} Question
 * @typedef {{ question: Question, answer: "yes" | "no" | "skip", before: Partial<SafetyPlan> }} Step `before`: what its answer changed, as it was
 * @typedef {{ person: string, questions: Question[], steps: Step[], saving: boolean, problem: string }} Walk `steps`: those that were taken
 */

/** In the order they are asked. @type {Question[]} */
const QUESTIONS = ["text", "email", "mornings", "afternoons", "evenings", "weekends", "drops", "other", "exit", "hidden", "early", "proof"];

const WEEKDAYS = [0, 1, 2, 3, 4];

/** What a part of the week means here. It stands under the question. @type {Partial<Record<Question, Period>>} */
const PERIODS = {
  mornings: { days: WEEKDAYS, from: 9 * 60, until: 12 * 60 },
  afternoons: { days: WEEKDAYS, from: 12 * 60, until: 17 * 60 },
  evenings: { days: WEEKDAYS, from: 17 * 60, until: 20 * 60 },
  weekends: { days: [5, 6], from: 10 * 60, until: 17 * 60 },
};

/** @param {SafetyPlan} plan */
const mayRing = (plan) => plan.channels.indexOf("voice") >= 0;

/**
 * What the plan says of it already; null: nothing yet. "words": more than yes or no, as somebody wrote it.
 * @param {Question} question @param {SafetyPlan} plan @param {T} t @returns {"yes" | "no" | "words" | null}
 */
export function agreedOn(question, plan, t) {
  const period = PERIODS[question];
  if (period) return !plan.hours.length ? null : isSafe(plan.hours, period) ? "yes" : isFree(plan.hours, period) ? "no" : "words";
  switch (question) {
    case "text":
    case "email":
      return !plan.channels.length ? null : plan.channels.indexOf(question) >= 0 ? "yes" : "no";
    case "hidden":
      return plan.when_hidden === null ? null : plan.when_hidden === "quiet" ? "yes" : "no";
    case "early":
      return plan.early === null ? null : plan.early === "told" ? "yes" : "no";
    case "proof":
      return plan.proves_them === null ? null : "yes";
    default: {
      const kept = wordsOf(question, plan);
      if (kept === null) return null;
      return kept === meaning(question, "yes", t) ? "yes" : kept === meaning(question, "no", t) ? "no" : "words";
    }
  }
}

/** What to do, in somebody's words; null where nothing is agreed, or where it isn't kept in words. @param {Question} question @param {SafetyPlan} plan @returns {string | null} */
export function wordsOf(question, { if_drops, if_other, if_exit }) {
  return question === "drops" ? if_drops : question === "other" ? if_other : question === "exit" ? if_exit : null;
}

/** Those to be asked: all, or what the plan doesn't say yet. @param {SafetyPlan} plan @param {boolean} all @param {T} t @returns {Question[]} */
export function questionsOf(plan, all, t) {
  return all ? QUESTIONS.slice() : QUESTIONS.filter((question) => agreedOn(question, plan, t) === null);
}

/** Whether there is anything left to agree on. @param {SafetyPlan} plan @param {T} t */
export function isOpen(plan, t) {
  return questionsOf(plan, false, t).some((question) => isAsked(question, plan));
}

/** Who picks up matters where they may be rung, and nowhere else. @param {Question} question @param {SafetyPlan} plan */
const isAsked = (question, plan) => question !== "other" || mayRing(plan);

/** What an answer changes in the plan, and nothing besides. @param {Question} question @param {"yes" | "no"} answer @param {SafetyPlan} plan @param {T} t @returns {Partial<SafetyPlan>} */
export function changes(question, answer, plan, t) {
  const yes = answer === "yes";
  const period = PERIODS[question];
  if (period) return { hours: yes ? withPeriod(plan.hours, period) : withoutPeriod(plan.hours, period) };
  /** @param {Channel} channel */
  const channels = (channel) => plan.channels.filter((one) => one !== channel).concat(yes ? [channel] : []);
  // Words of the plan, for whoever works by it later.
  const words = meaning(question, answer, t);
  switch (question) {
    case "text":
    case "email":
      return { channels: channels(question) };
    case "drops":
      // A number that mustn't be rung isn't kept.
      return Object.assign({ channels: channels("voice"), if_drops: words }, yes ? {} : { number: null });
    case "other":
      return { if_other: words };
    case "exit":
      return { if_exit: words };
    case "hidden":
      return { when_hidden: yes ? "quiet" : "voice" };
    case "early":
      return { early: yes ? "told" : "not_told" };
    default: {
      // A question that somebody agreed on in words of their own is better than this one: it stays.
      const ours = meaning(question, "yes", t);
      /** @param {string | null} kept */
      const instead = (kept) => (yes ? kept || ours : kept === ours ? null : kept);
      return { proves_us: instead(plan.proves_us), proves_them: instead(plan.proves_them) };
    }
  }
}

/** What an answer means for the plan, in words. @param {Question} question @param {"yes" | "no"} answer @param {T} t */
export function meaning(question, answer, t) {
  return t(`desk.card.keeps.${question}.${answer}`);
}

/** @param {string} person @param {SafetyPlan} plan @param {boolean} all @param {T} t @returns {Walk} */
export function begun(person, plan, all, t) {
  return { person, questions: questionsOf(plan, all, t), steps: [], saving: false, problem: "" };
}

/** Those of a walk that are asked as the plan stands now. @param {Walk} walk @param {SafetyPlan} plan */
const askedIn = (walk, plan) => walk.questions.filter((question) => isAsked(question, plan) || walk.steps.some((step) => step.question === question));

/**
 * Where a walk stands. @param {Walk} walk @param {SafetyPlan} plan
 * @returns {{ question: Question | null, at: number, of: number }} no question: all were asked
 */
export function standsAt(walk, plan) {
  const asked = askedIn(walk, plan);
  const next = asked.find((question) => !walk.steps.some((step) => step.question === question)) || null;
  return { question: next, at: next ? asked.indexOf(next) + 1 : asked.length, of: asked.length };
}

/**
 * One answer. @param {Walk} walk @param {SafetyPlan} plan @param {"yes" | "no" | "skip"} answer @param {T} t
 * @returns {{ walk: Walk, plan: SafetyPlan }} the walk one step on, and the plan to be kept; the same plan where nothing changes
 */
export function answered(walk, plan, answer, t) {
  const { question } = standsAt(walk, plan);
  if (!question) return { walk, plan };
  const change = answer === "skip" ? {} : changes(question, answer, plan, t);
  const before = /** @type {Partial<SafetyPlan>} */ ({});
  for (const field of /** @type {(keyof SafetyPlan)[]} */ (Object.keys(change))) Object.assign(before, { [field]: plan[field] });
  const steps = walk.steps.concat({ question, answer, before });
  const changed = Object.keys(change).length ? Object.assign({}, plan, change) : plan;
  return { walk: Object.assign({}, walk, { steps, problem: "" }), plan: changed };
}

/** One step back: what its answer changed is as it was. @param {Walk} walk @param {SafetyPlan} plan @returns {{ walk: Walk, plan: SafetyPlan }} */
export function takenBack(walk, plan) {
  const last = walk.steps[walk.steps.length - 1];
  if (!last) return { walk, plan };
  const restored = Object.keys(last.before).length ? Object.assign({}, plan, last.before) : plan;
  return { walk: Object.assign({}, walk, { steps: walk.steps.slice(0, -1), problem: "" }), plan: restored };
}
