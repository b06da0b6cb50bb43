// How two pages come to the same keys: pure computation by WebCrypto. Every step stands in docs/security-model.md, and an
// implementation in Rust, made from that page alone, computes the same (`tests/src/sealing.rs`).

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

const { subtle } = crypto;
const CURVE = { name: "ECDH", namedCurve: "P-256" };

/** @param {string} text @returns {Bytes} */
const utf8 = (text) => new TextEncoder().encode(text);

/** @param {Bytes[]} parts */
export function joined(...parts) {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Two bytes of length before each text, so that no two lists read the same. @param {string[]} texts */
function listed(...texts) {
  return joined(
    ...texts.map((text) => {
      const bytes = utf8(text);
      return joined(new Uint8Array([bytes.length >> 8, bytes.length & 255]), bytes);
    }),
  );
}

/** Base64url without padding (RFC 4648). @param {Bytes} bytes */
export function written(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** @param {string} text @returns {Bytes} throws where it is none */
export function read(text) {
  const letters = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

/** @param {Bytes} bytes */
const hash = async (bytes) => new Uint8Array(await subtle.digest("SHA-256", bytes));

/** What a link's token is worth for sealing; nobody can tell it from the invitation id. @param {string} token */
export const linkSecret = async (token) => written(await hash(listed("sidelight link 1", token)));

/** By what a secret is known again, without telling it. @param {string} secret */
export const nameOf = async (secret) => written((await hash(listed("sidelight link name 1", secret))).slice(0, 16));

/**
 * @typedef {{ pair: CryptoKeyPair, key: string, nonce: string, commitment: string }} Own one side's part, made anew for each other page
 * @typedef {{ key: string, nonce: string, commitment: string, link: string }} Part what of it is told
 */

/** @param {string} key @param {string} nonce */
export const commitmentTo = async (key, nonce) => written(await hash(listed("sidelight commitment 1", key, nonce)));

/** @returns {Promise<Own>} */
export async function own() {
  const pair = await subtle.generateKey(CURVE, false, ["deriveBits"]);
  const key = written(new Uint8Array(await subtle.exportKey("raw", pair.publicKey)));
  const nonce = written(crypto.getRandomValues(new Uint8Array(16)));
  return { pair, key, nonce, commitment: await commitmentTo(key, nonce) };
}

/**
 * The root of all keys of two pages.
 * @param {CryptoKey} secret of this page @param {string} theirs the other page's public key
 * @param {Part} guest @param {Part} desk what both told @param {string | null} link the link's secret, where both have it
 */
export async function rootOf(secret, theirs, guest, desk, link) {
  const other = await subtle.importKey("raw", read(theirs), CURVE, false, []);
  const shared = new Uint8Array(await subtle.deriveBits({ name: "ECDH", public: other }, secret, 256));
  const fields = (/** @type {Part} */ part) => [part.commitment, part.key, part.nonce, part.link];
  const salt = await hash(listed("sidelight transcript 1", ...fields(guest), ...fields(desk), link === null ? "" : "link"));
  const key = await subtle.importKey("raw", joined(shared, link === null ? new Uint8Array(0) : read(link)), "HKDF", false, ["deriveBits"]);
  return { key, salt };
}

/** @typedef {{ key: CryptoKey, salt: Bytes }} Root */

/** @param {Root} root @param {string} purpose @param {number} [bytes] */
export async function bytesFor({ key, salt }, purpose, bytes = 32) {
  return new Uint8Array(await subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info: utf8(`sidelight 1 ${purpose}`) }, key, bytes * 8));
}

/** A tag over a list of texts. @param {Root} root @param {string} purpose @param {string[]} texts */
export async function tagOf(root, purpose, ...texts) {
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const key = await subtle.importKey("raw", await bytesFor(root, purpose), hmac, false, ["sign"]);
  return written(new Uint8Array(await subtle.sign(hmac, key, listed(...texts))));
}

/** So that the length of a text tells less: "No" is as long as "Yes, come". */
const BLOCK = 64;
/** The counter before the sealed bytes. */
const COUNTER = 8;

/** @param {Root} root @param {string} purpose @param {"encrypt" | "decrypt"} use */
async function textKey(root, purpose, use) {
  return subtle.importKey("raw", await bytesFor(root, purpose), "AES-GCM", false, [use]);
}

/** @param {Bytes} counter @param {string} id @returns {AesGcmParams} */
const gcm = (counter, id) => ({ name: "AES-GCM", iv: joined(new Uint8Array(4), counter), additionalData: listed("sidelight text 1", id) });

/**
 * @param {Root} root @param {string} purpose who seals, and in which epoch @param {number} count never used twice under one root
 * @param {string} id @param {string} text
 */
export async function sealText(root, purpose, count, id, text) {
  const bytes = utf8(text);
  const padded = new Uint8Array(Math.ceil((bytes.length + 1) / BLOCK) * BLOCK);
  padded.set(bytes);
  padded[bytes.length] = 128;
  const counter = new Uint8Array(COUNTER);
  new DataView(counter.buffer).setUint32(4, count);
  const sealed = await subtle.encrypt(gcm(counter, id), await textKey(root, purpose, "encrypt"), padded);
  return written(joined(counter, new Uint8Array(sealed)));
}

/**
 * @param {Root} root @param {string} purpose @param {string} id @param {string} body
 * @returns {Promise<{ count: number, text: string } | null>} null: it isn't theirs, not for this epoch, or not as they sealed it
 */
export async function openText(root, purpose, id, body) {
  try {
    const bytes = read(body);
    const counter = bytes.slice(0, COUNTER);
    const padded = new Uint8Array(await subtle.decrypt(gcm(counter, id), await textKey(root, purpose, "decrypt"), bytes.slice(COUNTER)));
    const end = padded.lastIndexOf(128);
    return { count: new DataView(counter.buffer).getUint32(4), text: new TextDecoder().decode(padded.slice(0, end)) };
  } catch (_) {
    return null;
  }
}

/** The fingerprints of a session description (RFC 8122), written in one way. @param {string} sdp */
export function fingerprintsOf(sdp) {
  const found = (sdp.match(/^a=fingerprint:.+$/gm) || []).map((line) => line.slice(14).trim().toLowerCase());
  return Array.from(new Set(found)).sort();
}
