// Which browser it is decides one sentence: what to press to allow camera and microphone there.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { browserOf } from '../../web-client/join/browser.js';

const agents = [
  ['Mozilla/5.0 (Linux; Android 9; SM-A105F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/87.0.4280.101 Mobile Safari/537.36', 0, 'android', 'android_chrome'],
  ['Mozilla/5.0 (Linux; Android 9; SM-A105F) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/14.0 Chrome/87.0.4280.141 Mobile Safari/537.36', 0, 'android', 'android_samsung'],
  ['Mozilla/5.0 (Android 10; Mobile; rv:115.0) Gecko/115.0 Firefox/115.0', 0, 'android', 'android_firefox'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 14_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/14.1 Mobile/15E148 Safari/604.1', 5, 'ios', 'ios'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_6) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/14.1 Safari/605.1.15', 5, 'ios', 'ios'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_6) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/14.1 Safari/605.1.15', 0, 'other', 'mac_safari'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 Edg/120.0', 0, 'other', 'chrome'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:78.0) Gecko/20100101 Firefox/78.0', 0, 'other', 'firefox'],
  ['something new', 0, 'other', 'other'],
];

test('each browser gets its own words, an unknown one general ones', () => {
  const words = JSON.parse(readFileSync(new URL('../../web-client/words/en.json', import.meta.url), 'utf8'));
  for (const [agent, touch, system, allow] of agents) {
    assert.deepEqual(browserOf(agent, touch), { system, allow }, agent);
    assert.ok(words[`say.allow.${allow}`] && words[`say.outside.${system}`], agent);
  }
});
