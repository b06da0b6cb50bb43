// Ringing instead: what the desk says of it, to whom, and when.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isCutOff, mayBeRung, ringingOf, Ringing } from "../../web-client/desk/ringing.js";
import { contactSays, happeningSays } from "../../web-client/desk/says.js";
import { clock, contact, someone, t, TWO } from "./desk_world.mjs";
import { pass, stopTime } from "./clock.mjs";

const inside = { name: "in", epoch: 7, started: true };
const sounds = { microphone: true, camera: false, picture: true };
const talk = (other = {}) => ({ contact: "c1", state: "interrupted", microphone: true, camera: false, ...other });
const here = (one, other = {}) => contact("c1", { people: [one], ...other });

/** A desk that looks at one contact; `says` what it says of ringing now. */
function desk() {
  stopTime();
  let drawn = 0;
  const ringing = new Ringing(() => (drawn += 1));
  const says = (view, talk = null, more = {}) =>
    ringingOf({ failing: ringing.see([view], talk), alarms: [], now: TWO, ...more }, view, view.people[0]);
  return { says, drawn: () => drawn };
}

test("where the connection to somebody who waits or talks is lost for 30 seconds, the desk says whether they may be rung", () => {
  for (const stage of ["waiting", inside]) {
    for (const rings of [true, false]) {
      const { says, drawn } = desk();
      const lost = here(someone(stage, { lost: TWO }), { details: { rings } });
      assert.equal(says(lost), "none");
      pass(29000);
      assert.deepEqual([says(lost), drawn()], ["none", 0]);
      pass(1000);
      assert.deepEqual([says(lost), drawn()], [rings ? "agreed" : "not_agreed", 1]);
      assert.equal(says(here(someone(stage), { details: { rings } })), "none", "it clears by itself when they are back");
    }
  }
});

test("where sound and picture are away for 30 seconds in a conversation, it says so too", () => {
  const { says } = desk();
  const view = here(someone(inside, { devices: sounds, way: "voice" }), { details: { rings: true } });
  assert.equal(says(view, talk()), "none");
  pass(30000);
  assert.equal(says(view, talk({ state: "connecting" })), "agreed");
  assert.equal(says(view, talk({ state: "connected" })), "none");
});

test("a line lost after the sound was lost is the same trouble, and so is waiting again after it", () => {
  const { says } = desk();
  const details = { rings: true };
  says(here(someone(inside, { devices: sounds, way: "voice" }), { details }), talk());
  pass(20000);
  says(here(someone(inside, { way: "voice", lost: TWO }), { details }), talk());
  pass(10000);
  assert.equal(says(here(someone("waiting", { way: "voice", lost: TWO }), { details })), "agreed");
});

test("nothing is missed where they type, where nobody has anything on, or where another page holds the conversation", () => {
  const voice = someone(inside, { way: "voice", devices: sounds });
  assert.equal(isCutOff(voice, talk()), true, "the control");
  assert.equal(isCutOff(someone(inside, { way: "text", devices: sounds }), talk()), false);
  assert.equal(isCutOff(someone(inside, { way: "voice" }), talk({ microphone: false })), false);
  assert.equal(isCutOff(voice, null), false);
  assert.equal(isCutOff(someone("waiting", { devices: sounds }), talk()), false);
});

test("nobody is to be rung whose page was out of sight or quiet, where the agreed word was used, or who isn't inside", () => {
  const agreed = (one, other = {}) => here(someone("waiting", { lost: TWO, ...one }), { details: { rings: true }, ...other });
  const open = [{ person: "p1", matter: "alarm", since: TWO }];
  const unsafe = [agreed({ hidden: true }), agreed({ covered: true }), agreed({ quiet: true }), agreed({}, { open })];
  assert.equal(mayBeRung(agreed({}), agreed({}).people[0]), true, "the control");
  for (const view of unsafe.concat(agreed({ stage: { name: "choosing" } }))) assert.equal(mayBeRung(view, view.people[0]), false);
  for (const view of unsafe) {
    const { says } = desk();
    says(view);
    pass(30000);
    assert.equal(says(view), "none");
  }
  const { says } = desk();
  says(agreed({}));
  pass(30000);
  assert.equal(says(agreed({}), null, { alarms: [{ contact: "c1", person: "p1" }] }), "none", "an alarm that the service doesn't know yet");
});

test("ringing is pressed once; two minutes later it can be pressed again", () => {
  const { says } = desk();
  const rung = here(someone("waiting", { lost: TWO, rung: TWO }), { details: { rings: true } });
  says(rung);
  pass(30000);
  assert.equal(says(rung, null, { now: TWO + 119 }), "ringing");
  assert.equal(says(rung, null, { now: TWO + 120 }), "agreed");
  assert.equal(happeningSays(t, { at: TWO, person: "p1", what: "rung" }), "You rang them");
});

test("the desk says “don't ring yet” only where nobody may be rung", () => {
  const says = (rings, other = {}) => contactSays(t, clock, here(someone("waiting", { lost: TWO, ...other }), { details: { rings } }), TWO).text;
  assert.match(says(false), /Don't ring/);
  assert.doesNotMatch(says(true), /ring/);
  assert.match(says(true, { stage: { name: "choosing" } }), /Don't ring/);
});

test("who is gone is forgotten, and nothing rings for them later", () => {
  const { says, drawn } = desk();
  says(here(someone("waiting", { lost: TWO })));
  says(here(someone({ name: "left", how: "end" })));
  pass(60000);
  assert.equal(drawn(), 0);
});
