// A supervisor's duty: what this page tells the service, what it remembers, and what is said of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isUntouched } from "../../web-client/desk/alarm_steps.js";
import { openAlarm } from "../../web-client/desk/contacts.js";
import { Duty, dutySays, handoverSays, newOf, nobodyElse, untaken } from "../../web-client/desk/duty.js";
import { happeningSays } from "../../web-client/desk/says.js";
import { clock, contact, someone, t, TWO } from "./desk_world.mjs";

/** A page of Kim's, with what it sent and what its tab keeps. */
function page({ me = "kim", kept = new Map(), line = true } = {}) {
  const world = { sent: [], kept, line };
  const store = { getItem: (key) => (kept.has(key) ? kept.get(key) : null), setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
  world.duty = new Duty({ me, send: (message) => world.line && Boolean(world.sent.push(message)), store });
  return world;
}

const ON = { type: "duty", on: true };

test("nobody is on duty who hasn't pressed, and it holds when the service says so", () => {
  const { duty, sent } = page();
  duty.welcomed();
  assert.deepEqual(sent, []);
  assert.equal(duty.press(true), true);
  assert.deepEqual(sent, [ON]);
  assert.equal(duty.state.on, false, "not before the service has it");
  duty.told({ on: true, others: false });
  assert.deepEqual(duty.state, { on: true, others: false, wanted: true, known: true });
});

test("without a line a press changes nothing", () => {
  const { duty, sent, kept } = page({ line: false });
  assert.equal(duty.press(true), false);
  assert.deepEqual([sent, duty.state.wanted, kept.size], [[], false, 0]);
});

test("a page that comes back, or is loaded anew in its tab, says it again; another person's doesn't", () => {
  const first = page();
  first.duty.welcomed();
  first.duty.press(true);
  first.duty.told({ on: true, others: false });
  first.duty.lineLost();
  assert.deepEqual(first.duty.state, { on: false, others: false, wanted: true, known: false });
  assert.equal(dutySays(t, first.duty.state), t("desk.duty.no_line"));
  first.duty.welcomed();
  first.duty.told({ on: false, others: false });
  assert.equal(first.duty.state.wanted, true, "what the service says before it has heard us switches nothing off");
  assert.deepEqual(first.sent, [ON, ON]);
  const again = page({ kept: first.kept });
  again.duty.welcomed();
  assert.deepEqual(again.sent, [ON]);
  const other = page({ me: "lee", kept: first.kept });
  other.duty.welcomed();
  assert.deepEqual(other.sent, []);
});

test("switched off in another tab, refused, or signed out, it is off here too", () => {
  for (const off of [(duty) => duty.told({ on: false, others: true }), (duty) => duty.over()]) {
    const { duty, kept } = page();
    duty.welcomed();
    duty.press(true);
    duty.told({ on: true, others: false });
    off(duty);
    assert.deepEqual([duty.state.wanted, kept.size], [false, 0]);
  }
  const { duty, kept } = page();
  duty.welcomed();
  duty.told({ on: false, others: false });
  duty.press(true);
  duty.refused();
  assert.deepEqual([duty.state.wanted, kept.size], [false, 0]);
});

test("a store that refuses breaks nothing", () => {
  const broken = () => {
    throw new Error("refused");
  };
  const duty = new Duty({ me: "kim", send: () => true, store: { getItem: broken, setItem: broken, removeItem: broken } });
  duty.welcomed();
  assert.equal(duty.press(true), true);
});

test("that an alarm would reach only its practitioner is said where it is known, and only there", () => {
  assert.equal(nobodyElse({ known: false, others: false }), false);
  assert.equal(nobodyElse({ known: true, others: true }), false);
  assert.equal(nobodyElse({ known: true, others: false }), true);
});

const open = (other = {}) => ({ person: "p1", matter: "alarm", since: TWO, at_it: false, handover: null, ...other });
const over = (other = {}) => ({ at: TWO + 60, by_itself: false, taken_by: null, taken: null, ...other });
const some = { known: true, others: true };
const none = { known: true, others: false };

test("under an alarm stands who has it, who would get it, and that nobody is there", () => {
  const says = (duty, one) => handoverSays(t, clock, duty, one, TWO + 90);
  assert.equal(says(some, open()), t("desk.supervisor.by_itself"));
  assert.equal(says(some, open({ at_it: true })), "");
  assert.equal(says(some, undefined), "", "what the service doesn't know yet goes nowhere");
  assert.equal(says(none, open()), t("desk.supervisor.nobody"));
  assert.match(says(some, open({ handover: over() })), /^Handed over at 2:01 pm\. It stands before the supervisor on duty\. Nobody has said/);
  assert.match(says(none, open({ handover: over() })), /It waits for whoever comes on duty\.$/);
  assert.match(says(some, open({ handover: over({ by_itself: true }) })), /^Nobody pressed anything here for a minute/);
  assert.equal(says({ known: false, others: false }, open({ handover: over() })), "Handed over at 2:01 pm.", "without a line it isn't known who is there");
  assert.equal(says({ known: false, others: false }, open()), "");
  assert.equal(says(none, open({ handover: over({ taken_by: "Kim", taken: TWO + 60 }) })), "Kim has it since 2:01 pm.");
});

test("the service is told that somebody is at it once, and not where it has gone over", () => {
  const view = (one) => contact("a", { people: [someone("waiting")], open: one ? [one] : [] });
  assert.equal(isUntouched(view(open()), "p1"), true);
  assert.equal(isUntouched(view(null), "p1"), true, "an alarm that isn't saved yet");
  assert.equal(isUntouched(view(open({ at_it: true })), "p1"), false);
  assert.equal(isUntouched(view(open({ handover: over() })), "p1"), false);
  assert.equal(openAlarm(view(open({ matter: "exit" })), "p1"), undefined);
});

test("each alarm calls the supervisor once, and one that somebody has calls nobody", () => {
  const alarm = (contact, taken = null) => ({ contact, practitioner: "Sam", alarm: { person: "p", reference: "r", response: null, since: TWO, handover: over({ taken, taken_by: taken && "Kim" }) } });
  assert.deepEqual(newOf([], [alarm("a")]).length, 1);
  assert.deepEqual(newOf([alarm("a")], [alarm("a"), alarm("b")]).map((one) => one.contact), ["b"]);
  assert.deepEqual(newOf([alarm("a")], [alarm("a", TWO)]), []);
  assert.deepEqual(newOf([], [alarm("a", TWO)]), []);
  assert.equal(untaken([alarm("a"), alarm("b", TWO)]).length, 1);
});

test("what happened says who it went to and how", () => {
  assert.equal(happeningSays(t, { at: TWO, person: "p1", what: "handed_over", by_itself: true }), "Alarm handed over by itself");
  assert.equal(happeningSays(t, { at: TWO, person: "p1", what: "handed_over", by_itself: false }), "Alarm handed over");
  assert.equal(happeningSays(t, { at: TWO, person: "p1", what: "taken" }), "A supervisor has the alarm");
});
