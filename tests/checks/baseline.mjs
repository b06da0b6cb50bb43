// The oldest browsers that must work, and what they know, by MDN's tables of support.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const require = createRequire(import.meta.url);
const data = JSON.parse(readFileSync(require.resolve('@mdn/browser-compat-data'), 'utf8'));

/** Safari on phones is counted apart: 14.5 came with Safari 14.1. */
export const oldest = { chrome: 87, chrome_android: 87, firefox: 78, safari: 14.1, safari_ios: 14.5 };

const { api, css, html, javascript } = data;
export { api, css, html, javascript };

/** Whether a statement of support covers this version, without a flag or another name. */
function covers(statement, version) {
  if (!statement || statement.flags || statement.prefix || statement.alternative_name) return false;
  const number = (value) => (typeof value === 'string' ? Number.parseFloat(value.replace('≤', '')) : Number.NaN);
  if (!(number(statement.version_added) <= version)) return false;
  return !(number(statement.version_removed) <= version);
}

/**
 * Which of the oldest browsers lack a feature.
 * @param {any} feature an entry of the tables
 * @returns {string[]} their names; empty if all have it
 */
export function lacking(feature) {
  const support = feature && feature.__compat && feature.__compat.support;
  if (!support) return [];
  return Object.entries(oldest)
    .filter(([browser, version]) => ![].concat(support[browser]).some((statement) => covers(statement, version)))
    .map(([browser]) => browser);
}

/** Interfaces by the members they have: a member of a mixin stands under other names in the tables than in the types. */
const byMember = new Map();
for (const [table, names] of [[api, Object.keys(api)], [javascript.builtins, Object.keys(javascript.builtins)]]) {
  for (const name of names) {
    for (const member of Object.keys(table[name])) {
      if (member === '__compat') continue;
      const plain = member.replace(/_static$/, '');
      if (!byMember.has(plain)) byMember.set(plain, []);
      byMember.get(plain).push(table[name][member]);
    }
  }
}

/** Every entry of the tables for a member of this name, whatever it is a member of. @param {string} member */
export const membersNamed = (member) => byMember.get(member) || [];
