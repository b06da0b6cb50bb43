// Which browser this is, for one purpose: to say what to press there. Nothing else depends on it, and a wrong guess
// costs a sentence that doesn't fit.

/**
 * @typedef {{ system: "ios" | "android" | "other", allow: string }} Browser
 * `allow` names the words that tell how to allow camera and microphone
 */

/** @param {string} agent @param {number} [touchPoints] tells an iPad, which calls itself a Mac @returns {Browser} */
export function browserOf(agent, touchPoints = 0) {
  const has = (/** @type {string} */ word) => agent.indexOf(word) >= 0;
  if (has("iPhone") || has("iPad") || (has("Macintosh") && touchPoints > 1)) return { system: "ios", allow: "ios" };
  if (has("Android")) {
    const allow = has("SamsungBrowser") ? "android_samsung" : has("Firefox") ? "android_firefox" : has("Chrome") ? "android_chrome" : "other";
    return { system: "android", allow };
  }
  const allow = has("Firefox") ? "firefox" : has("Chrome") || has("Edg") ? "chrome" : has("Safari") ? "mac_safari" : "other";
  return { system: "other", allow };
}
