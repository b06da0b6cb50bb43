import assert from "node:assert/strict";
import { test } from "node:test";
import { call } from "../../web-client/desk/api.js";

/** What the desk makes of this answer. */
async function made(status, body) {
  const { fetch } = globalThis;
  globalThis.fetch = async () => new Response(body, { status });
  try {
    return await call("GET", "/api/people");
  } finally {
    globalThis.fetch = fetch;
  }
}

test("an answer that was cut off on its way is no answer, and one without a body is", async () => {
  assert.deepEqual(await made(200, '{"people":[]}'), { ok: true, data: { people: [] } });
  assert.deepEqual(await made(200, '{"people":['), { ok: false, problem: { code: "no_line" } });
  assert.deepEqual(await made(204, null), { ok: true, data: null });
  assert.deepEqual(await made(403, '{"code":"not_yours"}'), { ok: false, problem: { code: "not_yours" } });
  assert.deepEqual(await made(502, "<p>Bad gateway</p>"), { ok: false, problem: { code: "other" } });
});
