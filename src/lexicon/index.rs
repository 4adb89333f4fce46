//! The lexicon as tables for looking up: built once, read by every tool.

use std::collections::HashMap;
use std::ops::ControlFlow;

use foldhash::fast::FixedState;

use super::data::{GroupRole, Noun, Signals, Verb, VerbRole};
use super::forms::{Form, form_of, inflections};
use super::scan::Scan;
use super::threads::side_by_side;
use super::vocabulary::{CHANGES, COMPOUND, GroupSet, SECOND, Vocabulary, WordEntry};
use crate::counted::steps;
use crate::risk::{Class, Facet};
use crate::words::is_unspaced;

type Table<V> = HashMap<Box<str>, V, FixedState>;

/// What a text is searched for.
#[derive(Debug, Clone, Copy)]
enum TextPattern {
    /// A phrase of this row.
    Phrase(u16),
    /// Text of this row that is aimed at a model.
    Model(u16),
    /// A form of a verb that destroys or may, and whether no letter may follow it: the endings of other languages are
    /// not all known.
    Danger { whole: bool },
}

/// What was found in a text: rows and byte ranges.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matches {
    /// Rows of `signals.phrase`: leftmost and longest, none inside another.
    pub phrases: Vec<(u16, usize, usize)>,
    /// The first row of `signals.model_directed`, unless it is only worth a note and there is worse.
    pub model: Option<(u16, usize, usize)>,
    /// Whether a form of a verb stands there that destroys or may: a quick look before a text is read in words.
    pub dangerous: bool,
    /// Whether it is printable ASCII, tabs and line ends without letters that are spaced out: nothing is disguised in it.
    pub plain: bool,
}

impl Matches {
    /// What the text aims at a model.
    pub(crate) fn aimed(&self) -> AimedText {
        AimedText { hit: self.model, plain: self.plain }
    }
}

/// What a text aims at a model: the row in `signals.model_directed` and the byte range; and whether the text is plain as in
/// [`Matches::plain`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct AimedText {
    pub hit: Option<(u16, usize, usize)>,
    pub plain: bool,
}

/// How much a verb decides that is known one edit off.
const MIN_DANGEROUS: f32 = 0.75;
/// How much a verb decides for which what is said of an argument is read in words.
const MIN_NOTED: f32 = 0.7;
/// The same of a verb that only changes something, which must be said in full.
const MIN_TOLD: f32 = 0.85;
/// How much a verb decides that only changes something, which has a letter more.
const MIN_CHANGING: f32 = 0.9;
/// Letters of the shortest such verb: below it, one edit makes too many other words.
const MIN_LEMMA: usize = 4;
/// Letters of the shortest word that may be a verb spelled wrong.
const MIN_WORD: usize = 4;

/// Words within which a sentence tells somebody to send something to an address: it is looked for behind each phrase.
const MAX_SENDING_WORDS: usize = 60;

/// The tables.
#[derive(Debug)]
pub struct Index {
    words: Vocabulary,
    /// Second word of a two-word noun → (first word, groups).
    pairs: Table<Vec<(Box<str>, GroupSet)>>,
    compounds: Table<Vec<Box<str>>>,
    modifiers: Table<Vec<(Box<str>, u16)>>,
    arguments: Table<u16>,
    /// All that a text is searched for, and what each of it is.
    texts: (Scan, Vec<TextPattern>),
    /// Text that is aimed at a model, and for each the row that it belongs to.
    models: (Scan, Vec<u16>),
    /// The same without spaces, for letters that have spaces between them.
    model_letters: (Scan, Vec<u16>),
    /// For each row of such text, whether it is only worth a note, and the words with which it must go on to an address.
    directed: Vec<(bool, Vec<String>)>,
    group_ids: HashMap<String, u16>,
    /// Groups by role, in the order of the roles.
    roles: Vec<GroupSet>,
    /// Verbs that are dangerous enough to be known one edit off, by the first and the second letter of their lemma.
    dangerous: HashMap<u8, Vec<(Box<str>, u16)>, FixedState>,
    /// For each verb, for each `when` row, the groups of its object and of its target.
    whens: Vec<Vec<(GroupSet, GroupSet)>>,
    /// Verbs in scripts without spaces, longest first.
    unspaced: Vec<(Box<str>, u16)>,
}

impl Index {
    /// The tables of checked rows.
    pub(super) fn new(verbs: &[Verb], signals: &Signals) -> Result<Self, String> {
        // A command waits for them: the phrases and the words are made side by side.
        let (searches, words) = side_by_side(
            || Ok::<_, String>((texts(verbs, signals)?, models(signals)?, letters(signals)?)),
            || Self::of_words(verbs, signals),
        );
        let (texts, models, model_letters) = searches?;
        Ok(Self { texts, models, model_letters, ..words? })
    }

    /// The tables of words; those of phrases are empty.
    fn of_words(verbs: &[Verb], signals: &Signals) -> Result<Self, String> {
        let mut words: Table<WordEntry> = Table::default();
        let mut index = Self {
            words: Vocabulary::default(),
            pairs: Table::default(),
            compounds: Table::default(),
            modifiers: Table::default(),
            arguments: Table::default(),
            texts: Default::default(),
            models: Default::default(),
            model_letters: Default::default(),
            directed: signals.model_directed.iter().map(|row| (row.note, row.sends.clone())).collect(),
            group_ids: signals.group.iter().zip(0_u16..).map(|(g, i)| (g.id.clone(), i)).collect(),
            roles: Vec::new(),
            dangerous: HashMap::default(),
            whens: Vec::new(),
            unspaced: Vec::new(),
        };
        for (group, i) in signals.group.iter().zip(0_u16..) {
            if let Some(role) = group.role {
                let role = role as usize;
                index.roles.resize(index.roles.len().max(role + 1), 0);
                index.roles[role] |= 1 << i;
            }
        }
        for row in &signals.function {
            for word in &row.words {
                words.entry(word.as_str().into()).or_default().add(row.function);
            }
        }
        for (verb, i) in verbs.iter().zip(0_u16..) {
            index.verb(&mut words, verb, i);
        }
        let first = |form: &str| form.chars().next();
        index.unspaced.sort_by_key(|(form, _)| (first(form), usize::MAX - form.len(), form.clone()));
        for (group, i) in signals.group.iter().zip(0_u16..) {
            for word in &group.words {
                index.noun(&mut words, word, 1 << i);
            }
        }
        for pair in signals.compound.iter().flat_map(|c| &c.words) {
            if let Some((first, second)) = pair.split_once(' ') {
                for second in plurals(second) {
                    words.entry(second.as_str().into()).or_default().functions |= COMPOUND;
                    index.compounds.entry(second.into()).or_default().push(first.into());
                }
            }
        }
        for (modifier, i) in signals.modifier.iter().zip(0_u16..) {
            for word in &modifier.words {
                let (first, second) = word.split_once(' ').unwrap_or((word, ""));
                index.modifiers.entry(first.into()).or_default().push((second.into(), i));
            }
        }
        for (argument, i) in signals.argument.iter().zip(0_u16..) {
            for name in &argument.names {
                index.arguments.entry(name.as_str().into()).or_insert(i);
            }
        }
        for entry in words.values_mut() {
            let verb = entry.verb.map(|(verb, _)| &verbs[verb as usize]);
            if verb.is_some_and(|v| {
                (v.noun != Noun::Mostly || v.roles.contains(VerbRole::Phrasal)) && (v.may_destroy() || v.may_change())
            }) {
                entry.functions |= CHANGES;
            }
        }
        index.words = Vocabulary::new(words)?;
        Ok(index)
    }

    fn verb(&mut self, words: &mut Table<WordEntry>, verb: &Verb, i: u16) {
        let dangerous = verb.class == Class::Destructive && verb.weight >= MIN_DANGEROUS && verb.noun != Noun::Mostly;
        let changing = verb.class == Class::Write && verb.weight >= MIN_CHANGING && verb.lemma.len() > MIN_LEMMA;
        if (dangerous || changing || verb.roles.contains(VerbRole::Watched))
            && verb.lemma.is_ascii()
            && verb.lemma.len() >= MIN_LEMMA
        {
            let letters = verb.lemma.as_bytes();
            for letter in [Some(letters[0]), Some(letters[1]).filter(|l| *l != letters[0])].into_iter().flatten() {
                self.dangerous.entry(letter).or_default().push((verb.lemma.as_str().into(), i));
            }
        }
        // The forms of other languages are not told apart by their endings.
        let foreign = verb.is_foreign();
        let irregular = verb.forms.iter().map(|f| (f.clone(), if foreign { Form::Base } else { form_of(f) }));
        let irregular = irregular.chain(verb.past.iter().map(|f| (f.clone(), Form::Past)));
        let irregular = irregular.chain(verb.nouns.iter().map(|f| (f.clone(), Form::Noun)));
        // `finalised`: the British spelling of `finalize` has all its forms.
        let british = verb.lemma.strip_suffix("ize").filter(|stem| !foreign && stem.len() > 2);
        let british = british.map(|stem| inflections(&format!("{stem}ise"))).unwrap_or_default();
        let all = inflections(&verb.lemma).into_iter().chain(irregular).chain(british);
        // `loesche`: names have no umlauts.
        let all =
            all.flat_map(|(spelling, form)| [ascii(&spelling).map(|plain| (plain, form)), Some((spelling, form))]);
        for (spelling, form) in all.flatten() {
            let entry = words.entry(spelling.as_str().into()).or_default();
            // The base form of one verb wins over an inflected form of another (`found`, `left`).
            match entry.verb {
                Some((_, Form::Base)) if form != Form::Base => {}
                Some((_, known)) if known < form => {}
                _ => entry.verb = Some((i, form)),
            }
            if spelling.starts_with(is_unspaced) {
                self.unspaced.push((spelling.as_str().into(), i));
            }
        }
        let groups = verb.when.iter().map(|w| (self.group_set(&w.with), self.group_set(&w.target))).collect();
        self.whens.push(groups);
    }

    fn noun(&mut self, words: &mut Table<WordEntry>, noun: &str, groups: GroupSet) {
        match noun.split_once(' ') {
            None => {
                for form in plurals(noun) {
                    words.entry(form.into()).or_default().groups |= groups;
                }
            }
            Some((first, second)) => {
                for form in plurals(second) {
                    words.entry(form.as_str().into()).or_default().functions |= SECOND;
                    self.pairs.entry(form.into()).or_default().push((first.into(), groups));
                }
            }
        }
    }

    fn group_set(&self, ids: &[String]) -> GroupSet {
        ids.iter().filter_map(|id| self.group_ids.get(id)).fold(0, |set, i| set | 1 << i)
    }

    /// What the lower-case `word` is.
    #[inline]
    pub fn word(&self, word: &str) -> WordEntry {
        self.words.get(word)
    }

    /// What the lower-case word at `start..end` of a text is.
    #[inline]
    pub(crate) fn word_within(&self, text: &str, start: usize, end: usize) -> WordEntry {
        self.words.get_within(text, start, end)
    }

    /// The groups of the noun made of both words; empty where they are none.
    pub(crate) fn pair(&self, first: &str, second: &str) -> GroupSet {
        self.pairs
            .get(second)
            .map_or(0, |list| list.iter().filter(|(f, _)| **f == *first).fold(0, |set, (_, groups)| set | groups))
    }

    /// Whether both words are one noun.
    pub(crate) fn compound(&self, first: &str, second: &str) -> bool {
        self.compounds.get(second).is_some_and(|list| list.iter().any(|f| **f == *first))
    }

    /// The modifier that begins at `first`, and how many words it takes.
    pub(crate) fn modifier(&self, first: &str, second: &str) -> Option<(u16, usize)> {
        let list = self.modifiers.get(first)?;
        let long = list.iter().find(|(s, _)| !s.is_empty() && **s == *second).map(|(_, i)| (*i, 2));
        long.or_else(|| list.iter().find(|(s, _)| s.is_empty()).map(|(_, i)| (*i, 1)))
    }

    /// The argument rule for a name reduced to lower-case letters and digits.
    pub fn argument(&self, reduced: &str) -> Option<u16> {
        self.arguments.get(reduced).copied()
    }

    /// Searches `text` once for all that is looked for in descriptions.
    pub fn search(&self, text: &str, out: &mut Matches) {
        out.phrases.clear();
        (out.model, out.dangerous) = (None, false);
        let (scan, patterns) = &self.texts;
        let (mut behind, mut behind_model) = (0, 0);
        out.plain = scan.each(text, |pattern, start, end| {
            match patterns[pattern] {
                TextPattern::Phrase(row) if start >= behind => {
                    out.phrases.push((row, start, end));
                    behind = end;
                }
                TextPattern::Model(row) if start >= behind_model && self.counts(row, &text[start..]) => {
                    out.model = self.worse(out.model, (row, start, end));
                    behind_model = end;
                }
                TextPattern::Phrase(_) | TextPattern::Model(_) => {}
                TextPattern::Danger { whole } => {
                    out.dangerous |= !whole || !text.as_bytes().get(end).is_some_and(u8::is_ascii_alphanumeric);
                }
            }
            ControlFlow::Continue(())
        });
    }

    /// The first text that is aimed at a model, unless it is only worth a note and there is worse.
    pub(crate) fn model_directed(&self, text: &str) -> AimedText {
        let (scan, rows) = &self.models;
        let (mut hit, mut behind) = (None, 0);
        let plain = scan.each(text, |pattern, start, end| {
            if start >= behind && self.counts(rows[pattern], &text[start..]) {
                hit = self.worse(hit, (rows[pattern], start, end));
                behind = end;
            }
            ControlFlow::Continue(())
        });
        AimedText { hit, plain }
    }

    /// The first in a text of which spaced letters are joined without a space.
    pub(crate) fn model_directed_letters(&self, text: &str) -> Option<(u16, usize, usize)> {
        let (scan, rows) = &self.model_letters;
        scan.find(text).map(|(pattern, start, end)| (rows[pattern], start, end))
    }

    /// Whether a row of text that is aimed at a model counts where it stands at the beginning of `text`.
    fn counts(&self, row: u16, text: &str) -> bool {
        let (_, sends) = &self.directed[usize::from(row)];
        sends.is_empty() || sends_to_address(text, sends)
    }

    /// The first of both, unless it is only worth a note and the other is worse.
    fn worse(&self, first: Option<(u16, usize, usize)>, other: (u16, usize, usize)) -> Option<(u16, usize, usize)> {
        let is_note = |row: u16| self.directed[usize::from(row)].0;
        first.filter(|first| !is_note(first.0) || is_note(other.0)).or(Some(other))
    }

    /// The groups of each `when` row of a verb: of its object, of its target.
    pub(crate) fn whens(&self, verb: u16) -> &[(GroupSet, GroupSet)] {
        &self.whens[verb as usize]
    }

    /// The groups of that role.
    pub(crate) fn role(&self, role: GroupRole) -> GroupSet {
        self.roles.get(role as usize).copied().unwrap_or_default()
    }

    /// The dangerous verb that `word`, which is not a word that is known, is one edit away from: an
    /// insertion, a deletion, a substitution or a transposition (Damerau 1964).
    pub(crate) fn misspelled(&self, word: &str) -> Option<u16> {
        if word.len() < MIN_WORD || !word.is_ascii() || !self.word(word).is_unknown() {
            return None;
        }
        let bytes = word.as_bytes();
        let near = |lemma: &str| {
            let lemma = lemma.as_bytes();
            lemma.len().abs_diff(bytes.len()) <= 1 && lemma.len().max(bytes.len()) > MIN_LEMMA && one_edit(lemma, bytes)
        };
        self.dangerous.get(&bytes[0])?.iter().find(|(lemma, _)| near(lemma)).map(|(_, i)| *i)
    }

    /// The same of a word of a sentence, which may be in the third person: `Deltes`.
    pub(crate) fn misspelled_in_sentence(&self, word: &str) -> Option<u16> {
        self.misspelled(word).or_else(|| self.misspelled(word.strip_suffix('s')?))
    }

    /// The first (or the last) verb of a script without spaces in `word`: its index and byte range.
    pub(crate) fn unspaced(&self, word: &str, last: bool) -> Option<(u16, usize, usize)> {
        if last {
            let hits = self.unspaced.iter().filter_map(|(form, i)| Some((*i, word.rfind(&**form)?, form.len())));
            return hits.map(|(i, at, len)| (i, at, at + len)).max_by_key(|(_, from, to)| (*to, to - from));
        }
        // Sorted by the first letter, the longest first.
        word.char_indices().inspect(|_| steps(1)).find_map(|(at, c)| {
            let from = self.unspaced.partition_point(|(form, _)| form.chars().next() < Some(c));
            let mut forms = self.unspaced[from..].iter().take_while(|(form, _)| form.starts_with(c));
            let (form, i) = forms.find(|(form, _)| word[at..].starts_with(&**form))?;
            Some((*i, at, at + form.len()))
        })
    }
}

/// Whether `a` is `b` but for one insertion, deletion, substitution or transposition of neighbours.
fn one_edit(a: &[u8], b: &[u8]) -> bool {
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    let same = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    match (&a[..a.len() - same], &b[..b.len() - same]) {
        ([], [_]) | ([_], [] | [_]) => true,
        (&[first, second], other) => other == [second, first],
        _ => false,
    }
}

/// Phrases, text that is aimed at a model, and the forms of verbs that destroy or may.
fn texts(verbs: &[Verb], signals: &Signals) -> Result<(Scan, Vec<TextPattern>), String> {
    let of = |list: &[String], pattern| list.iter().map(|text| (text.clone(), pattern)).collect::<Vec<_>>();
    let phrases = signals.phrase.iter().zip(0_u16..).flat_map(|(row, i)| of(&row.any, TextPattern::Phrase(i)));
    let models = signals.model_directed.iter().zip(0_u16..).flat_map(|(row, i)| of(&row.any, TextPattern::Model(i)));
    // `Amount to transfer`: with money a verb is dangerous that is harmless alone.
    let pays = |v: &Verb| v.noun != Noun::Rarely && v.when.iter().any(|w| w.facets.contains(&Facet::MovesMoney));
    // `The server executes this code`
    let runs = |v: &Verb| v.when.iter().any(|w| w.facets.contains(&Facet::RunsCode));
    let watched = |v: &&Verb| {
        (v.class == Class::Destructive && v.weight >= MIN_NOTED)
            || v.roles.contains(VerbRole::Sends)
            || pays(v)
            || runs(v)
    };
    let dangers = verbs.iter().filter(watched).flat_map(|v| {
        let made = inflections(&v.lemma).into_iter().map(|(form, _)| form);
        let listed = v.forms.iter().chain(&v.past).chain(&v.nouns).cloned();
        let pattern = TextPattern::Danger { whole: !v.is_foreign() };
        made.chain(listed).map(move |form| (form, pattern))
    });
    // Behind `to` and `is` a word may go on: another form of the verb says as much.
    let told = told_changes(verbs).map(|form| (form, TextPattern::Danger { whole: true }));
    let all = phrases.chain(models).chain(dangers).chain(told);
    let (texts, patterns): (Vec<_>, Vec<_>) = all.unzip();
    Ok((Scan::new(texts)?, patterns))
}

/// How an argument's description says that a verb changes something that certainly does: `to store`, `is stored`.
fn told_changes(verbs: &[Verb]) -> impl Iterator<Item = String> {
    let certain = |v: &&Verb| {
        let changes = v.class == Class::Write && v.weight >= MIN_TOLD;
        (changes && v.noun != Noun::Mostly && !v.is_foreign() && !v.roles.contains(VerbRole::Sends))
            || v.roles.contains(VerbRole::Befalls)
    };
    verbs.iter().filter(certain).flat_map(|v| {
        inflections(&v.lemma).into_iter().flat_map(|(spelling, form)| match form {
            Form::Base => ["to", "is", "we"].map(|behind| format!("{behind} {spelling}")).into(),
            Form::Third if v.roles.contains(VerbRole::Befalls) => {
                ["that", "which"].map(|which| format!("{which} {spelling}")).into()
            }
            Form::Past => ["is", "are", "gets"].map(|is| format!("{is} {spelling}")).into(),
            _ => Vec::new(),
        })
    })
}

/// Text that is aimed at a model, and the row of each.
fn models(signals: &Signals) -> Result<(Scan, Vec<u16>), String> {
    let rows = signals.model_directed.iter().zip(0_u16..);
    let (texts, owners): (Vec<_>, Vec<_>) = rows.flat_map(|(row, i)| row.any.iter().map(move |text| (text, i))).unzip();
    Ok((Scan::new(texts)?, owners))
}

/// Whether the sentence that `text` begins in has one of these words and, behind it, a URL or an e-mail address.
fn sends_to_address(text: &str, words: &[String]) -> bool {
    let mut sends = false;
    let pieces = text.split('\n').enumerate().flat_map(|(line, text)| {
        // A blank line or a point of a list is not the same sentence.
        let ends = line > 0 && text.trim_start().chars().next().is_none_or(|c| matches!(c, '-' | '*' | '•' | '#'));
        std::iter::once("").filter(move |_| ends).chain(text.split_ascii_whitespace())
    });
    for piece in pieces.take(MAX_SENDING_WORDS) {
        steps(1);
        let word = piece.trim_matches(|c: char| !c.is_alphanumeric());
        if sends && (word.contains('@') || word.contains("://")) {
            return true;
        }
        sends |= words.iter().any(|w| w.eq_ignore_ascii_case(word));
        if piece.is_empty() || piece.trim_end_matches(['"', '\'', ')', '`', '*']).ends_with(['.', '!', '?']) {
            return false;
        }
    }
    false
}

/// Phrases that are aimed at a model, of words of letters, without their spaces.
fn letters(signals: &Signals) -> Result<(Scan, Vec<u16>), String> {
    let (mut patterns, mut owners) = (Vec::new(), Vec::new());
    for (row, i) in signals.model_directed.iter().zip(0_u16..) {
        let spelled = |p: &&String| p.contains(' ') && p.bytes().all(|b| b == b' ' || b.is_ascii_alphabetic());
        // Without spaces it cannot be seen how a sentence goes on.
        for phrase in row.any.iter().filter(|_| row.sends.is_empty()).filter(spelled) {
            patterns.push(phrase.replace(' ', ""));
            owners.push(i);
        }
    }
    Ok((Scan::new(patterns)?, owners))
}

/// A word as it is written where there are no umlauts; `None` where it has none.
fn ascii(word: &str) -> Option<String> {
    const UMLAUTS: [(char, &str); 4] = [('ä', "ae"), ('ö', "oe"), ('ü', "ue"), ('ß', "ss")];
    if word.is_ascii() {
        return None;
    }
    let plain = UMLAUTS.iter().fold(word.to_owned(), |word, (umlaut, two)| word.replace(*umlaut, two));
    (plain != word).then_some(plain)
}

/// A noun in the singular and the plural.
fn plurals(noun: &str) -> Vec<String> {
    let mut out = vec![noun.to_owned()];
    if noun.is_ascii() && noun.len() > 1 {
        let vowel_y = noun.ends_with("ay") || noun.ends_with("ey") || noun.ends_with("oy");
        out.push(if noun.ends_with('y') && !vowel_y {
            format!("{}ies", &noun[..noun.len() - 1])
        } else if noun.ends_with(['s', 'x', 'z']) || noun.ends_with("sh") || noun.ends_with("ch") {
            format!("{noun}es")
        } else {
            format!("{noun}s")
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::one_edit;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn one_edit_is_a_distance_of_one(a in "[abc]{0,6}", b in "[abc]{0,6}") {
            prop_assert_eq!(one_edit(a.as_bytes(), b.as_bytes()), strsim::osa_distance(&a, &b) == 1);
        }
    }
}
