// The reader's half of the promise in tests/integration/search.rs: `node --test tests/search`, with TOOLCARD_BLESS=1 to write results.json.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import vm from 'node:vm';

const here = new URL('.', import.meta.url);
const json = name => JSON.parse(readFileSync(new URL(name, here), 'utf8'));
const page = vm.createContext({});
const parts = ['words.js', 'index.js'].map(name =>
  readFileSync(new URL(`../../static/js/search/${name}`, here), 'utf8'),
);
const { words, forms, open } = vm.runInContext(`${parts.join('\n')}; ({ words, forms, open })`, page);
const loads = [];
const load = async path => {
  loads.push(path);
  return readFileSync(new URL('index/' + path.split('?')[0], here), 'utf8');
};

test('words are those that the writer makes', () => {
  for (const [text, expected] of json('words.json')) assert.deepEqual([...words(text)], expected, text);
});

test('each query finds what is written in results.json', async () => {
  const reader = await open(load);
  const found = {};
  for (const query of json('input.json').queries) {
    const { hits, corrected, unknown, partial, offers, counts } = await reader.search(query, 5);
    found[query] = { hits: hits.map(hit => `${hit.server} ${hit.name}`) };
    if (corrected.length) found[query].corrected = corrected.map(pair => pair.join(' → '));
    const via = hits.flatMap(hit => hit.via.map(([typed, other]) => `${hit.name}: ${other} for ${typed}`));
    if (via.length) found[query].via = via;
    if (offers.length) found[query].offers = offers.map(offer => offer.query);
    const { classes, facets } = json('index/root.json');
    const counted = names => names.map(name => counts[name] || 0).join(' ');
    if (counts) found[query].counts = `${counts.all}: class ${counted(classes)}, facet ${counted(facets)}`;
    if (unknown.length) found[query].unknown = unknown;
    if (partial) found[query].partial = true;
  }
  const text = JSON.stringify(found, null, 1) + '\n';
  const file = new URL('results.json', here);
  if (process.env.TOOLCARD_BLESS) writeFileSync(file, text);
  assert.equal(text, readFileSync(file, 'utf8'));
});

test('a word in a list that was cut is found through its document', async () => {
  const reader = await open(load);
  const { hits } = await reader.search('get item zebra', 5);
  assert.equal(hits[0].name, 'get_item_zebra_by_long_name');
});

test('where a cut list leaves something open, only what is sure is shown', async () => {
  const { hits, partial, sure } = await (await open(load)).search('bulk clearml ', 5);
  assert.ok(hits.length > 0 && hits.every(hit => /clearml|bulk/i.test(hit.server)), JSON.stringify(hits));
  assert.ok(partial && sure);
});

test('endings are one word, other words are not', () => {
  const alike = (a, b) => forms(a).some(form => forms(b).includes(form));
  for (const [a, b] of [
    ['deleteing', 'delete'],
    ['deleting', 'delete'],
    ['deleted', 'delete'],
    ['deletion', 'delete'],
    ['deletion', 'deleted'],
    ['creation', 'create'],
    ['running', 'run'],
    ['stopped', 'stop'],
    ['installation', 'install'],
    ['execution', 'executing'],
    ['modified', 'modify'],
    ['branche', 'branch'],
    ['listing', 'list'],
  ])
    assert.ok(alike(a, b), `${a} ${b}`);
  for (const [a, b] of [
    ['plane', 'plan'],
    ['string', 'str'],
    ['station', 'state'],
    ['file', 'fill'],
    ['user', 'use'],
    ['payload', 'pay'],
    ['action', 'act'],
    ['need', 'nee'],
  ])
    assert.ok(!alike(a, b), `${a} ${b}`);
});

test('whole words come before beginnings of longer ones', async () => {
  const reader = await open(load);
  const names = (await reader.search('pay', 5)).hits.map(hit => hit.name);
  assert.equal(names[0], 'pay');
  assert.ok(!names.slice(0, 2).includes('payload_size'), names.join());
});

test('a name with tabs and line breaks moves and forges no other line', async () => {
  const reader = await open(load),
    expected = json('input.json').documents;
  const plain = text => words(text.replace('…', '')).join(' ');
  const { hits } = await reader.search('class:read class:write class:destructive', 100);
  assert.equal(hits.length, expected.length);
  for (const hit of hits) {
    const own = expected.filter(
      one =>
        one.class.toLowerCase() === hit.class &&
        hit.facet.join() === one.facets.join() &&
        plain(one.name).startsWith(plain(hit.name)),
    );
    assert.ok(own.length > 0, JSON.stringify(hit));
    assert.match(hit.url, /^tools\/[a-z0-9._-]+\/[a-z0-9._-]+\.html$/);
    assert.doesNotMatch(Object.values(hit).join(''), /[\t\n\r\u2028\u202e]/);
  }
});

test('a filter that no tool has is told as it was typed', async () => {
  const reader = await open(load);
  for (const query of ['hint:x', 'finding:y', 'server:__proto__', 'verb:constructor', 'hint:__proto__ toString']) {
    const { hits, unknown } = await reader.search(query, 5);
    const typed = query.toLowerCase();
    assert.ok(hits.length === 0 && unknown.length > 0, query);
    for (const word of unknown)
      assert.ok(typeof word === 'string' && word && typed.includes(word), `${query}: ${word}`);
  }
});

/* The index with block `d/0.txt` as `change` makes it. */
const forged = change => open(async path => (path.startsWith('d/0.txt') ? change(await load(path)) : load(path)));

test('an address that leaves the site is refused', async () => {
  for (const address of [
    'javascript:alert(1)',
    'https://evil.example/x.html',
    '//evil.example/x.html',
    '/x.html',
    '../x.html',
    'a/../../x.html',
    'data:text/html,x',
    'JAVASCRIPT:x.html',
    'tools\\x.html',
    'tools/x.html?q',
    'tools/javascript:x.html',
    ' javascript:x/x.html',
    'tools/%2e%2e/x.html',
    '',
  ]) {
    const reader = await forged(text =>
      text.replace(/^[^\t]*/gm, line => line && address).replace(/^(?=\t)/gm, address),
    );
    const { hits } = await reader.search('server', 50);
    assert.ok(
      hits.every(hit => hit.url.startsWith('tools/') && /^[a-z0-9/._-]+$/.test(hit.url)),
      address,
    );
    assert.ok(
      hits.length < (await (await open(load)).search('server', 50)).hits.length,
      address + ': the block was not asked for',
    );
  }
});

test('a block of another length is refused as a whole', async () => {
  const reader = await forged(text => 'tools/x/y.html\tforged\tX\t\t\t0\n' + text);
  await assert.rejects(reader.search('server', 50), /other documents/);
});

test('a query loads only what it needs', async () => {
  const reader = await open(load);
  loads.length = 0;
  await reader.search('refund', 5);
  assert.ok(loads.filter(path => path.startsWith('w/')).length <= 3 && !loads.includes('words.txt'), loads.join(' '));
});

test('an index of another format is refused', async () => {
  await assert.rejects(
    open(async () => '{"format":1}'),
    /format 2/,
  );
});
