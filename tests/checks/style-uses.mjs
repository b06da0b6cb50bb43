// Finds what a style sheet or page uses that the oldest browsers lack, and what the content policy forbids.
import { css, html, lacking } from './baseline.mjs';

/** Only changes looks where it is known; a page without it is as usable. */
const ornaments = new Set(['aspect-ratio', 'accent-color', 'scrollbar-gutter', 'scrollbar-width', 'text-wrap', 'overscroll-behavior', 'color-scheme', 'field-sizing',
  'forced-color-adjust', 'touch-action', 'text-size-adjust', '-webkit-text-size-adjust', '-webkit-tap-highlight-color', 'overflow-anchor', 'hyphens', 'user-select', 'overflow-wrap', 'cursor', 'resize']);

/** @param {{ path: string, text: string }} file @param {number} [firstLine] @returns {string[]} */
export function stylesBeyond(file, firstLine = 1) {
  const wrong = [];
  const text = file.text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
  const say = (at, what) => wrong.push(`${file.path}:${firstLine + text.slice(0, at).split('\n').length - 1}: ${what}`);
  block(text, 0, text.length, [], say);
  return wrong;
}

/** Walks the rules between two places; `within` holds the preludes around them. */
function block(text, from, to, within, say) {
  let start = from;
  let earlier = new Set();
  for (let at = from; at < to; at += 1) {
    const char = text[at];
    if (char === '"' || char === "'") {
      at = text.indexOf(char, at + 1);
      if (at < 0) return;
    } else if (char === '(') {
      at = closing(text, at, '(', ')');
    } else if (char === ';') {
      declaration(text.slice(start, at), start, within, earlier, say);
      start = at + 1;
    } else if (char === '{') {
      const prelude = text.slice(start, at).trim();
      const end = closing(text, at, '{', '}');
      rule(prelude, start + text.slice(start).search(/\S/), within, say);
      block(text, at + 1, end, [...within, prelude], say);
      at = end;
      start = at + 1;
    }
  }
  declaration(text.slice(start, to), start, within, earlier, say);
}

function closing(text, at, open, close) {
  let depth = 0;
  for (let here = at; here < text.length; here += 1) {
    if (text[here] === open) depth += 1;
    if (text[here] === close) depth -= 1;
    if (depth === 0) return here;
  }
  return text.length;
}

const asked = (within) => within.some((prelude) => prelude.startsWith('@supports'));

function rule(prelude, at, within, say) {
  if (prelude.startsWith('@')) {
    const name = prelude.slice(1).split(/[\s(:{]/)[0];
    const entry = css['at-rules'][name];
    if (!entry) return say(at, `@${name} is unknown`);
    const found = lacking(entry);
    if (found.length) say(at, `@${name} is missing in ${found.join(', ')}`);
    if (name === 'media') {
      for (const [, feature] of prelude.matchAll(/\(\s*([a-z-]+)\s*[:)]/g)) {
        const known = entry[feature] || entry[feature.replace(/^(min|max)-/, '')];
        if (known && lacking(known).length && !/^(forced-colors|prefers-contrast|pointer|hover|prefers-reduced-data|dynamic-range)$/.test(feature)) say(at, `(${feature}) is missing in ${lacking(known).join(', ')}`);
      }
      if (/[<>]/.test(prelude)) say(at, 'ranges with < or > in a media query');
    }
    return undefined;
  }
  const nested = within.some((outer) => !outer.startsWith('@'));
  if (nested) return say(at, `a rule inside a rule: ${prelude}`);
  for (const [, name] of prelude.matchAll(/::?([a-z-]+)/g)) {
    // By itself in a rule it may be lost: the browser's own ring for the focus stays.
    if (name === 'focus-visible' && prelude.split(',').every((one) => one.includes(':focus-visible'))) continue;
    const found = lacking(css.selectors[name]);
    if (found.length && !asked(within)) say(at, `:${name} is missing in ${found.join(', ')}; the whole rule would be lost`);
  }
  return undefined;
}

function declaration(text, start, within, earlier, say) {
  const colon = text.indexOf(':');
  if (colon < 0 || within.length === 0) return;
  const name = text.slice(0, colon).trim();
  const value = text.slice(colon + 1).trim();
  const at = start + text.search(/\S/);
  if (name.startsWith('--') || within.some((prelude) => /^@(font-face|page)/.test(prelude))) return;
  const repeated = earlier.has(name);
  earlier.add(name);
  if (ornaments.has(name) || asked(within)) return;
  const entry = css.properties[name];
  if (!entry) return void say(at, `${name} is no property`);
  const found = lacking(entry);
  if (found.length) return void say(at, `${name} is missing in ${found.join(', ')}`);
  if (repeated) return;
  // A value that a browser doesn't know is dropped with its declaration: an earlier one of the same property catches it.
  // A list of fonts passes over those it doesn't know; `start` and `end` are newer in flex boxes only, older in grids.
  if (name === 'font-family' || name === 'font') return;
  for (const [, word] of value.matchAll(/(?:^|[\s,(])([a-z][a-z-]*)(?=$|[\s,)(!])/g)) {
    const part = entry[word] || css.types[word] || (css.types.color && css.types.color[word]);
    const missing = word === name || word === 'start' || word === 'end' ? [] : lacking(part);
    if (missing.length) say(at, `${name}: ${word} is missing in ${missing.join(', ')}; write an older value before it`);
  }
  if (/\d(dvh|svh|lvh|dvw|svw|lvw|dvmin|dvmax|cqw|cqh|cqi|cqb)\b/.test(value)) say(at, `${name}: ${value}: this unit is newer; write an older value before it`);
}

/** Attributes that came later and only help where they are known. */
const helpful = new Set(['inert', 'enterkeyhint', 'inputmode', 'autocorrect', 'autocapitalize', 'spellcheck', 'writingsuggestions', 'translate', 'playsinline', 'autocomplete', 'fetchpriority', 'disablepictureinpicture', 'disableremoteplayback', 'nonce', 'hidden', 'async', 'integrity', 'blocking']);

/** @param {{ path: string, text: string }} file @returns {string[]} */
export function pageBeyond(file) {
  const wrong = [];
  const lineOf = (at) => file.text.slice(0, at).split('\n').length;
  const say = (at, what) => wrong.push(`${file.path}:${lineOf(at)}: ${what}`);
  const text = file.text.replace(/<!--[\s\S]*?-->/g, (comment) => comment.replace(/[^\n]/g, ' '));
  for (const match of text.matchAll(/<([a-z][a-z0-9-]*)((?:\s+[^\s=>\/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+))?)*)\s*\/?>/gi)) {
    const element = match[1].toLowerCase();
    const entry = html.elements[element];
    if (entry && lacking(entry).length) say(match.index, `<${element}> is missing in ${lacking(entry).join(', ')}`);
    for (const [, attribute, value] of match[2].matchAll(/([^\s=>\/]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>]+))?/g)) {
      const name = attribute.toLowerCase();
      if (name === 'style') say(match.index, 'a style attribute: the content policy forbids it');
      if (/^on/.test(name)) say(match.index, `${name}: the content policy forbids handlers in the page`);
      if (/^(src|href|action|srcset|poster)$/.test(name) && /^["']?(https?:)?\/\//.test(value || '')) say(match.index, `${name} leads to another place: ${value}`);
      const known = (entry && entry[name]) || html.global_attributes[name];
      if (known && !helpful.has(name) && lacking(known).length) say(match.index, `${element} ${name} is missing in ${lacking(known).join(', ')}`);
    }
  }
  for (const match of text.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/gi)) {
    if (match[1].includes('{{')) continue; // filled in by the service from a file that is checked by itself
    wrong.push(...stylesBeyond({ path: file.path, text: match[1] }, lineOf(match.index)));
  }
  return wrong;
}
