// The reader's half of the promise in main.rs: `node --test tests/search`, with BLESS=1 to write results.json.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import vm from 'node:vm';

const here = new URL('.', import.meta.url);
const json = name => JSON.parse(readFileSync(new URL(name, here), 'utf8'));
const page = vm.createContext({});
vm.runInContext(readFileSync(new URL('../../static/search.js', here), 'utf8'), page);
const { words, open } = page.toolcardSearch;
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
    const { hits, corrected, unknown, partial } = await reader.search(query, 5);
    found[query] = { hits: hits.map(hit => `${hit.server} ${hit.name}`) };
    if (corrected.length) found[query].corrected = corrected.map(pair => pair.join(' → '));
    if (unknown.length) found[query].unknown = unknown;
    if (partial) found[query].partial = true;
  }
  const text = JSON.stringify(found, null, 1) + '\n';
  const file = new URL('results.json', here);
  if (process.env.BLESS) writeFileSync(file, text);
  assert.equal(text, readFileSync(file, 'utf8'));
});

test('a word in a list that was cut is found through its document', async () => {
  const reader = await open(load);
  const { hits } = await reader.search('get item zebra', 5);
  assert.equal(hits[0].name, 'get_item_zebra_by_long_name');
});

test('a query loads only what it needs', async () => {
  const reader = await open(load);
  loads.length = 0;
  await reader.search('refund', 5);
  assert.ok(loads.length <= 3, loads.join(' '));
});

test('an index of another format is refused', async () => {
  await assert.rejects(open(async () => '{"format":2}'), /format 1/);
});
