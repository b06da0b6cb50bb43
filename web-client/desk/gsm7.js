// How long a text message is, by the service's own rule (signaling/room/src/gsm7.rs): both are held to tests/js/vectors/gsm7.json.

/** What one message holds. */
export const MOST = 160;

const BASIC =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/** Two places each: they come behind an escape. */
const EXTENDED = "^{}\\[~]|€\f";

/** The places a text takes, or the first letter that there isn't. @param {string} text @returns {{ places: number } | { wrong: string }} */
export function places(text) {
  let places = 0;
  for (const letter of text) {
    if (BASIC.indexOf(letter) >= 0) places += 1;
    else if (EXTENDED.indexOf(letter) >= 0) places += 2;
    else return { wrong: letter };
  }
  return { places };
}
