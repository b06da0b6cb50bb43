import assert from "node:assert/strict";
import { test } from "node:test";
import { Texts, LONGEST } from "../../web-client/parts/texts.js";

function side(line = { up: true }) {
  const sent = [];
  let next = 0;
  const texts = new Texts({
    send: (id, body) => line.up && sent.push([id, body]) > 0,
    onChange: () => {},
    now: () => 7,
    makeId: () => `m${(next += 1)}`,
  });
  return { texts, sent, line };
}

test("a text is sent once, and delivered when the other side says so", () => {
  const { texts, sent } = side();
  assert.equal(texts.write("  hello "), "m1");
  assert.deepEqual(sent, [["m1", "hello"]]);
  assert.deepEqual(texts.list, [{ id: "m1", mine: true, body: "hello", at: 7, state: "sent" }]);
  texts.acked("m1");
  assert.equal(texts.list[0].state, "delivered");
});

test("what was written without a line is sent again, in order, and nothing that was acknowledged", () => {
  const { texts, sent, line } = side();
  texts.write("one");
  texts.acked("m1");
  line.up = false;
  texts.write("two");
  texts.write("three");
  assert.deepEqual(texts.list.map((text) => text.state), ["delivered", "waiting", "waiting"]);
  line.up = true;
  texts.resend();
  assert.deepEqual(sent, [["m1", "one"], ["m2", "two"], ["m3", "three"]]);
  assert.deepEqual(texts.list.map((text) => text.state), ["delivered", "sent", "sent"]);
});

test("a lost line makes a sent text unsure again", () => {
  const { texts } = side();
  texts.write("one");
  texts.lineLost();
  assert.equal(texts.list[0].state, "waiting");
});

test("what comes twice is shown once", () => {
  const { texts } = side();
  assert.equal(texts.received("x", "hi"), true);
  assert.equal(texts.received("x", "hi"), false);
  assert.equal(texts.list.length, 1);
});

test("an acknowledgement of what was never sent, or of the other side's text, changes nothing", () => {
  const { texts } = side();
  texts.received("x", "hi");
  texts.acked("x");
  texts.acked("nothing");
  texts.refused("x");
  assert.deepEqual(texts.list, [{ id: "x", mine: false, body: "hi", at: 7, state: "delivered" }]);
});

test("an acknowledged text is never unsure again", () => {
  const { texts } = side();
  texts.write("one");
  texts.acked("m1");
  texts.refused("m1");
  texts.lineLost();
  assert.equal(texts.list[0].state, "delivered");
});

test("nothing empty is sent, a text has an end, and a pile of unsent ones too", () => {
  const { texts, line } = side({ up: false });
  assert.equal(texts.write("   "), null);
  texts.write("x".repeat(LONGEST + 5));
  assert.equal(texts.list[0].body.length, LONGEST);
  for (let i = 1; i < 100; i += 1) assert.notEqual(texts.write("y"), null);
  assert.equal(texts.write("one too many"), null);
  assert.equal(line.up, false);
});

test("the page keeps the last 300, and every one that isn't delivered", () => {
  const { texts } = side();
  texts.write("mine");
  for (let i = 0; i < 400; i += 1) texts.received(`r${i}`, "z");
  assert.equal(texts.list.length, 300);
  assert.equal(texts.list[0].body, "mine");
});
