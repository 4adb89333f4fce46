/* The search page: all results as a table, filters, and the query in the address. What does not change is in its template. */
'use strict';
(() => {
  const { digits, asker, soon, capital, parts, step } = toolcardSearch;
  const { make, remember, off, root } = toolcardPage;
  const input = document.querySelector('[data-search] input');
  const place = document.querySelector('[data-results]');
  const part = name => place.querySelector(name);
  const status = part('[role=status]');
  const table = part('table');
  const rows = part('tbody');
  const further = part('button');
  const cell = (...parts) => make('td', {}, ...parts);
  let limit;
  const show = (text, found) => {
    const { hits, filters, counts } = found;
    const asked = input.value.trim();
    status.textContent = text;
    table.hidden = !hits.length;
    rows.replaceChildren(
      ...hits.map(hit => {
        const { name, server, kind, quotes, notes } = parts(hit, found);
        return make(
          'tr',
          { class: hit.class },
          make(
            'th',
            { scope: 'row', class: 'wide' },
            make('a', { href: root + hit.url }, name),
            ...[...quotes, ...notes].map(line => make('small', {}, line)),
          ),
          cell(server),
          cell(kind),
          cell(hit.class && make('span', { class: 'sev s' + hit.bars }, capital(hit.severity))),
          cell(...hit.facet.flatMap(facet => [make('code', {}, facet), ' '])),
        );
      }),
    );
    part('.offers').replaceChildren(
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
    for (const { box, label, number } of boxes) {
      box.checked = filters.some(filter => stands(box, filter));
      number.textContent = counts ? digits(counts[box.value] || 0) : '';
      label.hidden = box.name === 'facet' && counts && !counts[box.value] && !box.checked;
    }
    part('[data-filters]').hidden = asked && !hits.length && !filters.length;
    part('[data-none]').hidden = !asked || hits.length;
    further.hidden = !found.more;
    remember(new URLSearchParams(input.value && { q: input.value }));
    // All at once, when the first answer is there: nothing moves.
    place.firstElementChild.hidden = false;
  };
  const ask = asker(input, () => limit, show);
  const anew = () => {
    limit = 20;
    ask();
  };

  /* A box ticked is a term of the query, so the address holds it too. */
  const stands = (box, [key, value]) => key === box.name && box.value.startsWith(value.replaceAll('-', '_'));
  const boxes = [...place.querySelectorAll('[data-filters] input')].map(box => {
    box.onchange = () => {
      const rest = input.value.split(/\s+/).filter(piece => piece && !stands(box, piece.toLowerCase().split(':')));
      input.value = [...rest, ...(box.checked ? [box.name + ':' + box.value] : [])].join(' ');
      anew();
    };
    return { box, label: box.parentElement, number: box.parentElement.lastElementChild };
  });
  /* The choice whether the key / opens search. */
  const slash = part('.keys input');
  slash.checked = !off();
  slash.onchange = () => off(slash.checked ? 'on' : 'off');
  further.onclick = () => {
    limit += 20;
    ask();
  };
  input.addEventListener('input', soon(anew));
  input.form.addEventListener('submit', event => {
    event.preventDefault();
    ask();
  });
  for (const part of [input, rows])
    part.addEventListener('keydown', event => {
      const all = [input, ...rows.querySelectorAll('a')];
      const next = all[all.indexOf(event.target) + step(event)];
      if (event.key === 'Escape') input.focus();
      if (!next) return;
      event.preventDefault();
      next.focus();
    });
  input.value = new URLSearchParams(location.search).get('q') || '';
  anew();
})();
