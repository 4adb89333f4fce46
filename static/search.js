/* Search: the index's reader, and the two places that show results. Loaded when search opens.
   The files are described in docs/search-format.md; nothing here spells a path of a page. */
'use strict';
var toolcardSearch = (() => {
const DIGITS = new Uint8Array(128);
[...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].forEach((c, i) => { DIGITS[c.charCodeAt()] = i; });
const WEIGHTS = [3, 2, 1];
const UNSPACED = '\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7a3';
const RUNS = new RegExp(`[${UNSPACED}]+|[^${UNSPACED}]+`, 'gu'), PAIRS = new RegExp(`^[${UNSPACED}]{2}`);

/* Text to words, exactly as the writer does it. */
const words = text => {
  const found = [];
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').normalize('NFC')
    .replace(/([\p{Lowercase}\p{N}])(?=\p{Uppercase})/gu, '$1 ')
    .replace(/(\p{Uppercase})(?=\p{Uppercase}\p{Lowercase})(?!\p{Uppercase}s(?!\p{Lowercase}))/gu, '$1 ');
  for (const run of plain.match(/[\p{Alphabetic}\p{N}]+/gu) || []) {
    for (const part of run.match(RUNS)) {
      if (PAIRS.test(part)) {
        for (let i = 1; i < part.length; i++) found.push(part.slice(i - 1, i + 1));
      } else found.push([...singular(part.toLowerCase())].slice(0, 32).join(''));
    }
  }
  return found;
};
const singular = word => {
  const length = [...word].length;
  if (length > 4 && word.endsWith('ies')) return word.slice(0, -3) + 'y';
  return length > 3 && /s$/.test(word) && !/([su]|...i)s$/.test(word) ? word.slice(0, -1) : word;
};

/* A list of documents; `cut` where the writer kept only the first of each group. */
const decode = text => {
  let at = 0;
  const number = () => {
    for (let value = 0, shift = 0; ; shift += 5) {
      const digit = DIGITS[text.charCodeAt(at++)];
      value += (digit & 31) * 2 ** shift;
      if (digit < 32) return value;
    }
  };
  let cut, total;
  if (text[0] === '!') { at = 1; total = number(); cut = number(); }
  const ids = [];
  for (let next = 0; at < text.length;) { const id = next + number(); ids.push(id); next = id + 1; }
  return { ids, cut, total: total || ids.length };
};

/* Changes of one letter, or of two neighbours, between a and b; more than `most` is most + 1. */
const distance = (a, b, most) => {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before, last = [], row = [...Array(b.length + 1).keys()];
  for (let i = 1; i <= a.length; i++) {
    before = last; last = row; row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] !== b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
  }
  return row[b.length];
};

/* The reader. `load(path)` resolves to the text of a file below the search folder. */
const open = async load => {
  const root = JSON.parse(await load('root.json'));
  if (root.format !== 1) throw new Error('This page reads format 1 of the search index, not ' + root.format + '.');
  const { classes, severities, facets } = root;
  /* `class:write bulk task` to filters and words. */
  const parse = query => {
    const terms = [], filters = [];
    for (const piece of query.trim().split(/\s+/)) {
      const [, key, value] = /^(class|severity|facet|server|verb|finding|hint):(.*)$/i.exec(piece.toLowerCase()) || [];
      if (!key) {
        const kin = group(piece.toLowerCase());
        const own = words(piece);
        for (const word of own) terms.push({ word, kin, fields: [0, 1, 2], typed: own.length > 1 ? word : piece.toLowerCase() });
      } else if (key === 'server') {
        for (const word of words(value)) terms.push({ word, fields: [1], prefix: true });
      } else if (['class', 'severity', 'facet'].includes(key)) {
        filters.push([key, value]);
      } else if (value) terms.push({ word: key + ':' + value, fields: [0], prefix: key !== 'verb' });
    }
    const last = terms[terms.length - 1];
    if (last && last.word.length > 1 && !/\s$/.test(query)) last.prefix = true;
    return { terms, filters };
  };
  /* What a bare word says of a group: its class, severity or facet. */
  const group = word => {
    const key = classes.includes(word) ? 'class' : severities.includes(word) ? 'severity' : facets.includes(word) && 'facet';
    return key && [key, word];
  };
  const passes = (row, [key, value]) => value && (key === 'facet'
    ? facets.some((name, bit) => name.startsWith(value.replace(/-/g, '_')) && row[3] >> bit & 1)
    : (key === 'class' ? classes[row[1] - 1] : severities[row[2] - 1] || '')?.startsWith(value));
  const files = new Map();
  const file = path => {
    if (!files.has(path)) files.set(path, load(path + '?' + root.version));
    return files.get(path);
  };
  const groupOf = id => {
    let low = 0, high = root.groups.length;
    while (low + 1 < high) { const middle = low + high >> 1; if (root.groups[middle][0] <= id) low = middle; else high = middle; }
    return low;
  };
  /* The lines of a word, and with `prefix` of some words that begin with it. */
  const look = async (word, prefix) => {
    let shard = root.shards.findLastIndex(first => first <= word);
    if (shard < 0) shard = 0;
    const lines = [];
    for (let last = shard; shard <= last && shard < root.shards.length; shard++) {
      const text = '\n' + await file('w/' + shard + '.txt');
      for (let at = text.indexOf('\n' + word); at >= 0 && lines.length < 400;) {
        const end = text.indexOf('\n', at + 1), [found, ...lists] = text.slice(at + 1, end).split('\t');
        if (!found.startsWith(word) || (!prefix && found !== word)) break;
        lines.push({ found, lists });
        at = end + 1 < text.length ? end : -1;
      }
      if (prefix && last - shard < 1 && root.shards[shard + 1]?.startsWith(word)) last = shard + 1;
    }
    const size = ({ found, lists }) => found === word ? 1e9 : lists.join('').length;
    return lines.sort((a, b) => size(b) - size(a)).slice(0, 24);
  };
  const correct = async word => {
    const most = word.length < 4 ? 0 : word.length < 6 ? 1 : 2;
    let best = most + 1, found;
    if (most) for (const other of (await file('words.txt')).split('\n')) {
      // A slip of the first letter is rare; letters that change places are not.
      if (other[0] !== word[0] && other[1] !== word[0]) continue;
      const far = distance(word, other, best - 1);
      if (far < best) { best = far; found = other; }
    }
    return found;
  };
  /* Which documents have a term, with which weight; `corrects` where nothing was found with the word as it is. */
  const resolve = async (term, corrects) => {
    let lines = await look(term.word, term.prefix);
    if (term.typed && !term.kin && (corrects ? lines[0]?.found !== term.word : !lines.length)) {
      const other = await correct(term.typed);
      if (other) { term.corrected = other; lines = await look(other, false); }
    }
    term.lines = lines.length;
    term.weights = new Map();
    term.named = new Set();
    term.cuts = [];
    for (const { found, lists } of lines) {
      for (const field of term.fields) {
        if (!lists[field]) continue;
        const { ids, cut, total } = decode(lists[field]);
        const weight = WEIGHTS[field] * Math.log2(2 + root.documents / total) * (found === (term.corrected || term.word) ? 1 : 0.6);
        for (const id of ids) {
          if (weight > (term.weights.get(id) || 0)) term.weights.set(id, weight);
          if (!field) term.named.add(id);
        }
        if (cut && found === (term.corrected || term.word)) {
          const kept = new Map();
          for (const id of ids) { const at = groupOf(id); kept.set(at, [(kept.get(at)?.[0] || 0) + 1, id]); }
          term.cuts.push([cut, kept]);
        }
      }
    }
  };
  const has = (term, id, at) => {
    const kin = term.kin && passes(root.groups[at], term.kin) ? 4 : 0;
    const weight = term.weights.get(id) || 0;
    if (weight || kin) return Math.max(weight, kin);
    // The list was cut before this document: only the document itself can tell.
    return term.cuts.some(([cut, kept]) => { const k = kept.get(at); return k && k[0] === cut && id > k[1]; }) ? -1 : 0;
  };
  const read = async id => {
    const line = (await file('d/' + Math.floor(id / root.block) + '.txt')).split('\n')[id % root.block];
    const [url, name, server, verb, bits] = line.split('\t'), row = root.groups[groupOf(id)];
    return { id, url, name, server, verb, tags: root.tags.filter((_, bit) => bits >> bit & 1),
      class: classes[row[1] - 1], severity: severities[row[2] - 1], facets: facets.filter((_, bit) => row[3] >> bit & 1) };
  };
  /* Up to `limit` documents, best first. */
  const search = async (query, limit) => {
    const found = await attempt(query, limit, false);
    return found.hits.length && !found.partial ? found : attempt(query, limit, true);
  };
  const attempt = async (query, limit, corrects) => {
    const { terms, filters } = parse(query);
    await Promise.all(terms.map(term => resolve(term, corrects)));
    const corrected = terms.filter(term => term.corrected).map(term => [term.typed, term.corrected]);
    const unknown = terms.filter(term => !term.lines && !term.kin).map(term => term.typed);
    const active = terms.filter(term => term.lines || term.kin);
    const none = { hits: [], corrected, unknown, more: false };
    if (terms.some(term => !term.lines && !term.typed)) return none;
    const fits = root.groups.map(row => ['class', 'severity'].every(key => {
      const own = filters.filter(filter => filter[0] === key);
      return !own.length || own.some(filter => passes(row, filter));
    }) && filters.every(filter => filter[0] !== 'facet' || passes(row, filter)));
    const ids = new Set();
    for (const term of active) for (const id of term.weights.keys()) ids.add(id);
    if (active.every(term => term.kin) && (active.length || filters.length)) {
      root.groups.forEach((row, at) => {
        const end = root.groups[at + 1]?.[0] ?? root.documents;
        if (fits[at] && active.every(term => passes(row, term.kin))) {
          for (let id = row[0]; id < end && id < row[0] + 4 * limit; id++) ids.add(id);
        }
      });
    }
    let scored = [], most = 0;
    for (const id of ids) {
      const at = groupOf(id);
      if (!fits[at]) continue;
      let score = 0, seen = 0, named = 0, must = true;
      const unsure = [];
      for (const term of active) {
        const weight = has(term, id, at);
        if (weight > 0) { score += weight; seen++; named += term.named.has(id); }
        else if (weight < 0) { unsure.push(term); seen++; }
        else if (!term.typed) must = false;
      }
      if (!must) continue;
      const row = root.groups[at];
      score += 4 * named / Math.max(row[4], named) + (row[1] ? 0 : 2 * named);
      most = Math.max(most, seen);
      scored.push({ id, score, seen, unsure });
    }
    scored = scored.filter(hit => hit.seen === most).sort((a, b) => b.score - a.score || a.id - b.id);
    const hits = [];
    let tried = 0;
    while (hits.length < limit && tried < scored.length && tried < 3 * limit) {
      const batch = scored.slice(tried, tried += Math.max(limit - hits.length, 4));
      for (const [i, hit] of (await Promise.all(batch.map(({ id }) => read(id)))).entries()) {
        const own = words(hit.name + ' ' + hit.server).concat('verb:' + hit.verb, hit.tags);
        if (batch[i].unsure.every(term => own.some(word => term.prefix ? word.startsWith(term.word) : word === term.word))) hits.push(hit);
      }
    }
    return { hits: hits.slice(0, limit), corrected, unknown, partial: most < active.length, more: hits.length > limit || tried < scored.length };
  };
  return { search, size: root.documents };
};

return { words, open };
})();
