// A record in words: what stands in it, and what leaves the desk with it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { asHtml, asJson, asText, draftSays, partsOf, plain, safetySays } from "../../web-client/desk/record_text.js";
import { clock, t, TWO } from "./desk_world.mjs";

const draft = (other = {}) => ({
  reference: "JT-4471",
  starts_at: TWO,
  minutes: 30,
  ways: ["video", "voice"],
  outcome: "talked",
  people: [{ part: null, came: TWO - 120 }],
  talks: [{ from: TWO + 60, until: TWO + 1800 }],
  ways_used: [{ at: TWO + 60, way: "video" }, { at: TWO + 600, way: "voice" }],
  breaks: [{ from: TWO + 300, until: TWO + 420, why: "line" }],
  rung: [TWO + 330],
  messages_ours: 3,
  messages_theirs: 5,
  more: false,
  ended: TWO + 1800,
  ...other,
});

const safety = {
  states: ["alarm", "left_by_exit"],
  lines: [
    { at: TWO + 10, person: "p1", what: "answered", answer: "yes" },
    { at: TWO + 700, person: "p1", what: "alarm", how: "typed" },
  ],
  more: false,
};

const record = (other = {}) => ({
  draft: draft(),
  safety,
  written: { notes: "Kettle <warm>\nSecond line", text: null, safety: null },
  revision: 1,
  copied: null,
  gone_at: null,
  case_system: false,
  programs: [],
  released: null,
  sent: null,
  ...other,
});

test("the draft says times as words, ways and their changes, interruptions and counts", () => {
  assert.deepEqual(draftSays(t, clock, draft()).split("\n"), [
    "JT-4471",
    "Planned: Tuesday 24 November 2026, 2:00 pm, 30 minutes.",
    "The conversation took place.",
    "With: practitioner, service user.",
    "Came at 1:58 pm.",
    "Conversation from 2:01 pm to 2:30 pm (29 minutes).",
    "By video from 2:01 pm, voice from 2:10 pm.",
    "Connection lost from 2:05 pm to 2:07 pm.",
    "Rang them at 2:05 pm.",
    "Messages: 3 from the practitioner, 5 from the service user.",
    "Ended at 2:30 pm.",
  ]);
});

test("every outcome and every interruption has its words, and an empty draft says nothing untrue", () => {
  const none = { people: [], talks: [], ways_used: [], breaks: [], rung: [], messages_ours: 0, messages_theirs: 0, ended: null };
  for (const outcome of ["open", "talked", "no_talk", "did_not_attend", "called_off", "no_link"]) {
    assert.equal(draftSays(t, clock, draft({ ...none, outcome })).split("\n").length, 4, outcome);
  }
  const open = draftSays(t, clock, draft({ talks: [{ from: TWO, until: null }], breaks: [{ from: TWO, until: null, why: "line" }, { from: TWO, until: null, why: "paused" }, { from: TWO, until: TWO + 60, why: "paused" }], more: true }));
  for (const words of ["Conversation from 2:00 pm.", "It didn’t come back.", "It didn’t go on.", "Paused from 2:00 pm to 2:01 pm.", "More happened"]) assert.ok(open.includes(words), words);
  for (const state of ["alarm", "left_by_exit", "ended_quietly", "later"]) assert.ok(safetySays(t, clock, draft(), { states: [state], lines: [], more: true }).length > 10, state);
});

test("another day has its date", () => {
  assert.ok(draftSays(t, clock, draft({ ended: TWO + 86400 })).includes("Ended at Wednesday 25 November 2026, 2:00 pm."));
});

test("what was written stands in the place of the draft", () => {
  const written = { notes: "n", text: "We met.", safety: "" };
  assert.deepEqual(partsOf(t, clock, record({ written })), { text: "We met.", notes: "n", safety: "" });
});

test("nothing about safety leaves the desk unless it is ticked, in any of the shapes", () => {
  const whole = record();
  const parts = partsOf(t, clock, whole);
  const telling = ["word", "Leave this page", "left_by_exit", "alarm", "answered", "Safety"];
  for (const shape of [asText(t, parts, false), asHtml(t, parts, false), asJson(parts, whole, false)]) {
    for (const word of telling.filter((one) => one !== "Safety" || !shape.startsWith("{"))) assert.ok(!shape.includes(word), `${word} in ${shape}`);
    assert.ok(shape.includes("conversation took place"), "the control: the rest is there");
  }
  assert.equal(JSON.parse(asJson(parts, whole, false)).safety, null);
  for (const shape of [asText(t, parts, true), asHtml(t, parts, true), asJson(parts, whole, true)]) assert.ok(shape.includes("The agreed word was used."), shape);
  assert.equal(JSON.parse(asJson(parts, whole, true)).safety.draft.states[0], "alarm");
});

test("text is text and a page is a page, whatever was typed", () => {
  const parts = partsOf(t, clock, record());
  const text = asText(t, parts, false);
  assert.ok(text.endsWith("\n\nNotes\nKettle <warm>\nSecond line\n"), text);
  const html = asHtml(t, parts, false);
  assert.ok(html.includes("Kettle &lt;warm&gt;<br>\nSecond line") && !html.includes("<warm>"), html);
  assert.ok(!/src=|href=|<script/.test(html), "it loads nothing");
  assert.equal(asText(t, { text: "x", notes: " ", safety: "s" }, false), "x\n", "what is empty has no heading");
});

test("what the service doesn't take is left out of what is typed", () => {
  assert.equal(plain("a\tb\r\nc\u0000d\u200be"), "a b\ncd\u200be");
});
