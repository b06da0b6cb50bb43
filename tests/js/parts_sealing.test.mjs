// Keys of two pages, and whoever stands between them.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { linkSecret, own, read, sealText, written } from '../../web-client/parts/keys.js';
import { LISTS, pairOf } from '../../web-client/parts/pairs.js';
import { Sealing } from '../../web-client/parts/sealing.js';

const SECRET = await linkSecret('0123456789ABCDEFGHJKMNPQRS');
const OTHER_SECRET = await linkSecret('ZYXWVTSRQPNMKJHGFEDCBA9876');
const SDP = (print) => `v=0\r\na=fingerprint:sha-256 ${print}\r\nm=audio 9 X 111\r\n`;

const made = [];
class Page extends Sealing {
  constructor(options) {
    super(options);
    made.push(this);
  }
}

/** Lets every step that was begun come to its end: those of one page begin others at the other. */
async function settled() {
  while (made.some((page) => page._waiting > 0)) await Promise.all(made.map((page) => page._turn));
}

/** Two pages, and what happens to each message between them: `pass(message, from)` gives what arrives instead, or nothing. */
function two({ guest = SECRET, desk = SECRET, pass = (seal) => seal } = {}) {
  const pages = {};
  const make = (side, link, other) => {
    pages[side] = new Page({
      side,
      link: () => link,
      changed: () => {},
      send: (seal) => {
        const arrives = pass(seal, side);
        if (arrives) pages[other].heard(arrives);
      },
    });
    pages[side].enter('waiting 1');
  };
  make('guest', guest, 'desk');
  make('desk', desk, 'guest');
  return pages;
}

/** What comes of a text from one page at the other. */
async function sends(from, to, id, text) {
  const body = await from.seal(id, text);
  return body === null ? null : to.open(id, body);
}

async function agreed(options) {
  const pages = two(options);
  pages.guest.begin();
  pages.desk.begin();
  await settled();
  return pages;
}

afterEach(() => (made.length = 0));

test('two pages agree on a key, whoever begins, and read each other', async () => {
  for (const begin of [['guest'], ['desk'], ['guest', 'desk'], ['desk', 'guest']]) {
    const pages = two();
    for (const one of begin) pages[one].begin();
    await settled();
    const { guest, desk } = pages;
    assert.deepEqual([guest.state, desk.state, guest.checked, desk.checked], ['sealed', 'sealed', 'link', 'link'], begin.join());
    assert.deepEqual(guest.words, desk.words);
    assert.equal(await sends(guest, desk, 't1', 'Ça va, 你好? 🍋'), 'Ça va, 你好? 🍋');
    assert.equal(await sends(desk, guest, 't1', ''), '');
    assert.equal(await sends(guest, desk, 't2', '\u0080'.repeat(2000)), '\u0080'.repeat(2000));
  }
});

test('the longest text fits into the body that the service passes on', async () => {
  const { guest } = await agreed();
  assert.ok((await guest.seal('t', '漢'.repeat(2000))).length <= 8 * 1024);
  assert.equal((await guest.seal('t', 'No')).length, (await guest.seal('t', 'Yes, come at eight')).length, 'short texts are of one length');
});

test('before there is a key nothing is sealed, and nothing is opened', async () => {
  const { guest, desk } = two();
  assert.equal(await guest.seal('t', 'Hello'), null);
  assert.equal(await desk.open('t', 'Hello'), null);
  assert.equal(await desk.open('t', written(new Uint8Array(96))), null);
});

test('what was flipped, replayed, came out of order or from elsewhere is never shown, and what follows is', async () => {
  const { guest, desk } = await agreed();
  const strangers = await agreed();
  const [first, second, third] = [await guest.seal('a', 'one'), await guest.seal('b', 'two'), await guest.seal('c', 'three')];
  for (let at = 0; at < first.length; at += 7) {
    const flipped = first.slice(0, at) + (first[at] === 'A' ? 'B' : 'A') + first.slice(at + 1);
    assert.equal(await desk.open('a', flipped), null, `flipped at ${at}`);
  }
  for (const bad of ['', '!', 'AAAA', first.slice(0, 20), first + 'AAAA']) assert.equal(await desk.open('a', bad), null);
  assert.equal(await desk.open('b', first), null, 'under another id');
  assert.equal(await strangers.desk.open('a', first), null, 'of another room');
  assert.equal(await guest.open('a', first), null, 'its own');
  assert.equal(await desk.open('a', first), 'one', 'none of it cost the true one');
  assert.equal(await desk.open('a', first), null, 'again');
  assert.equal(await desk.open('c', third), 'three');
  assert.equal(await desk.open('b', second), null, 'out of order');
  assert.equal(await sends(guest, desk, 'b', 'two'), 'two', 'sealed again it is read');
});

test('put back or let in, what was sealed before is not opened after, and is sealed again', async () => {
  const { guest, desk } = await agreed();
  const before = await guest.seal('a', 'one');
  assert.equal(desk.enter('in 2'), true);
  assert.equal(desk.enter('in 2'), false);
  assert.equal(await desk.open('a', before), null);
  guest.enter('in 2');
  assert.equal(await sends(guest, desk, 'a', 'one'), 'one');
});

test('an acknowledgement is the other page’s own', async () => {
  const { guest, desk } = await agreed();
  const proof = await desk.acknowledge('a');
  assert.equal(await guest.isAcknowledged('a', proof), true);
  for (const [id, tag] of [['b', proof], ['a', ''], ['a', await guest.acknowledge('a')]]) assert.equal(await guest.isAcknowledged(id, tag), false);
  assert.equal(await two().guest.isAcknowledged('a', proof), false);
});

test('a page that is loaded anew agrees on another key, and reads nothing of before', async () => {
  const pages = await agreed();
  const before = await pages.desk.seal('a', 'one');
  const old = pages.guest;
  const fresh = new Page({ side: 'guest', link: () => SECRET, changed: () => {}, send: (seal) => pages.desk.heard(seal) });
  fresh.enter('waiting 1');
  pages.guest = fresh;
  fresh.begin();
  await settled();
  assert.deepEqual([fresh.state, pages.desk.state], ['sealed', 'sealed']);
  assert.equal(await fresh.open('a', before), null);
  assert.equal(await sends(pages.desk, fresh, 'a', 'one'), 'one');
  assert.equal(await sends(pages.desk, old, 'b', 'two'), null);
});

test('a desk page that had the conversation before agrees anew when it has it again', async () => {
  const pages = two();
  const first = pages.desk;
  first.begin();
  await settled();
  const second = new Page({ side: 'desk', link: () => SECRET, changed: () => {}, send: (seal) => pages.guest.heard(seal) });
  second.enter('waiting 1');
  for (const desk of [second, first, second, first]) {
    pages.desk = desk;
    desk.begin();
    await settled();
    assert.deepEqual([pages.guest.state, desk.state], ['sealed', 'sealed']);
    assert.equal(await sends(pages.guest, desk, 'a', 'one'), 'one');
  }
});

test('whatever is lost on the way is made up for when both say it again', async () => {
  for (let lost = 0; lost < 6; lost += 1) {
    let count = 0;
    const pages = await agreed({ pass: (seal) => ((count += 1) - 1 === lost ? null : seal) });
    pages.guest.begin();
    pages.desk.begin();
    await settled();
    assert.deepEqual([pages.guest.state, pages.desk.state], ['sealed', 'sealed'], `without message ${lost + 1}`);
  }
});

test('the service reads nothing that would give the key: the two of one run differ from any other', async () => {
  const said = [];
  await agreed({ pass: (seal) => (said.push(seal), seal) });
  const first = said.findIndex(({ key }) => key);
  const { commitment } = said[first];
  assert.ok(said.slice(0, first).length > 0 && said[first].seen, 'a key is shown only to who has committed');
  assert.ok(said.some((seal) => seal.commitment === commitment && !seal.key) || said[first].seen);
  assert.ok(said.every(({ link }) => link !== SECRET));
});

/**
 * Somebody in between, who agrees with each side as if it were the other. `link`: what it knows of the link.
 * @returns {{ guest: Sealing, desk: Sealing, toGuest: Sealing, toDesk: Sealing }}
 */
async function between({ guest = SECRET, desk = SECRET, link = null, claims = (seal) => seal } = {}) {
  const all = {};
  const page = (side, secret, send) => {
    const made = new Page({ side, link: () => secret, changed: () => {}, send });
    made.enter('waiting 1');
    return made;
  };
  all.guest = page('guest', guest, (seal) => all.toGuest.heard(seal));
  all.toGuest = page('desk', link, (seal) => all.guest.heard(claims(seal, 'guest')));
  all.desk = page('desk', desk, (seal) => all.toDesk.heard(seal));
  all.toDesk = page('guest', link, (seal) => all.desk.heard(claims(seal, 'desk')));
  all.guest.begin();
  all.desk.begin();
  await settled();
  return all;
}

test('whoever swaps the keys and hasn’t got the link is refused by the desk, 100 of 100, whatever they claim', async () => {
  const name = (await (async () => {
    let found = '';
    await agreed({ pass: (seal) => ((found = seal.link || found), seal) });
    return found;
  })());
  for (let turn = 0; turn < 100; turn += 1) {
    // Says that it hasn't got it, that it has another, or names the true one, which is told openly.
    const link = turn % 3 === 1 ? OTHER_SECRET : null;
    const claims = turn % 3 === 2 ? (seal) => ({ ...seal, link: name, proof: seal.key && written(new Uint8Array(32)) }) : (seal) => seal;
    const { guest, desk } = await between({ link, claims });
    assert.equal(desk.state, 'refused', `${turn}: ${desk.state}`);
    assert.ok(guest.state !== 'sealed' || guest.checked === null, 'the phone takes nobody for checked');
    assert.equal(await desk.seal('t', 'secret'), null);
    assert.equal(await desk.isBound('offer', 1, SDP('AA'), 'x'), false);
  }
});

test('with the link nobody is refused: so the test can fail', async () => {
  const { guest, desk } = await between({ link: SECRET });
  assert.deepEqual([guest.state, guest.checked, desk.state, desk.checked], ['sealed', 'link', 'sealed', 'link']);
});

test('where no link was shared, the words differ, 100 of 100; without somebody between they are the same', async () => {
  for (let turn = 0; turn < 100; turn += 1) {
    const { guest, desk } = await between({ guest: null, desk: null });
    assert.deepEqual([guest.state, guest.checked, desk.state, desk.checked], ['sealed', null, 'sealed', null]);
    assert.notDeepEqual(guest.words, desk.words);
  }
  const { guest, desk } = await agreed({ guest: null, desk: null });
  assert.deepEqual(guest.words, desk.words);
  assert.deepEqual([guest.checked, desk.checked], [null, null]);
  desk.compared(true);
  assert.equal(desk.checked, 'words');
});

test('ground keys come too late: who waits for the other’s key to choose theirs never gets to see it', async () => {
  for (let turn = 0; turn < 100; turn += 1) {
    const seen = [];
    const guest = new Page({ side: 'guest', link: () => null, changed: () => {}, send: (seal) => seen.push(seal) });
    guest.enter('waiting 1');
    guest.begin();
    await settled();
    assert.ok(seen.every(({ key, nonce }) => !key && !nonce), 'nothing is shown to who hasn’t committed');
    const first = await own();
    await guest.heard({ commitment: first.commitment, seen: seen[0].commitment, key: '', nonce: '', link: '', proof: '' });
    const shown = seen[seen.length - 1];
    assert.ok(shown.key);
    // Now that it is known, another key is tried: under the old commitment it is refused, under a new one ours is another too.
    const second = await own();
    if (turn % 2) {
      await guest.heard({ commitment: first.commitment, seen: shown.commitment, key: second.key, nonce: second.nonce, link: '', proof: '' });
      assert.deepEqual([guest.state, guest.why], ['refused', 'changed']);
    } else {
      await guest.heard({ commitment: second.commitment, seen: shown.commitment, key: second.key, nonce: second.nonce, link: '', proof: '' });
      const next = seen[seen.length - 1];
      assert.deepEqual([guest.state, guest.words, next.key], ['agreeing', null, '']);
      assert.notEqual(next.commitment, shown.commitment);
    }
  }
});

test('whoever makes a page commit again and again wears it out, and a press begins anew', async () => {
  const { guest } = two({ pass: () => null });
  for (let turn = 0; turn < 40; turn += 1) {
    const one = await own();
    await guest.heard({ commitment: one.commitment, seen: '', key: '', nonce: '', link: '', proof: '' });
  }
  assert.deepEqual([guest.state, guest.why], ['refused', 'often']);
  guest.again();
  await settled();
  assert.equal(guest.state, 'agreeing');
});

test('its own part sent back, a point that isn’t on the curve and nonsense are refused', async () => {
  for (const key of ['', 'AAAA', written(new Uint8Array(65).fill(4)), 'own']) {
    const seen = [];
    const desk = new Page({ side: 'desk', link: () => null, changed: () => {}, send: (seal) => seen.push(seal) });
    desk.begin();
    await settled();
    const mine = seen[0].commitment;
    const nonce = written(new Uint8Array(16));
    const { commitmentTo } = await import('../../web-client/parts/keys.js');
    await desk.heard({ commitment: await commitmentTo(key, nonce), seen: mine, key: '', nonce: '', link: '', proof: '' });
    const shown = seen[seen.length - 1];
    const given = key === 'own' ? shown.key : key;
    await desk.heard({ commitment: key === 'own' ? shown.commitment : await commitmentTo(key, nonce), seen: mine, key: given, nonce: key === 'own' ? shown.nonce : nonce, link: '', proof: '' });
    assert.notEqual(desk.state, 'sealed', key);
    assert.equal(await desk.seal('t', 'x'), null);
  }
});

test('a wrong proof is refused, and a true one before it would have done', async () => {
  const pages = await agreed({ pass: (seal) => ({ ...seal, proof: seal.proof && written(new Uint8Array(32)) }) });
  assert.deepEqual([pages.guest.state, pages.desk.state], ['refused', 'refused']);
});

let kept = await agreed();

test('media are taken from the page that the key was agreed on with, 100 swapped fingerprints of 100 refused', async () => {
  for (let turn = 0; turn < 100; turn += 1) {
    const { guest, desk } = turn % 10 ? kept : (kept = await agreed());
    const bound = await desk.bind('offer', 7, SDP('AB:CD'));
    assert.equal(await guest.isBound('offer', 7, SDP('ab:cd'), bound), true, 'letters may change their case');
    const wrong = [
      ['offer', 7, SDP(`AB:C${turn % 10}`), bound],
      ['answer', 7, SDP('AB:CD'), bound],
      ['offer', 8, SDP('AB:CD'), bound],
      ['offer', 7, SDP('AB:CD') + 'a=fingerprint:sha-256 EE\r\n', bound],
      ['offer', 7, 'v=0\r\n', bound],
      ['offer', 7, SDP('AB:CD'), bound.slice(0, 8)],
      ['offer', 7, SDP('AB:CD'), await guest.bind('offer', 7, SDP('AB:CD'))],
    ][turn % 7];
    assert.equal(await guest.isBound(...wrong), false);
    assert.deepEqual([guest.state, guest.why], ['refused', 'media']);
    assert.equal(await guest.open('t', await desk.seal('t', 'after')), null, 'nothing is read after that');
    kept = await agreed();
  }
});

test('what was vouched for by a key of before is not taken, and accuses nobody', async () => {
  const pages = await agreed();
  const before = await pages.desk.bind('offer', 7, SDP('AA'));
  pages.desk.again();
  await settled();
  assert.equal(await pages.guest.isBound('offer', 7, SDP('AA'), before), false);
  assert.equal(await pages.guest.isBound('offer', 7, SDP('AA'), ''), false);
  assert.equal(pages.guest.state, 'sealed');
  assert.equal(await pages.guest.isBound('offer', 7, SDP('AA'), await pages.desk.bind('offer', 7, SDP('AA'))), true);
});

test('a description that comes before the key waits for it', async () => {
  const pages = two();
  let taken = null;
  const offered = pages.desk.bind('offer', 1, SDP('AA')).then((bound) => pages.guest.isBound('offer', 1, SDP('AA'), bound).then((is) => (taken = is)));
  await new Promise((done) => setTimeout(done, 50));
  assert.equal(taken, null);
  pages.guest.begin();
  await offered;
  assert.equal(taken, true);
});

test('who left has no key any more', async () => {
  const { guest, desk } = await agreed();
  const body = await desk.seal('t', 'after');
  guest.forget();
  assert.deepEqual([guest.state, guest.words], ['agreeing', null]);
  assert.deepEqual([await guest.open('t', body), await guest.seal('t', 'x'), await guest.acknowledge('t')], [null, null, null]);
});

test('words that differ end it, and a press begins anew', async () => {
  const pages = await agreed({ guest: null, desk: null });
  pages.desk.compared(false);
  assert.deepEqual([pages.desk.state, pages.desk.why], ['refused', 'words']);
  pages.desk.again();
  await settled();
  assert.deepEqual([pages.guest.state, pages.desk.state], ['sealed', 'sealed']);
  assert.equal(await sends(pages.guest, pages.desk, 'a', 'one'), 'one');
});

test('two words hold 24 bits, and none of the words of a list is like another', () => {
  const [first, second] = LISTS;
  assert.deepEqual([first.length, second.length, new Set(first).size, new Set(second).size], [64, 64, 64, 64]);
  const seen = new Set();
  for (let turn = 0; turn < 4096; turn += 1) seen.add(pairOf(new Uint8Array([turn >> 4, (turn & 15) << 4, 0]))[0]);
  assert.equal(seen.size, 4096);
  assert.deepEqual(pairOf(new Uint8Array([0, 0x0f, 0xff])), [`${first[0]}-${second[0]}`, `${first[63]}-${second[63]}`]);
});

test('a counter is never used twice under one key', async () => {
  const { guest } = await agreed();
  const counters = new Set();
  for (let turn = 0; turn < 50; turn += 1) counters.add(written(read(await guest.seal('t', 'x')).slice(0, 8)));
  assert.equal(counters.size, 50);
  assert.equal(typeof sealText, 'function');
});
