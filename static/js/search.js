/* Search: the index's reader. Loaded when search opens, as is results.js, which shows what it finds.
   The files are described in docs/search-format.md; nothing here spells a path of a page. */
'use strict';
// biome-ignore lint/correctness/noUnusedVariables: results.js calls it.
var toolcardSearch = (() => {
  const DIGITS = new Uint8Array(128);
  [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].forEach((c, i) => {
    DIGITS[c.charCodeAt()] = i;
  });
  /* What a word counts in a name, a server and a description; and as it is, in another form, as a synonym, as the beginning of a longer one. */
  const FIELDS = [3, 2, 1],
    WHOLE = 1,
    FORM = 0.9,
    SYNONYM = 0.6,
    BEGINNING = 0.3;
  const UNSPACED = '\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7a3';
  const RUNS = new RegExp(`[${UNSPACED}]+|[^${UNSPACED}]+`, 'gu'),
    PAIR = new RegExp(`^[${UNSPACED}]{2}`);

  /* Text to words, exactly as the writer does it. */
  const words = text => {
    const found = [];
    const plain = text
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .normalize('NFC')
      .replace(/([\p{Lowercase}\p{N}])(?=\p{Uppercase})/gu, '$1 ')
      .replace(/(\p{Uppercase})(?=\p{Uppercase}\p{Lowercase})(?!\p{Uppercase}s(?!\p{Lowercase}))/gu, '$1 ');
    for (const run of plain.match(/[\p{Alphabetic}\p{N}]+/gu) || []) {
      for (const part of run.match(RUNS)) {
        if (PAIR.test(part)) {
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
  /* The word, and what it may be a form of: `deleting`, `deleted` and `deletion` share `delete`. */
  const forms = word => {
    const found = [word];
    for (const [end, least] of [
      ['ing', 3],
      ['ed', 3],
      ['ation', 5],
      ['ion', 5],
    ]) {
      const stem = word.slice(0, -end.length);
      if (word.endsWith(end) && stem.length >= least && /[aeiouy]/.test(stem))
        found.push(
          stem,
          stem + 'e',
          stem.replace(/([^aeiou])\1$|i$/, (_, letter) => letter || 'y'),
        );
    }
    if (/(ch|sh|x|ss|z)e$/.test(word)) found.push(word.slice(0, -1));
    return found;
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
    if (text[0] === '!') {
      at = 1;
      total = number();
      cut = number();
    }
    const ids = [];
    for (let next = 0; at < text.length; ) {
      const id = next + number();
      ids.push(id);
      next = id + 1;
    }
    return { ids, cut, total: total || ids.length };
  };

  /* Changes of one letter, or of two neighbours, between a and b; more than `most` is most + 1. */
  const distance = (a, b, most) => {
    if (Math.abs(a.length - b.length) > most) return most + 1;
    let before,
      last = [],
      row = [...Array(b.length + 1).keys()];
    for (let i = 1; i <= a.length; i++) {
      before = last;
      last = row;
      row = [i];
      for (let j = 1; j <= b.length; j++) {
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] !== b[j - 1]));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
          row[j] = Math.min(row[j], before[j - 2] + 1);
      }
    }
    return row[b.length];
  };

  /* Addresses lead into this site, to a page or a part of it; any other is refused, whoever wrote it. */
  const ADDRESS = /^([a-z0-9][a-z0-9._-]*\/)+[a-z0-9][a-z0-9._-]*\.html(#[a-z0-9._-]+)?$/;

  /* The reader. `load(path)` resolves to the text of a file below the search folder. */
  const open = async load => {
    const root = JSON.parse(await load('root.json'));
    if (root.format !== 2) throw new Error('This page reads format 2 of the search index, not ' + root.format + '.');
    const { classes, severities, facets } = root;
    const files = new Map();
    const file = path => {
      if (!files.has(path)) files.set(path, load(path + '?' + root.version));
      return files.get(path);
    };
    const table = JSON.parse(await file('query.json'));
    const synonyms = new Map(Object.entries(table.synonyms)),
      empty = new Set(table.empty.concat(table.of_servers));

    /* `class:write bulk task` to filters and words. */
    const parse = query => {
      const terms = [],
        filters = [];
      for (const piece of query.trim().split(/\s+/)) {
        const [, key, value] =
          /^(class|severity|facet|server|verb|finding|hint):(.*)$/i.exec(piece.toLowerCase()) || [];
        if (!key) {
          const kin = group(piece.toLowerCase());
          const own = words(piece);
          for (const word of own)
            terms.push({
              word,
              kin,
              free: empty.has(word),
              fields: [0, 1, 2],
              typed: own.length > 1 ? word : piece.toLowerCase(),
            });
        } else if (key === 'server') {
          const own = words(value),
            said = own.filter(word => !table.of_servers.includes(word));
          for (const word of said.length ? said : own) terms.push({ word, fields: [1], prefix: true });
        } else if (['class', 'severity', 'facet'].includes(key)) {
          filters.push([key, value]);
        } else if (value) terms.push({ word: key + ':' + value, fields: [0], prefix: key !== 'verb' });
      }
      const last = terms[terms.length - 1];
      if (last && last.word.length > 1 && !/\s$/.test(query)) last.prefix = true;
      // A word that says nothing need not match, unless the query is nothing else.
      if (terms.every(term => term.free || !term.typed)) for (const term of terms) term.free = false;
      return { terms, filters };
    };
    /* Filters that a query's words stand for, each with the rest of the query. */
    const offered = query => {
      const said = ' ' + words(query.replace(/\S+:\S*/g, '')).join(' ') + ' ',
        offers = new Map();
      for (const [phrase, filter] of Object.entries(table.offers)) {
        if (
          said.includes(` ${phrase} `) &&
          !query.includes(filter) &&
          !offers.has(filter) &&
          root.groups.some(row => passes(row, filter.split(':')))
        ) {
          const filters = query.match(/\S+:\S+/g) || [];
          offers.set(
            filter,
            [filter, said.replace(` ${phrase} `, ' ').trim().split(' '), filters].flat(2).filter(Boolean).join(' '),
          );
        }
      }
      return [...offers].map(([filter, query]) => ({ filter, query }));
    };
    /* What a bare word says of a group: its class, severity or facet. */
    const group = word => {
      const key = classes.includes(word)
        ? 'class'
        : severities.includes(word)
          ? 'severity'
          : facets.includes(word) && 'facet';
      return key && [key, word];
    };
    const passes = (row, [key, value]) =>
      value &&
      (key === 'facet'
        ? facets.some((name, bit) => name.startsWith(value.replace(/-/g, '_')) && (row[3] >> bit) & 1)
        : (key === 'class' ? classes[row[1] - 1] : severities[row[2] - 1] || '')?.startsWith(value));
    const groupOf = id => {
      let low = 0,
        high = root.groups.length;
      while (low + 1 < high) {
        const middle = (low + high) >> 1;
        if (root.groups[middle][0] <= id) low = middle;
        else high = middle;
      }
      return low;
    };
    const endOf = at => root.groups[at + 1]?.[0] ?? root.documents;

    /* The lines of a word, of its forms, and with `prefix` of some words that begin with it. */
    const look = async (word, prefix, bend) => {
      const own = new Set(bend && word.length > 2 ? forms(word) : [word]);
      const shortest = [...own].reduce((a, b) => (a.length > b.length ? b : a)),
        key = own.size > 1 || (bend && word.length > 3) ? shortest.replace(/(...)[ey]$/, '$1') : word;
      let shard = Math.max(
        root.shards.findLastIndex(first => first <= key),
        0,
      );
      const lines = [];
      for (let last = shard; shard <= last && shard < root.shards.length; shard++) {
        const text = '\n' + (await file('w/' + shard + '.txt'));
        for (let at = text.indexOf('\n' + key), seen = 0; at >= 0 && seen < 1000; seen++) {
          const end = text.indexOf('\n', at + 1),
            [found, ...lists] = text.slice(at + 1, end).split('\t');
          if (!found.startsWith(key)) break;
          const kind =
            found === word
              ? WHOLE
              : own.size && bend && !found.includes(':') && forms(found).some(form => own.has(form))
                ? FORM
                : prefix && found.startsWith(word)
                  ? BEGINNING
                  : 0;
          if (kind) lines.push({ found, lists, kind });
          at = end + 1 < text.length ? end : -1;
        }
        if (
          (prefix || bend) &&
          last - shard < 1 &&
          (root.shards[shard + 1]?.startsWith(key) || root.shards[shard + 1] <= word)
        )
          last = shard + 1;
      }
      const size = ({ lists, kind }) => kind * 1e9 + lists.join('').length;
      return lines.sort((a, b) => size(b) - size(a)).slice(0, 24);
    };
    const correct = async word => {
      const most = word.length < 4 ? 0 : word.length < 8 ? 1 : 2;
      let best = most + 1,
        found;
      if (most)
        for (const typed of new Set(forms(word).filter(form => form.length > 3))) {
          for (const other of (await file('words.txt')).split('\n')) {
            // A slip of the first letter is rare; letters that change places are not.
            if (other[0] !== typed[0] && other[1] !== typed[0]) continue;
            const far = distance(typed, other, best - 1);
            if (far < best) {
              best = far;
              found = other;
            }
          }
        }
      return found;
    };
    /* The documents of some lines, and what the best field counts; `bare` where descriptions are not asked for the beginning of a word. */
    const spread = (lines, fields, bare) => {
      const weights = new Map(),
        named = new Set();
      let total = 0;
      for (const { lists, kind } of lines)
        for (const field of fields) {
          if (!lists[field] || (kind === BEGINNING && bare && field > 1)) continue;
          const list = decode(lists[field]);
          if (kind > BEGINNING) total = Math.max(total, list.total);
          for (const id of list.ids) {
            // What a server says of all its tools says little of one.
            const weight = FIELDS[field] * kind * (field > 1 && !root.groups[groupOf(id)][1] ? 0.3 : 1);
            if (weight > (weights.get(id) || 0)) weights.set(id, weight);
            if (!field && kind > BEGINNING) named.add(id);
          }
        }
      return { weights, named, total };
    };
    /* Which documents have a term, with which weight; `corrects` where nothing was found with the word as it is. */
    const resolve = async (term, terms, corrects) => {
      // A synonym that the query holds as well finds nothing more, and one word would count for both.
      const alternatives = ((term.typed && synonyms.get(term.word)) || []).filter(
        text => !terms.some(({ word }) => word === words(text).join(' ')),
      );
      let lines = await look(term.word, term.prefix, term.typed);
      if (
        term.typed &&
        !term.kin &&
        !term.free &&
        !alternatives.length &&
        (corrects ? !(lines[0]?.kind > BEGINNING) : !lines.length)
      ) {
        const other = await correct(term.typed);
        if (other) {
          term.corrected = other;
          lines = await look(other, false, true);
        }
      }
      term.found = lines.map(line => line.found);
      term.by = new Map();
      const others = await Promise.all(
        alternatives.map(async text => ({
          text,
          each: await Promise.all(words(text).map(word => look(word, false, true))),
        })),
      );
      const whole =
        lines.some(line => line.kind > BEGINNING) || others.some(({ each }) => each.every(one => one.length));
      const own = spread(lines, term.fields, whole || term.word.length < 4);
      let { weights, named, total } = own;
      for (const { text, each } of others) {
        const all = each.map(one => spread(one, term.fields));
        for (const id of all[0].weights.keys()) {
          const weight = SYNONYM * Math.min(...all.map(one => one.weights.get(id) || 0));
          if (weight > (weights.get(id) || 0)) {
            weights.set(id, weight);
            term.by.set(id, text);
            if (all.every(one => one.named.has(id))) named.add(id);
          }
        }
        total = Math.max(total, Math.min(...all.map(one => one.total)));
        term.found.push(...each.flat().map(line => line.found));
      }
      const rare = Math.log2(2 + root.documents / Math.max(total, 1));
      for (const [id, weight] of weights) weights.set(id, weight * rare);
      Object.assign(term, { weights, named, known: weights.size > 0, cuts: [] });
      for (const { lists, kind } of lines)
        if (kind === WHOLE || term.corrected)
          for (const field of term.fields) {
            const { ids, cut } = decode(lists[field] || '');
            if (!cut) continue;
            const kept = new Map();
            for (const id of ids) {
              const at = groupOf(id);
              kept.set(at, [(kept.get(at)?.[0] || 0) + 1, id]);
            }
            term.cuts.push([cut, kept]);
          }
    };
    const has = (term, id, at) => {
      const kin = term.kin && passes(root.groups[at], term.kin) ? 1 : 0;
      const weight = term.weights.get(id) || 0;
      if (weight || kin) return Math.max(weight, kin);
      // The list was cut before this document: only the document itself can tell.
      return term.cuts.some(([cut, kept]) => {
        const k = kept.get(at);
        return k && k[0] === cut && id > k[1];
      })
        ? -1
        : 0;
    };
    /* One document; nothing where its line is not what the writer writes. */
    const read = async id => {
      const number = Math.floor(id / root.block),
        lines = (await file('d/' + number + '.txt')).split('\n');
      if (lines.length - 1 !== Math.min(root.block, root.documents - number * root.block))
        throw new Error('d/' + number + '.txt has other documents than the index says.');
      const fields = lines[id % root.block].split('\t'),
        [url, name, server, verb, text, bits] = fields,
        row = root.groups[groupOf(id)];
      return (
        fields.length === 6 &&
        ADDRESS.test(url) && {
          id,
          url,
          name,
          server,
          verb,
          text,
          tags: root.tags.filter((_, bit) => (bits >> bit) & 1),
          class: classes[row[1] - 1],
          severity: severities[row[2] - 1],
          facets: facets.filter((_, bit) => (row[3] >> bit) & 1),
        }
      );
    };
    /* Up to `limit` documents, best first. */
    const search = async (query, limit) => {
      const found = await attempt(query, limit, false);
      if (found.hits.length && !found.partial) return found;
      const second = await attempt(query, limit, true);
      // Where none of those that may have a word has it, those that surely have some.
      return second.hits.length || !second.tried ? second : attempt(query, limit, true, true);
    };
    const attempt = async (query, limit, corrects, sure) => {
      const { terms, filters } = parse(query);
      await Promise.all(terms.map(term => resolve(term, terms, corrects)));
      const corrected = terms.filter(term => term.corrected).map(term => [term.typed, term.corrected]);
      const unknown = terms.filter(term => !term.known && !term.kin && !term.free).map(term => term.typed || term.word);
      const active = terms.filter(term => term.known || term.kin);
      const answer = {
        hits: [],
        corrected,
        unknown,
        filters,
        offers: offered(query),
        matched: new Set(active.flatMap(term => term.found)),
        more: false,
        counts: null,
      };
      if (terms.some(term => !term.known && !term.typed) || (terms.length && !active.length)) return answer;
      const one = row => key => {
        const own = filters.filter(filter => filter[0] === key);
        return !own.length || own.some(filter => passes(row, filter));
      };
      // A tool has one class and one severity: two of them are either of both. Facets are asked for together.
      const fits = root.groups.map(
        row =>
          ['class', 'severity'].every(one(row)) &&
          filters.every(filter => filter[0] !== 'facet' || passes(row, filter)),
      );
      const but = root.groups.map(
        row => one(row)('severity') && filters.every(filter => filter[0] !== 'facet' || passes(row, filter)),
      );
      const ids = new Set(),
        wide = active.every(term => term.kin);
      for (const term of active) for (const id of term.weights.keys()) ids.add(id);
      if (wide && (active.length || filters.length)) {
        root.groups.forEach((row, at) => {
          if (fits[at] && active.every(term => passes(row, term.kin))) {
            for (let id = row[0]; id < endOf(at) && id < row[0] + 4 * limit; id++) ids.add(id);
          }
        });
      }
      let scored = [],
        most = 0;
      for (const id of ids) {
        const at = groupOf(id);
        if (!but[at]) continue;
        let score = 0,
          seen = 0,
          named = 0,
          must = true;
        const unsure = [];
        for (const term of active) {
          const weight = has(term, id, at),
            count = term.free ? 0 : 1;
          if (weight > 0) {
            score += weight;
            seen += count;
            named += term.named.has(id);
          } else if (weight < 0 && !sure) {
            unsure.push(term);
            seen += count;
          } else if (!term.typed) must = false;
        }
        if (!must) continue;
        const row = root.groups[at];
        score += (4 * named) / Math.max(row[4], named) + (row[1] ? 0 : 2 * named);
        if (fits[at]) most = Math.max(most, seen);
        scored.push({ id, at, score, seen, unsure });
      }
      scored = scored.filter(hit => hit.seen === most);
      answer.counts = count(scored, fits, but, active, wide);
      scored = scored
        .filter(hit => fits[hit.at])
        .sort((a, b) => a.unsure.length - b.unsure.length || b.score - a.score || a.id - b.id);
      const hits = [];
      let tried = 0;
      while (hits.length < limit && tried < scored.length && tried < 3 * limit) {
        const batch = scored.slice(tried, tried + Math.max(limit - hits.length, 4));
        tried += batch.length;
        for (const [i, hit] of (await Promise.all(batch.map(({ id }) => read(id)))).entries()) {
          if (!hit) continue;
          const own = words([hit.name, hit.server, ...hit.url.split('/').slice(-2, -1)].join(' ')).concat(
            'verb:' + hit.verb,
            hit.tags,
          );
          if (
            !batch[i].unsure.every(term =>
              own.some(word => (term.prefix ? word.startsWith(term.word) : word === term.word)),
            )
          )
            continue;
          hit.via = terms
            .map(term => [term.typed, term.weights.has(hit.id) && (term.corrected || term.by.get(hit.id))])
            .filter(([typed, other]) => other && other.replace(/ /g, '') !== typed);
          // A name that is the query, word for word, comes before one whose title has the words too.
          const exact =
            terms.length && words(hit.name).join(' ') === terms.map(term => term.corrected || term.word).join(' ');
          hits.push(Object.assign(hit, { unsure: batch[i].unsure.length, score: batch[i].score + (exact ? 4 : 0) }));
        }
      }
      hits.sort((a, b) => a.unsure - b.unsure || b.score - a.score || a.id - b.id);
      return Object.assign(answer, {
        tried,
        sure,
        hits: hits.slice(0, limit),
        partial: most < active.filter(term => !term.free).length,
        more: hits.length > limit || tried < scored.length,
      });
    };
    /* How many documents each class has of those found, whatever class is asked for, and each facet; nothing where a list was cut. */
    const count = (scored, fits, but, active, wide) => {
      if (active.some(term => term.cuts.length)) return null;
      const counts = { class: classes.map(() => 0), facet: facets.map(() => 0), all: 0 };
      const add = (at, number) => {
        const row = root.groups[at];
        if (row[1]) counts.class[row[1] - 1] += number;
        if (!fits[at]) return;
        counts.all += number;
        facets.forEach((_, bit) => {
          if ((row[3] >> bit) & 1) counts.facet[bit] += number;
        });
      };
      const whole = root.groups.map((row, at) => wide && but[at] && active.every(term => passes(row, term.kin)));
      whole.forEach((all, at) => {
        if (all) add(at, endOf(at) - root.groups[at][0]);
      });
      for (const hit of scored) if (!whole[hit.at]) add(hit.at, 1);
      return counts;
    };
    /* What can be filtered by: names with their places in the counts. */
    const kinds = {
      classes: classes.map((name, at) => [name, at]),
      facets: facets.map((name, at) => [name, at]).filter(([, bit]) => root.groups.some(row => (row[3] >> bit) & 1)),
    };
    return { search, kinds, size: root.documents };
  };

  return { words, forms, open, RUNS, PAIR };
})();
