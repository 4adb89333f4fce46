// The policy for the tools that a reader ticks, and cards side by side.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { accessible } from './checks.mjs';
import { check, expect, open } from './lib.mjs';

/** What is ticked is what the command line writes, in every format. */
export const chosen = async (browser, binary, top, site) => {
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
  const cli = (server, names, format) =>
    execFileSync(
      binary,
      ['--quiet', 'policy', server, '--format', format, ...names.flatMap(name => ['--only', name])],
      { cwd: top, encoding: 'utf8' },
    );
  const ticked = page =>
    page
      .locator('.matrix input:checked')
      .evaluateAll(all => all.map(tick => tick.closest('th').querySelector('code').textContent).sort());
  const shown = page => page.locator('.compose pre').evaluate(pre => pre.textContent + '\n');
  const status = page => page.locator('.compose [role=status]').innerText();

  await at('composer: nothing is fetched before somebody asks', 'tools/server-github/index.html', async page => {
    expect(
      !(await page.evaluate(() =>
        performance.getEntriesByType('resource').some(({ name }) => name.includes('composer.json')),
      )),
      'composer.json is fetched',
    );
    expect((await page.locator('.matrix input').count()) === 0, 'there are boxes to tick');
  });
  await at(
    'composer: what is recommended is ticked first, and is policy.json',
    'tools/mongodb-mcp-server/index.html',
    async page => {
      await page.getByRole('button', { name: 'Choose tools one by one' }).focus();
      await page.keyboard.press('Enter');
      await page.locator('.compose pre').waitFor();
      const file = await page.evaluate(async () => (await fetch('policy.json')).text());
      expect((await shown(page)) === file, await shown(page));
    },
  );
  await at(
    'composer: ticks make the document of the command line, in every format',
    'tools/mongodb-mcp-server/index.html#only=',
    async page => {
      await page.locator('.compose pre').waitFor();
      // A browser may hold back dozens of downloads from one page, so what a download would hold is read, and one is made.
      await page.evaluate(() => {
        const make = URL.createObjectURL.bind(URL);
        URL.createObjectURL = blob => {
          const href = make(blob);
          globalThis.offered = { blob, href };
          return href;
        };
      });
      const offered = () =>
        page.evaluate(async () => {
          const { blob, href } = globalThis.offered;
          return document.querySelector('.compose a[download]').href === href ? blob.text() : 'another link';
        });
      expect(/^0 of \d+ tools ticked: \d+ hidden\.$/.test(await status(page)), await status(page));
      for (const name of ['delete-many', 'find', 'insert-many'])
        await page.getByRole('checkbox', { name: `Allow ${name}`, exact: true }).check();
      const names = await ticked(page);
      expect(names.join() === 'delete-many,find,insert-many', names.join());
      expect(
        /^3 of \d+ tools ticked: 1 allowed, 2 limited, \d+ hidden\.$/.test(await status(page)),
        await status(page),
      );
      const formats = await page.locator('.compose option').evaluateAll(all => all.map(option => option.value));
      expect(formats.length >= 9, formats.join());
      for (const format of formats) {
        await page.locator('.compose select').selectOption(format);
        const [found, wanted] = [await shown(page), cli('mongodb-mcp-server', names, format)];
        expect(found === wanted, `${format}:\n${found}\nand not\n${wanted}`);
        expect((await offered()) === wanted, `${format}: the file is another`);
      }
      const [download] = await Promise.all([
        page.waitForEvent('download', { timeout: 30000 }),
        page.getByRole('link', { name: 'Download' }).and(page.locator('.compose a')).click(),
      ]);
      const wanted = cli('mongodb-mcp-server', names, formats.at(-1));
      expect(readFileSync(await download.path(), 'utf8') === wanted, 'the file is another');
    },
  );
  await at(
    'composer: a tool that is not ticked is denied in every document',
    'tools/server-github/index.html#only=get_issue',
    async page => {
      await page.locator('.compose pre').waitFor();
      const policy = JSON.parse(await shown(page));
      expect(
        Object.keys(policy.tools).join() === 'get_issue' &&
          policy.default === 'deny' &&
          policy.hide.includes('push_files'),
        JSON.stringify(policy),
      );
    },
  );
  await at('composer: the address restores the choice', 'tools/server-github/index.html', async page => {
    await page.getByRole('button', { name: 'Choose tools one by one' }).click();
    await page.getByRole('button', { name: 'Untick all' }).click();
    for (const name of ['create_issue', 'search_users'])
      await page.getByRole('checkbox', { name: `Allow ${name}`, exact: true }).check();
    const address = page.url(),
      before = await shown(page);
    expect(address.endsWith('#only=create_issue,search_users'), address);
    await page.goto('about:blank');
    await page.goto(address);
    await page.locator('.compose pre').waitFor();
    expect(
      (await shown(page)) === before && (await ticked(page)).join() === 'create_issue,search_users',
      await shown(page),
    );
  });
  for (const forged of ['create_issue,rm_rf', '%', '*', '__proto__', 'create_issue%2Csearch_users', '<img src=x>']) {
    await at(
      `composer: an address that names what is not a tool ticks nothing: ${forged}`,
      `tools/server-github/index.html#only=${forged}`,
      async page => {
        await page.locator('.compose pre').waitFor();
        expect((await ticked(page)).length === 0, (await ticked(page)).join());
        expect(/names a tool that this server does not have/.test(await status(page)), await status(page));
        expect(!JSON.parse(await shown(page)).tools, await shown(page));
      },
    );
  }
  await at(
    'composer: the rows that a filter shows can be ticked together',
    'tools/mongodb-mcp-server/index.html?class=read',
    async page => {
      await page.getByRole('button', { name: 'Choose tools one by one' }).click();
      await page.getByRole('button', { name: 'Untick all' }).click();
      await page.getByRole('button', { name: 'Tick all shown' }).click();
      const names = await ticked(page),
        rows = await page.locator('.matrix tr[data-class=read]').count();
      expect(names.length === rows && rows > 0, `${names.length} of ${rows}`);
      expect(new URL(page.url()).searchParams.get('class') === 'read', page.url());
    },
  );
  await at(
    'composer: no horizontal scroll from 320 to 1440',
    'tools/server-github/index.html#only=create_issue',
    async page => {
      await page.locator('.compose pre').waitFor();
      for (const width of [320, 390, 600, 820, 1024, 1440]) {
        await page.setViewportSize({ width, height: 800 });
        const wide = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(wide <= 0, `${wide} px too wide at ${width}`);
      }
    },
  );
  await accessible(browser, `${site}tools/server-github/index.html#only=create_issue`, 'composer');
  await at('a server whose profiles are one document shows it once', 'tools/clearml-mcp/index.html', async page => {
    expect((await page.locator('input[name=p]').count()) === 0, 'there are tabs of profiles');
  });
  await at(
    'matrix: a row is at most 36 px high at 1440',
    'tools/mongodb-mcp-server/index.html',
    async page => {
      const heights = await page
        .locator('.matrix tr[data-class]')
        .evaluateAll(all => all.map(row => row.getBoundingClientRect().height));
      expect(Math.max(...heights) <= 36.5, `${Math.max(...heights)} px`);
      const tops = await page
        .locator('.filters label')
        .evaluateAll(all => all.map(label => Math.round(label.getBoundingClientRect().top)));
      expect(new Set(tops).size === 1, `the filters stand in ${new Set(tops).size} rows`);
    },
    { viewport: { width: 1440, height: 900 } },
  );
};

/** Cards side by side, from their JSON. */
export const sideBySide = async (browser, site) => {
  const two = 'server-github/create_issue,zereight-mcp-gitlab/create_issue';
  const at = async (name, names, run, options) =>
    check(name, async () => {
      const { page, errors, close } = await open(browser, `${site}compare.html#${names}`, options);
      const asked = [];
      page.on('request', request => asked.push(new URL(request.url()).pathname));
      try {
        await page.reload();
        await page.waitForFunction(
          () =>
            document.querySelector('.compare [role=status]').textContent ||
            document.querySelectorAll('.side>.card').length > 1,
        );
        await run(page, asked);
        expect(!errors.length, errors.join('\n'));
      } finally {
        await close();
      }
    });
  const status = page => page.locator('.compare [role=status]').innerText();
  await at('compare: two cards, their rows aligned', two, async page => {
    const cards = page.locator('.side>.card');
    expect((await cards.count()) === 2 && (await status(page)) === '', await status(page));
    const tops = await cards.evaluateAll(all =>
      all.map(card => [...card.children].map(row => Math.round(row.getBoundingClientRect().top)).join()),
    );
    expect(tops[0] === tops[1], tops.join(' and '));
    const words = await cards.first().innerText();
    for (const part of [
      'create_issue',
      'GitHub',
      'Write',
      'Medium',
      'Allow, 30 a minute',
      'in the name',
      'owner',
      'required',
    ])
      expect(words.includes(part), `no ${part} in ${words}`);
  });
  await at(
    'compare: what is not there is reported, the rest is shown',
    `${two},server-github/no_such_tool`,
    async page => {
      expect((await page.locator('.side>.card').count()) === 2, 'not two cards');
      expect((await status(page)) === 'server-github/no_such_tool was not found.', await status(page));
    },
  );
  for (const forged of [
    '../../etc/passwd',
    'a/../../b',
    '//evil.example/x',
    'https://evil.example/a',
    'javascript:alert(1)',
    'server-github/%2e%2e',
    'SERVER/TOOL',
    '%',
    '<img src=x>/y',
  ]) {
    await at(`compare: refuses ${forged}`, `${forged},server-github/create_issue`, async (page, asked) => {
      expect(/can be no card|Name two to five/.test(await status(page)), await status(page));
      const cards = asked.filter(path => path.endsWith('.card.json'));
      expect(
        cards.every(path => path === '/cards/tools/server-github/create_issue.card.json'),
        cards.join(),
      );
    });
  }
  await at(
    'compare: at most five, without horizontal scroll from 320 to 1440',
    `${two},mongodb-mcp-server/find,mongodb-mcp-server/delete-many,clearml-mcp/get_task_artifacts,clearml-mcp/list_tasks`,
    async page => {
      expect((await page.locator('.side>.card').count()) === 5, 'not five cards');
      for (const width of [320, 390, 600, 820, 1024, 1440]) {
        await page.setViewportSize({ width, height: 800 });
        const wide = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(wide <= 0, `${wide} px too wide at ${width}`);
      }
    },
  );
  await check('compare: the page of a tool leads to it and those like it', async () => {
    const { page, errors, close } = await open(browser, `${site}tools/server-github/create_issue.html`);
    try {
      await page.getByRole('link', { name: 'Compare', exact: true }).click();
      await page.locator('.side>.card').nth(1).waitFor();
      expect(/#server-github\/create_issue,/.test(page.url()) && !errors.length, `${page.url()} ${errors.join()}`);
    } finally {
      await close();
    }
  });
  await accessible(browser, `${site}compare.html#${two},mongodb-mcp-server/delete-many`, 'compare, three cards');
};
