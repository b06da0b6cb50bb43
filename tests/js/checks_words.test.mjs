// The check of the words can fail.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wordsWrong } from '../checks/words-uses.mjs';

const page = { path: 'web-client/join/index.html', text: '<p>{{words.join.a}}</p>{{words-json:say.}}' };
const script = (text) => ({ path: 'web-client/join/a.js', text });
const words = { 'join.a': 'Hello.', 'say.b.one': 'One', 'say.b.other': '{count}', 'say.c': 'Here', 'say.c_unnamed': 'There', 'say.d.x': 'X' };
const uses = 't("say.b", { count: 1 }); t(named ? key("say.c") : "say.c" + "_unnamed"); t(`say.d.${x}`);';

test('a catalogue whose words are all there and all used is right', () => {
  assert.deepEqual(wordsWrong(words, [page], [script(uses)]), []);
});

test('missing, unused, misplaced and telling words are found', () => {
  const { 'join.a': _, ...less } = words;
  assert.deepEqual(wordsWrong(less, [page], [script(uses)]), ['web-client/join/index.html: no words for join.a']);
  assert.deepEqual(wordsWrong(words, [page], [script(`${uses} t("say.e");`)]), ['web-client/join/a.js: no words for say.e']);
  assert.deepEqual(wordsWrong({ ...words, 'say.e': 'E' }, [page], [script(uses)]), ['words/en.json: nothing uses say.e']);
  assert.deepEqual(wordsWrong({ ...words, 'desk.e': 'E' }, [page], [script(`${uses} t("desk.e");`)]), ["web-client/join/a.js: desk.e isn't sent with the page of web-client/join/"]);
  assert.equal(wordsWrong({ ...words, 'say.c': 'Your social worker knows' }, [page], [script(uses)]).length, 1);
  assert.equal(wordsWrong({ ...words, 'join.a': 'Hello {name}' }, [page], [script(uses)]).length, 1);
  assert.equal(wordsWrong(words, [{ ...page, text: `${page.text}<p>Welcome</p>` }], [script(uses)]).length, 1);
});
