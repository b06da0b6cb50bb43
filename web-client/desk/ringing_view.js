// The quiet notice that the connection to somebody keeps failing, and what there is to do about it.

import { make } from "../parts/dom.js";
import { button } from "./pieces.js";
import { ringingOf } from "./ringing.js";

/** @param {import("./model.js").Model} model @param {import("./model.js").ContactView} view @param {import("../parts/protocol").PersonView} one */
export function ringingView(model, view, one) {
  const { t, clock } = model;
  const says = ringingOf(model, view, one);
  if (says === "none") return make("div", { hidden: true, "data-key": "no-ringing" });
  const { number } = view.details;
  const agreed = says === "not_agreed" ? t("desk.ring.not_agreed") : number ? t("desk.ring.number", { number }) : t("desk.ring.agreed");
  const rung = one.rung !== null && says === "agreed" ? t("desk.ring.rung", { time: clock.time(one.rung) }) : "";
  return make("div", { class: "ringing", "data-key": "ringing" }, [
    make("div", {}, [
      make("p", { text: t("desk.ring.failing") }),
      make("p", { text: [agreed, rung].filter(Boolean).join(" ") }),
    ]),
    ...(says === "agreed"
      ? [button(model, "ring", t("desk.ring.do"), { sign: "voice", data: { contact: view.id, person: one.id } })]
      : says === "ringing"
        ? [make("p", { class: "hint", text: t("desk.ring.told") })]
        : []),
  ]);
}
