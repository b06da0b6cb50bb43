// The bare address: a field for a code, which leaves less in a browser's history than a link does.

import { byId, say } from "../parts/dom.js";
import { progress } from "./door.js";

/** @param {{ t: import("./door.js").Say, goOn: (typed: string) => void }} options */
export function bare({ t, goOn }) {
  const field = byId("typed", HTMLInputElement);
  const go = byId("enter", HTMLButtonElement);
  const trouble = byId("bare-trouble");
  const form = /** @type {HTMLFormElement} */ (field.form);

  form.onsubmit = (event) => {
    event.preventDefault();
    goOn(field.value);
  };

  return {
    /** @param {import("./session.js").Screen} screen */
    draw(screen) {
      const came = screen.trouble && trouble.textContent === t("say.hello.busy");
      go.disabled = screen.busy;
      field.readOnly = screen.busy;
      say(trouble, progress(t, screen));
      if (screen.trouble === "wrong") field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
      // A button that is off loses the focus; where a letter is wrong, the field is the next place to go to.
      if (came) (screen.trouble === "wrong" ? field : go).focus();
    },
    /** What was typed is in nobody's sight any more. */
    forget() {
      field.value = "";
    },
  };
}
