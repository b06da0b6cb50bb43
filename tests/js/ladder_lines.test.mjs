// What must hold on every line: a line is a few numbers (capacity, queue, loss), and what is planned fills it. Each rule has a
// control, a ladder with that rule taken out, that the same check must find at fault.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ladder, RUNGS, onWire } from '../../web-client/call/ladder.js';

const well = { rate: null, roundTrip: 80, lostOut: 0, lostIn: 0, concealed: 0, frozen: 0, queue: 0, limit: 'none' };
const indexOf = (rung) => RUNGS.indexOf(rung);
const off = (plan) => plan.picture === null;

/** Numbers that look like chance and can be had again (mulberry32). */
function chance(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Lines, as capacity in kbit/s and share lost at a second. Each is made anew for each seed. */
const lines = {
  steady: (random) => {
    const capacity = 15 * 80 ** random();
    const lost = random() < 0.5 ? 0 : random() * 0.2;
    return () => [capacity, lost];
  },
  cliff: () => (second) => [second < 40 ? 1000 : 40, 0],
  dip: () => (second) => [second < 40 || second >= 49 ? 1000 : 40, 0],
  decline: (random) => (second) => [Math.max(16, 800 - second * (0.5 + random() / 100)), 0],
  threshold: (random) => {
    const [around, period] = [[21, 42, 106, 290][Math.floor(random() * 4)], 5 + random() * 60];
    return (second) => [around * (1 + 0.3 * Math.sin((second * 6.28) / period)), 0];
  },
  bursts: (random) => {
    let until = 0;
    return (second) => {
      if (second > until && random() < 0.03) until = second + random() * 12;
      return [400, second < until ? 0.05 + random() * 0.35 : 0.01];
    };
  },
  walk: (random) => {
    let [capacity, lost] = [300, 0.02];
    return () => {
      capacity = Math.min(3000, Math.max(10, capacity * Math.exp((random() - 0.5) * 0.5)));
      lost = Math.min(0.4, Math.max(0, lost + (random() - 0.5) * 0.04));
      return [capacity, lost];
    };
  },
};

/** How the sender's browser knows its rate: exactly, as Chromium (no faster than what is sent lets it learn), not at all. */
const beliefs = ['exact', 'learnt', 'none'];

/**
 * A call over a line: what is planned fills its queue, which overflows into loss, and that is read again.
 * @returns {{ at: number, plan: object, before: object, wishes: object, hand: boolean }[]} a line for each second
 */
function calls(Made, { line, belief, seed, seconds, wishing = false, copies = false, options = {} }) {
  const random = chance(seed);
  const along = lines[line](random);
  const buffer = 300 + random() * 1700;
  const ladder = new Made(options);
  ladder.copies(copies);
  const wishes = { allowed: 'large', asked: null, watched: true, chosen: null };
  let [at, queue, believed] = [0, 0, 300];
  let plan = ladder.read({ ...well, at });
  const log = [];
  for (let second = 0; second < seconds; second += 1) {
    let hand = false;
    if (wishing && random() < 0.04) {
      const which = Math.floor(random() * 4);
      const some = RUNGS[Math.floor(random() * RUNGS.length)];
      if (which === 0) ladder.allow((wishes.allowed = some));
      if (which === 1) ladder.asked((wishes.asked = random() < 0.5 ? null : some));
      if (which === 2) ladder.watched((wishes.watched = !wishes.watched));
      if (which === 3) ladder.choose((wishes.chosen = [null, 'voice', 'picture'][Math.floor(random() * 3)]));
      hand = which === 3 && wishes.chosen === 'picture';
    }
    const before = ladder.plan();
    const [capacity, share] = along(second);
    const voice = onWire({ voice: before.voice, picture: null }) * (random() < 0.6 ? 1 : 0.4);
    let sent = before.picture ? Math.max(voice + 10, onWire(before) * (0.85 + random() * 0.15)) : voice;
    if (belief === 'learnt') sent = Math.min(sent, Math.max(voice, believed));
    queue += sent - capacity;
    const spilt = Math.max(0, queue - (capacity * buffer) / 1000);
    queue = Math.max(0, queue - spilt);
    const waits = (queue / capacity) * 1000;
    const packets = 17 + (before.picture ? 15 : 0);
    let gone = 0;
    const fate = share + (1 - share) * Math.min(1, spilt / sent);
    for (let packet = 0; packet < packets; packet += 1) if (random() < fate) gone += 1;
    if (waits > 100) believed = Math.min(believed, 0.85 * capacity);
    else if (before.picture) believed = Math.max(believed, Math.min(0.95 * capacity, 2 * believed, 2 * onWire(before) + 50));
    else believed = Math.min(0.95 * capacity, Math.max(believed, Math.min(believed * 1.08, 1.5 * sent + 10)));
    at += 900 + random() * 200;
    plan = ladder.read({
      ...well, at, rate: { exact: capacity, learnt: believed, none: null }[belief], roundTrip: 80 + waits + random() * 30,
      lostOut: gone / packets, lostIn: share, concealed: share, queue: belief === 'none' ? null : waits,
    });
    log.push({ at, second, plan, before, wishes: { ...wishes }, hand, stills: Boolean(options.stills), copies });
  }
  return log;
}

const raised = ({ plan, before }) => indexOf(plan.rung) > indexOf(before.rung);
const lowered = ({ plan, before }) => indexOf(plan.rung) < indexOf(before.rung);

/** The rules: each takes a call's log and says what is wrong with it. */
const rules = {
  'at most one change up in 15 s': (log) => {
    const ups = log.filter(raised);
    return ups.filter(({ at }, n) => n && at - ups[n - 1].at < 15_000).map(({ second }) => `up again at ${second}`);
  },
  'none repeated within 60 s after it failed': (log) => {
    const [failed, made] = [new Map(), new Map()];
    return log.flatMap((now) => {
      if (now.hand) [failed, made].forEach((all) => all.clear());
      if (lowered(now) && now.at - made.get(now.before.rung) < 15_000) failed.set(now.before.rung, now.at);
      if (!raised(now)) return [];
      made.set(now.plan.rung, now.at);
      return now.at - failed.get(now.plan.rung) < 60_000 ? [`${now.plan.rung} again at ${now.second}`] : [];
    });
  },
  'never above what is allowed, asked for and watched, nor outside its bounds': (log) =>
    log.flatMap(({ plan, wishes, second, stills, copies }) => {
      const { voice, picture } = plan;
      const most = Math.min(
        indexOf(wishes.allowed), wishes.asked === null ? 9 : indexOf(wishes.asked),
        wishes.watched && wishes.chosen !== 'voice' ? 9 : 1,
      );
      const alone = onWire({ voice, picture: null });
      const good = indexOf(plan.rung) <= most && indexOf(plan.rung) >= 0 && (stills || plan.rung !== 'stills')
        && (picture !== null) === indexOf(plan.rung) > 1
        && alone <= (voice.bitrate * (voice.redundancy === 'red' ? 2 : 1) > 12_000 ? 42 : 22) && voice.bitrate >= 6000 && (voice.redundancy !== 'red' || copies)
        && (voice.redundancy !== 'fec' || !copies)
        && (!picture || (picture.bitrate >= 15_000 && picture.bitrate <= 600_000 && picture.height >= 90 && picture.height <= 480
          && picture.framerate > 0 && picture.framerate <= 30));
      return good ? [] : [`${JSON.stringify(plan)} at ${second}`];
    }),
  'what goes along with a voice comes at most once in 10 s': (log) => {
    const changes = log.filter(({ plan, before }) => plan.voice.redundancy !== 'none' && before.voice.redundancy === 'none');
    return changes.filter(({ at }, n) => n && at - changes[n - 1].at < 10_000).map(({ second }) => `again at ${second}`);
  },
  'what is asked for rises at most once in 15 s': (log) => {
    const height = ({ ask }) => (ask === null ? 9 : indexOf(ask));
    const ups = log.filter(({ plan, before }) => height(plan) > height(before));
    return ups.filter(({ at }, n) => n && at - ups[n - 1].at < 15_000).map(({ second }) => `again at ${second}`);
  },
};
const [ups, again, bounds, packets, asks] = Object.keys(rules);

/** Every line, every belief, many seeds: one call after the other. */
function* manyCalls(Made, seeds = 30) {
  for (let seed = 1; seed <= seeds; seed += 1) {
    for (const line of Object.keys(lines)) {
      for (const belief of beliefs) {
        const options = { stills: seed % 3 === 0, signing: seed % 5 === 0, start: RUNGS[seed % RUNGS.length] };
        const log = calls(Made, { line, belief, seed, seconds: 400, wishing: seed % 2 === 0, copies: seed % 4 < 2, options });
        yield { log, name: `${line}, ${belief}, seed ${seed}` };
      }
    }
  }
}

/** The ladder with something in its text, or in that of what it is made of, changed. */
async function changed(...changes) {
  const names = ['tries', 'easing', 'guard', 'ladder'];
  const left = new Set(changes);
  let url = '';
  const urls = {};
  for (const name of names) {
    let text = readFileSync(new URL(`../../web-client/call/${name}.js`, import.meta.url), 'utf8');
    for (const change of [...left]) {
      if (!text.includes(change[0])) continue;
      text = text.replace(...change);
      left.delete(change);
    }
    text = text.replace(/from "\.\/(\w+)\.js"/g, (_, other) => `from "${urls[other]}"`);
    url = urls[name] = `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`;
  }
  assert.deepEqual([...left], [], 'the control has nothing to change');
  return (await import(url)).Ladder;
}

const unruly = {
  [ups]: () => changed(['const BETWEEN = 15000', 'const BETWEEN = 14000']),
  [again]: () => changed(['[20000, 60000, 960000]', '[20000, 58000, 58000]']),
  [bounds]: () => class extends Ladder {
    _rung() {
      return Math.min(this._level, this._allowed, this._asked);
    }
  },
  [packets]: () => changed(['[0.025, 0.045, 0.015, 20000, 10000]', '[0.025, 0.045, 0.015, 2000, 1000]']),
  [asks]: () => changed(['if (this._asks.may(next, now)) {', 'if (true) {']),
};

const wrong = new Map(Object.keys(rules).map((rule) => [rule, []]));
for (const { log, name } of manyCalls(Ladder)) {
  for (const [rule, all] of wrong) all.push(...rules[rule](log).map((what) => `${name}: ${what}`));
}

for (const rule of Object.keys(rules)) {
  test(`on every line: ${rule}`, () => assert.deepEqual(wrong.get(rule).slice(0, 5), []));
  test(`control: a ladder that breaks it is found (${rule})`, async () => {
    const Unruly = await unruly[rule]();
    let found = false;
    for (const { log } of manyCalls(Unruly)) if ((found = rules[rule](log).length > 0)) break;
    assert.ok(found);
  });
}

/** Seconds from an event until it is so, the worst over many calls. */
function slowest(Made, line, from, so) {
  let worst = 0;
  for (const belief of beliefs) {
    for (let seed = 1; seed <= 20; seed += 1) {
      const log = calls(Made, { line, belief, seed, seconds: 80, options: { start: seed % 2 ? 'small' : 'large' } });
      const start = log.findIndex(({ second }) => second === from);
      const end = log.findIndex(({ plan }, n) => n >= start && so(plan));
      worst = Math.max(worst, end < 0 ? Infinity : (log[end].at - log[start - 1].at) / 1000);
    }
  }
  return worst;
}

test('from 1 Mbit/s to 40 kbit/s: voice alone within 4 s', async () => {
  assert.ok(slowest(Ladder, 'cliff', 40, off) <= 4);
  assert.ok(slowest(await changed(['[500, 3000]', '[4000, 6000]']), 'cliff', 40, off) > 4, 'the control is found');
});

test('capacity back: the picture is back or offered within 15 s', async () => {
  const on = ({ picture, says }) => picture !== null || says === 'picture_can_return';
  assert.ok(slowest(Ladder, 'dip', 49, on) <= 15);
  assert.ok(slowest(await changed(['[8000, 10000, 30000]', '[20000, 20000, 30000]']), 'dip', 49, on) > 15, 'the control is found');
});

/**
 * Changes of rung from the 21st to the 30th minute on a line that stays as it is; the most in any call. Lines as wide as what is sent
 * on the average (18 and 256 kbit/s) are left out: there a rung fits or not by how much is said and moved.
 */
function unrest(Made) {
  let most = 0;
  for (const belief of beliefs) {
    for (const [n, capacity] of [14, 24, 32, 48, 64, 128, 200, 500, 1500].entries()) {
      lines.constant = () => () => [capacity, 0];
      const log = calls(Made, { line: 'constant', belief, seed: n + 1, seconds: 1800 });
      most = Math.max(most, log.filter((now) => now.second > 1260 && (raised(now) || lowered(now))).length);
    }
  }
  delete lines.constant;
  return most;
}

test('on a line that stays as it is the ladder settles', async () => {
  assert.equal(unrest(Ladder), 0);
  assert.ok(unrest(await changed(['[20000, 60000, 960000]', '[20000, 60000, 60000]'])) > 0, 'the control is found');
});

test('whatever is read, nothing throws and no plan leaves its bounds', () => {
  const odd = [NaN, -1, Infinity, -Infinity, 1e308, 0, 0.5, null, undefined, 'x', 40, 1000];
  for (let seed = 1; seed <= 100; seed += 1) {
    const random = chance(seed);
    const one = () => odd[Math.floor(random() * odd.length)];
    const stills = random() < 0.5;
    const ladder = new Ladder({ start: one(), stills });
    let at = 0;
    const log = [];
    for (let step = 0; step < 300; step += 1) {
      at += random() < 0.8 ? 1000 : random() < 0.5 ? -5000 : 60_000;
      if (random() < 0.1) [ladder.allow, ladder.asked, ladder.choose].forEach((wish) => wish.call(ladder, one()));
      const reading = Object.fromEntries(Object.keys(well).map((key) => [key, random() < 0.5 ? one() : well[key]]));
      const plan = ladder.read(random() < 0.02 ? null : { ...reading, at: random() < 0.9 ? at : one() });
      log.push({ plan, second: step, stills, wishes: { allowed: 'large', asked: null, watched: true, chosen: null } });
    }
    assert.deepEqual(rules[bounds](log), [], `seed ${seed}`);
    const afterwards = [0, 1, 2, 3].map((more) => ladder.read({ ...well, at: 5e8 + more * 1000 }));
    assert.ok(afterwards.every(({ rung }) => indexOf(rung) >= 0));
  }
});
