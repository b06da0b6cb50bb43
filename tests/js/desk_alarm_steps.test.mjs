// What can be done about an alarm: which step is possible, what is said aloud, and what is copied for whoever helps.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { emergencyText, lineSays, nextLine, possible, takenOf } from "../../web-client/desk/alarm_steps.js";
import { groupOf, isOver } from "../../web-client/desk/contacts.js";
import { happeningSays, personSays } from "../../web-client/desk/says.js";
import { clock, contact, someone, t, TWO } from "./desk_world.mjs";

const alarm = { contact: "a", person: "p1", since: TWO + 60, how: "typed", saved: true };
const inside = someone({ name: "in", epoch: 1, started: true });

test("each press shows other words to say, and none is shown unasked", () => {
  let taken = takenOf({}, alarm);
  assert.equal(lineSays(t, taken), "");
  const said = [0, 1, 2, 3, 4].map(() => lineSays(t, (taken = nextLine(taken))));
  assert.equal(new Set(said).size, 4);
  assert.equal(said[4], said[0], "and then they begin again");
});

test("words to say give nothing away to whoever hears them", () => {
  const words = JSON.parse(readFileSync(new URL("../../web-client/words/en.json", import.meta.url), "utf8"));
  const lines = Object.keys(words).filter((key) => /^desk\.alarm\.line\.\d/.test(key)).map((key) => words[key]);
  assert.equal(lines.length, 4);
  const telling = /alarm|alert|word|help|safe|police|quiet|danger|emergency/i;
  assert.deepEqual(lines.filter((line) => telling.test(line)), []);
  assert.ok(telling.test("Are you safe?"), "the control");
});

test("only steps that would have an effect are offered", () => {
  const of = (one, other = {}) => possible(contact("a", { people: [one], ...other }), "p1");
  assert.deepEqual(of(inside), { hold: true, quiet: true, quieted: false });
  assert.deepEqual(of(inside, { held: "elsewhere" }), { hold: false, quiet: true, quieted: false });
  assert.deepEqual(of(someone("waiting")), { hold: false, quiet: true, quieted: false });
  assert.deepEqual(of(someone("later")), { hold: false, quiet: true, quieted: false });
  for (const stage of [{ name: "left", how: "exit" }, "ended", "revoked"]) {
    assert.deepEqual(of(someone(stage)), { hold: false, quiet: false, quieted: false });
  }
  assert.deepEqual(of(someone("later"), { ended: TWO }), { hold: false, quiet: false, quieted: false });
  assert.deepEqual(of(someone("ended_quietly")), { hold: false, quiet: false, quieted: true });
  assert.deepEqual(possible(undefined, "p1"), { hold: false, quiet: false, quieted: false });
});

test("the text for help has the reference, the times and what was agreed, and never the word", () => {
  const details = { word: "aunt rose", response: "Say aunt Rose rang, then ring 999", rings: true, number: "01632 960 001", help: "4 Mill Lane, aunt rose's" };
  const text = emergencyText(t, clock, contact("a", { people: [inside], details }), alarm, TWO + 120);
  assert.deepEqual(text.split("\n"), [
    "The agreed word was used at 2:01 pm.",
    "Reference: JT-4471",
    "Number: 01632 960 001",
    "Where help would go: 4 Mill Lane, …'s",
    "Agreed: Say … rang, then ring 999",
    "Copied at 2:02 pm.",
  ]);
  const without = emergencyText(t, clock, contact("a", { people: [inside], details: { number: "01632 960 001" } }), alarm, TWO + 120);
  assert.ok(!without.includes("01632"), "a number that may not be rung isn't passed on");
  assert.ok(without.includes(t("desk.alarm.no_plan")));
  assert.ok(without.split("\n").includes("Where they are now: not known"), "and what isn't known is said to be so");
});

test("who was ended quietly is over on the desk, and the history says how", () => {
  const view = contact("a", { people: [someone("ended_quietly")], link: false });
  assert.deepEqual([isOver(view), groupOf(view)], [true, "over"]);
  assert.deepEqual(personSays(t, clock, view.people[0], TWO + 60), { tone: "over", text: t("desk.state.ended_quietly", { time: clock.time(TWO) }) });
  assert.equal(happeningSays(t, { at: TWO, person: "p1", what: "ended_quietly" }), "Ended quietly");
});
