// "Leave this page", in a pretended browser that can be as poor as one likes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import vm from 'node:vm';

const code = readFileSync(new URL('../../web-client/join/first.js', import.meta.url), 'utf8');
const NEUTRAL = 'https://weather.test/';

/** A page with nothing but "Leave this page"; `did` holds what was done, in order. */
function browser({ hash = '', session = null, keeps = true, draws = true, hidden = false, page = null } = {}) {
  const did = [];
  const listeners = { page: {}, link: {}, document: {} };
  const on = (where) => (what, then) => (listeners[where][what] = listeners[where][what] || []).push(then);
  const fire = (where, what, event = {}) => {
    for (const then of listeners[where][what] || []) then({ preventDefault: () => did.push('prevented'), timeStamp: 0, ...event });
  };
  const timers = [];
  const frames = [];
  const kept = session === null ? {} : { page: JSON.stringify({ of: 'x', session }) };
  const guard = () => {
    if (!keeps) throw new Error('refused');
  };
  const html = { className: '' };
  const world = {
    document: {
      hidden,
      documentElement: html,
      getElementById: (id) => (id === 'leave' ? { href: NEUTRAL, addEventListener: on('link') } : id === 'sound' ? { pause: () => did.push('silent') } : null),
      dispatchEvent: (event) => {
        did.push(event.type);
        if (page) page(did);
      },
    },
    localStorage: { getItem: (key) => (guard(), key in kept ? kept[key] : null), removeItem: (key) => (guard(), delete kept[key]) },
    navigator: { sendBeacon: (path, body) => did.push(`${path} ${body.parts.join('')}`) },
    location: { hash, pathname: '/', replace: (where) => did.push(`to ${where}`), reload: () => did.push('reload') },
    history: { state: null, replaceState(state) { this.state = state; } },
    Event: class { constructor(type) { this.type = type; } },
    Blob: class { constructor(parts) { this.parts = parts; } },
    addEventListener: on('page'),
    requestAnimationFrame: (then) => draws && frames.push(then),
    setTimeout: (then, wait) => timers.push({ then, wait }),
  };
  vm.runInNewContext(code, world);
  /** The next picture is drawn, and what waits at most so long is done. */
  const settle = (wait = 0) => {
    for (const frame of frames.splice(0)) frame();
    for (const timer of timers.splice(0)) if (timer.wait <= wait) timer.then();
  };
  return { did, fire, settle, html, kept, world };
}

const BEACON = '/api/leave {"session":"s","how":"exit"}';

test('the page is covered and silent at once, and everything else comes after the next picture', () => {
  const { did, fire, settle, html } = browser({ session: 's' });
  fire('link', 'click');
  assert.equal(html.className, 'left');
  assert.deepEqual(did, ['prevented', 'silent']);
  settle();
  assert.deepEqual(did.slice(2), ['leaving', BEACON, `to ${NEUTRAL}`]);
});

test('where nothing is drawn the camera goes out all the same, within the promised time', () => {
  for (const options of [{ draws: false }, { draws: false, hidden: true }]) {
    const { did, fire, settle } = browser(options);
    fire('link', 'click');
    settle(options.hidden ? 0 : 150);
    assert.deepEqual(did.slice(2), ['leaving', `to ${NEUTRAL}`]);
  }
});

test('a page that goes before the next picture has left all the same, and only once', () => {
  const { did, fire, settle } = browser();
  fire('link', 'click');
  fire('page', 'pagehide');
  settle(1_000);
  assert.deepEqual(did.filter((one) => one === 'leaving'), ['leaving']);
});

test('shift three times leaves; with anything between, or slowly, it does not', () => {
  const press = (keys) => {
    const { did, fire, settle } = browser();
    for (const [key, timeStamp, repeat] of keys) fire('page', 'keydown', { key, timeStamp, repeat });
    settle(1_000);
    return did.includes('leaving');
  };
  assert.equal(press([['Shift', 1], ['Shift', 400], ['Shift', 900]]), true);
  assert.equal(press([['Shift', 1], ['Shift', 400], ['A', 500], ['Shift', 900]]), false);
  assert.equal(press([['Shift', 1], ['Shift', 400], ['Shift', 2_500]]), false);
  assert.equal(press([['Shift', 1], ['Shift', 30, true], ['Shift', 60, true]]), false, 'held down');
});

test('the space bar and the middle button leave too; the right button asks the browser as ever', () => {
  const leaves = (what, event) => {
    const { did, fire, settle } = browser();
    fire('link', what, event);
    settle(1_000);
    return did.includes('leaving');
  };
  assert.deepEqual([leaves('keydown', { key: ' ' }), leaves('mousedown', { button: 1 }), leaves('mousedown', { button: 2 }), leaves('keydown', { key: 'Tab' })], [true, true, false, false]);
});

test('a page that takes care of itself is not said goodbye for twice', () => {
  const world = browser({ session: 's', page: (did) => { did.push('goodbye'); delete world.kept.page; } });
  world.fire('link', 'click');
  world.settle();
  assert.deepEqual(world.did.slice(2), ['leaving', 'goodbye', `to ${NEUTRAL}`]);
});

test('a browser that keeps nothing, a page that breaks: the way out is the same', () => {
  for (const options of [{ keeps: false }, { page: () => { throw new Error('broken'); } }]) {
    const { did, fire, settle, html } = browser(options);
    fire('link', 'click');
    settle();
    assert.deepEqual([html.className, did[did.length - 1]], ['left', `to ${NEUTRAL}`]);
  }
});

test('the link goes with the person: a page loaded again by a frozen network is a bare one', () => {
  const { fire, settle, world } = browser({ hash: '#abc' });
  assert.deepEqual({ ...world.history.state }, { link: 'abc' });
  fire('link', 'click');
  settle();
  assert.equal(world.history.state, null);
});

test('brought back from the memory of the browser it goes again; pressed again it only tries to go', () => {
  const { did, fire, settle } = browser();
  fire('link', 'click');
  settle();
  did.length = 0;
  fire('page', 'pageshow', { persisted: true });
  assert.deepEqual(did, [`to ${NEUTRAL}`]);
  fire('link', 'click');
  assert.deepEqual(did, [`to ${NEUTRAL}`, 'prevented', `to ${NEUTRAL}`]);
});

test('another link opened in the same tab is taken out of the address and loaded', () => {
  const { did, fire, world } = browser();
  world.location.hash = '#def';
  fire('page', 'hashchange');
  assert.deepEqual([did, { ...world.history.state }], [['reload'], { link: 'def' }]);
});
