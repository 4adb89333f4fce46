// Every link and anchor of every page of a built site, followed on the disk.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'" };
const decode = text => text.replace(/&(amp|lt|gt|quot|#39|#x27);/g, (_, name) => ENTITIES[name]);

export const files = folder =>
  readdirSync(folder, { recursive: true })
    .map(name => join(folder, name))
    .filter(name => statSync(name).isFile());

/** What is broken, one line each, and how many links were followed. `base` is the address the site was built for. */
export const broken = (folder, base) => {
  const pages = new Map();
  const ids = file => {
    if (!pages.has(file)) {
      const html = readFileSync(file, 'utf8');
      pages.set(file, new Set([...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => decode(id))));
    }
    return pages.get(file);
  };
  const problems = [];
  let followed = 0;
  for (const file of files(folder).filter(name => name.endsWith('.html'))) {
    const html = readFileSync(file, 'utf8').replace(/<script type="application\/ld\+json">.*?<\/script>/gs, '');
    for (const [, raw] of html.matchAll(
      /<(?:a|link|script|form|img|use)\b[^>]*?\s(?:href|src|action|data-search|data-shown)="([^"]*)"/g,
    )) {
      let target = decode(raw);
      if (target.startsWith(base)) target = relative(dirname(file), join(folder, target.slice(base.length))) || '.';
      else if (target.startsWith('/') && new URL(base).pathname !== '/' && target.startsWith(new URL(base).pathname))
        target = relative(dirname(file), join(folder, target.slice(new URL(base).pathname.length))) || '.';
      if (/^(https?|mailto|data):/.test(target)) continue;
      followed++;
      const [path, fragment] = target.split('#');
      let to = path ? resolve(dirname(file), decodeURIComponent(path.split('?')[0])) : file;
      if (existsSync(to) && statSync(to).isDirectory()) to = join(to, 'index.html');
      // The fragment of the page that compares names cards, whose JSON it reads.
      const cards =
        to === resolve(folder, 'compare.html') && fragment?.includes('/') ? fragment.split(',').filter(Boolean) : [];
      const absent = cards.find(card => !existsSync(resolve(folder, 'tools', `${card}.card.json`)));
      const problem = absent
        ? `names ${absent}, which has no JSON`
        : cards.length
          ? ''
          : !to.startsWith(resolve(folder))
            ? 'leads outside'
            : !existsSync(to)
              ? 'is not there'
              : fragment && to.endsWith('.html') && !ids(to).has(decodeURIComponent(fragment))
                ? 'has no such anchor'
                : '';
      if (problem) problems.push(`${relative(folder, file)}: ${target} ${problem}`);
    }
  }
  return { problems, followed };
};
