import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SECTIONS, sectionAt, sectionsFor } from '../../web-client/admin/sections.js';
import { readFileSync } from 'node:fs';

const words = JSON.parse(readFileSync(new URL('../../web-client/words/en.json', import.meta.url), 'utf8'));
const all = [
  { name: 'one', roles: ['administrator'] },
  { name: 'two', roles: ['administrator', 'practitioner'] },
];

test('somebody sees the sections of their roles, and no other', () => {
  const names = (roles) => sectionsFor(roles, all).map(({ name }) => name);
  assert.deepEqual(names(['administrator']), ['one', 'two']);
  assert.deepEqual(names(['practitioner', 'supervisor']), ['two']);
  assert.deepEqual(names(['supervisor']), []);
});

test('the address names a section; anything else is the first', () => {
  assert.equal(sectionAt(all, '#two').name, 'two');
  for (const fragment of ['', '#', '#three', 'two', '#two ']) assert.equal(sectionAt(all, fragment).name, 'one');
});

test('each section has its words and what opens it', async () => {
  for (const { name, load } of SECTIONS) {
    assert.ok(words[`admin.${name}`] && words[`admin.${name}.hint`], name);
    assert.equal(typeof (await load()).open, 'function', name);
  }
});
