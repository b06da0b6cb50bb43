// "About this page": what is said to stay on a phone is what stays there, for each kind of browser.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { browserOf } from '../../web-client/join/browser.js';
import { keysFor, stays } from '../../web-client/join/stays.js';

const words = JSON.parse(readFileSync(new URL('../../web-client/words/en.json', import.meta.url), 'utf8'));
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const agents = {
  'Chrome on Android': ['Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36', 0],
  'Firefox on Android': ['Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0', 0],
  'Samsung Internet': ['Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-A135F) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36', 0],
  'Safari on an iPhone': [`${IPHONE} Version/17.5 Mobile/15E148 Safari/604.1`, 5],
  'Chrome on an iPhone': [`${IPHONE} CriOS/131.0 Mobile/15E148 Safari/604.1`, 5],
  'Firefox on an iPhone': [`${IPHONE} FxiOS/133.0 Mobile/15E148 Safari/605.1.15`, 5],
  'Safari on a Mac': ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15', 0],
  'Chrome on a computer': ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36', 0],
  'Firefox on a computer': ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', 0],
  'one nobody knows': ['something new', 0],
};
const keys = (name) => keysFor(browserOf(...agents[name]), agents[name][0]);
const said = (name) => keys(name).map((key) => words[key]).join(' ');

test('each browser is told of the message, its history, what it allowed, its signs and the bill, in words there are', () => {
  for (const name of Object.keys(agents)) {
    const all = keys(name);
    assert.deepEqual(all.filter((key) => !words[key]), [], name);
    for (const part of ['message', 'history.', 'link', 'allowed.', 'sign.', 'bill', 'network']) {
      assert.equal(all.filter((key) => key.startsWith(`about.${part}`)).length, 1, `${name}: ${part}`);
    }
  }
});

test('a browser is named only where it is that one, and every list is said to reach other devices', () => {
  const NAMES = ['Chrome', 'Firefox', 'Samsung Internet', 'Safari'];
  const named = (name) => NAMES.filter((one) => said(name).includes(one));
  assert.deepEqual(Object.fromEntries(Object.keys(agents).map((name) => [name, named(name).join()])), {
    'Chrome on Android': 'Chrome', 'Firefox on Android': 'Firefox', 'Samsung Internet': 'Samsung Internet', 'Safari on an iPhone': 'Safari',
    // They keep lists of their own, and on an iPhone what they remember is theirs: said in general words.
    'Chrome on an iPhone': '', 'Firefox on an iPhone': '', 'Safari on a Mac': 'Safari',
    // Edge and many others call themselves Chrome.
    'Chrome on a computer': '', 'Firefox on a computer': 'Firefox', 'one nobody knows': '',
  });
  for (const name of Object.keys(agents)) assert.match(said(name), /Other devices/, name);
});

test('the list of open apps and the learning keyboard are told of on phones and tablets', () => {
  const told = Object.keys(agents).filter((name) => keys(name).includes('about.apps') && keys(name).includes('about.keyboard'));
  assert.deepEqual(told, ['Chrome on Android', 'Firefox on Android', 'Samsung Internet', 'Safari on an iPhone', 'Chrome on an iPhone', 'Firefox on an iPhone']);
});

test('all words about what stays are used for some browser', () => {
  const used = new Set(Object.keys(agents).flatMap(keys).concat('about.title', 'about.back'));
  assert.deepEqual(Object.keys(words).filter((key) => key.startsWith('about.') && !used.has(key)), []);
});

test('it is a list with a plain way back', () => {
  let went = 0;
  const page = { make: (tag, attributes) => ({ tag, ...attributes }) };
  const all = stays({ t: (key) => words[key], page, keys: ['about.message', 'about.bill'], back: () => (went += 1) });
  assert.deepEqual(all.map(({ tag, text }) => [tag, text]), [['h2', words['about.title']], ['p', words['about.message']], ['p', words['about.bill']], ['button', 'Go back']]);
  all[3].onclick();
  assert.equal(went, 1);
});

test('it stands on the first screen alone, and never promises that nothing stays', () => {
  const html = readFileSync(new URL('../../web-client/join/index.html', import.meta.url), 'utf8');
  assert.equal([...html.matchAll(/<details/g)].length, 1);
  assert.ok(html.indexOf('<details') > html.indexOf('id="hello"') && html.indexOf('<details') < html.indexOf('id="moment"'));
  const all = Object.entries(words).filter(([key]) => key.startsWith('about.') || key.startsWith('join.about')).map(([, text]) => text).join(' ');
  assert.doesNotMatch(all, /no trace|nothing stays|erases?|completely/i);
});
