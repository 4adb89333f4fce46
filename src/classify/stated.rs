//! One verb seen in one place, and what it means with the object that it has there.

use super::text::Text;
use crate::lexicon::{Function, GroupSet, Lexicon, Noun};
use crate::risk::{Class, Facet, Facets, Span};
use crate::words::Break;

/// One verb with its meaning.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stated {
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
    /// Whether the word is spelled one edit off.
    pub misspelled: bool,
}

/// The object of a verb: what groups its head noun and its other words are in.
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
    /// Whether there is an object at all.
    pub there: bool,
}

impl Object {
    /// Both together.
    pub(super) fn union(self, other: Self) -> Self {
        Self {
            head: self.head | other.head,
            any: self.any | other.any,
            target: self.target | other.target,
            plural: self.plural || other.plural,
            there: self.there || other.there,
        }
    }
}

impl Stated {
    /// `verb` standing at word `at`; `position` is what its place is worth, 0 to 1.
    pub(super) fn new(lexicon: &Lexicon, verb: u16, text: &Text, at: usize, position: f32) -> Self {
        let bare = Self::bare(lexicon, verb);
        Self { weight: bare.weight * position, span: text.span(at), at, ..bare }
    }

    /// `verb` that stands nowhere: what it means with an object is all that is asked.
    pub(super) fn bare(lexicon: &Lexicon, verb: u16) -> Self {
        let row = &lexicon.verbs()[verb as usize];
        Self {
            verb,
            class: row.class,
            facets: row.facets.iter().copied().collect(),
            weight: row.weight,
            span: Span { start: 0, end: 0 },
            at: 0,
            by_object: false,
            undoes: false,
            misspelled: false,
        }
    }

    /// The same verb with `object`.
    pub(super) fn with(mut self, lexicon: &Lexicon, object: Object) -> Self {
        if self.undoes || self.by_object {
            return self;
        }
        let row = &lexicon.verbs()[self.verb as usize];
        let whens = lexicon.index().whens(self.verb);
        for (when, (groups, target)) in row.when.iter().zip(whens) {
            let heads = lexicon.head_groups();
            let seen = (groups & heads & object.head) | (groups & !heads & object.any);
            if (*groups != 0 && seen == 0) || (*target != 0 && target & object.target == 0) {
                continue;
            }
            // An object that decides settles what the verb alone leaves open.
            self.class = when.class;
            self.weight = self.weight.max(0.85);
            self.by_object = true;
            for facet in &when.facets {
                self.facets.add(*facet);
            }
            // Whoever is paid is sent nothing to read, and a payment goes on in no process.
            if when.facets.contains(&Facet::MovesMoney) {
                self.facets.remove(Facet::SendsOut);
                self.facets.remove(Facet::StartsProcess);
            }
            if when.class == Class::Read || when.facets.contains(&Facet::RunsCode) {
                self.facets.remove(Facet::StartsProcess);
            }
            break;
        }
        self
    }
}

/// The object made of the words `from..to`, leaving `skip` out.
pub(super) fn object(lexicon: &Lexicon, text: &Text, from: usize, to: usize, skip: usize) -> Object {
    let mut out = Object::default();
    let mut last = None;
    for i in (from..to.min(text.len())).filter(|i| *i != skip) {
        let begins = if i > from && i - 1 != skip { from } else { i };
        let groups = text.groups(lexicon, begins, i);
        out.any |= groups;
        out.head = groups;
        last = Some(i);
    }
    out.plural = last.is_some_and(|i| text.plural(i));
    out.there = last.is_some();
    out
}

/// The object in `from..to` with what follows `to` or `from` behind it, up to `end`.
pub(super) fn object_and_target(
    lexicon: &Lexicon,
    text: &Text,
    from: usize,
    to: usize,
    end: usize,
    skip: usize,
) -> Object {
    let mut out = object(lexicon, text, from, to, skip);
    let end = end.min(text.len());
    let reach = end.min(to + 12);
    let leads = |i: &usize| text.is(*i, Function::Preposition) && text.is(*i, Function::Locative);
    if let Some(at) = (to..reach).find(leads) {
        let stop = (at + 1..reach.min(at + 7))
            .find(|i| text.is(*i, Function::Preposition) || text.before(*i) > Break::Slash)
            .unwrap_or(reach.min(at + 7));
        out.target = object(lexicon, text, at + 1, stop, usize::MAX).any;
    }
    out
}

/// Where the noun phrase that begins at `from` ends.
pub(super) fn noun_phrase(text: &Text, from: usize, end: usize) -> usize {
    // `all of the rows`: what it is part of is the noun.
    let part =
        text.is(from + 1, Function::Preposition) && text.word(from + 1) == "of" && text.is(from, Function::Partitive);
    let from = if part { from + 2 } else { from };
    (from..end.min(from + 8))
        .find(|i| text.is(*i, Function::Preposition) || (*i > from && text.before(*i) >= Break::Slash))
        .unwrap_or(end.min(from + 8))
}

/// How much a verb's place is worth, by how often its form is a noun.
pub(super) fn position(noun: Noun, first: bool) -> f32 {
    match (noun, first) {
        (Noun::Rarely, true) => 1.0,
        (Noun::Rarely, false) | (Noun::Often, true) => 0.97,
        (Noun::Often, false) => 0.82,
        (Noun::Mostly, true) => 0.7,
        (Noun::Mostly, false) => 0.5,
    }
}
