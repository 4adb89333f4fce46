// What an open page of the preview does while somebody edits: it shows the edit, loads once, and says what is wrong.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { check, expect, open, serving } from './lib.mjs';

const TOOL = 'tools/demo/get_item.html';

/** Edits a manifest under the eyes of an open page. */
export const edits = async (browser, work, binary) => {
  const top = join(work, 'edits');
  rmSync(top, { recursive: true, force: true });
  mkdirSync(join(top, 'catalog/demo'), { recursive: true });
  const manifest = join(top, 'catalog/demo/manifest.json');
  const write = words => writeFileSync(manifest, JSON.stringify({ tools: [{ name: 'get_item', description: words }] }));
  write('Gets the first item.');
  const { address, stop } = await serving(binary, top);
  try {
    const built = async words => {
      while (!readFileSync(join(top, '.toolcard/preview', TOOL), 'utf8').includes(words)) await pause(20);
    };
    const { page, errors, close } = await open(browser, address + TOOL);
    const says = words =>
      page.waitForFunction(words => document.querySelector('.lead')?.innerText.includes(words), words);
    await check('preview: an edit shows in an open page', async () => {
      write('Gets the second item.');
      await says('second');
      await built('second');
      // The preview knows the site by then.
      await pause(1500);
    });
    await check('preview: a page that was shown before it was built loads once', async () => {
      let loads = 0;
      page.on('load', () => loads++);
      write('Gets the third item.');
      await says('third');
      await built('third');
      await pause(1000);
      expect(loads === 1, `loaded ${loads} times`);
      await page.locator('button.scheme').click();
    });
    await check('preview: what is wrong stands on the page until it is mended', async () => {
      writeFileSync(manifest, '{');
      await page.getByRole('alert').filter({ hasText: 'manifest.json:1' }).waitFor();
      write('Gets the fourth item.');
      await says('fourth');
      await page.getByRole('alert').waitFor({ state: 'detached' });
    });
    await check('preview: nothing of this is against the policy of the page', () =>
      expect(!errors.length, errors.join('\n')),
    );
    await close();
  } finally {
    stop();
  }
};
