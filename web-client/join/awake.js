// Keeps the screen from going dark while someone waits or talks: a phone that locks itself looks like one that was lost.

/** @type {WakeLockSentinel | null} */
let lock = null;
let wanted = false;

/** @param {boolean} on */
export function keepAwake(on) {
  wanted = on;
  follow();
}

async function follow() {
  if (!("wakeLock" in navigator)) return;
  if (!wanted) {
    const old = lock;
    lock = null;
    if (old) old.release().catch(() => {});
    return;
  }
  if (lock || document.visibilityState !== "visible") return;
  try {
    const got = await navigator.wakeLock.request("screen");
    lock = got;
    got.onrelease = () => {
      if (lock === got) lock = null;
    };
    if (!wanted) follow();
  } catch (_) {
    // Refused (low battery, settings): the phone goes dark as it always does.
  }
}

// The browser lets go of it whenever the page is hidden.
document.addEventListener("visibilitychange", follow);
