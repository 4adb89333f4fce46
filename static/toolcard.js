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

/* Search. Its reader is loaded when somebody goes to the field. */
let reader;
const load = () => reader ||= new Promise((done, fail) => {
  const policy = window.trustedTypes?.createPolicy('toolcard', { createScriptURL: address => address });
  const script = make('script', {});
  script.src = policy ? policy.createScriptURL(own.search) : own.search;
  script.onload = done;
  script.onerror = fail;
  document.head.append(script);
}).then(() => toolcardSearch.open(async path => {
  const answer = await fetch(own.index + path, path.includes('?') ? {} : { cache: 'no-cache' });
  if (!answer.ok) throw new Error(path + ': ' + answer.status);
  return answer.text();
})).catch(error => { reader = undefined; throw error; });

const said = (query, { hits, corrected, unknown, partial, more }) => {
  if (!query.trim()) return HINT;
  const lines = [!hits.length ? 'Nothing found.' : more ? `The best ${hits.length} results.`
    : hits.length === 1 ? 'One result.' : `${hits.length} results.`];
  for (const [typed, other] of corrected) lines.push(`Read “${typed}” as “${other}”.`);
  for (const word of unknown) lines.push(`No tool has “${word}”.`);
  if (partial && hits.length) lines.push('No tool has all the words; these have most of them.');
  return lines.join(' ');
};
const HINT = 'Names, words of descriptions, verbs, and the filters class:, facet: and server:';
const FAILED = location.protocol === 'file:' ? 'Search needs a web server; from a folder, use the lists.' : 'Search could not be loaded.';
const label = hit => hit.class
  ? [make('code', { dir: 'auto' }, hit.name), make('span', { class: 'q', dir: 'auto' }, hit.server), make('span', { class: 'cls ' + hit.class }, capital(hit.class))]
  : [make('b', { dir: 'auto' }, hit.name), make('span', { class: 'q' }, 'server')];
/* Calls `show` with what the field asks for; an older answer never replaces a newer one. */
const asker = (input, limit, show) => {
  let turn = 0;
  return async () => {
    const now = ++turn, query = input.value;
    try {
      const found = await (await load()).search(query, limit());
      if (now === turn) show(said(query, found), found.hits, found.more);
    } catch {
      if (now === turn) show(FAILED, [], false);
    }
  };
};
const soon = (run, delay) => { let timer; return () => { clearTimeout(timer); timer = setTimeout(run, delay); }; };

/* The slash opens search, unless it is switched off; a browser may store nothing. */
const off = choice => { try { if (choice) localStorage.slash = choice; return localStorage.slash === 'off'; } catch { return false; } };
const slash = () => {
  const box = make('input', { type: 'checkbox' });
  box.checked = !off();
  box.onchange = () => off(box.checked ? 'on' : 'off');
  return make('label', { class: 's keys' }, box, ' Open search with the key /');
};
document.addEventListener('keydown', event => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, textarea, select') || off()) return;
  const input = document.querySelector('form.find input');
  if (input) { event.preventDefault(); input.focus(); input.select(); }
});

/* A field with a list below it: arrows choose, Enter goes, Escape closes. */
const combobox = form => {
  const input = form.querySelector('input'), id = input.id + '-found';
  const list = make('ul', { role: 'listbox', id, 'aria-label': 'Results' }), status = make('p', { role: 'status', class: 's q' });
  const panel = make('div', { class: 'found', hidden: '', tabindex: -1 }, list, status);
  form.append(panel);
  set(input, { role: 'combobox', 'aria-expanded': false, 'aria-controls': id, 'aria-autocomplete': 'list', autocomplete: 'off' });
  let hits = [], at = -1;
  const choose = next => {
    at = next;
    [...list.children].forEach((option, i) => option.setAttribute('aria-selected', i === at));
    if (at < 0) input.removeAttribute('aria-activedescendant');
    else { input.setAttribute('aria-activedescendant', list.children[at].id); list.children[at].scrollIntoView({ block: 'nearest' }); }
  };
  const reveal = open => {
    panel.hidden = !open;
    input.setAttribute('aria-expanded', open && hits.length > 0);
    if (!open) choose(-1);
  };
  const go = (hit, event) => {
    if (event.ctrlKey || event.metaKey) open(root + hit.url); else location.href = root + hit.url;
  };
  const ask = asker(input, () => 8, (text, found) => {
    hits = found;
    list.replaceChildren(...hits.map((hit, i) => {
      const option = make('li', { role: 'option', id: id + i, 'aria-selected': 'false' }, ...label(hit));
      option.onclick = event => go(hit, event);
      return option;
    }));
    status.textContent = text;
    reveal(form.contains(document.activeElement));
    choose(-1);
  });
  input.addEventListener('focus', () => { if (!status.textContent) status.textContent = HINT; reveal(true); load().catch(() => {}); });
  input.addEventListener('input', soon(ask, 60));
  input.addEventListener('keydown', event => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (panel.hidden) reveal(true);
      if (hits.length) choose((at + step + (at < 0 && step < 0 ? 1 : 0) + hits.length) % hits.length);
    } else if (event.key === 'Enter' && at >= 0) {
      event.preventDefault();
      go(hits[at], event);
    }
  });
  form.addEventListener('keydown', event => {
    if (event.key !== 'Escape' || panel.hidden) return;
    event.preventDefault();
    input.focus();
    reveal(false);
  });
  form.addEventListener('focusout', event => { if (!form.contains(event.relatedTarget)) reveal(false); });
};

/* The search page: all results as links, and the query in the address. */
const results = (form, place) => {
  const input = form.querySelector('input'), list = make('ol', { class: 'hits' }), status = make('p', { role: 'status', class: 'q' });
  const further = make('button', { type: 'button', class: 'copy', hidden: '' }, 'More results');
  let limit = 20;
  const ask = asker(input, () => limit, (text, hits, more) => {
    list.replaceChildren(...hits.map(hit => {
      const [name, ...rest] = label(hit);
      const severity = hit.class && make('span', { class: 'sev s' + (SEVERITIES.indexOf(hit.severity) + 1) }, capital(hit.severity));
      return make('li', {}, make('a', { href: root + hit.url }, name), ...rest, ...(severity ? [severity] : []), ...hit.facets.map(facet => make('code', { class: 'q' }, facet)));
    }));
    status.textContent = text;
    further.hidden = !more;
    remember(new URLSearchParams(input.value && { q: input.value }));
  });
  const again = soon(ask, 60);
  further.onclick = () => { limit += 20; ask(); };
  input.value = new URLSearchParams(location.search).get('q') || '';
  input.addEventListener('input', () => { limit = 20; again(); });
  form.addEventListener('submit', event => { event.preventDefault(); ask(); });
  input.addEventListener('keydown', event => {
    if (event.key === 'ArrowDown') { event.preventDefault(); list.querySelector('a')?.focus(); }
  });
  list.addEventListener('keydown', event => {
    const step = { ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling' }[event.key];
    if (event.key === 'Escape') input.focus();
    if (!step) return;
    event.preventDefault();
    (event.target.closest('li')[step]?.querySelector('a') || (event.key === 'ArrowUp' && input) || event.target).focus();
  });
  place.append(status, list, further, slash());
  status.textContent = HINT;
  if (input.value) ask();
};
const place = document.querySelector('[data-results]');
for (const form of own.search ? document.querySelectorAll('form.find') : []) {
  if (place) results(form, place); else combobox(form);
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
const LISTS = { class: 'Class', severity: 'Severity', facets: 'Facet', declared: 'Declared', against: 'Against our class', findings: 'Finding' };
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
