// Can Chrome 87, Safari 14.1 and Firefox 78 read the web client? No such browser can be had on a build machine, so
// a parser and tables of support answer. What this can't see: an interface that is there but behaves differently.
import { clientFiles, report, root } from './client-files.mjs';
import { interfacesBeyond, syntaxBeyond } from './script-uses.mjs';
import { pageBeyond, stylesBeyond } from './style-uses.mjs';

const scripts = clientFiles('.js');
report(`Old browsers (${scripts.length} scripts)`, [
  ...scripts.flatMap(syntaxBeyond),
  ...interfacesBeyond(scripts, root),
  ...clientFiles('.css').flatMap((file) => stylesBeyond(file)),
  ...clientFiles('.html').flatMap(pageBeyond),
]);
