//! A description read clause by clause: the deed that its sentence states, those joined to it,
//! and no deed of other tools, of conditions or of things it merely mentions.

use super::clause::{ends_reading, is_aside, leads};
use super::deed::{Deed, Object, is_conjunction, is_preposition, object_and_target};
use super::types::Class;
use crate::lexicon::{Form, Lexicon, Noun};
use crate::words::{Break, Words, is_unspaced};

/// How many bytes of a description are read for deeds: what follows is examples and arguments.
pub(super) const READ_BYTES: usize = 900;

/// What a description says.
#[derive(Debug, Clone, Default)]
pub(super) struct TextReading {
    /// The deed of the first sentence that states one, then those joined to it.
    pub deeds: Vec<Deed>,
    /// Its object.
    pub object: Object,
    /// Deeds of later sentences.
    pub later: Vec<Deed>,
    /// One past the last word of the sentence that states the deed.
    pub until: usize,
}

impl TextReading {
    /// The worst of the joined deeds.
    pub fn worst(&self) -> Option<&Deed> {
        self.deeds.iter().reduce(|a, b| if b.class > a.class { b } else { a })
    }
}

/// Reads the words of a description.
pub(super) fn read_text(lexicon: &Lexicon, words: &Words) -> TextReading {
    let mut out = TextReading::default();
    let n = words.len();
    let mut start = 0;
    let mut sentence = 0;
    while start < n {
        let end = (start + 1..n).find(|i| words.word(*i).before == Break::Sentence).unwrap_or(n);
        let heading = end < n && end - start <= 2 && ends_reading(words.text(start));
        let label = ends_reading(words.text(start)) && start + 1 < n && words.word(start + 1).before == Break::Clause;
        if sentence > 0 && (heading || label) {
            break;
        }
        if sentence == 0 || !is_aside(words.text(start)) {
            let strict = sentence > 0 && !out.deeds.is_empty();
            if let Some((deeds, object)) = read_sentence(lexicon, words, start, end, strict) {
                if out.deeds.is_empty() {
                    // What is not said first is said with less weight.
                    let discount = if sentence == 0 { 1.0 } else { 0.9 };
                    out.deeds = deeds.into_iter().map(|d| Deed { weight: d.weight * discount, ..d }).collect();
                    out.object = object;
                    out.until = end;
                } else {
                    out.later.extend(deeds.into_iter().map(|d| Deed { weight: d.weight * 0.7, ..d }));
                }
            }
        }
        sentence += 1;
        if sentence > 12 {
            break;
        }
        start = end;
    }
    out
}

/// The deed of one sentence and those joined to it. A `strict` reading takes a deed only where
/// the sentence begins with it.
fn read_sentence(
    lexicon: &Lexicon,
    words: &Words,
    start: usize,
    end: usize,
    strict: bool,
) -> Option<(Vec<Deed>, Object)> {
    let index = lexicon.index();
    let mut at = start;
    let mut led = false;
    // `Use X to …` speaks of another tool, `Use this to …` of this one.
    if words.text(start) == "use" && !matches!(words.text(start + 1), "this" | "it" | "the" | "to") {
        return None;
    }
    while at < end && at < start + 9 && leads(words.text(at)) {
        let word = words.text(at);
        led |= !matches!(word, "the" | "a" | "an" | "your");
        at += 1;
    }
    let noun_before = at > start && matches!(words.text(at - 1), "the" | "a" | "an" | "your");
    let mut found = None;
    if at < end {
        let word = words.text(at);
        if word.contains(is_unspaced) {
            let kana = (at..end).any(|i| words.text(i).contains(|c| matches!(c, '\u{3040}'..='\u{30ff}')));
            return unspaced(lexicon, words, at, end, kana);
        }
        if let Some((verb, form)) = index.word(word).verb {
            let row = &lexicon.verbs()[verb as usize];
            let compound =
                at + 1 < end && index.compound(word, words.text(at + 1)) && words.word(at + 1).before == Break::Space;
            let named =
                noun_before && (row.noun != Noun::Rarely || matches!(form, Form::Past | Form::Ing | Form::Noun));
            let fits = match form {
                Form::Base | Form::Third => true,
                Form::Ing => led || (words.word(at).capital && !strict),
                Form::Past | Form::Noun => false,
            };
            if fits && !compound && !named && !words.word(at).quoted && row.noun != Noun::Mostly {
                let value = match (row.noun, form) {
                    (Noun::Rarely, Form::Base | Form::Third) => 1.0,
                    (_, Form::Base | Form::Third) => 0.93,
                    _ => 0.85,
                };
                found = Some((verb, form, at, value));
            }
        }
    }
    if found.is_none() && !strict {
        // `dbt run executes …`, `The parse command validates …`: the first verb in the third person.
        for i in at..end.min(at + 8) {
            if words.word(i).before >= Break::Comma && i > start {
                break;
            }
            if is_preposition(words.text(i)) {
                break;
            }
            if let Some((verb, Form::Third)) = index.word(words.text(i)).verb
                && lexicon.verbs()[verb as usize].noun == Noun::Rarely
                && i > start
            {
                found = Some((verb, Form::Third, i, 0.8));
                break;
            }
        }
    }
    if found.is_none() && !strict {
        // `Notion | Retrieve a page`, `Records: list all`: the label of a group stands before the sentence.
        let label =
            (start + 1..end.min(start + 5)).find(|i| matches!(words.word(*i).before, Break::Slash | Break::Clause));
        if let Some(next) = label {
            return read_sentence(lexicon, words, next, end, true);
        }
    }
    let (verb, form, at, value) = found?;
    let object_end = noun_phrase(words, at + 1, end);
    let own = object_and_target(index, words, at + 1, object_end, end, usize::MAX);
    let mut deeds = vec![Deed::new(lexicon, verb, words, at, value)];
    let mut all = own;
    joined(lexicon, words, at, end, form, &mut deeds, &mut all);
    let deeds = deeds.into_iter().map(|d| d.with(lexicon, all)).collect();
    Some((deeds, all))
}

/// Where the noun phrase that begins at `from` ends.
fn noun_phrase(words: &Words, from: usize, end: usize) -> usize {
    (from..end.min(from + 8))
        .find(|i| is_preposition(words.text(*i)) || (*i > from && words.word(*i).before >= Break::Slash))
        .unwrap_or(end.min(from + 8))
}

/// Deeds joined to the one at `at`: `create, update or delete`, `search files and delete them`.
fn joined(
    lexicon: &Lexicon,
    words: &Words,
    at: usize,
    end: usize,
    form: Form,
    deeds: &mut Vec<Deed>,
    all: &mut Object,
) {
    let index = lexicon.index();
    let mut list = true;
    for i in at + 1..end.min(at + 26) {
        let word = words.word(i);
        if matches!(
            words.text(i),
            "to" | "if"
                | "when"
                | "that"
                | "which"
                | "before"
                | "by"
                | "can"
                | "instead"
                | "e.g"
                | "such"
                | "like"
                | "as"
                | "unless"
                | "how"
                | "without"
                | "not"
                | "never"
                | "so"
        ) && !list
        {
            break;
        }
        let conjunction =
            is_conjunction(words.text(i - 1)) && words.text(i - 1).len() > 1 || words.text(i - 1) == "also";
        let separated =
            matches!(word.before, Break::Slash | Break::Comma) || (word.before == Break::Bracket && i == at + 1);
        let verb = index.word(words.text(i)).verb;
        let previous_deed = deeds.last().is_some_and(|d| d.at + 1 == i || (conjunction && d.at + 2 == i));
        list &= conjunction || separated || is_conjunction(words.text(i)) || verb.is_some();
        if !(conjunction || separated) || word.quoted {
            continue;
        }
        let Some((verb, other)) = verb else { continue };
        let row = &lexicon.verbs()[verb as usize];
        let same = form == other || (form == Form::Base && other == Form::Base);
        if !same {
            continue;
        }
        // A noun in an enumeration of nouns is no deed, unless verbs stand in a row.
        if row.noun == Noun::Mostly || (row.noun == Noun::Often && !previous_deed) {
            continue;
        }
        if separated && !conjunction && !previous_deed {
            continue;
        }
        let value = if previous_deed { 0.95 } else { 0.8 };
        let object_end = noun_phrase(words, i + 1, end);
        let own = object_and_target(index, words, i + 1, object_end, end, usize::MAX);
        *all = all.union(own);
        deeds.push(Deed::new(lexicon, verb, words, i, value));
    }
}

/// A sentence in a script without spaces: Chinese states its verb first, Japanese last.
fn unspaced(lexicon: &Lexicon, words: &Words, start: usize, end: usize, last: bool) -> Option<(Vec<Deed>, Object)> {
    let index = lexicon.index();
    let mut best: Option<Deed> = None;
    for i in start..end {
        if let Some((verb, from, to)) = index.unspaced(words.text(i), last) {
            let mut deed = Deed::new(lexicon, verb, words, i, 0.95);
            deed.span = super::Span { start: deed.span.start + from, end: deed.span.start + to };
            best = Some(deed);
            if !last {
                break;
            }
        }
    }
    best.map(|deed| (vec![deed], Object::default()))
}

/// The worst class among later deeds that are strong enough to count.
pub(super) fn worst_later(reading: &TextReading) -> Option<&Deed> {
    reading
        .later
        .iter()
        .filter(|d| d.class == Class::Destructive && d.weight >= 0.6)
        .max_by(|a, b| a.weight.total_cmp(&b.weight))
}
