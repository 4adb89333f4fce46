/* The front page: a facet lifts the tools that have it, and each tick leads to its tool. Every address is one of this
   site's; names are set as text. */
'use strict';
(() => {
  const own = document.querySelector('[data-drawn-from]');
  if (!own) return;
  const STEP = 4,
    ROW = 34,
    LIFT = 12,
    HEIGHTS = { Read: 8, Write: 13, Destructive: 18 };
  const make = (name, attributes) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const number = value => value.toLocaleString('en');
  const root = new URL('.', location.href);
  const inside = (page, list) => {
    const address = new URL(page, list);
    return address.href.startsWith(root.href) ? address.href : undefined;
  };

  let loaded;
  const load = () =>
    (loaded ||= Promise.all(
      own.dataset.drawnFrom.split(' ').map(async path => {
        const list = new URL(path, root);
        const answer = await fetch(list);
        if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
        return (await answer.json()).entries.map(tool => ({ ...tool, href: inside(tool.page, list) }));
      }),
    )
      .then(lists => lists.flat())
      .catch(error => {
        loaded = undefined;
        throw error;
      }));

  const draw = (tools, facet) => {
    const columns = Math.max(40, Math.floor(own.clientWidth / STEP));
    const picture = make('svg', {
      class: 'share-bar ticks',
      viewBox: `0 0 ${columns * STEP} ${Math.ceil(tools.length / columns) * ROW}`,
      'aria-hidden': 'true',
    });
    tools.forEach((tool, i) => {
      const up = tool.facets.includes(facet),
        height = HEIGHTS[tool.class];
      const tick = make('a', { tabindex: -1, class: up ? 'up' : '', ...(tool.href && { href: tool.href }) });
      const name = make('title', {});
      name.textContent = `${tool.tool}, ${tool.server}: ${tool.class}`;
      const y = Math.floor(i / columns) * ROW + ROW - height - (up ? LIFT : 0) - 2;
      tick.append(
        name,
        make('rect', { class: tool.class.toLowerCase(), x: (i % columns) * STEP + 1, y, width: 2, height }),
      );
      picture.append(tick);
    });
    return picture;
  };

  const bars = own.querySelector('.share-bar'),
    said = document.createElement('p');
  said.className = 'small';
  said.setAttribute('role', 'status');
  bars.before(said);
  let picture = bars,
    turn = 0;
  const show = next => {
    picture.replaceWith(next);
    picture = next;
  };
  const buttons = [...own.querySelectorAll('.sort a')].map(link => {
    const button = document.createElement('button');
    button.type = 'button';
    button.setAttribute('aria-pressed', 'false');
    button.append(...link.childNodes);
    button.addEventListener('click', () => choose(button, link));
    link.replaceWith(button);
    return button;
  });
  const choose = async (button, link) => {
    const now = ++turn,
      facet = button.textContent,
      off = button.getAttribute('aria-pressed') === 'true';
    for (const other of buttons) other.setAttribute('aria-pressed', String(other === button && !off));
    if (off) {
      show(bars);
      said.replaceChildren();
      return;
    }
    try {
      const tools = await load();
      if (now !== turn) return;
      const having = tools.filter(tool => tool.facets.includes(facet));
      const classes = Object.keys(HEIGHTS).map(
        name => `${number(having.filter(tool => tool.class === name).length)} ${name}`,
      );
      show(draw(tools, facet));
      link.textContent = 'List them';
      said.replaceChildren(
        `${number(having.length)} of ${number(tools.length)} tools have ${facet}: ${classes.join(', ')}. `,
        link,
      );
    } catch {
      if (now !== turn) return;
      link.textContent = 'their list';
      said.replaceChildren('The picture could not be loaded; here is ', link, '.');
    }
  };
})();
