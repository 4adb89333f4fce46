/* A policy for the tools that a reader ticks. Its text is what remains of the parts that `composer.json` holds: this script
   knows no format. It is fetched when somebody asks for it. */
'use strict';
(() => {
  const place = document.querySelector('[data-compose]'),
    rows = [...document.querySelectorAll('.matrix tr[data-class] th')];
  if (!place || !rows.length) return;
  const { make, replace } = toolcardPage;
  const button = (words, run) => {
    const made = make('button', { type: 'button', class: 'copy' }, words);
    made.onclick = run;
    return made;
  };
  const status = make('p', { role: 'status', class: 'small' });
  const start = button('Choose tools one by one', () => open(undefined));
  place.className = 'compose';
  place.append(start, status);

  /* What the address asks for: names, or nothing. Only what is there is chosen, so a tool that comes later is not. */
  const asked = () => {
    if (!location.hash.startsWith('#only=')) return undefined;
    try {
      return location.hash.slice(6).split(',').filter(Boolean).map(decodeURIComponent);
    } catch {
      return ['\ufffd'];
    }
  };

  let file, boxes;
  const open = async names => {
    start.disabled = true;
    try {
      file ||= await fetch(place.dataset.compose).then(answer => {
        if (!answer.ok) throw answer;
        return answer.json();
      });
      if (!boxes) build();
      choose(names);
      if (names) document.getElementById('tools').scrollIntoView();
    } catch {
      file = undefined;
      start.disabled = false;
      status.textContent =
        location.protocol === 'file:'
          ? 'Choosing tools needs a web server; the profiles above are whole documents.'
          : 'The parts of the documents could not be loaded.';
    }
  };

  /* The text of a part: strings as they are, a number is a run of rows, anything else a list of parts. */
  const rowsOf = slot =>
    file.tools.flatMap((name, i) => {
      const text = file.texts[file.kinds[file.kind[i]].rows[2 * slot + !boxes.get(name)?.checked]];
      return text === undefined ? [] : [file.mark ? text.replaceAll(file.mark, () => name) : text];
    });
  const text = part => {
    const parts = part.p.flatMap(inner =>
      typeof inner === 'number' ? rowsOf(inner) : typeof inner === 'string' ? [inner] : text(inner) || [],
    );
    if (!parts.length) return part.n || '';
    const [open, close] = (parts.length === 1 && part.s) || [part.o || '', part.c || ''];
    return open + parts.join(part.b || '') + close;
  };

  const select = make('select', {}),
    code = make('code', {}),
    notes = make('p', { class: 'small muted' }),
    save = make('a', { class: 'copy' }, 'Download');
  const box = make(
    'pre',
    { class: 'box tall', tabindex: 0, 'aria-label': 'The document for the tools that are ticked' },
    code,
  );
  const tell = (made, words) => {
    const before = made.textContent;
    made.textContent = words;
    setTimeout(() => {
      made.textContent = before;
    }, 2000);
  };
  const copy = button('Copy', () =>
    Promise.resolve()
      .then(() => navigator.clipboard.writeText(code.textContent))
      .then(
        () => tell(copy, 'Copied'),
        () => {
          getSelection().selectAllChildren(code);
          tell(copy, 'Selected');
        },
      ),
  );

  const build = () => {
    boxes = new Map();
    for (const cell of rows) {
      const name = cell.querySelector('code').textContent;
      /* What is spelled there is not the name. */
      if (cell.querySelector('.hidden-character') || boxes.has(name) || !file.tools.includes(name)) continue;
      const tick = make('input', { type: 'checkbox', 'aria-label': `Allow ${name}` });
      tick.onchange = show;
      boxes.set(name, tick);
      cell.prepend(tick);
    }
    for (const { id, label } of file.formats) select.append(make('option', { value: id }, label));
    select.onchange = show;
    const all = test => () => {
      for (const [name, tick] of boxes) tick.checked = test(name, tick.closest('tr'));
      show();
    };
    const recommended = name => file.kinds[file.kind[file.tools.indexOf(name)]].recommended;
    const bar = make(
      'div',
      { role: 'group', 'aria-label': 'Tick' },
      button('Recommended', all(recommended)),
      button(
        'Only Read',
        all((_, row) => row.dataset.class === 'read'),
      ),
      button(
        'Tick all shown',
        all((_, row) => !row.hidden),
      ),
      button(
        'Untick all',
        all(() => false),
      ),
    );
    const left = file.left_out.map(({ label, why }) => `${label} is left out: ${why.replaceAll('`', '')}`).join(' ');
    start.replaceWith(bar);
    const rule =
      'A ticked tool has its recommended rule, or a limit where that rule hides it; what moves money stays denied. Every other tool is hidden. The address keeps the choice.';
    place.append(
      make('p', { class: 'small muted' }, rule),
      make('div', { class: 'file' }, make('label', {}, 'Format ', select), copy, save),
      box,
      notes,
      ...(left ? [make('p', { class: 'small muted' }, left)] : []),
    );
  };

  /* `undefined` is what is recommended. A name that no tool has is not a choice of this page. */
  const choose = names => {
    const known = names === undefined || names.every(name => boxes.has(name));
    for (const [name, tick] of boxes) {
      tick.checked =
        known && (names ? names.includes(name) : file.kinds[file.kind[file.tools.indexOf(name)]].recommended);
    }
    show(known ? undefined : 'The address names a tool that this server does not have, so nothing is ticked. ');
  };

  const show = refused => {
    const format = file.formats.find(({ id }) => id === select.value),
      chosen = [...boxes].filter(([, tick]) => tick.checked);
    const counts = new Map();
    for (const [name] of chosen) {
      const { does } = file.kinds[file.kind[file.tools.indexOf(name)]];
      counts.set(does, (counts.get(does) || 0) + 1);
    }
    const words = ['allowed', 'limited', 'narrowed', 'denied']
      .filter(does => counts.has(does))
      .map(does => `${counts.get(does)} ${does}`);
    if (chosen.length < file.tools.length) words.push(`${file.tools.length - chosen.length} hidden`);
    status.textContent = `${typeof refused === 'string' ? refused : ''}${chosen.length} of ${file.tools.length} tools ticked: ${words.join(', ')}.`;
    const document_ = text(format.document);
    code.textContent = document_.trimEnd();
    notes.textContent = document_
      ? format.notes.map(text).filter(Boolean).join(' ').replaceAll('`', '')
      : format.otherwise.replaceAll('`', '');
    box.hidden = copy.hidden = save.hidden = !document_;
    URL.revokeObjectURL(save.href);
    save.href = URL.createObjectURL(new Blob([document_]));
    save.download = format.file;
    if (typeof refused === 'string') return;
    replace('#only=' + chosen.map(([name]) => encodeURIComponent(name)).join(','));
  };

  const follow = () => {
    const names = asked();
    if (names) open(names);
  };
  addEventListener('hashchange', follow);
  follow();
})();
