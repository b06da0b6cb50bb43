import assert from "node:assert/strict";
import { test } from "node:test";
import { words } from "../../web-client/parts/words.js";

test("words are found, filled in and counted", () => {
  const t = words({ hear: "Tap to hear {name}", "wait.one": "{count} minute", "wait.other": "{count} minutes" });
  assert.equal(t("hear", { name: "Sam" }), "Tap to hear Sam");
  assert.equal(t("hear"), "Tap to hear {name}");
  assert.equal(t("wait", { count: 1 }), "1 minute");
  assert.equal(t("wait", { count: 5 }), "5 minutes");
  assert.equal(t("missing"), "missing");
});
