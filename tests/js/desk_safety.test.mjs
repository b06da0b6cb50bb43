import { test } from "node:test";
import assert from "node:assert/strict";
import { CHANNELS, checkSafety, emptySafety, refusalOf, safeNow, safetyOf } from "../../web-client/desk/safety.js";
import { Alarms } from "../../web-client/desk/alarms.js";
import { contact, details, someone } from "./desk_world.mjs";

const filled = (other = {}) =>
  Object.assign(
    emptySafety("Europe/Dublin"),
    {
      reference: " JT-4471 ",
      channels: ["text", "voice"],
      spans: [
        { days: ["0", "4"], from: "09:00", until: "15:30" },
        { days: ["6"], from: "22:00", until: "00:00" },
        { days: [], from: "09:00", until: "17:00" },
      ],
      number: "as in the case file",
      word: "tamarind",
      spellings: "tamarynd, tamarindo",
      response: "Write at six",
      proves_them: "What is the dog called?",
      proves_them_answer: "Biscuit",
    },
    other,
  );

test("what was typed is what is sent, and comes back into the form as it was", () => {
  const { plan, wrong } = checkSafety(filled());
  assert.deepEqual(wrong, []);
  assert.deepEqual(plan.hours, [
    { days: [0, 4], from: 540, until: 930 },
    { days: [6], from: 1320, until: 1440 },
  ]);
  assert.deepEqual([plan.reference, plan.spellings, plan.if_exit], ["JT-4471", ["tamarynd", "tamarindo"], null]);
  assert.deepEqual(checkSafety(safetyOf(plan)).plan, plan);
});

test("each mistake is named where it is", () => {
  const fields = (other) => checkSafety(filled(other)).wrong.map(({ field }) => field);
  assert.deepEqual(fields({ reference: " " }), ["reference"]);
  assert.deepEqual(fields({ word: "" }), ["word"]);
  assert.deepEqual(fields({ response: "" }), ["response"]);
  assert.deepEqual(fields({ spans: [{ days: ["0"], from: "15:00", until: "09:00" }] }), ["from-0"]);
  assert.deepEqual(fields({ spans: [{ days: ["0"], from: "", until: "09:00" }] }), ["from-0"]);
  assert.deepEqual(fields({ spellings: "a,b,c,d,e,f" }), ["spellings"]);
  assert.deepEqual(fields({ wording: "x".repeat(121) }), ["wording"]);
  assert.deepEqual(fields({ wording: "Tamarind season" }), ["wording"], "the word never goes with the link");
  assert.deepEqual(fields({ wording: "As we said, tamarynd" }), ["wording"], "nor another spelling of it");
  assert.deepEqual(fields({ wording: "The page you asked for:" }), []);
  assert.deepEqual(fields({ if_drops: "x".repeat(401) }), ["if_drops"]);
  assert.equal(checkSafety(filled({ channels: ["text"] })).plan.number, null, "whoever may not be rung has no number kept");
});

test("hours of a plan that has as many as there can be leave no row for more", () => {
  const { plan } = checkSafety(filled());
  assert.equal(safetyOf({ ...plan, hours: Array(14).fill(plan.hours[0]) }).spans.length, 14);
  assert.equal(safetyOf(plan).spans.length, 3);
});

test("a link goes only by what the plan marks as safe now, and why not is told", () => {
  const person = (refused) => ({ id: "x", plan: checkSafety(filled()).plan, channels: Object.entries(refused).map(([channel, why]) => ({ channel, refused: why })) });
  assert.equal(refusalOf(undefined, "copy"), null, "without a plan the practitioner decides");
  const texts = person({ text: null, email: "channel", calendar: "channel", voice: "channel" });
  assert.deepEqual(["copy", "share", "text"].map((way) => refusalOf(texts, way)), [null, null, null]);
  assert.deepEqual(safeNow(texts), ["text"]);
  const emails = person({ text: "channel", email: null, calendar: "channel", voice: "channel" });
  assert.deepEqual(["copy", "share", "text"].map((way) => refusalOf(emails, way)), [null, null, "channel"]);
  const night = person({ text: "hour", email: "channel", calendar: "channel", voice: "channel" });
  assert.deepEqual(["copy", "share", "text"].map((way) => refusalOf(night, way)), ["hour", "hour", "hour"]);
  const rung = person({ text: "channel", email: "channel", calendar: "channel", voice: null });
  assert.deepEqual(["copy", "share", "text"].map((way) => refusalOf(rung, way)), ["channel", "channel", "channel"], "a call carries no link");
  assert.deepEqual([refusalOf(rung, "ring"), refusalOf(texts, "ring"), refusalOf(night, "ring")], [null, "channel", "channel"]);
  assert.equal(refusalOf(person({}), "text"), "channel", "what isn't told isn't safe");
  assert.equal(CHANNELS.length, 5);
});

test("another spelling of the word raises the alarm as the word does", () => {
  const raised = (spellings) => {
    const sent = [];
    const alarms = new Alarms({ send: (_, act) => sent.push(act), now: () => 1 });
    const view = contact("c1", { details: details({ word: "tamarind", response: "Write at six", spellings }), people: [someone("in")], open: [], history: [] });
    alarms.arrived({ contact: "c1", person: "p1", id: "t1", body: "we had gooseberry pie" }, view);
    return sent.length;
  };
  assert.deepEqual([raised(["gooseberry"]), raised([])], [1, 0]);
});
