// Notes are saved as they are typed: one save at a time, the newest next, and nothing is said to be saved that isn't.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Saver } from "../../web-client/desk/saver.js";

/** A saver whose clock and line the test holds. */
function world() {
  const it = { now: 1000000, timers: [], sent: [], answers: [] };
  it.saver = new Saver({
    page: "page-1",
    changed() {},
    now: () => it.now,
    later: (what, wait) => it.timers.push({ at: it.now + wait, what }),
    put: (body) => new Promise((answer) => {
      it.sent.push(body);
      it.answers.push(answer);
    }),
  });
  it.saver.load({ written: { notes: "", text: null, safety: null }, revision: 4 });
  it.pass = async (milliseconds) => {
    it.now += milliseconds;
    const due = it.timers.filter(({ at }) => at <= it.now);
    it.timers = it.timers.filter(({ at }) => at > it.now);
    due.forEach(({ what }) => what());
    await settled();
  };
  it.answer = async (reply) => {
    it.answers.shift()(reply);
    await settled();
  };
  return it;
}

const settled = () => new Promise((done) => setImmediate(done));
const fine = (revision) => ({ ok: true, data: { revision } });
const no = (code) => ({ ok: false, problem: { code } });

test("a key is saved within a second, what is typed on meanwhile with the next, and never two at once", async () => {
  const it = world();
  it.saver.write({ notes: "T" });
  assert.equal(it.saver.state, "unsaved");
  await it.pass(699);
  assert.equal(it.sent.length, 0);
  await it.pass(1);
  assert.deepEqual(it.sent[0], { written: { notes: "T", text: null, safety: null }, page: "page-1", number: 1, base: 4 });
  it.saver.write({ notes: "The kettle" });
  await it.pass(5000);
  assert.equal(it.sent.length, 1, "one on its way");
  await it.answer(fine(5));
  assert.equal(it.saver.state, "unsaved", "not all of it");
  await it.pass(2000);
  assert.deepEqual([it.sent[1].written.notes, it.sent[1].number, it.sent[1].base], ["The kettle", 2, 5]);
  await it.answer(fine(6));
  assert.equal(it.saver.state, "saved");
});

test("typing without a pause is saved every two seconds", async () => {
  const it = world();
  for (let key = 0; key < 100; key++) {
    it.saver.write({ notes: "x".repeat(key + 1) });
    await it.pass(100);
    while (it.answers.length) await it.answer(fine(5 + it.sent.length));
  }
  assert.ok(it.sent.length >= 4 && it.sent.length <= 6, `${it.sent.length} saves in ten seconds`);
});

test("what couldn't be saved is said so and tried again, with a greater number", async () => {
  const it = world();
  it.saver.write({ notes: "T" });
  await it.pass(700);
  await it.answer(no("no_line"));
  assert.equal(it.saver.state, "failed");
  it.saver.write({ notes: "Th" });
  assert.equal(it.saver.state, "failed", "still not");
  await it.pass(3000);
  assert.deepEqual([it.sent[1].number, it.sent[1].base, it.sent[1].written.notes], [2, 4, "Th"]);
  await it.answer(fine(5));
  assert.equal(it.saver.state, "saved");
});

test("another window's words are never overwritten by themselves", async () => {
  const it = world();
  it.saver.write({ notes: "Mine" });
  await it.pass(700);
  await it.answer(no("record_changed"));
  assert.equal(it.saver.state, "changed");
  it.saver.write({ notes: "Mine and more" });
  await it.pass(60000);
  assert.equal(it.sent.length, 1);
  const kept = it.saver.keepMine(9);
  await settled();
  assert.deepEqual([it.sent[1].base, it.sent[1].written.notes], [9, "Mine and more"]);
  await it.answer(fine(10));
  assert.equal(await kept, true);
  // Or theirs.
  it.saver.write({ notes: "x" });
  await it.pass(2000);
  await it.answer(no("record_changed"));
  const theirs = { written: { notes: "Theirs", text: null, safety: null }, revision: 12 };
  it.saver.load(theirs);
  assert.deepEqual([it.saver.written.notes, it.saver.state], ["x", "changed"], "not without a press");
  it.saver.load(theirs, true);
  assert.deepEqual([it.saver.written.notes, it.saver.state], ["Theirs", "saved"]);
});

test("what can't be helped isn't tried again, and what is too long is said at once", async () => {
  for (const [code, state] of [["record_gone", "gone"], ["notes_long", "long"], ["too_large", "long"]]) {
    const it = world();
    it.saver.write({ notes: "x" });
    await it.pass(700);
    await it.answer(no(code));
    assert.equal(it.saver.state, state);
    await it.pass(60000);
    assert.equal(it.sent.length, 1, code);
  }
});

test("what is loaded never takes the place of what isn't saved yet, nor of a field that is being typed in", () => {
  const it = world();
  const loads = it.saver.loads;
  it.saver.load({ written: { notes: "", text: null, safety: null }, revision: 4 });
  assert.equal(it.saver.loads, loads, "the same again changes nothing");
  it.saver.write({ notes: "Mine" });
  it.saver.load({ written: { notes: "Old", text: null, safety: null }, revision: 5 });
  assert.equal(it.saver.written.notes, "Mine");
});

test("the page goes away: the last words are sent at once, also while a save is on its way", async () => {
  const it = world();
  it.saver.write({ notes: "T" });
  await it.pass(700);
  it.saver.write({ notes: "The end" });
  it.saver.away();
  assert.deepEqual(it.sent.map(({ number, written }) => [number, written.notes]), [[1, "T"], [2, "The end"]]);
});
