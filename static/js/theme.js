/* The colour scheme that a reader chose: kept in the browser, set before the first paint. */
'use strict';
(() => {
  const KEY = 'toolcard-scheme',
    SCHEMES = ['system', 'light', 'dark'],
    root = document.documentElement;
  /* A browser may store nothing; then a choice lasts as long as the page. */
  const kept = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };
  const keep = scheme => {
    try {
      localStorage.setItem(KEY, scheme);
    } catch {
      /* as said */
    }
  };
  const dark = matchMedia('(prefers-color-scheme: dark)');
  /* What the browser paints around the page. */
  const around = document.head.appendChild(document.createElement('meta'));
  around.name = 'theme-color';
  const show = scheme => {
    root.dataset.scheme = SCHEMES.includes(scheme) ? scheme : SCHEMES[0];
    const night = root.dataset.scheme === 'dark' || (root.dataset.scheme === 'system' && dark.matches);
    /* The colours of --desk. */
    around.content = night ? '#0e1113' : '#eceeee';
    const button = document.querySelector('.scheme');
    if (button) button.ariaLabel = button.title = 'Colour scheme: ' + root.dataset.scheme;
  };
  show(kept());
  dark.addEventListener('change', () => show(root.dataset.scheme));
  addEventListener('storage', event => {
    if (event.key === KEY) show(event.newValue);
  });
  document.addEventListener('DOMContentLoaded', () => {
    const button = document.querySelector('.scheme');
    if (!button) return;
    show(root.dataset.scheme);
    button.onclick = () => {
      const next = SCHEMES[(SCHEMES.indexOf(root.dataset.scheme) + 1) % SCHEMES.length];
      keep(next);
      show(next);
    };
  });
})();
