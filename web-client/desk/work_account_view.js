// The way in by a work account, above the one by password.

import { make } from "../parts/dom.js";

/**
 * @param {(key: string) => string} t @param {import("./work_account.js").Work | null} work @param {boolean} busy
 * @returns {Node[]}
 */
export function workAccountView(t, work, busy) {
  if (!work) return [];
  return [
    make("div", { class: "row", "data-key": "work" }, [
      make("button", { type: "button", class: "main", "data-do": "work", disabled: busy, text: work.label }),
    ]),
    make("p", { class: "soft", "data-key": "work-or", text: t("desk.work.or") }),
  ];
}
