// What stays on the phone: one entry while a place is held, nothing afterwards.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as place from '../../web-client/join/place.js';

const INVITATION = '0123456789abcdef0123456789abcdef';

/** A browser that keeps things, or refuses to. */
function browser({ refuses = false, link = null } = {}) {
  const kept = new Map();
  const guard = () => {
    if (refuses) throw new Error('refused');
  };
  globalThis.localStorage = {
    getItem: (key) => (guard(), kept.has(key) ? kept.get(key) : null),
    setItem: (key, value) => (guard(), kept.set(key, value)),
    removeItem: (key) => (guard(), kept.delete(key)),
  };
  globalThis.location = { pathname: '/' };
  globalThis.history = {
    state: link && { link },
    replaceState(state) {
      this.state = state;
    },
  };
  place.forget();
  if (link) globalThis.history.state = { link };
  return kept;
}

test('only the same invitation finds the place again', () => {
  browser();
  place.keep(INVITATION, 'token');
  assert.equal(place.session(INVITATION), 'token');
  assert.equal(place.session('f'.repeat(32)), null);
  assert.equal(place.session(), 'token', 'a reload without the link');
});

test('what is kept says nothing of what it is for, and opens no invitation', () => {
  const kept = browser();
  place.keep(INVITATION, 'token');
  const all = JSON.stringify([...kept]);
  assert.doesNotMatch(all, /sidelight|call|contact/i);
  assert.ok(!all.includes(INVITATION) && !all.includes(INVITATION.slice(0, 16)));
});

test('leaving forgets the session and the link', () => {
  const kept = browser({ link: 'abc' });
  place.keep(INVITATION, 'token');
  assert.equal(place.link(), 'abc');
  assert.equal(place.forget(), 'token');
  assert.deepEqual([kept.size, place.session(), place.link(), place.forget()], [0, null, null, null]);
});

test('a renewed session takes the place of the old one, and comes back for nobody who left', () => {
  browser();
  place.keep(INVITATION, 'old');
  place.renew('new');
  assert.equal(place.session(INVITATION), 'new');
  place.forget();
  place.renew('later');
  assert.equal(place.session(), null);
});

test('a browser that keeps nothing still holds the place while the page is open', () => {
  browser({ refuses: true });
  place.keep(INVITATION, 'token');
  assert.equal(place.session(INVITATION), 'token');
  assert.equal(place.forget(), 'token');
  assert.equal(place.session(), null);
});

test('every dead link, a taken place and a poor network are told apart', async () => {
  const reply = (status, body) => async () => ({ status, ok: status < 300, json: async () => body });
  const cases = [
    [reply(200, { session: 's' }), { session: 's' }],
    [reply(404, {}), 'finished'],
    [reply(409, {}), 'taken'],
    [reply(429, {}), 'unreached'],
    [reply(503, {}), 'unreached'],
    [reply(200, {}), 'unreached'],
    [async () => { throw new TypeError('no network'); }, 'unreached'],
  ];
  for (const [fetch, expected] of cases) {
    globalThis.fetch = fetch;
    assert.deepEqual(await place.redeem(INVITATION), expected);
  }
});
