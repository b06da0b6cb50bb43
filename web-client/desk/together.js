// What each press does, from several places. No page.

/**
 * What has all that each of several has.
 * @template T @typedef {(T extends unknown ? (one: T) => void : never) extends (one: infer All) => void ? All : never} AllOf
 */

/**
 * All of them as one. Two of the same name are a mistake of ours, said at once: else a press would do what another one should, and in an
 * alarm nobody has the time to wonder.
 * @template {object[]} Parts @param {[...Parts]} parts @returns {AllOf<Parts[number]>}
 */
export function together(parts) {
  /** @type {Record<string, Function>} */
  const all = {};
  for (const part of parts) {
    for (const [name, does] of Object.entries(part)) {
      if (all[name]) throw new Error(`two presses are named ${name}`);
      all[name] = does;
    }
  }
  return /** @type {any} */ (all);
}
