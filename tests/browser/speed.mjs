// Lighthouse: the median of three runs, all four categories. Performance depends on the machine, so its gate is lower.
import lighthouse from 'lighthouse';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { CHROMIUM, FLAGS, check, expect } from './lib.mjs';

const GATES = { performance: 95, accessibility: 98, 'best-practices': 98, seo: 98 };
const RUNS = 3;

const launch = async () => {
  const profile = mkdtempSync(join(tmpdir(), 'toolcard-'));
  const child = spawn(CHROMIUM, [...FLAGS, '--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const port = await new Promise((done, fail) => {
    let text = '';
    child.stderr.on('data', data => { text += data; const found = /DevTools listening on ws:\/\/[^:]+:(\d+)/.exec(text); if (found) done(Number(found[1])); });
    child.on('exit', () => fail(new Error(`chromium ended: ${text}`)));
  });
  const ended = new Promise(done => child.on('exit', done));
  return { port, close: async () => { child.kill(); await ended; rmSync(profile, { recursive: true, force: true, maxRetries: 5 }); } };
};

export const speed = async (address, name) => {
  const scores = {}, missing = new Set();
  const { port, close } = await launch();
  try {
    for (let i = 0; i < RUNS; i++) {
      const { lhr } = await lighthouse(address, { port, logLevel: 'silent', onlyCategories: Object.keys(GATES) });
      for (const key of Object.keys(GATES)) (scores[key] ??= []).push(Math.round(lhr.categories[key].score * 100));
      for (const category of Object.values(lhr.categories)) {
        for (const { id, weight } of category.auditRefs) if (weight && lhr.audits[id].score !== null && lhr.audits[id].score < 0.9) missing.add(id);
      }
    }
  } finally { await close(); }
  const median = Object.fromEntries(Object.entries(scores).map(([key, list]) => [key, list.sort((a, b) => a - b)[1]]));
  console.log(`lighthouse ${name}: ${Object.entries(median).map(([key, score]) => `${key} ${score}`).join(', ')}`);
  for (const [key, gate] of Object.entries(GATES)) {
    await check(`${name}: Lighthouse ${key} at least ${gate}`, () => expect(median[key] >= gate, `median ${median[key]} of ${scores[key]}; ${[...missing].join(', ')}`));
  }
};
