/* Filters of rows, from what the rows say. Elements are made, never parsed from text. */
'use strict';
(() => {
  const SEVERITIES = ['Low', 'Medium', 'High', 'Critical'];
  const LISTS = {
    class: 'Class',
    severity: 'Severity',
    facets: 'Facet',
    declared: 'Declared',
    against: 'Compared',
    findings: 'Finding',
  };
  const { make, remember } = toolcardPage;
  /* A link into a folded part opens it; most browsers do that themselves. */
  const reveal = () => {
    let name;
    try {
      name = decodeURIComponent(location.hash.slice(1));
    } catch {
      return;
    }
    const target = document.getElementById(name),
      folded = target?.closest('details:not([open])');
    if (folded) {
      folded.open = true;
      target.scrollIntoView();
    }
  };
  addEventListener('hashchange', reveal);
  reveal();

  for (const bar of document.querySelectorAll('[data-filter]')) {
    const scope = bar.nextElementSibling,
      rows = [...scope.querySelectorAll('tbody tr:not(.group)')];
    if (rows.length < 2) continue;
    const { filter: kind, over = '' } = bar.dataset;
    const asked = new URLSearchParams(location.search),
      controls = [],
      count = make('p', { role: 'status', class: 'small muted' });
    const folds = new Map([...scope.querySelectorAll('details')].map(fold => [fold, fold.open]));
    const parts = scope.querySelectorAll('tbody,details,section');
    /* What the name is looked for in: the row's head, that of its group too, or the whole row. */
    const words = new Map(),
      text = row => {
        if (!words.has(row)) {
          const cells =
            over === 'row'
              ? [row]
              : [row.cells[0], ...(over === 'group' ? row.parentNode.querySelectorAll('.group a') : [])];
          words.set(
            row,
            cells
              .map(cell => cell.textContent)
              .join(' ')
              .toLowerCase(),
          );
        }
        return words.get(row);
      };
    const held = (row, key) =>
      ['facets', 'findings'].includes(key) ? (row.dataset[key] || '').split(' ') : [row.dataset[key] || ''];
    const fits =
      row =>
      ({ name, value }) =>
        name === 'name'
          ? value
              .toLowerCase()
              .split(/\s+/)
              .every(word => text(row).includes(word))
          : held(row, name).includes(value);
    const apply = () => {
      const chosen = controls.filter(({ value }) => value.trim());
      let shown = 0;
      for (const row of rows) {
        row.hidden = !chosen.every(fits(row));
        if (!row.hidden) shown += 1;
      }
      for (const part of parts) part.hidden = chosen.length && !part.querySelector('tbody tr:not(.group,[hidden])');
      for (const [fold, open] of folds) fold.open = chosen.length ? !fold.hidden : open;
      count.textContent = chosen.length
        ? `${shown.toLocaleString('en')} of ${rows.length.toLocaleString('en')} ${kind}`
        : '';
      remember(new URLSearchParams(chosen.map(({ name, value }) => [name, value])));
    };
    const control = (name, title, element) => {
      element.name = name;
      element.value = asked.get(name) || '';
      element.addEventListener('input', apply);
      controls.push(element);
      bar.append(make('label', { class: 'small' }, title + ' ', element));
    };
    bar.classList.add('filters');
    bar.setAttribute('role', 'group');
    bar.setAttribute('aria-label', 'Filter');
    control('name', { row: 'Words', group: 'Tool or server' }[over] || 'Name', make('input', { type: 'search' }));
    for (const [name, title] of Object.entries(LISTS)) {
      const values = [...new Set(rows.flatMap(row => held(row, name)))].filter(Boolean).sort();
      const some = values.length > 1 || rows.some(row => !held(row, name).includes(values[0]));
      if (!values.length || !some) continue;
      const said = value => (name === 'severity' ? SEVERITIES[value - 1] : value);
      control(
        name,
        title,
        make(
          'select',
          {},
          make('option', { value: '' }, 'any'),
          ...values.map(value => make('option', { value }, said(value))),
        ),
      );
    }
    bar.append(count);
    if (controls.some(({ value }) => value)) apply();
  }
})();
