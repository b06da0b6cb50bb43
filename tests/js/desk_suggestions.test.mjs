// When the desk suggests asking again, and when it doesn't.
import assert from "node:assert/strict";
import { test } from "node:test";
import { gapIn, Suggestions } from "../../web-client/desk/suggestions.js";
import { contact, someone, t, TWO } from "./desk_world.mjs";

/** What happened to p1, one a minute. */
const happened = (...what) => what.map((one, at) => ({ at: TWO + at * 60, person: "p1", ...(typeof one === "string" ? { what: one } : one) }));
const yes = { what: "answered", answer: "yes" };
const alone = { what: "said_who", company: "me" };
const atTheDoor = ["opened", yes, "knocked"];
const inside = { name: "in", epoch: 1, started: true };
const why = (...what) => (gapIn(happened(...what), "p1").gap || { why: null }).why;

/** A desk that sees one view after the other; what it suggests at last. */
function desk() {
  const suggestions = new Suggestions();
  const at = { now: TWO, history: happened(...atTheDoor) };
  const sees = (person = {}, { seconds = 1, also = [] } = {}) => {
    at.now += seconds;
    also.forEach((one) => at.history.push({ at: at.now, person: "p1", ...(typeof one === "string" ? { what: one } : one) }));
    at.one = someone(inside, person);
    at.view = contact("a", { people: [at.one], history: at.history.slice() });
    suggestions.see([at.view], at.now);
    return suggestions.of(at.view, at.one);
  };
  return { suggestions, at, sees, notNow: () => suggestions.notNow(at.view, "p1") };
}

test("a line that was lost and is back, and another browser, are gaps; the door and its question are none", () => {
  assert.equal(why(...atTheDoor), null);
  assert.equal(why(...atTheDoor, "admitted", "its_them", "lost"), null);
  assert.equal(why(...atTheDoor, "lost", "back"), "back");
  assert.equal(why(...atTheDoor, { what: "other_browser", same_kind: true }), "other_browser");
  assert.equal(why(...atTheDoor, "moved", yes, "knocked"), "moved", "the question at the door is everybody's");
  assert.equal(why(...atTheDoor, { what: "answered", answer: "later" }, "opened_by_another", yes, "knocked"), "opened_by_another");
  assert.equal(why(...atTheDoor, "lost", "back", "opened", yes), null, "who comes anew begins anew");
  const other = happened(...atTheDoor, "lost", "back").map((one) => ({ ...one, person: "p2" }));
  assert.equal(gapIn(other, "p1").gap, null, "another's gap");
});

test("a check that was asked after the gap, or answered after it, closes it; one that went unanswered before it doesn't", () => {
  assert.equal(why(...atTheDoor, "lost", "back", "asked_again"), null);
  assert.equal(why(...atTheDoor, "lost", "back", "asked_who"), null);
  assert.equal(why(...atTheDoor, "asked_again", "lost", "back", yes), null, "answered by whoever is there since");
  assert.equal(why(...atTheDoor, "asked_who", "lost", "back", alone), null);
  assert.equal(why(...atTheDoor, "asked_who", "lost", "back", "who_unanswered"), "back");
  assert.equal(why(...atTheDoor, "asked_who", "lost", "back", "took_back_who", alone), "back");
  assert.equal(why(...atTheDoor, "asked_again", yes, "lost", "back"), "back");
});

test("all that happens to somebody who is never asked again counts as one gap, the last", () => {
  assert.deepEqual(gapIn(happened("opened", yes, "lost", "back", "lost", "back"), "p1").gap, { why: "back", at: TWO + 300 });
});

test("nothing is suggested while a check stands, however it is asked, nor of who isn't there to see it", () => {
  const { sees } = desk();
  assert.equal(sees({}, { also: ["lost", "back"] }), "back");
  for (const seconds of [1, 18, 30]) assert.equal(sees({ who: { asked: TWO, unanswered: null, said: null } }, { seconds }), null);
  assert.equal(sees({ asked: TWO }), null);
  assert.equal(sees({ lost: TWO }), null);
  assert.equal(sees({ hidden: true }), null);
  assert.equal(sees({ covered: true }), null);
});

test("within 20 s of a check that still stands a new gap is not suggested, and its answer closes it", () => {
  const { sees } = desk();
  sees({ asked: TWO }, { also: ["asked_again"] });
  assert.equal(sees({ asked: TWO }, { seconds: 10, also: ["lost", "back"] }), null);
  assert.equal(sees({}, { seconds: 5, also: [yes] }), null);
});

test("before the waiting room and after the end there is nobody to ask", () => {
  const suggestions = new Suggestions();
  for (const stage of ["asked", "choosing", "later", "left", "ended"]) {
    const one = someone(stage);
    const view = contact("a", { people: [one], history: happened("opened", yes, "lost", "back") });
    suggestions.see([view], TWO);
    assert.equal(suggestions.of(view, one), null, stage);
  }
});

test("“Carry on” on a covered page is a gap; being loaded anew under the cover is none", () => {
  const { sees } = desk();
  assert.equal(sees(), null);
  assert.equal(sees({ hidden: true, covered: true }), null);
  assert.equal(sees({ covered: true }), null, "in sight again, and covered still");
  assert.equal(sees(), "in_sight");
  // A page that is loaded anew says a moment later that it is covered.
  sees({ covered: true });
  assert.equal(sees({ covered: true }, { seconds: 30 }), null);
  assert.equal(sees(), "in_sight");
  assert.equal(sees({}, { also: ["asked_again"] }), null, "one check is enough");
  assert.equal(sees({}, { also: [yes] }), null);
});

test("a page that was out of sight for long is a gap, and a look at a message is none", () => {
  const { sees } = desk();
  sees({ hidden: true });
  assert.equal(sees({}, { seconds: 9 }), null);
  sees({ hidden: true });
  assert.equal(sees({}, { seconds: 10 }), "in_sight");
  assert.equal(sees({}, { also: ["asked_who"] }), null);
  assert.equal(sees({}, { also: [alone] }), null);
});

test("asked while it was out of sight, and answered since, it needs no other check", () => {
  const { sees } = desk();
  sees({ hidden: true, covered: true }, { also: ["asked_again"] });
  sees({ asked: TWO, covered: true });
  assert.equal(sees({ asked: TWO }), null);
  assert.equal(sees({}, { also: [yes] }), null);
});

test("“Not now” holds for what has happened, and no longer", () => {
  const { sees, notNow } = desk();
  assert.equal(sees({}, { also: ["lost", "back"] }), "back");
  notNow();
  assert.equal(sees(), null, "not twice for one event");
  assert.equal(sees({}, { seconds: 3600 }), null);
  assert.equal(sees({}, { also: ["lost", "back"] }), "back", "another time is another event");
  notNow();
  sees({ covered: true });
  assert.equal(sees(), "in_sight");
  notNow();
  assert.equal(sees(), null);
});

test("each reason has words", () => {
  const all = ["back", "other_browser", "opened_by_another", "moved", "in_sight"];
  for (const one of all) assert.match(t(`desk.suggest.${one}`), /\.$/);
});
