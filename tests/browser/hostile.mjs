// What script, markup and addresses in every text of a catalogue do in a browser: nothing. And what other pages can do to a preview.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, relative } from 'node:path';
import { chromium } from 'playwright-core';
import { CHROMIUM, check, expect, FLAGS, serving } from './lib.mjs';
import { files } from './links.mjs';

// One of each class of OWASP's filter evasion sheet and PortSwigger's cheat sheet: each calls `alert`, loads from another host, or
// makes an element or an attribute with a name that no page of ours has.
const PAYLOADS = [
  '<script>alert(1)</script>',
  '</script><script>alert(1)</script>',
  '"><script src=//evil.example/x.js></script>',
  '<img src=x onerror=alert(1)>',
  `'"><img src=x onerror="alert(1)" pwn>`,
  '<svg onload=alert(1)>',
  '<svg><animate onbegin=alert(1) attributeName=x dur=1s>',
  '<svg><use href="data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg><script>alert(1)</script></svg>#x">',
  '<svg><style><img src=x onerror=alert(1)></style></svg>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<body onload=alert(1)>',
  '<details open ontoggle=alert(1)>',
  '<input autofocus onfocus=alert(1)>',
  '<a href="javascript:alert(1)" autofocus>x</a>',
  '<a href="jav&#x09;ascript:alert(1)">x</a>',
  '[x](javascript:alert(1)) [y](JaVaScRiPt&colon;alert(1)) <javascript:alert(1)>',
  '[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
  '![x](https://evil.example/pixel.png) ![x](x" onerror="alert(1))',
  '[x]: https://evil.example "a\\" onclick=alert(1)"\n\n[x]',
  '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<object data="data:text/html,<script>alert(1)</script>"></object><embed src=//evil.example/x>',
  '<base href=//evil.example/>',
  '<meta http-equiv=refresh content="0;url=//evil.example/">',
  '<link rel=stylesheet href=//evil.example/x.css>',
  '<style>@import "//evil.example/x.css"; body { background: url(//evil.example/y) }</style>',
  '<form action=//evil.example/><button pwn>x</button></form>',
  '" autofocus onfocus=alert(1) x="',
  "' style='background:url(//evil.example/z)' x='",
  '` onmouseover=alert(1) x=`',
  '</title></textarea></style></noscript></template></select><img src=x onerror=alert(1)>',
  '--><img src=x onerror=alert(1)><!-- --!><img src=x onerror=alert(1)>',
  ']]><img src=x onerror=alert(1)><![CDATA[',
  '<x contenteditable onblur=alert(1) tabindex=1 pwn>x</x>',
  '<a id=documentElement><a id=scripts name=toolcard><form id=body><input name=parentNode>',
  '<template><script>alert(1)</script></template><portal src=//evil.example>',
  '{{constructor.constructor("alert(1)")()}} \u0024{alert(1)} {% include "x" %} #{alert(1)}',
  '&lt;script&gt;alert(1)&lt;/script&gt; &#60;img src=x onerror=alert(1)&#62; \\u003cimg src=x onerror=alert(1)\\u003e',
  '\u2028alert(1)\u2029//\n<img\u0000 src=x onerror=alert(1)> <img/\u000bsrc=x/onerror=alert(1)>',
  '＜script＞alert(1)＜/script＞ <ſcript>alert(1)</ſcript>',
  'javascript:alert(1)',
  '//evil.example/x',
];

const tool = (name, text) => ({
  name,
  title: text,
  description: `Deletes ${text}.\n\n${text}\n\n- ${text}\n\n> ${text}\n\n\`\`\`\n${text}\n\`\`\`\n\n| a |\n|---|\n| ${text} |`,
  annotations: { title: text, readOnlyHint: true, [text]: text },
  inputSchema: {
    type: 'object',
    required: [text],
    title: text,
    description: text,
    properties: {
      [text]: {
        type: 'string',
        description: text,
        default: text,
        title: text,
        format: text,
        pattern: text,
        examples: [text],
      },
      action: { enum: [text, `delete_${text}`, 'list_things'], default: text, description: text },
      sql: { type: text, description: text },
      inner: { type: 'object', properties: { [text]: { enum: ['\u200b', text], description: text } } },
    },
  },
  outputSchema: { properties: { [text]: { description: text } } },
  icons: [{ src: text }],
  _meta: { [text]: text },
});

/** A catalogue with every payload in every place that holds a text. */
const write = top => {
  const put = (path, text) => {
    mkdirSync(join(top, path, '..'), { recursive: true });
    writeFileSync(join(top, path), text);
  };
  const quoted = text => JSON.stringify(text).replaceAll('\u007f', '');
  const changes = [];
  PAYLOADS.forEach((text, i) => {
    const address = `https://evil.example/"onclick=alert(1)//${text}`;
    const server = { name: text, title: text, version: text, package: text, registry: 'npm', package_version: text };
    Object.assign(server, { license: text, repository: i % 2 ? text : address, homepage: text, description: text });
    const tools = [tool(text, text), tool('manage_it', text)];
    const manifest = { server, captured_at: '2026-11-20', protocolVersion: text, instructions: text, tools };
    put(`catalog/s${i}/manifest.json`, JSON.stringify(manifest));
    const decision = `reason = ${quoted(text)}\nby = ${quoted(text)}\ndate = "2026-01-02"\nfingerprint = "${'0'.repeat(32)}"\n`;
    put(
      `catalog/s${i}/overrides.toml`,
      `[[override]]\ntool = "manage_it"\nclass = "Write"\n${decision}\n[[accept]]\ntool = "manage_it"\nfinding = "hidden-text"\n${decision}`,
    );
    const source = `[[sources]]\ntitle = ${quoted(text)}\nurl = "https://example.org/${i}"\ndate = "2026-01-02"\npublisher = ${quoted(text)}\n\n`;
    put(
      `catalog/_attacks/a${i}.md`,
      `+++\ntitle = ${quoted(text)}\nslug = "a${i}"\nsummary = ${quoted(`${text}.`)}\n\n[[applies]]\nclasses = ["Write", "Destructive"]\n\n` +
        `${source}${source.replace('example.org', 'example.com')}+++\n\n## ${text.split('\n')[0]}\n\n${text}\n`,
    );
    changes.push({ date: '2026-11-20', id: 'server-added', server: text, tools: 2 });
    const label = { class: text, severity: text, facets: [text] };
    const before = { class: 'Read', severity: 'Low' };
    const of = { date: '2026-11-21', server: `s${i}`, tool: text };
    changes.push({ ...of, id: 'tool-added', after: label }, { ...of, id: 'label-raised', before, after: label });
    changes.push(
      { ...of, id: 'tool-renamed', from: text },
      { ...of, id: 'facets-changed', before: label, after: label },
    );
    changes.push({ date: text, id: 'server-renamed', server: `s${i}`, from: text, tools: 2 });
  });
  const rows = changes.map(change => JSON.stringify(change)).join(',\n');
  put('catalog/_changes.json', `{"schema_version": 1, "changes": [\n${rows}\n]}\n`);
  const all = quoted(PAYLOADS.join(' '));
  const odd = quoted('https://example.org/?`onfocus=alert(1)&quot;onfocus=alert(1)&#x3e;javascript:alert(1)');
  put(
    'toolcard.toml',
    `[site]\ntitle = ${all}\nowner = ${all}\nowner_url = ${odd}\nreport_url = ${odd}\n\n` +
      `[gateway]\nname = ${all}\nurl = ${odd}\n\n[output]\nbadge_tools = true\nfaq_jsonld = true\n`,
  );
};

/** What ran, was reported or is there that no page of ours has. */
const watch = () => {
  globalThis.ran = [];
  for (const name of ['alert', 'confirm', 'prompt', 'print'])
    globalThis[name] = (...words) => globalThis.ran.push(`${name}(${words})`);
  document.addEventListener('securitypolicyviolation', event =>
    globalThis.ran.push(`policy: ${event.violatedDirective} ${event.blockedURI}`),
  );
};
const found = own => {
  const said = [...(globalThis.ran ?? [])];
  for (const element of document.querySelectorAll('*')) {
    const name = element.localName,
      told = () => element.outerHTML.slice(0, 160);
    if (
      /^(iframe|object|embed|base|portal|math|mglyph|x|animate|use|img|video|audio|ſcript)$/.test(name) &&
      !own.includes(name)
    )
      said.push(`<${name}>: ${told()}`);
    if (name === 'script' && !element.src && element.type !== 'application/ld+json') said.push(`script: ${told()}`);
    if (
      name === 'meta' &&
      element.httpEquiv &&
      !/^content-security-policy$/i.test(element.httpEquiv) &&
      !own.includes('refresh')
    )
      said.push(told());
    if (
      name === 'form' &&
      !new URL(element.getAttribute('action') ?? '', document.baseURI).href.startsWith(location.origin)
    )
      said.push(told());
    for (const { name: key, value } of element.attributes) {
      if (/^on|^(pwn|srcdoc|style|autofocus|contenteditable|ping|formaction)$/.test(key) && !own.includes(key))
        said.push(`${key}: ${told()}`);
      // Where the browser would go.
      if (/^(href|src|action|xlink:href|data|poster)$/.test(key)) {
        let scheme = 'broken:';
        try {
          ({ protocol: scheme } = new URL(value, document.baseURI));
        } catch {}
        if (!/^(https?|mailto|blob):$/.test(scheme) && !(scheme === 'data:' && name === 'link'))
          said.push(`${scheme} ${told()}`);
      }
    }
  }
  return said;
};

/** Nothing of the payloads becomes anything but text, on any page, script on and off, with the policy of the site and without. */
export const inert = async (work, origin, build) => {
  const top = join(work, 'hostile');
  rmSync(top, { recursive: true, force: true });
  write(top);
  const site = join(top, 'site');
  build(join(top, 'catalog'), site, '/hostile/');
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const all = files(site).map(path => relative(site, path));
  const html = all.filter(path => path.endsWith('.html'));
  const pages = [...html, ...all.filter(path => /\.(svg|xml)$/.test(path) && !/^static\//.test(path))];
  const address = path => `${origin}/hostile/${path.replace(/[^/]+/g, encodeURIComponent)}`;
  const visit = async (name, options, paths, then) => {
    await check(`hostile: ${name}`, async () => {
      const problems = [];
      let loads = 0;
      const waiting = [...paths];
      const worker = async () => {
        const context = await browser.newContext(options);
        const page = await context.newPage();
        page.setDefaultTimeout(15000);
        let at = '';
        const tell = what => problems.push(`${at}: ${what}`);
        page.on('dialog', async dialog => {
          tell(`dialog ${dialog.message()}`);
          await dialog.dismiss();
        });
        page.on('pageerror', error => tell(`error ${error}`));
        page.on('request', request => {
          if (!request.url().startsWith(`${origin}/`) && !/^(blob|data):/.test(request.url()))
            tell(`asks for ${request.url()}`);
        });
        await context.addInitScript(watch);
        while (waiting.length) {
          at = waiting.shift();
          await page.goto(at.startsWith('http') ? at : address(at), { waitUntil: 'load' });
          loads++;
          await then?.(page, at);
          for (const what of await page.evaluate(found, options.own ?? [])) tell(what);
          if (!page.url().startsWith(`${origin}/`)) tell(`leads to ${page.url()}`);
        }
        await context.close();
      };
      await Promise.all([worker(), worker(), worker()]);
      console.log(`hostile: ${name}: ${loads} pages, ${PAYLOADS.length} payloads, ${problems.length} problems`);
      expect(loads >= paths.length, `${loads} of ${paths.length}`);
      expect(!problems.length, `${problems.length}\n${problems.slice(0, 12).join('\n')}`);
    });
  };
  /** Opens what is folded, and waits for what a script makes of the page. */
  const use = async page => {
    await page.evaluate(() => {
      for (const fold of document.querySelectorAll('details')) fold.open = true;
      for (const tab of document.querySelectorAll('.tabs input')) tab.click();
    });
  };
  const some = html.filter((path, i) => !path.startsWith('tools/') || i % 4 === 0);
  try {
    await check('hostile: every payload is on the pages', () => {
      for (const [i, text] of PAYLOADS.entries()) {
        const page = readFileSync(join(site, `tools/s${i}/manage_it.html`), 'utf8');
        const letters = text.replace(/[^a-z]/g, '').slice(0, 5);
        expect(page.replace(/<[^>]*>|&[a-z#0-9]+;|[^a-z]/g, '').includes(letters), `${text} is not on its page`);
      }
      expect(html.length > 3 * PAYLOADS.length, `${html.length} pages`);
    });
    await check('hostile: what a page would print raw is noticed', async () => {
      const context = await browser.newContext({ bypassCSP: true });
      const page = await context.newPage();
      await context.addInitScript(watch);
      const missed = [];
      for (const text of PAYLOADS) {
        await page.route('**/raw', route =>
          route.fulfill({ contentType: 'text/html', body: `<!doctype html><p title="${text}">${text}</p>` }),
        );
        await page.goto(`${origin}/raw`, { waitUntil: 'commit' });
        await page.waitForLoadState().catch(() => {});
        if (!(await page.evaluate(found, []).catch(() => ['gone'])).length) missed.push(text);
        await page.unroute('**/raw');
      }
      await context.close();
      // Markdown, templates and plain text do nothing in raw HTML.
      expect(missed.length <= 12, `${missed.length}\n${missed.join('\n')}`);
    });
    await visit('every page, without the policy of the site', { bypassCSP: true }, pages, use);
    await visit('pages of every kind, with the policy of the site', {}, some, use);
    await visit('pages of every kind, script off', { javaScriptEnabled: false, own: [] }, some);
    const ways = PAYLOADS.flatMap((text, i) => {
      const hash = encodeURIComponent(text);
      // Letters that an address cannot hold are escaped by the browser: some of each.
      if (i % 3) return [`${address('compare.html')}#${hash},s${i}/manage_it`];
      return [
        `${address('compare.html')}#${hash},s${i}/manage_it,s${i}/${hash}`,
        `${address('compare.html')}#${text.replace(/\s/g, '')},../../s${i}/x,s1/__proto__`,
        `${address(`tools/s${i}/index.html`)}#only=${hash},manage_it`,
        `${address(`tools/s${i}/index.html`)}#only=${text.replace(/\s/g, '')}`,
        `${address('lexicon.html')}#${hash}`,
      ];
    });
    await visit('addresses behind #, without the policy of the site', { bypassCSP: true }, ways, async (page, at) => {
      if (at.includes('compare')) await page.locator('main :is(table, h2, p)').first().waitFor();
      if (at.includes('only=')) await page.locator('.compose pre').waitFor();
    });
    const queries = [
      ...PAYLOADS,
      'hint:x',
      'finding:y',
      'server:__proto__',
      'class:constructor',
      'facet:toString server:hasOwnProperty',
      'severity:__proto__ manage',
      'class:read" onfocus=alert(1)',
    ];
    const asked = queries.map(query => `${address('search.html')}?q=${encodeURIComponent(query)}`);
    await visit('searches, without the policy of the site', { bypassCSP: true }, asked, async (page, at) => {
      await page.locator('.hits a, [role=status]:not(:empty)').first().waitFor();
      const said = await page.locator('main').innerText();
      expect(!/undefined|\[object|NaN/.test(said), `${at}: ${said.slice(0, 300)}`);
    });
  } finally {
    await browser.close();
  }
};

/** No other page reads a preview, and none makes it write into the catalogue; what is pasted stays text. */
export const preview = async (work, binary) => {
  const top = join(work, 'preview');
  rmSync(top, { recursive: true, force: true });
  mkdirSync(join(top, 'catalog/a'), { recursive: true });
  writeFileSync(join(top, 'catalog/a/manifest.json'), '{"tools": [{"name": "get_it"}]}');
  const { address, stop } = await serving(binary, top);
  // A page of somebody else.
  const other = createServer((_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>Other'));
  await new Promise(done => other.listen(0, '127.0.0.1', done));
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [...FLAGS, '--host-resolver-rules=MAP evil.example 127.0.0.1'],
  });
  try {
    const own = new URL(address).origin,
      paste = `${own}/.toolcard/paste`;
    const body = token => `token=${token}\r\naction=import\r\nslug=evil\r\nmanifest=[{"name":"get_evil"}]\r\n`;
    const fresh = async run => {
      const context = await browser.newContext();
      try {
        await run(await context.newPage());
      } finally {
        await context.close();
      }
    };
    const untouched = () => expect(!existsSync(join(top, 'catalog/evil')), 'another page wrote into the catalogue');
    await check('preview: no other page makes it write', () =>
      fresh(async page => {
        for (const host of ['127.0.0.1', 'localhost', 'evil.example']) {
          await page.goto(`http://${host}:${other.address().port}/`);
          const read = await page.evaluate(
            async ([paste, text]) => {
              const results = [];
              for (const mode of ['no-cors', 'cors'])
                for (const method of ['POST', 'GET'])
                  results.push(
                    await fetch(paste, { method, mode, ...(method === 'POST' && { body: text }) }).then(
                      answer => answer.type !== 'opaque' && answer.text(),
                      () => false,
                    ),
                  );
              return results;
            },
            [paste, body('guessed')],
          );
          expect(
            read.every(answer => answer === false),
            `${host} reads ${read}`,
          );
          await page.evaluate(
            ([paste, text]) => {
              const form = document.body.appendChild(document.createElement('form'));
              form.action = paste;
              form.method = 'post';
              form.enctype = 'text/plain';
              const [, ...rest] = text.split('token=');
              const field = form.appendChild(document.createElement('textarea'));
              field.name = 'token';
              field.value = rest.join('token=');
              form.submit();
            },
            [paste, body('guessed')],
          );
          await page.waitForURL(paste);
          expect(!/get_evil/.test(await page.locator('body').innerText()), 'the form was read');
          untouched();
        }
      }),
    );
    await check('preview: a name that is made to lead here reads nothing', () =>
      fresh(async page => {
        for (const path of ['/', '/.toolcard/paste', '/.toolcard/status', '/api/v1/index.json']) {
          const answer = await page.goto(`http://evil.example:${new URL(own).port}${path}`);
          expect(answer.status() >= 400 && !/get_it|token/.test(await page.content()), `${path}: ${answer.status()}`);
        }
      }),
    );
    await check('preview: no other page shows it in a frame', () =>
      fresh(async page => {
        await page.goto(`http://127.0.0.1:${other.address().port}/`);
        await page.evaluate(paste => {
          document.body.appendChild(document.createElement('iframe')).src = paste;
        }, paste);
        await page.waitForTimeout(500);
        const texts = await Promise.all(page.frames().map(frame => frame.content().catch(() => '')));
        expect(!texts.some(text => text.includes('Paste a manifest')), texts.join());
      }),
    );
    await check('preview: what is pasted stays text', () =>
      fresh(async page => {
        const problems = [];
        page.on('dialog', dialog => problems.push(dialog.message()) && dialog.dismiss());
        page.on('request', request => !request.url().startsWith(own) && problems.push(request.url()));
        await page.addInitScript(watch);
        for (const text of PAYLOADS.filter((_, i) => i % 2 === 0)) {
          const manifest = {
            server: { name: text, title: text },
            instructions: text,
            tools: [tool(text, text), tool('manage_it', text)],
          };
          for (const pasted of [JSON.stringify(manifest), `</textarea>${text}`]) {
            await page.goto(paste);
            await page.locator('textarea').fill(pasted);
            await Promise.all([page.waitForNavigation(), page.locator('button').first().click()]);
            problems.push(...(await page.evaluate(found, ['style'])).map(what => `${text}: ${what}`));
          }
        }
        expect(!problems.length, problems.slice(0, 10).join('\n'));
        untouched();
      }),
    );
  } finally {
    await browser.close();
    stop();
    other.close();
  }
};
