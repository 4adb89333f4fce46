// What readers look for and what they must find: queries.tsv, asked of the bundled catalogue's own index and reader.
// Needs no browser. One line a query: what must be first, among the first three, and never among the first ten.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import vm from 'node:vm';
import { check, expect } from './lib.mjs';

/** The reader of a built site, with a count of the bytes that it loads. */
export const reader = async site => {
  const loaded = { bytes: 0 },
    page = vm.createContext({ toolcardPage: {} });
  const file = readdirSync(join(site, 'static')).find(name => /^search\..*js$/.test(name));
  vm.runInContext(readFileSync(join(site, 'static', file), 'utf8'), page);
  const { search } = await page.toolcardSearch.open(async path => {
    const bytes = readFileSync(join(site, 'search', path.split('?')[0]));
    loaded.bytes += bytes.length;
    return bytes.toString();
  });
  return { search, loaded };
};

const rows = readFileSync(join(import.meta.dirname, 'queries.tsv'), 'utf8')
  .split('\n')
  .filter(line => line && !line.startsWith('#'));
const list = cell => (cell ?? '').split(', ').filter(Boolean);
const named = hit => (hit.class ? `${hit.server} ${hit.name}` : hit.name);

/** Asks every query of the table. */
export const queries = async site => {
  let most = 0;
  for (const row of rows) {
    const [query, first, three, never] = row.split('\t');
    await check(`query: ${query}`, async () => {
      // Each with a reader of its own, as somebody does who comes with a link.
      const { search, loaded } = await reader(site);
      const { hits } = await search(query, 20),
        found = hits.map(named);
      most = Math.max(most, loaded.bytes);
      if (first === '-') expect(!found.length, `finds ${found.slice(0, 3)}`);
      else if (first) expect(found[0] === first, `first is ${found[0]}`);
      for (const one of list(three))
        expect(found.slice(0, 3).includes(one), `${one} is not in ${found.slice(0, 3).join(', ')}`);
      for (const one of list(never)) expect(!found.slice(0, 10).includes(one), `${one} is found`);
      expect(loaded.bytes <= 120_000, `${loaded.bytes} bytes are loaded`);
      for (const hit of hits) {
        expect(/^tools\/[a-z0-9._-]+\/[a-z0-9._-]+\.html$/.test(hit.url), hit.url);
        expect([...hit.text].length <= 121, hit.text);
      }
    });
  }
  console.log(`queries: ${rows.length}, at most ${most} bytes loaded`);
};
