// Runs in a page before its own scripts, so that two pages at different times can be compared: the page's clock stands
// still, times read the same, and what moves by itself (pictures, the caret) is not seen. Timers go on.
(standing) => {
  'use strict';
  const Native = window.Date;
  window.Date = class Date extends Native {
    constructor(...args) {
      if (args.length > 0) super(...args);
      else super(standing);
    }

    static now() {
      return standing;
    }
  };
  for (const name of ['toLocaleTimeString', 'toLocaleDateString', 'toLocaleString']) Native.prototype[name] = () => 'then';
  Object.defineProperty(Intl.DateTimeFormat.prototype, 'format', { get: () => () => 'then' });
  Intl.DateTimeFormat.prototype.formatToParts = () => [{ type: 'literal', value: 'then' }];
  const stands = performance.now();
  performance.now = () => stands;

  const sheet = new CSSStyleSheet();
  sheet.replaceSync('video { visibility: hidden !important } * { caret-color: transparent !important }');
  document.adoptedStyleSheets = [sheet];
}
