// The typed conversation with one person, at the door and inside.

import { make } from "../parts/dom.js";
import { LONGEST } from "../parts/texts.js";
import { markOf } from "./alarms.js";
import { thread } from "./model.js";
import { called } from "./pieces.js";
import { proofView } from "./proof_view.js";
import { sealView } from "./seal_view.js";
import { keepsView } from "./typed_view.js";

/**
 * @param {import("./model.js").Model} model @param {import("./model.js").ContactView} view
 * @param {import("../parts/protocol").PersonView} one @param {import("./model.js").Text[]} list
 */
export function textsView(model, view, one, list) {
  const { t, clock } = model;
  const name = called(view, one);
  const lines = list.map((text) =>
    make("li", { class: text.mine ? "mine" : "theirs", "data-key": `${text.mine ? "m" : "t"}${text.id}` }, [
      make("span", { class: "by" }, [
        make("b", { text: text.mine ? t("desk.texts.you") : name }),
        ` ${clock.time(Math.floor(text.at / 1000))}`,
      ]),
      make("span", { class: "body", text: text.body }),
      ...(!text.mine && model.marked.has(markOf(one.id, text.id)) ? [make("b", { class: "used", text: t("desk.alarm.line") })] : []),
      ...(text.mine ? [make("span", { class: `sent ${text.state}`, text: t(`desk.texts.${text.state}`) })] : []),
    ]),
  );
  const id = `write-${one.id}`;
  const held = model.heldBack !== null && model.heldBack.thread === thread(view.id, one.id);
  return make("section", { class: "texts", "aria-label": t("desk.texts.label", { name }), "data-key": `texts-${one.id}` }, [
    make(
      "ol",
      { class: "lines", tabindex: "0", "aria-label": t("desk.texts"), "data-lines": one.id, "data-count": String(list.length) },
      lines.length ? lines : [make("li", { class: "nothing", "data-key": "nothing", text: t(view.typed.since === null ? "desk.texts.none" : "desk.texts.none_yet") })],
    ),
    keepsView(model, view),
    proofView(model, view, one),
    sealView(model, view, one),
    make("p", { class: "caution", id: `${id}-held`, "data-key": "held", hidden: !held, text: held ? t("desk.texts.held") : "" }),
    make("form", { class: "write", "data-form": "text", "data-contact": view.id, "data-person": one.id, novalidate: true }, [
      make("label", { for: id, class: "unseen", text: t("desk.texts.write", { name }) }),
      make("input", {
        id,
        name: "body",
        type: "text",
        maxlength: String(LONGEST),
        placeholder: t("desk.texts.write", { name }) + (model.settings.shortcuts ? " (T)" : ""),
        autocomplete: "off",
        autocorrect: "off",
        autocapitalize: "off",
        spellcheck: "false",
        enterkeyhint: "send",
        "data-write": one.id,
        "aria-describedby": held ? `${id}-held` : undefined,
      }),
      make("button", { type: "submit", text: t("desk.texts.send") }),
    ]),
  ]);
}
