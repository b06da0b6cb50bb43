// What the documents say of the screens, the configuration and each other, held against what is there.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const read = (path) => readFileSync(join(root, path), "utf8");
const documents = ["README.md", "ARCHITECTURE.md", "SECURITY.md", ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`)]
  .filter((path) => path.endsWith(".md"));

/** What stands in bold, as one line each. @param {string} text */
const bold = (text) => [...text.matchAll(/\*\*([^*]+)\*\*/g)].map(([, words]) => words.replace(/\s+/g, " "));

/** Whether a screen has these words. Few of them must be all that stands there: "End" is in "Their spending" too. */
const onScreen = (words, catalogue) => catalogue.some((one) => one === words || (words.split(" ").length > 2 && one.includes(words)));

/** The keys of TOML as these files write it, each with its section. @param {string} text */
function keys(text) {
  let section = "";
  const found = [];
  for (const line of text.split("\n")) {
    const [, head] = /^\[(\w+)\]$/.exec(line) || [];
    const [, key] = /^(?:# (?=\w+ = "))?(\w+) = /.exec(line) || [];
    if (head) section = head;
    else if (key) found.push(`${section}.${key}`);
  }
  return found;
}

/** As GitHub makes a heading's anchor. @param {string} heading */
const anchor = (heading) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replace(/ /g, "-");

test("the practitioner's page names what stands on the screens, in the same words", () => {
  const catalogue = Object.values(JSON.parse(read("web-client/words/en.json")));
  const named = bold(read("docs/practitioners.md"));
  assert.ok(named.length > 30);
  assert.deepEqual(named.filter((words) => !onScreen(words, catalogue)), []);
  assert.equal(onScreen("Let them in", catalogue), false, "other words would be found");
});

test("the list of what a service user's page can say is the catalogue's, no more and no less", () => {
  const catalogue = Object.entries(JSON.parse(read("web-client/words/en.json"))).filter(([key]) => /^(join|say|about)\./.test(key)).map(([, words]) => words);
  const listed = [...read("docs/sentences.md").matchAll(/^- (.+)$/gm)].map(([, words]) => words);
  assert.ok(listed.length > 150);
  assert.deepEqual(listed.filter((words) => !catalogue.includes(words)), []);
  assert.deepEqual(catalogue.filter((words) => !listed.includes(words)), []);
});

test("the page on installing names keys that there are", () => {
  const known = keys(read("config/sidelight.toml"));
  const shown = [...read("docs/install.md").matchAll(/```toml\n([^]*?)```/g)].map(([, toml]) => keys(toml)).flat();
  assert.ok(shown.length > 5 && shown.includes("tls.certificate"));
  assert.deepEqual(shown.filter((key) => !known.includes(key)), []);
});

test("every link from one document to another leads somewhere", () => {
  const dead = [];
  for (const path of documents) {
    const text = read(path).replace(/```[^]*?```/g, "");
    for (const [, to] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(to)) continue;
      const [file, part] = to.split("#");
      const target = file ? join(dirname(path), file) : path;
      if (!existsSync(join(root, target))) dead.push(`${path}: ${to}`);
      else if (part && ![...read(target).matchAll(/^#+ (.+)$/gm)].some(([, heading]) => anchor(heading) === part)) dead.push(`${path}: ${to}`);
    }
  }
  assert.deepEqual(dead, []);
});
