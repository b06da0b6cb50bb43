// How long a text message is, by the same examples as the service (signaling/room/src/gsm7.rs).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { MOST, places } from "../../web-client/desk/gsm7.js";

const examples = JSON.parse(readFileSync(new URL("vectors/gsm7.json", import.meta.url), "utf8"));

test("each example is counted as the service counts it", () => {
  assert.ok(examples.length > 10);
  for (const { text, ...counted } of examples) assert.deepEqual(places(text), counted, text);
});

test("one message holds 160 places, and letters that come behind an escape take two", () => {
  assert.equal(MOST, 160);
  assert.deepEqual(places("€".repeat(80)), { places: MOST });
});
