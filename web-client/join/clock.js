// Times as this phone's owner writes them.

/** A time of day. @param {number} seconds */
export function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
}

/** A day, with its name, since that is what people go by. @param {number} seconds */
export function day(seconds) {
  return new Date(seconds * 1000).toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" });
}

/** @param {number} seconds @param {number} [now] milliseconds */
export function isToday(seconds, now = Date.now()) {
  return new Date(seconds * 1000).toDateString() === new Date(now).toDateString();
}
