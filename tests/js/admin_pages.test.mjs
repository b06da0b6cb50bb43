// What stands in the form of what pages say, and what of it is sent.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOf, hasField, left, previewAt, valueOf } from "../../web-client/admin/pages_form.js";

const evenings = { label: "Evenings", number: "01632 960 003", answered: "17:00 to 22:00" };

/** @type {import("../../web-client/parts/protocol").PagesNow} */
const now = {
  words: { title: "", desk_title: "", calendar_title: "Call", neutral_page: "https://weather.example/", number: "01632 960 001", outside: [evenings] },
  set_here: [],
  pinned: false,
  most: { title: 40, address: 300, number: 30, label: 60, outside: 3 },
  changes: [],
};

test("what wasn't touched is sent as it is, without empty numbers behind the last", () => {
  assert.deepEqual(bodyOf(now, { reason: " They moved " }), { words: now.words, reason: "They moved" });
});

test("what was typed stands in place of what is said, also where it is empty", () => {
  const { words } = bodyOf(now, { number: " 01632 960 002 ", outside_0_answered: "", outside_2_label: "Night" });
  assert.equal(words.number, "01632 960 002");
  assert.deepEqual(words.outside, [{ ...evenings, answered: "" }, { label: "", number: "", answered: "" }, { label: "Night", number: "", answered: "" }]);
  assert.equal(bodyOf(now, { number: "" }).words.number, "");
  assert.deepEqual(bodyOf(now, { outside_0_label: "", outside_0_number: "", outside_0_answered: " " }).words.outside, []);
  assert.equal(valueOf(now, {}, "outside_0_number"), evenings.number);
  assert.equal(valueOf(now, {}, "outside_1_number"), "");
});

test("the preview is asked for with what is typed, whatever it is", () => {
  const asked = new URL(previewAt(now, { title: "a&number=1#" }), "https://x.example").searchParams;
  assert.deepEqual([...asked], [["title", "a&number=1#"], ["neutral_page", now.words.neutral_page], ["number", now.words.number]]);
});

test("a problem is shown at its field where there is one", () => {
  for (const name of ["title", "number", "neutral_page", "reason", "outside_2_answered"]) assert.ok(hasField(name), name);
  for (const name of ["", "words", "outside", "outside_0_x"]) assert.ok(!hasField(name), name);
  assert.equal(left("Grüße ", 40), 35);
});
