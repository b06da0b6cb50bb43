import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyOf, differing, target } from '../../web-client/admin/keeping_form.js';

const keeping = {
  categories: [
    { category: 'contact', period: 24, soon: null },
    { category: 'plan', period: 90, soon: 30 },
  ],
};

test('what is typed as it holds, or is about to, is no change', () => {
  assert.equal(target(keeping.categories[1]), 30);
  assert.deepEqual(differing(keeping, {}), {});
  assert.deepEqual(differing(keeping, { contact: '24', plan: ' 30 ' }), {});
  assert.deepEqual(differing(keeping, { contact: '12', plan: '90' }), { contact: 12, plan: 90 });
  assert.deepEqual(bodyOf({ contact: 12 }), { periods: { contact: 12 } });
});

test('what is no whole number is out of all bounds, so that it is refused and never taken for another', () => {
  for (const bad of ['', ' ', '-1', '1.5', '1e3', 'twelve', '0x10', '9999999999']) {
    assert.deepEqual(differing(keeping, { contact: bad }), { contact: 4294967295 }, bad);
  }
});
