// What the service's messages say: whose name they come from, what goes before a link, what holds none.

import { MOST, places } from "../desk/gsm7.js";
import { field } from "../desk/pieces.js";
import { make } from "../parts/dom.js";

/** @typedef {import("../parts/protocol").WordingsNow} WordingsNow */

const TEXTS = ["text-0", "text-1", "text-2", "text-3", "text-4"];
/** Those that hold no link. */
const ALONE = ["reminder", "off"];
const OTHERS = ["sender", "subject", "reason"].concat(ALONE);

/** The field on the page that the service means. @param {string} named @param {string[]} written the texts that were sent */
export function fieldOf(named, written) {
  if (OTHERS.indexOf(named) >= 0) return named;
  const [, at] = /^text_(\d)$/.exec(named) || [];
  return at ? written[Number(at)] || "" : named === "texts" ? TEXTS[0] : "";
}

/** @param {import("./sections.js").Page} page */
export function open(page) {
  const { t } = page;
  /** @type {WordingsNow | null} */
  let now = null;
  let [problem, wrong, busy] = ["", "", false];

  const load = async () => {
    const reply = await page.call("GET", "/api/wordings");
    if (reply.ok) now = reply.data;
    problem = reply.ok ? "" : page.problemSays(reply.problem);
    draw();
  };

  const draw = () => {
    const said = make("p", { class: "mistake", role: "alert", "data-key": "problem", hidden: !problem || Boolean(wrong), text: problem });
    page.draw([said, ...(now ? [formView(now)] : [])]);
    count();
  };

  /** @param {WordingsNow} set */
  const formView = ({ wordings, prefix }) => {
    /** @param {string} name @param {string} value @param {string} [hint] @param {string} [label] */
    const one = (name, value, hint = "", label = t(`admin.messages.${name}`)) =>
      field({ t, name, label, hint, value, wrong: wrong === name ? { key: "", text: problem } : undefined, attributes: { maxlength: "120" } });
    const count = (/** @type {string} */ name) => make("p", { class: "hint", id: `count-${name}`, role: "status", "data-key": `count-${name}` });
    return make("form", { novalidate: true, autocomplete: "off", "data-key": "form" }, [
      one("sender", wordings.sender, t("admin.messages.sender.hint")),
      one("subject", wordings.subject),
      ...(prefix ? [make("p", { class: "hint", "data-key": "prefix", text: t("admin.messages.prefix", { prefix }) })] : []),
      ...TEXTS.map((name, at) =>
        make("div", { "data-key": name }, [one(name, wordings.texts[at] || "", at ? "" : t("admin.messages.text.hint"), t("admin.messages.text", { number: at + 1 })), count(name)]),
      ),
      make("div", { "data-key": "reminder" }, [one("reminder", wordings.reminder, t("admin.messages.reminder.hint")), count("reminder")]),
      make("div", { "data-key": "off" }, [one("off", wordings.off, t("admin.messages.reminder.hint")), count("off")]),
      one("reason", "", t("admin.messages.reason.hint")),
      make("button", { type: "submit", class: "main", disabled: busy, "data-key": "save" }, [make("span", { text: t(busy ? "admin.messages.saving" : "admin.messages.save") })]),
    ]);
  };

  const value = (/** @type {string} */ name) => {
    const input = page.place.querySelector(`#field-${name}`);
    return input ? /** @type {HTMLInputElement} */ (input).value.trim() : "";
  };

  /** How much room each text has left, as it is typed. */
  const count = () => {
    if (!now) return;
    for (const name of TEXTS.concat(ALONE)) {
      const place = page.place.querySelector(`#count-${name}`);
      const counted = places(value(name));
      const room = ALONE.indexOf(name) >= 0 ? MOST - lengthOf(now.prefix) : now.room;
      const says = "wrong" in counted ? t("admin.messages.letter", { letter: counted.wrong }) : t("admin.messages.count", { places: counted.places, room });
      if (place && place.textContent !== says) place.textContent = value(name) ? says : "";
    }
  };

  page.place.addEventListener("input", count);
  page.place.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy || !now) return;
    busy = true;
    // Those that stand empty aren't sent, so the first that is sent may be another field's.
    const written = TEXTS.filter(value);
    const wordings = { sender: value("sender"), subject: value("subject"), texts: written.map(value), reminder: value("reminder"), off: value("off") };
    const reply = await page.call("PUT", "/api/wordings", { wordings, reason: value("reason") });
    busy = false;
    wrong = reply.ok ? "" : fieldOf(reply.problem.field || "", written);
    problem = reply.ok ? "" : page.problemSays(reply.problem);
    if (reply.ok) {
      page.say(t("admin.messages.saved"));
      const reason = page.place.querySelector("#field-reason");
      if (reason) /** @type {HTMLInputElement} */ (reason).value = "";
      return load();
    }
    draw();
    const at = page.place.querySelector(`#field-${wrong || "sender"}`);
    if (at) /** @type {HTMLElement} */ (at).focus();
  });
  void load();
}

/** @param {string} text */
const lengthOf = (text) => {
  const counted = places(text);
  return "wrong" in counted ? MOST : counted.places;
};
