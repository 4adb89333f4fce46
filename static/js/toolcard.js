/* Search and copy buttons. Elements are made, never parsed from text. */
'use strict';
(() => {
  const own = document.currentScript.dataset,
    root = document.body.dataset.root;
  const set = (element, attributes) => {
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const make = (name, attributes, ...children) => {
    const element = set(document.createElement(name), attributes);
    element.append(...children);
    return element;
  };
  /* Keeps what a reader chose in the address. */
  const replace = address => {
    try {
      history.replaceState(null, '', address);
    } catch {
      /* file: */
    }
  };
  const remember = parameters => {
    const query = String(parameters);
    replace(location.pathname + (query && '?' + query) + location.hash);
  };
  /* The slash opens search, unless it is switched off on the search page; a browser may store nothing. */
  const off = choice => {
    try {
      if (choice) localStorage.slash = choice;
      return localStorage.slash === 'off';
    } catch {
      return false;
    }
  };
  /* For the scripts that come after this one. */
  window.toolcardPage = { make, replace, remember, off, root, index: root + own.index };

  document.addEventListener('keydown', event => {
    if (
      event.key !== '/' ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      event.target.closest('input, textarea, select') ||
      off()
    )
      return;
    const input = document.querySelector('form.find input');
    if (input) {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });

  /* Search. Its scripts are loaded when somebody goes to the field, and on the search page. */
  const policy = window.trustedTypes?.createPolicy('toolcard', { createScriptURL: address => address });
  const script = path =>
    new Promise((done, fail) => {
      const element = make('script', {});
      // In the order in which they are asked for.
      element.async = false;
      element.src = policy ? policy.createScriptURL(root + path) : root + path;
      element.onload = done;
      element.onerror = fail;
      document.head.append(element);
    });
  let search;
  const load = path =>
    (search ||= Promise.all(['static/search.js', path].map(script)).catch(error => {
      search = undefined;
      throw error;
    }));
  const place = document.querySelector('[data-results]');
  if (place && own.index) load('static/results.js').catch(() => place.append('Search could not be loaded.'));
  for (const form of own.index && !place ? document.querySelectorAll('form.find') : []) {
    const input = form.querySelector('input');
    set(input, { role: 'combobox', 'aria-expanded': false, 'aria-autocomplete': 'list', autocomplete: 'off' });
    const begin = () => load('static/suggest.js').catch(() => input.addEventListener('focus', begin, { once: true }));
    input.addEventListener('focus', begin, { once: true });
  }

  /* Colours of code that is too long for elements. */
  if (window.Highlight && CSS.highlights) {
    const keys = new Highlight(),
      strings = new Highlight();
    for (const code of document.querySelectorAll('pre > code, .use pre')) {
      const text = code.firstChild;
      if (code.childNodes.length !== 1 || text.nodeType !== 3 || text.length > 1e5) continue;
      for (const { 0: found, 1: colon, index } of text.data.matchAll(/"(?:[^"\\\n]|\\.)*"(?=(\s*:)?)/g)) {
        (colon ? keys : strings).add(
          new StaticRange({
            startContainer: text,
            startOffset: index,
            endContainer: text,
            endOffset: index + found.length,
          }),
        );
      }
    }
    CSS.highlights.set('keys', keys).set('strings', strings);
  }

  /* Copy and Download, in the line above the code. */
  const news = make('p', { role: 'status', class: 'visually-hidden' });
  document.body.append(news);
  for (const code of document.querySelectorAll('pre[data-copy],.use pre')) {
    const button = make('button', { type: 'button', class: 'copy' }, 'Copy'),
      name = code.dataset.copy;
    const tell = words => {
      button.textContent = news.textContent = words;
      setTimeout(() => {
        button.textContent = 'Copy';
        news.textContent = '';
      }, 2000);
    };
    button.onclick = () =>
      Promise.resolve()
        .then(() => navigator.clipboard.writeText(code.textContent))
        .then(
          () => tell('Copied'),
          () => {
            getSelection().selectAllChildren(code);
            tell('Selected');
          },
        );
    let line = code.previousElementSibling;
    if (!line?.matches('.file,.use p')) {
      line = make('div', { class: 'file' });
      code.before(line);
    }
    line.append(button);
    if (name)
      line.append(
        make(
          'a',
          { class: 'copy', download: name, href: URL.createObjectURL(new Blob([code.textContent + '\n'])) },
          'Download',
        ),
      );
  }
})();
