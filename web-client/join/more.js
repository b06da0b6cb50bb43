// "More" on the service user's page: quiet mode, and what the call takes of their data (data.js). Fetched while they wait.
//
// It comes last and small: whoever looks for the way out, for the microphone or for a place to type finds those first.

/** Milliseconds in which a second press on "Quiet" presses nothing else: what stands there then is an answer, or brings the sound back. */
const TWICE = 600;

/**
 * @param {{
 *   t: import("./door.js").Say, page: typeof import("../parts/dom.js"), state: import("./session.js").State,
 *   quiet: import("./quiet.js").Quiet, sealing: import("../parts/sealing.js").Sealing, write: (text: string) => void, opened: () => void,
 * }} options
 * `page`: the page's own, so that they aren't fetched twice; `write`: sends an answer as it sends everything that is typed
 */
export function more({ t, page, state, quiet, sealing, write, opened }) {
  const { byId, make, say, show } = page;
  const bar = byId("bar");
  const field = byId("text");
  let open = false;
  let fresh = false;
  const hint = make("p", { id: "quiet-hint", class: "soft", text: t("say.quiet.hint") });
  const begin = make("button", { type: "button", "aria-describedby": "quiet-hint", text: t("say.quiet.do") });
  const offer = make("div", { id: "quiet" }, [begin, hint]);
  /** To be read out where the practitioner asks for them. */
  const words = make("p");
  const panel = make("div", { id: "data", role: "region", "aria-labelledby": "more", hidden: true }, [offer, words]);
  const button = make("button", { id: "more", type: "button", "aria-expanded": "false", "aria-controls": "data" });
  button.append(make("b", { "aria-hidden": "true", text: "•••" }), make("span", { text: t("say.bar.more") }));
  bar.before(panel);
  bar.append(button);

  /** What is sent is an ordinary text: nobody on the way can tell a tap from it. @param {string} text @param {() => void} [press] */
  const tap = (text, press = () => write(text)) => make("button", { type: "button", text, onclick: () => fresh || press() });
  const taps = make("div", { id: "taps", role: "group", tabindex: "-1", "aria-label": t("say.quiet.answers"), hidden: true }, [
    tap(t("say.quiet.yes")),
    tap(t("say.quiet.no")),
    tap(t("say.quiet.wait")),
    tap(t("say.quiet.type"), () => field.focus()),
  ]);
  byId("write").before(taps);
  // Away from the answers: a finger that slips brings no sound. Beside the words that say that there is none.
  const ends = ["waiting-unseen", "call-says"].map((says) => {
    const end = tap(t("say.quiet.off"), () => quiet.off());
    end.className = "loud";
    byId(says).after(end);
    return end;
  });

  button.onclick = () => setOpen(!open);
  panel.onkeydown = (event) => {
    if (event.key !== "Escape") return;
    setOpen(false);
    button.focus();
  };
  begin.onclick = () => {
    setOpen(false);
    fresh = true;
    setTimeout(() => (fresh = false), TWICE);
    quiet.on();
    // What was pressed has gone: who works by keyboard goes on at the answers, and on none of them.
    taps.focus();
  };

  /** @param {boolean} next */
  function setOpen(next) {
    open = next;
    show(panel, next);
    button.setAttribute("aria-expanded", String(next));
    if (next) opened();
  }

  return {
    panel,
    draw() {
      for (const one of [taps, ...ends]) show(one, state.quiet);
      show(offer, !state.quiet);
      const pair = sealing.state === "sealed" && sealing.checked !== "link" && sealing.words;
      show(words, Boolean(pair));
      say(words, pair ? t("say.sealed.words", { first: pair[0], second: pair[1] }) : "");
    },
    /** Another screen is shown. */
    leave() {
      setOpen(false);
      show(taps, false);
    },
  };
}
