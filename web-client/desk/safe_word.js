// Does a text hold the agreed word?
//
// Matched here, in the practitioner's browser: the service user's phone never has the word, and the service doesn't read
// texts. A phone's keyboard corrects, capitalizes and slips; someone frightened types badly. A word that is missed can cost
// a life, and one found where it wasn't meant teaches the practitioner to look away. So case, accents and punctuation don't
// count, one slip is forgiven where a word is long enough to stay itself, and a word inside a longer one is another word.

import { EVERYDAY } from "./everyday.js";

/** Shortest word in which a slip is forgiven. Shorter: "plum" would be found in "plug". Longer: real slips are missed. */
const FORGIVING = 5;
/** Longest text looked at, in UTF-16 units. The service passes on no longer one. */
const LONGEST = 10000;
/** Longest word looked for, in letters. The service keeps no longer one. */
const LONGEST_WORD = 60;

/** Writing that puts no spaces between words, or joins small words to them: there a word is found inside others too. */
const UNSPACED = "\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Hang}\\p{sc=Bopo}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmr}\\p{sc=Mymr}\\p{sc=Tibt}";
const IS_UNSPACED = new RegExp(`[${UNSPACED}]`, "u");
/** One word, one number, or one sign (an emoji can be agreed as well). */
const TOKEN = new RegExp(`[${UNSPACED}](?:[\\p{M}\u30fc])*|(?:(?![${UNSPACED}])[\\p{L}\\p{M}])+|\\p{N}+|\\p{So}`, "gu");
/** Accents of Latin, Greek, Cyrillic, Arabic and Hebrew. The vowel signs of Indian and Thai writing are letters and stay. */
const ACCENT = /(?![\u3099\u309a])[\p{sc=Zinh}\p{sc=Arab}\p{sc=Hebr}]/u;
const ACCENTS = new RegExp(`(?=\\p{M})${ACCENT.source}`, "gu");
/** What a phone puts in by itself and nobody sees, and the line that only stretches an Arabic word. */
const INVISIBLE = /[\p{Cf}\u0640]/gu;
const APOSTROPHE = /['\u2018\u2019\u201b\u02bc\u02b9\u2032\u0060\u00b4\uff07]/gu;
/** Letters that many keyboards lack, and that no table of accents takes apart. @type {Record<string, string>} */
const PLAIN = { ø: "o", đ: "d", ð: "d", ł: "l", ħ: "h", æ: "ae", œ: "oe", ς: "σ" };
const PLAINS = /[øđðłħæœς]/gu;

/**
 * Whether the agreed word, or phrase, is used in the text. Never throws, whatever it is given.
 * @param {string} text @param {string | null} word @returns {boolean}
 */
export function isUsed(text, word) {
  if (typeof text !== "string" || typeof word !== "string") return false;
  const said = text.slice(0, LONGEST);
  const typed = readings(said);
  // "Rose's" is "Rose" with something put to it, and "o'brien" is often typed "obrien": an apostrophe is tried as both.
  return readings(word.slice(0, LONGEST_WORD)).some((sought) => sought.length > 0 && typed.some((tokens) => holds(tokens, sought)));
}

/**
 * Whether somebody used the agreed word or another spelling of it with this text: in it, or split over it and the one before, since
 * whoever is hurried presses "Send" in the middle of a word.
 * @param {string} text @param {string} before what they wrote before it; "" for nothing
 * @param {{ word: string | null, spellings: readonly string[] }} agreed
 */
export function usesAgreed(text, before, { word, spellings }) {
  const uses = (/** @type {string} */ body) => [word].concat(spellings).some((one) => isUsed(body, one));
  return uses(text) || (before !== "" && !uses(before) && uses(`${before} ${text}`));
}

/** Whether a word can be found at all: one of dots alone can't. @param {string} word */
export function isFindable(word) {
  return readings(word.slice(0, LONGEST_WORD))[0].length > 0;
}

/**
 * Why a word is a poor one to agree on, if it is. "short": a slip of the finger in it isn't forgiven, and it is soon said by chance;
 * "everyday": it, or something a slip away from it, comes up in ordinary talk. Of a phrase all words would have to.
 * @param {string} word @returns {"short" | "everyday" | null}
 */
export function weaknessOf(word) {
  if (!isFindable(word)) return null;
  const tokens = readings(word.slice(0, LONGEST_WORD))[0];
  const letters = (tokens.join("").match(/[\p{L}\p{N}]/gu) || []).length;
  // A sign stands by itself, and where no spaces tell words apart a word of two signs is a word.
  const spaced = letters > 0 && !tokens.some((token) => IS_UNSPACED.test(token));
  if (spaced && letters < FORGIVING) return "short";
  return tokens.every((token) => EVERYDAY.some((one) => isUsed(one, token))) ? "everyday" : null;
}

/** The text as it is read: without and with a gap at each apostrophe. @param {string} text @returns {string[][]} */
function readings(text) {
  const gaps = text.replace(APOSTROPHE, " ");
  const without = tokensOf(text.replace(APOSTROPHE, ""));
  return gaps === text ? [without] : [without, tokensOf(gaps)];
}

/** The words of a text, folded. @param {string} text @returns {string[]} */
function tokensOf(text) {
  const plain = text.normalize("NFKD").replace(INVISIBLE, "").toUpperCase().toLowerCase().normalize("NFKD");
  // Together again: a Korean syllable is one letter, and not up to three.
  const folded = plain.replace(ACCENTS, "").normalize("NFC").replace(PLAINS, (letter) => PLAIN[letter]);
  return folded.match(TOKEN) || [];
}

/** @param {string[]} tokens @param {string[]} sought @returns {boolean} */
function holds(tokens, sought) {
  if (sought.some((token) => IS_UNSPACED.test(token))) return holdsInside(tokens, sought);
  for (let at = 0; at + sought.length <= tokens.length; at += 1) {
    if (sought.every((token, index) => isSame(tokens[at + index], token))) return true;
  }
  return holdsWithOtherGaps(tokens, sought);
}

/**
 * The same letters with one space more or less: "auntrose", "umb rella". That is the slip then; another isn't forgiven.
 * @param {string[]} tokens @param {string[]} sought
 */
function holdsWithOtherGaps(tokens, sought) {
  const whole = sought.join("");
  if (!isForgiving(whole)) return false;
  for (const count of [sought.length - 1, sought.length + 1]) {
    for (let at = 0; count > 0 && at + count <= tokens.length; at += 1) {
      let length = 0;
      for (let index = at; index < at + count; index += 1) length += tokens[index].length;
      if (length === whole.length && tokens.slice(at, at + count).join("") === whole) return true;
    }
  }
  return false;
}

/** Where no spaces tell words apart: anywhere in the text. @param {string[]} tokens @param {string[]} sought */
function holdsInside(tokens, sought) {
  const text = tokens.join("");
  const word = sought.join("");
  if (text.indexOf(word) >= 0) return true;
  if (!isForgiving(word)) return false;
  const letters = Array.from(text);
  const length = Array.from(word).length;
  for (let at = 0; at < letters.length; at += 1) {
    for (const count of [length - 1, length, length + 1]) {
      if (at + count <= letters.length && isOneSlip(letters.slice(at, at + count), word)) return true;
    }
  }
  return false;
}

/** @param {string} token @param {string} sought */
function isSame(token, sought) {
  if (token === sought) return true;
  // Two units of difference: a letter outside the common ones is written with two.
  return Math.abs(token.length - sought.length) <= 2 && isForgiving(sought) && isOneSlip(Array.from(token), sought);
}

/** Long enough, and no number: another number is another number. @param {string} word */
function isForgiving(word) {
  return word.length >= FORGIVING && !/\p{N}/u.test(word) && (word.match(/\p{L}/gu) || []).length >= FORGIVING;
}

/**
 * Whether the two differ by one letter more, one less, one other, or two neighbours changed about; or not at all.
 * @param {string[]} typed @param {string} word
 */
function isOneSlip(typed, word) {
  const meant = Array.from(word);
  const most = Math.min(typed.length, meant.length);
  let start = 0;
  while (start < most && typed[start] === meant[start]) start += 1;
  let end = 0;
  while (end < most - start && typed[typed.length - 1 - end] === meant[meant.length - 1 - end]) end += 1;
  const left = typed.length - start - end;
  const right = meant.length - start - end;
  if (left <= 1 && right <= 1) return true;
  return left === 2 && right === 2 && typed[start] === meant[start + 1] && typed[start + 1] === meant[start];
}

/**
 * A text without the word and its other spellings, for where it must not be read over a shoulder.
 * @param {string} text @param {string | null} word @param {readonly string[]} [spellings]
 */
export function withoutWord(text, word, spellings = []) {
  return [word].concat(spellings).reduce(without, text);
}

/** @param {string} text @param {string | null} word */
function without(text, word) {
  if (!word || !isFindable(word)) return text;
  const plain = word.trim().replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+");
  const hidden = text.replace(new RegExp(plain, "giu"), "…");
  // Written otherwise there than it was agreed: then each word that stands for it goes.
  return isUsed(hidden, word) ? hidden.replace(/\S+/g, (one) => (isPartOf(one, word) ? "…" : one)) : hidden;
}

/** @param {string} one @param {string} word */
function isPartOf(one, word) {
  return readings(word).some((sought) => sought.some((token) => readings(one).some((tokens) => tokens.some((said) => isSame(said, token)))));
}
