// The line that suggests asking again. It comes by itself, so it stands under what is pressed, and goes by itself once one asks.

import { make } from "../parts/dom.js";
import { thread } from "./model.js";
import { button } from "./pieces.js";

/** @param {import("./model.js").Model} model @param {import("./model.js").ContactView} view @param {import("../parts/protocol").PersonView} one */
export function suggestionView(model, view, one) {
  const { t } = model;
  const why = model.suggested[thread(view.id, one.id)];
  if (!why) return make("div", { hidden: true, "data-key": "no-suggestion" });
  const data = { contact: view.id, person: one.id };
  return make("div", { class: "suggestion", role: "group", "aria-label": t("desk.suggest"), "data-key": "suggestion" }, [
    make("p", { text: t(`desk.suggest.${why}`) }),
    button(model, "ask-suggested", t("desk.ask"), { small: true, data }),
    button(model, "not-now", t("desk.suggest.not_now"), { small: true, plain: true, data }),
  ]);
}
