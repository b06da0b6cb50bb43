import assert from "node:assert/strict";
import { test } from "node:test";
import { hangUp, openSocket } from "../../web-client/parts/socket.js";
import { pass, stopTime } from "./clock.mjs";

/** A socket that does what the test tells it. */
class Line {
  constructor() {
    this.readyState = 0;
    this.sent = [];
    this.closed = false;
  }
  send(text) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.closed = true;
    this.readyState = 3;
  }
  open() {
    this.readyState = 1;
    this.onopen();
  }
  hear(message) {
    this.onmessage({ data: typeof message === "string" ? message : JSON.stringify(message) });
  }
  fall() {
    this.readyState = 3;
    this.onclose();
  }
}

/** @param {Line | null} dialled */
function world(dialled = null, chance = 0.5) {
  stopTime();
  const lines = [];
  const states = [];
  const heard = [];
  const socket = openSocket({
    path: "/ws/guest",
    dialled,
    hello: () => ({ type: "hello", n: lines.length }),
    onMessage: (message) => heard.push(message.type),
    onState: (state, reason) => states.push(reason ? `${state}: ${reason}` : state),
    make: () => {
      lines.push(new Line());
      return lines[lines.length - 1];
    },
    random: () => chance,
    now: () => Date.now(),
  });
  return { socket, lines, states, heard };
}

test("says hello, is open after the welcome, and answers each beat", () => {
  const { socket, lines, states, heard } = world();
  lines[0].open();
  assert.equal(socket.send({ type: "knock" }), false, "nothing goes out before the welcome");
  lines[0].hear({ type: "welcome" });
  lines[0].hear({ type: "beat" });
  assert.equal(socket.send({ type: "knock" }), true);
  assert.deepEqual(lines[0].sent, [{ type: "hello", n: 1 }, { type: "beat" }, { type: "knock" }]);
  assert.deepEqual(states, ["open"]);
  assert.deepEqual(heard, ["welcome"]);
});

test("comes back by itself after a loss, with a new hello", () => {
  const { lines, states } = world();
  lines[0].open();
  lines[0].hear({ type: "welcome" });
  lines[0].fall();
  assert.deepEqual(states, ["open", "lost"]);
  pass(300);
  assert.equal(lines.length, 2);
  lines[1].open();
  lines[1].hear({ type: "welcome" });
  assert.deepEqual(lines[1].sent, [{ type: "hello", n: 2 }]);
  assert.deepEqual(states, ["open", "lost", "open"]);
});

test("silence for 12 seconds is a loss, and each word starts the time again", () => {
  const { lines, states } = world();
  lines[0].open();
  lines[0].hear({ type: "welcome" });
  pass(11_000);
  lines[0].hear({ type: "beat" });
  pass(11_999);
  assert.deepEqual(states, ["open"]);
  pass(1);
  assert.deepEqual(states, ["open", "lost"]);
  assert.equal(lines[0].closed, true);
});

test("tries closely for ten seconds and often for two minutes, then waits longer, at most 8 seconds, and never gives up", () => {
  const { lines } = world();
  const close = [200, 400, 800, 1_200, 1_200, 1_200, 1_200, 1_200, 1_200, 1_200];
  assert.ok(close.reduce((sum, wait) => sum + wait, 0) > 9_000 && Math.max(...close) * 1.5 < 2_000, "so that a call is back within 5 seconds");
  const often = Array(125).fill(2_000);
  assert.ok([...close, ...often].reduce((sum, wait) => sum + wait / 2, 0) > 120_000, 'though chance makes each wait the shortest');
  const waits = [...close, ...often, 4_000, 8_000, 8_000, 8_000];
  for (const [tries, wait] of waits.entries()) {
    lines[tries].fall();
    pass(wait - 1);
    assert.equal(lines.length, tries + 1);
    pass(1);
    assert.equal(lines.length, tries + 2);
  }
});

test("a network that returned is tried at once", () => {
  const { socket, lines } = world();
  for (let i = 0; i < 4; i += 1) {
    lines[lines.length - 1].fall();
    pass(8_000);
  }
  lines[lines.length - 1].fall();
  const before = lines.length;
  socket.retryNow();
  assert.equal(lines.length, before + 1);
});

test("a sign of a new network gives up a try that hangs on the old one, but none that has just begun", () => {
  const { socket, lines } = world();
  lines[0].fall();
  pass(200);
  assert.equal(lines.length, 2);
  pass(900);
  socket.retryNow();
  assert.equal(lines.length, 2);
  pass(200);
  socket.retryNow();
  assert.deepEqual([lines.length, lines[1].closed], [3, true]);
});

test("after two minutes without a network the next try comes within 3 seconds of its return, also where every try hangs", () => {
  for (const hangs of [true, false]) {
    for (const chance of [0, 0.5, 1]) {
      for (let later = 0; later < 3_000; later += 250) {
        const { lines } = world(null, chance);
        lines[0].open();
        lines[0].hear({ type: "welcome" });
        lines[0].fall();
        for (let at = 0; at < 120_000 + later; at += 50) {
          pass(50);
          const last = lines[lines.length - 1];
          if (!hangs && last.readyState === 0) last.fall();
        }
        const before = lines.length;
        pass(3_000);
        assert.ok(lines.length > before, `${hangs} ${chance} ${later}`);
        assert.ok(lines.filter((one) => !one.closed && one.readyState === 0).length <= 4);
      }
    }
  }
});

test("a slow network is given ten seconds for a try; the first that opens is the line, and nothing is ever said on the others", () => {
  const { lines, states } = world();
  lines[0].open();
  lines[0].hear({ type: "welcome" });
  lines[0].fall();
  pass(10_000);
  const tried = lines.slice(1);
  assert.equal(tried.length, 4);
  assert.equal(tried[0].closed, false);
  tried[1].open();
  tried[1].hear({ type: "welcome" });
  assert.deepEqual(tried.map((one) => one.closed), [true, false, true, true]);
  assert.deepEqual(tried.map((one) => one.sent.length), [0, 1, 0, 0]);
  pass(11_000);
  assert.deepEqual([lines.length, states], [5, ["open", "lost", "open"]]);
});

test("another network takes the line at once, though the old one seems to stand; the page being seen again does not", () => {
  const { socket, lines, states } = world();
  lines[0].open();
  lines[0].hear({ type: "welcome" });
  socket.retryNow();
  assert.equal(lines.length, 1);
  socket.retryNow(true);
  assert.deepEqual([lines.length, lines[0].closed, states], [2, true, ["open", "lost"]]);
  lines[1].open();
  lines[1].hear({ type: "welcome" });
  pass(11_000);
  assert.equal(lines.length, 2);
});

test("a service that restarts is come back to; one that says it is over isn't", () => {
  const first = world();
  first.lines[0].open();
  first.lines[0].hear({ type: "welcome" });
  first.lines[0].hear({ type: "bye", reason: "back_in_a_moment" });
  assert.deepEqual(first.states, ["open", "lost: back_in_a_moment"]);
  pass(300);
  assert.equal(first.lines.length, 2);
  for (const reason of ["over", "other_tab", "no_session", "reload", "misbehaved"]) {
    const { lines, states } = world();
    lines[0].open();
    lines[0].hear({ type: "bye", reason });
    pass(60_000);
    assert.deepEqual(states, [`over: ${reason}`]);
    assert.equal(lines.length, 1);
  }
});

test("after close nothing comes back, and nothing more is told", () => {
  const { socket, lines, states } = world();
  lines[0].open();
  lines[0].hear({ type: "welcome" });
  socket.close();
  pass(60_000);
  assert.equal(lines[0].closed, true);
  assert.equal(lines.length, 1);
  assert.deepEqual(states, ["open", "over: closed"]);
  assert.equal(socket.send({ type: "knock" }), false);
});

test("what isn't understood is ignored", () => {
  const { lines, heard, states } = world();
  lines[0].open();
  for (const odd of ["", "{", "null", "7", "[]", '{"type":7}']) lines[0].hear(odd);
  assert.deepEqual(heard, []);
  assert.deepEqual(states, []);
});

test("a connection that was opened ahead is greeted at once, or when it opens, and is the first", () => {
  for (const early of [true, false]) {
    const ahead = new Line();
    if (early) ahead.readyState = 1;
    const { lines, states } = world(ahead);
    if (!early) {
      assert.deepEqual(ahead.sent, []);
      ahead.open();
    }
    assert.deepEqual(ahead.sent, [{ type: "hello", n: 0 }]);
    ahead.hear({ type: "welcome" });
    assert.deepEqual(states, ["open"]);
    ahead.fall();
    pass(300);
    assert.equal(lines.length, 1, "and only the first");
  }
});

test("one that was opened ahead and is gone again is not waited for", () => {
  for (const gone of [2, 3]) {
    const ahead = new Line();
    ahead.readyState = gone;
    const { lines } = world(ahead);
    lines[0].open();
    assert.deepEqual([ahead.sent, lines[0].sent], [[], [{ type: "hello", n: 1 }]]);
  }
});

test("one that was opened ahead and isn't needed is closed, once it is open, with nothing said on it", () => {
  const [opening, open] = [new Line(), new Line()];
  open.readyState = 1;
  hangUp(open);
  hangUp(opening);
  hangUp(null);
  assert.deepEqual([open.closed, opening.closed], [true, false]);
  opening.open();
  assert.deepEqual([opening.closed, opening.sent, open.sent], [true, [], []]);
});
