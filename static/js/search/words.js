/* Texts as words, exactly as the writer of the index makes them; other forms of a word; slips of the keyboard. */

/* Scripts without spaces between words. */
const UNSPACED = /([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]+)/;
/* Where a capital begins a word: `get|HTTP|Response`, but `URLs`. */
const HUMP =
  /(?<=[\p{Lowercase}\p{N}])(?=\p{Uppercase})|(?<=\p{Uppercase})(?=\p{Uppercase}\p{Lowercase})(?!\p{Uppercase}s(?!\p{Lowercase}))/gu;

const singular = word => word.replace(/^(..+)ies$/u, '$1y').replace(/^(..+[^isu]|..i)s$/u, '$1');

const words = text =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .normalize('NFC')
    .replace(HUMP, ' ')
    .split(/[^\p{Alphabetic}\p{N}]+/u)
    .flatMap(run => run.split(UNSPACED))
    .flatMap(part =>
      UNSPACED.test(part) && part[1]
        ? // Overlapping pairs.
          [...part.slice(1)].map((letter, i) => part[i] + letter)
        : part && [...singular(part.toLowerCase())].slice(0, 32).join(''),
    )
    .filter(Boolean);

/* The word, and what it may be a form of: `deleting`, `deleted` and `deletion` share `delete`. */
const forms = word => {
  const found = [word];
  for (const end of [/(?<=...)ing$/, /(?<=...)ed$/, /(?<=.{5})ation$/, /(?<=.{5})ion$/]) {
    const stem = word.replace(end, '');
    if (stem !== word && /[aeiouy]/.test(stem))
      found.push(
        stem,
        stem + 'e',
        stem.replace(/([^aeiou])\1$|i$/, (_, letter) => letter || 'y'),
      );
  }
  return /.(ch|sh|x|ss|z)e$/.test(word) ? [...found, word.slice(0, -1)] : found;
};

/* Letters added, left out or changed, and neighbours that changed places, between two words. */
const distance = (a, b) => {
  const rows = [];
  for (let i = 0; i <= a.length; i++) {
    rows[i] = [];
    for (let j = 0; j <= b.length; j++)
      rows[i][j] =
        i && j
          ? Math.min(
              rows[i - 1][j] + 1,
              rows[i][j - 1] + 1,
              rows[i - 1][j - 1] + (a[i - 1] !== b[j - 1]),
              a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? rows[i - 2][j - 2] + 1 : 99,
            )
          : i + j;
  }
  return rows[a.length][b.length];
};
