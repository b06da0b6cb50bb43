// What stays on the phone: one entry while a place is held, nothing afterwards.
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { test } from 'node:test';
import * as place from '../../web-client/join/place.js';

// The Node of Debian 12 has what browsers have, but not yet where they have it.
globalThis.crypto ??= webcrypto;

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

test('a covered place stays covered, however the page comes back, until somebody carries on or leaves', () => {
  const kept = browser();
  place.cover(true);
  assert.deepEqual([kept.size, place.covered()], [0, false], 'there is nothing to cover');
  place.keep(INVITATION, 'token');
  place.cover(true);
  place.renew('next');
  assert.deepEqual([place.covered(), place.session(INVITATION)], [true, 'next']);
  place.cover(false);
  assert.equal(place.covered(), false);
  place.cover(true);
  place.keep('f'.repeat(32), 'another');
  assert.equal(place.covered(), false, 'another place was never covered');
  place.cover(true);
  place.forget();
  assert.deepEqual([kept.size, place.covered()], [0, false]);
});

test('a quiet place stays quiet, however the page comes back and whatever covers it, until the sound is turned on or they leave', () => {
  const kept = browser();
  place.hush(true);
  assert.deepEqual([kept.size, place.quiet()], [0, false], 'there is nothing to be quiet');
  place.keep(INVITATION, 'token');
  place.hush(true);
  place.renew('next');
  place.cover(true);
  place.cover(false);
  assert.deepEqual([place.quiet(), place.covered(), place.session(INVITATION)], [true, false, 'next']);
  place.hush(false);
  assert.equal(place.quiet(), false);
  place.hush(true);
  place.keep('f'.repeat(32), 'another');
  assert.equal(place.quiet(), false, 'another place was never quiet');
  place.hush(true);
  place.forget();
  assert.deepEqual([kept.size, place.quiet()], [0, false]);
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

test('every dead link, a taken place, a press too early and a poor network are told apart', async () => {
  const reply = (status, body) => async () => ({ status, ok: status < 300, json: async () => body });
  const cases = [
    [reply(200, { session: 's' }), { session: 's' }],
    [reply(404, {}), 'finished'],
    [reply(409, {}), 'taken'],
    [reply(403, { code: 'too_early', starts_at: 1700000000 }), { startsAt: 1700000000, ring: null }],
    [reply(403, { code: 'too_early' }), { startsAt: 0, ring: null }],
    [reply(403, { code: 'too_early', ring: [] }), { startsAt: 0, ring: [] }],
    [reply(403, {}), 'unreached'],
    [reply(429, {}), 'limited'],
    [reply(503, {}), 'unreached'],
    [reply(200, {}), 'unreached'],
    [async () => { throw new TypeError('no network'); }, 'unreached'],
  ];
  for (const [fetch, expected] of cases) {
    globalThis.fetch = fetch;
    assert.deepEqual(await place.redeem(INVITATION, 'claim', false), expected);
  }
});

test('what was typed is said to be a code, and a link is not', async () => {
  const sent = [];
  globalThis.fetch = async (_, { body }) => {
    sent.push(JSON.parse(body));
    return { status: 404, ok: false, json: async () => ({}) };
  };
  for (const typed of [true, false]) await place.redeem(INVITATION, 'claim', typed);
  assert.deepEqual(sent, [true, false].map((typed) => ({ invitation: INVITATION, claim: 'claim', typed })));
});

test('pressing again is the same press, also after a reload; another link is another', async () => {
  browser({ link: 'abc' });
  const first = place.claim();
  assert.match(first, /^[0-9a-f]{24}$/);
  assert.equal(place.claim(), first);
  assert.deepEqual(globalThis.history.state, { link: 'abc', claim: first }, 'kept with the link, and gone with it');
  place.forgetLink();
  assert.equal(globalThis.history.state, null);
  assert.notEqual(place.claim(), first);
});

test('a browser that lets the history be changed only so often still says the same press twice, and leaves', () => {
  browser({ link: 'abc' });
  place.keep(INVITATION, 'token');
  globalThis.history.replaceState = () => {
    throw new Error('too often');
  };
  assert.equal(place.claim(), place.claim());
  assert.equal(place.forget(), 'token');
});

test('goodbye is said by a request that outlives the page, or by a beacon where that is missing or fails', async () => {
  const said = [];
  globalThis.Request = class {
    get keepalive() {
      return false;
    }
  };
  globalThis.fetch = async (path, options) => void said.push([path, options.keepalive, options.body]);
  Object.defineProperty(globalThis, 'navigator', {
    configurable: true,
    value: { sendBeacon: (path, body) => said.push([path, 'beacon', body.type]) > 0 },
  });
  const body = JSON.stringify({ session: 's', how: 'exit' });
  place.sayGoodbye('s', 'exit');
  assert.deepEqual(said.splice(0), [['/api/leave', true, body]]);
  globalThis.fetch = async () => {
    throw new TypeError('no network');
  };
  place.sayGoodbye('s', 'exit');
  await new Promise((done) => setTimeout(done, 0));
  assert.deepEqual(said.splice(0), [['/api/leave', 'beacon', 'application/json']]);
  globalThis.Request = class {};
  place.sayGoodbye('s', 'exit');
  assert.deepEqual(said.splice(0), [['/api/leave', 'beacon', 'application/json']]);
});
