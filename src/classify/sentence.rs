//! A description read sentence by sentence: what its main clauses say that one call does.
//!
//! The first sentence that states something is read in full. A later one counts where it says that
//! the same call does more: in the third person (`Deletes the source.`), of the tool (`It also …`), as
//! what happens (`All records are then erased.`), as a participle (`…, removing the source`). Conditions,
//! denials, other tools, what happened before and what the reader is to do state nothing.

use super::stated::{Object, Stated, noun_phrase, object, object_and_target};
use super::text::Text;
use super::types::{Class, Facet, Span};
use crate::lexicon::{Form, Function, GroupRole, Lexicon, Noun, Verb, VerbRole};
use crate::words::{Break, is_unspaced};

/// How many bytes of a description are read.
pub(super) const READ_BYTES: usize = 16 * 1024;

/// How many sentences of an argument's description are read.
const NOTE_SENTENCES: usize = 4;

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

/// Whether the sentence in `start..end` sends the reader to another tool.
pub(super) fn is_elsewhere(lexicon: &Lexicon, text: &Text, raw: &str, start: usize, end: usize) -> bool {
    Parser { lexicon, text, raw, named: &[], note: false }.is_elsewhere(start, end)
}

/// Reads the description of an argument, of which only what a sentence states outright counts.
/// A `switch` says what it does in whatever form: `Also delete …`.
pub(super) fn read_note(lexicon: &Lexicon, text: &Text, raw: &str, switch: bool) -> Option<Stated> {
    let parser = Parser { lexicon, text, raw, named: &[], note: true };
    let n = text.len();
    let mut start = 0;
    let mut worst: Option<Stated> = None;
    let mut sentence = 0;
    while start < n && sentence < NOTE_SENTENCES {
        sentence += 1;
        let end = (start + 1..n).find(|i| text.before(*i) >= Break::Sentence).unwrap_or(n);
        let mut from = parser.behind_label(start, end);
        // `If true, deletes …`, `Whether to delete …`, `Also delete …`.
        if text.is(from, Function::Condition)
            && let Some(comma) = (from + 1..end).find(|i| text.before(*i) >= Break::Comma)
        {
            from = comma;
        }
        while from < end && (text.is(from, Function::Condition) || matches!(text.word(from), "true" | "to" | "set")) {
            from += 1;
        }
        let mut found: Vec<Stated> = Vec::new();
        if let Some((stated, _)) = parser.main(from, end, true)
            && text.verb(lexicon, stated[0].at).is_some_and(|(_, form, row)| {
                let certain = row.noun == Noun::Rarely || parser.is_determined(stated[0].at + 1);
                (switch || form == Form::Third) && (form != Form::Third || certain)
            })
        {
            // `Archives (deletes) the page`: what stands in brackets explains the verb.
            found.extend(stated.into_iter().filter(|s| text.before(s.at) != Break::Bracket));
        }
        parser.other_clauses(from, end, false, &mut found);
        found.retain(|s| text.verb(lexicon, s.at).is_none_or(|(_, form, _)| form != Form::Ing));
        found.extend(parser.sends_or_takes(from, end, switch));
        for stated in found {
            let denied = (start..stated.at).any(|i| text.is(i, Function::Denies));
            if !denied && worst.is_none_or(|w| stated.class > w.class) {
                worst = Some(stated);
            }
        }
        start = end;
    }
    worst
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

    /// `URL that the result is posted to`, `Versions to erase`: what becomes of what the argument names.
    fn sends_or_takes(&self, from: usize, end: usize, switch: bool) -> Option<Stated> {
        let text = self.text;
        (from + 1..end).find_map(|i| {
            let (verb, form, row) = text.verb(self.lexicon, i)?;
            let object = object(self.lexicon, text, i + 1, noun_phrase(text, i + 1, end), usize::MAX);
            let subject = object_and_target(self.lexicon, text, from, i, end, usize::MAX);
            let index = self.lexicon.index();
            let traffic = index.role(GroupRole::Traffic);
            let machine = index.role(GroupRole::Machine);
            let to_machine = self.target(i + 1, end) & machine != 0;
            if to_machine {
                return None;
            }
            if row.roles.contains(&VerbRole::Sends) && (object.any | subject.any) & traffic == 0 {
                let near = i.saturating_sub(3)..i;
                let is = near.clone().any(|k| text.is(k, Function::Happens))
                    && !near.clone().any(|k| text.is(k, Function::Happened));
                let told = form == Form::Past && is || form == Form::Base && text.word(i - 1) == "to" && object.there;
                let mut stated = Stated::new(self.lexicon, verb, text, i, 0.9);
                stated.class = Class::Write;
                stated.weight = 0.75;
                stated.facets.add(Facet::SendsOut);
                return told.then_some(stated);
            }
            let last = i + 1 == end || text.before(i + 1) > Break::Space;
            let takes = form == Form::Base
                && row.class == Class::Destructive
                && row.weight >= 0.9
                && row.noun == Noun::Rarely
                && !row.roles.contains(&VerbRole::Cuts)
                && text.word(i - 1) == "to"
                && (last || (switch && i < from + 6));
            takes.then(|| Stated::new(self.lexicon, verb, text, i, 0.9))
        })
    }

    /// Whether a sentence is an item of a list: a dash, a star, a bullet or a number stands before it.
    fn is_item(&self, start: usize) -> bool {
        let Some(before) = self.raw.get(..self.text.span(start).start) else { return false };
        let line = before.rsplit('\n').next().unwrap_or_default().trim();
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
        if let Some((verb, row)) = text.base(self.lexicon, start)
            && row.noun != Noun::Mostly
            && row.weight >= 0.7
            && (row.noun == Noun::Rarely || row.class == Class::Destructive)
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
        match label {
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
        if !listing && !self.is_elsewhere(from, end) {
            if !begun && (start == 0 || !aside || labelled) {
                // An item of a list tells of a part, a use or a case: only its own first verb counts.
                main = self.main(from, end, start > 0 && self.is_item(start));
            } else if begun && (!aside || labelled) {
                self.later(from, end, labelled, &mut found);
            }
        }
        if !self.is_elsewhere(from, end) {
            self.other_clauses(from, end, listing, &mut found);
        }
        if let Some((stated, object)) = main {
            // What is not said first is said with less weight.
            let discount = if start == 0 { 1.0 } else { 0.93 };
            out.first = stated.into_iter().map(|d| Stated { weight: d.weight * discount, ..d }).collect();
            out.object = object;
            out.until = end;
        }
        for stated in found {
            if !out.first.iter().chain(&out.later).any(|s| s.at == stated.at) {
                out.later.push(stated);
            }
        }
    }

    /// Whether the sentence sends the reader to another tool.
    fn is_elsewhere(&self, start: usize, end: usize) -> bool {
        let text = self.text;
        let use_other = text.word(start) == "use"
            && (self.is_identifier(start + 1) || text.verb(self.lexicon, start + 1).is_some());
        if start + 1 < end && use_other {
            return true;
        }
        if matches!(text.word(start), "see" | "refer" | "related") {
            return true;
        }
        // `For deleting entries there is remove_entry`, `Not to be confused with destroy_environment`.
        let leads = matches!(text.word(start), "for" | "to" | "not" | "unlike" | "compare" | "similar");
        if leads && (start..end).any(|i| self.is_identifier(i) && text.word(i).contains(['_', '-'])) {
            return true;
        }
        (start..end).any(|i| {
            let away = text.is(i, Function::Elsewhere) && !matches!(text.word(i), "see" | "refer");
            let instead_of = text.word(i + 1) == "of" && i > start + 1;
            let sends = matches!(text.word(i), "use" | "call" | "try" | "see");
            (away && !instead_of) || (sends && (i + 1..end.min(i + 4)).any(|q| self.is_identifier(q)))
        })
    }

    /// Whether the word at `i` is marked as code or joined like a name: `delete_user`, and not `GitHub`.
    fn is_identifier(&self, i: usize) -> bool {
        let text = self.text;
        let ticked = self.raw.get(..text.span(i).start).is_some_and(|before| before.ends_with(['`', '"', '\'']));
        text.quoted(i)
            && text.word(i).len() > 3
            && (ticked || text.word(i).contains(['_', '-', '.']) || self.raw.is_empty())
    }

    /// Whether a verb is of another language: its forms are not told apart.
    fn is_foreign(row: &Verb) -> bool {
        row.sources.iter().any(|source| source.starts_with("wiktionary"))
    }

    /// The verb of a sentence and those joined to it. A `strict` reading takes a verb only where the
    /// sentence begins with it.
    fn main(&self, start: usize, end: usize, strict: bool) -> Option<(Vec<Stated>, Object)> {
        let text = self.text;
        let mut at = start;
        let mut led = false;
        // `If a dialog was opened, use this to handle it`: the main clause stands behind the comma.
        if !strict
            && text.is(start, Function::Condition)
            && let Some(comma) = (start + 1..end).find(|i| text.before(*i) == Break::Comma)
        {
            at = comma;
        }
        while at < end && at < start + 24 && text.is(at, Function::Lead) {
            // `used to delete`, `to manage`: a lead that is a verb of its own ends the lead.
            let word = text.word(at);
            led |= !matches!(word, "the" | "a" | "an" | "your");
            at += 1;
            if text.before(at.min(text.len().saturating_sub(1))) >= Break::Sentence {
                break;
            }
        }
        let noun_before = at > start && matches!(text.word(at - 1), "the" | "a" | "an" | "your");
        let mut found = None;
        if at < end {
            if text.word(at).contains(is_unspaced) {
                return self.unspaced(at, end);
            }
            if let Some((verb, form, row)) = text.verb(self.lexicon, at) {
                let named =
                    noun_before && (row.noun != Noun::Rarely || matches!(form, Form::Past | Form::Ing | Form::Noun));
                let fits = match form {
                    Form::Base | Form::Third => true,
                    Form::Ing => (led || (text.capital(at) && !strict)) && !text.is(at + 1, Function::Happens),
                    Form::Noun => text.word(at + 1) == "of" && !strict,
                    Form::Past | Form::Agent => false,
                };
                let known = self.named.iter().any(|s| s.verb == verb) || {
                    // `Issues a refund`: its object settles that the noun is a verb.
                    let object = object(self.lexicon, text, at + 1, noun_phrase(text, at + 1, end), usize::MAX);
                    let stated = Stated::new(self.lexicon, verb, text, at, 1.0).with(self.lexicon, object);
                    stated.by_object && stated.class == Class::Destructive
                };
                // `Messages that …`, `Refunds and …`: a plural.
                let plural = form == Form::Third
                    && row.noun != Noun::Rarely
                    && (text.is(at + 1, Function::And)
                        || text.is(at + 1, Function::Happens)
                        || matches!(
                            text.word(at + 1),
                            "that" | "which" | "who" | "are" | "in" | "of" | "for" | "from"
                        ));
                if fits
                    && !plural
                    && !text.compound(self.lexicon, at)
                    && !named
                    && !text.quoted(at)
                    && (row.noun != Noun::Mostly || known)
                {
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
            // In a sentence behind the first, another subject's verb says nothing of the tool.
            let own = start == 0 || (start..end.min(start + 5)).any(|i| text.is(i, Function::Tool));
            found = self
                .nominal(start, end)
                .or_else(|| self.third_person(start, end).filter(|_| own))
                .or_else(|| self.purpose(start, end));
        }
        // `Performs a semantic validation of …`: the noun of what is done.
        if let Some((verb, _, at, _)) = found
            && self.row(verb).roles.contains(&VerbRole::Manages)
        {
            let stop = noun_phrase(text, at + 1, end);
            let noun = (at + 1..stop).rev().find_map(|i| match text.verb(self.lexicon, i) {
                Some((verb, Form::Noun, row)) if row.noun != Noun::Mostly => Some((verb, Form::Noun, i, 0.9)),
                _ => None,
            });
            found = noun.or(found);
        }
        // `Provides the ability to delete …`, `Provides tools for sending …`: what it is able to do counts.
        if let Some((verb, _, at, _)) = found
            && self.row(verb).roles.contains(&VerbRole::Produces)
            && (at + 1..end.min(at + 5)).any(|i| {
                matches!(
                    text.word(i),
                    "ability" | "way" | "capability" | "capabilities" | "tools" | "means" | "interface"
                )
            })
            && let Some(able) = self.purpose(at, end)
        {
            found = Some(able);
        }
        if found.is_none() && !strict {
            // `Notion | Retrieve a page`, `Records: list all`: the label of a group stands before the sentence.
            let label = (start + 1..end.min(start + 6))
                .find(|i| matches!(text.before(*i), Break::Slash | Break::Clause | Break::Bracket));
            if let Some(next) = label {
                let behind = self.main(next, end, true);
                if behind.is_some() {
                    return behind;
                }
                found = self.nominal(next, end);
            }
        }
        let (verb, form, at, value) = found?;
        if (start..at).any(|i| text.is(i, Function::Denies)) || self.is_void(at) {
            return None;
        }
        let object_end = noun_phrase(text, at + 1, end);
        let own = object_and_target(self.lexicon, text, at + 1, object_end, end, usize::MAX);
        let mut head = Stated::new(self.lexicon, verb, text, at, value).with(self.lexicon, own);
        if text.word(at + 1) == "with" && self.row(verb).roles.contains(&VerbRole::Responds) {
            head.class = Class::Read;
        }
        // `Run dbt debug to validate the setup`: what little the verb says alone, its purpose says.
        let row = self.row(verb);
        let leaves = |r: &VerbRole| matches!(r, VerbRole::Runs | VerbRole::Manages | VerbRole::Calls);
        if head.class == Class::Write && !head.by_object && row.weight < 0.8 && row.roles.iter().any(leaves) {
            let purpose = (at + 2..end.min(at + 12)).find_map(|i| {
                let (_, row) = text.base(self.lexicon, i)?;
                (text.word(i - 1) == "to" && row.noun != Noun::Mostly).then_some(row)
            });
            if purpose.is_some_and(|row| row.class == Class::Read && row.weight >= 0.85) {
                head.class = Class::Read;
                head.by_object = true;
                head.weight = head.weight.max(0.7);
                head.facets.remove(Facet::StartsProcess);
            }
        }
        let mut stated = vec![head];
        let mut all = own;
        self.joined(at, end, form, &mut stated, &mut all);
        for one in &mut stated {
            *one = one.with(self.lexicon, all);
        }
        Some((stated, all))
    }

    /// `dbt run executes …`, `The parse command validates …`: the first verb in the third person.
    fn third_person(&self, start: usize, end: usize) -> Option<(u16, Form, usize, f32)> {
        let text = self.text;
        for i in start..end.min(start + 9) {
            if (text.before(i) >= Break::Comma && i > start) || text.is(i, Function::Preposition) {
                return None;
            }
            if let Some((verb, Form::Third, row)) = text.verb(self.lexicon, i)
                && row.noun == Noun::Rarely
                && i > start
                && !text.quoted(i)
                && !text.is(i, Function::Lead)
            {
                return Some((verb, Form::Third, i, 0.8));
            }
        }
        None
    }

    /// `Web search tool`, `Data deletion utility`: a noun of a verb before a noun for the tool.
    fn nominal(&self, start: usize, end: usize) -> Option<(u16, Form, usize, f32)> {
        let text = self.text;
        for i in start + 1..end.min(start + 9) {
            if text.is(i, Function::Preposition) || text.before(i) >= Break::Comma {
                return None;
            }
            let thing = matches!(
                text.word(i),
                "tool"
                    | "utility"
                    | "engine"
                    | "assistant"
                    | "helper"
                    | "framework"
                    | "service"
                    | "function"
                    | "interface"
            );
            if thing && let Some((verb, form, row)) = text.verb(self.lexicon, i - 1) {
                let fits = row.noun != Noun::Mostly && !text.quoted(i - 1) && form != Form::Past && form != Form::Third;
                return fits.then_some((verb, form, i - 1, 0.8));
            }
        }
        None
    }

    /// `A tool for deleting users`, `Used for sending e-mail`: a participle behind `for` or `of`.
    fn purpose(&self, start: usize, end: usize) -> Option<(u16, Form, usize, f32)> {
        let text = self.text;
        let means = matches!(
            text.word(start),
            "use"
                | "uses"
                | "using"
                | "leverages"
                | "utilizes"
                | "employs"
                | "connects"
                | "interacts"
                | "tool"
                | "tools"
                | "this"
        ) || (start..end.min(start + 6))
            .any(|i| matches!(text.word(i), "allows" | "enables" | "lets" | "permits"));
        (start + 1..end.min(start + if means { 16 } else { 8 })).find_map(|i| {
            let (verb, form, row) = text.verb(self.lexicon, i)?;
            if means && form == Form::Base && text.word(i - 1) == "to" && row.noun != Noun::Mostly {
                return Some((verb, form, i, 0.8));
            }
            let fits = form == Form::Ing && matches!(text.word(i - 1), "for" | "of") && row.noun != Noun::Mostly;
            let capable = form == Form::Base
                && text.word(i - 1) == "to"
                && matches!(text.word(i.wrapping_sub(2)), "ability" | "tool" | "used" | "utility" | "way" | "able");
            (fits || capable).then_some((verb, form, i, 0.85))
        })
    }

    /// Verbs joined to the one at `at`: `create, update or delete`, `search files and delete them`.
    fn joined(&self, at: usize, end: usize, form: Form, stated: &mut Vec<Stated>, all: &mut Object) {
        let text = self.text;
        let manages = self.row(stated[0].verb).roles.contains(&VerbRole::Manages);
        let mut list = true;
        for i in at + 1..end.min(at + 40) {
            let word = text.word(i);
            if text.is(i, Function::Relative) || matches!(word, "to" | "by" | "instead" | "as" | "unless" | "without") {
                if !list {
                    break;
                }
            } else if matches!(word, "not" | "never" | "so") && !list {
                break;
            }
            let beside = |k: usize| text.is(k, Function::And) && text.word(k).len() > 1 || text.word(k) == "also";
            // `or automatically send`
            let and = beside(i - 1) || (i > at + 2 && text.word(i - 1).ends_with("ly") && beside(i - 2));
            let separated = matches!(text.before(i), Break::Slash | Break::Comma)
                || (text.before(i) == Break::Bracket && (i == at + 1 || manages))
                || (text.before(i) == Break::Clause && manages);
            let verb = text.verb(self.lexicon, i);
            let previous = stated.last().is_some_and(|d| d.at + 1 == i || (and && d.at + 2 == i));
            list &= and || separated || text.is(i, Function::And) || verb.is_some();
            if !(and || separated) || text.quoted(i) {
                continue;
            }
            let Some((verb, other, row)) = verb else { continue };
            let same = form == other || (manages && other == Form::Base);
            // A noun in an enumeration of nouns is no verb, unless verbs stand in a row.
            let beside = previous || (manages && row.noun == Noun::Rarely);
            // `… and store in the database`: what follows shows that it is a verb.
            let shown = and && i + 1 < end && (text.is(i + 1, Function::Preposition) || self.is_determined(i + 1));
            if self.is_void(i) || !same || row.noun == Noun::Mostly || (row.noun == Noun::Often && !previous && !shown)
            {
                continue;
            }
            if separated && !and && !beside {
                continue;
            }
            let value = if previous { 0.95 } else { 0.8 };
            let object_end = noun_phrase(text, i + 1, end);
            let own = object_and_target(self.lexicon, text, i + 1, object_end, end, usize::MAX);
            *all = all.union(own);
            stated.push(Stated::new(self.lexicon, verb, text, i, value).with(self.lexicon, own));
        }
    }

    /// A sentence behind the first: it counts where it says in the third person, of the tool or with
    /// `also` and the like, that the same call does more.
    fn later(&self, start: usize, end: usize, labelled: bool, found: &mut Vec<Stated>) {
        let text = self.text;
        if text.is(start, Function::Condition) && !matches!(text.word(start), "after" | "upon" | "once") {
            // The main clause behind it is one of the other clauses.
            return;
        }
        // `To delete an e-mail, add the label`: how the reader does it.
        if text.word(start) == "to" {
            return;
        }
        let Some((stated, object)) = self.main(start, end, true) else { return };
        let Some(head) = stated.first().copied() else { return };
        let index = self.lexicon.index();
        let kept = index.role(GroupRole::Stored) | index.role(GroupRole::Private);
        let of_value = object.any & kept != 0;
        if text.is(head.at, Function::Aside) && head.class < Class::Destructive {
            return;
        }
        if text.word(head.at).contains(is_unspaced) {
            if !self.is_item(start) {
                found.extend(stated.into_iter().filter(|s| s.class == Class::Destructive));
            }
            return;
        }
        let form = text.verb(self.lexicon, head.at).map(|(_, form, _)| form);
        let lead = || start..head.at;
        let also = lead().any(|i| text.is(i, Function::Also));
        let others = lead().any(|i| {
            matches!(text.word(i), "you" | "agent" | "agents" | "people") || (text.is(i, Function::Agent) && !also)
        });
        let enabled = lead().any(|i| matches!(text.word(i), "allows" | "lets" | "enables" | "allow" | "let" | "helps"));
        if others && !enabled {
            return;
        }
        let modal = matches!(text.word(start), "can" | "may" | "will" | "might");
        let job =
            lead().any(|i| matches!(text.word(i), "job" | "purpose" | "used" | "designed" | "intended" | "meant"));
        let of_tool = enabled || modal || job || lead().any(|i| text.is(i, Function::Tool));
        let reader = (start..end).any(|i| text.is(i, Function::Reader));
        let determined = self.is_determined(head.at + 1);
        let universal = matches!(text.word(head.at + 1), "all" | "every" | "any" | "each" | "everything");
        for one in stated {
            let row = self.row(one.verb);
            let only_verb = row.noun == Noun::Rarely;
            let counts = match form {
                Some(form) if form == Form::Third || Self::is_foreign(row) => {
                    (one.class == Class::Destructive && (only_verb || determined || one.by_object))
                        || (one.class == Class::Write
                            && (row.weight >= 0.85 || one.by_object || (!one.facets.is_empty() && row.weight >= 0.6))
                            && (only_verb || determined || (one.by_object && !one.facets.is_empty()))
                            && (!row.roles.contains(&VerbRole::Produces) || !one.facets.is_empty() || of_value)
                            && !self.is_item(start))
                }
                _ if one.class == Class::Write => {
                    lead().any(|i| text.word(i) == "will") && of_tool && (row.weight >= 0.9 || !one.facets.is_empty())
                }
                _ => {
                    one.class == Class::Destructive
                        && (also
                            || of_tool
                            || labelled
                            || one.by_object
                            || (determined && (one.weight >= 0.9 || of_value || !one.facets.is_empty()))
                            || (universal && row.weight >= 0.75))
                        && (!reader || (also && of_tool) || enabled || job || (of_tool && text.word(start) == "use"))
                }
            };
            if counts && one.class > Class::Read {
                found.push(Stated { weight: one.weight * 0.93, ..one });
            }
        }
    }

    /// Whether a noun phrase begins at `i` with an article or the like.
    fn is_determined(&self, i: usize) -> bool {
        matches!(
            self.text.word(i),
            "the" | "a" | "an" | "all" | "any" | "each" | "every" | "this" | "that" | "its" | "their" | "it" | "them"
        )
    }

    /// Destructive verbs of other clauses: what happens, what is done besides.
    fn other_clauses(&self, start: usize, end: usize, listing: bool, found: &mut Vec<Stated>) {
        let text = self.text;
        for i in start..end {
            let Some((verb, form, row)) = text.verb(self.lexicon, i) else { continue };
            let dangerous = row.class == Class::Destructive || row.when.iter().any(|w| w.class == Class::Destructive);
            let changes = (row.class == Class::Write && row.weight >= 0.7)
                || row.when.iter().any(|w| w.class == Class::Write && !w.facets.is_empty());
            if !(dangerous || changes) || row.noun == Noun::Mostly || text.quoted(i) {
                continue;
            }
            let from = self.subject_clause(start, i, form);
            // Forms of other languages are not told apart.
            let form = if form == Form::Base && Self::is_foreign(row) { Form::Third } else { form };
            let stands = match form {
                Form::Noun => self.is_caused(from, i),
                Form::Past => self.happens(from, i),
                Form::Third => self.does(from, i),
                Form::Ing => self.besides(i),
                Form::Base => self.joins(start, i) || self.will(from, i),
                Form::Agent => false,
            };
            if !stands || self.is_void(i) || self.is_conditional(from, i, form) || self.is_denied(start, from, i, form)
            {
                continue;
            }
            let object = if form == Form::Past {
                // What it happens to stands before the auxiliary.
                let to = (from..i).find(|k| text.is(*k, Function::Happens)).unwrap_or(i);
                let subject = noun_phrase(text, from + usize::from(text.is(from, Function::And)), to);
                object_and_target(self.lexicon, text, from, subject, end, usize::MAX).union(object(
                    self.lexicon,
                    text,
                    i + 1,
                    noun_phrase(text, i + 1, end),
                    usize::MAX,
                ))
            } else {
                let object_end = noun_phrase(text, i + 1, end);
                object_and_target(self.lexicon, text, i + 1, object_end, end, usize::MAX)
            };
            let target = Object { target: self.target(i + 1, end), ..object };
            let stated = Stated::new(self.lexicon, verb, text, i, 0.93).with(self.lexicon, target);
            let runs = stated.facets.has(Facet::RunsCode);
            // `Columns are dropped`, `the text is truncated`: only of what is stored it is a loss.
            let index = self.lexicon.index();
            let stored = index.role(GroupRole::Stored) | index.role(GroupRole::Private);
            let cuts = row.roles.contains(&VerbRole::Cuts) && (target.any | target.target) & stored == 0;
            // `The query is executed`: what runs something counts where that is a program.
            let opens = row.roles.contains(&VerbRole::Runs) && !runs;
            if stated.class == Class::Destructive {
                let left = cuts || opens || (listing && runs);
                if stated.weight >= 0.65 && !left {
                    found.push(stated);
                }
            } else if matches!(form, Form::Past | Form::Third)
                && stated.class == Class::Write
                && row.class == Class::Destructive
                && row.weight >= 0.75
                && stated.by_object
                && !listing
                && !cuts
            {
                // `The cache is cleared.`
                found.push(stated);
            } else if changes && stated.class == Class::Write && !listing && self.is_besides(from, i, form, &stated) {
                found.push(stated);
            }
        }
    }

    /// Whether a verb that changes something is said to be done besides: `is then created`, `It also sends`.
    fn is_besides(&self, from: usize, i: usize, form: Form, stated: &Stated) -> bool {
        let text = self.text;
        let how = |k: usize| matches!(text.word(k), "automatically" | "immediately" | "instantly");
        let also = (from..i).any(|k| text.is(k, Function::Also) && !how(k));
        let certain = self.row_at(i).is_some_and(|row| row.weight >= 0.85);
        let sends = self.row_at(i).is_some_and(|row| row.roles.contains(&VerbRole::Sends));
        let grave = (stated.by_object && (stated.facets.has(Facet::SendsOut) || stated.facets.has(Facet::Permissions)))
            || (sends && also);
        let process = self.lexicon.index().role(GroupRole::Process);
        let subject = object(self.lexicon, text, from, i, usize::MAX);
        if form == Form::Past && stated.facets.has(Facet::StartsProcess) && subject.any & process != 0 {
            return true;
        }
        matches!(form, Form::Past | Form::Third) && ((also && (certain || grave)) || (grave && form == Form::Past))
    }

    /// Groups of what follows `to`, `from` or `into` behind the verb.
    fn target(&self, from: usize, end: usize) -> crate::lexicon::GroupSet {
        object_and_target(self.lexicon, self.text, from, from, end, usize::MAX).target
    }

    /// Where the clause of the word at `i` begins: behind the last comma or break, `but` or `then`.
    fn clause(&self, start: usize, i: usize) -> usize {
        let text = self.text;
        let begins = |k: &usize| {
            // `All records are then erased` is one clause.
            let then = |k: usize| text.word(k) == "then" && !(k > start && text.is(k - 1, Function::Happens));
            text.before(*k) >= Break::Comma
                || (*k > start && (matches!(text.word(*k - 1), "but" | "and") || then(*k - 1)))
        };
        (start + 1..=i).rev().find(begins).unwrap_or(start)
    }

    /// Where the clause begins that has the subject of the verb at `i`: of `is read, then deleted` and `is
    /// consumed and deleted` the one before.
    fn subject_clause(&self, start: usize, i: usize, form: Form) -> usize {
        let text = self.text;
        let from = self.clause(start, i);
        let adverb = |k: usize| text.is(k, Function::Also) || text.is(k, Function::And) || text.word(k).ends_with("ly");
        if form != Form::Past || from <= start || !(from..i).all(adverb) {
            return from;
        }
        let mut last = from - 1;
        while last > start && adverb(last) {
            last -= 1;
        }
        let participle = text.word(last).ends_with("ed")
            || text.verb(self.lexicon, last).is_some_and(|(_, form, _)| form == Form::Past);
        let before = self.clause(start, last);
        let happens = (before..last).any(|k| text.is(k, Function::Happens));
        if participle && happens { before } else { from }
    }

    /// `are then deleted`, `will be removed`: a participle that says what happens.
    fn happens(&self, from: usize, i: usize) -> bool {
        let text = self.text;
        let lowest = from.max(i.saturating_sub(5));
        let Some(at) = (lowest..i).rev().find(|k| text.is(*k, Function::Happens) || text.is(*k, Function::Happened))
        else {
            // `the account will be closed and its data deleted`
            let short = i - from <= 4 && from > 1 && text.word(from - 1) == "and" && self.is_determined(from);
            return short
                && (from.saturating_sub(6)..from - 1).any(|k| {
                    text.is(k, Function::Happens)
                        && text.verb(self.lexicon, k + 1).is_some_and(|(_, form, _)| form == Form::Past)
                });
        };
        let infinitive = at > 0 && text.word(at) == "be" && text.word(at - 1) == "to";
        // `Messages that have been read are deleted`: a relative clause before has its own time.
        let closed = at > from && text.verb(self.lexicon, at - 1).is_some();
        if !text.is(at, Function::Happens)
            || infinitive
            || (!closed && (from..at).any(|k| text.is(k, Function::Happened)))
        {
            return false;
        }
        // `This tool will be removed`: the tool itself, in a later version.
        if (from..at).all(|k| text.is(k, Function::Tool) || matches!(text.word(k), "the" | "this" | "will" | "now")) {
            return false;
        }
        // `Backups are deleted by the provider`: somebody else's doing.
        let by = (i + 1..text.len().min(i + 3)).find(|k| text.word(*k) == "by");
        if by.is_some_and(|b| (b + 1..text.len().min(b + 4)).any(|k| text.is(k, Function::Agent))) {
            return false;
        }
        // Something must be what it happens to, in this clause: `All records are erased`.
        let foreign = self.row_at(i).is_some_and(Self::is_foreign);
        let between = foreign
            || (at + 1..i).all(|k| {
                text.is(k, Function::Also)
                    || text.is(k, Function::Lead)
                    || text.is(k, Function::Happens)
                    || text.word(k).ends_with("ly")
                    || text.word(k).ends_with("ed")
                    || text.is(k, Function::And)
                    || text.verb(self.lexicon, k).is_some_and(|(_, form, _)| form == Form::Past)
            });
        between && at > from && !(from..at).any(|k| matches!(text.word(k), "may" | "might" | "could" | "can" | "must"))
    }

    /// `triggers the erasure of`: a noun behind what makes it happen.
    fn is_caused(&self, from: usize, i: usize) -> bool {
        let near = from.max(i.saturating_sub(6))..i;
        near.clone().any(|k| self.text.is(k, Function::Causes))
            && !near.clone().any(|k| {
                let allows = matches!(self.text.word(k.wrapping_sub(1)), "allows" | "allow");
                let away = matches!(self.text.word(k), "for" | "about" | "status") && !allows;
                self.text.quoted(k) || away
            })
    }

    /// `…, which deletes`, `and deletes the source`, `It also purges`.
    fn does(&self, from: usize, i: usize) -> bool {
        let text = self.text;
        // The word before the verb, but for adverbs and leads that are no names: the subject's last.
        let adverb = |k: usize| {
            text.is(k, Function::Also) || text.word(k).ends_with("ly") || matches!(text.word(k), "can" | "may" | "does")
        };
        let mut k = i;
        let mut also = false;
        while k > from && adverb(k - 1) {
            k -= 1;
            also |= text.is(k, Function::Also) && !matches!(text.word(k), "automatically" | "immediately");
        }
        let determined = self.row_at(i).is_some_and(|row| row.noun == Noun::Rarely)
            || matches!(text.word(i + 1), "the" | "a" | "an" | "all" | "any" | "it" | "its" | "them" | "every");
        if k == from {
            // The clause begins with it: `…, then deletes it`; not what is told of another tool in brackets.
            let of_other = from > 0 && self.is_identifier(from - 1) && text.before(from) == Break::Bracket;
            return determined && (from > 0 || i > from) && !of_other;
        }
        let before = k - 1;
        let which_other = text.word(before) == "which" && before > 0 && self.is_identifier(before - 1);
        // `'on' wipes the volume`, `1 deletes all`: a value, in an argument's description.
        let ticked = self.raw.get(..text.span(before).start).is_some_and(|b| b.ends_with(['\'', '"', '`', '‘', '“']));
        let value = (self.note || before == from)
            && (text.quoted(before) || ticked || text.word(before).bytes().all(|b| b.is_ascii_digit()))
            && !text.word(before).contains('_');
        if value {
            return true;
        }
        let reflexive = text.word(before) == "se" && self.row_at(i).is_some_and(Self::is_foreign);
        if reflexive {
            return true;
        }
        // `Reading a message removes it`: the call is the subject.
        let gerund = (text.verb(self.lexicon, from).is_some_and(|(_, form, _)| form == Form::Ing)
            || (text.is(from, Function::Tool) && text.word(from).ends_with("ing")))
            && (from == 0 || text.before(from) >= Break::Sentence)
            && (from + 1..i).all(|k| text.verb(self.lexicon, k).is_none_or(|(_, form, _)| form != Form::Third))
            && i < from + 8;
        if gerund && determined {
            return true;
        }
        let subject = text.is(before, Function::Tool)
            || (text.is(before, Function::Agent) && also)
            || text.is(before, Function::And)
            || (text.word(before) == "which" && text.before(before) >= Break::Comma);
        subject && (determined || text.is(before, Function::Tool)) && !text.quoted(before) && !which_other
    }

    fn row_at(&self, i: usize) -> Option<&Verb> {
        self.text.verb(self.lexicon, i).map(|(_, _, row)| row)
    }

    /// `…, removing the source`, `by deleting`, `and erasing it`.
    fn besides(&self, i: usize) -> bool {
        let text = self.text;
        let before = text.before(i);
        // An object must follow: `for viewing, deleting, …` only lists.
        let object = i + 1 < text.len()
            && text.before(i + 1) == Break::Space
            && !text.is(i + 1, Function::Preposition)
            && !text.is(i + 1, Function::And);
        let able = i > 0
            && matches!(
                text.word(i - 1),
                "supports" | "support" | "allows" | "permits" | "enables" | "includes" | "involves"
            );
        let effect =
            i > 1 && text.word(i - 1) == "of" && matches!(text.word(i - 2), "effect" | "consequence" | "result");
        if (able || effect) && object {
            return true;
        }
        let behind =
            i > 0 && (matches!(text.word(i - 1), "by" | "thereby" | "while") || text.is(i - 1, Function::Also));
        let and = i > 0 && text.word(i - 1) == "and";
        // `(in bytes), deleting …`
        let bracketed = before == Break::Bracket
            && self.raw.get(..text.span(i).start).is_some_and(|before| before.trim_end().ends_with(','));
        let apart = matches!(before, Break::Comma | Break::Clause) || bracketed;
        object && (apart || behind || (and && i > 2))
    }

    /// `and delete it`, `then purge the queue`: joined to what the sentence says.
    fn joins(&self, start: usize, i: usize) -> bool {
        let text = self.text;
        let object = matches!(
            text.word(i + 1),
            "the" | "a" | "an" | "all" | "any" | "it" | "its" | "them" | "every" | "each" | "those" | "everything"
        );
        // Of the same clause: `so that calls can omit it, then wipe the source`.
        let near = (start + 1..i).rev().find(|k| text.before(*k) == Break::Comma).unwrap_or(start);
        let reader = (start..i).any(|k| {
            let to = text.word(k) == "to" && text.base(self.lexicon, k + 1).is_some();
            // `Add a user to a group and delete …`: only a subject is who reads.
            let subject =
                k <= start || matches!(text.word(k), "you" | "yourself" | "please" | "must" | "should" | "ensure");
            (text.is(k, Function::Reader) && subject) || (k >= near && (to || matches!(text.word(k), "can" | "may")))
        });
        // A sentence that begins without a full stop before it.
        if i > start && text.capital(i) && self.is_determined(i + 1) && text.before(i) == Break::Space {
            return true;
        }
        let mut k = i;
        while k > start && (text.is(k - 1, Function::Also) || text.word(k - 1).ends_with("ly")) {
            k -= 1;
        }
        let joined = k > start && matches!(text.word(k - 1), "and" | "or" | "then") || k < i;
        i > start + 1 && joined && object && !reader
    }

    /// `It will delete`, `this will permanently erase`.
    fn will(&self, from: usize, i: usize) -> bool {
        let text = self.text;
        let Some(at) = (from..i).rev().find(|k| matches!(text.word(*k), "will" | "shall" | "going" | "does")) else {
            return false;
        };
        let tool = (from..at).all(|k| {
            text.is(k, Function::Tool)
                || text.is(k, Function::Lead)
                || text.is(k, Function::And)
                || text.is(k, Function::Also)
        });
        tool && (at + 1..i)
            .all(|k| text.is(k, Function::Lead) || text.is(k, Function::Also) || text.word(k).ends_with("ly"))
    }

    /// Whether the clause is a condition, a time or the description of a thing.
    fn is_conditional(&self, from: usize, i: usize, form: Form) -> bool {
        let text = self.text;
        // `Messages that have been read are deleted`: the relative clause has a verb of its own.
        let closed = |k: usize| {
            form == Form::Past
                && matches!(text.word(k), "that" | "which" | "who")
                && (k + 1..i).rev().find(|m| text.is(*m, Function::Happens)).is_some_and(|aux| {
                    (k + 1..aux).any(|m| {
                        text.is(m, Function::Happened)
                            || text.is(m, Function::Happens)
                            || text.verb(self.lexicon, m).is_some()
                    })
                })
        };
        (from..i).any(|k| {
            if closed(k) {
                return false;
            }
            let which =
                form == Form::Third && text.word(k) == "which" && k == from && k > 0 && text.before(k) >= Break::Comma;
            (text.is(k, Function::Condition) || text.is(k, Function::Relative))
                && !which
                && !(k == from && matches!(text.word(k), "what" | "whatever" | "that") && (k == 0 || text.before(k) >= Break::Sentence))
                && !(text.word(k) == "while" && k + 3 > i)
                && !(text.word(k) == "se" && k + 1 == i)
                // `… so that it fits, by deleting the rest`
                && !(form == Form::Ing && i > 0 && k + 1 < i && matches!(text.word(i - 1), "while" | "by" | "thereby"))
                && !(text.word(k) == "that"
                    && k > 0
                    && matches!(text.word(k - 1), "aware" | "mind" | "note" | "know" | "means" | "careful" | "remember"))
                && !(text.word(k) == "after" && text.word(k + 1) == "which")
                && !(text.word(k) == "which" && k > 0 && text.word(k - 1) == "after")
                && !matches!(text.word(k), "as" | "can" | "should")
        })
    }

    /// `Deletes nothing`, `removes no records`.
    fn is_void(&self, i: usize) -> bool {
        let text = self.text;
        let word = text.word(i + 1);
        i + 1 < text.len()
            && text.before(i + 1) == Break::Space
            && matches!(word, "nothing" | "no" | "none" | "nichts" | "nada" | "rien" | "neither" | "niente" | "keine")
    }

    /// Whether something before denies it.
    fn is_denied(&self, start: usize, from: usize, i: usize, form: Form) -> bool {
        let reach = if form == Form::Base { start } else { from };
        let denies = |k: usize| self.text.is(k, Function::Denies);
        let will = (from..i).any(|k| matches!(self.text.word(k), "will" | "also" | "then" | "permanently"));
        if will { (from..i).any(denies) } else { (reach..i).any(denies) || (from..i).any(denies) }
    }

    /// `Actions: list, create, delete`: what a tool does, listed behind a label.
    fn lists(&self, start: usize, end: usize, out: &mut TextReading) -> bool {
        let text = self.text;
        let label = (start + 1..end.min(start + 5)).find(|i| text.before(*i) == Break::Clause);
        let Some(at) = label.map(|i| i - 1) else { return false };
        let named = (start..=at).any(|i| text.is(i, Function::Lists));
        if !named && !self.is_item(start) {
            return false;
        }
        let mut found = Vec::new();
        for i in at + 1..end {
            let separated = text.before(i) > Break::Space || (i > 0 && text.is(i - 1, Function::And)) || text.quoted(i);
            if let Some((verb, row)) = text.base(self.lexicon, i)
                && separated
                && row.noun == Noun::Rarely
            {
                let own = i + 1 < end && text.before(i + 1) == Break::Space && !text.is(i + 1, Function::And);
                found.push((Stated::new(self.lexicon, verb, text, i, 0.9), own));
            }
        }
        if found.len() < if named { 2 } else { 3 } {
            return false;
        }
        out.listed.extend(found);
        true
    }

    /// A sentence in a script without spaces: Chinese states its verb first, Japanese last; a verb behind
    /// a comma or `and` is joined.
    fn unspaced(&self, start: usize, end: usize) -> Option<(Vec<Stated>, Object)> {
        let text = self.text;
        let index = self.lexicon.index();
        // Japanese and Korean state their verb last.
        let last = |c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{ac00}'..='\u{d7a3}');
        let kana = (start..end).any(|i| text.word(i).contains(last));
        let mut out: Vec<Stated> = Vec::new();
        for i in start..end {
            let word = text.word(i);
            let mut best = None;
            let mut at = 0;
            // Every verb of the word that nothing denies and that describes nothing.
            while let Some(rest) = word.get(at..) {
                let Some((verb, from, to)) = index.unspaced(rest, false) else { break };
                let (from, to) = (at + from, at + to);
                if is_stated(&word[..from], &word[to..]) {
                    let mut stated = Stated::new(self.lexicon, verb, text, i, 0.95);
                    let base = stated.span.start;
                    stated.span = Span { start: base + from, end: base + to };
                    let worse =
                        best.is_some_and(|b: Stated| stated.class == Class::Destructive && b.class < stated.class);
                    if best.is_none() || kana || worse {
                        best = Some(stated);
                    }
                }
                at = to;
            }
            let Some(stated) = best else { continue };
            if out.is_empty() {
                out.push(stated);
            } else if kana {
                out[0] = stated;
            } else if stated.class == Class::Destructive {
                out.push(stated);
            }
        }
        (!out.is_empty()).then(|| (out, Object::default()))
    }
}

/// Whether a verb between `before` and `after` says what is done: not denied (`不删除`), not done before
/// (`已删除`), not describing a thing (`删除的文件`).
fn is_stated(before: &str, after: &str) -> bool {
    const DENIES: [&str; 20] = [
        "不", "不会", "未", "已", "已经", "没", "没有", "被", "勿", "避免", "防止", "禁止", "无法", "之前", "必须",
        "需要", "应该", "用户", "如果", "当",
    ];
    const DESCRIBES: [&str; 16] = [
        "的",
        "しません",
        "されません",
        "された",
        "済み",
        "しない",
        "できません",
        "过的",
        "了的",
        "状态",
        "记录",
        "时间",
        "된",
        "하지",
        "되지",
        "한 ",
    ];
    !DENIES.iter().any(|d| before.ends_with(d)) && !DESCRIBES.iter().any(|d| after.starts_with(d))
}
