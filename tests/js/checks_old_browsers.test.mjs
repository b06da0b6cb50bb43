// The checks of the web client can fail: each is given something that an old browser lacks.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interfacesBeyond, syntaxBeyond } from '../checks/script-uses.mjs';
import { pageBeyond, stylesBeyond } from '../checks/style-uses.mjs';

const script = (text) => ({ path: 'web-client/planted.js', text });
const uses = (text) => interfacesBeyond([script(text)], '/planted/').map((line) => line.replace(/^web-client\/planted\.js:/, '').replace(/: ask for.*/, ''));

test('syntax after ES2020 is refused', () => {
  for (const text of ['class A { #b = 1; }', 'class A { static b = 1; }', 'a ||= 1;', 'const a = 1_000;', 'await 1;', 'export * as a from "./b.js";', '/(?<=a)b/.test("");']) {
    assert.equal(syntaxBeyond(script(text)).length, 1, text);
  }
  assert.deepEqual(syntaxBeyond(script('export const a = (b) => b?.c ?? import("./d.js");')), []);
});

test('an interface that an old browser lacks is refused', () => {
  assert.deepEqual(uses('structuredClone({});'), ['1: structuredClone is missing in chrome, chrome_android, firefox, safari, safari_ios']);
  assert.deepEqual(uses('[1].at(0);'), ['1: at is missing in chrome, chrome_android, firefox, safari, safari_ios']);
  assert.deepEqual(uses('Object.hasOwn({}, "a");'), ['1: hasOwn is missing in chrome, chrome_android, firefox, safari, safari_ios']);
  assert.deepEqual(uses('crypto.randomUUID();'), ['1: randomUUID is missing in chrome, chrome_android, firefox, safari, safari_ios']);
  assert.deepEqual(uses('AbortSignal.timeout(1);'), ['1: timeout is missing in chrome, chrome_android, firefox, safari, safari_ios']);
  assert.equal(uses('const { connectionState } = new RTCPeerConnection(); connectionState;').length, 1);
  assert.equal(uses('navigator.wakeLock.request("screen");').length, 1);
  assert.equal(uses('document.body.addEventListener("beforetoggle", () => {});').length, 1);
  assert.equal(uses('/** @type {any} */ const a = []; a.toSorted();').length, 1, 'also where nothing is known of the object');
});

test('the same interface is allowed where the script asks for it first', () => {
  assert.deepEqual(uses('if ("wakeLock" in navigator) navigator.wakeLock.request("screen");'), []);
  assert.deepEqual(uses('navigator.wakeLock?.request("screen").then((lock) => lock.release());'), []);
  assert.deepEqual(uses('const lock = navigator.wakeLock; if (lock) lock.request("screen");'), []);
  assert.deepEqual(uses('if (crypto.randomUUID) crypto.randomUUID();'), []);
});

test('what all the old browsers have is allowed', () => {
  assert.deepEqual(uses('document.body.replaceChildren(); new Map([[1, 2]]).forEach(() => {}); new AbortController().abort(); [1].flatMap((a) => [a]);'), []);
  assert.deepEqual(uses('class A { at() { return 1; } } new A().at();'), [], 'also an own method of the same name');
});

test('a style that an old browser lacks, or the content policy forbids, is refused', () => {
  const styles = (text) => stylesBeyond({ path: 'a.css', text }).length;
  assert.equal(styles('a:has(b) { color: red; }'), 1);
  assert.equal(styles('a { container-type: inline-size; }'), 1);
  assert.equal(styles('a { b { color: red; } }'), 1);
  assert.equal(styles('@layer a { a { color: red; } }'), 1);
  assert.equal(styles('a { height: 100dvh; }'), 1);
  assert.equal(styles('a { height: 100vh; height: 100dvh; }'), 0, 'an older value before it catches it');
  assert.equal(styles('a, b:focus-visible { color: red; }'), 1);
  assert.equal(styles('@supports (container-type: inline-size) { a { container-type: inline-size; } }'), 0);
  assert.equal(styles('@media (prefers-color-scheme: dark) { a > b::before { content: "}"; display: grid; inset: 0; } }'), 0);
  const page = (text) => pageBeyond({ path: 'a.html', text }).length;
  assert.equal(page('<dialog>a</dialog>'), 1);
  assert.equal(page('<p style="color: red">a</p>'), 1);
  assert.equal(page('<p onclick="a()">a</p>'), 1);
  assert.equal(page('<img src="https://elsewhere.example/a.png" alt="">'), 1);
  assert.equal(page('<main><button type="button" hidden>a</button><input type="text" autocomplete="off"></main>'), 0);
});
