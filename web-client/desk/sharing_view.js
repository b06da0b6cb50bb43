// More ways to give the link, under the link itself: share sheet, text message, QR code.

import { make } from "../parts/dom.js";
import { shape } from "./icons.js";
import { askedOnce, button } from "./pieces.js";
import { sendButton } from "./sending_view.js";
import { isTyped, messageAddress, offered, wordingFor, wordsWith } from "./sharing.js";

/** In the place of the picture until it is there, and as large: nothing moves when it comes. */
const BLANK = { size: 41, path: "" };

/** @type {Record<import("./sharing.js").Way, string>} */
const WORDS = { share: "desk.share", "text-link": "desk.text_link", "show-qr": "desk.qr", "hide-qr": "desk.qr.hide" };

/** @param {import("./model.js").Model} model @param {import("./model.js").ContactView} view @param {string} link @returns {Node[]} */
export function sharingView(model, view, link) {
  const { t, asking } = model;
  const data = { contact: view.id };
  const asked = asking && asking.contact === view.id ? asking.what : "";
  if (asked === "text-link") {
    const words = wordsWith(t, link, { place: location.host, wording: wordingFor(model, view) });
    const yes = make("a", { class: "button main", href: messageAddress(words), "data-do": "open-messages" }, [
      make("span", { text: t("desk.text_link.yes") }),
    ]);
    return [askedOnce(model, { key: "ask-text", question: t("desk.text_link.ask"), yes, no: t("desk.text_link.no") })];
  }
  if (asked === "show-qr") {
    const yes = button(model, "draw-qr", t("desk.qr.yes"), { data, main: true });
    return [askedOnce(model, { key: "ask-qr", question: t("desk.qr.ask"), yes, no: t("desk.qr.no") })];
  }
  const qr = model.qr && model.qr.contact === view.id ? model.qr : null;
  const ways = offered(model.browser, Boolean(qr), isTyped(link)).map((way) => button(model, way, t(WORDS[way]), { data }));
  return [make("div", { class: "row ways", "data-key": "ways" }, [...sendButton(model, view), ...ways]), ...(qr ? [qrView(t, qr.picture)] : [])];
}

/** @param {import("./sharing.js").T} t @param {import("./sharing.js").Picture | null} picture none while it is being drawn */
function qrView(t, picture) {
  return make("div", { class: "qr", "data-key": "qr" }, [
    drawn(picture || BLANK, picture ? t("desk.qr.picture") : ""),
    make("p", { class: "hint", text: t(picture ? "desk.qr.hint" : "desk.qr.drawing") }),
  ]);
}

/**
 * Black on white whatever the page's colours are, and by attributes: a style sheet, a high contrast or a printer that leaves
 * backgrounds out must not make it unreadable.
 * @param {import("./sharing.js").Picture} picture @param {string} name none: nothing to be seen yet
 */
export function drawn({ size, path }, name) {
  /** @type {Record<string, string>} */
  const named = name ? { role: "img", "aria-label": name } : { "aria-hidden": "true" };
  const whole = { viewBox: `0 0 ${size} ${size}`, focusable: "false", "shape-rendering": "crispEdges" };
  const svg = shape("svg", Object.assign(whole, named));
  svg.append(
    shape("rect", { width: `${size}`, height: `${size}`, fill: "#fff", stroke: "none" }),
    shape("path", { d: path, fill: "#000", stroke: "none" }),
  );
  return svg;
}
