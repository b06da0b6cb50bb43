// The line above the field in a typed conversation: make sure who is there. On the desk alone, and still.

import { make } from "../parts/dom.js";
import { personOf, thread } from "./model.js";
import { button } from "./pieces.js";
import { proofSays } from "./proof.js";

/** @param {import("./model.js").Model} model @param {import("./model.js").ContactView} view @param {import("../parts/protocol").PersonView} one */
export function proofView(model, view, one) {
  const { t } = model;
  const seen = model.proofs[thread(view.id, one.id)];
  if (!seen || !seen.due) return make("div", { hidden: true, "data-key": "no-proof" });
  const person = personOf(model, view);
  const says = proofSays(t, person && person.plan);
  const data = { contact: view.id, person: one.id };
  return make("div", { class: "proof", role: "group", "aria-label": t("desk.proof"), "data-key": "proof" }, [
    make("p", {}, [make("b", { text: t("desk.proof") }), ` ${says.ask}`]),
    make("p", { hidden: !says.theirs, text: says.theirs }),
    make("p", { class: "answer", hidden: !seen.answer || !says.answer, text: seen.answer ? says.answer : "" }),
    make("p", { class: "agreed", hidden: !seen.unsure, text: seen.unsure ? says.unsure : "" }),
    make("div", { class: "row" }, [
      button(model, "proof-known", t("desk.proof.known"), { small: true, data, key: false }),
      button(model, "proof-unsure", t("desk.proof.not_sure"), { small: true, data, key: false }),
      ...(says.answer
        ? [button(model, "proof-answer", t(seen.answer ? "desk.proof.answer.hide" : "desk.proof.answer.show"), { small: true, plain: true, data, key: false })]
        : []),
    ]),
  ]);
}
