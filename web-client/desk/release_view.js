// Releasing a record for other programs to fetch, and what became of it.

import { make } from "../parts/dom.js";
import { button } from "./pieces.js";

/**
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("./records.js").OpenRecord} OpenRecord
 * @typedef {import("../parts/protocol").ContactRecord} ContactRecord
 * @typedef {import("../parts/protocol").RecordFetch} RecordFetch
 */

/** Which words tell of a fetch. @param {RecordFetch} fetch */
export const fetchedAs = ({ earlier, taken }) => (earlier ? "earlier" : taken === null ? "plain" : "taken");

/** Nobody has it yet. @param {ContactRecord} data */
export const canUndo = ({ released }) => Boolean(released && released.at !== null && released.fetched.every(({ earlier }) => earlier));

/** @param {Model} model @param {OpenRecord} record @param {ContactRecord} data @param {boolean} over @returns {Node[]} */
export function releaseView(model, record, data, over) {
  const { t, clock, now } = model;
  const { released, programs } = data;
  if (!released && !programs.length) return [];
  const says = (/** @type {RecordFetch} */ fetch) =>
    t(`desk.record.fetched.${fetchedAs(fetch)}`, { program: fetch.program, time: clock.moment(fetch.at, now) });
  const time = released && released.at !== null ? clock.moment(released.at, now) : "";
  return [
    make("div", { class: "sent-state", "data-key": "release" }, [
      ...(programs.length
        ? [
            make("div", { class: "row" }, [button(model, "release-record", t("desk.record.release"), { key: false, disabled: !over || record.busy })]),
            make("p", { class: "hint", text: t("desk.record.release.hint", { programs: programs.join(", ") }) }),
          ]
        : []),
      ...(released && time ? [make("p", { text: released.safety ? t("desk.record.released.safety", { time }) : t("desk.record.released", { time }) })] : []),
      ...(released ? released.fetched.map((fetch) => make("p", { text: says(fetch) })) : []),
      ...(canUndo(data) ? [make("div", { class: "row" }, [button(model, "withdraw-release", t("desk.record.release.undo"), { key: false, disabled: record.busy })])] : []),
    ]),
  ];
}
