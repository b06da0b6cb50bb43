// The room behind the practitioner, blurred by their own machine, where the browser offers it.

/** It can be had and be left: where the system decides alone, there is nothing to switch. @param {MediaStreamTrack | null} track */
export function blurs(track) {
  const able = track && track.getCapabilities ? /** @type {any} */ (track.getCapabilities()).backgroundBlur : undefined;
  return Array.isArray(able) && able.indexOf(true) >= 0 && able.indexOf(false) >= 0;
}

/**
 * Until it is blurred the camera gives black: a room that was shown for a moment has been shown. Where it fails, the picture comes as it is.
 * @param {MediaStreamTrack | null} track @param {boolean} on
 */
export async function blur(track, on) {
  if (!track || !blurs(track) || /** @type {any} */ (track.getSettings()).backgroundBlur === on) return;
  if (on) track.enabled = false;
  try {
    // What was asked for before is kept: a browser forgets what isn't named again.
    await track.applyConstraints(Object.assign({}, track.getConstraints(), { backgroundBlur: on }));
  } catch (_) {
    // It is said beside the switch that it depends on the machine.
  }
  if (on) track.enabled = true;
}
