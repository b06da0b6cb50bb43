// Times as the phone's owner writes them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clock, day, isToday } from '../../web-client/join/clock.js';

const at = (hour) => new Date(2026, 10, 20, hour, 0).getTime();

test('a time of day has no seconds and no leading nought more than the phone writes', () => {
  assert.match(clock(at(14) / 1000), /^(2:00\s?pm|14:00)$/i);
});

test('the day is said only where it is another one', () => {
  assert.equal(isToday(at(14) / 1000, at(0)), true);
  assert.equal(isToday(at(0) / 1000, at(23)), true);
  assert.equal(isToday(at(14) / 1000, at(14) - 86_400_000), false);
  assert.match(day(at(14) / 1000), /Friday/);
});
