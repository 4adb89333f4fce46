// usage: node tests/browser/preview.mjs TOOLCARD CATALOG SERVER TOOL [TIMES]
// How long an edit of one manifest takes until an open page shows it: `toolcard serve` of a copy of the catalogue, Chromium on
// the tool's page, and a description that changes TIMES times. Prints milliseconds from the write until the new words are
// painted, and until the site has them.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { browse, serving } from './lib.mjs';

const [toolcard, catalog, server, tool, times = '10'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'toolcard-preview-'));
cpSync(catalog, join(folder, 'catalog'), { recursive: true });
const manifest = join(folder, 'catalog', server, 'manifest.json');
const { address, stop } = await serving(toolcard, folder);
const browser = await browse();
try {
  const page = await browser.newPage();
  let painted;
  await page.exposeFunction('painted', (time, text) => painted?.(time, text));
  await page.addInitScript(() => {
    let last;
    const look = () => {
      const text = document.querySelector('.lead')?.textContent;
      if (text === last) return;
      last = text;
      requestAnimationFrame(() => setTimeout(() => window.painted(Date.now(), text)));
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true });
  });
  const path = `tools/${server}/${tool}.html`;
  const built = join(folder, '.toolcard/preview', path);
  await page.goto(address + path);
  await pause(3000);
  const [shown, written] = [[], []];
  for (let i = 0; i < Number(times); i++) {
    const words = `Gets what edit ${i} says.`;
    const text = JSON.parse(readFileSync(manifest, 'utf8'));
    text.tools.find(({ name }) => name === tool).description = words;
    const seen = new Promise(found => {
      painted = (time, text) => text.includes(words) && found(time);
    });
    const begun = Date.now();
    writeFileSync(manifest, JSON.stringify(text));
    const never = pause(30000, undefined, { ref: false }).then(() => {
      throw new Error(`"${words}" is never shown`);
    });
    shown.push((await Promise.race([seen, never])) - begun);
    while (!readFileSync(built, 'utf8').includes(words)) await pause(5);
    written.push(Date.now() - begun);
    await pause(2000);
  }
  const told = list => {
    list.sort((a, b) => a - b);
    const at = share => Math.round(list[Math.min(list.length - 1, Math.floor(list.length * share))]);
    return `median ${at(0.5)}, least ${at(0)}, most ${at(1)} ms`;
  };
  console.log(`shown:   ${told(shown)}\nwritten: ${told(written)}`);
} finally {
  await browser.close();
  stop();
  rmSync(folder, { recursive: true, force: true });
}
