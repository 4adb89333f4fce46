//! What an argument's description says that its value does.

use super::Parser;
use crate::classify::stated::{Object, Stated, noun_phrase, object, object_and_target};
use crate::classify::text::Text;
use crate::lexicon::{Form, Function, GroupRole, Lexicon, Noun, VerbRole};
use crate::risk::{Class, Facet};
use crate::words::Break;

/// Reads the description of an argument, of which only what a sentence states outright counts.
/// A `switch` says what it does in whatever form: `Also delete …`; what is `whole` is no part of a list and no switch.
pub(in crate::classify) fn read_note(
    lexicon: &Lexicon,
    text: &Text,
    raw: &str,
    switch: bool,
    whole: bool,
) -> Option<Stated> {
    let parser = Parser { lexicon, text, raw, named: &[], note: true };
    let n = text.len();
    let mut start = 0;
    let mut worst: Option<Stated> = None;
    while start < n {
        let end = (start + 1..n).find(|i| text.before(*i) >= Break::Sentence).unwrap_or(n);
        let mut from = parser.behind_label(start, end);
        // `If true, deletes …`, `Whether to delete …`, `Also delete …`.
        if text.is(from, Function::Condition)
            && let Some(comma) = (from + 1..end).find(|i| text.before(*i) >= Break::Comma)
        {
            from = comma;
        }
        while from < end && (text.is(from, Function::Condition) || text.is(from, Function::SwitchLead)) {
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
        parser.other_clauses(from, end, false, Object::default(), &mut found);
        // `Writes the answer there, overwriting what is in it`
        let ing = |s: &Stated| text.verb(lexicon, s.at).is_some_and(|(_, form, _)| form == Form::Ing);
        // `Fix problems by deleting corrupt rows`
        let begins = text.verb(lexicon, from).is_some_and(|(_, form, _)| matches!(form, Form::Base | Form::Third));
        let by = |s: &Stated| switch && begins && s.at < from + 7 && s.at > 0 && text.word(s.at - 1) == "by";
        let beside = |s: &Stated| text.before(s.at) == Break::Comma || by(s);
        found.retain(|s| !ing(s) || (beside(s) && s.class == Class::Destructive));
        found.extend(parser.sends_or_takes(from, end, switch, whole));
        if !switch {
            // What a value is and how it is used says little of what is done; what is lost or sent out does.
            let ours = |s: &Stated| s.at > 0 && text.word(s.at - 1) == "we";
            found.retain(|s| s.class == Class::Destructive || s.facets.has(Facet::SendsOut) || ours(s));
            parser.done_with_it(from, end, &mut found);
        }
        for stated in found {
            // `Without it, mail is removed`: the switch itself.
            let denies = |i: usize| text.is(i, Function::Denies) && !text.is(i + 1, Function::OwnPronoun);
            let is_denied = (start..stated.at).any(denies);
            let sends = |s: Stated| s.facets.has(Facet::SendsOut);
            let outdoes = |w: Stated| stated.class > w.class || (stated.class == w.class && sends(stated) && !sends(w));
            if !is_denied && worst.is_none_or(outdoes) {
                worst = Some(stated);
            }
        }
        start = end;
    }
    worst
}

impl Parser<'_> {
    /// `New number to store on the user's profile`, `IBAN to which the balance is transferred`: what is done with what the
    /// argument names, to something that is kept.
    fn done_with_it(&self, from: usize, end: usize, found: &mut Vec<Stated>) {
        let text = self.text;
        for i in from + 1..end {
            if !text.changes(i) || text.quoted(i) || text.before(i) != Break::Space {
                continue;
            }
            let Some((verb, form, row)) = text.verb(self.lexicon, i) else { continue };
            // What runs is a program, which another rule knows.
            let relates = row.roles.contains(VerbRole::Relates) && form == Form::Past;
            if relates || row.roles.contains(VerbRole::Runs) {
                continue;
            }
            let clause = (from + 1..i).rev().find(|k| text.before(*k) >= Break::Clause).unwrap_or(from);
            // `URL that receives the results`
            let receives = form == Form::Third
                && row.roles.contains(VerbRole::Befalls)
                && text.is(i - 1, Function::RelativePronoun)
                && self.is_determined(i + 1);
            // `an empty string to remove it`, `set to 0 to disable it`: what a value is for.
            let for_value = (clause..i - 1).any(|k| {
                text.base(self.lexicon, k).is_some_and(|(_, row)| row.noun == Noun::Rarely)
                    || text.is(k, Function::ValueTold)
            });
            let place = || {
                text.is(i + 1, Function::Preposition)
                    || text.is(i + 1, Function::Condition)
                    || self.is_determined(i + 1)
            };
            let to = form == Form::Base
                && i > from + 1
                && !for_value
                && i + 1 < end
                && place()
                && text.word(i - 1) == "to"
                && text
                    .verb(self.lexicon, i - 2)
                    .is_none_or(|(_, form, row)| form != Form::Past && row.noun != Noun::Rarely)
                && text.word(i - 2) != "you";
            let happens = matches!(form, Form::Past | Form::Base)
                && text.is(i - 1, Function::Happens)
                && !row.roles.contains(VerbRole::Relates);
            let which = happens
                && i > from + 1
                && (from + 1..i - 1).any(|k| {
                    text.word(k) == "which"
                        && (text.is(k - 1, Function::Locative) || matches!(text.word(k - 1), "with" | "under"))
                });
            // `Comment that is added to the ticket`, `Name the file is renamed to`
            let that =
                happens && i > from + 2 && text.is(i - 2, Function::RelativePronoun) && text.word(i - 1) != "are";
            let ends = happens && i + 2 == end && text.is(i + 1, Function::Preposition);
            // `Is written into the file`, `Any other key is stored as a field`
            let key = || text.is(i - 2, Function::KeyNoun);
            let begins = happens && (i == from + 1 || i > from + 1 && key());
            let which = which || that || ends || begins;
            // `Colour; the label is created with it`
            // `If given, the device is renamed`
            let behind = from > 0 && text.before(from) == Break::Comma;
            let told = happens
                && (clause > from || behind)
                && self.is_determined(clause)
                && !self.is_conditional(clause, i, form);
            let which = which || told;
            if receives && let Some((send, _)) = self.lexicon.index().word("send").verb {
                let sent = Stated::new(self.lexicon, send, text, i, 0.9);
                found.push(Stated { class: Class::Write, ..sent });
                continue;
            }
            if !(to || which) || (from..i).any(|k| text.is(k, Function::Denies)) {
                continue;
            }
            let mut what = object(self.lexicon, text, from, noun_phrase(text, from, i - 1), usize::MAX);
            if happens {
                // `to which the balance is transferred`
                what = what.union(object(self.lexicon, text, from + 1, i - 1, usize::MAX));
            }
            let own = object_and_target(self.lexicon, text, i + 1, noun_phrase(text, i + 1, end), end, usize::MAX);
            let stated = Stated::new(self.lexicon, verb, text, i, 0.9).with(self.lexicon, own.union(what));
            let index = self.lexicon.index();
            let kept =
                index.role(GroupRole::Stored) | index.role(GroupRole::Private) | index.role(GroupRole::Permission);
            let reads = row.class == Class::Read && !stated.by_object;
            let least = if stated.class == Class::Destructive { 0.75 } else { 0.85 };
            let certain = row.weight >= least || stated.by_object;
            let lost = row.roles.contains(VerbRole::Cuts) && stated.class == Class::Destructive && what.any & kept != 0;
            let keeps = (own.any | own.target) & kept != 0 || which || lost;
            if !reads && certain && keeps && self.is_presumed((from, from, end), i, Form::Past, &stated, own) {
                found.push(stated);
            }
        }
    }

    /// `URL that the result is posted to`, `Versions to erase`: what becomes of what the argument names.
    fn sends_or_takes(&self, from: usize, end: usize, switch: bool, whole: bool) -> Option<Stated> {
        let text = self.text;
        (from + 1..end).find_map(|i| {
            let (verb, form, row) = text.verb(self.lexicon, i)?;
            // Most verbs neither send nor take away: their objects are not looked at.
            let sends = row.roles.contains(VerbRole::Sends);
            let takes = row.class == Class::Destructive && row.weight >= 0.75;
            let pays = row.when.iter().any(|w| w.facets.contains(&Facet::MovesMoney));
            if !(sends || takes || pays) || !matches!(form, Form::Base | Form::Past | Form::Noun) {
                return None;
            }
            let what = object(self.lexicon, text, from, i - 1, usize::MAX);
            let object = object(self.lexicon, text, i + 1, noun_phrase(text, i + 1, end), usize::MAX);
            let subject = object_and_target(self.lexicon, text, from, i, end, usize::MAX);
            let index = self.lexicon.index();
            let traffic = index.role(GroupRole::Traffic);
            let machine = index.role(GroupRole::Machine);
            let to_machine = self.target(i + 1, end) & machine != 0;
            if to_machine {
                return None;
            }
            if sends && (object.any | subject.any) & traffic == 0 {
                let near = i.saturating_sub(3)..i;
                let is = near.clone().any(|k| text.is(k, Function::Happens))
                    && !near.clone().any(|k| text.is(k, Function::Happened));
                // `This filter is still sent`: the argument itself, to the service.
                let own = near
                    .clone()
                    .filter(|k| text.is(*k, Function::Happens))
                    .any(|k| k > from && text.is(k - 1, Function::ArgumentNoun));
                let told =
                    form == Form::Past && is && !own || form == Form::Base && text.word(i - 1) == "to" && object.there;
                let mut stated = Stated::new(self.lexicon, verb, text, i, 0.9);
                stated.class = Class::Write;
                stated.weight = 0.75;
                stated.facets.add(Facet::SendsOut);
                return told.then_some(stated);
            }
            let last = i + 1 == end || text.before(i + 1) > Break::Space;
            // `Card to charge`, `Amount to transfer`
            let to = form == Form::Base && text.word(i - 1) == "to" && last;
            let paid = Stated::new(self.lexicon, verb, text, i, 0.9).with(self.lexicon, what);
            // Not `for the page to settle`.
            let moves = paid.facets.has(Facet::MovesMoney) && (paid.by_object || row.noun != Noun::Rarely);
            if to && paid.class == Class::Destructive && moves {
                return Some(Stated { weight: paid.weight.max(0.75), ..paid });
            }
            let cuts = row.roles.contains(VerbRole::Cuts);
            let names_it = form == Form::Base
                && takes
                && row.weight >= 0.9
                && row.noun == Noun::Rarely
                && !cuts
                && text.word(i - 1) == "to"
                && (last || (switch && i < from + 6));
            if names_it {
                return Some(Stated::new(self.lexicon, verb, text, i, 0.9));
            }
            // `Path of the file to be deleted`, `Rows that will be removed`, `Directory to remove`: what is lost is named.
            let kept = index.role(GroupRole::Stored) | index.role(GroupRole::Private);
            let adverb = text.word(i - 1).ends_with("ly");
            let near = if adverb { i.saturating_sub(2) } else { i - 1 };
            let named = match form {
                Form::Past => match text.word(near) {
                    "be" => near > from && matches!(text.word(near - 1), "to" | "will"),
                    word => matches!(word, "gets" | "get" | "being"),
                },
                Form::Base => text.word(near) == "to" && near > from && last && cuts,
                Form::Noun => text.word(near) == "for" && last && !text.is(near.saturating_sub(1), Function::Reader),
                _ => false,
            };
            let marked = (from..i).any(|k| text.is(k, Function::NotYet));
            let own = whole && named && !marked && takes;
            if !own || (cuts && subject.any & kept == 0) {
                return None;
            }
            let stated = Stated::new(self.lexicon, verb, text, i, 0.9).with(self.lexicon, subject);
            (stated.class == Class::Destructive).then_some(stated)
        })
    }
}
