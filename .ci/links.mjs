// usage: node .ci/links.mjs FOLDER
// Follows every link within the pages of a folder; exits 1 where one leads to no page or to no element of it.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
const pages = readdirSync(folder).filter((name) => name.endsWith(".html") && name !== "toc.html");
const html = new Map(pages.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
const ids = new Map([...html].map(([name, text]) => [name, new Set([...text.matchAll(/\sid="([^"]+)"/g)].map((m) => m[1]))]));
let [followed, broken] = [0, 0];
for (const [name, text] of html) {
  for (const [, href] of text.matchAll(/\shref="([^"]+)"/g)) {
    if (/^[a-z]+:/.test(href)) continue;
    const [path, anchor] = href.split("#");
    const to = path || name;
    const found = html.has(to) ? !anchor || ids.get(to).has(decodeURIComponent(anchor)) : existsSync(join(folder, to));
    followed += 1;
    if (found) continue;
    broken += 1;
    console.error(`${name}: ${href} leads nowhere`);
  }
}
console.log(`${followed} links of ${pages.length} pages, ${broken} broken`);
process.exit(broken || pages.length < 20 ? 1 : 0);
