// What a practitioner has set for this browser. Headphones are confirmed anew with each page: the desk can't see them.

/** @typedef {{ sounds: boolean, shortcuts: boolean, headphones: boolean, notify: boolean, calendar_reference: boolean, blur: boolean }} Settings */

const KEPT = ["sounds", "shortcuts", "notify", "calendar_reference", "blur"];

/** @returns {Settings} */
export function readSettings() {
  /** @type {any} */
  const settings = { sounds: true, shortcuts: true, headphones: false, notify: false, calendar_reference: false, blur: false };
  for (const name of KEPT) {
    try {
      const kept = localStorage.getItem(`sidelight.desk.${name}`);
      if (kept !== null) settings[name] = kept === "on";
    } catch (_) {
      // A browser that keeps nothing: as it is at first.
    }
  }
  return settings;
}

/** @param {string} name @param {boolean} on */
export function keepSetting(name, on) {
  if (KEPT.indexOf(name) < 0) return;
  try {
    localStorage.setItem(`sidelight.desk.${name}`, on ? "on" : "off");
  } catch (_) {
    // It holds for this page.
  }
}
