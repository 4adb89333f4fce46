//! Sentences behind the first and clauses beside the main one: what they say that the same call does.

use std::cell::LazyCell;

use super::Parser;
use crate::classify::stated::{Object, Stated, noun_phrase, object, object_and_target};
use crate::lexicon::{Form, Function, GroupRole, GroupSet, Noun, VerbRole};
use crate::risk::{Class, Facet};
use crate::words::{Break, is_unspaced};

impl Parser<'_> {
    /// A sentence behind the first: it counts where it says in the third person, of the tool or with
    /// `also` and the like, that the same call does more.
    pub(super) fn later(&self, start: usize, end: usize, labelled: bool, found: &mut Vec<Stated>) {
        let text = self.text;
        if text.is(start, Function::Condition) && !text.is(start, Function::After) {
            // The main clause behind it is one of the other clauses.
            return;
        }
        // `Adding to the list is not possible through this API.`
        let impossible = (start..end).any(|k| {
            text.is(k, Function::Denies)
                && (text.is(k + 1, Function::Possible) || matches!(text.word(k + 1), "allowed" | "offered"))
        });
        if impossible {
            return;
        }
        // `To delete an e-mail, add the label`: how the reader does it.
        if text.word(start) == "to" {
            return;
        }
        // `Call it in order to wipe the data`: what this tool is for.
        let calls = text.is(start, Function::Invokes) && text.is(start + 1, Function::OwnPronoun);
        if calls
            && let Some(to) = (start + 2..end.min(start + 9)).find(|k| text.word(*k) == "to")
            && let Some((verb, _)) = text.base(self.lexicon, to + 1)
        {
            let own = object(self.lexicon, text, to + 2, noun_phrase(text, to + 2, end), usize::MAX);
            let stated = Stated::new(self.lexicon, verb, text, to + 1, 0.9).with(self.lexicon, own);
            if stated.class == Class::Destructive && self.row(verb).noun == Noun::Rarely {
                found.push(stated);
            }
        }
        let Some((stated, object)) = self.main(start, end, true) else { return };
        let Some(head) = stated.first().copied() else { return };
        // `Removal of members needs a role`; `Side effect: removal of the rows`
        if !labelled && text.verb(self.lexicon, head.at).is_some_and(|(_, form, _)| form == Form::Noun) {
            return;
        }
        let index = self.lexicon.index();
        let kept = index.role(GroupRole::Stored) | index.role(GroupRole::Private);
        let of_value = object.any & kept != 0;
        if text.is(head.at, Function::Aside) && head.class < Class::Destructive {
            return;
        }
        if text.word(head.at).contains(is_unspaced) {
            if !self.is_item(start) {
                // `更新记录的状态字段。`: what a sentence begins with.
                let begins = text.span(start).start;
                let counts = |s: &Stated| {
                    let rest = self.raw.get(s.span.end..).unwrap_or_default();
                    let does = rest.starts_with("します") || rest.starts_with("する");
                    s.class == Class::Destructive
                        || (s.class == Class::Write && (s.span.start == begins || does) && s.weight >= 0.8)
                };
                found.extend(stated.into_iter().filter(counts));
            }
            return;
        }
        let form = text.verb(self.lexicon, head.at).map(|(_, form, _)| form);
        let lead = || start..head.at;
        let also = lead().any(|i| text.is(i, Function::Also));
        let others = lead().any(|i| text.is(i, Function::Outsider) || (text.is(i, Function::Agent) && !also));
        let enabled = lead().any(|i| text.is(i, Function::Lets) || matches!(text.word(i), "allow" | "let" | "helps"));
        if others && !enabled {
            return;
        }
        let modal = text.is(start, Function::Modal);
        let job = lead().any(|i| text.is(i, Function::Purpose));
        let of_tool = enabled || modal || job || lead().any(|i| text.is(i, Function::Tool));
        let reader = (start..end).any(|i| text.is(i, Function::Reader));
        let determined = self.is_determined(head.at + 1);
        let universal = text.is(head.at + 1, Function::Universal);
        for one in stated {
            let row = self.row(one.verb);
            let only_verb = row.noun == Noun::Rarely;
            let counts = match form {
                Some(form) if form == Form::Third || row.is_foreign() => {
                    (one.class == Class::Destructive && (only_verb || determined || one.by_object))
                        || (one.class == Class::Write
                            && (row.weight >= 0.85 || one.by_object || (!one.facets.is_empty() && row.weight >= 0.6))
                            && (only_verb || determined || (one.by_object && !one.facets.is_empty()))
                            && (!row.roles.contains(VerbRole::Produces) || !one.facets.is_empty() || of_value)
                            && (!self.is_item(start)
                                || self.is_presumed((start, start, end), one.at, Form::Third, &one, object)))
                        || (form == Form::Third
                            && one.class == Class::Write
                            && self.is_presumed((start, start, end), one.at, Form::Third, &one, object))
                }
                _ if one.class == Class::Write && self.goes_on(start, end, &one, object) => true,
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
    pub(super) fn is_determined(&self, i: usize) -> bool {
        self.text.is(i, Function::Determiner)
    }

    /// Destructive verbs of other clauses: what happens, what is done besides. `told` is what the sentence or the one before
    /// speaks of.
    pub(super) fn other_clauses(&self, start: usize, end: usize, listing: bool, told: Object, found: &mut Vec<Stated>) {
        let text = self.text;
        // What is told as a side effect is done, whatever it is.
        let aside = || {
            let sentence = (1..=start).rev().find(|k| text.before(*k) >= Break::Sentence).unwrap_or(0);
            (sentence..end).any(|k| {
                matches!(text.word(k), "side-effect" | "side-effects")
                    || (text.word(k) == "side" && text.word(k + 1).starts_with("effect"))
            })
        };
        for i in start..end {
            if !text.changes(i) || text.quoted(i) {
                continue;
            }
            let Some((verb, form, row)) = text.verb(self.lexicon, i) else { continue };
            // `Adding and removing is not possible.`
            let impossible = form == Form::Ing
                && (i + 1..end).any(|k| text.is(k, Function::Denies) && text.is(k + 1, Function::Possible));
            if impossible {
                continue;
            }
            let changes = row.may_change();
            // Forms of other languages are not told apart; `the code is run`, `the table is cut`: a participle like the base.
            let stated_form = form;
            let form = match form {
                Form::Base if row.is_foreign() => Form::Third,
                Form::Base if i > start && text.is(i - 1, Function::Happens) => Form::Past,
                form => form,
            };
            // Most verbs in their base form are the reader's.
            let made = form == Form::Base && self.is_made_to(start, i);
            // `Causes a reboot of the router`
            let caused = form == Form::Base
                && text.word(i + 1) == "of"
                && self.is_determined(i.wrapping_sub(1))
                && self.is_caused(start, i);
            // `We register a webhook`: who offers the tool does it.
            let ours = i > start && text.word(i - 1) == "we";
            let joins =
                form == Form::Base && (made || caused || ours || self.joins(start, i) || self.is_counted(start, i));
            if form == Form::Base && !joins && !(start..i).any(|k| self.is_future(k)) {
                continue;
            }
            let from = self.subject_clause(start, i, stated_form);
            let subject = LazyCell::new(|| self.subject(from, i));
            // `Does not ask before deleting`
            let unasked = row.class == Class::Destructive && self.is_unasked(start, i);
            let of_call = LazyCell::new(|| matches!(form, Form::Past | Form::Noun) && self.is_of_this_call(i, end));
            let stands = match form {
                _ if unasked => true,
                // `Side effect: deletion of the file`
                Form::Noun => self.is_caused(from, i) || aside(),
                // `…, having wiped the store`
                Form::Past => self.happens(from, i) || (i > start && text.word(i - 1) == "having"),
                Form::Third => self.does(from, i),
                // `Purging of the queue takes place`
                Form::Ing => self.besides(i) || (text.word(i + 1) == "of" && self.is_caused(from, i)),
                Form::Base => joins || self.will(from, i),
                Form::Agent => false,
            };
            let held = || {
                let conditional = !made && !*of_call && self.is_conditional(from, i, form);
                unasked || !(conditional || self.is_denied(start, from, i, form))
            };
            if !(stands || *of_call) || self.is_void(i) || !held() {
                continue;
            }
            if row.roles.contains(VerbRole::Befalls) {
                found.extend(self.befalls(from, i, end, form).filter(|_| !listing));
                continue;
            }
            if caused && stated_form == Form::Base {
                let what = object(self.lexicon, text, i + 2, noun_phrase(text, i + 2, end), usize::MAX);
                let stated = Stated::new(self.lexicon, verb, text, i, 0.93).with(self.lexicon, what);
                if stated.class > Class::Read && (row.weight >= 0.8 || stated.by_object) && !listing {
                    found.push(stated);
                }
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
                // `termination of the instance`
                let of = matches!(form, Form::Noun | Form::Ing) && text.word(i + 1) == "of";
                let begins = i + 1 + usize::from(of);
                let object_end = noun_phrase(text, begins, end);
                object_and_target(self.lexicon, text, begins, object_end, end, usize::MAX)
            };
            let target = Object { target: self.target(i + 1, end), ..object };
            let bare = Stated::new(self.lexicon, verb, text, i, 0.93);
            let mut stated = bare.with(self.lexicon, target);
            // `Checks SQL by running it`: what the sentence speaks of, where that is worse and nothing else settles it.
            if text.is(i + 1, Function::ObjectPronoun) && form != Form::Past && !stated.by_object {
                let same = bare.with(self.lexicon, told);
                if same.class > stated.class {
                    stated = same;
                }
            }
            let stated = self.for_good(stated, end);
            let runs = stated.facets.has(Facet::RunsCode);
            // `Columns are dropped`, `the text is truncated`: only of what is stored it is a loss.
            let index = self.lexicon.index();
            let stored = index.role(GroupRole::Stored) | index.role(GroupRole::Private);
            let cuts = row.roles.contains(VerbRole::Cuts)
                && (target.any | target.target) & stored == 0
                && !(*of_call || aside() || self.is_taken_out(i, target));
            let may = form == Form::Past && (from..i).any(|k| text.is(k, Function::Epistemic));
            if may && stated.class < Class::Destructive && stated.facets.is_empty() {
                continue;
            }
            // `The query is executed`: what runs something counts where that is a program.
            let pays = stated.facets.has(Facet::MovesMoney) && !row.facets.contains(&Facet::StartsProcess);
            let opens = row.roles.contains(VerbRole::Runs) && !runs && !pays;
            // `Files are deleted after 30 days`, `Double spaces are removed` by what formats a text
            let later = form == Form::Past
                && (i + 1..end).take_while(|k| text.before(*k) < Break::Clause).any(|k| self.is_period(k));
            let shown = form == Form::Past
                && !row.is_foreign()
                && !self.is_determined(*subject)
                && self.is_of_transform(target);
            let harmless = later || (shown && !runs);
            if stated.class == Class::Destructive {
                let left =
                    cuts || opens || harmless || (may && row.roles.contains(VerbRole::Cuts)) || (listing && runs);
                if stated.weight >= 0.65 && !left {
                    found.push(stated);
                }
                // `The counter is reset.`: whatever it is, something is changed.
                else if cuts
                    && !opens
                    && !harmless
                    && !listing
                    && self.is_determined(*subject)
                    && form == Form::Past
                    && row.class == Class::Destructive
                    && row.noun == Noun::Often
                    && self.is_presumed((start, from, end), i, form, &Stated { by_object: true, ..stated }, target)
                {
                    found.push(Stated { class: Class::Write, by_object: true, ..stated });
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
            } else if changes
                && stated.class == Class::Write
                && !listing
                && (aside()
                    || *of_call
                    || self.is_besides(from, i, form, &stated)
                    // `… or automatically send a message`
                    || (form == Form::Base && stated.by_object && stated.facets.has(Facet::SendsOut))
                    || self.is_presumed((start, from, end), i, form, &stated, target))
            {
                found.push(stated);
            }
        }
    }

    /// Whether a verb that changes something is said to be done besides: `is then created`, `It also sends`.
    pub(super) fn is_besides(&self, from: usize, i: usize, form: Form, stated: &Stated) -> bool {
        let text = self.text;
        let how = |k: usize| text.is(k, Function::Immediate) || text.word(k) == "instantly";
        let also = (from..i).any(|k| text.is(k, Function::Also) && !how(k));
        let certain = self.row_at(i).is_some_and(|row| row.weight >= 0.85);
        let sends = self.row_at(i).is_some_and(|row| row.roles.contains(VerbRole::Sends));
        let grave = (stated.by_object && (stated.facets.has(Facet::SendsOut) || stated.facets.has(Facet::Permissions)))
            || (sends && also);
        let process = self.lexicon.index().role(GroupRole::Process);
        let subject = object(self.lexicon, text, from, i, usize::MAX);
        if form == Form::Past && stated.facets.has(Facet::StartsProcess) && subject.any & process != 0 {
            return true;
        }
        // `The user's profile is updated.`
        let index = self.lexicon.index();
        let lasting =
            index.role(GroupRole::Stored) | index.role(GroupRole::Private) | index.role(GroupRole::Permission);
        let state = text.word(i + 1) == "to" && i > 1 && text.is(i - 2, Function::StateNoun);
        let stored = subject.any & lasting != 0 || state;
        let whole = self.is_determined(from) && text.before(from) >= Break::Sentence;
        let plain = self.row_at(i).is_some_and(|row| row.weight >= 0.9 && !row.roles.contains(VerbRole::Produces));
        if form == Form::Past && stored && whole && plain && text.is(i - 1, Function::PassiveAuxiliary) {
            return true;
        }
        // `The result is uploaded to our server`, `It is forwarded to the police`: it leaves, and not to the caller.
        let row = self.row_at(i);
        let leaves = row.is_some_and(|row| {
            row.weight >= 0.7 && (row.roles.contains(VerbRole::Sends) || row.roles.contains(VerbRole::Publishes))
        });
        let own = || matches!(text.word(i + 2), "our" | "my");
        let to = || {
            matches!(text.word(i + 1), "to" | "on" | "with")
                && !(i + 2..text.len().min(i + 5))
                    .any(|k| text.is(k, Function::Reader) || text.is(k, Function::Recipient))
                && (own() || self.target(i + 1, text.len()) & index.role(GroupRole::Machine) == 0)
        };
        let now = || i > 0 && (text.is(i - 1, Function::PassiveAuxiliary) || text.word(i - 1) == "gets");
        if form == Form::Past && leaves && now() && to() && text.before(i + 1) == Break::Space {
            return true;
        }
        // `The node is drained and rebooted.`: something that runs is stopped or started.
        let runs = row.is_some_and(|row| {
            row.facets.contains(&Facet::StartsProcess) && row.noun == Noun::Rarely && row.weight >= 0.85
        });
        let begins = || self.is_determined(from) && text.before(from) >= Break::Clause;
        if form == Form::Past && runs && begins() && i + 1 < text.len() && text.before(i + 1) >= Break::Sentence {
            return true;
        }
        // `A new record is created.`
        let made = self.row_at(i).is_some_and(|row| row.weight >= 0.85 || stated.by_object)
            && text.is(from, Function::Indefinite)
            && text.word(from + 1) == "new";
        if form == Form::Past
            && made
            && text.before(from) >= Break::Sentence
            && !self.is_at_other_times(i, text.len(), false)
        {
            return true;
        }
        // `…, updating the stored profile`, `…, locking it for others`
        let certain = certain && self.row_at(i).is_some_and(|row| !row.roles.contains(VerbRole::Produces));
        if form == Form::Ing && certain {
            let index = self.lexicon.index();
            let kept = index.role(GroupRole::Stored) | index.role(GroupRole::Private);
            let own = object(self.lexicon, text, i + 1, noun_phrase(text, i + 1, text.len()), usize::MAX);
            let stored = own.any & kept != 0 || text.is(i + 1, Function::ObjectPronoun);
            // `by sending them an e-mail`
            let sends =
                self.row_at(i).is_some_and(|row| row.roles.contains(VerbRole::Sends)) && self.is_determined(i + 1);
            let behind = matches!(text.word(i - 1), "after" | "by");
            return (stored && (text.before(i) == Break::Comma || text.word(i - 1) == "after"))
                || (sends && (text.before(i) == Break::Comma || behind));
        }
        matches!(form, Form::Past | Form::Third) && ((also && (certain || grave)) || (grave && form == Form::Past))
    }

    /// Groups of what follows `to`, `from` or `into` behind the verb.
    pub(super) fn target(&self, from: usize, end: usize) -> GroupSet {
        object_and_target(self.lexicon, self.text, from, from, end, usize::MAX).target
    }
}
