// Where help would go: when it is asked, and what the desk shows. And the agreed word, held back from what is sent.
import assert from "node:assert/strict";
import { test } from "node:test";
import { helpStands, withHelp } from "../../web-client/desk/help.js";
import { isHeldBack } from "../../web-client/desk/held_back.js";
import { contact, details, someone, TWO } from "./desk_world.mjs";

const inside = someone({ name: "in", epoch: 1, started: true });
const admitted = [{ at: TWO, person: "p1", what: "admitted" }];

test("it is asked from when somebody is let in until the contact is over, and changeable all the while", () => {
  const stands = (other, changing = null) => helpStands(contact("a", other), changing);
  const known = { details: { help: "4 Mill Lane" } };
  assert.equal(stands({ people: [someone("waiting")] }), "none", "nobody was let in yet");
  assert.equal(stands({ people: [inside] }), "ask");
  assert.equal(stands({ people: [someone("waiting")], history: admitted }), "ask", "put back, it is asked still");
  assert.equal(stands({ people: [inside], ...known }), "known");
  assert.equal(stands({ people: [inside], ...known }, "a"), "change");
  assert.equal(stands({ people: [inside], ...known }, "b"), "known", "another contact's is being changed");
  assert.equal(stands({ people: [inside], ended: TWO }), "none");
  assert.equal(stands({ people: [], ended: TWO, ...known }, "a"), "known", "what is over is shown, and not changed");
});

test("what was saved stands there at once, in its own contact alone", () => {
  const contacts = { a: contact("a"), b: contact("b") };
  const after = withHelp(contacts, "a", "4 Mill Lane");
  assert.deepEqual([after.a.details.help, after.b.details.help, contacts.a.details.help], ["4 Mill Lane", null, null]);
  assert.equal(withHelp(contacts, "gone", "x"), contacts);
});

test("the agreed word, its slips and its spellings are held back once, and nothing else is", () => {
  const agreed = details({ word: "tamarind", spellings: ["tamarynd", "aunt rose"] });
  const held = (body, before = "", last = null, key = "a p1") => isHeldBack(body, before, agreed, last, key);
  for (const body of ["Say tamarind", "Is it TAMARIND?", "tamarnid", "The word is tamarynd.", "How is aunt Rose?"]) assert.equal(held(body), true, body);
  for (const body of ["Hello", "How is your aunt?", ""]) assert.equal(held(body), false, body);
  assert.equal(held("Rose?", "And your aunt"), true, "split over two");
  assert.equal(held("Hello", "Say tamarind"), false, "what was sent already is sent");
  const last = { thread: "a p1", body: "Say tamarind" };
  assert.equal(held("Say tamarind", "", last), false, "not a second time");
  assert.equal(held("Say tamarind!", "", last), true, "another text is another text");
  assert.equal(held("Say tamarind", "", last, "b p1"), true, "and another person another person");
  assert.equal(isHeldBack("anything", "", details(), null, "a p1"), false, "where none is agreed");
});
