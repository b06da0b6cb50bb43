// A file that the browser keeps where it keeps what was downloaded.

/** Milliseconds that a file is kept for the browser to take. Longer: it lies in memory. Shorter: a slow one finds nothing any more. */
const TAKEN = 60000;

/** @param {Blob} file @param {string} name it stands in a list that others see */
export function give(file, name) {
  const place = URL.createObjectURL(file);
  const link = document.createElement("a");
  Object.assign(link, { href: place, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(place), TAKEN);
}
