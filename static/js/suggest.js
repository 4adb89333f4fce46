/* A field with a list below it: arrows choose, Enter goes, Escape closes. */
'use strict';
(() => {
  const { load, HINT, asker, soon, parts, step } = toolcardSearch;
  const { make, root } = toolcardPage;
  const suggest = form => {
    const input = form.querySelector('input');
    const id = input.id + '-found';
    const list = make('div', { role: 'listbox', id, 'aria-label': 'Results' });
    const status = make('p', { role: 'status', class: 'small muted' });
    const panel = make('div', { class: 'found', hidden: '', tabindex: -1 }, list, status);
    form.append(panel);
    input.setAttribute('aria-controls', id);
    let at = -1;
    const choose = next => {
      at = next;
      for (const [i, option] of [...list.children].entries()) option.ariaSelected = i === at;
      input.setAttribute('aria-activedescendant', list.children[at]?.id || '');
      list.children[at]?.scrollIntoView({ block: 'nearest' });
    };
    const reveal = open => {
      panel.hidden = !open;
      input.ariaExpanded = open && list.children.length > 0;
      if (!open) choose(-1);
    };
    const ask = asker(
      input,
      () => 8,
      (text, found) => {
        list.replaceChildren(
          ...found.hits.map((hit, i) => {
            const { name, server, kind, quotes, notes } = parts(hit, found);
            const line = [server, ...notes, ...quotes].flatMap(part => [' · ', part]).slice(1);
            return make(
              'a',
              { role: 'option', id: id + i, href: root + hit.url, tabindex: -1, class: hit.class },
              name,
              kind,
              make('span', { class: 'small muted' }, ...line),
            );
          }),
        );
        status.textContent = text;
        reveal(form.contains(document.activeElement));
        choose(-1);
      },
    );
    const start = () => {
      status.textContent ||= HINT;
      reveal(true);
      load().catch(() => {});
    };
    input.addEventListener('focus', start);
    input.addEventListener('input', soon(ask));
    form.addEventListener('keydown', event => {
      const { length } = list.children;
      const next = at + step(event);
      if (event.key === 'Escape' && !panel.hidden) {
        input.focus();
        reveal(false);
      } else if (event.target !== input) return;
      else if (step(event)) {
        reveal(true);
        // From the field, the arrows lead to the first and to the last.
        if (length) choose((next + (next < -1) + length) % length);
      } else if (event.key === 'Enter' && at >= 0)
        // With the keys that were held, so that a browser opens what it opens after a click.
        list.children[at].dispatchEvent(new MouseEvent('click', event));
      else return;
      event.preventDefault();
    });
    form.addEventListener('focusout', event => {
      if (!form.contains(event.relatedTarget)) reveal(false);
    });
    if (form.contains(document.activeElement)) start();
    if (input.value) ask();
  };
  for (const form of document.querySelectorAll('form.find')) suggest(form);
})();
