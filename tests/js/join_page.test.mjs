// The join page as it is written.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const folder = new URL('../../web-client/join/', import.meta.url);
const page = readFileSync(new URL('index.html', folder), 'utf8');

test('no two things of the page have the same name, and every thing a script asks for by its name is there', () => {
  const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]);
  assert.deepEqual(ids.filter((id, at) => ids.indexOf(id) !== at), []);
  const scripts = ['main', 'door', 'prepare', 'room', 'chat', 'first'].map((name) => readFileSync(new URL(`${name}.js`, folder), 'utf8'));
  const asked = scripts.flatMap((text) => [...text.matchAll(/(?:byId|getElementById)\("([^"]+)"/g)].map((match) => match[1]));
  assert.ok(asked.length > 30);
  assert.deepEqual(asked.filter((id) => !ids.includes(id)), []);
});

test('every module is named in the page, so that none costs another round trip', () => {
  const named = [...page.matchAll(/src="\{\{assets\}\}\/([^"]+)"/g)].map((match) => match[1]);
  const needed = new Set();
  const follow = (path) => {
    if (needed.has(path)) return;
    needed.add(path);
    const text = readFileSync(new URL(`../${path}`, folder), 'utf8');
    for (const [, from] of text.matchAll(/^import [^;]*? from "([^"]+)"/gm)) follow(new URL(from, `http://page/${path}`).pathname.slice(1));
  };
  follow('join/main.js');
  assert.deepEqual([...needed].filter((path) => !named.includes(path)), []);
  assert.deepEqual(named.filter((path) => path !== 'join/first.js' && !needed.has(path)), []);
});
