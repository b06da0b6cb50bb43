// Who is there, by text: asked at the beginning and after every gap, and gone until the next once they are known.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Proofs, proofSays } from "../../web-client/desk/proof.js";
import { contact, someone, t, TWO } from "./desk_world.mjs";

const started = { name: "in", epoch: 1, started: true };
const typing = (other = {}) => someone(started, { way: "text", ...other });
const KEY = "a p1";

/** A typed conversation, looked at again and again. */
function watched() {
  const proofs = new Proofs();
  let texts = [];
  return {
    proofs,
    writes: (now, mine = false) => (texts = texts.concat({ id: String(now), mine, body: "x", at: now * 1000, state: "sent" })),
    see: (one, now = TWO, other = {}) => proofs.see([contact("a", { people: [one], ...other })], { [KEY]: texts }, now)[KEY],
    due: (one, now = TWO) => proofs.see([contact("a", { people: [one] })], { [KEY]: texts }, now)[KEY].due,
  };
}

test("it is asked when a typed conversation begins, and not again once they are known", () => {
  const { proofs, due } = watched();
  assert.equal(due(typing()), true);
  assert.equal(due(typing(), TWO + 60), true, "until it is answered");
  proofs.known(KEY, TWO + 60);
  assert.equal(due(typing(), TWO + 70), false);
});

test("it is for typed conversations that have begun, and no others", () => {
  const { see } = watched();
  assert.equal(see(someone(started, { way: "video" })), undefined);
  assert.equal(see(someone(started, { way: "voice" })), undefined);
  assert.equal(see(someone({ name: "in", epoch: 1, started: false }, { way: "text" })), undefined, "“It's them” is asked there already");
  assert.equal(see(someone("waiting", { way: "text" })), undefined);
  assert.equal(see(typing(), TWO, { ended: TWO }), undefined);
  assert.equal(see(typing()).due, true, "the control");
});

test("it is asked anew after every gap", () => {
  const gaps = {
    "a line lost and back": [typing({ lost: TWO }), typing()],
    "a page hidden and back": [typing({ hidden: true }), typing()],
    "a page covered and back": [typing({ covered: true }), typing()],
    "another browser": [typing({ other: { since: TWO + 5, same_kind: true, there: true } })],
    "another way to talk meanwhile": [someone(started, { way: "voice" }), typing()],
    "put back and let in again": [someone("waiting", { way: "text" }), typing()],
  };
  for (const [gap, steps] of Object.entries(gaps)) {
    const { proofs, see } = watched();
    see(typing());
    proofs.known(KEY, TWO);
    assert.equal(see(typing(), TWO + 1).due, false, gap);
    const last = steps.map((one) => see(one, TWO + 10)).pop();
    assert.equal(last.due, true, gap);
    proofs.known(KEY, TWO + 10);
    assert.equal(see(steps[steps.length - 1], TWO + 20).due, false, `${gap}: once`);
  }
});

test("a page that is away isn't asked about before it is back", () => {
  const { proofs, due } = watched();
  due(typing());
  proofs.known(KEY, TWO);
  assert.equal(due(typing({ lost: TWO }), TWO + 1), false);
  assert.equal(due(typing({ lost: TWO }), TWO + 60), false);
  assert.equal(due(typing(), TWO + 61), true);
});

test("ten minutes without a text from them are a gap, and the practitioner's own don't count", () => {
  const { proofs, due, writes } = watched();
  due(typing());
  proofs.known(KEY, TWO);
  writes(TWO + 100);
  assert.equal(due(typing(), TWO + 100), false);
  writes(TWO + 600, true);
  assert.equal(due(typing(), TWO + 699), false);
  assert.equal(due(typing(), TWO + 700), true);
  proofs.known(KEY, TWO + 700);
  assert.equal(due(typing(), TWO + 1299), false, "counted from when they were known");
  assert.equal(due(typing(), TWO + 1300), true);
});

test("what comes after a long silence may come from another", () => {
  const { proofs, due, writes } = watched();
  due(typing());
  proofs.known(KEY, TWO);
  // A page that slept looks again only now.
  writes(TWO + 900);
  assert.equal(due(typing(), TWO + 900), true);
});

test("“Not sure” says what was agreed, and the answer stands there on a press only", () => {
  const { proofs, see } = watched();
  assert.deepEqual([see(typing()).answer, see(typing()).unsure], [false, false]);
  proofs.answer(KEY);
  proofs.unsure(KEY);
  assert.deepEqual([see(typing()).answer, see(typing()).unsure], [true, true]);
  proofs.answer(KEY);
  assert.equal(see(typing()).answer, false);
  proofs.answer(KEY);
  see(typing({ lost: TWO }));
  const { answer, unsure, due } = see(typing());
  assert.deepEqual({ answer, unsure, due }, { answer: false, unsure: false, due: true }, "a gap hides it");
  const plan = { proves_us: "What did I bring?", proves_them: "What is the dog called?", proves_them_answer: "Biscuit", if_other: "Say it was a wrong number." };
  assert.deepEqual(proofSays(t, plan), {
    ask: "What is the dog called?",
    answer: "Their answer: Biscuit",
    theirs: "They may ask you: What did I bring?",
    unsure: "Agreed for someone else: Say it was a wrong number.",
  });
  const none = proofSays(t, undefined);
  assert.deepEqual([none.ask, none.answer, none.theirs, none.unsure], ["Ask something only they know.", "", "", t("desk.proof.unsure.none")]);
});
