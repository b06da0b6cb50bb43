// No press does what another should.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { together } from "../../web-client/desk/together.js";

const FOLDER = new URL("../../web-client/desk/", import.meta.url);

/** The names of presses that a file has, as they are written in it. */
const names = (text) => Array.from(text.matchAll(/^    (?:\/\*\*.*\*\/ )?(?:async )?"([a-z-]+)"(?:\(|:)/gm), ([, name]) => name);

test("what is put together has all of it, and two of one name are told at once", () => {
  const all = together([{ one: () => 1 }, { two: () => 2 }]);
  assert.deepEqual([all.one(), all.two()], [1, 2]);
  assert.throws(() => together([{ one() {} }, { two() {} }, { one() {} }]), /two presses are named one/);
});

test("no two files name a press alike", () => {
  const files = readdirSync(FOLDER).filter((name) => /(^|_)actions\.js$/.test(name));
  assert.ok(files.length > 10);
  const seen = new Map();
  let count = 0;
  for (const file of files) {
    for (const name of new Set(names(readFileSync(new URL(file, FOLDER), "utf8")))) {
      assert.equal(seen.get(name), undefined, `${name} is in ${file} too`);
      seen.set(name, file);
      count += 1;
    }
  }
  assert.ok(count > 60, `${count}`);
});
