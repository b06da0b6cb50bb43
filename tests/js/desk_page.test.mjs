// The desk's small rules: where things stand, which key does what, how times are written.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clockIn, endOfDay, minutesBetween } from "../../web-client/desk/clock.js";
import { stopsLink } from "../../web-client/desk/decline_view.js";
import { places } from "../../web-client/desk/places.js";
import { actionFor, keyOf, KEYS } from "../../web-client/desk/shortcuts.js";
import { clock, TWO } from "./desk_world.mjs";

test("a conversation keeps the middle, whatever else is opened", () => {
  const middle = { kind: "conversation", id: "a" };
  assert.deepEqual(places({ talking: "a", picked: null, form: false }), { middle, right: { kind: "know", id: "a" } });
  assert.deepEqual(places({ talking: "a", picked: "a", form: false }), { middle, right: { kind: "know", id: "a" } });
  assert.deepEqual(places({ talking: "a", picked: "b", form: false }), { middle, right: { kind: "contact", id: "b" } });
  assert.deepEqual(places({ talking: "a", picked: "b", form: true }), { middle, right: { kind: "form" } });
});

test("without a conversation the form or the contact has the middle", () => {
  assert.deepEqual(places({ talking: null, picked: null, form: false }), { middle: { kind: "empty" }, right: null });
  assert.deepEqual(places({ talking: null, picked: "b", form: false }), {
    middle: { kind: "contact", id: "b" },
    right: { kind: "know", id: "b" },
  });
  assert.deepEqual(places({ talking: null, picked: "b", form: true }), { middle: { kind: "form" }, right: null });
});

test("a letter typed in a field is a letter, and does nothing", () => {
  for (const key of Object.keys(KEYS).filter((one) => one !== "escape")) {
    assert.equal(actionFor({ key }, { inField: true, enabled: true }), null);
    assert.equal(actionFor({ key }, { inField: false, enabled: true }), KEYS[key]);
    assert.equal(actionFor({ key: key.toUpperCase() }, { inField: false, enabled: true }), KEYS[key]);
  }
});

test("letters can be switched off; Escape takes back what was asked all the same", () => {
  assert.equal(actionFor({ key: "m" }, { inField: false, enabled: false }), null);
  assert.equal(actionFor({ key: "Escape" }, { inField: true, enabled: false }), "keep");
});

test("a key held down, or pressed with another, is the browser's", () => {
  for (const other of ["ctrlKey", "metaKey", "altKey", "repeat", "isComposing"]) {
    assert.equal(actionFor({ key: "m", [other]: true }, { inField: false, enabled: true }), null);
  }
});

test("each action has one key, and shows it", () => {
  const actions = Object.values(KEYS);
  assert.equal(new Set(actions).size, actions.length);
  assert.deepEqual([keyOf("mute"), keyOf("camera"), keyOf("keep"), keyOf("sign-out")], ["M", "V", "Esc", ""]);
});

test("whoever isn't the person loses the link as well, unless it is said otherwise; nobody else does by itself", () => {
  assert.deepEqual(["not_now", "not_them", "not_safe", "other"].map(stopsLink), [false, true, false, false]);
});

test("times are written as people here say them, with the day where it isn't today", () => {
  assert.equal(clock.time(TWO), "2:00 pm");
  assert.equal(clock.time(TWO - 7200), "12:00 pm");
  assert.equal(clock.day(TWO), "Tuesday 24 November");
  assert.equal(clock.moment(TWO, TWO + 3600), "2:00 pm");
  assert.equal(clock.moment(TWO + 86400, TWO), "Wed 25 Nov, 2:00 pm");
  assert.equal(clockIn("en-GB", "America/New_York").time(TWO), "9:00 am");
});

test("minutes are whole and never less than none", () => {
  assert.equal(minutesBetween(TWO, TWO + 119), 1);
  assert.equal(minutesBetween(TWO + 60, TWO), 0);
});

test("the day ends at the next midnight of this machine", () => {
  const end = new Date(endOfDay(TWO) * 1000);
  assert.deepEqual([end.getHours(), end.getMinutes(), end.getSeconds()], [0, 0, 0]);
  assert.ok(endOfDay(TWO) > TWO && endOfDay(TWO) - TWO <= 25 * 3600);
});
