// The room behind the practitioner, and who may be disturbed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { blur, blurs } from "../../web-client/desk/blur.js";
import { calls } from "../../web-client/desk/quiet.js";

/** A camera, and what was done with it. */
function camera(able, { fails = false } = {}) {
  const did = [];
  let now = false;
  return {
    did,
    enabled: true,
    getCapabilities: () => (able === undefined ? {} : { backgroundBlur: able }),
    getSettings: () => ({ backgroundBlur: now }),
    getConstraints: () => ({ width: { ideal: 320 } }),
    async applyConstraints(wish) {
      did.push({ ...wish, enabled: this.enabled });
      if (fails) throw new Error("OverconstrainedError");
      now = wish.backgroundBlur;
    },
  };
}

test("it is offered only where the browser can do both", () => {
  assert.deepEqual([[true, false], [false, true], [true], [false], undefined].map((able) => blurs(camera(able))), [true, true, false, false, false]);
  assert.equal(blurs(null), false);
  assert.equal(blurs({}), false, "a browser without any capabilities");
});

test("nothing of the room is given before it is blurred, and what was asked for before is kept", async () => {
  const one = camera([true, false]);
  await blur(one, true);
  assert.deepEqual(one.did, [{ width: { ideal: 320 }, backgroundBlur: true, enabled: false }]);
  assert.equal(one.enabled, true);
  await blur(one, true);
  assert.equal(one.did.length, 1, "as it is already");
  await blur(one, false);
  assert.deepEqual(one.did[1], { width: { ideal: 320 }, backgroundBlur: false, enabled: true });
});

test("where it can't be had, the picture comes all the same", async () => {
  const [failing, unable] = [camera([true, false], { fails: true }), camera([false])];
  await blur(failing, true);
  await blur(unable, true);
  assert.deepEqual([failing.enabled, unable.enabled, unable.did.length], [true, true, 0]);
});

test("undisturbed, a knock calls nobody and an alarm does", () => {
  assert.deepEqual([calls("knock", false), calls("alarm", false), calls("knock", true), calls("alarm", true)], [true, true, false, true]);
});
