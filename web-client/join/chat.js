// What was typed, by both sides, and the field to type in.

import { byId, make, say, show } from "../parts/dom.js";

/**
 * @typedef {import("../parts/texts.js").Text} Text
 * @typedef {import("./door.js").Say} Say
 */

/** @param {{ t: Say, send: (body: string) => boolean }} options `send` says whether it was taken */
export function chat({ t, send }) {
  const list = byId("texts");
  const form = byId("write", HTMLFormElement);
  const field = byId("text", HTMLTextAreaElement);
  const sign = byId("sealed");
  /** @type {Map<string, HTMLElement>} */
  const shown = new Map();

  // Newer browsers finish one's sentences, some of them far away: not these.
  field.setAttribute("writingsuggestions", "false");

  const fit = () => {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
  };
  field.oninput = fit;
  field.onkeydown = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    submit();
    field.focus();
  };

  function submit() {
    if (!send(field.value)) return;
    field.value = "";
    fit();
  }

  return {
    /** @param {Text[]} texts @param {string | null} who @param {string | null} sealed what is true of who can read it @param {boolean} gone there may have been others before */
    draw(texts, who, sealed, gone) {
      show(byId("gone"), gone);
      say(sign, sealed ? t(`say.sealed.${sealed}`) : "");
      const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
      for (const [id, item] of shown) {
        if (texts.some((text) => text.id === id)) continue;
        item.remove();
        shown.delete(id);
      }
      let grew = false;
      for (const text of texts) {
        let item = shown.get(text.id);
        if (!item) {
          const from = text.mine ? t("say.text.you") : who || t("say.text.they");
          item = make("div", { class: text.mine ? "mine" : undefined }, [
            make("small", { class: text.mine ? "unseen" : undefined, text: from }),
            make("span", { text: text.body }),
            make("small"),
          ]);
          shown.set(text.id, item);
          list.append(item);
          grew = true;
        }
        if (text.mine) say(/** @type {Element} */ (item.lastElementChild), t(`say.text.${text.state}`));
      }
      if (grew && atEnd) list.scrollTop = list.scrollHeight;
    },
    /** Nothing typed stays in the page. */
    clear() {
      list.textContent = "";
      shown.clear();
      field.value = "";
    },
    focus: () => field.focus(),
    toEnd: () => {
      list.scrollTop = list.scrollHeight;
    },
  };
}
