// Makes what stands on the page equal to what should, and touches nothing else.
//
// The desk changes by itself while a person works at it. Drawing it anew would take the focus from under their hands,
// empty the field they write in and stop the picture. So views build what should stand there, and only differences are
// carried over: an element keeps its focus, its typed value, its scroll and its stream.

/**
 * @param {Element} old stands on the page @param {Element} next what it should be; of the same kind. It is used up.
 */
export function morph(old, next) {
  // Most of a long list stays as it is, and the browser sees that sooner than the rest of this would.
  if (old.isEqualNode(next)) return;
  for (const { name } of Array.from(old.attributes)) {
    // Whether details stand open is the person's to say.
    if (!next.hasAttribute(name) && !(name === "open" && old.nodeName === "DETAILS")) old.removeAttribute(name);
  }
  for (const { name, value } of Array.from(next.attributes)) if (old.getAttribute(name) !== value) old.setAttribute(name, value);

  const wanted = Array.from(next.childNodes);
  const keys = new Set(wanted.map(keyOf).filter((key) => key !== null));
  // What goes away goes first, so that what stays need not be moved: a moved video stops, a moved field loses the focus.
  for (const child of Array.from(old.childNodes)) {
    const key = keyOf(child);
    if (key !== null && !keys.has(key)) old.removeChild(child);
  }
  const known = new Map(Array.from(old.childNodes, (child) => [keyOf(child), child]));
  /** @type {ChildNode | null} */
  let at = old.firstChild;
  for (const child of wanted) {
    const key = keyOf(child);
    const match = key !== null ? known.get(key) || null : at !== null && keyOf(at) === null && at.nodeName === child.nodeName ? at : null;
    if (match && match.nodeName === child.nodeName) {
      if (match === at) at = at.nextSibling;
      else old.insertBefore(match, at);
      if (match instanceof Element) morph(match, /** @type {Element} */ (child));
      else if (match.nodeValue !== child.nodeValue) match.nodeValue = child.nodeValue;
    } else {
      if (match) {
        if (match === at) at = at.nextSibling;
        old.removeChild(match);
      }
      old.insertBefore(child, at);
    }
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    old.removeChild(gone);
  }
}

/** @param {Node} node @returns {string | null} */
function keyOf(node) {
  return node instanceof Element ? node.getAttribute("data-key") : null;
}
