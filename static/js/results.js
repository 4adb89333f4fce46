/* What search shows: the list below a field, and the search page. Loaded with the reader, search.js.
   Elements are made, never parsed from text; every address has passed the reader. */
'use strict';
// biome-ignore lint/correctness/noUnusedVariables: toolcard.js calls it.
var toolcardResults = ({ make, set, remember, off, capital, SEVERITIES, root, index }) => {
  const { words, open, RUNS, PAIR } = toolcardSearch;
  let reader;
  const load = () =>
    (reader ||= open(async path => {
      const answer = await fetch(index + path, path.includes('?') ? {} : { cache: 'no-cache' });
      if (!answer.ok) throw new Error(path + ': ' + answer.status);
      return answer.text();
    }).catch(error => {
      reader = undefined;
      throw error;
    }));

  const HINT = 'Names, words of descriptions, verbs, and the filters class:, facet: and server:';
  const FAILED =
    location.protocol === 'file:'
      ? 'Search needs a web server; from a folder, use the lists.'
      : 'Search could not be loaded.';
  const said = (query, { hits, corrected, unknown, partial, sure, more, counts }) => {
    if (!query.trim()) return HINT;
    const all = counts && !partial && counts.all > hits.length ? ` of ${counts.all.toLocaleString('en')}` : '';
    const lines = [
      !hits.length
        ? 'Nothing found.'
        : more
          ? `The best ${hits.length}${all} results.`
          : hits.length === 1
            ? 'One result.'
            : `${hits.length} results.`,
    ];
    for (const [typed, other] of corrected) lines.push(`Read “${typed}” as “${other}”.`);
    for (const word of unknown) lines.push(`No tool has “${word}”.`);
    if (partial && hits.length)
      lines.push(
        sure
          ? 'These have most of the words; no other was found.'
          : 'No tool has all the words; these have most of them.',
      );
    return lines.join(' ');
  };

  /* A text with the words that were found marked, cut where words are cut. */
  const HUMPS = /(?<=[\p{Lowercase}\p{N}])(?=\p{Uppercase})|(?<=\p{Uppercase})(?=\p{Uppercase}\p{Lowercase})/u;
  const marked = (text, found) => {
    const parts = [];
    const add = (part, hit) => {
      const last = parts[parts.length - 1];
      if (last?.hit === hit) last.part += part;
      else parts.push({ part, hit });
    };
    for (const [at, run] of text.split(/([\p{L}\p{N}][\p{L}\p{N}\p{M}]*)/u).entries()) {
      if (at % 2 === 0) add(run, false);
      else
        for (const part of run.match(RUNS)) {
          if (PAIR.test(part))
            for (const [i, letter] of [...part].entries())
              add(letter, found.has(part.slice(i - 1, i + 1)) || found.has(part.slice(i, i + 2)));
          else
            for (const word of part.split(HUMPS))
              add(
                word,
                words(word).some(word => found.has(word)),
              );
        }
    }
    return parts.map(({ part, hit }) => (hit ? make('mark', {}, part) : part));
  };
  /* A correction is shown once, above the results. */
  const why = (hit, corrected) =>
    hit.via
      .filter(([typed]) => !corrected.some(([word]) => word === typed))
      .map(([typed, other]) => make('span', { class: 'muted' }, `${other} for “${typed}”`));
  const name = (hit, found) => make(hit.class ? 'code' : 'b', { dir: 'auto' }, ...marked(hit.name, found));
  const server = hit => make('span', { class: 'muted', dir: 'auto' }, hit.class ? hit.server : 'Server');
  const kind = hit => (hit.class ? make('span', { class: 'cls ' + hit.class }, capital(hit.class)) : '');
  const quote = (hit, found) => (hit.text ? [make('q', { dir: 'auto' }, ...marked(hit.text, found))] : []);

  /* Calls `show` with what the field asks for; an older answer never replaces a newer one. */
  const asker = (input, limit, show) => {
    let turn = 0;
    const none = { hits: [], filters: [], offers: [], matched: new Set() };
    return async () => {
      const now = ++turn,
        query = input.value;
      try {
        const found = await (await load()).search(query, limit());
        if (now === turn) show(said(query, found), found);
      } catch {
        if (now === turn) show(FAILED, none);
      }
    };
  };
  const soon = (run, delay) => {
    let timer;
    return () => {
      clearTimeout(timer);
      timer = setTimeout(run, delay);
    };
  };

  /* A field with a list below it: arrows choose, Enter goes, Escape closes. */
  const suggest = form => {
    const input = form.querySelector('input'),
      id = input.id + '-found';
    const list = make('ul', { role: 'listbox', id, 'aria-label': 'Results' }),
      status = make('p', { role: 'status', class: 'small muted' });
    const panel = make('div', { class: 'found', hidden: '', tabindex: -1 }, list, status);
    form.append(panel);
    set(input, { 'aria-controls': id });
    let hits = [],
      at = -1;
    const choose = next => {
      at = next;
      for (const [i, option] of [...list.children].entries()) option.setAttribute('aria-selected', i === at);
      if (at < 0) input.removeAttribute('aria-activedescendant');
      else {
        input.setAttribute('aria-activedescendant', list.children[at].id);
        list.children[at].scrollIntoView({ block: 'nearest' });
      }
    };
    const reveal = open => {
      panel.hidden = !open;
      input.setAttribute('aria-expanded', open && hits.length > 0);
      if (!open) choose(-1);
    };
    const go = (hit, event) => {
      if (event.ctrlKey || event.metaKey) window.open(root + hit.url);
      else location.href = root + hit.url;
    };
    const ask = asker(
      input,
      () => 8,
      (text, found) => {
        hits = found.hits;
        list.replaceChildren(
          ...hits.map((hit, i) => {
            const option = make(
              'li',
              { role: 'option', id: id + i, class: hit.class || '', 'aria-selected': 'false' },
              name(hit, found.matched),
              kind(hit),
              make(
                'span',
                { class: 'small muted' },
                ...[server(hit), ...why(hit, found.corrected), ...quote(hit, found.matched)].flatMap((part, i) =>
                  i ? [' · ', part] : [part],
                ),
              ),
            );
            option.onclick = event => go(hit, event);
            return option;
          }),
        );
        status.textContent = text;
        reveal(form.contains(document.activeElement));
        choose(-1);
      },
    );
    const start = () => {
      if (!status.textContent) status.textContent = HINT;
      reveal(true);
      load().catch(() => {});
    };
    input.addEventListener('focus', start);
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
    form.addEventListener('focusout', event => {
      if (!form.contains(event.relatedTarget)) reveal(false);
    });
    if (form.contains(document.activeElement)) start();
    if (input.value) ask();
  };

  /* The choice whether the key / opens search. */
  const slash = () => {
    const box = make('input', { type: 'checkbox' });
    box.checked = !off();
    box.onchange = () => off(box.checked ? 'on' : 'off');
    return make('label', { class: 'small keys' }, box, ' Open search with the key /');
  };
  /* One row of filters: a box ticked is a term of the query, so the address holds it too. */
  const choices = (input, ask, key, title, values, label) => {
    const row = make(
      'div',
      { class: 'choices', role: 'group', 'aria-label': title },
      make('span', { class: 'small muted' }, title),
    );
    const boxes = values.map(([value, at]) => {
      const box = make('input', { type: 'checkbox', value }),
        number = make('span', { class: 'muted' });
      box.onchange = () => {
        const rest = input.value.split(/\s+/).filter(
          piece =>
            piece &&
            !(
              piece.toLowerCase().startsWith(key + ':') &&
              value.startsWith(
                piece
                  .slice(key.length + 1)
                  .toLowerCase()
                  .replace(/-/g, '_'),
              )
            ),
        );
        input.value = (box.checked ? [...rest, key + ':' + value] : rest).join(' ');
        ask();
      };
      const whole = make('label', { class: 'small' }, box, ' ', label(value), ' ', number);
      row.append(whole);
      return { box, number, whole, value, at };
    });
    const show = ({ filters, counts, hits }, asked) => {
      let shown = 0;
      for (const { box, number, whole, value, at } of boxes) {
        box.checked = filters.some(([own, part]) => own === key && part && value.startsWith(part.replace(/-/g, '_')));
        number.textContent = counts ? counts[key][at].toLocaleString('en') : '';
        whole.hidden = key === 'facet' && counts && !counts[key][at] && !box.checked;
        shown += !whole.hidden;
      }
      row.hidden = !shown || (asked && !hits.length && !filters.length);
    };
    return { row, show };
  };

  /* The search page: all results as a table, filters, and the query in the address. */
  const page = async (form, place) => {
    const input = form.querySelector('input'),
      status = make('p', { role: 'status', class: 'muted' }),
      offers = make('p', { class: 'offers' });
    const body = make('tbody', {}),
      none = document.querySelector('[data-none]');
    const head = ['Tool', 'Server', 'Class', 'Severity', 'Facets'].map(title => make('th', { scope: 'col' }, title));
    const table = make(
      'table',
      { class: 'stack tools hits', hidden: '' },
      make('thead', {}, make('tr', {}, ...head)),
      body,
    );
    const further = make('button', { type: 'button', class: 'copy', hidden: '' }, 'More results');
    let limit = 20,
      rows = [];
    const ask = asker(
      input,
      () => limit,
      (text, found) => {
        const { hits, more, matched } = found;
        body.replaceChildren(
          ...hits.map(hit =>
            make(
              'tr',
              { class: hit.class || '' },
              make(
                'th',
                { scope: 'row', class: 'wide' },
                make('a', { href: root + hit.url }, name(hit, matched)),
                ...[...quote(hit, matched), ...why(hit, found.corrected)].map(line => make('small', {}, line)),
              ),
              make('td', {}, server(hit)),
              make('td', {}, kind(hit)),
              make(
                'td',
                {},
                hit.class
                  ? make('span', { class: 'sev s' + (SEVERITIES.indexOf(hit.severity) + 1) }, capital(hit.severity))
                  : '',
              ),
              make('td', {}, ...hit.facets.flatMap(facet => [make('code', {}, facet), ' '])),
            ),
          ),
        );
        table.hidden = !hits.length;
        status.textContent = text;
        offers.replaceChildren(
          ...found.offers.map(({ filter, query }) => {
            const [key, value] = filter.split(':');
            return make(
              'a',
              { href: '?' + new URLSearchParams({ q: query }) },
              ...(key === 'class'
                ? [`Only tools of class ${capital(value)}`]
                : ['Only tools with the facet ', make('code', {}, value)]),
            );
          }),
        );
        offers.hidden = !found.offers.length;
        if (none) none.hidden = !input.value.trim() || hits.length > 0;
        further.hidden = !more;
        for (const row of rows) row.show(found, input.value.trim());
        remember(new URLSearchParams(input.value && { q: input.value }));
        // All at once, when the first answer is there: nothing moves.
        if (!status.isConnected)
          place.append(...rows.map(({ row }) => row), offers, status, table, ...(none ? [none] : []), further, slash());
      },
    );
    const again = soon(ask, 60),
      anew = () => {
        limit = 20;
        ask();
      };
    further.onclick = () => {
      limit += 20;
      ask();
    };
    input.value = new URLSearchParams(location.search).get('q') || '';
    input.addEventListener('input', () => {
      limit = 20;
      again();
    });
    form.addEventListener('submit', event => {
      event.preventDefault();
      ask();
    });
    const links = () => [...body.querySelectorAll('a')];
    input.addEventListener('keydown', event => {
      if (event.key === 'ArrowDown') {
        event.preventDefault();
        links()[0]?.focus();
      }
    });
    table.addEventListener('keydown', event => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === 'Escape') input.focus();
      if (!step) return;
      event.preventDefault();
      const all = links(),
        next = all.indexOf(event.target) + step;
      (next < 0 ? input : all[next])?.focus();
    });
    try {
      const { classes, facets } = (await load()).kinds;
      rows = [
        choices(input, anew, 'class', 'Class', classes, value =>
          make('span', { class: 'cls ' + value }, capital(value)),
        ),
        choices(input, anew, 'facet', 'Facet', facets, value => make('code', {}, value)),
      ];
    } catch {
      /* the first question says so */
    }
    ask();
  };
  return { suggest, page, marked };
};
