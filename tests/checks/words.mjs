// Are all words there, used, and harmless to be seen?
import { clientFiles, report } from './client-files.mjs';
import { wordsWrong } from './words-uses.mjs';

const catalogues = clientFiles('.json').filter((file) => file.path.includes('/words/'));
report('Words', catalogues.flatMap((file) => wordsWrong(JSON.parse(file.text), clientFiles('.html'), clientFiles('.js'))));
