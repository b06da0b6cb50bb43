// The join page as it is written.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const folder = new URL('../../web-client/join/', import.meta.url);
const page = readFileSync(new URL('index.html', folder), 'utf8');

test('no two things of the page have the same name, and every thing a script asks for by its name is there', () => {
  const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]);
  assert.deepEqual(ids.filter((id, at) => ids.indexOf(id) !== at), []);
  const scripts = ['main', 'door', 'prepare', 'room', 'data', 'more', 'chat', 'screens', 'first', 'checking', 'about'].map((name) => readFileSync(new URL(`${name}.js`, folder), 'utf8'));
  const asked = scripts.flatMap((text) => [...text.matchAll(/(?:byId|getElementById)\("([^"]+)"/g)].map((match) => match[1]));
  assert.ok(asked.length > 30);
  assert.deepEqual(asked.filter((id) => !ids.includes(id)), []);
});

/** What a module imports, and what those import, with itself. */
function all(path, needed = new Set()) {
  if (needed.has(path)) return needed;
  needed.add(path);
  const text = readFileSync(new URL(`../${path}`, folder), 'utf8');
  for (const [, from] of text.matchAll(/^import [^;]*? from "([^"]+)"/gm)) all(new URL(from, `http://page/${path}`).pathname.slice(1), needed);
  return needed;
}

/** The paths that a module fetches while it runs: not those that its comments speak of. */
function fetched(path) {
  const text = readFileSync(new URL(`../${path}`, folder), 'utf8').replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
  return [...text.matchAll(/\bimport\("([^"]+)"\)/g)].map((match) => new URL(match[1], `http://page/${path}`).pathname.slice(1));
}

test('the page asks for one script, and what must not wait stands in the page itself', () => {
  assert.deepEqual([...page.matchAll(/<script[^>]* src="([^"]+)"/g)].map((match) => match[1]), ['{{modules:join/main.js}}']);
  assert.ok(page.includes('{{script:join/first.js}}'));
});

test('only modules beside the page fetch others while they run: the one script is served from there', () => {
  const fetching = [...all('join/main.js')].filter((path) => fetched(path).length);
  assert.deepEqual(fetching.sort(), ['join/about.js', 'join/main.js', 'join/media.js']);
});

test('what is fetched while a person waits is asked for at once, so that none of it costs another round trip', () => {
  const asked = fetched('join/media.js');
  const needed = new Set();
  for (const path of asked) all(path, needed);
  assert.ok(asked.length > 1);
  assert.deepEqual([...needed].sort(), [...asked].sort());
  // A module of the page among them would be there twice, each with a memory of its own.
  const own = all('join/main.js');
  assert.deepEqual(asked.filter((path) => own.has(path)), []);
});

test('what the page keeps is fetched only when it is asked for, and brings nothing that is there already', () => {
  assert.deepEqual(fetched('join/about.js'), ['join/stays.js']);
  assert.deepEqual([...all('join/stays.js')], ['join/stays.js']);
});
