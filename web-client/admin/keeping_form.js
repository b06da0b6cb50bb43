// What of the periods differs from what holds. No page.

/** @typedef {import("../parts/protocol").KeptCategory} KeptCategory */

/** What will hold: what is to come, where something is. @param {KeptCategory} category */
export const target = ({ soon, period }) => (soon === null ? period : soon);

/**
 * The periods that were typed and aren't those that hold or are about to. What is no whole number is left to the service to refuse,
 * as a number that is out of all bounds.
 * @param {{ categories: KeptCategory[] }} keeping @param {Record<string, string>} typed
 */
export function differing({ categories }, typed) {
  /** @type {Record<string, number>} */
  const periods = {};
  for (const category of categories) {
    const text = typed[category.category];
    if (text === undefined) continue;
    const period = /^\s*\d{1,9}\s*$/.test(text) ? Number(text) : 4294967295;
    if (period !== target(category)) periods[category.category] = period;
  }
  return periods;
}

/** @param {Record<string, number>} periods */
export const bodyOf = (periods) => ({ periods });
