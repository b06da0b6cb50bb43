// The card that walks through a plan with the person: one question to say aloud, what either answer means, and where it stands.

import { make } from "../parts/dom.js";
import { agreedOn, meaning, standsAt, wordsOf } from "./card.js";
import { button } from "./pieces.js";

/**
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("./card.js").Walk} Walk
 * @typedef {import("./card.js").Question} Question
 * @typedef {import("../parts/protocol").SafetyPlan} SafetyPlan
 */

/** @param {Model} model @param {Walk} walk */
export function cardView(model, walk) {
  const { t } = model;
  const person = model.people.find(({ id }) => id === walk.person);
  const { question, at, of } = person ? standsAt(walk, person.plan) : { question: null, at: 0, of: 0 };
  return make("section", { class: "card-view", "aria-labelledby": "card-head", "data-key": "card" }, [
    make("div", { class: "contact-head" }, [
      make("h2", { id: "card-head", tabindex: "-1", text: t("desk.card") }),
      make("span", { class: "at", text: [person ? person.plan.reference : "", question ? t("desk.card.at", { at, of }) : ""].filter(Boolean).join(", ") }),
    ]),
    make("p", { class: "mistake problem", "data-key": "problem", hidden: !walk.problem, text: walk.problem }),
    ...(person && question ? questionView(model, walk, person.plan, question) : person ? endView(model, walk, person.plan) : []),
    make("div", { class: "row", "data-key": "row" }, [
      button(model, "card-back", t("desk.card.back"), { key: false, disabled: !walk.steps.length }),
      ...(question ? [button(model, "card-skip", t("desk.card.skip"), { key: false })] : []),
      button(model, "card-close", t("desk.card.close"), { key: false, main: !question }),
    ]),
    make("p", { class: "remember", "data-key": "word", text: t("desk.card.word") }),
    make("p", { class: "hint", "data-key": "hint", hidden: !question, text: t("desk.card.hint") }),
  ]);
}

/** @param {Model} model @param {Walk} walk @param {SafetyPlan} plan @param {Question} question */
function questionView(model, walk, plan, question) {
  const { t } = model;
  return [
    make("h3", { class: "ask", id: "card-ask", tabindex: "-1", "data-key": "ask", text: t("desk.card.aloud", { question: t(`desk.card.ask.${question}`) }) }),
    make("div", { class: "answers", role: "group", "aria-labelledby": "card-ask", "data-key": "answers" }, [
      button(model, "card-yes", t("desk.card.yes"), { key: false }),
      button(model, "card-no", t("desk.card.no"), { key: false }),
    ]),
    make("div", { class: "means", "data-key": "means" }, [
      make("dl", {}, [
        make("div", {}, [make("dt", { text: t("desk.card.yes") }), make("dd", { text: meaning(question, "yes", t) })]),
        make("div", {}, [make("dt", { text: t("desk.card.no") }), make("dd", { text: meaning(question, "no", t) })]),
      ]),
      make("p", { class: "hint", text: soFar(t, plan, question) }),
    ]),
  ];
}

/** What the plan says of it already. @param {Model["t"]} t @param {SafetyPlan} plan @param {Question} question */
function soFar(t, plan, question) {
  const agreed = agreedOn(question, plan, t);
  if (agreed === null) return t("desk.card.so_far.none");
  if (agreed === "yes" || agreed === "no") return `${t("desk.card.so_far")} ${t(`desk.card.${agreed}`)}`;
  const words = wordsOf(question, plan);
  return words ? t("desk.card.so_far.words", { words }) : t("desk.card.so_far.hours");
}

/** What was agreed, to be said once more. @param {Model} model @param {Walk} walk @param {SafetyPlan} plan */
function endView({ t }, walk, plan) {
  const given = walk.steps.filter(({ answer }) => answer !== "skip");
  const open = walk.steps.filter(({ question, answer }) => answer === "skip" && agreedOn(question, plan, t) === null);
  return [
    make("h3", { id: "card-ask", tabindex: "-1", "data-key": "end", text: t("desk.card.agreed") }),
    given.length
      ? make(
          "dl",
          { class: "agreed-list", "data-key": "agreed" },
          given.map(({ question, answer }) =>
            make("div", {}, [
              make("dt", { text: t(`desk.card.short.${question}`) }),
              make("dd", { text: meaning(question, /** @type {"yes" | "no"} */ (answer), t) }),
            ]),
          ),
        )
      : make("p", { class: "soft", "data-key": "none", text: t("desk.card.agreed.none") }),
    make("p", {
      "data-key": "open",
      hidden: !open.length,
      text: open.length ? `${t("desk.card.left_out")} ${open.map(({ question }) => t(`desk.card.short.${question}`)).join(", ")}` : "",
    }),
  ];
}
