// Two words that two people read to each other: whoever stands between their pages can't make them the same.
// Of short, everyday things that sound unlike each other; harmless, whoever listens. 24 bits, by RFC 6189's thought.

const FIRST = (
  "apple bread corn cherry lemon onion pepper sugar salt honey butter coffee river island desert meadow forest garden winter summer " +
  "thunder cloud rain snow moon star sun wind copper silver gold iron stone clay sand glass paper cotton velvet leather wooden linen " +
  "orange purple yellow green blue red white grey north south east west early little happy quiet gentle quick round square tall tiny"
).split(" ");
const SECOND = (
  "bird horse rabbit tiger spider turtle dolphin monkey donkey camel eagle lion goat duck bear wolf table chair window ladder bucket " +
  "kettle blanket basket button candle mirror pillow pencil hammer needle wheel bridge tower castle village market harbour station " +
  "engine tractor bicycle balloon rocket anchor compass trumpet guitar drum violin jacket boot glove hat ribbon pocket ticket stamp " +
  "letter picture puzzle marble domino whistle"
).split(" ");

/** @param {Uint8Array} bytes three of them @returns {[string, string]} */
export function pairOf(bytes) {
  const bits = (bytes[0] << 16) | (bytes[1] << 8) | bytes[2];
  const word = (/** @type {number} */ twelve) => `${FIRST[(twelve >> 6) & 63]}-${SECOND[twelve & 63]}`;
  return [word(bits >> 12), word(bits)];
}

export const LISTS = [FIRST, SECOND];
