// What the desk may do by itself just now.
//
// While the practitioner's microphone or camera is on, the other side would hear a sound or a screen reader, and could
// see a flash on a face or in glasses. Someone dangerous may sit beside them. So the desk is silent and still then.

/**
 * @typedef {{
 *   microphone: boolean, camera: boolean, headphones: boolean, sounds: boolean,
 * }} Situation
 * `microphone`: it is held by this page, muted or not: one press unmutes it, and what is being read out goes on being read.
 * `headphones`: the practitioner confirmed that they wear some, so that no microphone hears the desk.
 * `sounds`: their setting.
 * @typedef {{ sound: boolean, motion: boolean, announce: boolean }} Allowed
 * `announce`: live regions may speak by themselves.
 */

/**
 * Whether something that happened calls whoever works here. What concerns somebody's safety does, whatever they set.
 * @param {"knock" | "alarm"} what @param {boolean} undisturbed
 */
export const calls = (what, undisturbed) => what === "alarm" || !undisturbed;

/**
 * @param {Situation} situation @returns {Allowed}
 * Headphones keep sounds from a microphone, but nothing from a camera: with the camera on nothing moves by itself.
 */
export function allowed({ microphone, camera, headphones, sounds }) {
  const overheard = (microphone || camera) && !headphones;
  return { sound: sounds && !overheard, motion: !camera && !overheard, announce: !overheard };
}
