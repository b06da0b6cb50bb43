// What is sent and asked for on a poor network, second by second, by readings that a person could have written.
// What must hold on every line is in ladder_lines.test.mjs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ladder, RUNGS, onWire } from '../../web-client/call/ladder.js';

const well = { rate: null, roundTrip: 80, lostOut: 0, lostIn: 0, concealed: 0, frozen: 0, queue: 0, limit: 'none' };
const nothing = { rate: null, roundTrip: null, lostOut: null, lostIn: null, concealed: null, frozen: null, queue: null, limit: 'none' };

/** A call of which one second is one reading. */
class Call {
  constructor(options) {
    this.ladder = new Ladder(options);
    this.at = 0;
    this.plan = this.ladder.read({ ...well, at: 0 });
  }

  /** So many seconds like this; the plans. @param {number} seconds @param {object} [measured] */
  goes(seconds, measured = {}) {
    return Array.from({ length: seconds }, () => {
      this.at += 1000;
      this.plan = this.ladder.read({ ...well, ...measured, at: this.at });
      return this.plan;
    });
  }

  /** Seconds like this until it is so. */
  until(so, measured = {}, most = 120) {
    for (let seconds = 1; seconds <= most; seconds += 1) if (so(this.goes(1, measured)[0])) return seconds;
    return Infinity;
  }
}

const off = (plan) => plan.picture === null;
const on = (plan) => plan.picture !== null;
const guarded = (plan) => plan.voice.redundancy !== 'none';
const bare = (plan) => !guarded(plan);
const offered = (plan) => plan.says === 'picture_can_return';

test('voice while speaking takes at most 22 kbit/s with everything around it, and small video fits half an hour into 50 MB', () => {
  const call = new Call({ start: 'voice' });
  assert.deepEqual(call.plan.voice, { bitrate: 12000, redundancy: 'none' });
  assert.ok(onWire(call.plan) <= 22);
  const small = new Call().plan;
  assert.deepEqual(small.picture, { bitrate: 75000, framerate: 12, height: 240 });
  assert.ok(((onWire(small) + 4) * 2 * 1800) / 8000 <= 50, 'megabytes, with feedback');
});

test('the picture goes within 2 seconds of clear trouble', () => {
  for (const trouble of [{ rate: 40 }, { lostOut: 0.25 }, { queue: 600 }, { roundTrip: 700 }]) {
    const call = new Call();
    call.goes(20, { rate: 'rate' in trouble ? 1000 : null });
    assert.ok(call.until(off, trouble) <= 2, JSON.stringify(trouble));
    assert.equal(call.plan.rung, 'voice');
    assert.equal(call.plan.says, 'picture_off');
  }
  const call = new Call();
  call.goes(20);
  assert.ok(call.until(off, { lostOut: 0.12 }) <= 16, 'a tenth lost, but one reading of thirty packets may show that by chance');
});

test('one bad second by itself changes nothing', () => {
  for (const trouble of [{ lostOut: 0.2 }, { queue: 600 }, { roundTrip: 700 }]) {
    const call = new Call();
    call.ladder.allow('small');
    const before = call.goes(20).pop();
    call.goes(1, trouble);
    assert.ok(call.goes(20).every((plan) => plan === before), JSON.stringify(trouble));
  }
});

test('a voice that comes broken takes both pictures away at the second reading, before anything is known of what goes out', () => {
  const silent = { ...nothing, lostIn: 0, concealed: 0 };
  const call = new Call();
  call.goes(20);
  assert.ok(on(call.goes(1, { ...silent, concealed: 0.5 })[0]), 'not by one reading');
  const [plan] = call.goes(1, { ...silent, concealed: 0.5 });
  assert.deepEqual([plan.rung, plan.ask], ['voice', 'voice']);
  assert.ok(call.until(offered, well) <= 12);
  assert.ok(call.until(on, well) <= 52, 'and by itself after a minute');
  const clear = new Call();
  clear.goes(20);
  assert.ok(on(clear.goes(8, { concealed: 0.5 }).pop()), 'nothing waits on the way out: it is theirs that suffers');
});

test('what is reported right after the picture went is of before it, and brings no FEC', () => {
  const call = new Call();
  call.goes(20);
  call.until(off, { queue: 900 });
  assert.ok(call.goes(5, { lostOut: 0.5, roundTrip: 100, rate: 60 }).every(bare));
  assert.ok(call.until(guarded, { lostOut: 0.08, rate: 60 }) <= 12, 'later it is believed');
});

test('a picture that is tried again begins timidly, grows, and goes when packets begin to wait', () => {
  const back = () => {
    const call = new Call();
    call.ladder.allow('small');
    call.goes(20);
    call.until(off, { queue: 900 });
    call.until(on, well, 200);
    return call;
  };
  const call = back();
  const sizes = [call.plan].concat(call.goes(9)).map(({ picture }) => picture.bitrate);
  assert.deepEqual([...new Set(sizes)], [20250, 41250, 75000]);
  assert.ok(onWire({ ...call.plan, picture: { ...call.plan.picture, bitrate: sizes[0] } }) <= 44, 'hardly more than a line of 40 bears');
  const narrow = back();
  assert.ok(narrow.until(off, { queue: 250 }) <= 2);
  const grown = back();
  grown.goes(20);
  assert.ok(on(grown.goes(10, { queue: 250 }).pop()), 'one that has grown bears as much as any');
});

test('a press begins timidly too where the line bore no picture before', () => {
  const call = new Call();
  call.goes(20);
  call.until(off, { queue: 900 });
  call.ladder.choose('picture');
  assert.equal(call.ladder.plan().picture.bitrate, 20250);
});

test('a browser that learns its rate anew is given the time as long as it learns', () => {
  const call = new Call();
  call.ladder.allow('small');
  call.goes(20, { rate: 300 });
  call.until(off, { queue: 900 });
  call.until(on, { rate: null }, 200);
  let rate = 30;
  for (let second = 0; second < 20; second += 1) assert.ok(on(call.goes(1, { rate: (rate *= 1.07) })[0]), `${second}`);
  const stuck = new Call();
  stuck.goes(20, { rate: 300 });
  stuck.until(off, { queue: 900 });
  stuck.until(on, { rate: null }, 200);
  assert.ok(stuck.until(off, { rate: 30 }) <= 12, 'one that learns nothing has come to its end');
});

test('a press asks for their picture again too', () => {
  const call = new Call();
  call.goes(20);
  call.until((plan) => plan.ask === 'voice', { lostIn: 0.4, concealed: 0.4 });
  call.ladder.choose('picture');
  assert.equal(call.ladder.plan().ask, null);
});

test('several steps down at once when the rate says so, and no further than it says', () => {
  for (const [rate, rung] of [[300, 'medium'], [150, 'small'], [50, 'voice']]) {
    const call = new Call({ start: 'large' });
    call.goes(10, { rate: 2000 });
    call.until((plan) => plan.rung !== 'large', { rate });
    assert.equal(call.plan.rung, rung);
    assert.equal(call.plan.says, rung === 'voice' ? 'picture_off' : 'picture_smaller');
  }
});

test('where the rate is not known, trouble takes the picture whole: voice must be clean', () => {
  const call = new Call({ start: 'large' });
  call.goes(10);
  call.until((plan) => plan.rung !== 'large', { queue: 900 });
  assert.equal(call.plan.rung, 'voice');
});

test('within 15 seconds the picture is back where the rate shows room, and offered where nothing shows it; by itself it comes after a minute', () => {
  for (const [then, limit] of [[{ rate: 1000 }, 11], [{ rate: null }, 63], [{ rate: 41 }, 63]]) {
    const call = new Call();
    call.goes(20, { rate: then.rate && 1000 });
    call.until(off, { rate: then.rate && 30, queue: 900, lostOut: 0.9 });
    call.goes(2, { rate: then.rate && 30, queue: 900 });
    assert.ok(off(call.plan));
    assert.ok(call.until((plan) => on(plan) || offered(plan), then) <= 13, JSON.stringify(then));
    const plans = call.goes(limit, then);
    const back = plans.findIndex(on);
    assert.ok(back >= 0 && plans.slice(0, back).every(offered), `${JSON.stringify(then)}: the offer stands until then`);
  }
});

test('where the rate shows that even voice hardly fits, no picture is tried', () => {
  const call = new Call({ start: 'voice' });
  assert.equal(call.until(on, { rate: 24 }, 300), Infinity);
});

test('at most one step up in 15 seconds', () => {
  const call = new Call({ start: 'voice' });
  const rungs = call.goes(60, { rate: 5000 }).map(({ rung }) => rung);
  const ups = rungs.flatMap((rung, at) => (at && rung !== rungs[at - 1] ? [at] : []));
  assert.deepEqual(ups.map((at) => rungs[at]), ['small', 'medium', 'large']);
  assert.ok(ups[1] - ups[0] >= 15 && ups[2] - ups[1] >= 15);
});

test('a larger picture that failed leaves the smaller one standing', () => {
  const call = new Call();
  assert.ok(call.until((plan) => plan.rung === 'large') <= 30);
  call.until((plan) => plan.rung !== 'large', { queue: 900 });
  assert.equal(call.plan.rung, 'medium');
  assert.ok(call.until((plan) => plan.rung === 'large') >= 60);
});

test('a picture that the line cannot bear from the first seconds on is not tried again at once', () => {
  const call = new Call();
  call.until(off, { queue: 900 });
  assert.ok(call.until(on) >= 60);
});

test('a new picture has some seconds until the rate has grown to it', () => {
  const call = new Call({ start: 'voice' });
  call.until(on, { rate: 41 });
  assert.ok(call.goes(7, { rate: 50 }).every(on));
  assert.ok(call.until(off, { rate: 50 }) <= 3, 'and no longer');
});

test('a step up that failed is not tried again for a minute, then two, then four', () => {
  const call = new Call();
  call.ladder.allow('small');
  call.goes(10);
  call.until(off, { queue: 900 });
  assert.ok(call.until(on) <= 62);
  const waits = [1, 2, 3].map(() => {
    call.until(off, { queue: 900 });
    return call.until(on, {}, 600);
  });
  const times = String(waits);
  assert.ok(waits[0] >= 60 && waits[0] <= 62 && waits[1] >= 120 && waits[1] <= 122 && waits[2] >= 240 && waits[2] <= 242, times);
  call.goes(60);
  call.until(off, { queue: 900 });
  assert.ok(call.until(on) <= 62, 'one that held for a minute did not fail');
  call.until(off, { queue: 900 });
  assert.ok(call.until(on, {}, 600) <= 62, 'and the count begins anew');
});

test('while a picture that failed waits, it is offered, and a press tries it at once', () => {
  const call = new Call();
  call.ladder.allow('small');
  call.goes(10);
  call.until(off, { queue: 900 });
  call.until(on);
  call.until(off, { queue: 900 });
  assert.ok(call.until((plan) => plan.says === 'picture_can_return') <= 15);
  call.ladder.choose('picture');
  assert.equal(call.ladder.plan().rung, 'small');
  assert.equal(call.goes(1)[0].says, null);
  call.until(off, { queue: 900 });
  assert.ok(call.until(on) <= 62, 'whoever asks for it begins anew');
});

test('nothing is tried while more than a little is lost', () => {
  const call = new Call({ start: 'voice' });
  call.ladder.allow('voice');
  call.goes(30, { lostOut: 0.08, rate: 1000 });
  call.ladder.allow('small');
  assert.equal(call.until(on, { lostOut: 0.08, rate: 1000 }), Infinity);
});

test('a larger picture for which the rate shows no room is tried without hurry', () => {
  const call = new Call();
  const seconds = call.until((plan) => plan.rung === 'medium', { rate: 200 });
  assert.ok(seconds >= 30 && seconds <= 32, String(seconds));
});

test('a larger picture that held for a minute only is left alone for a minute', () => {
  const call = new Call();
  call.ladder.allow('medium');
  call.until((plan) => plan.rung === 'medium');
  call.goes(60);
  call.until(off, { queue: 900 });
  assert.ok(call.until(on) <= 62);
  assert.ok(call.until((plan) => plan.rung === 'medium', { rate: 1000 }) >= 15);
});

test('a smaller picture may drain what a larger one left in the queue', () => {
  const call = new Call({ start: 'large' });
  call.goes(10, { rate: 2000 });
  for (const queue of [900, 1200, 1000, 700, 400, 100]) call.goes(1, { rate: 300, queue });
  assert.equal(call.plan.rung, 'medium');
});

test('the person chooses voice by hand: no picture until they say otherwise', () => {
  const call = new Call();
  call.goes(20);
  call.ladder.choose('voice');
  assert.ok(call.goes(300, { rate: 5000 }).every((plan) => off(plan) && plan.says === null), 'and nobody nags');
  call.ladder.choose(null);
  assert.ok(on(call.goes(1)[0]));
});

test('whoever chose voice because of trouble is told when the picture can come back', () => {
  const call = new Call();
  call.goes(20);
  call.goes(2, { queue: 900 });
  call.ladder.choose('voice');
  assert.equal(call.goes(3, { queue: 900 }).pop().says, null);
  assert.equal(call.goes(20).pop().says, 'picture_can_return');
  call.ladder.choose('picture');
  assert.ok(on(call.goes(1)[0]));
});

test('nothing is sent that is not shown, and it comes back at once', () => {
  const call = new Call();
  call.ladder.allow('small');
  call.goes(20);
  call.ladder.watched(false);
  assert.ok(off(call.ladder.plan()), 'before the next reading');
  assert.ok(call.goes(3, { rate: 40 }).every((plan) => off(plan) && plan.says === null));
  call.ladder.watched(true);
  assert.ok(call.goes(3, { rate: 41 }).every(on), 'though the rate had no reason to grow meanwhile');
});

test('a picture that nobody sees does not come back into trouble', () => {
  const call = new Call();
  call.goes(20);
  call.ladder.watched(false);
  call.goes(3, { queue: 900 });
  call.ladder.watched(true);
  assert.ok(off(call.goes(1)[0]));
});

test('never more than the person allows or the other side asks for', () => {
  const call = new Call({ start: 'large' });
  call.ladder.allow('medium');
  assert.equal(call.goes(60, { rate: 9000 }).pop().rung, 'medium');
  call.ladder.asked('small');
  assert.equal(call.goes(60, { rate: 9000 }).pop().rung, 'small');
  call.ladder.allow('voice');
  assert.deepEqual([call.goes(60, { rate: 9000 }).pop().rung, call.plan.says], ['voice', null], 'the camera is off: no word about it');
  call.ladder.allow('large');
  call.ladder.asked('voice');
  assert.equal(call.goes(60, { rate: 9000 }).pop().says, 'picture_off', 'not offered: they have not the line for it');
  call.ladder.asked(null);
  assert.equal(call.goes(1, { rate: 9000 })[0].rung, 'large');
});

test('still pictures only where both sides take them, and where a moving one has just failed', () => {
  const call = new Call({ start: 'stills' });
  assert.equal(call.plan.rung, 'voice');
  call.ladder.stills(true);
  assert.equal(call.goes(1)[0].rung, 'stills');
  assert.ok(onWire(call.plan) < 40);
  const fresh = new Call({ start: 'voice', stills: true });
  assert.ok(fresh.until(on) <= 15);
  assert.equal(fresh.plan.rung, 'small', 'what moves is tried first');
  assert.ok(fresh.until(off, { lostOut: 0.25 }) <= 5);
  assert.ok(fresh.until(on) < 60);
  assert.equal(fresh.plan.rung, 'stills');
  assert.ok(fresh.until((plan) => plan.rung === 'small') < 120, 'and again later');
});

test('voice goes to its least when the line is too narrow for it, and then below, and comes back', () => {
  const call = new Call({ start: 'voice' });
  call.ladder.allow('voice');
  assert.ok(call.until((plan) => plan.rung === 'voice_least', { rate: 14 }) <= 5);
  assert.deepEqual(call.plan.voice, { bitrate: 8000, redundancy: 'none' });
  assert.ok(call.until((plan) => plan.voice.bitrate === 6000, { rate: 10, queue: 900 }) <= 8);
  assert.ok(call.until((plan) => plan.rung === 'voice', { rate: 60 }) <= 15);
});

test('a queue that drains after the picture went is no reason to make voice thinner', () => {
  const call = new Call();
  call.ladder.allow('small');
  call.goes(10);
  for (const queue of [900, 1500, 1400, 1200, 1000, 800, 600, 450, 300]) call.goes(1, { queue });
  assert.equal(call.plan.rung, 'voice');
});

test('a copy goes along with a voice as soon as something is lost, on any line that bears a voice, and both together where there is room', () => {
  const call = new Call({ start: 'voice' });
  call.ladder.copies(true);
  call.ladder.allow('voice');
  assert.ok(call.goes(20, { rate: 30, lostOut: 0.01 }).every(bare));
  assert.ok(call.until(guarded, { rate: 30, lostOut: 0.05 }) <= 12);
  assert.deepEqual(call.plan.voice, { bitrate: 6000, redundancy: 'red' });
  assert.ok(onWire(call.plan) <= 22, String(onWire(call.plan)));
  const richer = new Call({ start: 'voice' });
  richer.ladder.copies(true);
  richer.until(guarded, { rate: 60, lostOut: 0.05 });
  assert.deepEqual(richer.plan.voice, { bitrate: 12000, redundancy: 'red' });
  assert.ok(onWire({ voice: richer.plan.voice, picture: null }) <= 42);
});

test('where copies are not known FEC goes along, where the rate allows it and not where it does not', () => {
  const call = new Call({ start: 'voice' });
  call.ladder.allow('voice');
  assert.ok(call.until(guarded, { rate: 50, lostOut: 0.08 }) <= 10);
  assert.deepEqual(call.plan.voice, { bitrate: 24000, redundancy: 'fec' });
  assert.ok(onWire(call.plan) <= 42);
  const poorer = new Call({ start: 'voice' });
  assert.equal(poorer.until(guarded, { rate: 30, lostOut: 0.08 }), Infinity);
  call.ladder.copies(true);
  assert.ok(bare(call.goes(1, { rate: 30, lostOut: 0.08 })[0]), 'with another connection it begins anew');
});

test('where the rate is not known, FEC comes where as much was seen to pass', () => {
  const seen = new Call();
  seen.goes(10);
  assert.ok(seen.until(guarded, { lostOut: 0.07 }) <= 10);
  const unseen = new Call({ start: 'voice' });
  unseen.ladder.allow('voice');
  assert.equal(unseen.until(guarded, { lostOut: 0.07 }), Infinity);
  const held = new Call();
  held.goes(10, { limit: 'rate' });
  assert.equal(held.until(guarded, { limit: 'rate', lostOut: 0.07 }), Infinity, 'what the browser held back did not pass');
});

test('heavy loss on a line where nothing waits is tried with FEC where nothing is known of the room, and given up where it makes things worse', () => {
  const call = new Call({ start: 'voice' });
  assert.ok(call.until(guarded, { lostOut: 0.18 }) <= 12);
  assert.equal(call.goes(40, { lostOut: 0.18 }).pop().rung, 'voice', 'thinner voice would not lose less');
  assert.ok(guarded(call.goes(1, { lostOut: 0.18, queue: 900 })[0]), 'not by one bad second');
  call.goes(3, { lostOut: 0.18 });
  assert.ok(call.until(bare, { lostOut: 0.18, queue: 900 }) <= 5);
  assert.equal(call.plan.rung, 'voice', 'that was it, not the voice');
  const again = call.until(guarded, { lostOut: 0.18 });
  assert.ok(again >= 57 && again <= 75, String(again));
  assert.ok(call.until(bare, { lostOut: 0.18, queue: 900 }) <= 3, 'what has just begun is given up sooner');
  const waiting = new Call({ start: 'voice' });
  assert.equal(waiting.until(guarded, { lostOut: 0.18, queue: 300 }), Infinity, 'here packets wait');
});

test('a thin voice and its copy are tried fuller after a while where nothing waits, and are thin again at once where it did not fit', () => {
  const call = new Call({ start: 'voice' });
  call.ladder.copies(true);
  call.ladder.allow('voice');
  const full = ({ voice }) => voice.bitrate === 12000 && voice.redundancy === 'red';
  call.until(guarded, { lostOut: 0.05 });
  const seconds = call.until(full, { lostOut: 0.05 });
  assert.ok(seconds >= 9 && seconds <= 12, String(seconds));
  assert.ok(call.until((plan) => !full(plan), { lostOut: 0.05, queue: 600 }) <= 2);
  assert.deepEqual(call.plan.voice, { bitrate: 6000, redundancy: 'red' });
  const again = call.until(full, { lostOut: 0.05 });
  assert.ok(again >= 57 && again <= 75, String(again));
});

test('the least voice goes alone', () => {
  const call = new Call({ start: 'voice' });
  call.ladder.copies(true);
  call.until(guarded, { lostOut: 0.08 });
  call.until((plan) => plan.rung === 'voice_least', { lostOut: 0.08, queue: 900 });
  assert.ok(bare(call.plan));
  assert.ok(call.until((plan) => plan.rung === 'voice' && guarded(plan), { lostOut: 0.08 }) <= 40, 'and is guarded again when it is a voice');
});

test('one long round trip beside a voice alone is no trouble, two in a row are', () => {
  const untold = { roundTrip: null, queue: null, lostOut: null };
  const once = new Call({ start: 'voice' });
  once.ladder.allow('voice');
  once.goes(10, { queue: null });
  once.goes(1, { queue: null, roundTrip: 800 });
  once.goes(5, untold);
  assert.equal(once.plan.rung, 'voice');
  once.goes(1, { queue: null });
  once.goes(5, untold);
  assert.equal(once.plan.rung, 'voice');
  for (let time = 0; time < 2; time += 1) {
    once.goes(1, { queue: null, roundTrip: 800 });
    once.goes(3, untold);
  }
  assert.equal(once.plan.rung, 'voice_least');
});

test('voice comes back from its least though a poor radio goes on losing', () => {
  const call = new Call({ start: 'voice' });
  call.until((plan) => plan.rung === 'voice_least', { queue: 900, lostOut: 0.18 });
  assert.ok(call.until((plan) => plan.rung === 'voice', { lostOut: 0.18 }) <= 16);
});

test('what goes along goes when next to nothing has been lost for 20 seconds, not before', () => {
  const call = new Call({ start: 'voice' });
  call.until(guarded, { rate: 60, lostOut: 0.08 });
  assert.equal(call.until(bare, { rate: 60, lostOut: 0.03 }), Infinity);
  const seconds = call.until(bare, { rate: 60 });
  assert.ok(seconds >= 20 && seconds <= 34, String(seconds));
  assert.ok(call.until(guarded, { rate: 60, lostOut: 0.1 }) <= 14, 'that was no failure: it is there when needed');
});

test('their picture is asked for less when what comes suffers and our own sending is well', () => {
  for (const [trouble, ask] of [[{ lostIn: 0.2 }, 'voice'], [{ concealed: 0.3 }, 'voice'], [{ frozen: 0.9 }, 'small']]) {
    const call = new Call();
    call.goes(20, { rate: 1000 });
    assert.ok(call.until((plan) => plan.ask !== null, { rate: 1000, ...trouble }) <= 5, JSON.stringify(trouble));
    assert.equal(call.plan.ask, ask);
    assert.ok(on(call.plan), 'ours stays');
    const soon = ask === 'small' ? call.goes(2, { rate: 1000, ...trouble }) : [];
    assert.ok(soon.every((plan) => plan.ask === ask), 'they need time to hear of it');
    if (ask === 'voice') assert.ok(call.goes(50, { rate: 1000 }).every((plan) => plan.ask === ask), 'each try breaks the voice');
    const back = call.until((plan) => plan.ask !== ask, { rate: 1000 });
    assert.ok(back >= 8 && back <= 15, String(back));
  }
});

test('a round trip that grows by what comes is not held against our own picture', () => {
  const call = new Call();
  call.goes(20, { rate: 1000 });
  call.goes(6, { rate: 1000, roundTrip: 900, lostIn: 0.3 });
  assert.deepEqual([call.plan.ask, call.plan.rung], ['voice', 'medium']);
});

test('our own picture goes first when our own sending suffers too', () => {
  const call = new Call();
  call.ladder.allow('small');
  call.goes(20);
  call.goes(2, { frozen: 1 });
  const plans = call.goes(8, { queue: 900, frozen: 1 });
  assert.ok(plans.findIndex(off) < plans.findIndex((plan) => plan.ask !== null));
});

test('a processor that is too slow gets fewer lines and frames, never voice alone', () => {
  const call = new Call();
  const plans = call.goes(300, { rate: 5000, limit: 'processor' });
  assert.ok(plans.every(on));
  assert.deepEqual(call.plan.picture, { bitrate: 75000, framerate: 8, height: 120 });
  assert.ok(call.until((plan) => plan.picture.height === 180, { rate: 5000 }) >= 60, 'a warm phone cools slowly');
});

test('signing keeps its frames and gives up lines', () => {
  for (const start of ['small', 'medium', 'large']) {
    const { picture } = new Call({ signing: true, start }).plan;
    assert.ok(picture.framerate >= 20 && picture.height < new Call({ start }).plan.picture.height, start);
    const hot = new Call({ signing: true, start });
    hot.goes(60, { limit: 'processor' });
    assert.equal(hot.plan.picture.framerate, picture.framerate);
  }
});

test('text is offered when even voice suffers for some seconds, until it is well', () => {
  const call = new Call({ start: 'voice' });
  call.goes(10);
  assert.ok(call.goes(4, { concealed: 0.3 }).every((plan) => plan.says !== 'voice_poor'));
  assert.equal(call.goes(6, { concealed: 0.3 }).pop().says, 'voice_poor');
  assert.notEqual(call.goes(20).pop().says, 'voice_poor');
});

test('text is offered when even the least that we can send does not get through', () => {
  const call = new Call({ start: 'voice' });
  call.goes(10, { queue: 900, rate: 10 });
  assert.notEqual(call.plan.says, 'voice_poor');
  assert.equal(call.goes(8, { queue: 900, rate: 5 }).pop().says, 'voice_poor');
});

test('what is not known neither throws nor counts, and a page that slept begins anew', () => {
  const call = new Call({ start: 'voice' });
  const before = call.plan;
  assert.ok(call.goes(120, nothing).every((plan) => plan === before), 'nothing known: nothing changes');
  const asleep = new Call();
  asleep.ladder.allow('small');
  asleep.goes(20);
  asleep.goes(1, { queue: 900 });
  for (let nap = 0; nap < 5; nap += 1) {
    asleep.at += 60_000;
    assert.ok(on(asleep.goes(1, { queue: 900, lostOut: 0.9 })[0]), 'a reading over a sleep says nothing');
  }
  assert.ok(on(asleep.goes(1, { queue: 900 })[0]));
  assert.ok(asleep.until(off, { queue: 900 }) <= 2);
});
