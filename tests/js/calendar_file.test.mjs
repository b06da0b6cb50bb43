// Calendar files as another program reads them: the parser of Thunderbird's calendar, which is nobody's of ours.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import ICAL from "ical.js";

/** Written by the service's own tests, which compare them with what it writes now. */
const CASES = JSON.parse(readFileSync(new URL("./vectors/calendar.json", import.meta.url), "utf8"));
const read = ({ file }) => new ICAL.Component(ICAL.parse(file));

test("one contact and several are read as what they are", () => {
  for (const one of CASES) {
    const calendar = read(one);
    assert.equal(calendar.getFirstPropertyValue("version"), "2.0");
    const events = calendar.getAllSubcomponents("vevent");
    assert.deepEqual(events.map((event) => event.getFirstPropertyValue("summary")), one.titles, "whatever a title tries, it is a title");
    assert.equal(calendar.getAllSubcomponents().length, events.length);
    for (const event of events) {
      assert.equal(event.getAllSubcomponents().length, 0, "nothing that rings by itself");
      for (const absent of ["description", "location", "url", "attendee", "rrule"]) assert.equal(event.getFirstProperty(absent), null, absent);
    }
  }
});

test("the times are the moments that were planned, before and after the clocks change", () => {
  const [tuesday, spring] = read(CASES[1]).getAllSubcomponents("vevent").map((event) => new ICAL.Event(event));
  assert.equal(tuesday.startDate.toJSDate().toISOString(), "2026-11-24T14:30:00.000Z");
  assert.equal(tuesday.duration.toSeconds(), 45 * 60);
  assert.equal(spring.startDate.toJSDate().toISOString(), "2027-03-28T00:00:00.000Z");
});

test("what was called off says so, with a greater number than before and the same name", () => {
  const [before, after] = [CASES[0], CASES[2]].map((one) => read(one));
  const [was, is] = [before, after].map((calendar) => calendar.getFirstSubcomponent("vevent"));
  assert.equal(after.getFirstPropertyValue("method"), "CANCEL");
  assert.equal(is.getFirstPropertyValue("status"), "CANCELLED");
  assert.equal(is.getFirstPropertyValue("uid"), was.getFirstPropertyValue("uid"));
  assert.ok(is.getFirstPropertyValue("sequence") > was.getFirstPropertyValue("sequence"));
});

test("control: a line that is folded inside a letter, or a title that isn't escaped, is found", () => {
  const [one] = CASES;
  const broken = { ...one, file: one.file.replace("SUMMARY:Call", "SUMMARY:Call, or not\r\nLOCATION:Somewhere") };
  assert.notEqual(read(broken).getFirstSubcomponent("vevent").getFirstProperty("location"), null);
});
