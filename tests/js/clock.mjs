// A clock that stands still until a test moves it. Node brings one too, but its interface changed between the version that
// Debian 12 has (18) and the next, and the tests are to run on both.

let now = 0;
let last = 0;
/** Timers that are set, by their number. @type {Map<number, { at: number, then: () => void }>} */
const timers = new Map();

/** From here on `setTimeout`, `clearTimeout` and `Date.now` go by this clock. It shows 0, and nothing is set. */
export function stopTime() {
  now = 0;
  timers.clear();
  globalThis.setTimeout = (then, wait = 0) => {
    last += 1;
    timers.set(last, { at: now + wait, then });
    return last;
  };
  globalThis.clearTimeout = (timer) => {
    timers.delete(timer);
  };
  Date.now = () => now;
}

/** Lets so many milliseconds pass; whatever is due meanwhile happens at its time, in order. @param {number} milliseconds */
export function pass(milliseconds) {
  const until = now + milliseconds;
  for (;;) {
    const due = [...timers].filter(([, { at }]) => at <= until).sort(([, one], [, other]) => one.at - other.at)[0];
    if (!due) break;
    const [timer, { at, then }] = due;
    timers.delete(timer);
    now = Math.max(now, at);
    then();
  }
  now = until;
}
