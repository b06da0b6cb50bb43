// "Do not disturb": until when, and what of it outlasts the page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { HOUR, MOST, Undisturbed, endAt } from "../../web-client/desk/undisturbed.js";
import { TWO } from "./desk_world.mjs";

const ZONE = "Europe/London";

/** What a browser keeps over pages. */
function browser() {
  const kept = new Map();
  return { kept, getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
}

/** A page of somebody's desk at a moment that can be moved on. */
function page(store, me = "ada", start = TWO) {
  const clock = { now: start };
  return { clock, undisturbed: new Undisturbed({ me, now: () => clock.now, store: () => store }) };
}

test("it ends by itself at its time, in each page of the browser", () => {
  const store = browser();
  const { clock, undisturbed } = page(store);
  assert.equal(undisturbed.until(), 0);
  undisturbed.set(TWO + HOUR);
  clock.now = TWO + HOUR - 1;
  assert.equal(undisturbed.until(), TWO + HOUR);
  assert.equal(page(store, "ada", TWO + HOUR - 1).undisturbed.until(), TWO + HOUR, "loaded again, or after a restart of the service");
  clock.now = TWO + HOUR;
  assert.equal(undisturbed.until(), 0);
  assert.equal(page(store, "ada", TWO + HOUR).undisturbed.until(), 0);
});

test("switched off in one tab it is off in the others, and whoever signs in here next is disturbed", () => {
  const store = browser();
  const [one, other] = [page(store), page(store)];
  one.undisturbed.set(TWO + HOUR);
  assert.equal(page(store, "kim").undisturbed.until(), 0);
  assert.equal(other.undisturbed.until(), TWO + HOUR, "the control");
  other.undisturbed.set(0);
  assert.equal(one.undisturbed.until(), 0);
  assert.equal(store.kept.size, 0);
});

test("nothing that no press can have set counts", () => {
  for (const kept of ["", "ada", "ada soon", "ada Infinity", `ada ${TWO + MOST + 1}`, `ada -5`, `${TWO + 60}`, `ada ${TWO}`]) {
    const store = browser();
    store.setItem("sidelight.desk.undisturbed", kept);
    assert.equal(page(store).undisturbed.until(), 0, kept);
    store.setItem("sidelight.desk.undisturbed", `ada ${TWO + MOST}`);
    assert.equal(page(store).undisturbed.until(), TWO + MOST, "the control");
  }
});

test("where the browser keeps nothing it holds for this page", () => {
  const refuses = () => {
    throw new Error("SecurityError");
  };
  // All of it, or only writing, as where there is no room left.
  for (const store of [{ getItem: refuses, setItem: refuses, removeItem: refuses }, { ...browser(), setItem: refuses }]) {
    const { clock, undisturbed } = page(store);
    undisturbed.set(TWO + HOUR);
    assert.equal(undisturbed.until(), TWO + HOUR);
    clock.now = TWO + HOUR;
    assert.equal(undisturbed.until(), 0);
    clock.now = TWO;
    undisturbed.set(0);
    assert.equal(undisturbed.until(), 0, "and is off at a press");
  }
});

test("a time of day is the next one by their clocks, half a day ahead at most", () => {
  assert.equal(endAt("14:30", TWO, ZONE), TWO + 1800);
  assert.equal(endAt("02:00", TWO, ZONE), TWO + MOST, "tomorrow");
  assert.equal(endAt("02:01", TWO, ZONE), null);
  assert.equal(endAt("14:00", TWO, ZONE), null, "just now");
  assert.equal(endAt("13:59", TWO, ZONE), null, "over, and tomorrow is too far");
  assert.equal(endAt("23:30", TWO, "Asia/Kathmandu"), TWO + 13500, "a quarter to eight there");
  for (const none of ["", "25:00", "noon"]) assert.equal(endAt(none, TWO, ZONE), null, none);
  // 2027-03-28, half past midnight in London: half past one is skipped.
  assert.equal(endAt("01:30", Date.UTC(2027, 2, 28, 0, 30) / 1000, ZONE), null);
});
