//! A name read: its deeds, their object and what turns them.

use super::deed::{Deed, Object, is_conjunction, is_plural, is_preposition, object, object_and_target, position};
use super::types::Class;
use crate::lexicon::{Form, Lexicon, Noun};
use crate::words::{Words, is_unspaced};

/// What a name says.
#[derive(Debug, Clone, Default)]
pub(super) struct NameReading {
    /// The deed, then those joined to it (`get_or_create`).
    pub deeds: Vec<Deed>,
    /// What it is done to.
    pub object: Object,
    /// Modifiers: rule index, first word, number of words.
    pub modifiers: Vec<(u16, usize, usize)>,
    /// The noun that names an answer, where there is no deed.
    pub answer: Option<usize>,
    /// How many words belong to the learned prefix.
    pub prefix: usize,
}

impl NameReading {
    /// The worst deed.
    pub fn worst(&self) -> Option<&Deed> {
        self.deeds.iter().reduce(|a, b| if b.class > a.class { b } else { a })
    }
}

/// Reads the words of a name, of which the first `prefix` are the server's own.
pub(super) fn read_name(lexicon: &Lexicon, words: &Words, prefix: usize) -> NameReading {
    let index = lexicon.index();
    let mut out = NameReading { prefix, ..NameReading::default() };
    let n = words.len();
    let mut skip_until = prefix;
    for i in prefix..n {
        if i >= skip_until
            && let Some((rule, count)) = index.modifier(words.text(i), words.text(i + 1))
        {
            out.modifiers.push((rule, i, count));
            skip_until = i + count;
        }
    }
    let Some((head, object_from, object_to)) = head(lexicon, words, prefix) else {
        let names = |i: &usize| index.word(words.text(*i)).groups & lexicon.answers() != 0;
        // `csv_to_json`: what is turned into something else comes back.
        let turns = |i: &usize| words.text(*i) == "to" && *i + 1 < n;
        let last = (prefix..n).rev().find(names).or_else(|| (prefix..n).find(turns));
        out.answer = last;
        out.object = object(index, words, prefix, n, usize::MAX);
        return out;
    };
    out.object = object_and_target(index, words, object_from, object_to, n, head.at);
    let at = head.at;
    out.deeds.push(head.with(lexicon, out.object));
    // Deeds joined by a conjunction: `get_or_create`, `find_one_and_update`.
    for i in at + 1..n.saturating_sub(1) {
        if !is_conjunction(words.text(i)) || words.text(i).len() < 2 {
            continue;
        }
        if let Some((verb, Form::Base)) = index.word(words.text(i + 1)).verb {
            let row = &lexicon.verbs()[verb as usize];
            let adjacent = i == at + 1;
            let firm = row.noun == Noun::Often && (adjacent || row.weight >= 0.9);
            if row.noun == Noun::Rarely || firm {
                let object = object(index, words, i + 2, n, usize::MAX).union(if adjacent {
                    Object::default()
                } else {
                    out.object
                });
                out.deeds.push(Deed::new(lexicon, verb, words, i + 1, 0.95).with(lexicon, object));
            }
        }
    }
    out
}

/// The verb that decides, and the words of its object.
fn head(lexicon: &Lexicon, words: &Words, prefix: usize) -> Option<(Deed, usize, usize)> {
    let index = lexicon.index();
    let n = words.len();
    let mut best: Option<(u8, usize, u16)> = None;
    let mut after_preposition = false;
    let mut i = prefix;
    let noun = |verb: u16| lexicon.verbs()[verb as usize].noun;
    while i < n {
        let word = words.text(i);
        if i + 1 < n && index.compound(word, words.text(i + 1)) {
            i += 2;
            continue;
        }
        if is_preposition(word) && i > prefix {
            after_preposition = true;
            i += 1;
            continue;
        }
        // One name space before the verb makes it no less the first: `kv_list`, `wfp_list_routes`.
        let space = i == prefix + 1 && i + 1 < n && index.word(words.text(prefix)).verb.is_none();
        let first = i == prefix || space;
        let entry = index.word(word);
        let weak = |verb: u16| lexicon.verbs()[verb as usize].weight < 0.7;
        let rank = match entry.verb {
            // `git_log`, `usage_report`: the last word names the answer.
            Some((verb, Form::Base))
                if i > prefix && i + 1 == n && weak(verb) && entry.groups & lexicon.answers() != 0 =>
            {
                None
            }
            Some((verb, Form::Base)) => {
                let rank = match (noun(verb), first) {
                    (Noun::Rarely, true) => 9,
                    (Noun::Rarely, false) => 7,
                    (Noun::Often, true) => 8,
                    (Noun::Often, false) => 5,
                    (Noun::Mostly, true) => 4,
                    (Noun::Mostly, false) => 2,
                };
                Some((rank, verb))
            }
            Some((verb, Form::Third)) if first && n - prefix > 1 && noun(verb) == Noun::Rarely => Some((6, verb)),
            Some((verb, Form::Ing | Form::Noun)) if noun(verb) != Noun::Mostly => Some((1, verb)),
            _ => None,
        };
        if let Some((mut rank, verb)) = rank {
            if after_preposition {
                rank = rank.min(1);
            }
            let replaces = match best {
                None => true,
                // A noun that stands first and a verb beside it: `email_send`, `record_get`; or a
                // weak first word and the verb last: `test_run_create`.
                Some((8, held, held_verb))
                    if rank == 7 || (rank == 5 && lexicon.verbs()[verb as usize].weight >= 0.85) =>
                {
                    let row = &lexicon.verbs()[held_verb as usize];
                    let firm = row.weight >= 0.85;
                    (rank == 7 && i == held + 1 && (!firm || i + 1 == n)) || (i + 1 == n && !firm)
                }
                Some((held, _, _)) => rank > held,
            };
            if replaces {
                best = Some((rank, i, verb));
            }
        }
        i += 1;
    }
    // `order_status`: a noun that could be a verb, before the noun that names the answer.
    let answered = index.word(words.text(n.wrapping_sub(1))).groups & lexicon.answers() != 0;
    if best.is_some_and(|(rank, at, _)| rank <= 4 && at + 1 < n) && answered {
        return None;
    }
    if let Some((rank, at, verb)) = best {
        let first = at == prefix || (at == prefix + 1 && at + 1 < n && index.word(words.text(prefix)).verb.is_none());
        let value = if rank <= 1 { 0.6 } else { position(noun(verb), first) };
        let deed = Deed::new(lexicon, verb, words, at, value);
        let (from, to) = object_range(words, prefix, at);
        return Some((deed, from, to));
    }
    derived(lexicon, words, prefix)
}

/// Where the object of the verb at `at` stands: behind it up to a preposition, else before it.
fn object_range(words: &Words, prefix: usize, at: usize) -> (usize, usize) {
    let n = words.len();
    if at + 1 < n && !is_preposition(words.text(at + 1)) {
        let to = (at + 1..n)
            .find(|i| is_preposition(words.text(*i)) || is_conjunction(words.text(*i)) && words.text(*i).len() > 1)
            .unwrap_or(n);
        if to > at + 1 {
            return (at + 1, to);
        }
        // `get_or_create_team`: the object stands behind the joined verb.
        return (at + 1, n);
    }
    // A name space alone says what a gesture is done to: `browser_drop`.
    if at > prefix { (prefix, at) } else { (0, at) }
}

/// Verbs inside words: `unfollow`, `reupload`, `listrepos`, scripts without spaces.
fn derived(lexicon: &Lexicon, words: &Words, prefix: usize) -> Option<(Deed, usize, usize)> {
    let index = lexicon.index();
    for i in prefix..words.len() {
        let word = words.text(i);
        if word.contains(is_unspaced) {
            let kana = word.contains(|c| matches!(c, '\u{3040}'..='\u{30ff}'));
            if let Some((verb, from, to)) = index.unspaced(word, kana) {
                let mut deed = Deed::new(lexicon, verb, words, i, 0.95);
                let base = deed.span.start;
                deed.span.end = base + to;
                deed.span.start = base + from;
                return Some((deed, prefix, words.len()));
            }
        }
        for (affix, undoes) in [("un", true), ("re", false)] {
            if let Some(stem) = word.strip_prefix(affix)
                && stem.len() > 3
                && let Some((verb, Form::Base)) = index.word(stem).verb
                && lexicon.verbs()[verb as usize].class != Class::Read
            {
                let mut deed = Deed::new(lexicon, verb, words, i, 0.9);
                if undoes {
                    deed.class = Class::Write;
                    deed.undoes = true;
                }
                return Some((deed, i + 1, words.len()));
            }
        }
    }
    let word = words.text(prefix);
    for len in (3..word.len()).rev() {
        if word.is_char_boundary(len)
            && word.len() - len >= 3
            && let Some((verb, Form::Base)) = index.word(&word[..len]).verb
            && lexicon.verbs()[verb as usize].noun == Noun::Rarely
            && lexicon.verbs()[verb as usize].weight >= 0.9
            && len >= 3
        {
            let mut deed = Deed::new(lexicon, verb, words, prefix, 0.75);
            deed.span.end = deed.span.start + len;
            return Some((deed, prefix + 1, words.len()));
        }
    }
    None
}

/// Whether the name's object is several things, which the list argument `list` holds: `delete_records`
/// with `recordIds`. A list of `objects` may have any name.
pub(super) fn names_many(words: &Words, reading: &NameReading, list: &str, objects: bool) -> bool {
    if reading.deeds.is_empty() {
        return false;
    }
    let list = list.to_ascii_lowercase();
    (reading.prefix..words.len()).any(|i| {
        let word = words.text(i);
        let stem = word.strip_suffix("ies").or_else(|| word.strip_suffix('s')).unwrap_or(word);
        is_plural(word) && (objects || list.contains(stem) || list.ends_with("ids"))
    })
}
