// The secrets of links made in one browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secrets } from '../../web-client/desk/secrets.js';

function store() {
  const kept = {};
  let writes = 0;
  return { kept, writes: () => writes, getItem: (key) => (key in kept ? kept[key] : null), setItem: (key, value) => { kept[key] = value; writes += 1; } };
}

test('a secret is kept with its contact, over a reload and in other tabs, and a newer one takes its place', () => {
  const shared = store();
  const one = new Secrets(() => shared);
  one.keep('a', 'first');
  one.keep('b', 'other');
  one.keep('a', 'second');
  const another = new Secrets(() => shared);
  assert.deepEqual([another.of('a'), another.of('b'), another.of('c')], ['second', 'other', null]);
  another.keep('a', null);
  assert.deepEqual([one.of('a'), one.of('b')], [null, 'other']);
});

test('forgetting what isn’t there writes nothing', () => {
  const shared = store();
  const secrets = new Secrets(() => shared);
  secrets.keep('a', null);
  assert.equal(shared.writes(), 0);
});

test('the oldest of five hundred gives way', () => {
  const shared = store();
  const secrets = new Secrets(() => shared);
  for (let number = 0; number < 501; number += 1) secrets.keep(`c${number}`, 's');
  assert.deepEqual([secrets.of('c0'), secrets.of('c1'), secrets.of('c500')], [null, 's', 's']);
});

test('a browser that keeps nothing, or something else, costs no more than what this page remembers', () => {
  const refuses = new Secrets(() => { throw new Error('no'); });
  refuses.keep('a', 's');
  assert.equal(refuses.of('a'), 's');
  for (const damaged of ['{', '7', '[1]', '[["a"]]', '[["a", 1]]', 'null']) {
    const shared = store();
    shared.kept.links = damaged;
    assert.equal(new Secrets(() => shared).of('a'), null, damaged);
  }
});
