#!/usr/bin/env node
// usage: .ci/sbom.mjs FILE
// Writes what the program is made of, as CycloneDX 1.5: every crate that `Cargo.lock` brings into it on any system, with licence,
// checksum and what needs it. Crates that only a build runs have the scope `excluded`. The same state makes the same bytes.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const top = join(import.meta.dirname, '..');
const cargo = (...words) => execFileSync('cargo', words, { cwd: top, encoding: 'utf8', maxBuffer: 1 << 28 });
const { packages, resolve } = JSON.parse(cargo('metadata', '--locked', '--format-version', '1'));
const known = new Map(packages.map(one => [one.id, one]));

// The resolution above has features that tests alone turn on; a tree of these kinds of edges has not.
const tree = edges => {
  const lines = cargo('tree', '--locked', '--target', 'all', '--edges', edges, '--prefix', 'none', '--format', '{p}');
  const named = new Set(lines.split('\n').map(line => line.split(' ').slice(0, 2).join('@').replace('@v', '@')));
  return new Set(packages.filter(one => named.has(`${one.name}@${one.version}`)).map(one => one.id));
};
const inside = tree('normal'),
  all = tree('normal,build');
/** The crates that a crate needs there. */
const needs = id =>
  resolve.nodes
    .find(node => node.id === id)
    .deps.filter(({ pkg, dep_kinds }) => all.has(pkg) && dep_kinds.some(({ kind }) => kind !== 'dev'))
    .map(({ pkg }) => pkg);

const sums = new Map(
  [
    ...readFileSync(join(top, 'Cargo.lock'), 'utf8').matchAll(
      /\[\[package\]\]\nname = "(.*)"\nversion = "(.*)"\n(?:source = .*\nchecksum = "(.*)")?/g,
    ),
  ].map(([, name, version, sum]) => [`${name}@${version}`, sum]),
);
const purl = ({ name, version }) => `pkg:cargo/${name}@${encodeURIComponent(version)}`;
const byPurl = (a, b) => (purl(known.get(a)) < purl(known.get(b)) ? -1 : 1);
const component = id => {
  const { name, version, license, description } = known.get(id),
    sum = sums.get(`${name}@${version}`);
  return {
    type: id === resolve.root ? 'application' : 'library',
    'bom-ref': purl(known.get(id)),
    name,
    version,
    ...(description && { description: description.trim().replace(/\s+/g, ' ') }),
    scope: inside.has(id) ? 'required' : 'excluded',
    ...(sum && { hashes: [{ alg: 'SHA-256', content: sum }] }),
    // `/` is how old crates spell `OR`.
    ...(license && { licenses: [{ expression: license.replace(/\s*\/\s*/g, ' OR ') }] }),
    purl: purl(known.get(id)),
  };
};
const others = [...all].filter(id => id !== resolve.root).sort(byPurl);
const bom = {
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  version: 1,
  metadata: { component: component(resolve.root) },
  components: others.map(component),
  dependencies: [resolve.root, ...others].map(id => ({
    ref: purl(known.get(id)),
    dependsOn: [...new Set(needs(id))].sort(byPurl).map(other => purl(known.get(other))),
  })),
};
writeFileSync(process.argv[2], `${JSON.stringify(bom, null, 1)}\n`);
console.log(`${others.length} crates, ${inside.size - 1} of them in the program`);
