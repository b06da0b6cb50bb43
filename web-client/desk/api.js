// The HTTP interface as the desk uses it. Nothing throws: an answer is either what was asked for or a problem with a code.

/**
 * @typedef {{ code: string, title?: string, field?: string, retry_after?: number }} Problem
 * @typedef {{ ok: true, data: any } | { ok: false, problem: Problem }} Reply
 */

/** Milliseconds after which a request counts as lost. Longer: a dead line looks like a slow one. */
const PATIENCE = 15000;

/**
 * @param {"GET" | "POST" | "PUT" | "PATCH" | "DELETE"} method @param {string} path @param {object} [body] @param {boolean} [outlasts] it goes on when the page goes away
 * @returns {Promise<Reply>}
 */
export async function call(method, path, body, outlasts = false) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const response = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      keepalive: outlasts,
      signal: stop.signal,
    });
    // Cut off on its way, an answer says nothing, whatever its status was.
    const data = response.status === 204 ? null : await response.json().catch(() => undefined);
    if (response.ok && data !== undefined) return { ok: true, data };
    if (data && typeof data.code === "string") return { ok: false, problem: data };
    return { ok: false, problem: { code: response.ok ? "no_line" : "other" } };
  } catch (_) {
    return { ok: false, problem: { code: "no_line" } };
  } finally {
    clearTimeout(timer);
  }
}
