// What a browser is given: every file under web-client, by kind.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(root, 'web-client');

/**
 * @param {string} ending such as `.js`
 * @returns {{ path: string, text: string }[]} by path from the project's root, in order
 */
export function clientFiles(ending) {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(ending) && !name.endsWith('.d.ts') && !name.includes('node_modules'))
    .sort()
    .map((name) => ({ path: relative(root, join(folder, name)), text: readFileSync(join(folder, name), 'utf8') }));
}

/** Prints what is wrong, if anything, and ends with the exit status. @param {string} what @param {string[]} wrong */
export function report(what, wrong) {
  for (const line of wrong) console.log(line);
  console.log(wrong.length ? `${what}: ${wrong.length} wrong` : `${what}: nothing wrong`);
  process.exit(wrong.length ? 1 : 0);
}
