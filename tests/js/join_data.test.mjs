// "More" on the service user's page: what was used, what they have, and what that stops; with a pretended page and call.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { data } from '../../web-client/join/data.js';
import { KILOBYTES_A_MINUTE, beginning, screenOf, switchedOn } from '../../web-client/join/session.js';
import { words } from '../../web-client/parts/words.js';
import { readFileSync } from 'node:fs';
import { pass, stopTime } from './clock.mjs';

const catalogue = JSON.parse(readFileSync(new URL('../../web-client/words/en.json', import.meta.url), 'utf8'));
const t = words(catalogue);

/** As much of an element as the page's own functions and this view touch. */
class Element {
  constructor(tag, attributes = {}, children = []) {
    Object.assign(this, { tag, children, textContent: attributes.text || '', value: '', hidden: Boolean(attributes.hidden), focused: 0 });
    this.attributes = { ...attributes };
  }
  append(...children) { this.children.push(...children); }
  setAttribute(name, value) { this.attributes[name] = value; }
  focus() { this.focused += 1; }
  find(tag) {
    if (this.tag === tag) return this;
    for (const child of this.children) {
      const found = child instanceof Element && child.find(tag);
      if (found) return found;
    }
    return null;
  }
  get text() { return this.textContent + this.children.map((child) => (typeof child === 'string' ? child : child.text)).join(''); }
}

const settle = async () => { for (let at = 0; at < 5; at += 1) await null; };

function world({ way = 'video', minutes = 30 } = {}) {
  stopTime();
  const panel = new Element('div');
  const did = [];
  const state = { ...beginning(), place: 'session', socket: 'open', media: 'connected' };
  Object.assign(state.devices, { microphone: true, camera: true });
  const enter = (stage = {}) => {
    state.view = {
      greeting: null, practitioner: 'Sam', starts_at: 0, minutes, ways: ['video', 'voice', 'text'], waiting_words: null, way, asked: false,
      stage: { name: 'in', since: Date.now() / 1000, epoch: 1, desk: true, started: true, desk_devices: { microphone: true, camera: true, picture: true }, ...stage },
    };
  };
  /** What the connection has counted, in megabytes of payload; or, asked, never answers. */
  let megabytes = 0;
  let answers = true;
  let ceiling = 'large';
  let connection = {
    getStats: () => (answers ? Promise.resolve(new Map([['T', { id: 'T', type: 'transport', bytesSent: megabytes * 1e6, packetsSent: 0, bytesReceived: 0, packetsReceived: 0 }]])) : new Promise(() => {})),
  };
  const view = data({
    t,
    page: {
      make: (tag, attributes, children) => new Element(tag, attributes, children),
      say: (element, text) => { element.textContent = text; },
    },
    panel,
    state,
    costs: KILOBYTES_A_MINUTE,
    media: {
      get connection() { return connection; },
      setCeiling(rung) { if (rung !== ceiling) did.push(`at most ${rung}`); ceiling = rung; },
      stop() { did.push('stopped'); state.devices.camera = state.devices.microphone = false; },
    },
    send: (message) => { did.push(`${message.type} ${message.way}`); return true; },
    changed: () => view && view.draw(),
  });
  const field = panel.find('input');
  const form = panel.find('form');
  return {
    state, did, enter, panel, field, view,
    call: (next) => { connection = next; },
    hangs: () => { answers = false; },
    /** Writes this and presses "Set". */
    sets: (text) => { field.value = text; form.onsubmit({ preventDefault() {} }); },
    /** So many megabytes more, and the next look. */
    async uses(more, seconds = 5) { megabytes += more; pass(seconds * 1000); await settle(); },
    lines: () => panel.children.map((child) => child.text).filter(Boolean),
    says: () => screenOf(state).says,
    forgets: () => did.splice(0),
  };
}

test('the field has its words around it', () => {
  const { panel } = world();
  assert.equal(panel.find('label').text, 'I have about  MB');
  assert.deepEqual(panel.find('label').children.map((child) => (typeof child === 'string' ? child : child.tag)), ['I have about ', 'input', ' MB']);
});

test('what was used is told, from the conversation on and every few seconds', async () => {
  const { enter, view, uses, lines, state } = world();
  view.draw();
  assert.deepEqual(lines()[0], 'Less than 1 MB used so far.');
  await uses(2);
  assert.equal(state.data.used, 0, 'while waiting nothing is counted');
  enter();
  await uses(1.2);
  assert.equal(lines()[0], 'About 3 MB used so far.');
  assert.ok(state.data.used >= 3.2e6 && state.data.used < 3.21e6);
});

test('what was set is kept to: told at 80 %, the picture first, the sound last, and never more than that', async () => {
  const { enter, view, sets, uses, did, says, lines, state, forgets } = world();
  enter();
  view.draw();
  await uses(0);
  assert.deepEqual([state.data.budget, says()], [null, []]);
  sets('55');
  assert.deepEqual(lines(), ['Less than 1 MB used so far.', 'About 55 MB left of what you set.', 'I have about  MBSet', 'The call keeps to that.']);
  assert.deepEqual([state.data.budget, state.data.ceiling, forgets()], [55, 'small', ['at most small']]);
  await uses(30);
  assert.deepEqual([state.data.ceiling, forgets(), says()], ['stills', ['at most stills'], ['data_picture']]);
  assert.deepEqual([state.devices.camera, screenOf(state).canShow, switchedOn(state).picture], [true, true, true], 'the camera is theirs to switch, here and there');
  await uses(14.5);
  assert.deepEqual([forgets(), says()], [['at most voice'], ['data_low_picture']]);
  assert.equal(lines()[1], 'About 10 MB left of what you set.');
  await uses(10.4);
  assert.deepEqual([state.data.ceiling, forgets()], ['text', ['stopped', 'choose text']]);
  assert.equal(lines()[1], 'About 0 MB left of what you set.');
});

test('too little for a picture from the start: none is sent as the conversation begins, not seconds later', async () => {
  const { enter, view, sets, did, says, state } = world();
  sets('8');
  assert.deepEqual(did.splice(0), ['at most stills'], 'the call will begin with that');
  enter();
  view.draw();
  assert.deepEqual(did, [], 'not while the page is drawn');
  pass(0);
  await settle();
  assert.deepEqual([did, state.devices.camera, says()], [['at most voice'], true, ['data_picture']]);
});

test('that the sound has to go is said until the service has heard it', async () => {
  const { enter, view, sets, uses, forgets, state } = world({ way: 'voice' });
  enter();
  view.draw();
  sets('1');
  await uses(0.9);
  assert.deepEqual(forgets().filter((one) => one.startsWith('choose')), ['choose text']);
  await uses(0);
  assert.deepEqual(forgets(), ['stopped', 'choose text']);
  state.view = { ...state.view, way: 'text' };
  await uses(0);
  assert.deepEqual(forgets(), []);
});

test('more data, or no limit, and what was off is offered again; nothing comes on by itself', async () => {
  const { enter, view, sets, uses, forgets, state, lines } = world();
  enter();
  view.draw();
  sets('3');
  await uses(0);
  assert.deepEqual([forgets(), screenOf(state).canShow], [['at most voice_least'], true]);
  state.devices.camera = false;
  assert.equal(screenOf(state).canShow, false, 'a camera that could show nothing is not offered');
  sets('100');
  assert.deepEqual([forgets(), screenOf(state).canShow, state.devices.camera], [['at most small'], true, false]);
  sets('');
  assert.deepEqual([state.data.budget, state.data.ceiling, lines().slice(-1)], [null, 'large', ['No limit is set.']]);
});

test('what is no number is said, blames nobody and changes nothing', () => {
  const { sets, state, lines, field } = world();
  sets('20');
  for (const text of ['0', 'a lot', '-3']) {
    sets(text);
    assert.deepEqual([state.data.budget, lines().slice(-1), field.attributes['aria-invalid']], [20, ['Write a number, like 20.'], 'true']);
  }
  sets('30');
  assert.deepEqual([state.data.budget, field.attributes['aria-invalid']], [30, 'false']);
});

test('a connection that never answers stops nothing: the next one is counted', async () => {
  const { enter, view, uses, hangs, call, state } = world();
  enter();
  view.draw();
  await uses(1);
  hangs();
  await uses(1);
  await uses(1);
  call({ getStats: async () => new Map([['T', { id: 'T', type: 'transport', bytesSent: 5e6, packetsSent: 0, bytesReceived: 0, packetsReceived: 0 }]]) });
  await uses(0);
  assert.ok(state.data.used > 6e6 && state.data.used < 6.01e6, String(state.data.used));
  call({ getStats: async () => { throw new Error('closed'); } });
  await uses(0);
  call(null);
  await uses(0);
  assert.ok(state.data.used < 6.01e6);
});

test('after the conversation nothing is counted, and nothing that was written stays in the page', async () => {
  const { enter, view, sets, uses, state, panel, field } = world();
  enter();
  view.draw();
  sets('30');
  await uses(2);
  const { used } = state.data;
  state.ended = 'goodbye';
  view.leave();
  await uses(5);
  assert.equal(state.data.used, used);
  assert.equal(field.value, '');
  assert.doesNotMatch(panel.text, /\d/);
});
