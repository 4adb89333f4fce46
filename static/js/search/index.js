/* The reader of the index. Its files are described in docs/search-format.md; nothing here spells a path of a page. */

/* What a word counts as it is, in another form, as a synonym, as the beginning of a longer one. */
const WHOLE = 1;
const FORM = 0.9;
const SYNONYM = 0.6;
const BEGINNING = 0.3;

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/* Addresses lead into this site, to a page or a part of it; any other is refused, whoever wrote it. */
const ADDRESS = /^([a-z0-9][a-z0-9._-]*\/)+[a-z0-9][a-z0-9._-]*\.html(#[a-z0-9._-]+)?$/;

/* A list of documents; `cut` where the writer kept only so many of each group. */
const decode = (text = '') => {
  const numbers = [];
  let value = 0;
  let shift = 0;
  let id = -1;
  for (const letter of text.replace('!', '')) {
    const digit = DIGITS.indexOf(letter);
    value += (digit & 31) << shift;
    shift += 5;
    if (digit < 32) {
      numbers.push(value);
      value = shift = 0;
    }
  }
  const [total, cut] = text[0] === '!' ? numbers.splice(0, 2) : [numbers.length];
  return { total, cut, ids: numbers.map(number => (id += number + 1)) };
};

/* Raises what is kept for a document. */
const raise = (weights, id, weight) => weight > (weights.get(id) || 0) && weights.set(id, weight);

/* Those that surely have what is asked for come first. */
const better = (a, b) => a.unsure.length - b.unsure.length || b.score - a.score || a.id - b.id;

/* The reader. `load(path)` resolves to the text of a file below the search folder. */
const open = async load => {
  const { format, version, documents, block, tags, shards, ...root } = JSON.parse(await load('root.json'));
  if (format !== 2) throw new Error('The search index is not of format 2.');
  const names = { class: root.classes, severity: root.severities, facet: root.facets };
  const set = (list, bits) => list.filter((_, bit) => (bits >> bit) & 1);
  const groups = root.groups.map(([first, kind, severity, facets, length], at) => ({
    first,
    end: root.groups[at + 1]?.[0] ?? documents,
    class: root.classes[kind - 1] || '',
    severity: root.severities[severity - 1] || '',
    bars: severity,
    facet: set(root.facets, facets),
    length,
  }));
  const groupOf = Array(documents);
  for (const group of groups) groupOf.fill(group, group.first, group.end);
  const passes = (group, [key, value]) => [group[key]].flat().some(name => name.startsWith(value.replaceAll('-', '_')));

  const files = {};
  const file = path => (files[path] ||= load(path + '?' + version));
  const table = JSON.parse(await file('query.json'));
  const synonyms = new Map(Object.entries(table.synonyms));
  const empty = [...table.empty, ...table.of_servers];

  /* `class:write bulk task` to filters and words. */
  const parse = query => {
    const terms = [];
    const filters = [];
    for (const piece of query.trim().split(/\s+/)) {
      const typed = piece.toLowerCase();
      const [, key, value] = /^(class|severity|facet|server|verb|finding|hint):(.*)$/.exec(typed) || [];
      const own = words(value ?? piece);
      // A filter without a value is being typed.
      if (value === '') continue;
      if (names[key]) filters.push([key, value]);
      else if (key === 'server') {
        const said = own.filter(word => !table.of_servers.includes(word));
        for (const word of said.length ? said : own) terms.push({ word, fields: [1], prefix: true });
      } else if (key) terms.push({ word: typed, fields: [0], prefix: key !== 'verb' });
      else {
        // What the bare word says of a group: its class, severity or facet.
        const kin = Object.keys(names).find(key => names[key].includes(typed));
        for (const word of own)
          terms.push({
            word,
            kin: kin && [kin, typed],
            free: empty.includes(word),
            fields: [0, 1, 2],
            typed: own[1] ? word : typed,
          });
      }
    }
    const last = terms.at(-1);
    if (last?.word[1] && !/\s$/.test(query)) last.prefix = true;
    // A word that says nothing need not match, unless the query is nothing else.
    if (terms.every(term => term.free || !term.typed)) for (const term of terms) term.free = false;
    return { terms, filters };
  };

  /* Filters that a query's words stand for, each with the rest of the query. */
  const offered = query => {
    const offers = new Map();
    const said = ` ${words(query.replace(/\S+:\S*/g, '')).join(' ')} `;
    const rest = (query.match(/\S+:\S+/g) || []).join(' ');
    for (const [phrase, filter] of Object.entries(table.offers))
      if (
        said.includes(` ${phrase} `) &&
        !query.includes(filter) &&
        !offers.has(filter) &&
        groups.some(group => passes(group, filter.split(':')))
      )
        offers.set(filter, (filter + said.replace(` ${phrase} `, ' ') + rest).trim());
    return [...offers].map(([filter, query]) => ({ filter, query }));
  };

  /* The lines of a word, where it bends of its forms, and with `prefix` of some words that begin with it. */
  const look = async (word, prefix, bends) => {
    const own = bends ? forms(word) : [word];
    // What all of them begin with.
    const key = own.reduce((a, b) => (a.length > b.length ? b : a)).replace(/(?<=...)[ey]$/, '');
    const begin = shards.findLastIndex(first => first <= key);
    const texts = shards.map((first, at) =>
      at === begin || (at > begin && (first <= word || first.startsWith(key))) ? file(`w/${at}.txt`) : '',
    );
    return (await Promise.all(texts))
      .join('')
      .split('\n')
      .filter(line => line.startsWith(key))
      .map(line => {
        const [found, ...lists] = line.split('\t');
        const kind =
          found === word
            ? WHOLE
            : bends && forms(found).some(form => own.includes(form))
              ? FORM
              : prefix && found.startsWith(word) && BEGINNING;
        return { found, lists, kind, size: lists.join('').length };
      })
      .filter(line => line.kind)
      .sort((a, b) => b.kind - a.kind || b.size - a.size)
      .slice(0, 24);
  };

  /* The nearest word of the index: one slip away, of a long word two. */
  const correct = async word => {
    let best = word[7] ? 3 : 2;
    let found;
    // A slip of the first letter is rare; letters that change places are not.
    for (const typed of forms(word).filter(form => form[3]))
      for (const other of (await file('words.txt')).split('\n'))
        if ((typed[0] === other[0] || typed[0] === other[1]) && Math.abs(typed.length - other.length) < best) {
          const far = distance(typed, other);
          if (far < best) {
            best = far;
            found = other;
          }
        }
    return found;
  };

  /* The documents of some lines, and what the best field counts; `bare` where descriptions are not asked for the beginning of a word. */
  const spread = (lines, fields, bare) => {
    const weights = new Map();
    const named = new Set();
    const cuts = [];
    let most = 0;
    for (const { lists, kind } of lines)
      for (const field of fields) {
        if (kind === BEGINNING && bare && field > 1) continue;
        const { total, cut, ids } = decode(lists[field]);
        if (kind > BEGINNING) most = Math.max(most, total);
        // The last document of each group of which the writer left out what came after it.
        const last = ids.filter((id, i) => groupOf[ids[i - cut + 1]] === groupOf[id]);
        if (cut) cuts.push({ kind, last: new Map(last.map(id => [groupOf[id], id])) });
        for (const id of ids) {
          // A name counts 3, a server 2, a description 1; what a server says of all its tools says little of one.
          raise(weights, id, (3 - field) * kind * (field > 1 && !groupOf[id].class ? 0.3 : 1));
          if (!field && kind > BEGINNING) named.add(id);
        }
      }
    return { weights, named, cuts, total: most };
  };

  /* Which documents have a term, with which weight; `corrects` where nothing was found with the word as it is. */
  const resolve = async (term, terms, corrects) => {
    const { word, typed, fields, kin } = term;
    // A synonym that the query holds as well finds nothing more, and one word would count for both.
    const alternatives = ((typed && synonyms.get(word)) || []).filter(
      text => !terms.some(({ word }) => word === words(text).join(' ')),
    );
    let lines = await look(word, term.prefix, typed);
    if (typed && !kin && !term.free && !alternatives.length && !(lines[0]?.kind > (corrects ? BEGINNING : 0))) {
      term.corrected = await correct(typed);
      if (term.corrected) lines = await look(term.corrected, false, true);
    }
    const others = await Promise.all(
      alternatives.map(text => Promise.all(words(text).map(word => look(word, false, true)))),
    );
    const whole = lines.some(line => line.kind > BEGINNING) || others.some(each => each.every(one => one.length));
    const own = spread(lines, fields, whole || !word[3]);
    const by = new Map();
    for (const [at, each] of others.entries()) {
      const all = each.map(one => spread(one, fields));
      for (const id of all[0].weights.keys())
        if (raise(own.weights, id, SYNONYM * Math.min(...all.map(one => one.weights.get(id) || 0)))) {
          by.set(id, alternatives[at]);
          if (all.every(one => one.named.has(id))) own.named.add(id);
        }
      own.total = Math.max(own.total, Math.min(...all.map(one => one.total)));
    }
    Object.assign(term, own, {
      by,
      rare: Math.log2(2 + documents / Math.max(own.total, 1)),
      found: [lines, ...others.flat()].flat().map(line => line.found),
      cuts: own.cuts.filter(({ kind }) => kind === WHOLE || term.corrected),
      groups: new Set(groups.filter(group => kin && passes(group, kin))),
    });
  };

  /* Reads a document; nothing where its line is not what the writer writes. */
  const read = async hit => {
    const number = Math.floor(hit.id / block);
    const lines = (await file(`d/${number}.txt`)).split('\n');
    if (lines.length - 1 !== Math.min(block, documents - number * block))
      throw new Error('A block has other documents than the index says.');
    const fields = lines[hit.id % block].split('\t');
    const [url, name, server, verb, text, bits] = fields;
    if (fields.length === 6 && ADDRESS.test(url))
      return Object.assign(hit, hit.group, {
        url,
        name,
        server,
        text,
        own: [...words(`${name} ${server} ${url.split('/').at(-2)}`), 'verb:' + verb, ...set(tags, bits)],
      });
  };

  const attempt = async (query, limit, corrects, sure) => {
    const { terms, filters } = parse(query);
    await Promise.all(terms.map(term => resolve(term, terms, corrects)));
    const active = terms.filter(term => term.weights.size || term.kin);
    const answer = {
      hits: [],
      filters,
      offers: offered(query),
      corrected: terms.filter(term => term.corrected).map(term => [term.typed, term.corrected]),
      unknown: terms.filter(term => !active.includes(term) && !term.free).map(term => term.typed || term.word),
      matched: new Set(active.flatMap(term => term.found)),
    };
    if (terms.some(term => !term.weights.size && !term.typed) || (terms.length && !active.length)) return answer;

    // A tool has one class and one severity: two of them are either of both. Facets are asked for together.
    const asked = but =>
      new Set(
        groups.filter(group =>
          filters.every(
            filter =>
              filter[0] === but ||
              filters.some(
                other =>
                  (other === filter || (filter[0] !== 'facet' && other[0] === filter[0])) && passes(group, other),
              ),
          ),
        ),
      );
    const fits = asked();
    const near = asked('class');
    const wide = active.every(term => term.kin);
    // Groups of which every document is found.
    const whole = new Set(
      groups.filter(group => wide && near.has(group) && active.every(term => term.groups.has(group))),
    );
    const ids = new Set(active.flatMap(term => [...term.weights.keys()]));
    if (active.length || filters.length)
      for (const group of whole)
        for (let id = group.first; fits.has(group) && id < group.end && id < group.first + 4 * limit; id++) ids.add(id);

    let scored = [];
    let most = 0;
    for (const id of ids) {
      const group = groupOf[id];
      const unsure = [];
      let score = 0;
      let seen = 0;
      let named = 0;
      let has = near.has(group);
      for (const term of active) {
        const weight = Math.max((term.weights.get(id) || 0) * term.rare, term.groups.has(group));
        if (weight) {
          score += weight;
          named += term.named.has(id);
        } else if (!sure && term.cuts.some(({ last }) => last.get(group) < id)) {
          // The list was cut before this document: only the document itself can tell.
          unsure.push(term);
        } else {
          has &&= term.typed;
          continue;
        }
        seen += !term.free;
      }
      if (!has) continue;
      score += (4 * named) / Math.max(group.length, named) + (group.class ? 0 : 2 * named);
      if (fits.has(group)) most = Math.max(most, seen);
      scored.push({ id, group, score, seen, unsure });
    }
    scored = scored.filter(hit => hit.seen === most);

    // How many documents each class has of those found, whatever class is asked for, and each facet; nothing where a list was cut.
    if (!active.some(term => term.cuts.length)) {
      answer.counts = { all: 0 };
      const add = (group, number) => {
        for (const name of fits.has(group) ? ['all', group.class, ...group.facet] : [group.class])
          answer.counts[name] = (answer.counts[name] || 0) + number;
      };
      for (const group of whole) add(group, group.end - group.first);
      for (const { group } of scored) if (!whole.has(group)) add(group, 1);
    }

    scored = scored.filter(hit => fits.has(hit.group)).sort(better);
    const hits = [];
    let tried = 0;
    while (hits.length < limit && tried < scored.length && tried < 3 * limit) {
      const batch = scored.slice(tried, tried + Math.max(limit - hits.length, 4));
      tried += batch.length;
      for (const hit of await Promise.all(batch.map(read)))
        if (
          hit?.unsure.every(({ word, prefix }) => hit.own.some(own => (prefix ? own.startsWith(word) : own === word)))
        ) {
          hit.via = terms
            .map(term => [term.typed, term.weights.has(hit.id) && (term.corrected || term.by.get(hit.id))])
            .filter(([typed, other]) => other && other.replaceAll(' ', '') !== typed);
          // A name that is the query, word for word, comes before one whose title has the words too.
          if (terms[0] && words(hit.name).join(' ') === terms.map(term => term.corrected || term.word).join(' '))
            hit.score += 4;
          hits.push(hit);
        }
    }
    return Object.assign(answer, {
      tried,
      sure,
      hits: hits.sort(better).slice(0, limit),
      partial: most < active.filter(term => !term.free).length,
      more: hits.length > limit || tried < scored.length,
    });
  };

  /* Up to `limit` documents, best first. */
  const search = async (query, limit) => {
    const found = await attempt(query, limit);
    if (found.hits.length && !found.partial) return found;
    const second = await attempt(query, limit, true);
    // Where none of those that may have a word has it, those that surely have some.
    return second.hits.length || !second.tried ? second : attempt(query, limit, true, true);
  };

  return { search };
};
