// "About this page": the small print on the first screen. What a phone keeps of a page by itself is told in full there, and
// fetched only when somebody asks for it: few do, and everyone else pays for the bytes.
//
// It opens and closes within the page. A page of its own would stand in the history, by a name that says what was read.

import * as page from "../parts/dom.js";
import { words } from "../parts/words.js";
import { browserOf } from "./browser.js";

export function about() {
  const small = page.byId("about", HTMLDetailsElement);
  let asked = false;
  small.addEventListener("toggle", async () => {
    if (!small.open || asked) return;
    asked = true;
    try {
      const [code, answer] = await Promise.all([import("./stays.js"), fetch(small.dataset.words || "")]);
      if (!answer.ok) throw new Error();
      const browser = browserOf(navigator.userAgent, navigator.maxTouchPoints);
      const t = words(await answer.json(), document.documentElement.lang);
      small.append(...code.stays({ t, page, keys: code.keysFor(browser, navigator.userAgent), back }));
    } catch (_) {
      // What stands there already says the most of it. Opened again, it is tried again.
      asked = false;
    }
  });

  function back() {
    small.open = false;
    /** @type {HTMLElement} */ (small.querySelector("summary")).focus();
  }
}
