/* Cards side by side, from their tools' JSON. The address names them: #server/tool,server/tool. */
'use strict';
(() => {
  const place = document.querySelector('[data-compare]');
  const MAX_CARDS = 5,
    ARGUMENTS = 12,
    FACETS = place.dataset.compare.split(' ');
  const SEVERITIES = ['Low', 'Medium', 'High', 'Critical'],
    CLASSES = ['Read', 'Write', 'Destructive'];
  /* The names of files that this site writes; anything else is not an address of a card. */
  const CARD = /^[a-z0-9][a-z0-9._-]{0,99}\/[a-z0-9][a-z0-9._-]{0,99}$/;
  const { make } = toolcardPage;
  /* A server's words: what is invisible or turns the direction of text is spelled. */
  const seen = text =>
    String(text).replace(
      /(?![\ufe0e\ufe0f])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{DI}]/gu,
      c => `<U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}>`,
    );
  const cut = (text, most) => (text.length > most ? [...text].slice(0, most).join('') + '…' : text);
  const code = text => make('code', { dir: 'auto', translate: 'no' }, seen(cut(String(text), 128)));
  const status = make('p', { role: 'status', class: 'small muted' }),
    cards = make('div', { class: 'side' });
  const examples = document.querySelector('[data-examples]');
  place.append(status, cards);

  /* The sentences of a lead have names between backticks. */
  const quoted = text =>
    seen(text)
      .split('`')
      .map((part, i) => (i % 2 ? make('code', { dir: 'auto' }, part) : part));
  const WHERE = { name: 'in the name', title: 'in the title', description: 'in the description' };
  const evidence = card => {
    const words = new Map();
    for (const { text, where, decides, restricts, speaks_for } of card.evidence) {
      if (decides && !restricts && speaks_for === card.class)
        words.set(`${where} ${text}`, [code(text), ' ' + (WHERE[where] || 'in the schema')]);
    }
    return [...words.values()].slice(0, 4).map(found => make('li', {}, ...found));
  };
  const limits = ({ name, policy }) => {
    const entry = policy.tools?.[name];
    if (policy.hide?.includes(name) || !entry) return 'hidden';
    if (entry.deny_if?.some(({ conditions }) => !conditions.length)) return 'denied';
    const words = (entry.limits || []).map(({ max, window }) => `${max} a ${window}`);
    if (entry.deny_if || entry.require) words.unshift('by argument');
    return words.join(', ') || 'no limit';
  };
  const parameters = ({ input_schema: schema }) => {
    const all = Object.entries(schema?.properties || {}),
      required = Array.isArray(schema?.required) ? schema.required : [];
    all.sort(([a], [b]) => required.includes(b) - required.includes(a));
    const rows = all.slice(0, ARGUMENTS).map(([name, { type } = {}]) =>
      make(
        'li',
        {},
        code(name),
        ' ' +
          [
            [type]
              .flat()
              .filter(t => typeof t === 'string')
              .map(seen)
              .join(' or '),
            required.includes(name) ? 'required' : '',
          ]
            .filter(Boolean)
            .join(', '),
      ),
    );
    if (all.length > rows.length) rows.push(make('li', { class: 'muted' }, `${all.length - rows.length} more`));
    return rows;
  };
  const list = rows => (rows.length ? make('ul', {}, ...rows) : 'none');
  const show = (address, { server, card }) => {
    const kind = CLASSES.includes(card.class) ? card.class : '',
      bars = SEVERITIES.indexOf(card.severity) + 1;
    const facets = FACETS.filter(facet => card.facets.includes(facet));
    const row = (title, ...content) => make('div', {}, make('h3', {}, title), ...content),
      term = (id, word) => make('a', { href: 'glossary.html#' + id }, word);
    return make(
      'article',
      { class: 'card ' + kind.toLowerCase() },
      make(
        'ul',
        { class: 'facet-flags', 'aria-hidden': 'true' },
        ...FACETS.map(facet => make('li', facets.includes(facet) ? { class: 'on' } : {}, facet)),
      ),
      make(
        'div',
        {},
        make('h2', {}, make('a', { href: `tools/${address}.html` }, code(card.name))),
        make('p', { class: 'small muted', dir: 'auto' }, seen(cut(server.title || server.name || server.slug, 80))),
      ),
      make(
        'p',
        { class: 'labels' },
        make('span', { class: 'cls ' + kind.toLowerCase() }, kind),
        ' ',
        make('span', { class: 'sev s' + bars }, card.severity),
      ),
      make('p', { class: 'verdict' }, ...quoted(card.recommendation)),
      row(
        term('facet', 'Facets'),
        facets.length ? make('ul', {}, ...facets.map(facet => make('li', {}, make('code', {}, facet)))) : 'none',
      ),
      row(term('decides', 'Decided by'), list(evidence(card))),
      row(term('policy', 'Policy'), limits(card)),
      row('Parameters', list(parameters(card))),
      row('What a call does', make('p', {}, ...quoted(card.lead))),
    );
  };

  let turn = 0;
  const compare = async () => {
    const now = ++turn;
    let named;
    try {
      named = decodeURIComponent(location.hash.slice(1)).split(',').filter(Boolean);
    } catch {
      named = ['?'];
    }
    const wanted = [...new Set(named)],
      problems = [];
    const good = wanted.filter(address => CARD.test(address));
    if (good.length < wanted.length)
      problems.push(`${wanted.length - good.length} of the names in the address is not a card.`);
    if (good.length > MAX_CARDS) problems.push(`The first ${MAX_CARDS} are shown.`);
    const found = await Promise.all(
      good.slice(0, MAX_CARDS).map(async address => {
        try {
          const answer = await fetch(`tools/${address}.card.json`);
          const content = answer.ok && (await answer.json());
          if (content?.kind === 'tool') return show(address, content);
        } catch {
          /* reported below */
        }
        problems.push(location.protocol === 'file:' ? 'Comparing needs a web server.' : `${address} was not found.`);
        return '';
      }),
    );
    if (now !== turn) return;
    cards.replaceChildren(...found.filter(Boolean));
    if (cards.children.length < 2 && wanted.length)
      problems.push('Name two to five cards after #, like server/tool,server/tool.');
    examples.hidden = cards.children.length > 1;
    status.textContent = [...new Set(problems)].join(' ');
  };
  addEventListener('hashchange', compare);
  compare();
})();
