// What the service user's page shows: each rule in the words of the person who holds the phone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assumed, beginning, byItself, cutOff, givesNumber, keepsAwake, megabytes, screenOf, settled, switchedOn, isPutOut } from '../../web-client/join/session.js';

const off = { microphone: false, camera: false, picture: false };
const details = { greeting: 'Jo', practitioner: 'Sam', starts_at: 1000, minutes: 30, ways: ['video', 'voice', 'text'], waiting_words: null, way: null, asked: false, who_asked: false, kept: 'no' };
const view = (stage, more = {}) => ({ ...details, ...more, stage: typeof stage === 'string' ? { name: stage } : stage });
const waiting = (more = {}) => ({ name: 'waiting', since: 900, desk: true, late: false, on_hold: false, ...more });
const talking = (more = {}) => ({ name: 'in', since: 1000, epoch: 7, desk: true, started: true, desk_devices: { microphone: true, camera: true, picture: true }, ...more });

/** A page with a session and an open line. */
function page(seen, more = {}) {
  return { ...beginning(), place: 'session', socket: 'open', view: seen, ...more, devices: { ...beginning().devices, ...more.devices } };
}

test('the bare address is a harmless page', () => {
  const bare = (redeem) => screenOf({ ...beginning(), redeem });
  assert.deepEqual(bare('idle'), { name: 'bare', busy: false, trouble: null, at: null });
  assert.deepEqual(bare('sending'), { name: 'bare', busy: true, trouble: null, at: null });
  for (const trouble of ['wrong', 'limited', 'unreached', 'old']) assert.deepEqual(bare(trouble), { name: 'bare', busy: false, trouble, at: null });
  assert.deepEqual(bare('taken'), { name: 'taken' });
});

test('before the press the page names nobody and tells no time', () => {
  assert.deepEqual(screenOf({ ...beginning(), place: 'link' }), { name: 'hello', busy: false, trouble: null, at: null, outside: null });
});

test('continue is sent once, and can be pressed again where nobody was reached', () => {
  assert.deepEqual(screenOf({ ...beginning(), place: 'link', redeem: 'sending' }), { name: 'hello', busy: true, trouble: null, at: null, outside: null });
  assert.deepEqual(screenOf({ ...beginning(), place: 'link', redeem: 'unreached' }), { name: 'hello', busy: false, trouble: 'unreached', at: null, outside: null });
  assert.deepEqual(screenOf({ ...beginning(), place: 'link', redeem: 'old' }), { name: 'hello', busy: false, trouble: 'old', at: null, outside: null });
});

test('who is early is told when the call is, gets the number, and can try again', () => {
  const screen = screenOf({ ...beginning(), place: 'link', redeem: 'early', startsAt: 1700000000 });
  assert.deepEqual(screen, { name: 'hello', busy: false, trouble: 'early', at: 1700000000, outside: null });
  const untold = screenOf({ ...beginning(), place: 'link', redeem: 'early', startsAt: 0 });
  assert.deepEqual([untold.trouble, untold.at, givesNumber(untold)], ['early', 0, true], 'who is told no time gets the number too');
  assert.equal(givesNumber(screen), true);
  const again = screenOf({ ...beginning(), place: 'link', redeem: 'sending', startsAt: 1700000000 });
  assert.deepEqual(again, { name: 'hello', busy: true, trouble: null, at: 1700000000, outside: null });
  assert.equal(givesNumber(again), true, 'it stays, so that the button does not jump');
});

test('outside of their hours the numbers take the place of the one of every page, on this screen alone', () => {
  const numbers = [{ label: 'Evenings', number: '01632 960 955', answered: '' }];
  const early = { ...beginning(), place: 'link', redeem: 'early', startsAt: 0, ring: numbers };
  const screen = screenOf(early);
  assert.deepEqual([screen.name, screen.outside, givesNumber(screen)], ['hello', numbers, false]);
  for (const redeem of ['sending', 'unreached', 'limited']) assert.deepEqual(screenOf({ ...early, redeem }).outside, numbers, `${redeem}: they stay`);
  const none = screenOf({ ...early, ring: [] });
  assert.deepEqual([none.outside, givesNumber(none)], [[], true], 'where there are none, the one of every page stands');
  for (const other of [{ redeem: 'finished' }, { redeem: 'taken' }, { ended: 'goodbye' }, { place: 'none' }, { place: 'session' }]) {
    assert.equal(screenOf({ ...early, ...other }).outside, undefined, JSON.stringify(other));
  }
});

test('every dead link shows the same page', () => {
  const dead = [
    { ...beginning(), place: 'link', redeem: 'finished' },
    page(view({ name: 'over', why: 'finished' })),
    page(null, { socket: 'over', bye: 'no_session' }),
  ];
  for (const state of dead) assert.deepEqual(screenOf(state), { name: 'finished' });
});

test('a link that another browser opened first says so', () => {
  assert.deepEqual(screenOf({ ...beginning(), place: 'link', redeem: 'taken' }), { name: 'taken' });
});

test('another browser is told that they know, and nothing else: no name, no time, no way', () => {
  const state = page({ greeting: null, practitioner: null, starts_at: 0, minutes: 0, ways: [], waiting_words: null, way: null, asked: false, stage: { name: 'told' } });
  assert.deepEqual(screenOf(state), { name: 'told', line: null });
  assert.deepEqual(screenOf({ ...state, socket: 'lost' }), { name: 'told', line: 'lost' });
  // Even if more than should were in the view.
  assert.deepEqual(screenOf(page(view('told'))), { name: 'told', line: null });
  assert.equal(byItself(page(view('told', { ways: ['voice'] }))), null, 'nothing goes by itself');
});

test('a place that was moved here begins with the private question; the page that had it says so and keeps nothing', () => {
  assert.equal(screenOf(page(view('asked'))).name, 'check');
  assert.deepEqual(screenOf(page(view({ name: 'over', why: 'moved' }))), { name: 'moved' });
});

test('with a session but nothing heard yet the page says that it is getting ready, and when the line is gone', () => {
  assert.deepEqual(screenOf(page(null, { socket: 'connecting' })), { name: 'moment', line: null });
  assert.deepEqual(screenOf(page(null, { socket: 'lost' })), { name: 'moment', line: 'lost' });
  assert.deepEqual(screenOf(page(null, { socket: 'lost', bye: 'back_in_a_moment' })), { name: 'moment', line: 'moment' });
});

test('an answer is sent once and never shown again', () => {
  assert.deepEqual(screenOf(page(view('asked'))), { name: 'check', line: null, busy: false, greeting: 'Jo' });
  assert.deepEqual(screenOf(page(view('asked'), { pressed: 'answer' })), { name: 'check', line: null, busy: true, greeting: 'Jo' });
  const stages = ['choosing', 'preparing', waiting(), talking(), { name: 'over', why: 'left' }];
  for (const stage of stages) assert.doesNotMatch(JSON.stringify(screenOf(page(view(stage, { way: 'voice' })))), /answer|"yes"/);
});

test('only the ways that are offered are shown, in their order, each with its cost', () => {
  assert.deepEqual(screenOf(page(view('choosing', { ways: ['voice', 'text'] }))), {
    name: 'how',
    line: null,
    busy: false,
    minutes: 30,
    ways: [
      { way: 'voice', megabytes: megabytes('voice', 30) },
      { way: 'text', megabytes: 0 },
    ],
  });
});

test('where one way is offered nothing is asked', () => {
  assert.deepEqual(byItself(page(view('choosing', { ways: ['voice'] }))), { type: 'choose', way: 'voice' });
  assert.equal(byItself(page(view('choosing'))), null);
});

test('who types needs no camera and no microphone, and waits at once', () => {
  const state = page(view('preparing', { way: 'text' }));
  assert.deepEqual(screenOf(state), { name: 'moment', line: null });
  assert.deepEqual(byItself(state), { type: 'knock' });
});

test('nothing goes by itself without a line or while a press is unanswered', () => {
  const seen = view('preparing', { way: 'text' });
  assert.equal(byItself(page(seen, { socket: 'lost' })), null);
  assert.equal(byItself(page(seen, { pressed: 'knock' })), null);
  assert.equal(byItself(page(view('preparing', { way: 'voice' }))), null, 'a voice call is never knocked for by itself');
  assert.equal(byItself(page(view('asked'))), null, 'the private question is never answered by itself');
});

const trying = { name: 'prepare', line: null, busy: false, microphone: false, camera: false, swap: false, swapFailed: false, failure: null, lacks: null };

test('camera and microphone: one press asks, what comes is shown, and it works', () => {
  const seen = view('preparing', { way: 'video' });
  assert.deepEqual(screenOf(page(seen)), { ...trying, way: 'video', step: 'ask', without: 'camera' });
  assert.deepEqual(screenOf(page(seen, { devices: { step: 'asking' } })), { ...trying, way: 'video', step: 'asking', without: 'camera' });
  assert.deepEqual(screenOf(page(seen, { devices: { step: 'tried', microphone: true, camera: true } })), {
    ...trying, way: 'video', step: 'ready', microphone: true, camera: true, without: 'camera',
  });
});

test('a voice call asks for the microphone only', () => {
  const screen = screenOf(page(view('preparing', { way: 'voice' }), { devices: { step: 'tried', microphone: true, cameraFailure: 'absent' } }));
  assert.deepEqual(screen, { ...trying, way: 'voice', step: 'ready', microphone: true, without: 'both' });
});

test('whatever device fails there is a way on', () => {
  const failures = ['refused', 'absent', 'busy', 'no_interface', 'insecure', 'failed'];
  for (const failure of failures) {
    for (const way of ['video', 'voice']) {
      for (const ways of [[way], [way, 'text'], ['video', 'voice'], ['video', 'voice', 'text']]) {
        const screen = screenOf(page(view('preparing', { way, ways }), { devices: { step: 'tried', microphoneFailure: failure } }));
        assert.deepEqual(screen, { ...trying, way, step: 'failed', failure, lacks: 'microphone', without: ways.includes('text') ? 'both' : 'quiet' });
      }
    }
  }
});

test('a camera that fails leaves the voice', () => {
  const screen = screenOf(page(view('preparing', { way: 'video' }), { devices: { step: 'tried', microphone: true, cameraFailure: 'refused' } }));
  assert.deepEqual(screen, { ...trying, way: 'video', step: 'failed', failure: 'refused', lacks: 'camera', microphone: true, without: 'camera' });
});

const controls = { asked: false, whoAsked: false, ring: null, microphone: false, camera: false, canTalk: true, canShow: true, swap: false, trouble: null, quiet: false };

test('waiting says the truth about who is there', () => {
  const there = { name: 'waiting', line: null, who: 'Sam', desk: true, late: false, onHold: false, since: 900, startsAt: 1000, words: null, way: 'voice', kept: 'no', ...controls };
  assert.deepEqual(screenOf(page(view(waiting(), { way: 'voice' }))), there);
  assert.deepEqual(screenOf(page(view(waiting({ desk: false }), { way: 'voice' }))), { ...there, desk: false });
});

test('who is on hold is told that, keeps what was written, and waits like anybody once they are not', () => {
  const [inside, held, door] = [view(talking()), view(waiting({ on_hold: true })), view(waiting())];
  assert.equal(screenOf(page(held)).onHold, true);
  assert.deepEqual(
    [isPutOut(inside, held), isPutOut(inside, door), isPutOut(held, door), isPutOut(held, inside), isPutOut(door, held), isPutOut(null, door)],
    [false, true, true, false, false, false],
  );
});

test('ten minutes past the time the waiting page says so, and stops when it is so no longer', () => {
  const late = (stage) => screenOf(page(view(waiting(stage), { way: 'voice' }))).late;
  assert.deepEqual([late({}), late({ late: true }), late({ late: false })], [false, true, false]);
});

test('the private question asked again stands beside what goes on, and changes nothing of it', () => {
  for (const stage of [waiting(), talking()]) {
    const calm = screenOf(page(view(stage, { way: 'video' }), { media: 'connected', devices: { microphone: true, camera: true } }));
    const asked = screenOf(page(view(stage, { way: 'video', asked: true }), { media: 'connected', devices: { microphone: true, camera: true } }));
    assert.deepEqual(asked, { ...calm, asked: true });
    assert.equal(calm.asked, false);
  }
});

test('an answer to the question asked again is seen nowhere, whichever it was, from the press on', () => {
  const before = view(talking(), { way: 'voice', asked: true });
  assert.deepEqual(assumed(before, 'yes'), view(talking(), { way: 'voice' }));
  assert.deepEqual(assumed(before, 'type'), view(talking(), { way: 'text' }));
  const screen = screenOf(page(assumed(before, 'yes'), { pressed: 'again' }));
  assert.equal(screen.asked, false);
  assert.deepEqual(screen, screenOf(page(view(talking(), { way: 'voice' }))), 'nothing tells that it was asked');
});

test('who is there is asked beside what goes on, and what was said is seen nowhere, from the press on', () => {
  for (const stage of [waiting(), talking()]) {
    const calm = screenOf(page(view(stage, { way: 'text' })));
    const asked = view(stage, { way: 'text', who_asked: true });
    assert.deepEqual(screenOf(page(asked)), { ...calm, whoAsked: true });
    assert.deepEqual(assumed(asked, null), view(stage, { way: 'text' }));
    assert.deepEqual(screenOf(page(assumed(asked, null), { pressed: 'who' })), calm);
    assert.equal(settled('who', asked, asked), false, 'said again after a loss, until the service has it');
    assert.equal(settled('who', asked, view(stage, { way: 'text' })), true);
  }
});

test('whether it may be kept is asked beside what goes on, and what was said is seen nowhere, from the press on', () => {
  for (const stage of [waiting(), talking()]) {
    const calm = screenOf(page(view(stage, { way: 'text' })));
    const asked = view(stage, { way: 'text', kept: 'asked' });
    assert.deepEqual(screenOf(page(asked)), { ...calm, kept: 'asked' });
    assert.deepEqual(screenOf(page(assumed(asked, null), { pressed: 'keep' })), calm);
    assert.equal(settled('keep', asked, asked), false, 'said again after a loss, until the service has it');
    assert.equal(settled('keep', asked, view(stage, { way: 'text' })), true);
    assert.equal(screenOf(page(assumed(view(stage, { kept: 'may', who_asked: true }), null))).kept, 'may', 'another answer changes nothing of it');
  }
  assert.equal(screenOf(page(view(talking(), { kept: 'asked' }), { covered: true })).kept, undefined, 'under a cover nothing is asked');
});

test('the answer waits for the question to go away, though all else may change meanwhile', () => {
  const asked = view(waiting(), { way: 'voice', asked: true });
  assert.equal(settled('again', asked, view(talking(), { way: 'voice', asked: true })), false, 'let in before the answer arrived');
  assert.equal(settled('again', asked, view(waiting(), { way: 'voice' })), true);
  assert.equal(settled('again', asked, view({ name: 'over', why: 'later' })), true);
  assert.equal(settled('choose', view('choosing'), view('choosing')), false);
  assert.equal(settled('choose', view('choosing'), view('preparing', { way: 'voice' })), true);
});

test('later is said at once, whatever the line does', () => {
  for (const socket of ['connecting', 'open', 'lost', 'over']) {
    assert.deepEqual(screenOf(page(view(talking(), { way: 'voice', asked: true }), { socket, ended: 'later', pressed: 'again' })), { name: 'later' });
  }
});

test('another camera is offered only where there is one and the camera is on', () => {
  const swap = (devices, stage = waiting()) => screenOf(page(view(stage, { way: 'video' }), { devices: { step: 'tried', ...devices } })).swap;
  for (const stage of [waiting(), talking(), { name: 'preparing' }]) {
    assert.equal(swap({ camera: true, swap: true }, stage), true);
    assert.equal(swap({ camera: false, swap: true }, stage), false);
    assert.equal(swap({ camera: true, swap: false }, stage), false);
  }
  const failed = screenOf(page(view(talking(), { way: 'video' }), { devices: { asked: 'camera', camera: true, swap: true, swapFailed: true } }));
  assert.deepEqual(failed.trouble, { failure: 'swap', lacks: 'camera' });
});

test('the number is given wherever a person may need another way', () => {
  const names = ['bare', 'hello', 'moment', 'check', 'how', 'prepare', 'waiting', 'call', 'goodbye', 'later', 'declined', 'finished', 'taken', 'told', 'moved', 'elsewhere', 'stopped'];
  assert.deepEqual(names.filter((name) => givesNumber({ name })), ['declined', 'finished', 'taken', 'told', 'moved', 'stopped']);
});

test('without a line nothing is said of who is there', () => {
  const screen = screenOf(page(view(waiting(), { way: 'voice' }), { socket: 'lost' }));
  assert.deepEqual([screen.desk, screen.line], [null, 'lost']);
});

test('after a reload microphone and camera are off, and the page says so', () => {
  const screen = screenOf(page(view(talking(), { way: 'video' }), { media: 'connected' }));
  assert.deepEqual(screen, {
    name: 'call', line: null, who: 'Sam', says: ['muted_both'], picture: true, still: null, typing: false, hushed: false, silenced: false, retry: false, way: 'video', kept: 'no', ...controls,
  });
});

test('where the network bears no picture the page says so, and offers it again once it may', () => {
  const screen = (more, stage = {}) => screenOf(page(view(talking(stage), { way: 'video' }), { media: 'connected', devices: { microphone: true, camera: true }, ...more }));
  const told = (one) => [one.says, one.retry, one.picture];
  assert.deepEqual(told(screen({})), [[], false, true]);
  assert.deepEqual(told(screen({ pace: 'picture_off' })), [['picture_off'], false, true]);
  assert.deepEqual(told(screen({ pace: 'picture_can_return' })), [['picture_off'], true, true]);
  assert.deepEqual(told(screen({ unpictured: true })), [['picture_off'], false, false], 'theirs; the last of it isn\'t left standing');
  assert.deepEqual(told(screen({ unpictured: true }, { desk_devices: off })), [['desk_muted'], false, false], 'their camera is off: nothing is missing');
  assert.deepEqual(told(screen({ pace: 'voice_poor' })), [['poor'], false, true]);
  assert.deepEqual(screen({ pace: 'picture_off', media: 'interrupted' }).says, ['broken'], 'worse things first');
});

test('a still picture stands in place of one that moves, and the page says so', () => {
  const screen = (stills, more = {}) => screenOf(page(view(talking(more), { way: 'video' }), { media: 'connected', devices: { microphone: true, camera: true }, stills: { own: false, theirs: false, picture: null, ...stills } }));
  const told = (one) => [one.says, one.picture, one.still];
  assert.deepEqual(told(screen({ theirs: true, picture: 'data:' })), [['picture_still'], false, 'data:']);
  assert.deepEqual(told(screen({ theirs: true })), [['picture_still'], false, null], 'until the first one is there; what moved isn\'t left standing');
  assert.deepEqual(told(screen({ own: true })), [['picture_still'], true, null]);
  assert.deepEqual(told(screen({ theirs: true, picture: 'data:' }, { desk_devices: off })), [['desk_muted'], false, null], 'their camera is off: it goes at once');
});

test('until the practitioner starts, the page says what they see and hear of this phone', () => {
  const says = (devices, more = {}) => screenOf(page(view(talking({ started: false }), { way: 'video' }), { media: 'connected', devices, ...more })).says;
  assert.deepEqual(says({ microphone: true, camera: true }), ['see_hear']);
  assert.deepEqual(says({ microphone: true }), ['hear']);
  assert.deepEqual(says({ camera: true }), ['see', 'muted']);
  assert.deepEqual(says({}), ['neither', 'muted_both']);
  assert.deepEqual(says({ microphone: true, camera: true }, { media: 'connecting' }), ['connecting'], 'nothing arrives yet, so nothing is seen');
});

test('the picture shows only once the practitioner has started and their camera is on', () => {
  const picture = (stage, more = {}) => screenOf(page(view(talking(stage), { way: 'video', ...more }), { media: 'connected' })).picture;
  assert.equal(picture({}), true);
  assert.equal(picture({ started: false }), false);
  assert.equal(picture({ desk_devices: off }), false);
  assert.equal(picture({}, { way: 'voice' }), false);
});

test('in conversation trouble is told, the gravest first and two lines at most', () => {
  const says = (stage, more) => screenOf(page(view(talking(stage), { way: 'video' }), more)).says;
  assert.deepEqual(says({ desk: false }, { media: 'interrupted' }), ['desk_away', 'broken']);
  assert.deepEqual(says({}, { media: 'interrupted', devices: { microphone: true } }), ['broken']);
  assert.deepEqual(says({ desk_devices: off }, { media: 'connected', devices: { microphone: true } }), ['desk_muted']);
  assert.deepEqual(says({}, { media: 'impossible' }), ['no_media']);
});

test('by voice, where there is nothing to see, the page says that all is well', () => {
  const says = (way, stage = {}) => screenOf(page(view(talking(stage), { way }), { media: 'connected', devices: { microphone: true, camera: true } })).says;
  assert.deepEqual(says('voice'), ['talk']);
  assert.deepEqual(says('video'), []);
  assert.deepEqual(says('video', { desk_devices: { microphone: true, camera: false, picture: true } }), ['talk']);
});

test('a conversation by typing speaks of no sound', () => {
  const screen = screenOf(page(view(talking(), { way: 'text' }), { media: 'interrupted' }));
  assert.deepEqual([screen.typing, screen.says], [true, ['typing']]);
});

test('a browser that can make no call offers no microphone and no camera', () => {
  const screen = screenOf(page(view(talking(), { way: 'voice' }), { media: 'impossible' }));
  assert.deepEqual([screen.canTalk, screen.canShow], [false, false]);
});

test('a device that was pressed for and fails is explained where it was pressed, and nowhere else', () => {
  const trouble = (devices) => screenOf(page(view(waiting(), { way: 'video' }), { devices })).trouble;
  assert.deepEqual(trouble({ asked: 'microphone', microphoneFailure: 'refused' }), { failure: 'refused', lacks: 'microphone' });
  assert.deepEqual(trouble({ asked: 'camera', cameraFailure: 'busy' }), { failure: 'busy', lacks: 'camera' });
  assert.equal(trouble({ asked: 'camera', camera: true, microphoneFailure: 'refused' }), null);
  assert.equal(trouble({ microphoneFailure: 'refused', cameraFailure: 'refused' }), null, 'who went on without is left in peace');
});

test('each way a session ends has its own words', () => {
  const names = ['later', 'left', 'ended', 'declined', 'finished'].map((why) => screenOf(page(view({ name: 'over', why }))).name);
  assert.deepEqual(names, ['later', 'goodbye', 'goodbye', 'declined', 'finished']);
});

test('end call says goodbye at once, whatever the line does', () => {
  for (const socket of ['connecting', 'open', 'lost', 'over']) {
    assert.deepEqual(screenOf(page(view(talking(), { way: 'voice' }), { socket, ended: 'goodbye' })), { name: 'goodbye' });
  }
});

test('another tab that took over is told of; a page that was refused says that it stopped', () => {
  assert.deepEqual(screenOf(page(view(waiting()), { socket: 'over', bye: 'other_tab' })), { name: 'elsewhere' });
  assert.deepEqual(screenOf(page(view(waiting()), { socket: 'over', bye: 'misbehaved' })), { name: 'stopped' });
  assert.deepEqual(screenOf(page(view(waiting()), { socket: 'over', bye: 'reload' })), { name: 'stopped' });
});

test('the service is told what is on, and a picture is wanted by video only', () => {
  assert.deepEqual(switchedOn(page(view(waiting(), { way: 'video' }), { devices: { microphone: true } })), { microphone: true, camera: false, picture: true });
  assert.deepEqual(switchedOn(page(view(waiting(), { way: 'voice' }), { devices: { camera: true } })), { microphone: false, camera: true, picture: false });
});

test('the screen stays on where a person waits or talks, and only then', () => {
  const awake = ['bare', 'hello', 'told', 'moved', 'moment', 'check', 'how', 'prepare', 'waiting', 'call', 'goodbye', 'finished'].filter((name) => keepsAwake({ name }));
  assert.deepEqual(awake, ['told', 'waiting', 'call']);
});

test('megabytes are rounded up so that they can be remembered', () => {
  for (const way of ['video', 'voice']) {
    for (const minutes of [5, 20, 30, 45, 60, 240]) {
      const shown = megabytes(way, minutes);
      assert.ok(shown >= 1 && (shown <= 20 || shown % 5 === 0), `${way} ${minutes}: ${shown}`);
    }
    assert.ok(megabytes(way, 60) > megabytes(way, 30));
  }
  assert.equal(megabytes('text', 240), 0);
});

/** Where a budget stands; `held` is what doesn't fit into the rest of it. */
const data = (held, low = false) => ({ used: 5e6, budget: 6, left: 1e6, low, ceiling: 'voice', picture: held !== 'picture' && held !== 'sound', sound: held !== 'sound' });
const well = { media: 'connected', devices: { microphone: true, camera: true } };

test('before choosing, half an hour of voice is about 6 MB, and of video about 50', () => {
  assert.deepEqual([megabytes('voice', 30), megabytes('video', 30), megabytes('text', 30)], [6, 50, 0]);
});

test('nobody hears of their data before they have set something', () => {
  for (const way of ['video', 'voice', 'text']) {
    const { says } = screenOf(page(view(talking(), { way }), well));
    assert.doesNotMatch(says.join(), /data/);
  }
});

test('when most of the data is used they are told; with what is off because of it', () => {
  const says = (way, held, low, more = {}) => screenOf(page(view(talking(), { way }), { ...well, data: data(held, low), ...more })).says;
  assert.deepEqual(says('voice', null, true), ['data_low']);
  assert.deepEqual(says('video', null, true), ['data_low']);
  assert.deepEqual(says('video', 'picture', true, { devices: { microphone: true } }), ['data_low_picture']);
  assert.deepEqual(says('video', 'picture', false, { devices: { microphone: true } }), ['data_picture']);
  assert.deepEqual(says('voice', 'picture', false), ['talk'], 'who never had a picture loses none');
  assert.deepEqual(says('text', 'sound', true), ['data_out', 'typing']);
  assert.deepEqual(says('text', null, true), ['typing'], 'typing takes next to nothing');
});

test('what is wrong with the line comes before the data, and a switched-off microphone after it', () => {
  const says = (more) => screenOf(page(view(talking(more.stage), { way: 'voice' }), { ...well, data: data(null, true), ...more })).says;
  assert.deepEqual(says({ media: 'interrupted' }), ['broken', 'data_low']);
  assert.deepEqual(says({ stage: { desk: false } }), ['desk_away', 'data_low']);
  assert.deepEqual(says({ devices: { microphone: false } }), ['data_low', 'muted']);
});

test('what does not fit into the data is not offered, and what is on can be switched off', () => {
  const offered = (held, stage = talking(), camera = false) => {
    const state = page(view(stage, { way: 'video' }), { ...well, devices: { camera }, data: data(held) });
    const { canTalk, canShow } = screenOf(state);
    return [canTalk, canShow, switchedOn(state).picture];
  };
  assert.deepEqual(offered(null), [true, true, true]);
  assert.deepEqual(offered('picture'), [true, false, true]);
  assert.deepEqual(offered('picture', talking(), true), [true, true, true]);
  assert.deepEqual(offered('sound'), [false, false, true]);
  assert.deepEqual(offered('sound', waiting()), [true, true, true], 'while waiting what is on can still be switched off');
});

test('the conversation cannot be had without a line, or where nothing comes though somebody has something on', () => {
  const on = { microphone: true };
  const nobodyOn = talking({ desk_devices: off });
  const cut = [
    page(view(waiting(), { way: 'voice' }), { socket: 'lost' }),
    page(view(waiting(), { way: 'text' }), { socket: 'lost' }),
    page(view(talking(), { way: 'text' }), { socket: 'lost' }),
    page(view(talking(), { way: 'voice' }), { media: 'interrupted' }),
    page(view(nobodyOn, { way: 'voice' }), { media: 'connecting', devices: on }),
    page(view(nobodyOn, { way: 'video' }), { media: 'none', devices: { camera: true } }),
  ];
  for (const state of cut) assert.equal(cutOff(state), true, JSON.stringify([state.socket, state.media, state.view.stage]));
  const had = [
    page(null, { socket: 'lost' }),
    page(view('asked'), { socket: 'lost' }),
    page(view('preparing', { way: 'voice' }), { socket: 'lost' }),
    page(view(waiting(), { way: 'voice' })),
    page(view(talking(), { way: 'voice' }), { media: 'connected', devices: on }),
    page(view(talking(), { way: 'text' }), { media: 'none' }),
    page(view(nobodyOn, { way: 'voice' }), { media: 'interrupted' }),
    page(view(talking(), { way: 'voice' }), { media: 'impossible', devices: on }),
    page(view(talking(), { way: 'voice' }), { media: 'none', data: { used: 9, budget: 1, picture: false, sound: false } }),
    page(view(talking(), { way: 'voice' }), { socket: 'lost', ended: 'goodbye' }),
  ];
  for (const state of had) assert.equal(cutOff(state), false, JSON.stringify([state.socket, state.media, state.view && state.view.stage]));
});

test('what keeps failing leads to a call only where that was agreed; elsewhere the page says nothing new', () => {
  for (const stage of [waiting(), talking()]) {
    const at = (more, rings) => screenOf(page(view(stage, { way: 'voice', ...rings }), more)).ring;
    for (const more of [{ socket: 'lost', failing: true }, { media: 'interrupted', failing: true }]) {
      assert.equal(at(more, { rings: true }), 'may');
      assert.equal(at(more, { rings: false }), null);
      assert.equal(at(more, {}), null, 'a service that says nothing of it');
      assert.equal(at({ ...more, failing: false }, { rings: true }), null, 'a moment is no reason, nor is what is over');
    }
    assert.equal(at({ socket: 'lost', failing: true, quiet: true }, { rings: true }), null, 'who is quiet is not rung');
    assert.equal(at({}, { rings: true, ringing: true }), 'now');
    assert.equal(at({ media: 'interrupted', failing: true }, { rings: true, ringing: true }), 'now');
    assert.equal(at({}, { rings: false, ringing: true }), null);
    assert.equal(at({ socket: 'lost' }, { rings: true, ringing: true }), null, 'how long ago that was is not known then');
  }
});

test('in quiet mode the page says that it is quiet and that they are seen, offers no microphone, and nothing that sounds', () => {
  const seen = { camera: true, microphone: false };
  const state = (stage, more = {}) => page(view(stage, { way: 'video' }), { media: 'connected', quiet: true, devices: seen, ...more });
  const screen = (...more) => screenOf(state(...more));
  assert.deepEqual(screen(talking()).says, ['quiet']);
  assert.deepEqual(screen(talking({ started: false })).says, ['quiet', 'see']);
  assert.deepEqual(screen(talking({ desk: false })).says, ['desk_away', 'quiet']);
  assert.deepEqual(screen(talking(), { pace: 'voice_poor', hushed: true }).says, ['quiet'], 'nobody listens');
  const { canTalk, canShow, quiet, picture } = screen(talking());
  assert.deepEqual([canTalk, canShow, quiet, picture], [false, true, true, true]);
  assert.equal(screen(waiting()).canTalk, false);
  const loud = screen(talking(), { hushed: true, silenced: true, pace: 'picture_can_return' });
  assert.deepEqual([loud.hushed, loud.silenced, loud.retry], [false, false, false]);
  assert.deepEqual(screenOf(page(view(talking(), { way: 'text' }), { quiet: true })).says, ['quiet', 'typing']);
  assert.deepEqual(screen(talking(), { covered: true }), { name: 'covered', line: null }, 'a cover is stronger');
});

test('under the cover nothing is said of a call', () => {
  const state = page(view(talking(), { way: 'voice', rings: true, ringing: true }), { socket: 'lost', failing: true, covered: true });
  assert.deepEqual(screenOf(state), { name: 'covered', line: null });
});
