//! Whether a clause states its verb of the call: by its form, its subject and what stands around it.

use super::Parser;
use crate::lexicon::{Form, Function, Noun, Verb, VerbRole};
use crate::risk::Class;
use crate::words::Break;

impl Parser<'_> {
    /// Where the clause of the word at `i` begins: behind the last comma or break, `but` or `then`.
    pub(super) fn clause(&self, start: usize, i: usize) -> usize {
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
    pub(super) fn subject_clause(&self, start: usize, i: usize, form: Form) -> usize {
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
            || (last > start && text.is(last - 1, Function::Happens) && text.verb(self.lexicon, last).is_some())
            || text.verb(self.lexicon, last).is_some_and(|(_, form, _)| form == Form::Past);
        let before = self.clause(start, last);
        let happens = (before..last).any(|k| text.is(k, Function::Happens));
        if participle && happens { before } else { from }
    }

    /// `are then deleted`, `will be removed`: a participle that says what happens.
    pub(super) fn happens(&self, from: usize, i: usize) -> bool {
        let text = self.text;
        // `wird der Kunde aus der Datenbank gelöscht`: other languages put more between.
        let reach = if self.row_at(i).is_some_and(Verb::is_foreign) { 10 } else { 5 };
        let lowest = from.max(i.saturating_sub(reach));
        // `Unknown samples get submitted`
        let is_got = |k: usize| text.word(k) == "get" && k + 1 == i;
        let Some(at) =
            (lowest..i).rev().find(|k| text.is(*k, Function::Happens) || text.is(*k, Function::Happened) || is_got(*k))
        else {
            // `the account will be closed and its data deleted`
            let short = i - from <= 4 && from > 1 && text.word(from - 1) == "and" && self.is_determined(from);
            return short
                && (from.saturating_sub(6)..from - 1).any(|k| {
                    text.is(k, Function::Happens)
                        && text.verb(self.lexicon, k + 1).is_some_and(|(_, form, _)| form == Form::Past)
                });
        };
        // `causes the originals to be deleted`, `are going to be lost`: what is made to happen does.
        let made = |k: usize| text.is(k, Function::Causes) || text.word(k) == "going";
        let infinitive = at > 0 && text.word(at) == "be" && text.word(at - 1) == "to" && !(from..at).any(made);
        // `Messages that have been read are deleted`: a relative clause before has its own time.
        let closed = at > from && text.verb(self.lexicon, at - 1).is_some();
        if !(text.is(at, Function::Happens) || is_got(at))
            || infinitive
            || (!closed && (from..at).any(|k| text.is(k, Function::Happened)))
        {
            return false;
        }
        // `This tool will be removed`: the tool itself, in a later version.
        // `If a row is stale, it is removed`: what the condition speaks of.
        let begins = (1..=from).rev().find(|k| text.before(*k) >= Break::Sentence).unwrap_or(0);
        let it = begins < from && text.is(begins, Function::Condition) && matches!(text.word(from), "it" | "they");
        let tool = |k: usize| text.is(k, Function::Tool) || text.is(k, Function::SubjectLead);
        let sends = || self.row_at(i).is_some_and(|row| row.roles.contains(VerbRole::Sends));
        // `It is then approved.`
        // `It will be removed`, `It is deprecated` may speak of the tool.
        let now = || {
            matches!(text.word(at), "is" | "gets")
                && self.row_at(i).is_some_and(|row| !row.roles.contains(VerbRole::Admits))
        };
        if !it && (from..at).all(tool) && !(text.word(from) == "it" && at == from + 1 && (sends() || now())) {
            return false;
        }
        // `Backups are deleted by the provider`: somebody else's doing.
        let end =
            (i + 1..text.len().min(i + 12)).find(|k| text.before(*k) >= Break::Comma).unwrap_or(text.len().min(i + 12));
        let by = (i + 1..end).find(|k| text.word(*k) == "by");
        if by.is_some_and(|b| (b + 1..end.min(b + 4)).any(|k| text.is(k, Function::Agent))) {
            return false;
        }
        // `Payments are made with `transfer_funds``: another tool's doing.
        let with = (i + 1..text.len().min(i + 3)).find(|k| text.is(*k, Function::Instrument));
        if with.is_some_and(|w| (w + 1..text.len().min(w + 3)).any(|k| self.is_identifier(k))) {
            return false;
        }
        // Something must be what it happens to, in this clause: `All records are erased`.
        let foreign = self.row_at(i).is_some_and(Verb::is_foreign);
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
        between && at > from && !(from..at).any(|k| matches!(text.word(k), "could" | "can" | "must"))
    }

    /// `triggers the erasure of`: a noun behind what makes it happen.
    pub(super) fn is_caused(&self, from: usize, i: usize) -> bool {
        let near = from.max(i.saturating_sub(6))..i;
        // `The result includes deletions`: data.
        let lists = (i + 1..self.text.len().min(i + 2)).any(|k| self.text.before(k) == Break::Comma);
        let data = (from..i).any(|k| self.text.is(k, Function::AnswerNoun));
        // `Deletion of the source follows`
        let text = self.text;
        let rest = || (i + 1..text.len().min(i + 9)).take_while(|k| text.before(*k) < Break::Sentence);
        let follows = || {
            rest().find(|k| text.is(*k, Function::Occurs)).is_some_and(|at| {
                let later = text.is(at + 1, Function::Temporal);
                !later && (from..i).all(|k| self.is_determined(k) || text.is(k, Function::Also))
            })
        };
        // `Purging of the queue takes place`, `Part of this is the removal of the file`
        let takes_place = || rest().any(|k| text.word(k) == "takes" && text.word(k + 1) == "place");
        let part = || {
            i > from + 2
                && text.word(i - 1) == "the"
                && text.is(i - 2, Function::Happens)
                && (from..i - 2).any(|k| text.is(k, Function::Tool))
        };
        (near.clone().any(|k| self.text.is(k, Function::Causes)) || follows() || takes_place() || part())
            && !(lists && data)
            && !near.clone().any(|k| {
                let allows = matches!(self.text.word(k.wrapping_sub(1)), "allows" | "allow");
                let away = matches!(self.text.word(k), "for" | "about" | "status") && !allows;
                self.text.quoted(k) || away
            })
    }

    /// `…, which deletes`, `and deletes the source`, `It also purges`.
    pub(super) fn does(&self, from: usize, i: usize) -> bool {
        let text = self.text;
        // The word before the verb, but for adverbs and leads that are not names: the subject's last.
        let adverb = |k: usize| {
            text.is(k, Function::Also) || text.word(k).ends_with("ly") || matches!(text.word(k), "can" | "may" | "does")
        };
        let mut k = i;
        let mut also = false;
        while k > from && adverb(k - 1) {
            k -= 1;
            also |= text.is(k, Function::Also) && !text.is(k, Function::Immediate);
        }
        let determined = self.row_at(i).is_some_and(|row| row.noun == Noun::Rarely) || text.is(i + 1, Function::Object);
        // `phase, restarts and age`: an entry of a list.
        let verb_behind = self.row_at(i + 2).is_some() && text.word(i + 2).ends_with('s');
        let entry = k == from
            && text.before(i) == Break::Comma
            && (text.is(i + 1, Function::And) && !verb_behind
                || i + 1 >= text.len()
                || text.before(i + 1) >= Break::Comma);
        if entry {
            return false;
        }
        if k == from {
            // The clause begins with it: `…, then deletes it`; not what is told of another tool in brackets.
            let of_other = from > 0 && self.is_identifier(from - 1) && text.before(from) == Break::Bracket;
            return determined && (from > 0 || i > from) && !of_other;
        }
        let before = k - 1;
        let which_other = text.word(before) == "which" && before > 0 && self.is_identifier(before - 1);
        // `and after that deletes it`
        if before > from && text.word(before) == "that" && text.word(before - 1) == "after" {
            return determined;
        }
        // `| rm | removes the entry |`: the row of a value in a table.
        let in_table = text.before(i) == Break::Slash
            && self.raw.get(text.span(before).end..text.span(i).start).is_some_and(|between| between.contains('|'));
        if in_table {
            return determined;
        }
        // `'on' wipes the volume`, `1 deletes all`: a value, in an argument's description.
        let ticked = self.raw.get(..text.span(before).start).is_some_and(|b| b.ends_with(['\'', '"', '`', '‘', '“']));
        let value = (self.note || before == from)
            && (text.quoted(before)
                || ticked
                || text.word(before) == "null"
                || text.word(before).bytes().all(|b| b.is_ascii_digit()))
            && !text.word(before).contains('_');
        if value {
            return true;
        }
        // `se eliminan`, `luego los elimina`, `wird die Tabelle entfernt`
        let foreign = self.row_at(i).is_some_and(Verb::is_foreign);
        let object = text.is(before, Function::Clitic);
        let happens = (from..i).any(|k| matches!(text.word(k), "wird" | "werden"));
        // `Отправляется письмо`: the passive of Russian.
        let reflexive = text.word(i).ends_with("ся");
        if foreign && (object || happens || reflexive) {
            return true;
        }
        // `Reading a message removes it`: the call is the subject.
        let own = |verb| self.named.iter().any(|s| s.verb == verb);
        let gerund = (text.verb(self.lexicon, from).is_some_and(|(verb, form, _)| {
            // `Fetch it once: fetching removes it`
            form == Form::Ing && (from == 0 || text.before(from) >= Break::Sentence || own(verb))
        }) || (text.is(from, Function::Tool) && text.word(from).ends_with("ing")))
            && (from == 0 || text.before(from) >= Break::Clause)
            && (from + 1..i).all(|k| text.verb(self.lexicon, k).is_none_or(|(_, form, _)| form != Form::Third))
            && i < from + 8;
        if gerund && determined {
            return true;
        }
        // `An e-mail goes out to each of them`, `Every lead receives a message`: whoever it is said of.
        let befalls = self.row_at(i).is_some_and(|row| row.roles.contains(VerbRole::Befalls));
        if befalls && self.is_determined(from) && text.before(from) >= Break::Comma {
            return true;
        }
        // `On success, the server deletes the source`: what answers the call does it, at no other time.
        let answers = text.is(before, Function::Backend)
            && before > from
            && self.is_determined(before - 1)
            && self.is_determined(i + 1)
            && self.row_at(i).is_some_and(|row| row.class == Class::Destructive)
            && !(i + 1..text.len()).take_while(|k| text.before(*k) < Break::Sentence).any(|k| {
                // `… once it has been delivered`: the call does that.
                let then = matches!(text.word(k), "once" | "after")
                    && (k + 1..text.len().min(k + 4)).any(|m| text.is(m, Function::Happened));
                !then && (text.is(k, Function::Condition) || matches!(text.word(k), "after" | "every" | "daily"))
            });
        // `Each access adds an entry`
        let each = matches!(text.word(from), "each" | "every") && i == from + 2 && before == from + 1;
        let subject = answers
            || each
            || text.is(before, Function::Tool)
            || (text.is(before, Function::Agent) && also)
            || text.is(before, Function::And)
            || (text.word(before) == "that"
                && text.is(
                    (1..=before).rev().find(|m| text.before(*m) >= Break::Sentence).unwrap_or(0),
                    Function::Causes,
                ))
            || (text.word(before) == "which" && text.before(before) >= Break::Comma);
        subject && (determined || text.is(before, Function::Tool)) && !text.quoted(before) && !which_other
    }

    pub(super) fn row_at(&self, i: usize) -> Option<&Verb> {
        self.text.verb(self.lexicon, i).map(|(_, _, row)| row)
    }

    /// `…, removing the source`, `by deleting`, `and erasing it`.
    pub(super) fn besides(&self, i: usize) -> bool {
        let text = self.text;
        // `Covers topics such as installing and removing packages`: what is written about.
        let begins = (1..=i).rev().find(|k| text.before(*k) >= Break::Sentence).unwrap_or(0);
        let written = |k: usize| text.is(k, Function::Writing);
        let about = |k: usize| text.is(k, Function::About);
        // `installing it, configuring it`: a list of what there is.
        let ing = |k: usize| text.verb(self.lexicon, k).is_some_and(|(_, form, _)| form == Form::Ing);
        let listed = (begins..i).any(|k| ing(k) && text.before(k) >= Break::Clause);
        let apart = text.before(i) == Break::Comma && self.is_determined(i + 1) && !listed;
        if !apart && (begins..i).any(|k| written(k) && about(k + 1)) {
            return false;
        }
        let before = text.before(i);
        // An object must follow: `for viewing, deleting, …` only lists.
        let object = i + 1 < text.len()
            && text.before(i + 1) == Break::Space
            && !text.is(i + 1, Function::Preposition)
            && !text.is(i + 1, Function::And);
        let able = i > 0
            && (text.is(i - 1, Function::Capable) || matches!(text.word(i - 1), "support" | "includes" | "involves"));
        let effect = i > 1 && text.word(i - 1) == "of" && text.is(i - 2, Function::Consequence);
        if (able || effect) && object {
            return true;
        }
        // `Supports viewing, editing, deleting.`
        let mut first = i;
        while first > begins + 1
            && (text.is(first - 1, Function::And)
                || text.verb(self.lexicon, first - 1).is_some_and(|(_, form, _)| form == Form::Ing))
        {
            first -= 1;
        }
        let listed = first < i
            && (first + 1..=i).all(|k| text.before(k) <= Break::Comma)
            && (text.is(first - 1, Function::Capable) || matches!(text.word(first - 1), "offers" | "handles"));
        if listed {
            return true;
        }
        let behind = i > 0 && (text.is(i - 1, Function::Manner) || text.is(i - 1, Function::Also));
        // `Replies with a count after purging the queue`
        let from = (1..=i).rev().find(|k| text.before(*k) >= Break::Sentence).unwrap_or(0);
        let after = i > from + 1
            && text.word(i - 1) == "after"
            && text.verb(self.lexicon, from).is_some_and(|(_, form, _)| matches!(form, Form::Third | Form::Base))
            && !text.is(from, Function::Reader);
        let behind = behind || after;
        let and = i > 0 && text.word(i - 1) == "and";
        // `(in bytes), deleting …`
        let bracketed = before == Break::Bracket
            && self.raw.get(..text.span(i).start).is_some_and(|before| before.trim_end().ends_with(','));
        let apart = matches!(before, Break::Comma | Break::Clause) || bracketed;
        object && (apart || behind || (and && i > 2))
    }

    /// `and delete it`, `then purge the queue`: joined to what the sentence says.
    pub(super) fn joins(&self, start: usize, i: usize) -> bool {
        let text = self.text;
        let object = text.is(i + 1, Function::Object) || matches!(text.word(i + 1), "each" | "those" | "everything");
        // A sentence that begins without a full stop before it.
        let begins = || i > start && text.capital(i) && self.is_determined(i + 1) && text.before(i) == Break::Space;
        // Most verbs are nouns or have another object.
        if !object && !begins() {
            return false;
        }
        let mut k = i;
        while k > start && (text.is(k - 1, Function::Also) || text.word(k - 1).ends_with("ly")) {
            k -= 1;
        }
        // `to use in tests and afterwards remove all of it`: what is done later is not what it is for.
        let then = (k..i).any(|k| text.is(k, Function::Also));
        // Of the same clause: `so that calls can omit it, then wipe the source`.
        let near = (start + 1..i).rev().find(|k| text.before(*k) >= Break::Comma).unwrap_or(start);
        let reader = (start..i).any(|k| {
            let to = text.word(k) == "to" && text.base(self.lexicon, k + 1).is_some();
            // `Add a user to a group and delete …`: only a subject is who reads, and not of what was (`you have found`).
            let subject = (k <= start && start > 0) || text.is(k, Function::Instructs) || text.word(k) == "yourself";
            (text.is(k, Function::Reader) && subject && !text.is(k + 1, Function::Happened))
                || (k >= near && ((to && !then) || matches!(text.word(k), "can" | "may")))
        });
        // `Shows who may read, write and delete a file`
        let may = |k: usize| (k..i).any(|m| text.is(m, Function::Possibility));
        if (start..i).any(|k| matches!(text.word(k), "who" | "whether") && may(k)) {
            return false;
        }
        // `Owners cancel or delete a plan on the website`: somebody else's doing.
        let others = text.plural(start)
            && text.verb(self.lexicon, start).is_none()
            && text.base(self.lexicon, start + 1).is_some()
            && start + 1 < i;
        if others {
            return false;
        }
        if begins() {
            return true;
        }
        // `Read the file; delete it`, `Find the record & delete it`
        let apart = text.base(self.lexicon, start).is_some()
            && (matches!(text.before(k), Break::Slash | Break::Comma)
                || (text.before(k) == Break::Clause
                    && self.raw.get(..text.span(k).start).is_some_and(|before| before.trim_end().ends_with(';'))));
        let joined = k > start && (matches!(text.word(k - 1), "and" | "or" | "then") || apart) || k < i;
        i > start + 1 && joined && object && !reader
    }

    /// `…, which makes it erase itself`: what the call makes something do.
    pub(super) fn is_made_to(&self, start: usize, i: usize) -> bool {
        let text = self.text;
        if !self.row_at(i).is_some_and(|row| row.may_destroy() && row.noun == Noun::Rarely) {
            return false;
        }
        let makes = |k: usize| text.is(k, Function::Causative);
        let Some(at) = (start..i).rev().take(6).find(|k| makes(*k)) else { return false };
        let to = text.is(at, Function::CausativeTo);
        let object = i - usize::from(to && text.word(i - 1) == "to");
        (!to || text.word(i - 1) == "to")
            && object > at + 1
            && (self.is_determined(at + 1) || text.word(at + 1) == "every")
            && (at + 1..object).all(|k| text.before(k) == Break::Space && !text.is(k, Function::Preposition))
    }

    /// Whether the word at `i` says that what stands behind it will be done.
    pub(super) fn is_future(&self, i: usize) -> bool {
        self.text.is(i, Function::Future)
    }

    /// `It will delete`, `this will permanently erase`.
    pub(super) fn will(&self, from: usize, i: usize) -> bool {
        let text = self.text;
        let Some(at) = (from..i).rev().find(|k| self.is_future(*k)) else { return false };
        if text.is(at, Function::Epistemic) && at == from {
            return false;
        }
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
    pub(super) fn is_conditional(&self, from: usize, i: usize, form: Form) -> bool {
        let text = self.text;
        // `Messages that have been read are deleted`: the relative clause has a verb of its own.
        let closed = |k: usize| {
            form == Form::Past
                && (text.is(k, Function::RelativePronoun) || text.word(k) == "who")
                // `the policy under which records are purged`
                && !(k > 0 && text.word(k) == "which" && text.is(k - 1, Function::Preposition))
                && (k + 1..i).rev().find(|m| text.is(*m, Function::Happens)).is_some_and(|aux| {
                    (k + 1..aux).any(|m| {
                        text.is(m, Function::Happened)
                            || text.is(m, Function::Happens)
                            || text.verb(self.lexicon, m).is_some()
                    })
                })
        };
        (from..i).any(|k| {
            // `when off they are purged`, said of a switch
            let own = self.note
                && text.is(k, Function::Condition)
                && text.is(k + 1, Function::SwitchState);
            // `If no lead matches, a new one is added`, `Without report_only they are erased`: what mostly is so.
            let mostly = (text.word(k) == "if" && text.is(k + 1, Function::Absent))
                || (text.word(k) == "without" && self.is_identifier(k + 1));
            if closed(k) || own || mostly {
                return false;
            }
            let which =
                form == Form::Third && text.word(k) == "which" && k == from && k > 0 && text.before(k) >= Break::Comma;
            (text.is(k, Function::Condition) || text.is(k, Function::Relative))
                && !which
                && !(k == from && matches!(text.word(k), "what" | "whatever" | "that") && (k == 0 || text.before(k) >= Break::Sentence))
                && !(text.word(k) == "while" && k + 3 > i)
                // `Returns a count after purging the queue`, `When called it deletes …`
                && !(text.word(k) == "after" && k + 1 == i && form == Form::Ing)
                // `Triggers a reset that wipes the data`
                && !(text.word(k) == "that"
                    && k + 1 == i
                    && form == Form::Third
                    && text.is((1..=k).rev().find(|m| text.before(*m) >= Break::Sentence).unwrap_or(0), Function::Causes))
                && !(text.word(k) == "when"
                    && text.verb(self.lexicon, k + 1).is_some_and(|(_, form, _)| form == Form::Past)
                    && text.is(k + 2, Function::Tool))
                && !(text.word(k) == "se" && k + 1 == i)
                // `Records older than that are purged`
                && !(text.word(k) == "that" && k > 0 && text.word(k - 1) == "than")
                // `After a successful export the rows are deleted`: two things are named, and the second is removed.
                && !(k == from
                    && form == Form::Past
                    && text.is(k, Function::After)
                    && (k + 3..i).any(|m| self.is_determined(m) && !text.is(m - 1, Function::Condition)))
                // `… so that it fits, by deleting the rest`
                && !(form == Form::Ing && i > 0 && k + 1 < i && text.is(i - 1, Function::Manner))
                && !(text.word(k) == "that"
                    && k > 0
                    && text.is(k - 1, Function::Content))
                // `a file whose contents are then discarded`
                && !(form == Form::Past && (k..i).any(|m| text.is(m, Function::Sequence)))
                // `When all checks are green it is merged`
                && !(form == Form::Past
                    && k == from
                    && text.is(k, Function::WhenDone)
                    && matches!(text.word(i.saturating_sub(2)), "it" | "they")
                    && text.is(i - 1, Function::Happens)
                    && (k + 1..i - 2).any(|m| text.is(m, Function::Happens) || text.verb(self.lexicon, m).is_some()))
                && !(text.word(k) == "after" && text.is(k + 1, Function::RelativePronoun))
                && !(text.word(k) == "that" && k > 0 && text.word(k - 1) == "after")
                && !(text.word(k) == "which" && k > 0 && text.word(k - 1) == "after")
                && !matches!(text.word(k), "as" | "can" | "should")
        })
    }

    /// `Deletes nothing`, `removes no records`.
    pub(super) fn is_void(&self, i: usize) -> bool {
        let text = self.text;
        // `Löscht oder überschreibt nichts`: behind the verbs that are joined to it.
        if self.row_at(i).is_some_and(Verb::is_foreign) {
            let end = (i + 1..text.len()).find(|k| text.before(*k) > Break::Slash).unwrap_or(text.len());
            return (i + 1..end).any(|k| text.is(k, Function::ForeignNoObject) || text.word(k) == "nicht");
        }
        i + 1 < text.len()
            && text.before(i + 1) == Break::Space
            && (text.is(i + 1, Function::NoObject) || text.is(i + 1, Function::ForeignNoObject))
    }

    /// `Does not ask before deleting`, `No confirmation before it deletes`: what is denied is that anybody is asked.
    pub(super) fn is_unasked(&self, start: usize, i: usize) -> bool {
        let text = self.text;
        let Some(before) = (start..i).rev().take(4).find(|k| text.word(*k) == "before") else { return false };
        (start..before)
            .any(|k| text.is(k, Function::Denies) && (k + 1..before.min(k + 5)).any(|m| text.is(m, Function::Asks)))
    }

    /// Whether something before denies it.
    pub(super) fn is_denied(&self, start: usize, from: usize, i: usize, form: Form) -> bool {
        let reach = if form == Form::Base { start } else { from };
        let denies = |k: usize| self.text.is(k, Function::Denies);
        if form == Form::Past
            && let Some(aux) = (from..i).rev().find(|k| self.text.is(*k, Function::Happens))
        {
            // `Rows that are not in the filter are deleted`: what is denied is which rows, unless the subject begins with it
            // or the verb has it.
            let begins = (from..aux).find(|k| !self.text.is(*k, Function::And)).unwrap_or(from);
            // `Without report_only they are erased`
            let left_out = self.text.word(begins) == "without" && self.is_identifier(begins + 1);
            return (denies(begins) && !left_out) || (aux..i).any(denies);
        }
        let will = (from..i).any(|k| self.text.is(k, Function::EndsDenial));
        if will { (from..i).any(denies) } else { (reach..i).any(denies) || (from..i).any(denies) }
    }
}
