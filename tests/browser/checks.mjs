// What each page must hold, and what a person does with keyboard alone.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { check, expect, open } from './lib.mjs';

const require = createRequire(import.meta.url);
const axe = require.resolve('axe-core/axe.min.js');

/** axe-core, light and dark. */
export const accessible = async (browser, address, name) => {
  // The page's own policy forbids foreign scripts; the tester's is let in.
  const { page, close } = await open(browser, address, { bypassCSP: true });
  try {
    await page.addScriptTag({ path: axe });
    for (const colorScheme of ['light', 'dark']) {
      await check(`${name}: accessible, ${colorScheme}`, async () => {
        await page.emulateMedia({ colorScheme });
        const { violations } = await page.evaluate(() =>
          axe.run(document, {
            runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
          }),
        );
        expect(
          !violations.length,
          violations
            .map(
              v =>
                `${v.id}: ${v.nodes
                  .slice(0, 3)
                  .map(n => `${n.target} ${n.failureSummary}`)
                  .join('\n    ')}`,
            )
            .join('\n'),
        );
      });
    }
  } finally {
    await close();
  }
};

/** No error in the console under the site's own policy, and nothing moves after the first paint. */
export const quiet = (browser, address, name) =>
  check(`${name}: no console error, no layout shift`, async () => {
    const { page, errors, close } = await open(browser, address);
    try {
      const shift = await page.evaluate(
        () =>
          new Promise(done => {
            let sum = 0;
            new PerformanceObserver(list => {
              for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
            }).observe({ type: 'layout-shift', buffered: true });
            setTimeout(() => done(sum), 300);
          }),
      );
      expect(shift < 0.001, `layout shift ${shift}`);
      expect(!errors.length, errors.join('\n'));
    } finally {
      await close();
    }
  });

/** Nothing is wider than the window, from a small telephone to a desk. */
export const narrow = (browser, address, name) =>
  check(`${name}: no horizontal scroll at 320, 768 and 1440`, async () => {
    const { page, close } = await open(browser, address, { viewport: { width: 1440, height: 700 } });
    try {
      for (const width of [1440, 768, 320]) {
        await page.setViewportSize({ width, height: 700 });
        const wide = await page.evaluate(() => {
          const limit = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= limit) return '';
          const far = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > limit + 1);
          return (
            `${document.documentElement.scrollWidth} > ${limit}: ` +
            far
              .slice(0, 4)
              .map(e => e.outerHTML.slice(0, 90))
              .join('\n')
          );
        });
        expect(!wide, `at ${width}: ${wide}`);
      }
    } finally {
      await close();
    }
  });

/** At ten widths: no text lies on a control, and no block of text is narrower than twelve characters. */
export const whole = (browser, address, name) =>
  check(`${name}: nothing overlaps or collapses at ten widths`, async () => {
    const { page, close } = await open(browser, address, { viewport: { width: 1440, height: 900 } });
    try {
      const faults = [];
      for (const width of [320, 390, 480, 600, 700, 769, 820, 900, 1024, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        const found = await page.evaluate(() => {
          const told = element => element.outerHTML.slice(0, 90),
            faults = [];
          const shown = element =>
            element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
            !element.closest('.visually-hidden, .skip');
          const controls = [...document.querySelectorAll('a, button, input, select, summary')].filter(shown);
          // What a box that scrolls cuts off is not seen.
          const window = element => {
            const around = element.closest('.tall, .scroll, pre'),
              box = around?.getBoundingClientRect();
            return box && getComputedStyle(around).overflowX !== 'visible'
              ? box
              : { left: -1e9, top: -1e9, right: 1e9, bottom: 1e9 };
          };
          const seen = (box, by) => ({
            left: Math.max(box.left, by.left),
            top: Math.max(box.top, by.top),
            right: Math.min(box.right, by.right),
            bottom: Math.min(box.bottom, by.bottom),
          });
          const boxes = controls.flatMap(control =>
            [...control.getClientRects()].map(box => ({ control, box: seen(box, window(control)) })),
          );
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT),
            range = document.createRange();
          for (let text = texts.nextNode(); text; text = texts.nextNode()) {
            if (!text.data.trim() || !shown(text.parentElement)) continue;
            range.selectNodeContents(text);
            const by = window(text.parentElement);
            for (const rect of range.getClientRects()) {
              const a = seen(rect, by);
              const over = boxes.find(
                ({ control, box: b }) =>
                  !control.contains(text) &&
                  Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 &&
                  Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 6,
              );
              if (over) faults.push(`“${text.data.trim().slice(0, 40)}” lies on ${told(over.control)}`);
            }
          }
          for (const block of document.querySelectorAll('h1, h2, p, dd, blockquote, input[type=search]')) {
            const words = block.matches('input') ? 24 : block.textContent.trim().length;
            // Half an em is a character of running text.
            const least = (12 * parseFloat(getComputedStyle(block).fontSize)) / 2;
            if (shown(block) && words >= 24 && block.clientWidth < least)
              faults.push(`${block.clientWidth} px are too narrow for ${told(block)}`);
          }
          return faults;
        });
        faults.push(...found.map(fault => `at ${width}: ${fault}`));
      }
      expect(!faults.length, faults.join('\n'));
    } finally {
      await close();
    }
  });

/** No button lies on text, at the widths at which columns move. */
export const clear = (browser, address, name) =>
  check(`${name}: no button lies on text`, async () => {
    const { page, close } = await open(browser, address);
    try {
      for (const width of [320, 390, 600, 768, 820, 900, 1024, 1120, 1280, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        const covered = await page.evaluate(() => {
          const meet = (a, b) =>
            a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
          const buttons = [...document.querySelectorAll('main .copy')].filter(e => e.checkVisibility());
          const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT),
            found = [];
          while (texts.nextNode()) {
            const { currentNode: text } = texts,
              range = document.createRange();
            if (!text.data.trim() || !text.parentElement.checkVisibility() || text.parentElement.matches('.copy'))
              continue;
            range.selectNodeContents(text);
            const boxes = [...range.getClientRects()].filter(box => box.width > 1);
            if (buttons.some(button => boxes.some(box => meet(button.getBoundingClientRect(), box))))
              found.push(text.data.trim().slice(0, 60));
          }
          return buttons.length ? found : ['there is no button'];
        });
        expect(!covered.length, `at ${width}: ${covered.join(' | ')}`);
      }
    } finally {
      await close();
    }
  });

/** A page is not longer than so many pixels at 1440. */
export const short = (browser, address, name, most) =>
  check(`${name}: at most ${most} px high at 1440`, async () => {
    const { page, close } = await open(browser, address, { viewport: { width: 1440, height: 900 } });
    try {
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      console.log(`height: ${name} ${height} px`);
      expect(height <= most, `${height} px`);
    } finally {
      await close();
    }
  });

/** The tab that a reader chose last is first on every other page, from its first frame on. */
export const lastTab = (browser, from, to) =>
  check('tabs: the last one is first, without flicker', async () => {
    const { page, errors, close } = await open(browser, from);
    try {
      const chosen = () => page.locator('.use>input:checked').getAttribute('value');
      expect((await chosen()) === 'claude-code', `a new reader has ${await chosen()}`);
      await page.locator('.use>label', { hasText: 'Codex' }).click();
      await page.addInitScript(() => {
        window.frames_with = [];
        const frame = () => {
          const tab = document.querySelector('.use>input:checked');
          if (tab) window.frames_with.push(tab.value);
          if (window.frames_with.length < 20) requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
      });
      await page.goto(to);
      await page.waitForFunction(() => window.frames_with.length >= 20);
      const frames = await page.evaluate(() => window.frames_with);
      expect(
        frames.every(value => value === 'codex'),
        frames.join(),
      );
      expect((await page.locator('.use>.pane:visible').count()) === 1, 'not one pane');
      await page.evaluate(() => {
        localStorage.tab = 'no such program';
      });
      await page.reload();
      expect((await chosen()) === 'claude-code', `an unknown choice leaves ${await chosen()}`);
      expect(!errors.length, errors.join('\n'));
    } finally {
      await close();
    }
  });

/** Without script everything reads; on paper every question is open and nothing is cut. */
export const plain = (browser, address, name) =>
  check(`${name}: reads without script, prints`, async () => {
    const { page, close } = await open(browser, address, { javaScriptEnabled: false });
    try {
      const main = await page.locator('main').innerText();
      expect(main.trim().length > 40, `main says only: ${main}`);
      expect(
        (await page.locator('button.copy, .filters, .choices, .found, .scheme').locator('visible=true').count()) === 0,
        'controls that need script stand without it',
      );
      await page.emulateMedia({ media: 'print' });
      expect((await page.pdf({ format: 'A4' })).length > 5000, 'the print is empty');
      const hidden = await page.evaluate(
        () => [...document.querySelectorAll('details > :not(summary)')].filter(e => !e.checkVisibility()).length,
      );
      expect(hidden === 0, `${hidden} answers do not print`);
    } finally {
      await close();
    }
  });

const press = async (page, ...keys) => {
  for (const key of keys) await page.keyboard.press(key);
};
const focused = page => page.evaluate(() => document.activeElement?.outerHTML.slice(0, 160));

/** A facet lifts the tools that have it; every tick leads to a page of the site. */
export const shareBar = (browser, address, count) =>
  check('home: a facet lifts the tools that have it', async () => {
    const { page, errors, close } = await open(browser, address);
    try {
      expect((await page.locator('.ticks').count()) === 0, 'ticks are drawn before anybody asks');
      const button = page.locator('.sort button').last();
      const facet = (await button.innerText()).trim(),
        told = Number((await page.locator('.sort li').last().innerText()).replace(facet, '').replace(/\D/g, ''));
      await button.focus();
      await page.keyboard.press('Enter');
      await page.locator('.ticks').waitFor();
      const ticks = await page
        .locator('.ticks a')
        .evaluateAll(all => all.map(a => [a.getAttribute('href'), a.classList.contains('up')]));
      expect(ticks.length === count, `${ticks.length} ticks of ${count} tools`);
      expect(ticks.filter(([, up]) => up).length === told, `${told} tools have ${facet}`);
      const root = address.replace(/[^/]*$/, '');
      expect(
        ticks.every(([href]) => href?.startsWith(root)),
        'a tick leads away',
      );
      expect(await page.evaluate(href => fetch(href).then(answer => answer.ok), ticks[0][0]), 'a tick leads nowhere');
      expect(
        (await page.locator('[data-drawn-from] [role=status]').innerText()).startsWith(`${told} of `),
        'the count is not told',
      );
      await page.keyboard.press('Enter');
      expect(
        (await page.locator('.ticks').count()) === 0 && (await page.locator('.share-bar').count()) > 0,
        'a second press does not put the bars back',
      );
      expect(!errors.length, errors.join('\n'));
    } finally {
      await close();
    }
  });

/** Finding, filtering, choosing and copying, with nothing but a keyboard. */
export const keyboard = async (browser, site, { server, tool, wide }) => {
  const at = async (name, path, run, options) =>
    check(name, async () => {
      const { page, errors, close } = await open(browser, site + path, options);
      try {
        await run(page);
        expect(!errors.length, errors.join('\n'));
      } finally {
        await close();
      }
    });
  await at('search: / opens it, arrows choose, Enter goes', tool, async page => {
    expect(
      !(await page.evaluate(() => [...document.scripts].some(s => /search\./.test(s.src)))),
      'the reader is loaded before anybody searches',
    );
    await press(page, '/');
    expect(await page.evaluate(() => document.activeElement.id === 'q'), `focus is at ${await focused(page)}`);
    await page.keyboard.type('list database');
    await page.locator('[role=option]').first().waitFor();
    expect((await page.locator('#q').getAttribute('aria-expanded')) === 'true', 'aria-expanded is not true');
    const place = () =>
      page.locator('[role=option]').evaluateAll(all => all.findIndex(one => one.ariaSelected === 'true'));
    await press(page, 'ArrowUp');
    expect((await place()) === 7, 'an arrow up does not lead to the last');
    await press(page, 'ArrowDown');
    expect((await place()) === 0, 'an arrow down does not lead from the last to the first');
    await press(page, 'ArrowDown', 'ArrowUp');
    const active = await page.locator('#q').getAttribute('aria-activedescendant');
    const chosen = page.locator('[role=option][aria-selected=true]');
    expect((await chosen.getAttribute('id')) === active, 'aria-activedescendant is not the chosen option');
    const row = await chosen.innerText();
    expect(
      /Read|Write|Destructive/.test(row) &&
        (await chosen.locator('mark').count()) > 0 &&
        (await chosen.locator('q').count()) === 1,
      row,
    );
    const name = await chosen.locator('code, b').first().innerText();
    await Promise.all([page.waitForNavigation(), press(page, 'Enter')]);
    expect(
      (await page.locator('h1').innerText()).replace(/\s/g, '').includes(name.replace(/\s/g, '')),
      `went to ${page.url()}`,
    );
  });
  await at('search: Escape closes, the status is read out', tool, async page => {
    await press(page, '/');
    await page.keyboard.type('delte');
    await page.locator('[role=option]').first().waitFor();
    const said = await page.locator('.found [role=status]').innerText();
    expect(/Read “delte” as “delete”/.test(said), `the status says: ${said}`);
    await press(page, 'Escape');
    expect(!(await page.locator('.found').isVisible()), 'the list is still open');
    expect(await page.evaluate(() => document.activeElement.id === 'q'), 'focus left the field');
  });
  await at('search: a filter alone finds', tool, async page => {
    await press(page, '/');
    await page.keyboard.type('class:destructive facet:bulk');
    await page.locator('[role=option]').first().waitFor();
    for (const words of await page.locator('[role=option]').allInnerTexts()) expect(/Destructive/.test(words), words);
  });
  await at('search: the key / can be switched off, where there are keys', 'search.html', async page => {
    await page.locator('.keys input').focus();
    await press(page, 'Space');
    await page.goto(site + tool);
    await press(page, '/');
    expect(await page.evaluate(() => document.activeElement === document.body), 'the key still opens search');
  });
  await at(
    'search: a telephone shows nothing of keys',
    'search.html',
    async page => {
      await page.locator('.keys').waitFor({ state: 'attached' });
      expect(!(await page.locator('.keys').isVisible()), 'the hint is shown');
    },
    { hasTouch: true, isMobile: true, viewport: { width: 390, height: 800 } },
  );
  await at(
    'telephone: the head has two rows',
    tool,
    async page => {
      const height = await page.locator('header.top').evaluate(head => head.getBoundingClientRect().height);
      expect(height < 110, `${height} px`);
      const [brand, field] = await Promise.all(['.brand', '#q'].map(part => page.locator(part).boundingBox()));
      expect(Math.abs(brand.y + brand.height / 2 - field.y - field.height / 2) < 8, 'search is not beside the brand');
    },
    { hasTouch: true, isMobile: true, viewport: { width: 320, height: 800 } },
  );
  await at(
    'colour scheme: chosen, remembered, set before the first paint',
    tool,
    async page => {
      const colour = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const light = await colour(),
        button = page.locator('button.scheme');
      expect(
        (await button.getAttribute('aria-label')) === 'Colour scheme: system',
        await button.getAttribute('aria-label'),
      );
      await button.focus();
      await press(page, 'Enter');
      expect((await colour()) === light, 'light is not light');
      await press(page, 'Enter');
      const dark = await colour();
      expect(
        dark !== light && (await button.getAttribute('aria-label')) === 'Colour scheme: dark',
        `${light}, ${dark}`,
      );
      await page.goto(site + server);
      expect((await colour()) === dark, 'the choice is forgotten on the next page');
      const first = await page.evaluate(() =>
        [document.scripts, document.head]
          .map(all => [...(all.children ?? all)].find(e => e.matches('script[src]')))
          .every(s => /theme\./.test(s.src) && !s.defer && !s.async),
      );
      expect(first, 'another script comes first, or this one waits');
      const around = await page.locator('meta[name=theme-color]').getAttribute('content');
      const rgb = around
        .match(/[0-9a-f]{2}/g)
        .map(part => parseInt(part, 16))
        .join(', ');
      expect(dark === `rgb(${rgb})`, `${around} is around ${dark}`);
      await page.locator('button.scheme').click();
      await page.reload();
      expect((await colour()) === light, 'the system is not followed again');
    },
    { colorScheme: 'light' },
  );
  await at('search page: works from its address, keeps the query in it', 'search.html?q=delete', async page => {
    await page.locator('.hits a').first().waitFor();
    await page.locator('main input[type=search]').focus();
    await page.keyboard.press('End');
    await page.keyboard.type(' file');
    await page.waitForFunction(() => location.search.includes('file'));
    await page.locator('.hits a').first().waitFor();
    await press(page, 'ArrowDown');
    expect(
      await page.evaluate(() => document.activeElement.matches('.hits tbody a')),
      `focus is at ${await focused(page)}`,
    );
    await Promise.all([page.waitForNavigation(), press(page, 'Enter')]);
    expect(/\/tools\//.test(page.url()), page.url());
  });
  await at('search page: a result has title, class, quotation and marks', 'search.html?q=merge+pr', async page => {
    const row = page.locator('.hits tbody tr').first();
    await row.waitFor();
    const cells = await row.locator('th, td').allInnerTexts();
    expect(cells[1] === 'GitHub' && cells[2] === 'Write', cells.join(' | '));
    expect((await row.locator('code').first().innerText()) === 'merge_pull_request', cells[0]);
    expect(/^“?Merge a pull request/.test(await row.locator('q').innerText()), cells[0]);
    expect(
      (await row.locator('mark').allInnerTexts()).join(' ').toLowerCase().startsWith('merge pull request'),
      'the words are not marked',
    );
    expect(/pull request for “pr”/.test(cells[0]), `nothing says why: ${cells[0]}`);
  });
  await at('search page: filters by keyboard, in the address, kept on reload', 'search.html?q=delete', async page => {
    const box = value => page.locator(`.choices input[value=${value}]`),
      rows = page.locator('.hits tbody tr');
    await rows.first().waitFor();
    const told = Number((await page.locator('.choices label:has(input[value=write])').innerText()).match(/\d+/)[0]);
    await box('write').focus();
    await press(page, 'Space');
    await page.waitForFunction(() => new URLSearchParams(location.search).get('q') === 'delete class:write');
    await page.waitForFunction(() =>
      [...document.querySelectorAll('.hits tbody tr')].every(row => row.matches('.write')),
    );
    const said = await page.locator('[data-results] [role=status]').innerText();
    expect(told > 0 && new RegExp(`\\b${told} results`).test(said), `${told} are promised, ${said}`);
    await page.reload();
    await rows.first().waitFor();
    expect(
      (await box('write').isChecked()) && (await page.locator('.hits tr.write').count()) === (await rows.count()),
      'the filter is lost',
    );
    await box('write').focus();
    await press(page, 'Space');
    await page.waitForFunction(() => new URLSearchParams(location.search).get('q') === 'delete');
  });
  await at('search page: every example finds something', 'search.html', async page => {
    const examples = await page.locator('main p a[href^="?q="]').evaluateAll(links => links.map(link => link.href));
    expect(examples.length === 3, examples.join());
    for (const example of examples) {
      await page.goto(example);
      await page.locator('.hits a').first().waitFor();
    }
  });
  await at(
    'search page: a filter is offered for “read only”, lists where nothing is found',
    'search.html?q=read+only',
    async page => {
      await page.locator('.hits a').first().waitFor();
      expect(!(await page.locator('[data-none]').isVisible()), 'lists are offered beside results');
      await page.locator('.offers a').click();
      await page.locator('.hits a').first().waitFor();
      expect(new URL(page.url()).searchParams.get('q') === 'class:read', page.url());
      expect(await page.locator('.choices input[value=read]').isChecked(), 'the filter is not shown as chosen');
      await page.goto(page.url().replace(/\?.*/, '?q=qqqxyz'));
      await page.locator('[data-none] a').first().waitFor();
      expect(/^Nothing found/.test(await page.locator('[data-results] [role=status]').innerText()), 'it is not said');
      await Promise.all([page.waitForNavigation(), page.locator('[data-none] a').first().click()]);
      expect((await page.locator('table.tools tbody tr').count()) > 0, page.url());
    },
  );
  await at('search: an answer takes less than 100 ms after loading', 'search.html?q=delete', async page => {
    await page.locator('.hits a').first().waitFor();
    const slow = await page.evaluate(async () => {
      const reader = await toolcardSearch.open(async path =>
        (await fetch(document.querySelector('script[data-index]').dataset.index + path)).text(),
      );
      await reader.search('get task', 8);
      const begun = performance.now();
      await reader.search('get task', 8);
      return performance.now() - begun;
    });
    expect(slow < 100, `${slow} ms`);
  });
  await at('filters: class and facet, state in the address, gone with Back', server, async page => {
    const filter = page.locator('.filters select[name=class]');
    await filter.focus();
    await page.keyboard.type('destr');
    const shown = await page.locator('table.matrix tr[data-class]:visible').count();
    expect(
      shown > 0 && shown === (await page.locator('table.matrix tr[data-class=destructive]').count()),
      `${shown} rows`,
    );
    expect(new URL(page.url()).searchParams.get('class') === 'destructive', page.url());
    await page.reload();
    expect(
      (await page.locator('table.matrix tr[data-class]:visible').count()) === shown,
      'the filter is lost on reload',
    );
    expect(
      /of \d+ tools/.test(await page.locator('.filters [role=status]').innerText()),
      'the number of rows is not told',
    );
  });
  await at('filters: 500 tools by name', wide, async page => {
    await page.locator('.filters input').focus();
    await page.keyboard.type('delete_role');
    const names = await page.locator('table.matrix tr[data-class]:visible th').allInnerTexts();
    expect(names.length > 0 && names.every(name => name.replace(/\s/g, '').includes('delete_role')), names.join());
  });
  await at(
    'filters: a list by the name of a server, which every group has as its head',
    'classes/destructive/index.html',
    async page => {
      await page.locator('.filters input').focus();
      await page.keyboard.type('mongodb');
      const rows = page.locator('table.tools tbody tr:not(.group):visible'),
        heads = page.locator('table.tools tr.group:visible');
      expect(
        (await rows.count()) > 3 && (await heads.count()) === 1 && /MongoDB/.test(await heads.innerText()),
        `${await rows.count()} rows, ${await heads.count()} groups`,
      );
      const columns = await page.locator('table.tools thead th').allTextContents();
      expect(columns.join() === 'Tool,Facets', `what is the same for all has a column: ${columns}`);
    },
  );
  for (const width of [390, 1440]) {
    await at(
      `lexicon: short at first sight, ${width} px`,
      'lexicon.html',
      async page => {
        const [height, shown, rows] = await page.evaluate(() => [
          document.documentElement.scrollHeight,
          [...document.querySelectorAll('body *')].filter(e => e.checkVisibility()).length,
          document.querySelectorAll('tbody tr').length,
        ]);
        expect(height < 12000 && shown < 3000 && rows > 1000, `${height} px, ${shown} elements shown, ${rows} rows`);
      },
      { viewport: { width, height: 900 } },
    );
  }
  await at('lexicon: the filter looks in all tables and opens what has hits', 'lexicon.html', async page => {
    await page.locator('.filters input').focus();
    await page.keyboard.type('credential');
    const rows = await page.locator('tbody tr:visible').allInnerTexts();
    expect(rows.length > 1 && rows.every(row => /credential/i.test(row)), rows.join('\n'));
    expect((await page.locator('tbody tr:visible[id^="object."]').count()) > 0, 'objects are not looked at');
    await page.locator('.filters input').fill('');
    expect((await page.locator('details[open]').count()) === 0, 'parts stay open');
  });
  for (const javaScriptEnabled of [true, false]) {
    await at(
      `lexicon: a link to a rule opens its part, script ${javaScriptEnabled ? 'on' : 'off'}`,
      'lexicon.html#verb.delete',
      async page => {
        expect(await page.locator('[id="verb.delete"]').isVisible(), 'the rule stays folded');
      },
      { javaScriptEnabled },
    );
  }
  await at('tabs: arrows choose another document', server, async page => {
    const group = page.locator('fieldset.tabs').first();
    await group.locator('input:checked').focus();
    const before = await group.locator('.pane:visible').innerText();
    await press(page, 'ArrowRight');
    expect((await group.locator('.pane:visible').count()) === 1, 'not one pane');
    expect((await group.locator('.pane:visible').innerText()) !== before, 'the pane is the same');
  });
  await at(
    'copy: the document is in the clipboard',
    tool,
    async page => {
      const button = page.locator('button.copy').first();
      await button.focus();
      await press(page, 'Enter');
      await page.waitForFunction(() => /Copied/.test(document.querySelector('button.copy').textContent));
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      expect(JSON.parse(copied).version === '1', copied);
    },
    { permissions: ['clipboard-read', 'clipboard-write'] },
  );
  await at('download: the document of this tool alone', tool, async page => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.paste a.copy').click()]);
    expect(download.suggestedFilename() === 'policy.json', download.suggestedFilename());
    const saved = JSON.parse(readFileSync(await download.path(), 'utf8'));
    expect(
      saved.hide?.length === 1 &&
        JSON.stringify(saved) === JSON.stringify(JSON.parse(await page.locator('.paste pre').innerText())),
      JSON.stringify(saved),
    );
  });
  await at('skip link: first Tab, then the content', tool, async page => {
    await press(page, 'Tab');
    expect(/skip/i.test(await focused(page)), await focused(page));
    await press(page, 'Enter');
    expect(page.url().endsWith('#main'), page.url());
  });
};
