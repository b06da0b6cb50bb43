// What is planned, by day and by week; times on the wall in a zone of one's own choosing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { daysOf, isCalledOff, onDays, rangeOf, stepped } from "../../web-client/desk/calendar.js";
import { fromList } from "../../web-client/desk/contacts.js";
import { checkPlan, emptyPlan, repeatOf } from "../../web-client/desk/plan.js";
import { contactSays } from "../../web-client/desk/says.js";
import { isOutside } from "../../web-client/desk/safety.js";
import { machine, momentOf, mondayOf, plusDays, startOf, wallAt } from "../../web-client/desk/zones.js";
import { TWO, clock, contact, details, t } from "./desk_world.mjs";

const LONDON = "Europe/London";
const listed = (id, starts_at, other = {}) => fromList({ id, details: details({ starts_at }), link: false, link_known: false, ended: null, ...other });

test("a week begins on Monday, whatever day of it is shown, and lasts as long as the clocks make it", () => {
  const week = { span: "week", date: "2026-10-25" };
  assert.deepEqual([daysOf(week)[0], daysOf(week)[6]], ["2026-10-19", "2026-10-25"]);
  const { from, to } = rangeOf(week, LONDON);
  assert.equal(to - from, 7 * 86400 + 3600, "the clocks go back on its Sunday");
  const spring = rangeOf({ span: "day", date: "2027-03-28" }, LONDON);
  assert.equal(spring.to - spring.from, 23 * 3600);
  assert.equal(stepped(week, 1), "2026-11-01");
  assert.equal(stepped({ span: "day", date: "2026-12-31" }, 1), "2027-01-01");
  assert.deepEqual([mondayOf("2026-11-23"), mondayOf("2026-11-29"), plusDays("2028-02-28", 1)], ["2026-11-23", "2026-11-23", "2028-02-29"]);
});

test("a contact stands on the day that the clocks on the wall show, soonest first", () => {
  const late = momentOf("2026-06-30", "23:30", LONDON);
  const days = onDays([listed("b", late), listed("a", late - 3600), listed("c", late + 1800)], ["2026-06-30", "2026-07-01"], LONDON);
  assert.deepEqual(days.map((day) => day.map((one) => one.id)), [["a", "b"], ["c"]]);
  // By UTC, the one after midnight would stand on the day before.
  assert.equal(wallAt(late + 1800, "UTC").date, "2026-06-30");
});

test("a time on the wall and back, also over the changes of 2026 and 2027", () => {
  for (const zone of [LONDON, "Europe/Warsaw", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC", "America/Sao_Paulo"]) {
    for (let at = Date.UTC(2026, 0, 1) / 1000; at < Date.UTC(2028, 0, 1) / 1000; at += 13 * 3600 + 60 * 17) {
      const { date, time } = wallAt(at, zone);
      const back = momentOf(date, time, zone);
      assert.equal(wallAt(back, zone).time, time);
      assert.ok(back === at || (back < at && at - back <= 3600), `${zone} ${date} ${time}`);
    }
  }
  assert.equal(momentOf("2027-03-28", "01:30", LONDON), "no_such_time");
  assert.equal(momentOf("2026-10-25", "01:30", LONDON), Date.UTC(2026, 9, 25, 0, 30) / 1000, "the first of the two");
  assert.equal(momentOf("2027-03-14", "02:30", "America/New_York"), "no_such_time");
  assert.deepEqual([momentOf("2026-02-30", "10:00"), momentOf("2026-02-20", "24:00")], ["date", "time"]);
  assert.equal(wallAt(startOf("2026-07-01", LONDON), LONDON).time, "00:00");
  assert.ok(machine().length);
});

test("in a zone that was set, the form means its clocks and not the machine's", () => {
  const plan = { ...emptyPlan("Sam", TWO, "America/New_York"), reference: "A", when: "later", date: "2026-11-25", time: "09:00" };
  assert.equal(checkPlan(plan, TWO, undefined, "America/New_York").details.starts_at, Date.UTC(2026, 10, 25, 14) / 1000);
  assert.equal(emptyPlan("Sam", TWO, "America/New_York").time, "10:00");
});

test("how often: 2 to 26 times, and only at a time that is chosen", () => {
  const plan = (other) => ({ ...emptyPlan("Sam", TWO, LONDON), reference: "A", when: "later", date: "2026-11-25", every: "week", ...other });
  assert.deepEqual(repeatOf(plan({ times: "26" }), LONDON), { every: "week", times: 26, zone: LONDON });
  assert.equal(repeatOf(plan({ every: "" }), LONDON), null);
  assert.equal(repeatOf(plan({ when: "now" }), LONDON), null);
  for (const times of ["", "1", "27", "x", "2.5"]) {
    assert.deepEqual(checkPlan(plan({ times }), TWO, undefined, LONDON).wrong.map(({ field }) => field), ["times"], times);
  }
});

test("a time outside the hours agreed with them is said, by their clocks", () => {
  const people = [{ id: "p", plan: { hours: [{ days: [1], from: 540, until: 600 }], zone: "Europe/Warsaw" } }];
  const nine = momentOf("2026-11-24", "09:00", "Europe/Warsaw");
  assert.equal(isOutside(people, "p", nine), false);
  assert.equal(isOutside(people, "p", nine + 3600), true);
  assert.equal(isOutside(people, "p", nine - 60), true);
  assert.equal(isOutside(people, "", nine + 3600), false);
  assert.equal(isOutside(people, "p", "no_such_time"), false);
});

test("what was called off is told from what has ended, from the list and live", () => {
  const off = listed("a", TWO, { ended: TWO, cancelled: TWO });
  assert.equal(contactSays(t, clock, off, TWO).text, t("desk.state.cancelled"));
  const live = contact("b", { ended: TWO, link: false, history: [{ at: TWO, person: null, what: "cancelled" }, { at: TWO, person: null, what: "ended" }] });
  assert.ok(isCalledOff(live));
  assert.equal(contactSays(t, clock, live, TWO).text, t("desk.state.cancelled"));
  assert.notEqual(contactSays(t, clock, contact("c", { ended: TWO }), TWO).text, t("desk.state.cancelled"));
});
