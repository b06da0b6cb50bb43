// The form of a contact.
process.env.TZ = "Europe/London";
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkPlan, emptyPlan, firstName, planOf } from "../../web-client/desk/plan.js";
import { details, TWO } from "./desk_world.mjs";

const plan = (other = {}) => ({ ...emptyPlan("Sam Rivers", TWO), reference: "JT-4471", ...other });
const wrong = (other, kept) => checkPlan(plan(other), TWO, kept).wrong.map((one) => one.field);

test("a reference is enough for a contact now: everything else has a good beginning", () => {
  assert.deepEqual(checkPlan(plan(), TWO), { details: details(), wrong: [] });
});

test("no word is agreed by itself", () => {
  const first = emptyPlan("Sam Rivers", TWO);
  assert.deepEqual([first.word, first.response], ["", ""]);
});

test("the practitioner goes by their own first name", () => {
  assert.equal(firstName("  Sam Rivers"), "Sam");
  assert.equal(firstName(""), "");
  assert.equal(firstName("x".repeat(60)).length, 40);
});

test("without a reference, ways or sensible minutes it isn't sent, and all mistakes are told at once in the order of the form", () => {
  assert.deepEqual(wrong({ reference: "  ", minutes: "4", ways: [] }), ["reference", "minutes", "ways"]);
  for (const minutes of ["5", "240"]) assert.deepEqual(wrong({ minutes }), []);
  for (const minutes of ["4", "241", "", "ten", "1e2", "-30"]) assert.deepEqual(wrong({ minutes }), ["minutes"]);
});

test("a word goes with what to do when it is used, and the other way round", () => {
  assert.deepEqual(wrong({ word: "pineapple" }), ["response"]);
  assert.deepEqual(wrong({ response: "End quietly." }), ["word"]);
  const { details: sent } = checkPlan(plan({ word: " pineapple ", response: "End quietly." }), TWO);
  assert.deepEqual([sent.word, sent.response], ["pineapple", "End quietly."]);
  assert.deepEqual(wrong({ word: "...", response: "End quietly." }), ["word"]);
});

test("what their page does out of sight goes by the word, unless somebody chose", () => {
  assert.equal(plan().when_hidden, "rule");
  for (const when_hidden of [null, "voice", "quiet"]) {
    const begun = details({ when_hidden });
    assert.equal(checkPlan(planOf(begun), TWO, begun.starts_at).details.when_hidden, when_hidden);
  }
});

test("nobody is rung unless somebody chose so, and where nobody is, no number is kept", () => {
  assert.equal(plan().rings, false);
  const sent = (more) => checkPlan(plan(more), TWO).details;
  assert.deepEqual([sent({}).rings, sent({}).number], [false, null]);
  const number = " as in the case file ";
  assert.deepEqual([sent({ rings: true, number }).rings, sent({ rings: true, number }).number], [true, "as in the case file"]);
  assert.equal(sent({ rings: true }).number, null);
  assert.equal(sent({ number }).number, null);
  assert.deepEqual(wrong({ rings: true, number: "x".repeat(61) }), ["number"]);
  assert.deepEqual(wrong({ rings: true, number: "x".repeat(60) }), []);
  assert.deepEqual(wrong({ number: "x".repeat(61) }), [], "what isn't sent can't be wrong");
  for (const begun of [details({ rings: true, number: "01 234" }), details({ rings: true }), details()]) {
    assert.deepEqual(checkPlan(planOf(begun), TWO, begun.starts_at).details, begun);
  }
});

test("that they sign is what somebody said of them", () => {
  assert.equal(checkPlan(plan(), TWO).details.signing, false);
  for (const signing of [true, false]) {
    const begun = details({ signing });
    assert.equal(checkPlan(planOf(begun), TWO, begun.starts_at).details.signing, signing);
  }
});

test("letters are counted as a person counts them", () => {
  assert.deepEqual(wrong({ greeting: "🙂".repeat(40) }), []);
  assert.deepEqual(wrong({ greeting: "🙂".repeat(41) }), ["greeting"]);
});

test("a date and time are those of the planner's own time zone", () => {
  const at = (date, time) => checkPlan(plan({ when: "later", date, time }), TWO).details.starts_at;
  assert.equal(at("2026-11-24", "15:30"), TWO + 5400);
  assert.equal(at("2027-06-01", "15:30"), Date.UTC(2027, 5, 1, 14, 30) / 1000);
});

test("a time that is over, or doesn't exist, or isn't one, is refused with its own words", () => {
  const key = (date, time) => checkPlan(plan({ when: "later", date, time }), TWO).wrong.map((one) => one.key);
  assert.deepEqual(key("2026-11-24", "12:59"), ["desk.form.wrong.past"]);
  assert.deepEqual(key("2027-03-28", "01:30"), ["desk.form.wrong.no_such_time"]);
  assert.deepEqual(key("2026-02-30", "10:00"), ["desk.form.wrong.date"]);
  assert.deepEqual(key("", "10:00"), ["desk.form.wrong.date"]);
  assert.deepEqual(key("2026-11-25", "25:00"), ["desk.form.wrong.time"]);
});

test("changing a contact that has begun keeps its start to the second", () => {
  const begun = details({ starts_at: TWO - 7217 });
  assert.deepEqual(checkPlan(planOf(begun), TWO, begun.starts_at), { details: begun, wrong: [] });
  assert.deepEqual(
    checkPlan({ ...planOf(begun), time: "10:00" }, TWO, begun.starts_at).wrong.map((one) => one.key),
    ["desk.form.wrong.past"],
  );
});
