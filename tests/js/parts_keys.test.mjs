// The derivation of keys against vectors that another implementation computed (tests/hostile/vectors.rs).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { bytesFor, commitmentTo, fingerprintsOf, linkSecret, nameOf, openText, read, rootOf, sealText, tagOf, written } from '../../web-client/parts/keys.js';

const vectors = JSON.parse(readFileSync(new URL('./vectors/sealing.json', import.meta.url), 'utf8'));
const link = vectors.pop();
const hex = (bytes) => Buffer.from(bytes).toString('hex');

/** A private key as the vectors have it. */
function privateKey({ private: scalar, key }) {
  const point = read(key);
  const jwk = { kty: 'EC', crv: 'P-256', d: written(Buffer.from(scalar, 'hex')), x: written(point.slice(1, 33)), y: written(point.slice(33)) };
  return crypto.subtle.importKey('jwk', jwk, { name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']);
}

test('commitments, names, words, tags and sealed texts are those of the other implementation', async () => {
  assert.equal(vectors.length, 4);
  for (const { guest, desk, words, sealed, tags } of vectors) {
    for (const part of [guest, desk]) {
      assert.equal(await commitmentTo(part.key, part.nonce), part.commitment);
      assert.equal(part.secret === null ? '' : await nameOf(part.secret), part.link);
    }
    const secret = guest.secret === desk.secret ? guest.secret : null;
    for (const [mine, theirs] of [[guest, desk], [desk, guest]]) {
      const root = await rootOf(await privateKey(mine), theirs.key, guest, desk, secret);
      assert.equal(hex(await bytesFor(root, 'words', 3)), words);
      for (const { purpose, texts, tag } of tags) assert.equal(await tagOf(root, purpose, ...texts), tag);
      for (const { purpose, count, id, text, body } of sealed) {
        assert.equal(await sealText(root, purpose, count, id, text), body);
        assert.deepEqual(await openText(root, purpose, id, body), { count, text });
      }
    }
  }
  assert.deepEqual([await linkSecret(link.token), await nameOf(link.secret)], [link.secret, link.name]);
});

test('any other value gives another root: so the comparison can fail', async () => {
  const [{ guest, desk, words }] = vectors;
  const key = await privateKey(guest);
  for (const [one, two, secret] of [[desk, guest, guest.secret], [guest, { ...desk, link: '' }, guest.secret], [{ ...guest, nonce: desk.nonce }, desk, guest.secret], [guest, desk, null]]) {
    assert.notEqual(hex(await bytesFor(await rootOf(key, desk.key, one, two, secret), 'words', 3)), words);
  }
});

test('fingerprints are found wherever they stand, written in one way, and each once', () => {
  assert.deepEqual(fingerprintsOf('v=0\r\na=fingerprint:SHA-256 AB:cd\r\nm=audio\r\na=fingerprint:sha-256 ab:CD \r\na=fingerprint:sha-1 00\r\n'), ['sha-1 00', 'sha-256 ab:cd']);
  assert.deepEqual(fingerprintsOf('v=0\r\na=fingerprinted:x\r\n'), []);
});
