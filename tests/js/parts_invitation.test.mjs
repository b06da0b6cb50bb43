import assert from "node:assert/strict";
import { createHash, webcrypto } from "node:crypto";
import { test } from "node:test";
import { codeFrom, encode, invitationId, isCode, makeCode, makeLink, tokenFrom } from "../../web-client/parts/invitation.js";

// The Node of Debian 12 has what browsers have, but not yet where they have it.
globalThis.crypto ??= webcrypto;

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Another way to the same digits: one large number instead of a shifting window. */
function independently(bytes) {
  let number = BigInt("0x" + Buffer.from(bytes).toString("hex")) << 2n; // 128 bits to 130
  let out = "";
  for (let i = 0; i < 26; i += 1) {
    out = ALPHABET[Number(number & 31n)] + out;
    number >>= 5n;
  }
  return out;
}

test("the token is Crockford's base32 of its 128 bits", () => {
  for (const bytes of [new Uint8Array(16), new Uint8Array(16).fill(255), Uint8Array.from({ length: 16 }, (_, i) => i * 17)]) {
    assert.equal(encode(bytes), independently(bytes));
  }
});

test("the invitation id is the first half of SHA-256 over purpose and token", async () => {
  const token = "0123456789ABCDEFGHJKMNPQRS";
  const digest = createHash("sha256").update("sidelight invitation:" + token).digest("hex");
  assert.equal(await invitationId(token), digest.slice(0, 32));
  // The service derives the same where it is shown a link: `signaling/src/link.rs`.
  assert.equal(digest.slice(0, 32), "7566481c24134c383217218e91711b79");
});

test("a link read out or typed by hand is understood", () => {
  const token = "01ABC23456789DEFGHJKMNPQRS";
  for (const text of [
    token,
    "https://example.org/#" + token,
    "#oiabc-23456-789de-fghjk-mnpqr-s",
    " 0labc 23456 789DE FGHJK MNPQR S ",
  ]) {
    assert.equal(tokenFrom(text), token, text);
  }
});

test("what is no token is none", () => {
  for (const text of ["", "#", "#short", "https://example.org/", "U".repeat(26), "A".repeat(25), "A".repeat(27), "ä".repeat(26)]) {
    assert.equal(tokenFrom(text), null, text);
  }
});

test("two links are never the same, and each leads to its own invitation", async () => {
  const made = await Promise.all([makeLink("https://example.org"), makeLink("https://example.org")]);
  assert.notEqual(made[0].link, made[1].link);
  for (const { link, invitation } of made) {
    assert.match(link, /^https:\/\/example\.org\/#([0-9a-z]{5}-){5}[0-9a-z]$/);
    assert.equal(await invitationId(tokenFrom(link)), invitation);
  }
});

test("a code is ten letters that can be read out, never the same, and of another kind than a link", async () => {
  const made = await Promise.all(Array.from({ length: 200 }, makeCode));
  assert.equal(new Set(made.map(({ link }) => link)).size, 200);
  for (const { link, invitation } of made) {
    assert.match(link, /^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
    assert.equal(await invitationId(codeFrom(link)), invitation);
    assert.equal(tokenFrom(link), null);
  }
  // Every letter of the alphabet at every place: none of the 50 bits is left out.
  for (let at = 0; at < 10; at += 1) {
    const letters = new Set(made.map(({ link }) => codeFrom(link)[at]));
    assert.ok(letters.size > 25, `place ${at} has only ${letters.size} letters`);
  }
  const digest = createHash("sha256").update("sidelight code:0123456789").digest("hex");
  assert.equal(await invitationId("0123456789"), digest.slice(0, 32));
});

test("a code read out or copied from paper is understood, and what is none is none", () => {
  for (const text of ["01ABC-23456", " 01abc 23456", "oiabc23456", "0 l a b c - 2 3 4 5 6"]) assert.equal(codeFrom(text), "01ABC23456", text);
  for (const text of ["", "01ABC-2345", "01ABC-234567", "01ABC-2345U", "01ABC-2345\u00e9"]) assert.equal(codeFrom(text), null, text);
  assert.deepEqual([isCode("01ABC23456"), isCode("0".repeat(26))], [true, false]);
});
