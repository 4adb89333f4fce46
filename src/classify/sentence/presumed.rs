//! What a clause says is done counts as done by the call, unless something shows that it is not.

use super::Parser;
use crate::classify::stated::{Object, Stated, noun_phrase, object, object_and_target};
use crate::lexicon::{Form, Function, GroupRole, Noun, VerbRole};
use crate::risk::{Class, Facet};
use crate::words::{Break, is_unspaced};

/// Verbs with these roles say little of what is changed, or are done to the answer.
const OPEN: [VerbRole; 8] = [
    VerbRole::Produces,
    VerbRole::Fetches,
    VerbRole::Runs,
    VerbRole::Calls,
    VerbRole::Manages,
    VerbRole::Responds,
    VerbRole::Examines,
    VerbRole::Admits,
];

/// The same of what is said to be done by the call itself.
const CERTAIN_OF_CALL: f32 = 0.7;
/// Below this weight a verb says too little alone.
const CERTAIN: f32 = 0.8;

impl Parser<'_> {
    /// Whether the change that a clause states with the verb at `i` is one that the call makes: the verb is certain, and
    /// what is changed is kept somewhere and is not the answer. Denials, conditions and other tools were looked at before.
    pub(super) fn is_presumed(
        &self,
        (start, from, end): (usize, usize, usize),
        i: usize,
        form: Form,
        stated: &Stated,
        object: Object,
    ) -> bool {
        let text = self.text;
        let row = self.row(stated.verb);
        let has = |role| row.roles.contains(role);
        let kept = {
            let index = self.lexicon.index();
            index.role(GroupRole::Stored) | index.role(GroupRole::Private)
        };
        // `A missing record is created`, `writes a row into the table`: what is made is kept.
        let of_value = object.head & kept != 0;
        let answers_to = has(VerbRole::Responds) && text.word(i + 1) == "to" && self.is_determined(i + 2);
        let open = || {
            !answers_to
                && OPEN.iter().any(|role| has(*role) && (*role != VerbRole::Produces || !of_value))
                && !has(VerbRole::Sends)
        };
        let unsaid = has(VerbRole::Phrasal) && !stated.by_object || has(VerbRole::Admits);
        if text.word(i).contains(is_unspaced) || unsaid || (!stated.by_object && (row.weight < CERTAIN || open())) {
            return false;
        }
        let may = || (from..i).any(|k| text.is(k, Function::Epistemic));
        if form == Form::Past && may() && stated.facets.is_empty() {
            return false;
        }
        let index = self.lexicon.index();
        let shown = index.role(GroupRole::Shown) | index.role(GroupRole::Returned) | index.role(GroupRole::Picture);
        let aux = (from..i).rev().find(|k| text.is(*k, Function::Happens)).unwrap_or(i);
        let determined = self.is_determined(self.subject(from, aux));
        let transformed = form == Form::Past && !determined && self.is_of_transform(object);
        if (object.head | object.target) & shown != 0 || transformed {
            return false;
        }
        // `is sent to the API`: how it gets its answer.
        if has(VerbRole::Sends) && object.target & index.role(GroupRole::Machine) != 0 {
            return false;
        }
        // `Axes are added`: only to something else.
        if has(VerbRole::Arithmetic) && object.target == 0 {
            return false;
        }
        // `are marked with an asterisk`
        let marks = form != Form::Past || determined || text.is(from, Function::Tool);
        if has(VerbRole::Marks) && !(marks && (i + 1..end.min(i + 8)).any(|k| text.word(k) == "as")) {
            return false;
        }
        // `a proxy (which forwards calls)`: what stands before the bracket does it.
        if i > 0 && text.word(i - 1) == "which" && text.before(i - 1) == Break::Bracket {
            return false;
        }
        if form == Form::Past {
            // `Further calls are rejected`
            if object.head & index.role(GroupRole::Traffic) != 0 {
                return false;
            }
            return !self.is_of_others(from, i, end);
        }
        // `Der Kunde wird benachrichtigt.`, `Se notifica al cliente`
        let passive = |k: usize| text.is(k, Function::Happens) || text.is(k, Function::Reflexive);
        if row.is_foreign() && (from..i).any(passive) {
            return true;
        }
        let follows = i + 1 < end && text.before(i + 1) == Break::Space;
        let answers = text.word(i + 1) == "to" && self.is_determined(i + 2) && stated.facets.has(Facet::SendsOut);
        let named = answers || self.is_determined(i + 1) || text.is(i + 1, Function::Demonstrative);
        if !follows || !object.there {
            return false;
        }
        match form {
            // `while marking each of them`; a list of what can be done elsewhere has no articles.
            Form::Ing => {
                let alone = || {
                    text.before(i) == Break::Comma
                        && !(start..end)
                            .any(|k| k != i && text.verb(self.lexicon, k).is_some_and(|(_, form, _)| form == Form::Ing))
                };
                (named || alone()) && !(i > 0 && matches!(text.word(i - 1), "after" | "and"))
            }
            // Behind a verb that the sentence begins with: `Gets the page and archives it`, not `Streams receive it and
            // store it`.
            Form::Base => {
                (named || i == from && row.noun == Noun::Rarely)
                    && (text.base(self.lexicon, start).is_some()
                        || text.is(start, Function::Lead)
                        || (i > start && text.word(i - 1) == "we")
                        || self.is_counted(start, i))
            }
            // `renames made by users`: a plural.
            _ => named || (row.noun == Noun::Rarely && self.row_at(i + 1).is_none_or(|_| !self.is_past(i + 1))),
        }
    }

    /// Whether what the word at `i` names is said to be done by this call: `by this call`, `in the process`, `this call has
    /// removed`, `confirmation that it has been terminated`.
    pub(super) fn is_of_this_call(&self, i: usize, end: usize) -> bool {
        let text = self.text;
        let call = |k: usize| {
            text.is(k, Function::CallNoun)
                || text.verb(self.lexicon, k).is_some_and(|(verb, ..)| self.named.iter().any(|s| s.verb == verb))
        };
        let behind = (i + 1..end.min(i + 9)).take_while(|k| text.before(*k) < Break::Clause).any(|k| {
            text.is(k, Function::Circumstance)
                && text.is(k + 1, Function::CallDeterminer)
                && k + 2 < end
                && call(k + 2)
                && text.before(k + 2) == Break::Space
        });
        let handling = (i + 1..end.min(i + 9))
            .any(|k| text.word(k) == "while" && text.is(k + 1, Function::CallVerb) && call(k + 3));
        let caller = |k: usize| text.is(k, Function::Tool) && k > 0 && matches!(text.word(k - 1), "this" | "the");
        let near = i > 2 && text.before(i) == Break::Space && text.before(i - 1) == Break::Space;
        let active = near
            && ((caller(i - 1) && text.word(i - 2) == "this") || (text.is(i - 1, Function::Happened) && caller(i - 2)));
        let confirmed = || {
            let from = i.saturating_sub(8);
            text.is(i - 1, Function::Happened)
                && (from..i).any(|k| text.word(k) == "confirmation" && text.word(k + 1) == "that")
        };
        behind || handling || active || (i > 0 && confirmed())
    }

    /// `A message goes out`, `The customer receives an e-mail`: somebody is sent something.
    pub(super) fn befalls(&self, from: usize, i: usize, end: usize, form: Form) -> Option<Stated> {
        let (send, _) = self.lexicon.index().word("send").verb.filter(|_| form == Form::Third)?;
        let told = object(self.lexicon, self.text, from, i, usize::MAX);
        let what =
            object_and_target(self.lexicon, self.text, i + 1, noun_phrase(self.text, i + 1, end), end, usize::MAX);
        let stated = Stated::new(self.lexicon, send, self.text, i, 0.93).with(self.lexicon, what.union(told));
        (stated.by_object && stated.facets.has(Facet::SendsOut)).then_some(stated)
    }

    /// What an entry of a list says was done by this call, where it only tells of arguments and answers otherwise.
    pub(super) fn done_by_call(&self, start: usize, end: usize, found: &mut Vec<Stated>) {
        let text = self.text;
        for i in start + 1..end {
            let Some((verb, form, row)) = text.verb(self.lexicon, i).filter(|_| text.changes(i)) else { continue };
            // `made`, `sold`: no rule makes them.
            if form != Form::Past && !(form == Form::Base && text.word(i) != row.lemma) {
                continue;
            }
            if !self.is_of_this_call(i, end) || (start..i).any(|k| text.is(k, Function::Denies)) {
                continue;
            }
            let what = object(self.lexicon, text, start, i, usize::MAX);
            let stated = Stated::new(self.lexicon, verb, text, i, 0.93).with(self.lexicon, what);
            if stated.class > Class::Read && (row.weight >= CERTAIN_OF_CALL || stated.by_object) {
                found.push(Stated { weight: stated.weight.max(0.7), ..stated });
            }
        }
    }

    /// `Add the label to the issue.`: a sentence behind one that commands as well goes on with what the call does, unless it
    /// tells the reader how to use it.
    pub(super) fn goes_on(&self, start: usize, end: usize, one: &Stated, object: Object) -> bool {
        let text = self.text;
        // A list of uses is no list of steps, unless it is numbered.
        let item = self.is_item(start);
        let commands = if item {
            self.is_step(start)
        } else {
            text.base(self.lexicon, 0).is_some_and(|(_, row)| row.noun != Noun::Mostly)
        };
        let advises = (start..end).any(|k| {
            text.is(k, Function::Instructs)
                || matches!(text.word(k), "your" | "always")
                || text.is(k, Function::Condition)
                || (text.is(k, Function::Tool) && !text.is(k, Function::OwnPronoun))
                || self.is_identifier(k) && k < start + 2
                || text.is(k, Function::Usage)
        });
        commands
            && one.at == start
            && text.base(self.lexicon, start).is_some()
            && !advises
            && self.is_presumed((0, start, end), one.at, Form::Base, one, object)
    }

    /// `3) write a row into the sheet`: a step that is counted inside a sentence.
    pub(super) fn is_counted(&self, start: usize, i: usize) -> bool {
        let text = self.text;
        i > start
            && text.before(i) == Break::Bracket
            && text.word(i - 1).bytes().all(|b| b.is_ascii_digit())
            && text.before(i - 1) != Break::Bracket
    }

    /// `are dropped from the rule set`: taken out of something that is not the answer.
    pub(super) fn is_taken_out(&self, i: usize, object: Object) -> bool {
        let text = self.text;
        let index = self.lexicon.index();
        let shown = index.role(GroupRole::Shown) | index.role(GroupRole::Returned) | index.role(GroupRole::Answer);
        text.word(i + 1) == "from"
            && self.is_determined(i + 2)
            && object.target & shown == 0
            && !self.is_of_transform(object)
    }

    /// Whether a sentence is a numbered step.
    fn is_step(&self, start: usize) -> bool {
        let before = self.raw.get(..self.text.span(start).start).unwrap_or_default().trim_end();
        let number = before.trim_end_matches(['.', ')', ':']);
        number.len() < before.len() && number.ends_with(|c: char| c.is_ascii_digit())
    }

    /// Where the subject of a clause begins: behind `after which`, `in addition`, `and then`.
    pub(super) fn subject(&self, from: usize, aux: usize) -> usize {
        let text = self.text;
        let leads = |k: usize| {
            text.is(k, Function::Preposition)
                || text.is(k, Function::And)
                || text.is(k, Function::Also)
                || text.is(k, Function::Condition)
                || text.is(k, Function::Relative)
        };
        (from..aux).find(|k| !leads(*k)).unwrap_or(from)
    }

    fn is_past(&self, i: usize) -> bool {
        let text = self.text;
        // `made`, `sold`: no rule makes them.
        text.verb(self.lexicon, i).is_some_and(|(_, form, row)| {
            form == Form::Past || (form == Form::Base && text.word(i) != row.lemma && !row.is_foreign())
        })
    }

    /// Whether the tool turns what it is given into another form, and `object` is nothing that is stored: `Formats a text.
    /// Double spaces are removed.`
    pub(super) fn is_of_transform(&self, object: Object) -> bool {
        let index = self.lexicon.index();
        let kept = index.role(GroupRole::Stored) | index.role(GroupRole::Private) | index.role(GroupRole::Permission);
        let transforms = |verb| self.row(verb).roles.contains(VerbRole::Transforms);
        (object.any | object.target) & kept == 0
            && (self.named.iter().any(|s| transforms(s.verb))
                || (!self.note && self.text.verb(self.lexicon, 0).is_some_and(|(verb, ..)| transforms(verb))))
    }

    /// Whether what the participle at `i` says happens does so at other times or by somebody else: `daily`, `by the
    /// provider`, `when a user signs up`; or only describes: `are saved views`, `is complete`, `check that it is set`.
    fn is_of_others(&self, from: usize, i: usize, end: usize) -> bool {
        let text = self.text;
        let infinitive = self.note && i > 0 && (text.word(i - 1) == "to" || text.is(i - 1, Function::Happens));
        if infinitive {
            return (i + 1..end).take_while(|k| text.before(*k) < Break::Clause).any(|k| self.is_period(k));
        }
        if text.verb(self.lexicon, i).is_some_and(|(_, form, row)| form == Form::Base && !row.is_foreign()) {
            return true;
        }
        let ends = i + 1 >= end
            || text.before(i + 1) > Break::Space
            || text.is(i + 1, Function::Preposition)
            || text.is(i + 1, Function::And)
            || text.is(i + 1, Function::Also)
            || text.is(i + 1, Function::Condition)
            || text.is(i + 1, Function::Reader)
            || self.is_determined(i + 1)
            || text.is(i + 1, Function::Adverbial)
            || text.word(i + 1).ends_with("ly");
        let aux = (from..i).rev().find(|k| text.is(*k, Function::Happens)).unwrap_or(i);
        // `To make later checks quicker, the key is appended`
        let from = if text.word(from) == "to" {
            (from + 1..aux).rev().find(|k| text.before(*k) == Break::Comma).unwrap_or(from)
        } else {
            from
        };
        let told = (self.subject(from, aux)..aux).any(|k| {
            text.verb(self.lexicon, k)
                .is_some_and(|(_, form, row)| matches!(form, Form::Base | Form::Third) && row.noun == Noun::Rarely)
        });
        // `The release is rolled back if it fails`: the one that is spoken of.
        let subject = self.subject(from, aux);
        let known = text.is(subject, Function::Definite) || text.word(subject) == "this";
        !ends || told || self.is_at_other_times(i, end, known)
    }

    /// Whether what stands behind the participle at `i` says that it happens at other times or by somebody else's doing.
    pub(super) fn is_at_other_times(&self, i: usize, end: usize, known: bool) -> bool {
        let text = self.text;
        let mut rest = (i + 1..end).take_while(|k| text.before(*k) < Break::Clause);
        rest.any(|k| {
            let by = text.word(k) == "by"
                && !text.is(k + 1, Function::Tool)
                && !text.is(k + 2, Function::Tool)
                && self.row_at(k + 1).is_none();
            let case = text.is(k, Function::Case);
            by || (case && !known) || self.is_period(k)
        })
    }

    /// Whether the word at `k` begins a time that is not that of the call: `daily`, `every minute`, `after 30 days`, `for a
    /// week`, `in version 3`.
    pub(super) fn is_period(&self, k: usize) -> bool {
        let text = self.text;
        let number = |k: usize| {
            text.word(k).bytes().all(|b| b.is_ascii_digit()) && !text.word(k).is_empty()
                || text.is(k, Function::Numeral)
        };
        let unit = |k: usize| text.is(k, Function::TimeUnit);
        match text.word(k) {
            "every" | "each" | "per" => unit(k + 1),
            "after" | "for" | "within" | "at" => number(k + 1) || unit(k + 1) || unit(k + 2),
            "in" => {
                text.is(k + 1, Function::Release)
                    || matches!(text.word(k + 1), "v2" | "v3" | "v4")
                    || (k + 2..k + 5)
                        .any(|m| text.is(m, Function::Release) || matches!(text.word(m), "versions" | "releases"))
            }
            _ => text.is(k, Function::Frequency),
        }
    }
}
