// How long something has been away.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Outage } from "../../web-client/parts/outage.js";
import { pass, stopTime } from "./clock.mjs";

/** @returns {{ outage: Outage, said: () => number }} */
function watched() {
  stopTime();
  let said = 0;
  return { outage: new Outage(() => (said += 1)), said: () => said };
}

test("what is away for 30 seconds is away for long, and that is said once", () => {
  const { outage, said } = watched();
  outage.see(true);
  for (let at = 1; at < 30; at += 1) {
    pass(1000);
    outage.see(true);
    assert.equal(outage.long, false, `after ${at} seconds`);
  }
  pass(1000);
  assert.deepEqual([outage.long, said()], [true, 1]);
  outage.see(true);
  pass(120000);
  assert.deepEqual([outage.long, said()], [true, 1]);
});

test("it clears by itself when it is back, and begins anew", () => {
  const { outage, said } = watched();
  outage.see(true);
  pass(30000);
  outage.see(false);
  assert.equal(outage.long, false);
  outage.see(true);
  pass(29000);
  outage.see(false);
  pass(60000);
  assert.deepEqual([outage.long, said()], [false, 1]);
});
