// Agreeing on a plan together: what is asked, in which order, what each answer changes, and that a step back takes it back.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { agreedOn, answered, begun, changes, isOpen, questionsOf, standsAt, takenBack } from "../../web-client/desk/card.js";
import { checkSafety, emptySafety } from "../../web-client/desk/safety.js";
import { isFree, isSafe, withPeriod, withoutPeriod } from "../../web-client/desk/week.js";
import { bannedIn } from "../checks/banned-words.mjs";
import { t } from "./desk_world.mjs";

/** A plan of which nothing is agreed yet, as the form makes it; early isn't chosen, as in a plan of before. */
const empty = (other = {}) => ({ ...checkSafety({ ...emptySafety("Europe/Dublin"), reference: "JT-4471" }).plan, early: null, ...other });
const ALL = questionsOf(empty({ channels: ["voice"] }), true, t);
const span = (days, from, until) => ({ days, from, until });

/** Walks on with the same answer to everything. */
function walked(plan, answer) {
  let now = { walk: begun("kim", plan, true, t), plan };
  while (standsAt(now.walk, now.plan).question) now = answered(now.walk, now.plan, answer, t);
  return now;
}

test("a plan of which nothing is agreed is asked about whole, one that says all of it not at all", () => {
  assert.deepEqual(questionsOf(empty(), false, t), ALL);
  for (const answer of ["yes", "no"]) {
    const { plan } = walked(empty({ channels: ["calendar"] }), answer);
    const open = questionsOf(plan, false, t);
    // Without any hour, or a question of their own, there is still something to agree on.
    assert.deepEqual(open, answer === "yes" ? [] : ["mornings", "afternoons", "evenings", "weekends", "other", "proof"], answer);
    assert.equal(isOpen(plan, t), answer === "no");
  }
  const partly = empty({ channels: ["text"], hours: [span([0], 540, 600)], if_drops: "Ring my sister" });
  assert.deepEqual(questionsOf(partly, false, t), ["other", "exit", "hidden", "early", "proof"]);
  const full = walked(empty(), "yes").plan;
  assert.deepEqual([isOpen({ ...full, if_other: null }, t), isOpen({ ...full, if_other: null, channels: ["text"] }, t)], [true, false], "who picks up, only where they may be rung");
});

test("each answer changes what it says and nothing besides", () => {
  const plan = empty({ channels: ["calendar"], number: null });
  const of = (question, answer, from = plan) => changes(question, answer, from, t);
  assert.deepEqual(of("text", "yes"), { channels: ["calendar", "text"] });
  assert.deepEqual(of("email", "no", empty({ channels: ["email", "text"] })), { channels: ["text"] });
  assert.deepEqual(of("mornings", "yes"), { hours: [span([0, 1, 2, 3, 4], 540, 720)] });
  assert.deepEqual(of("drops", "yes"), { channels: ["calendar", "voice"], if_drops: "Ring them, in safe hours." });
  assert.deepEqual(of("drops", "no", empty({ channels: ["voice"], number: "01632" })), { channels: [], if_drops: "Don't ring. Wait for them to come back.", number: null });
  assert.deepEqual(of("other", "yes"), { if_other: "Say it was a wrong number, and ring off." });
  assert.deepEqual(of("exit", "yes"), { if_exit: "Wait until they write. Don't ring." });
  assert.deepEqual([of("hidden", "yes"), of("hidden", "no")], [{ when_hidden: "quiet" }, { when_hidden: "voice" }]);
  assert.deepEqual([of("early", "yes"), of("early", "no")], [{ early: "told" }, { early: "not_told" }]);
  const ours = t("desk.card.keeps.proof.yes");
  assert.deepEqual(of("proof", "yes"), { proves_us: ours, proves_them: ours });
  const own = empty({ proves_us: ours, proves_them: "What is the dog called?", proves_them_answer: "Biscuit" });
  assert.deepEqual(of("proof", "yes", own), { proves_us: ours, proves_them: "What is the dog called?" }, "a question of their own stays");
  assert.deepEqual(of("proof", "no", own), { proves_us: null, proves_them: "What is the dog called?" });
  // And no answer ever sets the word, its spellings or what is done when it is used.
  for (const question of ALL) for (const answer of ["yes", "no"]) {
    for (const field of ["word", "spellings", "response", "reference", "zone"]) assert.ok(!(field in of(question, answer)), `${question}: ${field}`);
  }
});

test("what was answered is what the plan says then", () => {
  for (const question of ALL) {
    for (const answer of ["yes", "no"]) {
      const before = empty({ channels: ["calendar"], hours: [span([0, 1, 2, 3, 4, 5, 6], 0, 1440)] });
      const plan = { ...before, ...changes(question, answer, before, t) };
      const says = agreedOn(question, plan, t);
      assert.equal(says, question === "proof" && answer === "no" ? null : answer, `${question}: ${answer}`);
    }
  }
  assert.equal(agreedOn("drops", empty({ if_drops: "Ring my sister" }), t), "words");
  assert.equal(agreedOn("mornings", empty({ hours: [span([0], 540, 600)] }), t), "words", "a part of it");
});

test("“No” leaves no minute of it safe, whatever hours there were", () => {
  const hours = [span([0, 1, 2, 3, 4, 5, 6], 8 * 60, 13 * 60), span([0], 11 * 60, 20 * 60)];
  const plan = empty({ hours });
  const { hours: left } = changes("mornings", "no", plan, t);
  assert.deepEqual(left, [span([0, 1, 2, 3, 4], 480, 540), span([0], 720, 1200), span([1, 2, 3, 4], 720, 780), span([5, 6], 480, 780)]);
});

test("hours of a week are added and taken away to the minute", () => {
  // By another rule: every minute of the week is looked at by itself.
  const minutes = (hours) => {
    const marked = new Set();
    for (const { days, from, until } of hours) for (const day of days) for (let at = from; at < until; at += 1) marked.add(day * 1440 + at);
    return marked;
  };
  const period = span([0, 2, 5], 600, 720);
  for (const hours of [[], [span([0, 1, 2], 0, 1440)], [span([0], 610, 611), span([0], 700, 800)], [span([2], 720, 730), span([5], 500, 600)], [span([0, 2, 5], 600, 720)]]) {
    const [was, those] = [minutes(hours), minutes([period])];
    const added = withPeriod(hours, period);
    const taken = withoutPeriod(hours, period);
    assert.deepEqual(minutes(added), new Set([...was, ...those].sort((a, b) => a - b)));
    assert.deepEqual(minutes(taken), new Set([...was].filter((one) => !those.has(one)).sort((a, b) => a - b)));
    assert.deepEqual([isSafe(added, period), isFree(taken, period)], [true, true]);
    assert.equal(isSafe(hours, period), [...those].every((one) => was.has(one)));
    assert.equal(isFree(hours, period), ![...those].some((one) => was.has(one)));
    for (const { days, from, until } of [...added, ...taken]) assert.ok(days.length && from < until && until <= 1440);
  }
});

test("Back takes back what the last answer changed, step by step, to the plan as it was", () => {
  const start = empty({ channels: ["voice"], number: "01632", hours: [span([0, 1], 500, 800)], if_exit: "As we said" });
  for (const answers of [["yes"], ["no"], ["skip"], ["yes", "skip", "no"]]) {
    let now = { walk: begun("kim", start, true, t), plan: start };
    const seen = [];
    for (let turn = 0; standsAt(now.walk, now.plan).question; turn += 1) {
      seen.push({ question: standsAt(now.walk, now.plan).question, plan: now.plan });
      now = answered(now.walk, now.plan, answers[turn % answers.length], t);
    }
    for (const { question, plan } of seen.reverse()) {
      now = takenBack(now.walk, now.plan);
      assert.deepEqual(now.plan, plan);
      assert.equal(standsAt(now.walk, now.plan).question, question);
    }
    assert.deepEqual(takenBack(now.walk, now.plan), now, "and there is nothing before the first");
  }
});

test("what is skipped stays as it is, and is left open", () => {
  const start = empty({ if_exit: "As we said" });
  const { walk, plan } = walked(start, "skip");
  assert.equal(plan, start);
  assert.ok(walk.steps.every(({ answer }) => answer === "skip"));
});

test("it says where it stands, and who picks up is asked where they may be rung", () => {
  let now = { walk: begun("kim", empty(), true, t), plan: empty() };
  assert.deepEqual(standsAt(now.walk, now.plan), { question: "text", at: 1, of: 11 });
  const seen = [];
  while (standsAt(now.walk, now.plan).question) {
    const { question, at, of } = standsAt(now.walk, now.plan);
    seen.push(question);
    assert.equal(at, seen.length);
    assert.equal(of, seen.indexOf("drops") >= 0 && question !== "drops" ? 12 : 11);
    now = answered(now.walk, now.plan, "yes", t);
  }
  assert.deepEqual(seen, ALL);
  assert.deepEqual(standsAt(now.walk, now.plan), { question: null, at: 12, of: 12 });
});

test("every line is a closed question, short, and harmless to whoever hears it", () => {
  const words = JSON.parse(readFileSync(new URL("../../web-client/words/en.json", import.meta.url), "utf8"));
  const lines = ALL.map((question) => words[`desk.card.ask.${question}`]);
  assert.equal(Object.keys(words).filter((key) => key.startsWith("desk.card.ask.")).length, lines.length, "and none that is never asked");
  const telling = /\b(word|him|her|they|plan)\b|help|alone|who is (there|with)|worr|partner|husband|wife/i;
  for (const line of lines) {
    assert.match(line, /^(Is|Are|Shall|If) .*\?$/);
    assert.ok(line.split(" ").length <= 14, line);
    assert.deepEqual([bannedIn(line), telling.test(line)], [[], false], line);
  }
  assert.ok(telling.test("Is he with you? Shall we agree on a word?"), "the control");
});
