// One WebSocket to the service that comes back by itself.
//
// A phone loses its network, sleeps, changes from Wi-Fi to mobile data: none of it should need a press.
// The service sends a `beat` every 4 seconds and each is answered; silence means that the line is gone,
// long before the browser itself would notice.

/** Milliseconds of silence after which the line is taken for lost. Shorter: a slow network looks lost. */
const SILENCE = 12000;
/** Milliseconds a connection may take to open and answer the hello. */
const OPENING = 15000;
/**
 * Milliseconds from one try to the next; the last one repeats. Each is spread by half, so that phones don't come back all
 * at once. Close together at first: a service that restarts is back within seconds, and a call must be, 5 seconds later. Then, for
 * the two minutes in which a place in the conversation is kept and a while longer, a network that returns isn't missed for more than 3
 * seconds.
 */
const WAITS = [200, 400, 800].concat(Array(7).fill(1200), Array(125).fill(2000), [4000, 8000]);
/** Milliseconds that a try may have been on its way before a sign of a new network makes another worth while. */
const HANGING = 1000;
/**
 * Milliseconds after which a try without an answer gets another beside it, and how many there are at most. What went into a dead
 * network is repeated by the system after 1, 2, 4 and 8 seconds: by itself it would be late. Shorter, or fewer: a slow network's
 * own try is taken away from it.
 */
const [HANGS, AT_ONCE] = [2500, 4];

/** Reasons after which coming back makes no sense: the page says what is true instead. */
const FINAL = ["over", "other_tab", "no_session", "reload", "misbehaved"];

/**
 * @typedef {"connecting" | "open" | "lost" | "over"} SocketState
 * @typedef {{ send(message: object): boolean, close(): void, retryNow(anew?: boolean): void, state(): SocketState }} Socket
 */

/** @param {string} path */
function addressOf(path) {
  const scheme = typeof location !== "undefined" && location.protocol === "https:" ? "wss:" : "ws:";
  const host = typeof location !== "undefined" ? location.host : "localhost";
  return `${scheme}//${host}${path}`;
}

/**
 * Opens a connection before it is known whether it is needed: its round trips pass while something else is waited for.
 * Nothing is said on it. @param {string} path @returns {WebSocket | null}
 */
export function dial(path) {
  try {
    return new WebSocket(addressOf(path));
  } catch (_) {
    return null; // Then there will be another try.
  }
}

/** It wasn't needed. @param {WebSocket | null} dialled */
export function hangUp(dialled) {
  if (!dialled) return;
  // Closed while it opens, it would be told as an error.
  if (dialled.readyState === 0) dialled.onopen = () => dialled.close();
  else dialled.close();
}

/**
 * @param {{
 *   path: string,
 *   dialled?: WebSocket | null,
 *   hello: () => object,
 *   onMessage: (message: any) => void,
 *   onState: (state: SocketState, reason?: string) => void,
 *   make?: (url: string) => WebSocket,
 *   random?: () => number,
 *   now?: () => number,
 * }} options
 * `dialled`: the first connection, opened ahead.
 * `hello` is asked for anew at each connection, since the session may have been renewed.
 * `onState("lost", reason)`: with the reason of `bye` where the service gave one ("back_in_a_moment").
 * `onState("over", reason)` is the last call: `reason` is a reason of `bye`, or "closed" after `close()`.
 * @returns {Socket}
 */
export function openSocket({ path, dialled = null, hello, onMessage, onState, make = (url) => new WebSocket(url), random = Math.random, now = Date.now }) {
  /** @type {WebSocket | null} */
  let socket = null;
  let ahead = dialled;
  /** @type {SocketState} */
  let state = "connecting";
  let welcomed = false;
  let tries = 0;
  /** Tries that haven't opened, the oldest first. @type {WebSocket[]} */
  let dials = [];
  /** When the last try began. */
  let began = 0;
  /** @type {string | null} */
  let bye = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let retry;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let watch;

  /** @param {SocketState} next @param {string} [reason] */
  function become(next, reason) {
    if (state === "over") return;
    const changed = next !== state;
    state = next;
    if (changed) onState(next, reason);
  }

  /** @param {number} patience */
  function expectSomething(patience) {
    clearTimeout(watch);
    watch = setTimeout(drop, patience);
  }

  /** Gives the present connection up without waiting for its close handshake, which a dead network never ends. */
  function drop() {
    clearTimeout(watch);
    if (socket) abandon(socket);
    dials.splice(0).forEach(abandon);
    socket = null;
    welcomed = false;
    if (state === "over") return;
    if (bye !== null && FINAL.indexOf(bye) >= 0) {
      become("over", bye);
      return;
    }
    become("lost", bye || undefined);
    tryLater();
  }

  /** @param {WebSocket} line */
  function abandon(line) {
    line.onopen = line.onmessage = line.onclose = line.onerror = null;
    try {
      line.close();
    } catch (_) {
      // It never opened.
    }
  }

  function tryLater() {
    const wait = WAITS[Math.min(tries, WAITS.length - 1)];
    tries += 1;
    clearTimeout(retry);
    retry = setTimeout(connect, wait * (0.5 + random()));
  }

  function connect() {
    clearTimeout(retry);
    if (state === "over" || socket) return;
    const age = Math.abs(now() - began);
    if (dials.length && age < HANGS) {
      retry = setTimeout(connect, HANGS - age);
      return;
    }
    bye = null;
    // One that was opened ahead may be gone again: the service waits for its hello only so long.
    let next = ahead && ahead.readyState <= 1 ? ahead : null;
    ahead = null;
    try {
      next = next || make(addressOf(path));
    } catch (_) {
      drop();
      return;
    }
    const line = next;
    dials.push(next);
    if (dials.length > AT_ONCE) abandon(/** @type {WebSocket} */ (dials.shift()));
    began = now();
    if (state === "lost") tryLater();
    else expectSomething(OPENING);
    // The first that opens is the line. Nothing was said on the others, so nobody takes them for another tab.
    const opened = () => {
      clearTimeout(retry);
      dials.filter((one) => one !== line).forEach(abandon);
      dials = [];
      socket = line;
      line.onclose = drop;
      expectSomething(OPENING);
      line.send(JSON.stringify(hello()));
    };
    next.onopen = opened;
    next.onclose = () => {
      dials = dials.filter((one) => one !== line);
      if (state !== "lost") drop();
    };
    next.onmessage = (event) => {
      expectSomething(SILENCE);
      let message;
      try {
        message = JSON.parse(event.data);
      } catch (_) {
        return; // Not of this version: ignored, as unknown messages are.
      }
      if (!message || typeof message.type !== "string") return;
      if (message.type === "beat") {
        line.send('{"type":"beat"}');
        return;
      }
      if (message.type === "bye") {
        bye = String(message.reason);
        drop();
        return;
      }
      if (message.type === "welcome") {
        welcomed = true;
        tries = 0;
        become("open");
      }
      onMessage(message);
    };
    if (next.readyState === 1) opened();
  }

  connect();
  return {
    /** @param {object} message @returns {boolean} whether it was handed to an open connection; not whether it arrived. */
    send(message) {
      if (!socket || !welcomed || socket.readyState !== 1) return false;
      socket.send(JSON.stringify(message));
      return true;
    },
    close() {
      become("over", "closed");
      clearTimeout(retry);
      drop();
    },
    /**
     * Comes back at once instead of after the wait: for a network that returned or a phone that woke. On another network (`anew`) a
     * line that seems to stand has nowhere to go any more, and its silence would be noticed too late.
     */
    retryNow(anew = false) {
      if (state !== "lost" && !(anew && state === "open")) return;
      // One that was begun on the old network may hang for long.
      if (state === "open" || now() - began > HANGING) drop();
      tries = 0;
      if (!dials.length) connect();
    },
    state: () => state,
  };
}
