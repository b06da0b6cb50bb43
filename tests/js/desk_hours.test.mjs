import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST_AWAY, MOST_SPANS, copied, draftOf, hoursOf } from "../../web-client/desk/hours.js";

const ZONE = "Europe/London";
const row = (from, until) => ({ from, until });
const monday = (...rows) => ({ days: [rows, [], [], [], [], [], []], away: [] });
const away = (...days) => ({ ...monday(), away: days.map(([from, to]) => ({ from, to })) });

test("hours come back from the form as they went into it, midnight and days away among them", () => {
  const spans = [
    { day: 0, from: 540, until: 720 },
    { day: 0, from: 780, until: 1020 },
    { day: 4, from: 0, until: 1440 },
    { day: 6, from: 1320, until: 1440 },
  ];
  const hours = { spans, away: [{ from: "2026-12-24", to: "2027-01-03" }], zone: ZONE };
  const draft = draftOf(hours);
  assert.deepEqual(draft.days[0], [row("09:00", "12:00"), row("13:00", "17:00")]);
  assert.deepEqual(draft.days[4], [row("00:00", "00:00")]);
  assert.deepEqual(hoursOf(draft, ZONE), { hours });
});

test("nothing filled in is no hours, which is always", () => {
  const none = { hours: { spans: [], away: [], zone: ZONE } };
  assert.deepEqual(hoursOf(monday(), ZONE), none);
  assert.deepEqual(hoursOf({ ...monday(row("", "")), away: [{ from: "", to: "" }] }, ZONE), none);
});

test("a time that is half filled in, none, or ends before it begins is said, never left out", () => {
  const wrong = { code: "hours_times", day: 0 };
  for (const [from, until] of [["09:00", ""], ["", "17:00"], ["", "00:00"], ["17:00", "09:00"], ["09:00", "09:00"], ["24:00", "00:00"], ["09:00", "9 pm"]]) {
    assert.deepEqual(hoursOf(monday(row(from, until)), ZONE), wrong, `${from}-${until}`);
  }
  assert.ok("hours" in hoursOf(monday(row("09:00:00", "17:00:00")), ZONE), "the control");
});

test("times of one day that share a minute or are too many are refused by the service's codes, in whatever order", () => {
  assert.ok("hours" in hoursOf(monday(row("12:00", "17:00"), row("09:00", "12:00")), ZONE), "one begins as the other ends");
  assert.deepEqual(hoursOf(monday(row("11:59", "17:00"), row("09:00", "12:00")), ZONE), { code: "hours_overlap", day: 0 });
  const many = Array.from({ length: MOST_SPANS + 1 }, (_, at) => row(`0${at + 1}:00`, `0${at + 1}:30`));
  assert.ok("hours" in hoursOf(monday(...many.slice(1)), ZONE));
  assert.deepEqual(hoursOf(monday(...many), ZONE), { code: "hours_many", day: 0 });
  const friday = { ...monday(), days: [[], [], [], [], [row("2", "3")], [], []] };
  assert.deepEqual(hoursOf(friday, ZONE), { code: "hours_times", day: 4 });
});

test("days away go from a day to the same or a later one, so many at most", () => {
  assert.ok("hours" in hoursOf(away(["2026-12-24", "2026-12-24"]), ZONE));
  for (const days of [["2026-12-24", "2026-12-23"], ["2026-12-24", ""], ["", "2026-12-24"]]) {
    assert.deepEqual(hoursOf(away(days), ZONE), { code: "away_days", day: null }, days.join());
  }
  const days = Array.from({ length: MOST_AWAY + 1 }, () => ["2026-12-24", "2026-12-24"]);
  assert.ok("hours" in hoursOf(away(...days.slice(1)), ZONE));
  assert.deepEqual(hoursOf(away(...days), ZONE), { code: "away_many", day: null });
});

test("a day is copied to Monday to Friday, and changing one of them later changes no other", () => {
  const draft = { ...monday(row("09:00", "12:00")), days: [[row("09:00", "12:00")], [row("01:00", "02:00")], [], [], [], [row("10:00", "11:00")], []] };
  const after = copied(draft, 0);
  assert.deepEqual(after.days.map((rows) => rows.length), [1, 1, 1, 1, 1, 1, 0]);
  assert.deepEqual(after.days[1], [row("09:00", "12:00")]);
  assert.deepEqual(after.days[5], [row("10:00", "11:00")], "the weekend stays");
  after.days[1][0].from = "08:00";
  assert.equal(after.days[0][0].from, "09:00");
  assert.equal(draft.days[0][0].from, "09:00");
  assert.deepEqual(copied(draft, 5).days[4], [row("10:00", "11:00")], "from the weekend too");
});
