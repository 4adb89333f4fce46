/* Search, copy buttons, filters. Elements are made, never parsed from text. */
'use strict';
(() => {
const own = document.currentScript.dataset, root = document.body.dataset.root;
const set = (element, attributes) => {
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};
const make = (name, attributes, ...children) => {
  const element = set(document.createElement(name), attributes);
  element.append(...children);
  return element;
};
const SEVERITIES = ['low', 'medium', 'high', 'critical'];
const capital = word => word[0].toUpperCase() + word.slice(1);
/* Keeps what a reader chose in the address. */
const remember = parameters => {
  const query = String(parameters);
  try { history.replaceState(null, '', location.pathname + (query && '?' + query) + location.hash); } catch { /* file: */ }
};

/* Search. Its reader and what shows its answers are loaded when somebody goes to the field. */
let search;
const policy = window.trustedTypes?.createPolicy('toolcard', { createScriptURL: address => address });
const script = address => new Promise((done, fail) => {
  const element = make('script', {});
  element.src = policy ? policy.createScriptURL(address) : address;
  element.onload = done;
  element.onerror = fail;
  document.head.append(element);
});
const load = () => search ||= Promise.all([own.search, own.shown].map(script))
  .then(() => toolcardResults({ make, set, remember, off, capital, SEVERITIES, root, index: own.index }))
  .catch(error => { search = undefined; throw error; });
/* The slash opens search, unless it is switched off on the search page; a browser may store nothing. */
const off = choice => { try { if (choice) localStorage.slash = choice; return localStorage.slash === 'off'; } catch { return false; } };
document.addEventListener('keydown', event => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, textarea, select') || off()) return;
  const input = document.querySelector('form.find input');
  if (input) { event.preventDefault(); input.focus(); input.select(); }
});
const place = document.querySelector('[data-results]');
for (const form of own.search ? document.querySelectorAll('form.find') : []) {
  const input = form.querySelector('input');
  if (place) load().then(shown => shown.page(form, place)).catch(() => place.append('Search could not be loaded.'));
  else {
    set(input, { role: 'combobox', 'aria-expanded': false, 'aria-autocomplete': 'list', autocomplete: 'off' });
    const begin = () => load().then(shown => shown.suggest(form)).catch(() => input.addEventListener('focus', begin, { once: true }));
    input.addEventListener('focus', begin, { once: true });
  }
}

/* Copy and Download, in the line above the code. */
const news = make('p', { role: 'status', class: 'vh' });
document.body.append(news);
for (const code of document.querySelectorAll('pre[data-copy],.use pre')) {
  const button = make('button', { type: 'button', class: 'copy' }, 'Copy'), name = code.dataset.copy;
  const tell = words => { button.textContent = news.textContent = words; setTimeout(() => { button.textContent = 'Copy'; news.textContent = ''; }, 2000); };
  button.onclick = () => Promise.resolve().then(() => navigator.clipboard.writeText(code.textContent)).then(() => tell('Copied'), () => {
    getSelection().selectAllChildren(code);
    tell('Selected');
  });
  let line = code.previousElementSibling;
  if (!line?.matches('.file,.use p')) code.before(line = make('div', { class: 'file' }));
  line.append(button);
  if (name) line.append(make('a', { class: 'copy', download: name, href: URL.createObjectURL(new Blob([code.textContent + '\n'])) }, 'Download'));
}

/* Filters of a server's tools, from what the rows say. */
const LISTS = { class: 'Class', severity: 'Severity', facets: 'Facet', declared: 'Declared', against: 'Compared', findings: 'Finding' };
for (const bar of document.querySelectorAll('[data-filter]')) {
  const table = bar.nextElementSibling.querySelector('table'), rows = [...table.querySelectorAll('tr[data-class]')];
  if (rows.length < 2) continue;
  const asked = new URLSearchParams(location.search), controls = [], count = make('p', { role: 'status', class: 's q' });
  const held = (row, key) => {
    const value = row.dataset[key] || '';
    return key === 'name' ? text(row.cells[0]) : ['facets', 'findings'].includes(key) ? value.split(' ') : [value];
  };
  const text = cell => cell.textContent.trim().toLowerCase();
  const apply = () => {
    const chosen = controls.filter(({ value }) => value);
    let shown = 0;
    for (const row of rows) {
      row.hidden = !chosen.every(({ name, value }) => held(row, name).includes(name === 'name' ? value.toLowerCase() : value));
      shown += !row.hidden;
    }
    for (const body of table.tBodies) body.hidden = !body.querySelector('tr[data-class]:not([hidden])');
    count.textContent = chosen.length ? `${shown} of ${rows.length} ${bar.dataset.filter || 'tools'}` : '';
    remember(new URLSearchParams(chosen.map(({ name, value }) => [name, value])));
  };
  const control = (name, title, element) => {
    element.name = name;
    element.value = asked.get(name) || '';
    element.addEventListener('input', apply);
    controls.push(element);
    bar.append(make('label', { class: 's' }, title + ' ', element));
  };
  set(bar, { class: 'filters', role: 'group', 'aria-label': 'Filter' });
  control('name', 'Name', make('input', { type: 'search' }));
  for (const [name, title] of Object.entries(LISTS)) {
    const values = [...new Set(rows.flatMap(row => held(row, name)))].filter(Boolean).sort();
    const some = values.length > 1 || rows.some(row => !held(row, name).includes(values[0]));
    if (!values.length || !some) continue;
    const words = value => name === 'severity' ? capital(SEVERITIES[value - 1]) : value;
    control(name, title, make('select', {}, make('option', { value: '' }, 'any'), ...values.map(value => make('option', { value }, words(value)))));
  }
  bar.append(count);
  if (controls.some(({ value }) => value)) apply();
}
})();
