// Finds words that are missing, unused, or must not stand on a screen that a bystander could see.
import { parse } from 'acorn';
import { bannedIn } from './banned-words.mjs';

const PREFIXES = ['join', 'say', 'about', 'desk', 'admin'];
const KEY = new RegExp(`^(${PREFIXES.join('|')})\\.[a-z0-9_.-]*$`);
const PLURAL = /\.(zero|one|two|few|many|other)$/;

/**
 * @param {Record<string, string>} catalogue
 * @param {{ path: string, text: string }[]} pages
 * @param {{ path: string, text: string }[]} scripts
 * @returns {string[]} what is wrong
 */
export function wordsWrong(catalogue, pages, scripts) {
  const wrong = [];
  const keys = Object.keys(catalogue);
  const used = new Set(['lang']);
  const sent = [];
  const forms = (key) => keys.filter((one) => one === key || (one.startsWith(`${key}.`) && PLURAL.test(one) && one.replace(PLURAL, '') === key));

  for (const page of pages) {
    for (const [, key] of page.text.matchAll(/\{\{words\.([^}]+)\}\}/g)) {
      if (!(key in catalogue)) wrong.push(`${page.path}: no words for ${key}`);
      else if (/\{\w+\}/.test(catalogue[key])) wrong.push(`${page.path}: ${key} has a place to fill in, which only a script does`);
      used.add(key);
    }
    for (const [, prefixes] of page.text.matchAll(/\{\{words-json:([^}]+)\}\}/g)) for (const prefix of prefixes.split('|')) sent.push({ folder: page.path.replace(/[^/]+$/, ''), prefix });
    // Words that the page fetches when they are asked for.
    for (const [, prefix] of page.text.matchAll(/\/words\/(\w+\.)\{\{words\.lang\}\}\.json/g)) sent.push({ folder: page.path.replace(/[^/]+$/, ''), prefix });
    const left = page.text
      .replace(/<!--[\s\S]*?-->/g, '')
      .replace(/<(script|style)[\s\S]*?<\/\1>/gi, '')
      .replace(/\{\{[^}]*\}\}/g, '')
      .replace(/<[^>]*>/g, ' ')
      .replace(/&[a-z#0-9]+;/gi, ' ');
    for (const word of left.match(/[A-Za-z]{2,}/g) || []) if (word !== 'Sidelight') wrong.push(`${page.path}: “${word}” stands in the page, not in the catalogue`);
  }

  for (const script of scripts) {
    const folder = script.path.replace(/[^/]+$/, '');
    const inPage = sent.filter((one) => one.folder === folder);
    for (const piece of pieces(script.text)) {
      const found = resolve(piece, keys, forms);
      if (!found) wrong.push(`${script.path}: no words for ${piece.shown}`);
      for (const key of found || []) {
        used.add(key);
        if (inPage.length && !inPage.some((one) => key.startsWith(one.prefix))) wrong.push(`${script.path}: ${key} isn't sent with the page of ${folder}`);
      }
    }
  }

  // A suffix put to a key by a script: `key + "_unnamed"`.
  const suffixes = new Set(scripts.flatMap((script) => [...script.text.matchAll(/["'`}]([_.][a-z][a-z0-9_]*)["'`]/g)].map((match) => match[1])));
  for (const key of keys) {
    const base = [...suffixes].find((suffix) => key.endsWith(suffix) && [...used].some((one) => one === key.slice(0, -suffix.length) || one.replace(PLURAL, '') === key.slice(0, -suffix.length)));
    if (!used.has(key) && !base) wrong.push(`words/en.json: nothing uses ${key}`);
    if (typeof catalogue[key] !== 'string' || !catalogue[key].trim()) wrong.push(`words/en.json: ${key} is empty`);
    if (/^(join|say|about)\./.test(key) && bannedIn(catalogue[key]).length) wrong.push(`words/en.json: ${key} gives the matter away: ${catalogue[key]}`);
  }
  return [...new Set(wrong)];
}

/** Literals of a script that are keys or the beginnings of keys. */
function pieces(text) {
  const found = [];
  const visit = (node) => {
    if (!node || typeof node.type !== 'string') return;
    if (node.type === 'Literal' && typeof node.value === 'string' && KEY.test(node.value) && !/\.(js|css|html|json)$/.test(node.value)) {
      found.push({ shown: node.value, exact: node.value });
    } else if (node.type === 'TemplateLiteral' && KEY.test(node.quasis[0].value.cooked || '') && node.expressions.length) {
      const parts = node.quasis.map((part) => part.value.cooked.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
      found.push({ shown: node.quasis.map((part) => part.value.cooked).join('…'), pattern: new RegExp(`^${parts.join('[a-z0-9_.-]*')}$`) });
    }
    for (const value of Object.values(node)) {
      if (Array.isArray(value)) value.forEach(visit);
      else if (value && typeof value === 'object') visit(value);
    }
  };
  visit(parse(text, { ecmaVersion: 2022, sourceType: 'module' }));
  return found;
}

function resolve(piece, keys, forms) {
  if (piece.pattern) {
    const found = keys.filter((key) => piece.pattern.test(key) || piece.pattern.test(key.replace(PLURAL, '')));
    return found.length ? found : null;
  }
  const exact = forms(piece.exact);
  if (exact.length) return exact;
  // The beginning of keys that a script completes.
  const begun = keys.filter((key) => key.startsWith(piece.exact.endsWith('.') || piece.exact.endsWith('_') ? piece.exact : `${piece.exact}.`));
  return begun.length ? begun : null;
}
