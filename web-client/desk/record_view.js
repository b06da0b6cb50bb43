// A record on the desk: one page to read, to change, to copy out, and to be done with.

import { make } from "../parts/dom.js";
import { notesField } from "./notes_view.js";
import { button } from "./pieces.js";
import { releaseView } from "./release_view.js";
import { LONGEST_TEXT, draftSays, goneSays, safetySays } from "./record_text.js";
import { keptView } from "./typed_view.js";

/**
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("./records.js").OpenRecord} OpenRecord
 * @typedef {import("../parts/protocol").ContactRecord} ContactRecord
 */

/** The most that are listed; the others come up when these are done. */
const LISTED = 20;

/** @param {Model} model @param {OpenRecord} record */
export function recordView(model, record) {
  const { t } = model;
  const { data, problem } = record;
  return make("section", { class: "form-view record-view", "aria-labelledby": "record-head", "data-key": `record-${record.contact}` }, [
    make("div", { class: "contact-head" }, [
      button(model, "close-record", t("desk.back_to_today"), { plain: true, small: true, key: false }),
      make("h2", { id: "record-head", tabindex: "-1", text: data ? t("desk.record.head", { reference: data.draft.reference }) : t("desk.record.title") }),
    ]),
    make("p", { class: "mistake problem", "data-key": "problem", hidden: !problem, text: problem }),
    ...(data ? body(model, record, data) : [make("p", { class: "soft", "data-key": "loading", hidden: Boolean(problem), text: t("desk.record.loading") })]),
  ]);
}

/** @param {Model} model @param {OpenRecord} record @param {ContactRecord} data */
function body(model, record, data) {
  const { t, clock } = model;
  const { written, loads } = model.notesOf(record.contact);
  const safety = written.safety === null ? safetySays(t, clock, data.draft, data.safety) : written.safety;
  const over = data.draft.ended !== null;
  return [
    ...(over
      ? []
      : [
          make("div", { class: "panel", "data-key": "open" }, [
            make("p", { text: t("desk.record.open") }),
            make("div", { class: "row" }, [button(model, "end-contact", t("desk.record.end"), { key: false, data: { contact: record.contact } })]),
          ]),
        ]),
    area(model, record, "text", t("desk.record.text"), t("desk.record.text.hint"), written.text === null ? draftSays(t, clock, data.draft) : written.text, `${loads}-${over}`),
    notesField(model, record.contact),
    make("fieldset", { class: "safety-part", "data-key": "safety" }, [
      make("legend", { text: t("desk.record.safety") }),
      area(model, record, "safety", t("desk.record.safety.label"), t("desk.record.safety.hint"), safety, `${loads}-${over}-${data.safety.lines.length}`),
      // A box that was ticked by hand no longer goes by what is written in the page: for the next time it is another one.
      make("div", { class: "tick", "data-key": `tick-${record.outs}` }, [
        make("input", { type: "checkbox", id: "record-with-safety", "data-with-safety": "yes", checked: record.withSafety }),
        make("label", { for: "record-with-safety", text: t("desk.record.with_safety") }),
      ]),
    ]),
    make("div", { class: "record-out", "data-key": "out" }, [
      make("div", { class: "row" }, [
        button(model, "copy-record", t("desk.record.copy"), { main: data.copied === null && !record.outs, key: false }),
        ...["txt", "html", "json"].map((kind) => button(model, "download-record", t(`desk.record.download.${kind}`), { key: false, data: { kind } })),
        ...(data.case_system
          ? [button(model, "send-record", t("desk.record.send"), { key: false, disabled: !over || record.busy || isUnderWay(data) })]
          : []),
      ]),
      make("p", { class: "said", "data-key": "said", hidden: !record.said, text: record.said }),
      ...(record.byHand
        ? [
            make("textarea", { id: "record-by-hand", rows: "6", readonly: true, "aria-label": t("desk.record.by_hand"), "data-key": "by-hand" }, [
              record.byHand,
            ]),
          ]
        : []),
      ...sentView(model, data),
      ...releaseView(model, record, data, over),
    ]),
    ...keptView(model, record),
    goneView(model, record, data, over),
  ];
}

/** @param {Model} model @param {OpenRecord} record @param {"text" | "safety"} name @param {string} label @param {string} hint @param {string} value @param {string} key a new field where it isn't the same words any more */
function area(model, record, name, label, hint, value, key) {
  const id = `record-${name}`;
  return make("div", { class: "field", "data-key": `${name}-${key}` }, [
    make("label", { for: id, text: label }),
    make("p", { id: `${id}-hint`, class: "hint", text: hint }),
    make(
      "textarea",
      {
        id,
        rows: String(Math.min(14, Math.max(3, value.split("\n").length + 1))),
        maxlength: String(LONGEST_TEXT),
        "data-contact": record.contact,
        "data-record": name,
        "aria-describedby": `${id}-hint`,
        autocomplete: "off",
      },
      [value],
    ),
  ]);
}

/** @param {ContactRecord} data */
const isUnderWay = ({ sent }) => Boolean(sent && ["waiting", "trying", "unknown"].indexOf(sent.state) >= 0);

/** How far the sending is, and what is asked about it. @param {Model} model @param {ContactRecord} data @returns {Node[]} */
function sentView(model, { sent }) {
  if (!sent) return [];
  const { t, clock, now } = model;
  const says = t(`desk.record.sent.${sent.state}`, { time: clock.moment(sent.at, now) });
  const bad = sent.state === "refused" || sent.state === "given_up" || sent.state === "unknown";
  return [
    make("div", { class: bad ? "sent-state problem" : "sent-state", "data-key": "sent" }, [
      make("p", { text: sent.safety ? `${says} ${t("desk.record.sent.safety")}` : says }),
      ...(sent.state === "unknown"
        ? [
            make("div", { class: "row" }, [
              button(model, "record-arrived", t("desk.record.sent.is_there"), { key: false, data: { arrived: "yes" } }),
              button(model, "record-arrived", t("desk.record.sent.again"), { key: false, data: { arrived: "no" } }),
            ]),
          ]
        : []),
    ]),
  ];
}

/** When it is gone, and the press that says that it is done. @param {Model} model @param {OpenRecord} record @param {ContactRecord} data @param {boolean} over */
function goneView(model, record, data, over) {
  const { t, clock } = model;
  const gone = goneSays(t, clock, data);
  return make("div", { class: "record-end", "data-key": "end" }, [
    ...(data.copied === null
      ? [button(model, "record-copied", t("desk.record.copied"), { main: record.outs > 0, key: false, disabled: !over || record.busy })]
      : [button(model, "record-not-copied", t("desk.record.undo"), { key: false, disabled: record.busy })]),
    make("p", { class: data.copied === null ? "hint" : "said", text: gone }),
  ]);
}

/** What is still to be written up, in the list. @param {Model} model @returns {Node[]} */
export function unfinishedView(model) {
  const { t, clock, now, unfinished } = model;
  if (!unfinished.length) return [];
  const more = unfinished.length - LISTED;
  return [
    make("h3", { class: "group", "data-key": "head-unfinished", text: t("desk.record.unfinished", { count: unfinished.length }) }),
    make(
      "ul",
      { class: "cards", "data-key": "group-unfinished" },
      unfinished.slice(0, LISTED).map((one) =>
        make("li", { "data-key": one.contact }, [
          make(
            "button",
            {
              type: "button",
              class: "card tone-over",
              "data-do": "write-up",
              "data-contact": one.contact,
              "aria-current": model.record && model.record.contact === one.contact ? "true" : undefined,
            },
            [
              make("span", { class: "card-top" }, [
                make("b", { text: t("desk.record.write_up_of", { reference: one.reference }) }),
                make("span", { class: "when", text: clock.moment(one.starts_at, now) }),
              ]),
              make("span", { class: "hints", text: t(`desk.record.outcome.${one.outcome}`) }),
            ],
          ),
        ]),
      ),
    ),
    ...(more > 0 ? [make("p", { class: "soft", "data-key": "more-unfinished", text: t("desk.record.unfinished.more", { count: more }) })] : []),
  ];
}
