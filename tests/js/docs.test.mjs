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

/** The keys of what a service user's page can say. */
const GUEST = /^(join|say|about)\./;

/** The screens of docs/sentences.md, each with the beginnings of its keys. The longest that fits counts. */
const SCREENS = {
  "Every screen": ["join.title", "join.leave", "join.ring", "join.about"],
  "Before anything has begun": ["join.no_script", "join.stuck", "join.hello", "join.moment", "join.bare", "say.hello"],
  "About this page": ["join.about.", "about."],
  "The private question": ["join.check", "say.check"],
  "Who is there": ["join.who"],
  "Whether what was typed is kept": ["join.keep"],
  "How to talk": ["join.how", "say.how"],
  "Trying camera and microphone": ["join.prepare", "say.prepare", "say.trouble", "say.allow", "say.outside"],
  "The waiting room": ["join.late", "say.waiting", "say.try"],
  "In the conversation": ["join.room", "say.call", "say.bar", "say.text", "say.sealed"],
  "Quiet mode": ["say.quiet", "say.call.quiet"],
  "The person's data": ["say.data"],
  "When the line is lost": ["say.line", "say.ring"],
  "Out of sight and back": ["join.covered"],
  "Ends, and other pages": ["join.goodbye", "join.later", "join.declined", "join.finished", "join.taken", "join.told", "join.moved", "join.elsewhere", "join.stopped"],
};

/** Where the sentence of a key stands. @param {string} key @returns {string[]} */
function screensOf(key) {
  const fits = Object.entries(SCREENS).flatMap(([screen, begins]) => begins.filter((one) => key.startsWith(one)).map((one) => ({ screen, length: one.length })));
  const longest = Math.max(...fits.map(({ length }) => length));
  return fits.filter(({ length }) => length === longest).map(({ screen }) => screen);
}

/** What docs/safety.md puts between quotation marks and no catalogue has. */
const SAID = ["another browser", "Chrome on Android", "not allowed", "In browsers", "Where are you today?", "umbrellas", "parasol", "parasolem"];

/** What stands between quotation marks, as one line each. @param {string} text */
const quotes = (text) => [...text.replace(/\s+/g, " ").matchAll(/"([^"]+)"/g)].map(([, words]) => words);

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

test("the pages for practitioners and on safety name what stands on the screens, in the same words", () => {
  const catalogue = Object.values(JSON.parse(read("web-client/words/en.json")));
  for (const path of ["docs/practitioners.md", "docs/safety.md", "docs/guide.md", "docs/easy-read.md"]) {
    const named = bold(read(path));
    assert.ok(named.length > 12, path);
    assert.deepEqual(named.filter((words) => !onScreen(words, catalogue)), [], path);
  }
  assert.equal(onScreen("Let them in", catalogue), false, "other words would be found");
});

test("the page on safety quotes the screens in their words", () => {
  const catalogue = Object.values(JSON.parse(read("web-client/words/en.json")));
  const quoted = quotes(read("docs/safety.md"));
  const unknown = (all) => [...new Set(all)].filter((words) => !onScreen(words, catalogue) && !catalogue.some((one) => one.includes(`“${words}”`)));
  assert.ok(quoted.length > 20);
  assert.deepEqual(unknown(quoted).sort(), [...SAID].sort());
  assert.deepEqual(unknown(["This page is stopped."]), ["This page is stopped."], "other words would be found");
});

test("every sentence of a service user's page is listed on its screen, once, in its words, and nothing else is", () => {
  const catalogue = JSON.parse(read("web-client/words/en.json"));
  const keys = Object.keys(catalogue).filter((key) => GUEST.test(key));
  assert.deepEqual(keys.filter((key) => screensOf(key).length !== 1), [], "each key has one screen");
  const listed = [...read("docs/sentences.md").matchAll(/^## (.+)\n([^]*?)(?=^## |(?![^]))/gm)].map(([, screen, text]) => [screen, [...text.matchAll(/^- (.+)$/gm)].map(([, words]) => words)]);
  assert.deepEqual(listed.map(([screen]) => screen), Object.keys(SCREENS));
  for (const [screen, sentences] of listed) {
    const words = [...new Set(keys.filter((key) => screensOf(key)[0] === screen).map((key) => catalogue[key]))];
    assert.deepEqual([...sentences].sort(), words.sort(), screen);
  }
});

test("the page on installing names keys that there are", () => {
  const known = keys(read("config/sidelight.toml"));
  const set = [...read("docs/dpia.md").matchAll(/`(retention\.\w+)`/g)].map(([, key]) => key);
  assert.ok(set.length > 2);
  assert.deepEqual(set.filter((key) => !known.includes(key)), []);
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
