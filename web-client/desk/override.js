// An administrator lets one way be used with a person though their plan doesn't mark it as safe: what stands in the form, what is
// wrong with it, and how a person is named to somebody who may not see their plan. No page.

/**
 * @typedef {import("../parts/protocol").Override} Override
 * @typedef {import("../parts/protocol").Channel} Channel
 * @typedef {{ number: string, channel: string, minutes: string, why: string }} Typed
 * @typedef {{ says: string, wrong: boolean }} Overriding how it went last
 */

/** What can be let through. Ringing can't: a ringing phone tells whoever is near. @type {Channel[]} */
export const PASSABLE = ["text", "email", "calendar"];
/** For how long, in minutes. */
export const SPANS = [60, 240, 1440];
/** Characters of a reason, as the service has it. */
export const [SHORTEST, LONGEST] = [10, 400];

/** A person's id so that it can be read out. @param {string} id */
export function numberOf(id) {
  return (id.match(/.{1,4}/g) || []).join(" ");
}

/** @param {string} typed @returns {string | null} the id, or null where it is none */
export function personIn(typed) {
  const id = typed.toLowerCase().replace(/[\s-]/g, "");
  return /^[0-9a-f]{32}$/.test(id) ? id : null;
}

/** @param {Typed} typed @returns {{ person: string, body: Override } | { wrong: "number" | "why", key: string }} */
export function checkOverride({ number, channel, minutes, why }) {
  const person = personIn(number);
  if (!person) return { wrong: "number", key: "desk.override.wrong.number" };
  const reason = why.trim();
  const length = Array.from(reason).length;
  if (length < SHORTEST || length > LONGEST) return { wrong: "why", key: "desk.override.wrong.why" };
  return { person, body: { channel: /** @type {Channel} */ (channel), minutes: Number(minutes), reason } };
}
