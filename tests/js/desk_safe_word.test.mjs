// Does a text hold the agreed word? What must be found, what must not, and that nothing stops it or slows it down.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isFindable, isUsed, weaknessOf, withoutWord } from "../../web-client/desk/safe_word.js";

const found = (word, texts) => {
  for (const text of texts) assert.equal(isUsed(text, word), true, `“${word}” is in “${text}”`);
};
const notFound = (word, texts) => {
  for (const text of texts) assert.equal(isUsed(text, word), false, `“${word}” is not in “${text}”`);
};

test("case, accents, punctuation and spaces don't count", () => {
  found("plum", ["plum", "PLUM", "Plum!", "a (plum), please", "…plum…", "“plum”", "'plum'", "plüm", "PLÜM", "#plum", "_plum_", "plum\nplum", "ｐｌｕｍ", "pl\u00adum", "plum\u200b", "plum2", "plum🙂"]);
  found("Aunt Rose", ["aunt  róse!", "AUNT ROSE", "is aunt-rose well?", "aunt\trose", "aunt\u00a0rose", "Aunt, Rose", "aunt rose's cake", "my aunt Rose’s"]);
  found("crème brûlée", ["creme brulee", "CRÈME BRÛLÉE", "cre\u0300me bru\u0302le\u0301e"]);
  found("café", ["cafe", "CAFE\u0301"]);
  found("straße", ["strasse", "STRASSE", "Straße"]);
  found("Ærø", ["aero", "ÆRØ"]);
  found("łąka", ["laka", "ŁĄKA"]);
  found("ISTANBUL", ["istanbul", "İstanbul", "ıstanbul"]);
  found("ΟΔΟΣ", ["οδός", "οδοσ"]);
  found("ёлка", ["елка", "ЁЛКА"]);
});

test("apostrophes are tried as nothing and as a gap", () => {
  found("O'Brien", ["obrien", "o’brien", "O BRIEN", "o´brien"]);
  found("plum", ["plum's", "plum’s", "‘plum’"]);
  found("dont worry", ["don't worry", "don’t worry"]);
  found("don't worry", ["dont worry"]);
});

test("one slip is forgiven in a word of five letters or more", () => {
  found("umbrella", ["umbrela", "umbrrella", "umbrekla", "umbrlela", "mbrella", "umbrell", "umbrellas", "xumbrella", "muBrella", "umb rella", "umbrèla"]);
  found("plumb", ["plumb", "plum", "plubm", "plumbs", "plunb"]);
  found("purple umbrella", ["purpel umbrela", "purple umbrella", "purpleumbrella", "purple umbr ella"]);
  found("Aunt Rose", ["auntrose", "aunt ro se"]);
  notFound("umbrella", ["umbrlel", "mubrelal", "umbela", "umbreellla", "umbrellaaa", "um b rella", "allerbmu"]);
});

test("what is near and isn't it isn't found", () => {
  const near = {
    plum: ["plumber", "plums", "plump", "aplum", "plu", "plug", "lum", "pl um", "p l u m", "plmu", "plumplum", "plume", "sugarplum", "sugarplums"],
    rose: ["rode", "prose", "roses", "ros", "rise", "primrose"],
    "aunt rose": ["aunt", "rose", "aunt rode the bus", "ant rose", "rose aunt", "aunt and rose", "aunts roses", "aunt ros", "taunt rose", "aunt rosewood", "aunt primrose"],
    umbrella: ["umber", "umbel", "brella", "umbrellastand"],
    "blue umbrella": ["umbrella", "blue", "blu umbrella", "glue umbrella", "blue ball umbrella"],
    "the red one": ["the one", "red one", "the red", "thered", "then red one", "the red on"],
    code: ["codes", "decode", "co de"],
    "code 47": ["code 48", "code", "47", "code 4 7", "code 477"],
    12345: ["12346", "1234", "123456", "12354"],
    "🌻": ["🌹", "sun", "☀"],
    şal: ["şalgam", "al"],
  };
  for (const [word, texts] of Object.entries(near)) notFound(word, texts);
});

test("numbers and signs can be agreed too", () => {
  found("code 47", ["code 47", "Code-47!", "code47", "my code 47."]);
  found("12345", ["12345", "it is 12345."]);
  found("🌻", ["🌻", "hello 🌻!", "🌻🌻", "a🌻b", "🌻\ufe0f"]);
  found("👩‍🚒", ["👩🚒", "the 👩‍🚒 came"]);
});

test("in writing without spaces the word is found inside a sentence, and a word of another writing beside it", () => {
  found("りんご", ["今日りんごを食べた", "リ りんご", "り\u200bんご"]);
  found("苹果", ["我想吃苹果。"]);
  found("ส้ม", ["ฉันชอบส้มมาก"]);
  found("자두", ["자두가 맛있어요", "자두"]);
  found("チョコレート", ["甘いチョコレイトだ", "ﾁｮｺﾚｰﾄ", "チョコレート"]);
  found("plum", ["ฉันชอบplumมาก", "我吃plum了"]);
  notFound("りんご", ["りん", "んご", "りこ", "りんこ"]);
  notFound("사람", ["사랑", "사"]);
  notFound("か", ["が"]);
  notFound("की", ["का", "क"]);
});

test("vowel points and stretching lines of Arabic and Hebrew don't count", () => {
  found("برقوق", ["بَرْقُوق", "بـــرقوق", "أكلت برقوق اليوم"]);
  found("שלום", ["שָׁלוֹם"]);
  notFound("برق", ["برقوق"]);
});

test("a word with nothing in it is never found, and says so beforehand", () => {
  for (const word of ["", " ", "...", "?!", "'", "\u200b", "—"]) {
    assert.equal(isFindable(word), false, JSON.stringify(word));
    notFound(word, ["", " ", "...", "?!", "plum", word]);
  }
  for (const word of ["plum", "x", "47", "🌻", "りんご"]) assert.equal(isFindable(word), true);
  assert.equal(isUsed("plum", null), false);
  assert.equal(isUsed(undefined, "plum"), false);
});

test("the word is left out of what is shown large", () => {
  assert.equal(withoutWord("When she says Aunt  Rose, ring 999.", "aunt rose"), "When she says …, ring 999.");
  assert.equal(withoutWord("“Umbrela” means: come.", "umbrella"), "… means: come.");
  assert.equal(withoutWord("Plúm: end quietly.", "plum"), "… end quietly.");
  for (const [text, word] of [["Ring 999.", "plum"], ["Ring 999.", null], ["Ring 999.", "..."], ["(a+b)", "c+"]]) assert.equal(withoutWord(text, word), text);
  assert.equal(withoutWord("say a+b now", "a+b"), "say … now");
  assert.equal(withoutWord("At plum or gooseberry: end.", "plum", ["gooseberry"]), "At … or …: end.");
});

/** Numbers that look like chance and are the same each time. */
function chance(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % below;
  };
}

test("nothing that can be typed stops it, and the word is found in the middle of anything", () => {
  const random = chance(7);
  const any = (most) => Array.from({ length: random(most) }, () => String.fromCharCode(random(4) ? random(0x250) : random(0x10000))).join("");
  for (let round = 0; round < 3000; round += 1) {
    const text = any(60);
    const word = any(20);
    assert.equal(typeof isUsed(text, word), "boolean");
    assert.equal(isUsed(`${text} umbrella ${any(30)}`, "umbrella"), true);
    if (isFindable(word)) assert.equal(isUsed(word, word), true, JSON.stringify(word));
  }
});

test("one slip anywhere is forgiven, two letters changed at a distance never are", () => {
  const random = chance(11);
  const word = "umbrella".split("");
  const letter = () => String.fromCharCode(97 + random(26));
  for (let round = 0; round < 2000; round += 1) {
    const one = word.slice();
    const at = random(word.length);
    [
      () => one.splice(at, 1),
      () => one.splice(at, 0, letter()),
      () => (one[at] = letter()),
      () => at && one.splice(at - 1, 2, one[at], one[at - 1]),
    ][random(4)]();
    assert.equal(isUsed(`say ${one.join("")} now`, "umbrella"), true, one.join(""));
    const two = word.slice();
    two[random(3)] = "z";
    two[5 + random(3)] = "z";
    assert.equal(isUsed(two.join(""), "umbrella"), false, two.join(""));
  }
});

test("two thousand characters are looked through without a halt, whatever they are", () => {
  const texts = [
    "a".repeat(2000),
    "umbrell ".repeat(250),
    "u m b r e l l ".repeat(143),
    "チョコレーナ".repeat(333),
    "\u0301".repeat(2000),
    "'".repeat(2000),
    "\ufdfa".repeat(2000),
    "🌹".repeat(1000),
    "ﷺ'".repeat(1000),
  ];
  for (const word of ["umbrella", "a a a a a a a a a a a a a a a a a a a b", "チョコレート", "x".repeat(40), "o'b'r'i'e'n"]) {
    for (const text of texts) {
      const start = process.hrtime.bigint();
      isUsed(text, word);
      const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
      // Far above what it takes: a machine may be busy, but what grows with the square of a square would take minutes.
      assert.ok(milliseconds < 5000, `${milliseconds} ms for “${word}” in ${text.slice(0, 10)}`);
    }
  }
});

test("a word that comes up in talk, or is short, is a poor one, and it is said why", () => {
  const of = (...words) => words.map(weaknessOf);
  assert.deepEqual(of("plum", "rose", "47", "şal"), ["short", "short", "short", "short"]);
  assert.deepEqual(of("coffee", "Toffee", "kitchens", "violet", "tomorrow", "pomoc", "Kołnierz", "money please"), Array(8).fill("everyday"));
  assert.deepEqual(of("umbrella", "marigold", "purple umbrella", "aunt marigold", "code 4711", "szafran", "りんご", "🌻", "12345"), Array(9).fill(null));
  assert.deepEqual(of("😀", "❤", "👍"), ["everyday", "everyday", "everyday"]);
  assert.deepEqual(of("", "...", " "), [null, null, null], "nothing is agreed yet, or it is refused");
});
