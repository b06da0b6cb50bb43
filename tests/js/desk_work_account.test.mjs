// Signing in by a work account: what the page is led back with, and what it offers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { cameBack, offered, refusalSays } from "../../web-client/desk/work_account.js";
import { t } from "./desk_world.mjs";

test("the way back says how it ended, and nothing else of an address is taken for that", () => {
  assert.equal(cameBack("#work=code"), "code");
  assert.equal(cameBack("#work=work_denied"), "work_denied");
  for (const other of ["", "#work=", "#work=A", "#work=a b", "#first=abc", "#work=code&x", `#work=${"a".repeat(41)}`]) assert.equal(cameBack(other), null, other);
});

test("every refusal of a work account has its words, and what somebody writes into an address has none of its own", () => {
  const codes = ["off", "away", "stale", "denied", "untrusted", "unknown", "no_role"];
  const said = codes.map((code) => refusalSays(t, `work_${code}`));
  assert.equal(new Set(said).size, codes.length);
  for (const words of said) assert.match(words, /\.$/);
  const failed = t("desk.work.failed");
  for (const code of ["too_many", "not_kept", "bad_query", "broken"]) assert.equal(refusalSays(t, code), failed, code);
  for (const code of [null, "", "link_finished", "work_of_a_stranger", "constructor"]) assert.equal(refusalSays(t, code), "", String(code));
});

test("the button says what was set, or our own words, and isn't there where there is no provider", () => {
  assert.deepEqual(offered(t, { ok: true, data: { on: true, label: "Council account" } }), { label: "Council account" });
  assert.deepEqual(offered(t, { ok: true, data: { on: true, label: null } }), { label: t("desk.work.do") });
  assert.equal(offered(t, { ok: true, data: { on: false, label: null } }), null);
  assert.equal(offered(t, { ok: false, problem: { code: "no_line" } }), null);
});
