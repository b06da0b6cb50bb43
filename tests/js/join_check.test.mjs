// Trying sound and picture: what is made of what was measured, and when it ends; with a pretended page, microphone and line.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, test } from 'node:test';
import { judged, oneOfEach } from '../../web-client/call/loopback.js';
import { check, sayings } from '../../web-client/join/check.js';
import { words } from '../../web-client/parts/words.js';
import { pass, stopTime } from './clock.mjs';

const t = words(JSON.parse(readFileSync(new URL('../../web-client/words/en.json', import.meta.url), 'utf8')));
const settle = async () => { for (let at = 0; at < 20; at += 1) await null; };

const well = { connected: true, loss: 0, roundTrip: 90, rate: 900000, frames: 20 };

test('a line that carries a picture is good, one that hardly does is poor, and one that nothing came back on is none', () => {
  assert.equal(judged(well), 'good');
  assert.equal(judged({ ...well, loss: null }), 'good');
  assert.equal(judged({ ...well, loss: 0.06, roundTrip: 800, rate: 130000 }), 'good');
  assert.equal(judged({ ...well, loss: 0.07 }), 'poor');
  assert.equal(judged({ ...well, roundTrip: 801 }), 'poor');
  assert.equal(judged({ ...well, rate: 129999 }), 'poor');
  assert.equal(judged({ ...well, rate: null }), 'poor');
  assert.equal(judged({ ...well, roundTrip: null, rate: null }), 'poor');
  assert.equal(judged({ connected: false, loss: null, roundTrip: null, rate: null, frames: 0 }), 'none');
});

test('of several addresses of one kind the first is tried', () => {
  const urls = ['turn:a:1?transport=udp', 'turn:b:1?transport=udp', 'turn:a:2?transport=tcp', 'turn:b:2?transport=tcp', 'turns:c:443?transport=tcp', 'turns:c:5349?transport=tcp'];
  assert.deepEqual(oneOfEach(urls), ['turn:a:1?transport=udp', 'turn:a:2?transport=tcp', 'turns:c:443?transport=tcp']);
});

test('what is said of a silent microphone helps with that device, and nothing is said of a camera that is off', () => {
  assert.deepEqual(sayings(t, {}, 'ios'), { line: 'Trying the connection…', microphone: 'Say a few words.', camera: '' });
  for (const system of ['ios', 'android', 'other']) {
    const said = sayings(t, { connection: 'poor', microphone: 'silent', camera: 'off' }, system);
    assert.match(said.line, /^Your connection is slow\. Voice will work better than video\./);
    assert.ok(said.microphone.startsWith("We can't hear your microphone. Is "), said.microphone);
    assert.equal(said.camera, '');
  }
  assert.equal(sayings(t, { untried: true }, 'ios').line, "The connection can't be tried just now.");
  assert.equal(sayings(t, { microphone: 'on' }, 'ios').microphone, 'Your microphone is on.');
});

/** As much of an element as the page's own functions and this view touch. */
class Element {
  constructor(attributes = {}, children = []) {
    Object.assign(this, { children, hidden: false, gone: false, textContent: attributes.text || '', press: attributes.onclick, classes: new Set() });
    this.classList = { add: (name) => this.classes.add(name), remove: (name) => this.classes.delete(name) };
  }
  append(child) { this.children.push(child); }
  remove() { this.gone = true; }
  contains() { return false; }
  focus() {}
  get text() { return this.hidden ? '' : [this.textContent, ...this.children.map((child) => child.text)].filter(Boolean).join(' '); }
}

/** The page, with a microphone that is as loud as `loud` and a browser that has no calls. */
function world({ on = true, measures = true, loud = 0 } = {}) {
  stopTime();
  pass(60000);
  const waiting = new Element();
  const sent = [];
  const devices = { microphoneOn: on, cameraOn: false, audio: {}, measures, level: () => loud };
  /** @type {(() => void) | null} */
  let heard = null;
  const did = { closed: 0, meters: 0, stopped: 0 };
  globalThis.document = { activeElement: null };
  const view = check({
    t,
    page: {
      byId: () => waiting,
      make: (_, attributes, children) => new Element(attributes, children),
      say: (element, text) => { element.textContent = text; },
      show: (element, shown) => { element.hidden = !shown; },
    },
    followLevel: (_, read, onHeard) => { did.meters += 1; heard = () => read() > 0.08 && onHeard(); return () => { did.stopped += 1; }; },
    own: () => (on ? devices : null),
    trouble: () => 'There is no microphone.',
    system: 'android', title: 'Check your sound',
    send: (message) => sent.push(message),
    closed: () => { did.closed += 1; },
  });
  const panel = waiting.children[0];
  const button = (label) => panel.children[2].children.find((one) => one.textContent === label && !one.hidden);
  return { view, sent, did, panel, waiting, button, speak: () => heard && heard() };
}

const access = { urls: ['turn:a:1?transport=udp'], username: 'u', credential: 'c' };
afterEach(() => { delete globalThis.document; delete globalThis.window; });

test('a microphone that gives no sound in four seconds is spoken of, and the desk is told', async () => {
  const { view, sent, panel, did } = world();
  assert.deepEqual(sent, [{ type: 'check' }]);
  view.access(access);
  await settle();
  assert.match(panel.text, /Say a few words\./);
  pass(3999);
  assert.match(panel.text, /Say a few words\./);
  pass(1);
  assert.match(panel.text, /We can't hear your microphone\./);
  assert.deepEqual(sent.slice(1), [{ type: 'checked', checked: { connection: 'none', microphone: 'silent', camera: 'off', speaker: 'not_tried' } }]);
  assert.equal(did.meters, did.stopped);
});

test('a voice is heard, and what measures nothing says nothing', async () => {
  const spoken = world({ loud: 0.3 });
  spoken.view.access(access);
  await settle();
  spoken.speak();
  assert.match(spoken.panel.text, /Your microphone works\./);
  pass(5000);
  assert.match(spoken.panel.text, /Your microphone works\./);
  const deaf = world({ measures: false });
  deaf.view.access(access);
  await settle();
  pass(4000);
  assert.match(deaf.panel.text, /Your microphone is on\./);
  assert.equal(deaf.sent[1].checked.microphone, 'on');
});

test('without access the line is not judged, and the desk is told nothing of it', async () => {
  const { sent, panel, speak } = world({ loud: 1 });
  await settle();
  speak();
  pass(4000);
  await settle();
  assert.match(panel.text, /can't be tried just now/);
  assert.deepEqual(sent, [{ type: 'check' }]);
});

test('no sound is offered before all is known, and the desk hears of the speaker at its own pace', async () => {
  const { view, sent, button, panel, speak } = world({ loud: 1 });
  assert.equal(button('Play a sound'), undefined);
  view.access(access);
  await settle();
  speak();
  await settle();
  assert.match(panel.text, /Next, if you like: a short, soft sound\./);
  globalThis.window = {};
  button('Play a sound').press();
  button('No').press();
  assert.match(panel.text, /Turn the volume up with the buttons on the side\./);
  assert.equal(sent.length, 2);
  pass(2500);
  assert.equal(sent.length, 3);
  assert.equal(sent[2].checked.speaker, 'not_heard');
});

test('one press ends it at once, and nothing comes after', async () => {
  const { view, sent, did, panel, button, waiting } = world();
  view.access(access);
  await settle();
  button('Stop').press();
  assert.deepEqual([panel.gone, did.closed, did.stopped, waiting.classes.size], [true, 1, did.meters, 0]);
  pass(10000);
  await settle();
  assert.equal(sent.length, 1);
  view.stop();
  assert.equal(did.closed, 1);
});
