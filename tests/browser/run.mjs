// All browser checks of the bundled catalogue and of the odd one. Started by `run`.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { HtmlValidate } from 'html-validate';
import { accessible, clear, keyboard, lastTab, narrow, plain, quiet, shareBar, short, whole } from './checks.mjs';
import { chosen, sideBySide } from './composer.mjs';
import { edits } from './edits.mjs';
import { write } from './fixtures.mjs';
import { inert, preview } from './hostile.mjs';
import { browse, check, expect, host, report } from './lib.mjs';
import { broken, files } from './links.mjs';
import { queries } from './queries.mjs';
import { speed } from './speed.mjs';

const top = join(import.meta.dirname, '../..'),
  work = join(top, 'target/browser');
const binary = process.env.TOOLCARD ?? join(top, 'target/debug/toolcard');
const quick = process.argv.includes('--quick');
const folders = {
  '/cards/': () => join(work, 'site'),
  '/odd/': () => join(work, 'odd'),
  '/one/': () => join(work, 'one'),
  '/hostile/': () => join(work, 'hostile/site'),
};
mkdirSync(work, { recursive: true });
rmSync(join(work, 'catalog'), { recursive: true, force: true });
write(join(work, 'catalog'));
const { origin, close } = await host(folders);
const build = (catalog, out, base, ...more) => {
  try {
    execFileSync(
      binary,
      ['--quiet', 'build', '--catalog', catalog, '--out', out, '--base-url', origin + base, ...more],
      { cwd: work, stdio: ['ignore', 'ignore', 'pipe'] },
    );
  } catch (error) {
    // Partly bad input is reported and the rest is built; anything else ends the run.
    if (error.status !== 1) throw error;
  }
};
build(join(top, 'catalog'), join(work, 'site'), '/cards/');
build(join(work, 'catalog'), join(work, 'odd'), '/odd/');

const sites = { cards: join(work, 'site'), odd: join(work, 'odd') };
for (const [name, folder] of Object.entries(sites)) {
  await check(`${name}: every link and anchor leads somewhere`, () => {
    const { problems, followed } = broken(folder, `${origin}/${name}/`);
    console.log(`${name}: ${followed} links followed`);
    expect(!problems.length, `${problems.length} broken\n${problems.slice(0, 20).join('\n')}`);
  });
}
const packed = name => gzipSync(readFileSync(name)).length;
await check(
  'budgets, packed: style sheets 7 kB and 1.5 kB for tables; scripts of a page 8 kB, 6 kB more when somebody searches',
  () => {
    const shared = files(join(sites.cards, 'static'));
    // A file is published as `name.hash.kind`.
    const published = name => shared.find(path => path.replace(/\.[0-9a-f]{8}\./, '.').endsWith(`/static/${name}`));
    const sum = names => names.reduce((bytes, name) => bytes + packed(published(name)), 0);
    const budgets = [
      [['toolcard.css'], 7000],
      [['tables.css'], 1500],
      [['compare.css'], 1000],
      [['search.js', 'suggest.js'], 6000],
      [['search.js', 'results.js'], 6000],
      [['inter.woff2'], 16000],
    ];
    const sizes = budgets.map(([names, most]) => [names.join(' + '), sum(names), most]);
    let heaviest = ['', 0];
    for (const path of files(sites.cards).filter(name => name.endsWith('.html'))) {
      const own = [
        ...readFileSync(path, 'utf8').matchAll(/<script[^>]* src="[^"]*static\/([\w-]+)\.[0-9a-f]{8}\.js"/g),
      ];
      expect(own.length, `${path} loads no script`);
      const bytes = sum(own.map(([, name]) => `${name}.js`));
      if (bytes > heaviest[1]) heaviest = [relative(sites.cards, path), bytes];
    }
    sizes.push([`scripts of ${heaviest[0]}`, heaviest[1], 8000]);
    console.log(`bytes, packed: ${sizes.map(([name, bytes]) => `${name} ${bytes}`).join(', ')}`);
    expect(
      sizes.every(([, bytes, most]) => bytes > 0 && bytes <= most),
      sizes.join(),
    );
  },
);
await check('budgets: the search index has at most 33 bytes of words a document, packed', () => {
  const index = join(sites.cards, 'search'),
    words = files(join(index, 'w')).reduce((sum, name) => sum + packed(name), 0);
  const each = words / JSON.parse(readFileSync(join(index, 'root.json'))).documents;
  console.log(`bytes: ${each.toFixed(1)} of words a document, packed`);
  expect(each <= 33, String(each));
});
await queries(sites.cards);
await check('budgets: a median tool page has at most 10 kB, 4 kB packed', () => {
  const pages = files(join(sites.cards, 'tools')).filter(
    name => name.endsWith('.html') && !name.endsWith('index.html'),
  );
  const sorted = size => pages.map(size).sort((a, b) => a - b);
  const sizes = sorted(name => statSync(name).size),
    middle = Math.floor(sizes.length / 2),
    median = sizes[middle],
    sent = sorted(packed)[middle];
  console.log(`bytes: median tool page ${median}, ${sent} packed, largest ${sizes.at(-1)}, ${sizes.length} pages`);
  expect(median <= 10000 && sent <= 4000, String(median));
});

// Pages that there is one of are found: a new kind is checked without a line here.
const single = readdirSync(sites.cards).filter(name => name.endsWith('.html'));
const kinds = [
  ...single,
  'attacks/index.html',
  'servers/index.html',
  'tools/mongodb-mcp-server/index.html',
  'tools/clearml-mcp/index.html',
  'tools/mongodb-mcp-server/delete-many.html',
  'tools/clearml-mcp/get_task_artifacts.html',
  'tools/workspace-mcp/manage_contact.html',
  'classes/destructive/index.html',
  'severity/critical/index.html',
  'facets/bulk/index.html',
  'verbs/delete/index.html',
];
const attack = files(join(sites.cards, 'attacks')).find(name => name.endsWith('.html') && !name.endsWith('index.html'));
if (attack) kinds.push(relative(sites.cards, attack));
const strange = files(sites.odd)
  .filter(
    name =>
      /\/tools\/(odd|one-tool|no-tools|long-[^/]*)\/[^/]*\.html$/.test(name) ||
      name.endsWith('five-hundred/index.html'),
  )
  .map(name => relative(sites.odd, name))
  .sort();
const pages = [...kinds.map(path => ['cards', path]), ...strange.map(path => ['odd', path])];

const validator = new HtmlValidate({
  extends: ['html-validate:standard'],
  rules: { 'long-title': 'off', 'no-inline-style': 'error' },
});
for (const [site, path] of pages) {
  await check(`${site}/${path}: valid HTML`, async () => {
    const { results } = await validator.validateString(readFileSync(join(sites[site], path), 'utf8'));
    const messages = results.flatMap(result => result.messages).filter(message => message.severity === 2);
    expect(
      !messages.length,
      messages
        .slice(0, 10)
        .map(m => `${m.line}:${m.column} ${m.ruleId} ${m.message}`)
        .join('\n'),
    );
  });
}
const browser = await browse();
try {
  const visit = async ([site, path]) => {
    const address = `${origin}/${site}/${path.replace(/[^/]+/g, encodeURIComponent)}`,
      name = `${site}/${path}`;
    await accessible(browser, address, name);
    await quiet(browser, address, name);
    await narrow(browser, address, name);
    await plain(browser, address, name);
    await whole(browser, address, name);
  };
  // Three pages at a time: the browser waits for paints more than it computes.
  const waiting = [...pages];
  const worker = async () => {
    while (waiting.length) await visit(waiting.shift());
  };
  await Promise.all([worker(), worker(), worker()]);
  for (const query of ['merge pr', 'class:destructive facet:bulk delete', 'github']) {
    const address = `${origin}/cards/search.html?q=${encodeURIComponent(query)}`;
    for (const ask of [accessible, quiet, narrow, whole]) await ask(browser, address, `search for ${query}`);
  }
  const cards = `${origin}/cards/tools/`;
  for (const path of [
    'mongodb-mcp-server/delete-many.html',
    'server-github/create_pull_request.html',
    'n8n-mcp/n8n_manage_datatable.html',
    'clearml-mcp/get_task_artifacts.html',
    'clearml-mcp/index.html',
  ])
    await clear(browser, cards + path, path);
  await short(browser, `${cards}clearml-mcp/get_task_artifacts.html`, 'a Read page', 2300);
  await short(browser, `${cards}n8n-mcp/n8n_manage_datatable.html`, 'a page of 13 values', 2700);
  await lastTab(
    browser,
    `${cards}mongodb-mcp-server/delete-many.html`,
    `${cards}server-github/create_pull_request.html`,
  );
  await shareBar(
    browser,
    `${origin}/cards/index.html`,
    JSON.parse(readFileSync(join(sites.cards, 'api/v1/index.json'))).tools,
  );
  await chosen(browser, binary, top, `${origin}/cards/`);
  await sideBySide(browser, `${origin}/cards/`);
  await edits(browser, work, binary);
  await keyboard(browser, `${origin}/cards/`, {
    server: 'tools/mongodb-mcp-server/index.html',
    tool: 'tools/mongodb-mcp-server/delete-many.html',
    wide: '../odd/tools/five-hundred/index.html',
  });
} finally {
  await browser.close();
}
await inert(work, origin, build);
await preview(work, binary);
if (!quick) {
  for (const path of [
    'index.html',
    'tools/mongodb-mcp-server/index.html',
    'tools/zereight-mcp-gitlab/index.html',
    'tools/mongodb-mcp-server/delete-many.html',
  ])
    await speed(`${origin}/cards/${path}`, path);
}
close();
report();
