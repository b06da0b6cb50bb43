// A level meter: the bar follows the microphone, so that a person sees that they can be heard.

/** Often enough to look alive; more often would only cost an old phone its battery. */
const EVERY = 80;

/** What is left of the bar at the next look. More, and it would seem stuck; less, and it would flicker. */
const FALLING = 0.8;

/** Above this a sound was meant for us: speech at arm's length. Lower, and a fan would count as "it works". */
const HEARD = 0.08;

/**
 * Moves the bar until the returned function is called.
 * @param {HTMLElement} meter an element of class `level`; its `<i>` is the bar
 * @param {() => number} read the level now, 0 to 1
 * @param {() => void} [onHeard] called once, at the first clear sound
 * @returns {() => void} stops it and empties the bar
 */
export function followLevel(meter, read, onHeard = () => {}) {
  const bar = /** @type {HTMLElement} */ (meter.firstElementChild);
  let heard = false;
  let shown = -1;
  let held = 0;
  const show = (/** @type {number} */ level) => {
    const next = Math.round(Math.min(1, Math.max(0, level)) * 50) / 50;
    if (next === shown) return;
    shown = next;
    bar.style.transform = `scaleX(${next})`;
  };
  const timer = setInterval(() => {
    const level = read();
    // Falls slowly, so that an eye can follow it from word to word.
    held = Math.max(level, held * FALLING);
    show(held);
    if (!heard && level > HEARD) {
      heard = true;
      onHeard();
    }
  }, EVERY);
  return () => {
    clearInterval(timer);
    show(0);
  };
}
