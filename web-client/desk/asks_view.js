// Two small presses that stand with a person at the door and in conversation: the private question again, and the agreed word.

import { make } from "../parts/dom.js";
import { button } from "./pieces.js";
import { askedSays } from "./says.js";

/**
 * @param {import("./model.js").Model} model @param {import("./model.js").ContactView} view
 * @param {import("../parts/protocol").PersonView} one @param {boolean} [answer] whether the answer stands here: at the door it stands above
 */
export function asksView(model, view, one, answer = true) {
  const { t, clock } = model;
  const data = { contact: view.id, person: one.id };
  // Beside a conversation the keys belong to that one: the word was heard from the person being talked with.
  const key = answer || model.talk === null;
  return make("div", { class: "asks", "data-key": "asks" }, [
    button(model, "ask", t("desk.ask"), { small: true, data, key }),
    // Whether or not a word is agreed, and without the word: a screen can be seen in glasses.
    button(model, "heard", t("desk.heard"), { small: true, data, key }),
    make("p", { class: "said-last", hidden: !answer, text: askedSays(t, clock, one) }),
  ]);
}
