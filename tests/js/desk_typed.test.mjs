// Keeping what was typed: what the desk offers and says when, and what is put together of the texts on the page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isToBeKept, linesOf, nothingTyped, typedSays, whereTyped } from "../../web-client/desk/typed.js";
import { clock, contact, someone, t, TWO } from "./desk_world.mjs";

const view = (typed = {}, other = {}) => contact("a", { held: "here", typed: { since: null, asked: null, agreed: null, ...typed }, ...other });
const here = (other = {}) => ({ ...nothingTyped(), days: 7, ...other });

test("it is offered only where it is allowed and before anything is typed, and each step says what holds", () => {
  const where = (typed, mine = here(), written = true, other = {}) => whereTyped(view(typed, other), mine, written);
  assert.equal(where({}, here(), false), "offered");
  assert.equal(where({}, here(), true), "none", "something was typed");
  assert.equal(where({}, here({ days: 0 }), false), "none", "it isn't kept here");
  assert.equal(where({}, null, false), "none", "nothing is known yet");
  assert.equal(where({}, here(), false, { held: "elsewhere" }), "none");
  assert.equal(where({}, here(), false, { part: "asked" }), "none", "it isn't theirs to decide");
  assert.equal(where({ since: TWO }), "told");
  assert.equal(where({ since: TWO, asked: TWO }), "asked");
  assert.equal(where({ since: TWO, asked: TWO, agreed: false }), "refused");
  const agreed = { since: TWO, asked: TWO, agreed: true };
  assert.equal(where(agreed, here({ kept: "yes" })), "kept");
  assert.equal(where(agreed, here({ kept: "failed", lines: [] })), "failed");
  assert.equal(where(agreed), "lost", "loaded anew, the page has nothing any more");
});

test("it goes out only once all have agreed, once, and from the window that has it", () => {
  const agreed = { since: TWO, asked: TWO, agreed: true };
  assert.equal(isToBeKept(view(agreed), here({ lines: [] })), true);
  assert.equal(isToBeKept(view({ ...agreed, agreed: null }), here({ lines: [] })), false, "not before");
  assert.equal(isToBeKept(view({ ...agreed, agreed: false }), here({ lines: [] })), false, "one no is enough");
  assert.equal(isToBeKept(view(agreed), here()), false);
  assert.equal(isToBeKept(view(agreed), here({ lines: [], kept: "busy" })), false);
  assert.equal(isToBeKept(view(agreed), undefined), false);
});

test("what is put together is what arrived since they were told, of all, in order, and nothing of another contact", () => {
  const text = (at, body, other = {}) => ({ id: body, mine: false, body, at: at * 1000, state: "delivered", ...other });
  const threads = {
    "a p1": [text(TWO - 60, "before"), text(TWO + 2, "theirs"), text(TWO + 3, "unsent", { mine: true, state: "waiting" })],
    "a p2": [text(TWO + 1, "ours", { mine: true })],
    "b p1": [text(TWO + 1, "elsewhere")],
  };
  const people = [someone("waiting"), { ...someone("waiting"), id: "p2" }];
  assert.deepEqual(linesOf(threads, view({}, { people }), TWO * 1000), [
    { person: "p2", ours: true, at: TWO + 1, text: "ours" },
    { person: "p1", ours: false, at: TWO + 2, text: "theirs" },
  ]);
});

test("what was kept is given on in words, each with whose it is", () => {
  const line = (part, ours, text) => ({ part, ours, at: TWO, text });
  const lines = [line(null, true, "Hello"), line(null, false, "Hello you"), line("interpreter", true, "Ready?"), line("interpreter", false, "Yes")];
  const said = typedSays(t, clock, { made: TWO, gone_at: TWO, typed: { since: TWO, asked: TWO, agreed: [], lines } });
  const at = clock.time(TWO);
  assert.equal(said, [`${at} You: Hello`, `${at} service user: Hello you`, `${at} You to interpreter: Ready?`, `${at} interpreter: Yes`].join("\n"));
});
