//! The main clause of a sentence: its verb, and the verbs joined to it.

use super::Parser;
use crate::classify::stated::{Object, Stated, noun_phrase, object, object_and_target};
use crate::lexicon::{Form, Function, Noun, VerbRole};
use crate::risk::{Class, Facet};
use crate::words::{Break, is_unspaced};

impl Parser<'_> {
    /// The verb of a sentence and those joined to it. A `strict` reading takes a verb only where the
    /// sentence begins with it.
    pub(super) fn main(&self, start: usize, end: usize, strict: bool) -> Option<(Vec<Stated>, Object)> {
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
            // `Enables the feature flag`, and not `Enables you to …`.
            if matches!(word, "enables" | "allows")
                && (text.is(at + 1, Function::Article) || text.word(at + 1) == "all")
                && text.verb(self.lexicon, at).is_some()
                && !(at + 1..end).any(|k| text.word(k) == "to")
            {
                break;
            }
            led |= !(text.is(at, Function::Article) || word == "your");
            at += 1;
            if text.before(at.min(text.len().saturating_sub(1))) >= Break::Sentence {
                break;
            }
        }
        let noun_before = at > start && (text.is(at - 1, Function::Article) || text.word(at - 1) == "your");
        let mut found = None;
        if at < end {
            if text.word(at).contains(is_unspaced) {
                return self.unspaced(at, end);
            }
            // `You must ensure …`: what the reader has to do.
            let told = at > start && text.is(at, Function::Reader) && matches!(text.word(at - 1), "must" | "should");
            if let Some((verb, form, row)) = text.verb(self.lexicon, at).filter(|_| !told) {
                let named =
                    noun_before && (row.noun != Noun::Rarely || matches!(form, Form::Past | Form::Ing | Form::Noun));
                let fits = match form {
                    Form::Base | Form::Third => true,
                    Form::Ing => (led || (text.capital(at) && !strict)) && !text.is(at + 1, Function::Happens),
                    Form::Noun => {
                        text.word(at + 1) == "of" && (!strict || (at == start && row.class == Class::Destructive))
                    }
                    Form::Past | Form::Agent => false,
                };
                let known = self.named.iter().any(|s| s.verb == verb) || {
                    // `Issues a refund`: its object settles that the noun is a verb.
                    let object = object(self.lexicon, text, at + 1, noun_phrase(text, at + 1, end), usize::MAX);
                    let stated = Stated::new(self.lexicon, verb, text, at, 1.0).with(self.lexicon, object);
                    stated.by_object
                        && (stated.class == Class::Destructive
                            || stated.facets.has(Facet::Permissions)
                            || (form == Form::Third && self.is_determined(at + 1) && stated.class == Class::Write))
                };
                // `Messages that …`, `Refunds and …`: a plural.
                let plural = form == Form::Third
                    && row.noun != Noun::Rarely
                    && !self.named.iter().any(|s| s.verb == verb)
                    && (text.is(at + 1, Function::And)
                        || text.is(at + 1, Function::Happens)
                        || text.is(at + 1, Function::Postmodifier));
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
        // `Permanantly remvoes the carts.`
        if found.is_none()
            && at + 1 < end
            && text.word(at).ends_with("ly")
            && text.before(at + 1) == Break::Space
            && text.entry(at).is_unknown()
        {
            at += 1;
        }
        // `Deltes the record.`: a word that is none, one edit off.
        if found.is_none()
            && at < end
            && (at == start || text.word(at - 1).ends_with("ly"))
            && self.is_determined(at + 1)
            && text.before(at + 1) == Break::Space
            && text.verb(self.lexicon, at).is_none()
            && let Some(verb) = self.lexicon.index().misspelled_in_sentence(text.word(at))
        {
            found = Some((verb, Form::Third, at, 0.9));
        }
        // `Kaydı getirir ve ardından siler.`: some languages state the verb last.
        if found.is_none()
            && let Some((verb, form, row)) = text.verb(self.lexicon, end - 1)
            && row.ends_sentences()
            && form != Form::Past
        {
            found = Some((verb, form, end - 1, 0.9));
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
            && self.row(verb).roles.contains(VerbRole::Manages)
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
            && self.row(verb).roles.contains(VerbRole::Produces)
            && (at + 1..end.min(at + 5)).any(|i| text.is(i, Function::Ability))
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
        // `Returns the order`: what comes back.
        let back = form != Form::Base
            && self.row(verb).class == Class::Read
            && self.row(verb).roles.contains(VerbRole::Admits);
        if back || text.word(at + 1) == "with" && self.row(verb).roles.contains(VerbRole::Responds) {
            head.class = Class::Read;
        }
        // `Run dbt debug to validate the setup`: what little the verb says alone, its purpose says.
        let row = self.row(verb);
        let leaves = || [VerbRole::Runs, VerbRole::Manages, VerbRole::Calls].iter().any(|r| row.roles.contains(*r));
        if head.class == Class::Write && !head.by_object && row.weight < 0.8 && leaves() {
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
        // `Wipes the cache and all user files`: the worse of two objects.
        if row.class == Class::Destructive
            && head.class < Class::Destructive
            && let Some(and) = (at + 2..object_end).find(|k| text.is(*k, Function::And) && self.is_determined(k + 1))
        {
            let second = object(self.lexicon, text, and + 2, object_end, usize::MAX);
            let other = Stated::new(self.lexicon, verb, text, at, value).with(self.lexicon, second);
            if second.there && other.class == Class::Destructive {
                head = Stated { by_object: true, ..other };
            }
        }
        let mut stated = vec![head];
        let mut all = own;
        self.joined(at, end, form, &mut stated, &mut all);
        for one in &mut stated {
            // `edits to a file, and drops the table`: what has an object of its own is not done to the other.
            let own = object(self.lexicon, text, one.at + 1, noun_phrase(text, one.at + 1, end), usize::MAX);
            let with = if one.at > at && own.any != 0 { *one } else { one.with(self.lexicon, all) };
            *one = self.for_good(with, end);
        }
        Some((stated, all))
    }

    /// `dbt run executes …`, `The parse command validates …`: the first verb in the third person.
    pub(super) fn third_person(&self, start: usize, end: usize) -> Option<(u16, Form, usize, f32)> {
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
    pub(super) fn nominal(&self, start: usize, end: usize) -> Option<(u16, Form, usize, f32)> {
        let text = self.text;
        for i in start + 1..end.min(start + 9) {
            if text.is(i, Function::Preposition) || text.before(i) >= Break::Comma {
                return None;
            }
            let thing = text.is(i, Function::ToolNoun);
            if thing && let Some((verb, form, row)) = text.verb(self.lexicon, i - 1) {
                let fits = row.noun != Noun::Mostly && !text.quoted(i - 1) && form != Form::Past && form != Form::Third;
                return fits.then_some((verb, form, i - 1, 0.8));
            }
        }
        None
    }

    /// `A tool for deleting users`, `Used for sending e-mail`: a participle behind `for` or `of`.
    pub(super) fn purpose(&self, start: usize, end: usize) -> Option<(u16, Form, usize, f32)> {
        let text = self.text;
        let lets = |i: usize| text.is(i, Function::Lets) || text.word(i) == "permits";
        let means = text.is(start, Function::Uses) || (start..end.min(start + 6)).any(lets);
        let serves = text.is(start, Function::Useful);
        (start + 1..end.min(start + if means { 16 } else { 8 })).find_map(|i| {
            let (verb, form, row) = text.verb(self.lexicon, i)?;
            // `Useful when you want to wipe all entries`
            if serves && form == Form::Base && text.word(i - 1) == "to" && text.is(i.wrapping_sub(2), Function::Wants) {
                return Some((verb, form, i, 0.85));
            }
            if means && form == Form::Base && text.word(i - 1) == "to" && row.noun != Noun::Mostly {
                return Some((verb, form, i, 0.8));
            }
            let fits = form == Form::Ing && matches!(text.word(i - 1), "for" | "of") && row.noun != Noun::Mostly;
            let capable =
                form == Form::Base && text.word(i - 1) == "to" && text.is(i.wrapping_sub(2), Function::AbleTo);
            (fits || capable).then_some((verb, form, i, 0.85))
        })
    }

    /// Verbs joined to the one at `at`: `create, update or delete`, `search files and delete them`.
    pub(super) fn joined(&self, at: usize, end: usize, form: Form, stated: &mut Vec<Stated>, all: &mut Object) {
        let text = self.text;
        let manages = self.row(stated[0].verb).roles.contains(VerbRole::Manages);
        let mut list = true;
        // Behind `to`, `by` and the like, what the verbs before are done for.
        let mut away = false;
        for i in at + 1..end.min(at + 40) {
            let word = text.word(i);
            let contrast = text.is(i, Function::Contrast);
            if text.is(i, Function::Relative) || contrast || matches!(word, "to" | "by" | "as") {
                away |= !list;
                if away && (contrast || text.is(i, Function::Condition)) {
                    break;
                }
            } else if (text.is(i, Function::Reader) && away) || (matches!(word, "not" | "never" | "so") && !list) {
                break;
            }
            // `y`, `e`, `и`: of one letter, before a verb of another language.
            let foreign = || text.verb(self.lexicon, i).is_some_and(|(_, _, row)| row.is_foreign());
            let beside =
                |k: usize| text.is(k, Function::And) && (text.word(k).len() > 1 || foreign()) || text.word(k) == "also";
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
            // `…, and import the asset`: a comma and an object of its own show that it is a clause beside the first.
            let apart = text.is(i - 1, Function::And)
                && text.before(i - 1) >= Break::Comma
                && row.noun != Noun::Mostly
                && self.is_determined(i + 1);
            if away && !apart {
                continue;
            }
            let same = form == other || (manages && other == Form::Base);
            // A noun in an enumeration of nouns is not a verb, unless verbs stand in a row.
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
            // `and emails it to the manager`
            let taken = and && other == Form::Third && text.is(i + 1, Function::ObjectPronoun);
            let value = if previous || taken || (and && row.is_foreign()) { 0.95 } else { 0.8 };
            let object_end = noun_phrase(text, i + 1, end);
            let own = object_and_target(self.lexicon, text, i + 1, object_end, end, usize::MAX);
            *all = all.union(own);
            stated.push(Stated::new(self.lexicon, verb, text, i, value).with(self.lexicon, own));
        }
    }
}
