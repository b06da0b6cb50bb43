// The desk is silent and still while the other side could hear or see it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { mayNotify } from "../../web-client/desk/notices.js";
import { allowed } from "../../web-client/desk/quiet.js";

const both = [false, true];

test("while the microphone or the camera is on and no headphones are confirmed, nothing sounds, moves or is read out", () => {
  for (const sounds of both) {
    for (const [microphone, camera] of [
      [true, false],
      [false, true],
      [true, true],
    ]) {
      assert.deepEqual(allowed({ microphone, camera, headphones: false, sounds }), { sound: false, motion: false, announce: false });
    }
  }
});

test("with both off the desk sounds, moves and speaks as it is set", () => {
  for (const headphones of both) {
    assert.deepEqual(allowed({ microphone: false, camera: false, headphones, sounds: true }), {
      sound: true,
      motion: true,
      announce: true,
    });
    assert.deepEqual(allowed({ microphone: false, camera: false, headphones, sounds: false }), {
      sound: false,
      motion: true,
      announce: true,
    });
  }
});

test("headphones give sound and reading out back, but with the camera on nothing moves", () => {
  assert.deepEqual(allowed({ microphone: true, camera: false, headphones: true, sounds: true }), {
    sound: true,
    motion: true,
    announce: true,
  });
  assert.deepEqual(allowed({ microphone: true, camera: true, headphones: true, sounds: true }), {
    sound: true,
    motion: false,
    announce: true,
  });
  assert.deepEqual(allowed({ microphone: true, camera: false, headphones: true, sounds: false }), {
    sound: false,
    motion: true,
    announce: true,
  });
});

test("a notice comes only where it was asked for, while the desk is hidden, and while nobody could hear or see it", () => {
  const may = (other) => mayNotify({ on: true, hidden: true, microphone: false, camera: false, headphones: false, ...other });
  assert.deepEqual([may({}), may({ on: false }), may({ hidden: false })], [true, false, false]);
  assert.deepEqual([may({ microphone: true }), may({ camera: true })], [false, false]);
  assert.deepEqual([may({ microphone: true, camera: true, headphones: true }), may({ on: false, headphones: true })], [true, false]);
});
