//! One verb seen in one place, and what it means with the object that it has there.

use super::types::{Class, Facet, Facets, Span};
use crate::lexicon::{GroupSet, Index, Lexicon, Noun};
use crate::words::Words;

/// One verb with its meaning.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Deed {
    /// Index into the lexicon's verbs.
    pub verb: u16,
    /// What it means with its object.
    pub class: Class,
    /// Facets that the verb and its object give.
    pub facets: Facets,
    /// The verb's weight, less what its position costs: how much it decides.
    pub weight: f32,
    /// Where the verb stands.
    pub span: Span,
    /// The position of its word.
    pub at: usize,
    /// Whether an object decided.
    pub by_object: bool,
    /// Whether the word undoes what its verb does (`unarchive`).
    pub undoes: bool,
}

/// The object of a deed: what groups its head noun and its other words are in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Object {
    /// Groups of the last noun, the one that the others describe.
    pub head: GroupSet,
    /// Groups of all its words.
    pub any: GroupSet,
    /// Groups of what it is done to or from (`to a channel`, `from the group`).
    pub target: GroupSet,
    /// Whether the head noun is a plural.
    pub plural: bool,
}

impl Object {
    /// Both together.
    pub fn union(self, other: Self) -> Self {
        Self {
            head: self.head | other.head,
            any: self.any | other.any,
            target: self.target | other.target,
            plural: self.plural || other.plural,
        }
    }
}

impl Deed {
    /// The deed of `verb` standing at word `at`; `position` is what its place is worth, 0 to 1.
    pub fn new(lexicon: &Lexicon, verb: u16, words: &Words, at: usize, position: f32) -> Self {
        let row = &lexicon.verbs()[verb as usize];
        Self {
            verb,
            class: row.class,
            facets: row.facets.iter().copied().collect(),
            weight: row.weight * position,
            span: words.span(at),
            at,
            by_object: false,
            undoes: false,
        }
    }

    /// The same deed done to `object`.
    pub fn with(mut self, lexicon: &Lexicon, object: Object) -> Self {
        if self.undoes {
            return self;
        }
        let row = &lexicon.verbs()[self.verb as usize];
        let whens = lexicon.index().whens(self.verb);
        for (when, (groups, target)) in row.when.iter().zip(whens) {
            let seen = (groups & lexicon.head_groups() & object.head) | (groups & !lexicon.head_groups() & object.any);
            let fits = (*groups == 0 || seen != 0) && (*target == 0 || target & object.target != 0);
            if fits {
                // An object that decides settles what the verb alone leaves open.
                if !self.by_object {
                    self.class = when.class;
                    self.weight = self.weight.max(0.85);
                    self.by_object = true;
                    if when.facets.contains(&Facet::RunsCode) {
                        self.facets.remove(Facet::StartsProcess);
                    }
                }
                for facet in &when.facets {
                    self.facets.add(*facet);
                }
                if when.class == Class::Read {
                    self.facets.remove(Facet::StartsProcess);
                }
                break;
            }
        }
        self
    }
}

/// Words that end a noun phrase.
pub(super) fn is_preposition(word: &str) -> bool {
    matches!(
        word,
        "to" | "for"
            | "by"
            | "from"
            | "with"
            | "of"
            | "in"
            | "on"
            | "into"
            | "at"
            | "via"
            | "using"
            | "as"
            | "if"
            | "before"
            | "after"
            | "without"
            | "within"
            | "onto"
            | "over"
            | "under"
            | "through"
            | "between"
            | "per"
            | "that"
            | "which"
            | "based"
            | "matching"
            | "when"
            | "while"
            | "where"
            | "during"
            | "against"
            | "about"
            | "whose"
            | "including"
            | "so"
            | "containing"
            | "across"
            | "inside"
            | "because"
    )
}

/// Words that join deeds.
pub(super) fn is_conjunction(word: &str) -> bool {
    matches!(word, "and" | "or" | "then" | "y" | "et" | "und" | "oder" | "ou" | "e" | "o")
}

/// The object made of the words `from..to`, leaving `skip` out.
pub(super) fn object(index: &Index, words: &Words, from: usize, to: usize, skip: usize) -> Object {
    let mut out = Object::default();
    let mut last = None;
    for i in from..to.min(words.len()) {
        if i == skip {
            continue;
        }
        let word = words.text(i);
        let mut groups = index.word(word).groups;
        if i > from && i - 1 != skip {
            groups |= index.pair(words.text(i - 1), word);
        }
        out.any |= groups;
        out.head = groups;
        last = Some(word);
    }
    out.plural = last.is_some_and(is_plural);
    out
}

/// The object in `from..to` with what follows `to` or `from` behind it, up to `end`.
pub(super) fn object_and_target(
    index: &Index,
    words: &Words,
    from: usize,
    to: usize,
    end: usize,
    skip: usize,
) -> Object {
    let mut out = object(index, words, from, to, skip);
    let end = end.min(words.len());
    let reach = end.min(to + 12);
    if let Some(at) = (to..reach).find(|i| matches!(words.text(*i), "to" | "from" | "in" | "into" | "on")) {
        let stop = (at + 1..reach.min(at + 7))
            .find(|i| is_preposition(words.text(*i)) || words.word(*i).before > crate::words::Break::Slash)
            .unwrap_or(reach.min(at + 7));
        out.target = object(index, words, at + 1, stop, usize::MAX).any;
    }
    out
}

/// Whether a word looks like a plural.
pub(super) fn is_plural(word: &str) -> bool {
    word.len() > 3
        && word.ends_with('s')
        && !word.ends_with("ss")
        && !word.ends_with("us")
        && !word.ends_with("is")
        && !matches!(
            word,
            "status"
                | "details"
                | "settings"
                | "kubernetes"
                | "properties"
                | "sms"
                | "dns"
                | "aws"
                | "access"
                | "address"
                | "news"
                | "https"
                | "analysis"
                | "attributes"
                | "permissions"
                | "credentials"
                | "contents"
                | "series"
                | "tls"
                | "ios"
                | "macos"
                | "js"
                | "css"
                | "rss"
                | "gps"
                | "cors"
        )
}

/// How much a verb's place is worth, by how often its form is a noun.
pub(super) fn position(noun: Noun, first: bool) -> f32 {
    match (noun, first) {
        (Noun::Rarely, true) => 1.0,
        (Noun::Rarely, false) | (Noun::Often, true) => 0.97,
        (Noun::Often, false) => 0.85,
        (Noun::Mostly, true) => 0.7,
        (Noun::Mostly, false) => 0.5,
    }
}
