//! A description read sentence by sentence: what its main clauses say that one call does.
//!
//! The first sentence that states something is read in full. A later one counts where it says that
//! the same call does more: in the third person (`Deletes the source.`), of the tool (`It also …`), as
//! what happens (`All records are then erased.`), as a participle (`…, removing the source`). Conditions,
//! denials, other tools, what happened before and what the reader is to do state nothing.

mod beside;
mod called;
mod clause;
mod main_clause;
mod note;
mod presumed;
mod unspaced;

pub(super) use note::read_note;

use std::collections::HashSet;

use crate::classify::stated::{Object, Stated, noun_phrase, object};
use crate::classify::text::Text;
use crate::counted::steps;
use crate::lexicon::{Form, Function, Lexicon, Noun, Verb, VerbRole};
use crate::manifest::limits::MAX_DESCRIPTION_BYTES;
use crate::risk::Class;
use crate::words::Break;

/// How many bytes of a description are read: all of the longest that is not refused.
pub(super) const MAX_READ_BYTES: usize = MAX_DESCRIPTION_BYTES;

/// What a description says.
#[derive(Debug, Clone, Default)]
pub(super) struct TextReading {
    /// The verb of the first sentence that states one, then those joined to it.
    pub first: Vec<Stated>,
    /// Its object.
    pub object: Object,
    /// What other clauses and sentences state.
    pub later: Vec<Stated>,
    /// Verbs listed behind a label, and whether each has an object of its own.
    pub listed: Vec<(Stated, bool)>,
    /// One past the last word of the sentence that states the first verb.
    pub until: usize,
}

/// Reads a description.
pub(super) fn read_text(lexicon: &Lexicon, text: &Text, raw: &str, named: &[Stated]) -> TextReading {
    let mut out = TextReading::default();
    let parser = Parser { lexicon, text, raw, named, note: false };
    let n = text.len();
    let mut start = 0;
    let mut listing = false;
    let mut acts = false;
    let mut sentence = 0;
    while start < n {
        let end = (start + 1..n).find(|i| text.before(*i) >= Break::Sentence).unwrap_or(n);
        if sentence > 0 && text.before(start) == Break::Paragraph {
            listing = false;
        }
        if sentence > 0 && parser.is_heading(start, end) {
            // `Example: fill in a name.` is one sentence; what follows it is none.
            listing = end - start <= 2 || !matches!(text.word(start), "example" | "examples");
        } else if listing && parser.is_entry(start, end) {
            // An argument, an answer's field or an example: told of in its schema.
            parser.done_by_call(start, end, &mut out.later);
        } else {
            if acts && parser.is_act(start, end, &mut out) {
                sentence += 1;
                start = end;
                continue;
            }
            // `Actions:`, `Features`, `In detail:` before a list of what the tool does.
            acts = end - start <= 5 && (start..end).any(|i| text.is(i, Function::Lists));
            parser.sentence(start, end, listing, &mut out);
        }
        sentence += 1;
        start = end;
    }
    out
}

/// What the description of an answer says that the call has done: `True when this call has removed the volume`.
pub(super) fn read_answer(lexicon: &Lexicon, text: &Text, raw: &str, named: &[Stated]) -> Vec<Stated> {
    let parser = Parser { lexicon, text, raw, named, note: true };
    let mut found = Vec::new();
    parser.done_by_call(0, text.len(), &mut found);
    found
}

/// Whether the sentence in `start..end` sends the reader to another tool.
pub(super) fn is_elsewhere(lexicon: &Lexicon, text: &Text, raw: &str, start: usize, end: usize) -> bool {
    Parser { lexicon, text, raw, named: &[], note: false }.is_elsewhere(start, end)
}

struct Parser<'a> {
    lexicon: &'a Lexicon,
    text: &'a Text,
    /// The text itself, to tell list items.
    raw: &'a str,
    /// What the tool's name states: a word of it that is mostly a noun is a verb here too.
    named: &'a [Stated],
    /// Whether this is an argument's description.
    note: bool,
}

impl Parser<'_> {
    fn row(&self, verb: u16) -> &Verb {
        &self.lexicon.verbs()[verb as usize]
    }

    /// Whether a sentence is an item of a list: a dash, a star, a bullet or a number stands before it.
    fn is_item(&self, start: usize) -> bool {
        let Some(before) = self.raw.get(..self.text.span(start).start) else { return false };
        // A longer line has no mark alone before the sentence.
        let near = before.char_indices().rev().nth(80).map_or(before, |(at, _)| &before[at..]);
        let line = near.rsplit('\n').next().unwrap_or_default().trim();
        let marks = line.trim_end_matches(['*', '_', '`', '"']).trim_end();
        let number = marks.trim_end_matches(['.', ')']);
        matches!(marks.chars().last(), Some('-' | '•' | '·' | '–' | '└' | '─'))
            || (line.len() < 4 && line.contains('*') && !line.contains("**"))
            || (number.len() < marks.len() && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
    }

    /// Whether a sentence is only the heading of a list, or begins with one: `Args:`, `Returns: …`.
    fn is_heading(&self, start: usize, end: usize) -> bool {
        let text = self.text;
        text.is(start, Function::Heading)
            && ((end - start <= 2 && end < text.len())
                || (start + 1 < text.len() && text.before(start + 1) == Break::Clause))
    }

    /// An entry of a list of what the tool does: `purge: delete all entries`, `Delete entries in bulk`,
    /// `` `destroy` deletes the matches``.
    fn is_act(&self, start: usize, end: usize, out: &mut TextReading) -> bool {
        let text = self.text;
        if !self.is_item(start) && !text.quoted(start) {
            return false;
        }
        if let Some((verb, form, row)) = text.verb(self.lexicon, start)
            && matches!(form, Form::Base | Form::Third | Form::Ing)
            && row.noun != Noun::Mostly
            && row.weight >= 0.7
            && (row.noun == Noun::Rarely
                || row.class == Class::Destructive
                // `Moves unfinished issues to the next sprint`
                || (form == Form::Third && row.weight >= 0.85 && noun_phrase(text, start + 1, end) > start + 1))
        {
            let object = object(self.lexicon, text, start + 1, noun_phrase(text, start + 1, end), usize::MAX);
            let stated = Stated::new(self.lexicon, verb, text, start, 0.9).with(self.lexicon, object);
            out.listed.push((stated, false));
        }
        let from = (start + 1..end)
            .find(|i| text.before(*i) >= Break::Clause)
            .unwrap_or(start + usize::from(text.quoted(start)));
        if from > start
            && let Some((stated, _)) = self.main(from, end, true)
        {
            out.later.extend(stated.into_iter().filter(|s| s.class == Class::Destructive));
        }
        true
    }

    /// Whether a sentence of a list is one of its entries: `name: …`, `name (type): …`.
    fn is_entry(&self, start: usize, end: usize) -> bool {
        (start + 1..end.min(start + 7)).any(|i| self.text.before(i) == Break::Clause) || end - start <= 3
    }

    /// Where a sentence begins behind a label (`WARNING: …`, `Note that …`).
    fn behind_label(&self, start: usize, end: usize) -> usize {
        let text = self.text;
        let label = (start + 1..end.min(start + 4)).find(|i| text.before(*i) >= Break::Clause);
        // `[Mail operations] Get …`
        let bracketed = self.raw.get(..text.span(start).start).is_some_and(|before| before.ends_with(['[', '【']));
        if bracketed && let Some(at) = (start + 1..end.min(start + 6)).find(|i| text.before(*i) == Break::Bracket) {
            return at;
        }
        // `Step 2: delete the file`
        let step = text.word(start) == "step" && label == Some(start + 2);
        match label {
            Some(at) if step => at,
            Some(at) if (start..at).any(|i| text.is(i, Function::Label)) => at,
            _ if text.is(start, Function::Label) && text.word(start + 1) == "that" => start + 2,
            _ => start,
        }
    }

    fn sentence(&self, start: usize, end: usize, listing: bool, out: &mut TextReading) {
        let text = self.text;
        let begun = !out.first.is_empty();
        let from = self.behind_label(start, end);
        if self.lists(from, end, out) {
            return;
        }
        let labelled = from > start;
        let aside = !labelled && text.is(from, Function::Aside);
        let mut found: Vec<Stated> = Vec::new();
        let mut main = None;
        let elsewhere = self.is_elsewhere(from, end);
        if !listing && !elsewhere {
            if !begun && (start == 0 || !aside || labelled) {
                // An item of a list tells of a part, a use or a case: only its own first verb counts.
                main = self.main(from, end, start > 0 && self.is_item(start));
            } else if begun && (!aside || labelled) {
                self.later(from, end, labelled, &mut found);
            }
        }
        let told = main.as_ref().map_or(out.object, |(_, object)| *object);
        if !elsewhere {
            self.other_clauses(from, end, listing, told, &mut found);
            self.called(from, end, &mut found);
        } else if let Some(behind) = self.behind_brackets(from, end) {
            // `(…; use local_path to save it), removing the source`: only the brackets point away.
            self.other_clauses(from, end, listing, told, &mut found);
            found.retain(|s| s.at >= behind);
        }
        if let Some((stated, object)) = main {
            // What is not said first is said with less weight.
            let discount = if start == 0 { 1.0 } else { 0.93 };
            out.first = stated.into_iter().map(|d| Stated { weight: d.weight * discount, ..d }).collect();
            out.object = object;
            out.until = end;
        }
        // What another sentence states stands elsewhere.
        let own = out.later.iter().rev().take_while(|s| s.at >= start);
        let first = out.first.iter().filter(|_| out.until == end);
        let mut known: HashSet<usize> = first.chain(own).inspect(|_| steps(1)).map(|s| s.at).collect();
        out.later.extend(found.into_iter().filter(|stated| known.insert(stated.at)));
    }

    /// Whether the sentence sends the reader to another tool.
    fn is_elsewhere(&self, start: usize, end: usize) -> bool {
        let text = self.text;
        let use_other = text.word(start) == "use"
            && (self.is_identifier(start + 1) || text.verb(self.lexicon, start + 1).is_some());
        if start + 1 < end && use_other {
            return true;
        }
        if text.is(start, Function::CrossReference) {
            return true;
        }
        // `For deleting entries there is remove_entry`, `Not to be confused with destroy_environment`.
        let leads = text.is(start, Function::Comparison);
        if leads && (start..end).any(|i| self.is_identifier(i) && text.word(i).contains(['_', '-'])) {
            return true;
        }
        (start..end).any(|i| {
            let away = || text.is(i, Function::Elsewhere) && !matches!(text.word(i), "see" | "refer");
            let instead_of = || text.word(i + 1) == "of" && i > start + 1;
            let refers = || text.is(i, Function::Refers) && (i + 1..end.min(i + 4)).any(|q| self.is_identifier(q));
            (away() && !instead_of()) || refers()
        })
    }

    /// Where the last brackets of a sentence end, if nothing outside of them sends the reader to another tool.
    fn behind_brackets(&self, start: usize, end: usize) -> Option<usize> {
        let from = self.text.span(start).start;
        let raw = self.raw.get(from..self.text.span(end - 1).end)?;
        let (open, close) = (from + raw.find('(')?, from + raw.rfind(')')?);
        let at = |byte: usize| (start..end).find(|i| self.text.span(*i).start > byte);
        let (opens, closes) = (at(open)?, at(close)?);
        (opens > start && !self.is_elsewhere(start, opens) && !self.is_elsewhere(closes, end)).then_some(closes)
    }

    /// Whether the word at `i` is marked as code or joined like a name: `delete_user`, and not `GitHub`.
    fn is_identifier(&self, i: usize) -> bool {
        let text = self.text;
        // Behind the last word there is none: `Use`.
        if i >= text.len() {
            return false;
        }
        let ticked = self.raw.get(..text.span(i).start).is_some_and(|before| before.ends_with(['`', '"', '\'']));
        text.quoted(i)
            && text.word(i).len() > 3
            && (ticked || text.word(i).contains(['_', '-', '.']) || self.raw.is_empty())
    }

    /// What `stated` means where its clause says that it is for good: what is removed is lost, whatever it is.
    fn for_good(&self, stated: Stated, end: usize) -> Stated {
        let text = self.text;
        let until = (stated.at + 1..end).find(|i| text.before(*i) >= Break::Comma).unwrap_or(end);
        let lasts = |i: usize| text.is(i, Function::Forever) || (text.word(i) == "good" && text.word(i - 1) == "for");
        let row = self.row(stated.verb);
        // `Closes the account permanently`: what ends for good is lost.
        let ends = row.roles.contains(VerbRole::Ends);
        let lost = (row.class == Class::Destructive || ends)
            && stated.class > Class::Read
            && (stated.at.saturating_sub(2)..until).any(|i| i > 0 && lasts(i));
        if lost { Stated { class: Class::Destructive, by_object: true, ..stated } } else { stated }
    }

    /// `Actions: list, create, delete`: what a tool does, listed behind a label.
    fn lists(&self, start: usize, end: usize, out: &mut TextReading) -> bool {
        let text = self.text;
        let label = (start + 1..end.min(start + 12)).find(|i| text.before(*i) == Break::Clause);
        let Some(at) = label.map(|i| i - 1) else { return false };
        // `One tool for all item operations: get, list, delete`
        let near = at < start + 4;
        if !near && !text.is(at, Function::Lists) {
            return false;
        }
        let named = (start..=at).any(|i| text.is(i, Function::Lists));
        if !named && !self.is_item(start) {
            return false;
        }
        let mut found = Vec::new();
        for i in at + 1..end {
            let separated = text.before(i) > Break::Space || (i > 0 && text.is(i - 1, Function::And)) || text.quoted(i);
            if let Some((verb, row)) = text.base(self.lexicon, i)
                && separated
            {
                let own = i + 1 < end && text.before(i + 1) == Break::Space && !text.is(i + 1, Function::And);
                // `Capabilities: read issues, close issues`
                if row.noun != Noun::Rarely && !(named && own && row.noun == Noun::Often && row.weight >= 0.85) {
                    continue;
                }
                found.push((Stated::new(self.lexicon, verb, text, i, 0.9), own));
            }
        }
        if found.len() < if named { 2 } else { 3 } {
            return false;
        }
        out.listed.extend(found);
        true
    }
}
