// The second step of signing in: what is typed, and what is shown of the service's answers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkCode, inGroups, secretIn, stateIn } from "../../web-client/desk/second_step.js";
import { t } from "./desk_world.mjs";

test("six digits are a code however they are spaced, and a backup code is one where it may be", () => {
  for (const typed of ["123456", " 123 456 ", "123-456"]) assert.deepEqual(checkCode(typed, false), [], typed);
  for (const typed of ["", "12345", "1234567", "12345a", "ABCD-EFGH-JKMN-PQRS"]) assert.equal(checkCode(typed, false)[0].field, "code", typed);
  for (const typed of ["ABCD-EFGH-JKMN-PQRS", "abcd efgh jkmn pqrs", "123456"]) assert.deepEqual(checkCode(typed, true), [], typed);
  for (const typed of ["ABCD-EFGH-JKMN-PQR", "12345", "ABCD-EFGH-JKMN-PQR!"]) assert.equal(checkCode(typed, true).length, 1, typed);
});

test("what is refused has its words", () => {
  for (const backup of [false, true]) for (const { key } of checkCode("x", backup)) assert.ok(t(key));
  for (const code of ["code_refused", "password_refused", "second_factor_on", "enrol_first"]) assert.ok(t(`desk.problem.${code}`));
});

test("a key is typed in groups, and a picture that is none is left out", () => {
  assert.equal(inGroups("ABCDEFGHIJ"), "ABCD EFGH IJ");
  assert.equal(secretIn({ secret: "AB", qr: { size: 29, path: "M1 1h2v1h-2z" } }).picture.size, 29);
  assert.equal(secretIn({ secret: "AB", qr: { size: 29, path: "<svg>" } }).picture, null);
  assert.deepEqual(stateIn({ on: true, required: false, codes_left: 3, password: true }), { on: true, required: false, left: 3, password: true });
});
