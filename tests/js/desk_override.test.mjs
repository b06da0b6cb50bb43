// Passing over a plan's refusal: the form of an administrator, and what a practitioner sees of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkOverride, numberOf, personIn } from "../../web-client/desk/override.js";
import { refusalOf, safeNow } from "../../web-client/desk/safety.js";

const ID = "4f2a90c1d3e5b7a80123456789abcdef";
const good = (other = {}) => checkOverride({ number: ID, channel: "email", minutes: "60", why: "They asked for it by phone", ...other });

test("a number that was read out is the person's, and what is none is none", () => {
  assert.equal(numberOf(ID), "4f2a 90c1 d3e5 b7a8 0123 4567 89ab cdef");
  for (const typed of [numberOf(ID), ` ${ID.toUpperCase()} `, numberOf(ID).replace(/ /g, "-")]) assert.equal(personIn(typed), ID);
  for (const typed of ["", ID.slice(1), `${ID}0`, ID.replace("f", "g"), "../../api"]) assert.equal(personIn(typed), null, typed);
});

test("what is sent is what was typed, and a reason is asked for", () => {
  assert.deepEqual(good(), { person: ID, body: { channel: "email", minutes: 60, reason: "They asked for it by phone" } });
  assert.equal(good({ number: "12" }).wrong, "number");
  for (const why of ["", "too short", " ".repeat(20), "x".repeat(401)]) assert.equal(good({ why }).wrong, "why", why);
  for (const why of ["x".repeat(10), "é".repeat(400)]) assert.equal("wrong" in good({ why }), false);
});

test("what the service lets through is let through at the desk, that way and no other", () => {
  const channels = (allowed) => ["text", "email", "calendar", "voice"].map((channel) => ({ channel, refused: channel === allowed ? null : "hour" }));
  const person = (allowed) => ({ id: ID, plan: {}, channels: channels(allowed), allowed: null });
  assert.deepEqual([safeNow(person("email")), safeNow(person("none"))], [["email"], []]);
  assert.deepEqual(["copy", "share", "text", "ring"].map((way) => refusalOf(person("email"), way)), [null, null, "hour", "hour"]);
});
