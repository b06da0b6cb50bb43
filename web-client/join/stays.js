// What a phone or a computer keeps of this page by itself, as far as that is true of the browser it is read in. Whoever tells
// a person less than that leads them to rely on the page for what it can't do; so where it isn't known, more is said.

/**
 * @typedef {(key: string) => string} Say
 * @typedef {import("./browser.js").Browser} Browser
 */

/** Which words on the list of seen pages fit. Other browsers on an iPhone keep a list of their own. @param {Browser} browser @param {string} agent */
function listOf({ allow }, agent) {
  if (allow === "mac_safari") return "safari";
  if (allow === "ios") return isSafari(agent) ? "safari" : "other";
  return allow;
}

/** Which words fit on what "Allow" leaves behind. @param {Browser} browser @param {string} agent */
function allowedBy({ allow }, agent) {
  if (allow === "android_firefox" || allow === "firefox") return "firefox";
  if (allow === "mac_safari" || (allow === "ios" && isSafari(agent))) return "safari";
  return allow === "ios" || allow === "other" ? "other" : "chrome";
}

/** Of the browsers on an iPhone, Safari alone names its version and nothing else. @param {string} agent */
function isSafari(agent) {
  return /Version\//.test(agent) && !/CriOS|FxiOS|EdgiOS|OPiOS|OPT\/|DuckDuckGo|Ddg\/|GSA\//.test(agent);
}

/** The words for this browser, in the order in which they are of use. @param {Browser} browser @param {string} agent @returns {string[]} keys */
export function keysFor(browser, agent) {
  const hand = browser.system !== "other";
  return [
    "about.message",
    `about.history.${listOf(browser, agent)}`,
    "about.link",
    `about.allowed.${allowedBy(browser, agent)}`,
    `about.sign.${browser.system}`,
    // A computer shows its open windows too, but not those that are closed; and its keyboard learns nothing.
    ...(hand ? ["about.apps", "about.keyboard"] : []),
    "about.bill",
    "about.network",
  ];
}

/** @param {{ t: Say, page: typeof import("../parts/dom.js"), keys: string[], back: () => void }} options @returns {HTMLElement[]} */
export function stays({ t, page, keys, back }) {
  return [
    page.make("h2", { text: t("about.title") }),
    ...keys.map((key) => page.make("p", { text: t(key) })),
    page.make("button", { type: "button", text: t("about.back"), onclick: back }),
  ];
}
