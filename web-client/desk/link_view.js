// The way in: a link, or a code to be typed where that was agreed. Made in this page, kept in its memory alone.

import { make } from "../parts/dom.js";
import { askedOnce, button } from "./pieces.js";
import { isKnown, isTyped } from "./sharing.js";
import { sendingView } from "./sending_view.js";
import { sharingView } from "./sharing_view.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./model.js").ContactView} ContactView */

/** @param {Model} model @param {ContactView} view */
export function linkView(model, view) {
  const { t } = model;
  const link = model.links[view.id];
  const data = { contact: view.id };
  const asking = model.asking && model.asking.contact === view.id ? model.asking.what : "";
  const busy = model.linkBusy === view.id;
  const known = isKnown(view);
  const typed = link ? isTyped(link) : view.details.by_code;
  /** @param {string} key */
  const own = (key) => (typed ? t(`desk.code${key}`) : t(`desk.link${key}`));
  /** @type {Node[]} */
  const inside = [make("h3", { text: own("") })];
  if (busy) inside.push(make("p", { class: "soft", text: own(".making") }));
  else if (link) {
    inside.push(
      make("div", { class: "with", "data-key": "link" }, [
        make("input", {
          type: "text",
          id: "link",
          class: "link",
          readonly: true,
          value: link,
          "aria-label": own(".label"),
          spellcheck: "false",
        }),
        button(model, "copy-link", model.copied === view.id ? own(".copied") : own(".copy"), {
          main: model.copied !== view.id,
          data,
        }),
      ]),
      ...(typed ? [make("p", { class: "hint", text: t("desk.code.hint", { place: location.host }) })] : []),
      ...sharingView(model, view, link),
      make("p", { class: "hint", text: known ? `${t("desk.link.known")} ${t("desk.link.not_again")}` : own(".here_only") }),
    );
  } else inside.push(make("p", { class: "soft", text: own(view.link ? ".elsewhere" : ".none") }));
  if (!busy && !link && known) inside.push(make("p", { class: "hint", text: t("desk.link.known") }));

  inside.push(...sendingView(model, view, link));

  if (asking === "new-link") {
    inside.push(
      askedOnce(model, {
        key: "ask-new",
        question: own(".new.ask"),
        yes: button(model, "make-link", own(".new.yes"), { data, main: true }),
        no: own(".new.no"),
      }),
    );
  } else if (asking === "revoke") {
    inside.push(
      askedOnce(model, {
        key: "ask-revoke",
        question: own(".revoke.ask"),
        yes: button(model, "revoke-now", own(".revoke.yes"), { data, main: true }),
        no: own(".revoke.no"),
      }),
    );
  } else if (!busy) {
    inside.push(
      make("div", { class: "row", "data-key": "link-row" }, [
        view.link
          ? button(model, "new-link", own(".new"), { data, small: true })
          : button(model, "make-link", own(".make"), { data, main: true }),
        ...(view.link ? [button(model, "revoke", own(".revoke"), { data, small: true })] : []),
      ]),
    );
  }
  return make("div", { class: "panel link-panel", "data-key": "link-panel" }, inside);
}
