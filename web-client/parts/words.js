// Words for scripts: looked up by key in the catalogue that the service put into the page.

/**
 * @param {Record<string, string>} catalogue
 * @param {string} [language]
 * @returns {(key: string, vars?: Record<string, string | number>) => string}
 * `{name}` in a text is replaced by `vars.name`. With `vars.count`, `key.one`, `key.other` (and the like) are tried first.
 * An unknown key comes back as it is: ugly, but it never stops a call.
 */
export function words(catalogue, language = "en") {
  const plural = new Intl.PluralRules(language);
  return (key, vars = {}) => {
    let text = catalogue[key];
    if (typeof vars.count === "number") {
      const form = catalogue[`${key}.${plural.select(vars.count)}`] || catalogue[`${key}.other`];
      if (form !== undefined) text = form;
    }
    if (text === undefined) return key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => (name in vars ? String(vars[name]) : whole));
  };
}

/** The catalogue in the page's data block. @param {Document} page @returns {(key: string, vars?: Record<string, string | number>) => string} */
export function wordsOf(page) {
  const block = page.getElementById("words");
  return words(JSON.parse((block && block.textContent) || "{}"), page.documentElement.lang || "en");
}
