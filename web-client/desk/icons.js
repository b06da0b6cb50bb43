// The few signs on the desk's buttons. Each stands beside its word, never in place of it.

const SVG = "http://www.w3.org/2000/svg";

/** Lines on a field of 24 by 24. @type {Record<string, string>} */
const PATHS = {
  microphone: "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM6 11a6 6 0 0 0 12 0M12 17v4M8.5 21h7",
  microphone_off:
    "M9 9v2a3 3 0 0 0 4.5 2.6M15 11V6a3 3 0 0 0-5.9-.8M6 11a6 6 0 0 0 9.6 4.8M18 11a6 6 0 0 1-.6 2.6M12 17v4M8.5 21h7M4 3l16 18",
  camera: "M3 7h12v10H3zM15 11l6-3.5v9L15 13",
  camera_off: "M9 7h6v6M15 11l6-3.5v9L17 14.200M14 17H3V7h2M4 3l16 18",
  voice: "M5 3h4l2 5-2.500 1.500a11 11 0 0 0 6 6L16 13l5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 5a2 2 0 0 1 2-2z",
  back: "M9 6l-6 6 6 6M3 12h12a5 5 0 0 1 5 5v2",
  end: "M6 6l12 12M18 6L6 18",
  check: "M4 13l5 5L20 6",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21a8 8 0 0 1 16 0",
  plus: "M12 5v14M5 12h14",
};

/** @param {string} name @returns {SVGElement} */
export function icon(name) {
  const svg = shape("svg", { viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" });
  svg.append(shape("path", { d: PATHS[name] || "" }));
  return svg;
}

/** One element of a drawing. @param {string} name @param {Record<string, string>} attributes @returns {SVGElement} */
export function shape(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
