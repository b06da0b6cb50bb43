import assert from "node:assert/strict";
import test from "node:test";
import { canUndo, fetchedAs } from "../../web-client/desk/release_view.js";

const fetch = (earlier, taken = null) => ({ program: "Case system", at: 5, taken, earlier });
const data = (at, ...fetched) => /** @type {any} */ ({ released: { at, safety: false, fetched } });

test("a release can be undone until a program has this very copy", () => {
  assert.ok(canUndo(data(1)) && canUndo(data(1, fetch(true))));
  assert.ok(!canUndo(data(1, fetch(true), fetch(false))) && !canUndo(data(null)) && !canUndo(/** @type {any} */ ({ released: null })));
});

test("what was fetched is told, and whether it is stored there, and that an earlier copy isn't this one", () => {
  assert.deepEqual([fetch(false), fetch(false, 7), fetch(true, 7)].map(fetchedAs), ["plain", "taken", "earlier"]);
});
