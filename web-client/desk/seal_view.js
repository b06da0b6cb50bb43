// What is true of who can read what is typed; and two words to compare, where the link couldn't make sure of it.

import { make } from "../parts/dom.js";
import { thread } from "./model.js";
import { button, called } from "./pieces.js";

/** @typedef {{ state: import("../parts/sealing.js").SealState, why: import("../parts/sealing.js").Why | null, checked: "link" | "words" | null, words: [string, string] | null }} Sealed */

/** @param {import("./model.js").Model} model @param {import("./model.js").ContactView} view @param {import("../parts/protocol").PersonView} one */
export function sealView(model, view, one) {
  const { t } = model;
  const key = thread(view.id, one.id);
  const sealed = model.sealed[key];
  const data = { contact: view.id, person: one.id };
  if (!sealed || sealed.state === "agreeing") return make("p", { class: "sealed", "data-key": "sealed", text: t("desk.sealed.agreeing") });
  if (sealed.state === "refused") return refused(model, view, sealed, data);
  if (sealed.checked) return make("p", { class: "sealed", "data-key": "sealed", text: t(`desk.sealed.${sealed.checked}`) });
  if (model.comparing !== key || !sealed.words) {
    return make("div", { class: "sealed", "data-key": "sealed" }, [
      make("span", { text: t("desk.sealed.unchecked") }),
      button(model, "compare", t("desk.sealed.compare"), { small: true, plain: true, data }),
    ]);
  }
  const [first, second] = sealed.words;
  return make("div", { class: "sealed", role: "group", "aria-label": t("desk.sealed.compare"), "data-key": "comparing" }, [
    make("p", {}, [t("desk.sealed.ask", { name: called(view, one) }), " ", make("b", { text: `${first}, ${second}` })]),
    make("div", { class: "row" }, [
      button(model, "words-same", t("desk.sealed.same"), { small: true, data }),
      button(model, "words-differ", t("desk.sealed.differ"), { small: true, data }),
      button(model, "compare-later", t("desk.sealed.later"), { small: true, plain: true, data }),
    ]),
  ]);
}

/** @param {import("./model.js").Model} model @param {import("./model.js").ContactView} view @param {Sealed} sealed @param {Record<string, string>} data */
function refused(model, view, { why }, data) {
  const { t } = model;
  const elsewhere = why === "link";
  return make("div", { class: "sealed caution", "data-key": "refused" }, [
    make("p", {}, [make("b", { text: t("desk.sealed.refused") }), " ", t(elsewhere ? "desk.sealed.refused.link" : "desk.sealed.refused.changed")]),
    make("div", { class: "row" }, [
      ...(elsewhere ? [button(model, "made-elsewhere", t("desk.sealed.elsewhere"), { small: true, data })] : []),
      button(model, "seal-again", t("desk.sealed.again"), { small: true, data }),
    ]),
  ]);
}
