// Still pictures beside the voice, with a pretended channel, camera and clock.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Arriving, fitted, MOST, piecesOf, plain, Stills, typeOf } from '../../web-client/call/stills.js';
import { pass, stopTime } from './clock.mjs';

beforeEach(stopTime);

const settled = async () => {
  for (let turn = 0; turn < 20; turn += 1) await null;
};

/** A WebP of one plain picture, by its heads, with so many bytes in all. */
function webp(bytes = 2000, width = 240, height = 180) {
  const picture = new Uint8Array(bytes);
  picture.set([...'RIFF'].map((one) => one.charCodeAt(0)));
  picture.set([...'WEBPVP8 '].map((one) => one.charCodeAt(0)), 8);
  picture.set([0x9d, 0x01, 0x2a, width & 255, width >> 8, height & 255, height >> 8], 23);
  return picture;
}

/** A JPEG with an application's own words before the frame's head. */
function jpeg(width = 240, height = 180, marker = 0xc0) {
  return Uint8Array.of(0xff, 0xd8, 0xff, 0xe1, 0, 6, 1, 2, 3, 4, 0xff, marker, 0, 17, 8, height >> 8, height & 255, width >> 8, width & 255, 3, 0, 0);
}

/** Two sides with a channel between them; `full`: nothing leaves the first one's. */
function pair({ pictures = () => webp(), decoded = async () => {}, able = true } = {}) {
  const world = { went: [], full: false, cameras: 0 };
  const channels = [];
  const end = (to) => ({
    readyState: 'open',
    get bufferedAmount() { return world.full ? 1 : 0; },
    send(message) {
      if (to === 1) world.went.push(message);
      channels[to].onmessage({ data: message.slice().buffer });
    },
    close() { this.readyState = 'closed'; },
  });
  const cameraOf = () => {
    world.cameras += 1;
    return { take: async () => pictures(), close: () => { world.cameras -= 1; } };
  };
  world.a = new Stills({ onChange() {}, cameraOf, decoded, able: true });
  world.b = new Stills({ onChange() {}, cameraOf, decoded, able });
  channels.push(end(1), end(0));
  for (const channel of channels) channel.readyState = 'connecting';
  world.a.over(channels[0]);
  world.b.over(channels[1]);
  for (const channel of channels) {
    channel.readyState = 'open';
    channel.onopen();
  }
  world.went.length = 0;
  world.channels = channels;
  /** So many milliseconds, and what follows from them. */
  world.after = async (time) => {
    await settled();
    for (let passed = 0; passed < time; passed += 250) {
      pass(250);
      await settled();
    }
  };
  return world;
}

const camera = { kind: 'video' };

test('a picture goes in small pieces, a quarter of a second apart, and is shown at the other side', async () => {
  const { a, b, went, after } = pair();
  a.send(camera);
  await after(500);
  assert.deepEqual(went.map(({ length }) => length), [404, 404]);
  assert.equal(b.picture, null, 'half a picture is none');
  await after(750);
  assert.deepEqual(went.map((one) => one[0]), [1, 1, 1, 1, 1]);
  assert.match(b.picture, /^data:image\/webp;base64,/);
});

test('the next picture comes four seconds after the one before, and not before that one has left', async () => {
  const world = pair({ pictures: () => webp(400) });
  const { a, went, after } = world;
  a.send(camera);
  await after(250);
  assert.equal(went.length, 1);
  await after(3500);
  assert.equal(went.length, 1);
  await after(500);
  assert.equal(went.length, 2);
  world.full = true;
  await after(30_000);
  assert.equal(went.length, 2, 'the line is full: nothing is put to it');
});

test('the voice never waits for more than one piece', async () => {
  const world = pair({ pictures: () => webp(MOST) });
  world.a.send(camera);
  for (let time = 0; time < 200; time += 1) {
    const before = world.went.length;
    await world.after(250);
    assert.ok(world.went.length - before <= 1);
  }
  assert.ok(world.went.every(({ length }) => length <= 404));
});

test('a picture that is too large is not sent', async () => {
  const { a, went, after } = pair({ pictures: () => webp(MOST + 1) });
  a.send(camera);
  await after(20_000);
  assert.equal(went.length, 0);
});

test('a camera that goes off takes its picture away at once, and half a picture never comes', async () => {
  const { a, b, after, went } = pair();
  a.send(camera);
  await after(5500);
  assert.ok(b.picture);
  a.send(null);
  assert.equal(b.picture, null);
  const { length } = went;
  await after(20_000);
  assert.deepEqual([went.length, b.picture], [length, null], 'the rest of the one that was under way stays here');
});

test('a picture that was taken before the camera went off, and is ready after it, is not sent', async () => {
  let ready = () => {};
  const { a, went, after } = pair({ pictures: () => new Promise((done) => { ready = () => done(webp()); }) });
  a.send(camera);
  await settled();
  a.send(null);
  ready();
  await after(10_000);
  assert.equal(went.length, 0);
});

test('a picture that is being decoded when it is taken away is not shown', async () => {
  let ready = () => {};
  const { a, b, after } = pair({ pictures: () => webp(400), decoded: () => new Promise((done) => { ready = done; }) });
  a.send(camera);
  await after(500);
  b.clear();
  ready();
  await settled();
  assert.equal(b.picture, null);
});

test('a picture that no other follows is taken away after twelve seconds', async () => {
  const world = pair({ pictures: () => webp(400) });
  world.a.send(camera);
  await world.after(250);
  world.full = true;
  await world.after(11_500);
  assert.ok(world.b.picture);
  await world.after(750);
  assert.equal(world.b.picture, null);
});

test('what is no picture is not shown', async () => {
  const { a, b, after } = pair({ pictures: () => webp(400), decoded: () => Promise.reject(new Error('no picture')) });
  a.send(camera);
  await after(10_000);
  assert.equal(b.picture, null);
});

test('nothing goes to a page that shows no pictures, and nobody is told of any', async () => {
  const { a, b, went, after } = pair({ able: false });
  assert.deepEqual([a.possible, b.possible], [false, true]);
  a.send(camera);
  await after(10_000);
  assert.equal(went.length, 0);
});

test('the end stops both ways and lets go of the camera', async () => {
  const world = pair();
  world.a.send(camera);
  await world.after(3000);
  world.b.close();
  world.a.close();
  assert.deepEqual([world.a.picture, world.b.picture, world.cameras], [null, null, 0]);
  const { length } = world.went;
  pass(60_000);
  assert.equal(world.went.length, length);
});

test('pieces make the same picture again, and only in order, of one picture, and none missing', () => {
  const picture = webp(1000).map((one, at) => one || at % 251);
  const whole = (pieces) => pieces.reduce((last, piece, _, __, found = arriving.take(piece)) => found || last, null);
  let arriving = new Arriving();
  const [one, two, three] = piecesOf(picture, 7);
  assert.deepEqual(whole([one, two, three]), picture);
  for (const wrong of [[one, three], [two, three], [one, two, two], [one, one, three], [one, piecesOf(picture, 8)[1], three], [one, piecesOf(webp(1500), 7)[1], three]]) {
    arriving = new Arriving();
    assert.equal(whole(wrong), null);
  }
  arriving = new Arriving();
  assert.deepEqual(whole([one, three, one, two, three]), picture, 'the next one is whole again');
});

test('more than sixteen thousand bytes are not put together, however they come', () => {
  const arriving = new Arriving();
  assert.equal(piecesOf(new Uint8Array(MOST), 0).length, 40);
  assert.equal(piecesOf(new Uint8Array(MOST + 1), 0).length, 0);
  assert.equal(arriving.take(Uint8Array.of(1, 0, 0, 41, 1)), null);
  assert.equal(arriving.take(new Uint8Array(405).fill(0).map((_, at) => [1, 0, 0, 1][at] || 0)), null, 'nor is a long piece taken');
  assert.equal(arriving.take(Uint8Array.of(1, 0, 0, 1)), null, 'nor an empty one');
  assert.equal(arriving.take(Uint8Array.of(1)), null);
  assert.deepEqual(arriving._parts, []);
});

test('only a small JPEG or WebP is given to the browser to decode', () => {
  assert.equal(typeOf(webp()), 'image/webp');
  assert.equal(typeOf(jpeg()), 'image/jpeg');
  assert.equal(typeOf(jpeg(240, 180, 0xc2)), 'image/jpeg', 'progressive');
  assert.equal(typeOf(webp(2000, 16383, 16383)), null, 'a few bytes that would fill the memory');
  assert.equal(typeOf(jpeg(65535, 65535)), null);
  assert.equal(typeOf(jpeg(0, 180)), null);
  assert.equal(typeOf(jpeg(240, 180, 0xc3)), null, 'nothing that browsers don\'t write');
  for (const text of ['\x89PNG\r\n\x1a\n', 'GIF89a', '<svg xmlns="http://www.w3.org/2000/svg">', 'RIFF....WEBPVP8X', '']) {
    assert.equal(typeOf(Uint8Array.from(text.padEnd(60), (one) => one.charCodeAt(0))), null, text);
  }
});

test('a WebP leaves its profile of colours behind', () => {
  const inner = webp(80).subarray(12);
  new DataView(inner.buffer, inner.byteOffset).setUint32(4, inner.length - 8, true);
  const bytes = new Uint8Array(12 + 18 + 12 + inner.length);
  bytes.set(webp(12 + 30).subarray(0, 12));
  bytes.set([...'VP8X'].map((one) => one.charCodeAt(0)), 12);
  bytes[16] = 10;
  bytes.set([...'ICCP'].map((one) => one.charCodeAt(0)), 30);
  bytes[34] = 3; // Odd: a byte of padding follows.
  bytes.set(inner, 42);
  const kept = plain(bytes);
  assert.equal(typeOf(kept), 'image/webp');
  assert.equal(kept.length, 12 + inner.length);
  assert.deepEqual(plain(webp()), webp(), 'nothing to leave');
});

test('a picture is coded less well until it is small, and left out where it stays large', async () => {
  const tried = [];
  const sized = (...sizes) => fitted(async (quality) => tried.push(quality) && new Uint8Array(sizes[tried.length - 1]));
  assert.equal((await sized(9000, 7000, 4000)).length, 4000);
  assert.deepEqual(tried.splice(0), [0.7, 0.5, 0.3]);
  assert.equal((await sized(20000, 18000, 16500, 15000)).length, 15000, 'slower, but it comes');
  tried.length = 0;
  assert.equal(await sized(30000, 25000, 20000, 17000), null);
  assert.equal(await fitted(async () => null), null, 'this browser writes none');
});
