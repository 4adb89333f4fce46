//! Words that decided nothing: what the lexicon does not know of a crowd of manifests.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::lexicon::{Form, Lexicon};
use crate::manifest::{Manifest, Tool};
use crate::words::{Words, split_identifier, split_prose};

/// How much of a description is read: its first sentence is there.
const MAX_READ_BYTES: usize = 400;

/// What the lexicon does not know, most frequent first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Unknowns {
    /// Words in the place of a verb: the first of a name, or of a description's first sentence, where no word of the
    /// name is a verb.
    pub verbs: Vec<Unknown>,
    /// Words in the place of an object: the last noun of a name, in no group.
    pub objects: Vec<Unknown>,
}

/// A word that the lexicon does not know, with how many tools have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unknown {
    /// The word, lower case; a stranger's.
    pub word: String,
    /// How many tools it is in.
    pub tools: usize,
    /// One of them, `server/tool`; a stranger's.
    pub example: String,
}

/// Words that are neither verb nor object and open a sentence or end a phrase.
const FUNCTION_WORDS: [&str; 26] = [
    "a", "all", "an", "and", "any", "as", "at", "by", "for", "from", "if", "in", "into", "of", "on", "or", "per",
    "the", "this", "to", "use", "using", "via", "when", "with", "your",
];

/// Counts the unknown words of `manifests`.
pub fn unknown(lexicon: &Lexicon, manifests: &[Manifest]) -> Unknowns {
    let (mut verbs, mut objects) = (WordCounts::default(), WordCounts::default());
    let mut words = Words::new();
    for manifest in manifests {
        let shared = shared(lexicon, manifest);
        for tool in &manifest.tools {
            let key = format!("{}/{}", manifest.server.slug, tool.name.as_str());
            for verb in in_place_of_verb(lexicon, tool, &shared, &mut words) {
                verbs.add(verb, &key);
            }
            if let Some(object) = in_place_of_object(lexicon, tool, &shared, &mut words) {
                objects.add(object, &key);
            }
        }
    }
    Unknowns { verbs: verbs.sorted(), objects: objects.sorted() }
}

/// Words, and the tools that each is in.
#[derive(Default)]
struct WordCounts(BTreeMap<String, BTreeSet<String>>);

impl WordCounts {
    fn add(&mut self, word: String, tool: &str) {
        self.0.entry(word).or_default().insert(tool.to_owned());
    }

    /// A word with an `s` is counted with the same word without where both were seen: plurals, and `deletes`.
    fn sorted(mut self) -> Vec<Unknown> {
        let inflected: Vec<String> = self.0.keys().filter(|word| word.ends_with('s')).cloned().collect();
        for word in inflected {
            let plain = match word.strip_suffix("ies") {
                Some(stem) => format!("{stem}y"),
                None => word[..word.len() - 1].to_owned(),
            };
            if self.0.contains_key(&plain) {
                let tools = self.0.remove(&word).unwrap_or_default();
                self.0.entry(plain).or_default().extend(tools);
            }
        }
        let rows = self.0.into_iter().map(|(word, tools)| {
            let example = tools.first().cloned().unwrap_or_default();
            Unknown { word, tools: tools.len(), example }
        });
        let mut rows: Vec<Unknown> = rows.collect();
        rows.sort_by(|a, b| b.tools.cmp(&a.tools).then_with(|| a.word.cmp(&b.word)));
        rows
    }
}

/// The first words that at least half of a server's tools, and at least four, share: a name space and no verb.
fn shared(lexicon: &Lexicon, manifest: &Manifest) -> BTreeSet<String> {
    let mut firsts: BTreeMap<String, usize> = BTreeMap::new();
    let mut words = Words::new();
    for tool in &manifest.tools {
        split_identifier(&tool.name, &mut words);
        if words.len() > 1 && !is_verb(lexicon, words.text(0)) {
            *firsts.entry(words.text(0).to_owned()).or_default() += 1;
        }
    }
    let many = |n: usize| n >= 4 && 2 * n >= manifest.tools.len();
    firsts.into_iter().filter(|(_, n)| many(*n)).map(|(word, _)| word).collect()
}

fn is_verb(lexicon: &Lexicon, word: &str) -> bool {
    lexicon.index().word(word).verb.is_some() || lexicon.index().unspaced(word, false).is_some()
}

/// Whether a word could be what is looked for: letters, and no function word.
fn speaks(word: &str) -> bool {
    word.chars().all(char::is_alphabetic) && word.chars().nth(1).is_some() && !FUNCTION_WORDS.contains(&word)
}

fn in_place_of_verb(lexicon: &Lexicon, tool: &Tool, shared: &BTreeSet<String>, words: &mut Words) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    split_identifier(&tool.name, words);
    if words.iter().any(|word| is_verb(lexicon, word)) {
        return out;
    }
    let mut take = |word: &str| {
        let known = is_verb(lexicon, word) || lexicon.index().word(word).groups != 0;
        if speaks(word) && !known {
            out.insert(word.to_owned());
        }
    };
    if let Some(first) = words.iter().find(|word| !shared.contains(*word)) {
        take(first);
    }
    split_prose(tool.description(), MAX_READ_BYTES, words);
    if let Some(first) = words.iter().find(|word| !FUNCTION_WORDS.contains(word)) {
        take(first);
    }
    out
}

fn in_place_of_object(lexicon: &Lexicon, tool: &Tool, shared: &BTreeSet<String>, words: &mut Words) -> Option<String> {
    let index = lexicon.index();
    split_identifier(&tool.name, words);
    // `get_issue_by_id`: the object ends before what follows a preposition.
    let end = (1..words.len()).find(|i| FUNCTION_WORDS.contains(&words.text(*i))).unwrap_or(words.len());
    let noun = |i: &usize| {
        let base = index.word(words.text(*i)).verb.is_some_and(|(_, form)| form == Form::Base);
        speaks(words.text(*i)) && !base && index.modifier(words.text(*i), words.text(i + 1)).is_none()
    };
    let at = (0..end).rev().find(noun)?;
    let groups = index.word(words.text(at)).groups
        | at.checked_sub(1).map_or(0, |before| index.pair(words.text(before), words.text(at)));
    (groups == 0 && !shared.contains(words.text(at))).then(|| words.text(at).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(tools: &[(&str, &str)]) -> Unknowns {
        let mut manifest = Manifest::default();
        "s".clone_into(&mut manifest.server.slug);
        manifest.tools = tools
            .iter()
            .map(|(name, text)| Tool { name: (*name).into(), description: Some((*text).into()), ..Tool::default() })
            .collect();
        unknown(Lexicon::embedded(), &[manifest])
    }

    fn words(rows: &[Unknown]) -> Vec<&str> {
        rows.iter().map(|row| row.word.as_str()).collect()
    }

    #[test]
    fn an_unknown_verb_is_listed_where_the_name_has_no_known_one() {
        let unknowns = of(&[
            ("zorple_account", "Zorples the account."),
            ("zorple_ledger", "The blivet is made."),
            ("delete_zorple", "Blivets it."),
        ]);
        assert_eq!(words(&unknowns.verbs)[0], "zorple");
        assert_eq!(unknowns.verbs[0].tools, 2);
        assert_eq!(unknowns.verbs[0].example, "s/zorple_account");
        assert!(words(&unknowns.verbs).contains(&"blivet") && !words(&unknowns.verbs).contains(&"blivets"));
    }

    #[test]
    fn a_name_space_that_tools_share_is_not_a_verb() {
        let names = ["acme_blivet", "acme_zorple", "acme_quux", "acme_wibble"];
        let unknowns = of(&names.map(|name| (name, "")));
        assert_eq!(words(&unknowns.verbs), ["blivet", "quux", "wibble", "zorple"]);
    }

    #[test]
    fn an_unknown_object_is_the_last_noun_before_a_preposition() {
        let names = ["get_blivet_by_id", "blivet_delete", "list_blivets", "list_users", "get_2"];
        let unknowns = of(&names.map(|name| (name, "")));
        assert_eq!(words(&unknowns.objects), ["blivet"]);
        assert_eq!(unknowns.objects[0].tools, 3);
    }
}
