// No word that gives the matter away stands where a bystander could see or hear it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { BANNED, DESK_OUTSIDE, KNOWN, bannedIn, literals, outsideOf, shown, tellingIn } from '../checks/banned-words.mjs';
import { clientFiles } from '../checks/client-files.mjs';
import { newsSays, titleSays } from '../../web-client/desk/says.js';
import { contact, t } from './desk_world.mjs';

test('no screen, title, notice, message or name that a bystander could see or hear has a banned word', () => {
  const all = shown();
  assert.ok(all.length > 300);
  assert.deepEqual(tellingIn(all), []);
});

test('a banned word planted in any of them is found', () => {
  const planted = (texts) => tellingIn(texts.map((one) => ({ ...one, text: `${one.text} Your Social-Worker is here` })));
  const all = shown();
  assert.equal(planted(all).length, all.length, 'each of them is really looked at');
  for (const from of ['words/en.json join.', 'words/en.json say.', 'words/en.json about.', 'words/en.json desk.title', 'words/en.json desk.notice.someone', 'words/en.json desk.share.words', 'words/en.json desk.share.wording.1', 'words/en.json desk.code.words', 'words/en.json desk.late.words', 'words/en.json desk.card.ask.text', 'words/en.json desk.card.ask.proof', 'join/index.html', 'the name of web-client/join/', 'signaling/src/error.rs', 'signaling/src/http/guests.rs']) {
    assert.ok(all.some((one) => one.from.includes(from)), `${from} is among them`);
  }
});

test('a word is found however it is written, and harmless words are left alone', () => {
  const found = {
    abus: ['abuse', 'ABUSED', 'anti-abuse'],
    'social work': ['Social work', 'socialworker', 'social-work', 'the social  worker'],
    safe: ['safeguarding', 'a safe word', 'Safe-word'],
    'harm=': ['harm', 'no harm.'],
    violen: ['domestic violence'],
    police: ['the Police'],
    emergenc: ['in an emergency', 'emergencies'],
  };
  for (const [word, texts] of Object.entries(found)) for (const text of texts) assert.ok(bannedIn(text).includes(word), `${word} in ${text}`);
  for (const text of ['The grapes are a harmless charm', 'Press the sign beside the address, then “Permissions”', 'Hello.', 'courageous', 'a social evening, some work']) assert.deepEqual(bannedIn(text), [], text);
  assert.deepEqual([bannedIn('Sidelight'), bannedIn('Sidelight', { mayName: true })], [['sidelight'], []]);
});

test('the list has each word once, in plain lower-case letters', () => {
  assert.ok(BANNED.length > 50);
  assert.equal(new Set(BANNED).size, BANNED.length);
  for (const word of BANNED) assert.match(word, /^[a-z]+( [a-z]+)*=?$/);
});

test('what the pages show or give away outside of themselves is done in known places only', () => {
  const scripts = [...clientFiles('.js'), ...clientFiles('.html')];
  // The pages' icons are empty ones: nothing to be recognised by among tabs.
  const icons = (place) => place.endsWith(' icon');
  assert.deepEqual(outsideOf(scripts).filter((place) => !icons(place)).sort(), [...KNOWN].sort());
  const pages = clientFiles('.html');
  assert.deepEqual(outsideOf(scripts).filter(icons), pages.map(({ path }) => `${path} icon`));
  for (const { path, text } of pages) assert.match(text, /<link rel="icon" href="data:,">/, path);
  // And it can fail.
  assert.deepEqual(outsideOf([{ path: 'a.js', text: 'document.title = "x";\nnavigator.vibrate(9);' }]), ['a.js title', 'a.js vibration']);
});

test('the title and what is said aloud come from words that are looked at', () => {
  const words = JSON.parse(readFileSync(new URL('../../web-client/words/en.json', import.meta.url), 'utf8'));
  const looked = Object.entries(words).filter(([key]) => DESK_OUTSIDE.some((begins) => key.startsWith(begins))).map(([, text]) => text);
  const filled = looked.map((text) => text.replace('{count}', '3').replace('{reference}', 'JT-4471').replace('{title}', words['desk.title']));
  for (const title of [titleSays(t, 0), titleSays(t, 1), titleSays(t, 3)]) assert.ok(looked.includes(title) || filled.includes(title), title);
  assert.ok(filled.includes(newsSays(t, { kind: 'knock', contact: 'c' }, contact('c'))));
  assert.ok(!filled.includes(t('desk.alarm.head.over')), 'other words would be told from them');
});

test('the sentences of the service are read without its tests and comments', () => {
  assert.deepEqual(literals('const A: &str = "one \\"two\\"";\n// "three"\n#[cfg(test)]\nmod tests { "four" }'), ['one \\"two\\"']);
});
