import assert from "node:assert/strict";
import { test } from "node:test";
import { Texts, LONGEST } from "../../web-client/parts/texts.js";

/** One side of a conversation, with a line and a clock of the test's. */
function side(line = { up: true }) {
  const sent = [];
  const timers = new Set();
  let next = 0;
  let time = 0;
  const texts = new Texts({
    send: (id, body) => line.up && sent.push([id, body]) > 0,
    onChange: () => {},
    now: () => 7,
    makeId: () => `m${(next += 1)}`,
    later: (what, wait) => {
      const timer = { what, at: time + wait };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  });
  const pass = (milliseconds) => {
    time += milliseconds;
    for (const timer of [...timers]) {
      if (timer.at > time || !timers.delete(timer)) continue;
      timer.what();
    }
  };
  return { texts, sent, line, pass, timers };
}

const states = (texts) => texts.list.map((text) => text.state);

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
  assert.deepEqual(states(texts), ["delivered", "waiting", "waiting"]);
  line.up = true;
  texts.resend();
  assert.deepEqual(states(texts), ["delivered", "sent", "waiting"]);
  texts.acked("m2");
  texts.acked("m3");
  assert.deepEqual(sent, [["m1", "one"], ["m2", "two"], ["m3", "three"]]);
  assert.deepEqual(states(texts), ["delivered", "delivered", "delivered"]);
});

test("one text is on its way at a time; those behind it are not sent yet", () => {
  const { texts, sent } = side();
  for (const body of ["one", "two", "three"]) texts.write(body);
  assert.deepEqual(sent, [["m1", "one"]]);
  assert.deepEqual(states(texts), ["sent", "waiting", "waiting"]);
  texts.acked("m1");
  assert.deepEqual(sent, [["m1", "one"], ["m2", "two"]]);
  texts.acked("m1");
  assert.equal(sent.length, 2, "the same acknowledgement again sends nothing more");
});

test("a text that is refused holds back those behind it, and goes by itself later", () => {
  const { texts, sent, pass } = side();
  texts.write("one");
  texts.write("two");
  texts.refused("m1");
  assert.deepEqual(states(texts), ["waiting", "waiting"]);
  pass(2_999);
  assert.equal(sent.length, 1);
  pass(1);
  assert.deepEqual(sent.slice(1), [["m1", "one"]]);
  assert.deepEqual(states(texts), ["waiting", "waiting"], "nobody sees “Sent” come and go");
  texts.acked("m1");
  assert.deepEqual([sent[2], states(texts)], [["m2", "two"], ["delivered", "sent"]]);
});

test("a text whose acknowledgement never comes is sent again by itself, ever more rarely", () => {
  const { texts, sent, pass, timers } = side();
  texts.write("one");
  const at = [];
  for (let second = 1; second <= 120; second += 1) {
    const before = sent.length;
    pass(1_000);
    if (sent.length > before) at.push(second);
  }
  assert.deepEqual(at, [3, 9, 21, 45, 75, 105]);
  texts.acked("m1");
  assert.equal(timers.size, 0);
});

test("a conversation that was cleared from the page begins anew", () => {
  const { texts, sent } = side();
  texts.write("one");
  texts.list.length = 0;
  texts.write("two");
  assert.deepEqual(sent, [["m1", "one"], ["m2", "two"]]);
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

/** Random numbers that can be had again. @param {number} seed */
function random(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** A page that hurries: everything goes at once, as soon as it is written. What the rule of one at a time protects from. */
class Hurried extends Texts {
  _next() {
    for (const text of this.unsent()) if (text.state === "waiting") text.state = this._send(text.id, text.body) ? "sent" : "waiting";
  }
}

/**
 * Two pages and a service between them that loses, doubles, delays and refuses. @returns what the other page showed, and what was written
 */
function history(seed, Writer) {
  const pick = random(seed);
  /** Frames under way; those of one connection arrive in order. */
  let toService = [];
  let toReader = [];
  let toWriter = [];
  let up = true;
  let there = true;
  let timer = null;
  let next = 0;
  const written = [];
  const reader = new Texts({ send: () => true, onChange: () => {} });
  const writer = new Writer({
    send: (id, body) => up && toService.push({ id, body }) > 0,
    onChange: () => {},
    makeId: () => `m${(next += 1)}`,
    later: (what) => {
      timer = what;
      return () => {
        if (timer === what) timer = null;
      };
    },
  });
  const moves = {
    write: () => {
      const body = `text ${written.length}`;
      if (writer.write(body) !== null) written.push(body);
    },
    service: () => {
      const text = toService.shift();
      if (!text) return;
      if (there) toReader.push(text);
      else toWriter.push({ refused: text.id });
    },
    reader: () => {
      const text = toReader.shift();
      if (!text) return;
      reader.received(text.id, text.body);
      toWriter.push({ acked: text.id });
      if (pick(8) === 0) toReader.unshift(text); // doubled
    },
    writer: () => {
      const word = toWriter.shift();
      if (!word || !up) return;
      if (word.acked) writer.acked(word.acked);
      else writer.refused(word.refused);
      if (pick(8) === 0 && word.acked) writer.acked(word.acked); // doubled
    },
    time: () => {
      const due = timer;
      timer = null;
      if (due) due();
    },
    lost: () => {
      if (!up) return;
      up = false;
      // What was under way may have got through, or part of it.
      toService = toService.slice(0, pick(toService.length + 1));
      toWriter = [];
      writer.lineLost();
    },
    back: () => {
      if (up) return;
      up = true;
      writer.resend();
    },
    leaves: () => {
      there = false;
      // Their page never saw what was on its way to it.
      toReader = toReader.slice(0, pick(toReader.length + 1));
    },
    comes: () => {
      if (there) return;
      there = true;
      writer.resend();
    },
  };
  const names = ["write", "write", "service", "service", "reader", "reader", "writer", "writer", "time", "lost", "back", "leaves", "comes"];
  for (let step = 0; step < 150; step += 1) moves[names[pick(names.length)]]();
  // In the end the line stands and somebody reads.
  moves.back();
  moves.comes();
  for (let step = 0; step < 4_000 && (writer.unsent().length || toService.length || toReader.length); step += 1) {
    moves.service();
    moves.reader();
    moves.writer();
    if (!toService.length && !toReader.length && !toWriter.length) moves.time();
  }
  return { shown: reader.list.map((text) => text.body), written, states: states(writer) };
}

test("whatever is lost, doubled or refused, the other side sees every text once and in order", () => {
  for (let seed = 1; seed <= 3_000; seed += 1) {
    const { shown, written, states } = history(seed, Texts);
    assert.deepEqual(shown, written, `history ${seed}`);
    assert.ok(states.every((state) => state === "delivered"), `history ${seed}`);
  }
});

test("control: the same histories put the texts of a page that hurries out of order", () => {
  let disordered = 0;
  for (let seed = 1; seed <= 300; seed += 1) {
    const { shown, written } = history(seed, Hurried);
    const order = shown.map((body) => written.indexOf(body));
    if (order.some((at, place) => at < order[place - 1])) disordered += 1;
  }
  assert.ok(disordered > 30, `${disordered} of 300`);
});
