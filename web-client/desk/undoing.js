// What is pressed and can still be undone: nothing of it is done before its time is over.

/** Milliseconds in which it can be undone. Longer: others wait, and what should end lives on. Shorter: nobody is as fast. */
const UNDO = 6000;

/**
 * One such deed at a time. It is done when its time is over, and as the page goes away: whoever pressed believes that it was.
 * @param {(leaving: boolean) => void} deed
 */
export function afterUndo(deed) {
  let timer = 0;
  const now = (/** @type {boolean} */ leaving) => {
    clearTimeout(timer);
    deed(leaving);
  };
  window.addEventListener("pagehide", () => now(true));
  return {
    /** What was pressed before is done now: it has been thought about. */
    now: () => now(false),
    begin() {
      timer = window.setTimeout(() => now(false), UNDO);
    },
    undo() {
      clearTimeout(timer);
    },
  };
}
