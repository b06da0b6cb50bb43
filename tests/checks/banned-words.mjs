// The words that stand nowhere a bystander could see or hear them, and every place that is held to them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientFiles, root } from './client-files.mjs';

/** What the desk shows or says outside its own page, gives away to be sent, or has its practitioner say aloud: by the beginning of the key. */
export const DESK_OUTSIDE = ['desk.title', 'desk.notice.someone', 'desk.cover.', 'desk.news.', 'desk.share.words', 'desk.share.wording.', 'desk.code.words', 'desk.late.words', 'desk.planned.off.words', 'desk.card.ask.'];
/** Its own name: the practitioner's tab may have it, the service user's page never. */
const NAME = 'sidelight';

/** What a page can do that is seen or heard outside of it. @type {Record<string, RegExp>} */
const OUTSIDE = {
  title: /document\.title\s*=/,
  notification: /new Notification\(|showNotification\(/,
  sharing: /navigator\.share\(/,
  message: /sms:|mailto:/,
  clipboard: /clipboard\.write/,
  tile: /mediaSession/,
  vibration: /vibrate\(/,
  speech: /speechSynthesis/,
  icon: /rel\s*=\s*["']icon/,
};

/** Where each of them is used, known and looked at. Another place is one that nobody has thought about yet. */
export const KNOWN = ['web-client/admin/pieces.js clipboard', 'web-client/desk/actions.js clipboard', 'web-client/desk/beside_actions.js clipboard', 'web-client/desk/record_actions.js clipboard', 'web-client/desk/typed_actions.js clipboard', 'web-client/desk/desk.js title', 'web-client/desk/notices.js notification', 'web-client/desk/planned_actions.js clipboard', 'web-client/desk/sharing.js sharing', 'web-client/desk/sharing.js message'];

/** Rust files with sentences that a service user's browser can be sent. */
const SERVER = ['error.rs', 'http/body.rs', 'http/guests.rs', 'http/headers.rs', 'http/origins.rs', 'http/pages.rs', 'http/path.rs'];

/** @param {string} text of config/banned-words.txt */
export function listIn(text) {
  return text.split('\n').map((line) => line.trim()).filter((line) => line && !line.startsWith('#'));
}

export const BANNED = listIn(readFileSync(join(root, 'config/banned-words.txt'), 'utf8'));

/** Letters and single spaces, a space before each word and after the last. @param {string} text */
const plain = (text) => ` ${(text.toLowerCase().match(/[a-z]+/g) || []).join(' ')} `;

/**
 * The banned words in a text, as the list has them.
 * @param {string} text @param {{ list?: string[], mayName?: boolean }} [options] `mayName`: the product's own name is no secret here
 */
export function bannedIn(text, { list = BANNED, mayName = false } = {}) {
  const words = plain(text);
  return list.filter((entry) => {
    if (mayName && entry === NAME) return false;
    const whole = entry.endsWith('=');
    const word = whole ? `${entry.slice(0, -1)} ` : entry;
    return words.includes(` ${word}`) || words.includes(` ${word.trim().replace(/ /g, '')}${whole ? ' ' : ''}`);
  });
}

/** The texts between quotation marks of a Rust file, but for its tests and comments. @param {string} text */
export function literals(text) {
  const code = text.split('#[cfg(test)]')[0].replace(/^\s*\/\/.*$/gm, '');
  return [...code.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, words]) => words);
}

/** Everything a bystander could see or hear: from where, the text, and whether the product may be named in it. */
export function shown() {
  const catalogues = clientFiles('.json').filter((file) => file.path.includes('/words/'));
  const words = catalogues.flatMap((file) => Object.entries(JSON.parse(file.text)).map(([key, text]) => ({ key, from: `${file.path} ${key}`, text })));
  const guests = words.filter(({ key }) => /^(join|say|about)\./.test(key));
  const outside = words.filter(({ key }) => DESK_OUTSIDE.some((begins) => key.startsWith(begins)));
  const ofGuests = ({ path }) => /^web-client\/(join|call|parts)\//.test(path);
  return [
    ...guests.map(({ from, text }) => ({ from, text, mayName: false })),
    ...outside.map(({ from, text }) => ({ from, text, mayName: true })),
    // All of the page as it is written, attributes and names of things too; the scripts and styles that stand in it besides.
    ...clientFiles('.html').filter(ofGuests).map(({ path, text }) => ({ from: path, text: text.replace(/<!--[^]*?-->/g, ''), mayName: false })),
    // The names of what a phone asks for.
    ...['.js', '.css', '.html'].flatMap(clientFiles).filter(ofGuests).map(({ path }) => ({ from: `the name of ${path}`, text: path, mayName: false })),
    ...SERVER.flatMap((path) => literals(readFileSync(join(root, 'signaling/src', path), 'utf8')).map((text) => ({ from: `signaling/src/${path}`, text, mayName: false }))),
  ];
}

/** @param {{ from: string, text: string, mayName: boolean }[]} texts @returns {string[]} what gives the matter away, and where */
export function tellingIn(texts) {
  return texts.flatMap(({ from, text, mayName }) => bannedIn(text, { mayName }).map((word) => `${from}: “${word}” in “${text.length > 120 ? '…' : text}”`));
}

/** @param {{ path: string, text: string }[]} scripts @returns {string[]} where the pages show or give away something outside of themselves */
export function outsideOf(scripts) {
  return scripts.flatMap(({ path, text }) => {
    const code = text.replace(/\/\*[^]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
    return Object.keys(OUTSIDE).filter((what) => OUTSIDE[what].test(code)).map((what) => `${path} ${what}`);
  });
}
