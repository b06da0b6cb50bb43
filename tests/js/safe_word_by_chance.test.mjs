// How often an agreed word is found where it wasn't meant: in sentences that people wrote (Debian's packages fortunes and fortunes-pl).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { isUsed, weaknessOf } from "../../web-client/desk/safe_word.js";

const SENTENCES = 10_000;
/** At most one in so many, for each sentence and word. */
const RARE = 5_000;

const ENGLISH = {
  files: "men-women wisdom people love miscellaneous kids food riddles science work law medicine pets education politics sports literature fortunes".split(" "),
  // Words that a practitioner and a person might agree on: things, plants and animals that aren't talked of every day.
  words: (
    "umbrella penguin lantern pumpkin saffron hedgehog compass marigold velvet cricket walnut pelican harbour magnet tulips juniper raspberry trumpet " +
    "blanket lavender biscuit gardener sparrow chimney ribbon pyjamas almond kettle turnip porridge dolphin violet thimble peacock cinnamon hammock " +
    "lighthouse giraffe caramel mustard chestnut seagull buttercup moccasin scarecrow treacle pinecone toffee wallpaper bonfire"
  ).split(" "),
};
const POLISH = {
  files: "dowcipy pamietnik_policjanta misc dzieci matura milosc bajki nowe psy1 matrymonialne puchatek sapkowski pratchett stirlitz rzewski kloczkish blug linuxpl pldhelp bok".split(" ").map((name) => `pl/${name}`),
  words: (
    "parasol pingwin latarnia szafran malina koperek jaskier wiewiórka latawiec harmonia kasztan borówka pelargonia kalafior konwalia śliwka naparstek " +
    "termofor kominek papryka wazonik tulipan trąbka kolczyk pieprz rogalik bukszpan sowizdrzał krokodyl poziomka cynamon wstążka szpinak dzwonek " +
    "guziczek drożdże jarmuż kołnierz fioletowy bakłażan rumianek lawenda zegarmistrz kamizelka pietruszka żyrafa karmelek musztarda lornetka skarpetka"
  ).split(" "),
};

/** Sentences of three words or more, none of them longer than a text. */
function sentencesOf(files) {
  return files
    .map((name) => readFileSync(`/usr/share/games/fortunes/${name}`, "utf8"))
    .flatMap((text) => text.split(/^%$/m))
    .flatMap((one) => one.replace(/\s+/g, " ").split(/(?<=[.!?])\s+/))
    .map((one) => one.trim())
    .filter((one) => one.split(" ").length >= 3 && one.length < 300);
}

for (const [language, { files, words }] of Object.entries({ English: ENGLISH, Polish: POLISH })) {
  const all = sentencesOf(files);
  // Every so many of them, so that each collection has its share.
  const sentences = all.filter((_, n) => Math.floor((n * SENTENCES) / all.length) !== Math.floor(((n - 1) * SENTENCES) / all.length)).slice(0, SENTENCES);

  test(`${language}: fifty agreed words in ten thousand sentences, at most one in ${RARE} is chance`, () => {
    assert.deepEqual([sentences.length, new Set(words).size], [SENTENCES, 50]);
    assert.ok(words.every((word) => Array.from(word).length >= 6));
    const found = words.map((word) => sentences.filter((one) => isUsed(one, word)).length);
    const total = found.reduce((sum, one) => sum + one, 0);
    console.log(`${language}: ${total} of ${SENTENCES * words.length}, one in ${Math.round((SENTENCES * words.length) / Math.max(1, total))}`);
    assert.ok(total > 0, "the control: sentences that speak of umbrellas are among them");
    assert.ok(total * RARE <= SENTENCES * words.length, words.map((word, n) => `${word} ${found[n]}`).join(", "));
  });

  test(`${language}: words that are said by chance often are warned about when they are chosen`, () => {
    // What stands in most collections, whatever they are about.
    const common = new Map();
    for (const file of files) {
      const words = new Set(sentencesOf([file]).join(" ").toLowerCase().match(/\p{L}{5,}/gu));
      for (const word of words) common.set(word, (common.get(word) || 0) + 1);
    }
    const often = [...common].filter(([, times]) => times >= files.length * 0.6).map(([word]) => word);
    assert.ok(often.length >= 40, String(often.length));
    assert.deepEqual(often.filter((word) => weaknessOf(word) === null), []);
  });
}
