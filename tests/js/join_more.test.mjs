// "More" on the service user's page, and the answers of quiet mode; with a pretended page.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { more } from '../../web-client/join/more.js';
import { beginning } from '../../web-client/join/session.js';
import { words } from '../../web-client/parts/words.js';
import { pass, stopTime } from './clock.mjs';

const catalogue = JSON.parse(readFileSync(new URL('../../web-client/words/en.json', import.meta.url), 'utf8'));

/** As much of an element as this view touches. */
class Element {
  constructor(attributes = {}, children = []) {
    Object.assign(this, { attributes: { ...attributes }, children, hidden: Boolean(attributes.hidden), focused: 0, onclick: attributes.onclick });
  }
  get text() { return (this.attributes.text || '') + this.children.map((child) => child.text).join(''); }
  append(...children) { this.children.push(...children); }
  before(other) { this.above = other; }
  after(other) { this.below = other; }
  setAttribute(name, value) { this.attributes[name] = value; }
  focus() { this.focused += 1; }
}

function world() {
  stopTime();
  const did = [];
  const state = beginning();
  const sealing = { state: 'agreeing', checked: null, words: null };
  const things = Object.fromEntries(['bar', 'write', 'text', 'waiting-unseen', 'call-says'].map((id) => [id, new Element()]));
  const view = more({
    t: words(catalogue),
    page: { byId: (id) => things[id], make: (_, attributes, children) => new Element(attributes, children), show: (element, shown) => { element.hidden = !shown; }, say: (element, text) => { element.textContent = text; } },
    state,
    sealing,
    quiet: { on() { state.quiet = true; did.push('quiet'); view.draw(); }, off() { state.quiet = false; did.push('loud'); view.draw(); } },
    write: (text) => did.push(`wrote ${text}`),
    opened: () => did.push('opened'),
  });
  const [button] = things.bar.children;
  const taps = things.write.above;
  const ends = [things['waiting-unseen'].below, things['call-says'].below];
  return { state, view, button, taps, ends, panel: things.bar.above, field: things.text, did: () => did.splice(0), begin: () => things.bar.above.children[0].children[0] };
}

test('More comes last in the bar and has a name; its panel is shut until it is pressed, and shuts by Escape', () => {
  const { button, panel, view, did } = world();
  assert.equal(button.text, '•••More');
  assert.equal(button.children[0].attributes['aria-hidden'], 'true', 'its name is “More”');
  assert.deepEqual([panel.hidden, button.attributes['aria-expanded'], button.attributes['aria-controls']], [true, 'false', panel.attributes.id]);
  button.onclick();
  assert.deepEqual([panel.hidden, button.attributes['aria-expanded'], did()], [false, 'true', ['opened']]);
  panel.onkeydown({ key: 'Escape' });
  assert.deepEqual([panel.hidden, button.attributes['aria-expanded'], button.focused], [true, 'false', 1]);
  button.onclick();
  view.leave();
  assert.equal(panel.hidden, true);
});

test('one press begins quiet mode, shuts the panel, and leads to the answers', () => {
  const { button, begin, panel, taps, ends, view, did } = world();
  view.draw();
  assert.equal(taps.hidden, true);
  button.onclick();
  did();
  begin().onclick();
  assert.deepEqual([did(), panel.hidden, taps.hidden, panel.children[0].hidden], [['quiet'], true, false, true]);
  assert.deepEqual([taps.focused, ...taps.children.map((tap) => tap.focused)], [1, 0, 0, 0, 0], 'the answers, and none of them');
  // On a slow phone it is pressed twice, and an answer stands there now.
  for (const tap of [...taps.children, ...ends]) tap.onclick();
  assert.deepEqual(did(), []);
  pass(1000);
  taps.children[1].onclick();
  assert.deepEqual(did(), ['wrote No']);
});

test('an answer is written as if it had been typed; one leads to the field, and the sound comes back by a press elsewhere', () => {
  const { state, taps, ends, field, view, did } = world();
  state.quiet = true;
  view.draw();
  assert.deepEqual(taps.children.map((tap) => tap.text), ['Yes', 'No', 'Wait', "I'll type"]);
  for (const tap of taps.children) tap.onclick();
  assert.deepEqual([did(), field.focused], [['wrote Yes', 'wrote No', 'wrote Wait'], 1]);
  for (const end of ends) {
    assert.deepEqual([end.text, end.hidden], ['Turn sound on', false]);
    state.quiet = true;
    end.onclick();
    assert.deepEqual([did(), taps.hidden, end.hidden], [['loud'], true, true]);
    state.quiet = true;
    view.draw();
  }
});

test('with another screen the answers go', () => {
  const { state, taps, view } = world();
  state.quiet = true;
  view.draw();
  view.leave();
  assert.equal(taps.hidden, true);
});
