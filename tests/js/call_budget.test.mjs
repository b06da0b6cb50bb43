// "I have about __ MB": what fits into it, when the person is told, and that it is never exceeded.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Budget, amountOf, minutesLeft } from '../../web-client/call/budget.js';
import { KILOBYTES_A_MINUTE } from '../../web-client/join/session.js';

const MB = 1e6;
const RUNGS = ['text', 'voice_least', 'voice', 'stills', 'small', 'medium', 'large'];

/** A budget that was set before anything was used. */
function budget(megabytes, used = 0) {
  const made = new Budget(KILOBYTES_A_MINUTE);
  made.set(megabytes, used);
  return made;
}

test('half an hour of voice takes at most 6 MB, half an hour of small video at most 50', () => {
  assert.ok(KILOBYTES_A_MINUTE.voice * 30 <= 6000);
  assert.ok(KILOBYTES_A_MINUTE.small * 30 <= 50000);
});

test('each rung takes more than the one before it', () => {
  assert.deepEqual(Object.keys(KILOBYTES_A_MINUTE), RUNGS);
  const costs = Object.values(KILOBYTES_A_MINUTE);
  for (let at = 1; at < costs.length; at += 1) assert.ok(costs[at] > costs[at - 1]);
});

test('without a budget nothing is held back and nobody is warned', () => {
  for (const used of [0, 500 * MB]) assert.deepEqual(budget(null).look({ used, minutes: 30 }), { ceiling: 'large', warns: false, left: null });
});

test('what fits for the whole of the planned time is picked', () => {
  const ceiling = (megabytes, minutes) => budget(megabytes).look({ used: 0, minutes }).ceiling;
  assert.equal(ceiling(1000, 30), 'large');
  assert.equal(ceiling(150, 30), 'medium');
  assert.equal(ceiling(50, 30), 'small');
  assert.equal(ceiling(49, 30), 'stills');
  assert.equal(ceiling(6, 30), 'voice');
  assert.equal(ceiling(5, 30), 'voice_least');
  assert.equal(ceiling(50, 60), 'stills', 'twice the time');
});

test('it counts from when it was set: what was used before is not theirs any more', () => {
  const set = budget(20, 30 * MB);
  assert.deepEqual(set.look({ used: 30 * MB, minutes: 10 }), { ceiling: 'small', warns: false, left: 20 * MB });
  assert.equal(set.look({ used: 46 * MB, minutes: 2 }).warns, true);
});

test('at 80 % of it, and not before, they are told', () => {
  const set = budget(10);
  assert.equal(set.look({ used: 7.9 * MB, minutes: 5 }).warns, false);
  assert.deepEqual(set.look({ used: 8 * MB, minutes: 5 }), { ceiling: 'stills', warns: true, left: 2 * MB });
  assert.equal(set.look({ used: 12 * MB, minutes: 5 }).warns, true);
});

test('at the end there is the sparest voice, and then typing', () => {
  const set = budget(3);
  assert.equal(set.look({ used: 0, minutes: 30 }).ceiling, 'voice_least', 'less than it takes: as long as it lasts');
  assert.equal(set.look({ used: 2.8 * MB, minutes: 5 }).ceiling, 'voice_least');
  assert.equal(set.look({ used: 2.9 * MB, minutes: 5 }).ceiling, 'text');
  assert.deepEqual(set.look({ used: 4 * MB, minutes: 5 }), { ceiling: 'text', warns: true, left: 0 });
});

/** A call of so many minutes looked at every few seconds, in which each rung takes so many times what the table says. */
function call({ megabytes, minutes, planned = minutes, times = () => 1, every = 5 }) {
  const set = budget(megabytes);
  const rungs = [];
  let used = 0;
  for (let at = 0; at < minutes * 60; at += every) {
    const { ceiling } = set.look({ used, minutes: minutesLeft(planned, 0, at) });
    rungs.push(ceiling);
    used += ((KILOBYTES_A_MINUTE[ceiling] * 1000) / 60) * every * times(ceiling, at);
  }
  return { used, rungs };
}

test('it is never exceeded, however much is set, however long it goes on, and whatever the rungs really take', () => {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let round = 0; round < 400; round += 1) {
    const megabytes = 0.2 + random() ** 3 * 400;
    const planned = 5 + Math.floor(random() * 235);
    const minutes = planned * (0.5 + random());
    // From nearly silent to twice what is known.
    const most = 0.1 + random() * 1.9;
    const { used } = call({ megabytes, minutes, planned, times: () => most * random() });
    assert.ok(used <= megabytes * MB, `${megabytes} MB for ${planned} minutes, ${minutes} used: ${used}`);
  }
});

test('where everything takes what is known of it, the rung that was picked lasts until shortly before the planned end', () => {
  for (const [megabytes, rung] of [[200, 'medium'], [60, 'small'], [7, 'voice'], [4.8, 'voice_least']]) {
    const { rungs } = call({ megabytes, minutes: 30 });
    // But for the last minutes: there something is kept for a conversation that goes on for longer.
    assert.ok(rungs.slice(0, -70).every((one) => one === rung), `${rung}: ${[...new Set(rungs)]}`);
  }
});

test('past the planned time it goes on with what is left, a few minutes at a time', () => {
  const set = budget(10);
  assert.equal(set.look({ used: 0, minutes: -20 }).ceiling, 'small', '5 minutes of it fit');
  assert.equal(set.look({ used: 9 * MB, minutes: -40 }).ceiling, 'voice');
  const { used, rungs } = call({ megabytes: 10, minutes: 120, planned: 30 });
  assert.ok(used <= 10 * MB);
  assert.equal(rungs[rungs.length - 1], 'text');
});

test('it does not go up and down: a rung is taken up again only where a quarter more than it takes is left', () => {
  const { rungs } = call({ megabytes: 55, minutes: 30, times: (_, at) => (at % 60 < 30 ? 1.5 : 0.4) });
  const changes = rungs.filter((one, at) => at && one !== rungs[at - 1]).length;
  assert.ok(changes <= 6, `${changes} changes`);
  const set = budget(10);
  assert.equal(set.look({ used: 0, minutes: 30 }).ceiling, 'voice');
  assert.equal(set.look({ used: 1, minutes: 24 }).ceiling, 'voice', '24 minutes of stills would just fit');
  assert.equal(set.look({ used: 1, minutes: 19 }).ceiling, 'stills');
});

test('none at all is typing, and what is no number is no budget', () => {
  assert.deepEqual(budget(0).look({ used: 0, minutes: 30 }), { ceiling: 'text', warns: true, left: 0 });
  for (const odd of [undefined, NaN, -5, '20']) assert.equal(budget(odd).megabytes, null, String(odd));
  assert.equal(budget(1e300).look({ used: 0, minutes: 240 }).ceiling, 'large');
  assert.equal(budget(50).look({ used: 0, minutes: NaN }).ceiling, 'medium', 'a time that is no number: a few minutes');
});

test('another number takes the place of the first, and none takes the limit away', () => {
  const set = budget(3);
  assert.equal(set.look({ used: 2.9 * MB, minutes: 10 }).ceiling, 'text');
  set.set(40, 2.9 * MB);
  assert.deepEqual(set.look({ used: 2.9 * MB, minutes: 10 }), { ceiling: 'small', warns: false, left: 40 * MB });
  set.set(null, 3 * MB);
  assert.deepEqual(set.look({ used: 3 * MB, minutes: 10 }), { ceiling: 'large', warns: false, left: null });
});

test('the time left is what was planned less what has passed, and all of it before anybody was let in', () => {
  assert.equal(minutesLeft(30, null, 5000), 30);
  assert.equal(minutesLeft(30, 1000, 1600), 20);
  assert.equal(minutesLeft(30, 1000, 1000 + 45 * 60), -15);
  assert.equal(minutesLeft(30, 1000, 400), 30, 'a phone whose clock is late');
});

test('the number is understood as people write it', () => {
  const understood = { 20: 20, ' 20 ': 20, '20 MB': 20, '20mb': 20, '1,5': 1.5, '1.5': 1.5, '1 GB': 1000, '1.5 gb': 1500, '1.000': 1000, '1,000': 1000, '0.5': 0.5, 100000: 100000 };
  for (const [text, amount] of Object.entries(understood)) assert.equal(amountOf(text), amount, text);
});

test('nothing written is no limit; what is no number, or a slip, changes nothing', () => {
  assert.equal(amountOf(''), null);
  assert.equal(amountOf('   '), null);
  for (const text of ['0', '0.0', '-5', 'lots', '20 €', '1e9', '999999', '200 gb', '1.2.3', '٢٠', '9'.repeat(400)]) assert.equal(amountOf(text), undefined, text);
});
