/* What the list below a field and the search page have in common: asking, and the parts of a result. Elements are made,
   never parsed from text; every address has passed the reader. */
const { make, index } = toolcardPage;

let reader;
const load = () =>
  (reader ||= open(async path => {
    const answer = await fetch(index + path, path.includes('?') ? {} : { cache: 'no-cache' });
    if (!answer.ok) throw new Error(path + ': ' + answer.status);
    return answer.text();
  }).catch(error => {
    reader = undefined;
    throw error;
  }));

const HINT = 'Names, words of descriptions, verbs, and the filters class:, facet: and server:';
const digits = number => number.toLocaleString('en');
const said = (query, { hits, corrected, unknown, partial, sure, more, counts }) => {
  if (!query.trim()) return HINT;
  const all = !partial && counts?.all > hits.length ? ` of ${digits(counts.all)}` : '';
  return [
    hits.length ? (more ? `The best ${hits.length}${all} results.` : `${hits.length} results.`) : 'Nothing found.',
    ...corrected.map(([typed, other]) => `Read “${typed}” as “${other}”.`),
    ...unknown.map(word => `No tool has “${word}”.`),
    partial && hits.length
      ? sure
        ? 'These have most of the words; no other was found.'
        : 'No tool has all the words; these have most of them.'
      : '',
  ]
    .join(' ')
    .trim()
    .replace(/^1 results/, 'One result');
};

/* Calls `show` with what the field asks for; an older answer never replaces a newer one. */
const asker = (input, limit, show) => {
  let turn = 0;
  return async () => {
    const now = ++turn;
    const query = input.value;
    let text;
    let found = { hits: [], filters: [], offers: [], matched: new Set() };
    try {
      found = await (await load()).search(query, limit());
      text = said(query, found);
    } catch {
      text =
        location.protocol === 'file:'
          ? 'Search needs a web server; from a folder, use the lists.'
          : 'Search could not be loaded.';
    }
    if (now === turn) show(text, found);
  };
};

/* Once nothing was typed for a moment. */
const soon = run => {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(run, 60);
  };
};

/* A text with the words that were found marked, cut where words are cut. */
const marked = (text, found) => {
  const parts = [];
  const add = (part, hit) => {
    const last = parts.at(-1);
    if (last?.hit === hit) last.part += part;
    else parts.push({ part, hit });
  };
  for (const [at, run] of text.split(UNSPACED).entries())
    if (at % 2)
      for (const [i, letter] of [...run].entries())
        add(letter, found.has(run.slice(i - 1, i + 1)) || found.has(run.slice(i, i + 2)));
    else
      for (const part of run.split(/([\p{L}\p{N}\p{M}]+)/u).flatMap(part => part.split(HUMP)))
        add(
          part,
          words(part).some(word => found.has(word)),
        );
  return parts.map(({ part, hit }) => (hit ? make('mark', {}, part) : part));
};

const capital = word => word[0].toUpperCase() + word.slice(1);
const muted = (...parts) => make('span', { class: 'muted', dir: 'auto' }, ...parts);
/* The parts of a result; `notes` say why it was found, but for a correction, which is told once, above the results. */
const parts = (hit, { matched, corrected }) => ({
  name: make(hit.class ? 'code' : 'b', { dir: 'auto' }, ...marked(hit.name, matched)),
  server: muted(hit.class ? hit.server : 'Server'),
  kind: hit.class ? make('span', { class: 'cls ' + hit.class }, capital(hit.class)) : '',
  quotes: hit.text ? [make('q', { dir: 'auto' }, ...marked(hit.text, matched))] : [],
  notes: hit.via
    .filter(([typed]) => !corrected.some(([word]) => word === typed))
    .map(([typed, other]) => muted(`${other} for “${typed}”`)),
});

/* Where an arrow leads. */
const step = event => ({ ArrowDown: 1, ArrowUp: -1 })[event.key];

globalThis.toolcardSearch = { open, load, HINT, digits, asker, soon, capital, parts, step };
