import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { WORDS, query } from '../../web-client/admin/audit.js';
import { beginOf, chosen, found, letters, stateSays, sum } from '../../web-client/admin/people.js';
import { monthSays } from '../../web-client/admin/usage.js';

const read = (path) => readFileSync(new URL(`../../web-client/${path}`, import.meta.url), 'utf8');
const t = (key, vars) => `${key}${vars ? ` ${Object.values(vars)}` : ''}`;

test('members are found by a part of their name or email, whatever its case', () => {
  const all = [{ name: 'Kim Ito', email: 'k.ito@example.org' }, { name: 'Lee', email: 'lee@EXAMPLE.org' }];
  const names = (text) => found(all, text).map(({ name }) => name);
  assert.deepEqual([names(''), names(' ITO'), names('example'), names('x')], [['Kim Ito', 'Lee'], ['Kim Ito'], ['Kim Ito', 'Lee'], ['Kim Ito', 'Lee']]);
  assert.deepEqual(names('nobody'), []);
});

test('a member stands as switched off before anything else', () => {
  const clock = { moment: (at) => `@${at}` };
  const says = (disabled, last_used) => stateSays(t, clock, 9, { disabled, last_used });
  assert.deepEqual([says(5, 7), says(null, 7), says(null, null)], ['admin.staff.off @5', 'admin.staff.used @7', 'admin.staff.not_in']);
});

test('a form says its roles in their order, and no team as none', () => {
  const data = new FormData();
  data.set('role-auditor', 'yes');
  data.set('role-practitioner', 'yes');
  data.set('role-boss', 'yes');
  data.set('team', '');
  assert.deepEqual(chosen(data), { roles: ['practitioner', 'auditor'], team: null });
});

test('of a list it is said how many come, go and are wrong', () => {
  const line = (more) => ({ line: 1, name: 'K', email: 'k@x', roles: [], leaves: false, team: null, wrong: null, link: null, ...more });
  assert.deepEqual(sum([line(), line({ leaves: true }), line({ wrong: 'team' })]), { wrong: 1, leavers: 1, joiners: 2 });
  const given = [line({ name: '"Kim", =1', link: 'https://x/#1' }), line({ leaves: true }), line({ name: '=cmd()', link: 'https://x/#2' })];
  // What a spreadsheet would reckon with is text to it.
  assert.equal(letters(given), '"""Kim"", =1","k@x","https://x/#1"\n"\'=cmd()","k@x","https://x/#2"');
});

test('a day of the audit is whole: from its first second to before the next', () => {
  const [from, to] = [beginOf('2026-11-23'), beginOf('2026-11-23', 1)];
  assert.equal(to - from, 86400);
  assert.deepEqual([beginOf(''), beginOf('23.11.2026'), beginOf('2026-11-23x')], [null, null, null]);
  const none = { what: '', who: '', from: '', to: '' };
  assert.equal(query(none, undefined), '');
  assert.equal(query({ what: 'handled', who: 'K & L', from: '', to: '2026-11-23' }, { id: 7 }), `?what=handled&who=K%20%26%20L&to=${to}&before=7`);
});

test('everything that the audit knows can be looked for, and has its words', () => {
  const declared = /export type Audited = ([^;]+);/.exec(read('parts/protocol.d.ts'))[1].match(/"\w+"/g).map((word) => word.slice(1, -1));
  assert.deepEqual([...WORDS].sort(), declared.sort());
  const words = JSON.parse(read('words/en.json'));
  assert.deepEqual(declared.filter((word) => !words[`admin.audit.what.${word}`]), []);
});

test('a month is named by itself, wherever the browser is', () => {
  assert.deepEqual([monthSays('en-GB', 202611), monthSays('en-GB', 202601)], ['November 2026', 'January 2026']);
});
