// Signing in, the one-time link, and the words for what the service answers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkFirst, checkSignIn, firstLinkToken, problemSays, waitSays } from "../../web-client/desk/account.js";
import { words } from "../../web-client/parts/words.js";
import { readFileSync } from "node:fs";

const t = words(JSON.parse(readFileSync(new URL("../../web-client/words/en.json", import.meta.url), "utf8")));
const good = { name: "Sam Rivers", email: "sam@example.org", password: "quiet harbour lantern" };
const wrong = (other) => checkFirst({ ...good, ...other }).map((one) => [one.field, one.key]);

test("only a one-time link's own fragment is taken for its token", () => {
  assert.equal(firstLinkToken("#first=AbC-12_3"), "AbC-12_3");
  for (const other of ["", "#", "#first=", "#first=a b", "#second=abc", `#first=${"a".repeat(201)}`])
    assert.equal(firstLinkToken(other), null);
});

test("length is what a password needs; what it is made of doesn't matter", () => {
  assert.deepEqual(wrong({}), []);
  assert.deepEqual(wrong({ password: "a".repeat(12) }), []);
  assert.deepEqual(wrong({ password: "aB3$56789ab" }), [["password", "desk.account.wrong.short"]]);
  assert.deepEqual(wrong({ password: "a".repeat(201) }), [["password", "desk.account.wrong.long"]]);
});

test("name and email are asked for before anything is sent", () => {
  assert.deepEqual(wrong({ name: " ", email: "sam" }), [
    ["name", "desk.account.wrong.name"],
    ["email", "desk.account.wrong.email"],
  ]);
  assert.deepEqual(
    checkSignIn({ email: "sam@example.org", password: "" }).map((one) => one.field),
    ["password"],
  );
  assert.deepEqual(checkSignIn({ email: "sam@example.org", password: "x" }), []);
});

test("too many tries says how long to wait, in seconds or in minutes rounded up", () => {
  assert.equal(problemSays(t, { code: "too_many", retry_after: 45 }), "There were too many tries. Wait 45 seconds, then try again.");
  assert.equal(problemSays(t, { code: "too_many", retry_after: 241 }), "There were too many tries. Wait 5 minutes, then try again.");
  assert.equal(waitSays(t, 1), "1 second");
  assert.equal(waitSays(t, 0), "1 second");
});

test("what makes a password easy to guess, the service says", () => {
  assert.equal(problemSays(t, { code: "password_weak", title: "Names are easily guessed." }), "Names are easily guessed.");
});

test("a code without words of ours gets the service's sentence, and never a bare code", () => {
  assert.equal(problemSays(t, { code: "newer_than_this", title: "A sentence." }), "A sentence.");
  assert.equal(problemSays(t, { code: "newer_than_this" }), t("desk.problem.other"));
});
