// What the checks share: a counter, a static host, a browser.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, normalize, sep } from 'node:path';
import { createInterface } from 'node:readline';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';

const failures = [];
let passed = 0;

const only = new RegExp(process.argv.find(word => word.startsWith('--only='))?.slice(7) ?? '');

/** Runs one check, if it is asked for; what it throws is a failure that is reported at once. */
export const check = async (name, run) => {
  if (!only.test(name)) return;
  try {
    await run();
    passed++;
  } catch (error) {
    failures.push(name);
    console.log(
      `FAILED ${name}\n  ${String(error?.message ?? error)
        .split('\n')
        .slice(0, 30)
        .join('\n  ')}`,
    );
  }
};

/** The last line, and the exit code. */
export const report = () => {
  for (const name of failures) console.log(`failed: ${name}`);
  console.log(`${passed} passed, ${failures.length} failed`);
  process.exitCode = failures.length ? 1 : 0;
};

export const expect = (condition, message) => {
  if (!condition) throw new Error(message);
};

const KINDS = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  svg: 'image/svg+xml',
  xml: 'application/xml',
  md: 'text/markdown; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  png: 'image/png',
};

/** Serves each folder below its path, as a host with compression and the site's own `_headers` would. */
export const host = async folders => {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://x').pathname);
    const base = Object.keys(folders).find(base => path.startsWith(base));
    let file = base && normalize(join(folders[base](), path.slice(base.length)));
    if (file && existsSync(file) && statSync(file).isDirectory()) file = join(file, 'index.html');
    const found = file?.startsWith(base && folders[base]() + sep) && existsSync(file);
    const missing = base && join(folders[base](), '404.html');
    if (!found && !existsSync(missing ?? '')) return response.writeHead(404).end();
    const body = readFileSync(found ? file : missing);
    const kind = KINDS[(found ? file : missing).split('.').pop()] ?? 'application/octet-stream';
    const policy =
      existsSync(join(folders[base](), '_headers')) &&
      /Content-Security-Policy: (.*)/.exec(readFileSync(join(folders[base](), '_headers'), 'utf8'))?.[1];
    const packed = /text|json|javascript|xml|svg/.test(kind) && /gzip/.test(request.headers['accept-encoding'] ?? '');
    response.writeHead(found ? 200 : 404, {
      'Content-Type': kind,
      'Cache-Control': path.includes('/static/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      ...(packed && { 'Content-Encoding': 'gzip' }),
      ...(policy && { 'Content-Security-Policy': policy }),
    });
    response.end(packed ? gzipSync(body) : body);
  });
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
};

export const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
export const FLAGS = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--hide-scrollbars'];
export const browse = () => chromium.launch({ executablePath: CHROMIUM, args: FLAGS });

/** A preview of the catalogue in a folder: its address, and how to end it. */
export const serving = async (binary, folder) => {
  const child = spawn(binary, ['--quiet', 'serve', '--port', '0'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const line = await new Promise(done => createInterface(child.stdout).once('line', done));
  return { address: /http:\/\/[^/ ]*\//.exec(line)[0], stop: () => child.kill() };
};

/** A page whose console errors, failed requests and policy violations fail the check that opened it. */
export const open = async (browser, address, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10000);
  const errors = [];
  page.on(
    'console',
    message => message.type() === 'error' && !/status of 404/.test(message.text()) && errors.push(message.text()),
  );
  page.on('pageerror', error => errors.push(String(error)));
  page.on(
    'requestfailed',
    request =>
      !/ERR_ABORTED/.test(request.failure()?.errorText) &&
      errors.push(`${request.url()}: ${request.failure()?.errorText}`),
  );
  await page.goto(address, { waitUntil: 'load' });
  // A search with its results.
  if (new URL(address).searchParams.get('q')) await page.locator('.hits a').first().waitFor();
  return { page, errors, close: () => context.close() };
};
