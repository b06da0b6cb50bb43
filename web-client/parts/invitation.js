// The link: 128 random bits, written so that a person can read them out, in the part of the address that no server sees.
//
// The service only ever learns the invitation id, from which the link can't be made.

/** Crockford's base32: no I, L, O or U, so that a link can be read out and copied by hand. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** 26 characters of 5 bits hold 128 bits; the last character carries 3 of them. */
const LENGTH = 26;
/** A code to be typed, of 50 bits: worth something only while its contact is, and under a limit on guesses. */
const CODE = 10;
/** Keeps these ids apart from any other hash of the same token. */
const PURPOSE = "sidelight invitation:";
const PURPOSE_OF_CODES = "sidelight code:";

/** @param {Uint8Array} bytes 16 of them @returns {string} 26 characters */
export function encode(bytes) {
  let out = "";
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out += ALPHABET[(held >> bits) & 31];
      held &= (1 << bits) - 1;
    }
  }
  return out + ALPHABET[(held << (5 - bits)) & 31];
}

/**
 * The token in what a person pasted or typed: case, spaces and dashes don't matter, O is 0, I and L are 1.
 * @param {string} text a link, a fragment or the bare token @returns {string | null} 26 characters, or null
 */
export function tokenFrom(text) {
  return letters(text.slice(text.lastIndexOf("#") + 1), LENGTH);
}

/** The code in what a person typed, by the same rules. @param {string} text @returns {string | null} 10 characters, or null */
export function codeFrom(text) {
  return letters(text, CODE);
}

/** Whether it is a code and not a link's token. @param {string} token */
export function isCode(token) {
  return token.length === CODE;
}

/** @param {string} text @param {number} length @returns {string | null} */
function letters(text, length) {
  const token = text.toUpperCase().replace(/[\s-]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  if (token.length !== length) return null;
  for (const letter of token) if (ALPHABET.indexOf(letter) < 0) return null;
  return token;
}

/**
 * The first 16 bytes of SHA-256 over the purpose and the token, in hexadecimal.
 * @param {string} token as from `tokenFrom` or `codeFrom` @returns {Promise<string>}
 */
export async function invitationId(token) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode((isCode(token) ? PURPOSE_OF_CODES : PURPOSE) + token));
  return Array.from(new Uint8Array(digest, 0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {string} origin @returns {Promise<{ link: string, invitation: string }>}
 */
export async function makeLink(origin) {
  const token = encode(crypto.getRandomValues(new Uint8Array(16)));
  const groups = token.match(/.{1,5}/g) || [];
  return { link: `${origin}/#${groups.join("-").toLowerCase()}`, invitation: await invitationId(token) };
}

/** A code in two groups, to be read out or written down. @returns {Promise<{ link: string, invitation: string }>} */
export async function makeCode() {
  const code = encode(crypto.getRandomValues(new Uint8Array(7))).slice(0, CODE);
  return { link: `${code.slice(0, 5)}-${code.slice(5)}`, invitation: await invitationId(code) };
}
