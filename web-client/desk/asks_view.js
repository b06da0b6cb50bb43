// Small presses that stand with a person at the door and in conversation: the private question again, who is with them, and the
// agreed word. Beside them what was said, always as a hint, and what may be said aloud.

import { make } from "../parts/dom.js";
import { button } from "./pieces.js";
import { askedSays, whoSays } from "./says.js";

/**
 * @param {import("./model.js").Model} model @param {import("./model.js").ContactView} view
 * @param {import("../parts/protocol").PersonView} one @param {boolean} [answer] whether the answer stands here: at the door it stands above
 */
export function asksView(model, view, one, answer = true) {
  // The questions and the word are the service user's.
  if (one.invitee) return make("div", { hidden: true, "data-key": "asks" });
  const { t, clock } = model;
  const data = { contact: view.id, person: one.id };
  // Beside a conversation the keys belong to that one: the word was heard from the person being talked with.
  const key = answer || model.talk === null;
  const stands = one.who.asked !== null;
  const said = [askedSays(t, clock, one), whoSays(t, clock, one)].filter(Boolean);
  return make("div", { class: "asks", "data-key": "asks" }, [
    // One question stands there at a time.
    button(model, "ask", t("desk.ask"), { small: true, data, key, disabled: stands }),
    button(model, "ask-who", t("desk.ask_who"), { small: true, data, key, disabled: one.asked !== null }),
    // Whether or not a word is agreed, and without the word: a screen can be seen in glasses.
    button(model, "heard", t("desk.heard"), { small: true, data, key }),
    make("div", { class: "said-row" }, [
      make("p", { class: "said-last", hidden: !answer }, said.map((text) => make("span", { text }))),
      ...(stands ? [button(model, "take-back-who", t("desk.who.take_back"), { small: true, plain: true, data })] : []),
    ]),
    make("p", { class: "hint", text: t("desk.ask.aloud") }),
  ]);
}
