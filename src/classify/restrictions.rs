//! What restricts a tool, and which claims each restriction takes back. See [`super::CLAIMS`].

use super::draft::{Claim, Draft, FIRM, ToolReadings, resting_on};
use super::phrases::{is_about_others, is_conditional, is_no_restriction, is_of_all, is_switchable, sentence_names};
use super::schema::SeenArgument;
use super::types::{Place, RuleFamily};
use crate::lexicon::{ArgumentEffect, Function, GroupRole, Noun, PhraseRole, VerbRole};
use crate::risk::{Class, Facet, Span};
use crate::words::Break;

/// Gathers restrictions; each marks the claims that it takes back.
pub(super) fn gather(draft: &mut Draft<'_>) {
    dry_run(draft);
    told_dry_run(draft);
    unexecuted(draft);
    read_only(draft);
    computes(draft);
    returned_content(draft);
    returned(draft);
}

fn restrict(draft: &mut Draft<'_>, made: Claim, lifts: impl Fn(&Draft<'_>, &Claim) -> bool) {
    let marks: Vec<bool> = draft.claims.iter().map(|c| c.class > made.class && !c.lifted && lifts(draft, c)).collect();
    for (claim, lifted) in draft.claims.iter_mut().zip(&marks) {
        claim.lifted |= lifted;
    }
    draft.restrictions.push(made);
}

/// Whether a claim of the name stands behind `and`, `or`, `then`.
fn is_joined(r: &ToolReadings<'_>, c: &Claim) -> bool {
    r.name.stated.iter().any(|s| {
        s.span == c.span && (r.name.prefix + 1..s.at).any(|i| r.words.is(i, Function::And) && r.words.word(i).len() > 1)
    })
}

/// `dry_run` in the name, or `preview` as its own verb.
fn dry_run(draft: &mut Draft<'_>) {
    let r = draft.r;
    for (rule, at, count) in &r.name.modifiers {
        let row = &r.lexicon.signals().modifier[*rule as usize];
        let Some(class) = row.class else { continue };
        let verb = *count == 1 && r.words.base(r.lexicon, *at).is_some();
        let begins = *at == r.name.prefix;
        let agreed = r.text.first.first().is_some_and(|s| s.class == Class::Read && s.weight >= 0.85);
        let ends = at + count == r.words.len();
        // `delete_dry_run_environment`: it belongs to a thing.
        if !verb && !begins && !ends {
            continue;
        }
        // `dry_run_environment_delete`: a verb that stands last is not what is named first.
        let tail = r
            .name
            .stated
            .iter()
            .any(|s| s.class == Class::Destructive && s.at + 1 == r.words.len() && s.at > at + count);
        if begins && tail && !agreed {
            continue;
        }
        if verb && !begins && !(ends && agreed) {
            continue;
        }
        let span = Span { start: r.words.span(*at).start, end: r.words.span(at + count - 1).end };
        let made = resting_on(RuleFamily::DryRun, &row.id, Place::Name, span, &r.tool.name, class, row.weight);
        // `preview_delete`: the verb that is previewed, and not one that stands at the end of the name.
        let last = r.words.len().checked_sub(1).filter(|i| *i > at + count);
        let previewed: Vec<u16> =
            // Nor one that another is joined by: `simulate_policy_and_send_message`.
            r.name.stated.iter()
                .filter(|s| !verb || Some(s.at) != last || (begins && agreed))
                .filter(|s| !(at + count..s.at).any(|i| r.words.is(i, Function::And)))
                .map(|s| s.verb)
                .collect();
        // `simulate_kill`: "Kills a random pod." A sentence is taken back where it says itself that nothing happens yet.
        let supposed = (0..r.text_words.len()).any(|i| r.text_words.is(i, Function::Supposed));
        restrict(draft, made, |_, c| {
            (matches!(c.rule, RuleFamily::Name | RuleFamily::Title)
                || (c.rule == RuleFamily::FirstSentence && (supposed || c.class < Class::Destructive)))
                && c.verb.is_some_and(|v| previewed.contains(&v))
        });
    }
}

/// A description that begins with what the modifiers of names say: `Dry run of a destroy`, `Preview of a deletion`.
fn told_dry_run(draft: &mut Draft<'_>) {
    let r = draft.r;
    let text = r.text_words;
    let Some((rule, count)) = r.lexicon.index().modifier(text.word(0), text.word(1)) else { return };
    let row = &r.lexicon.signals().modifier[rule as usize];
    let Some(class) = row.class else { return };
    let span = Span { start: text.span(0).start, end: text.span(count - 1).end };
    let of = matches!(text.word(count), "of" | "for") && text.before(count) == Break::Space;
    if !of || is_switchable(r, span.end) {
        return;
    }
    let made = resting_on(RuleFamily::DryRun, &row.id, Place::Description, span, r.description, class, row.weight);
    restrict(draft, made, |_, c| matches!(c.rule, RuleFamily::Name | RuleFamily::Title) && !is_joined(r, c));
}

/// "Returns the SQL string, does not execute it", "It is neither saved nor sent": nothing happens but that text is made.
fn unexecuted(draft: &mut Draft<'_>) {
    let r = draft.r;
    let Some(head) = r.text.first.first() else { return };
    let text = [GroupRole::Returned, GroupRole::Sql, GroupRole::Query, GroupRole::Code];
    let text = text.into_iter().fold(0, |set, role| set | r.lexicon.index().role(role));
    // What is created is mostly stored, whatever it is.
    let produces = draft.has_role(Some(head.verb), VerbRole::Produces) && draft.row(head.verb).lemma != "create";
    let is_text = head.class == Class::Read || (produces && (r.text.object.any | r.name.object.any) & text != 0);
    for &(row, start, end) in r.phrases {
        let phrase = &r.lexicon.signals().phrase[row as usize];
        // A workflow that is created and not run is stored.
        let fits = match phrase.role {
            Some(PhraseRole::Unexecuted) => is_text,
            Some(PhraseRole::Unsaved) => is_text || produces,
            _ => false,
        };
        let Some(class) = phrase.lowers.filter(|_| fits) else { continue };
        let rest = r.description[end..].trim_start().to_ascii_lowercase();
        let partly = ["unless", "until", "if", "when", "by default", "before", "without", "in ", "on ", "at ", "to "]
            .iter()
            .any(|w| rest.starts_with(w));
        if is_about_others(r, start) || is_switchable(r, end) || partly || is_conditional(r, start) {
            continue;
        }
        let span = Span { start, end };
        let made =
            resting_on(RuleFamily::DryRun, &phrase.id, Place::Description, span, r.description, class, phrase.weight);
        restrict(draft, made, |draft, c| {
            (matches!(c.rule, RuleFamily::Name | RuleFamily::Title) && !is_joined(r, c))
                || (c.rule == RuleFamily::FirstSentence && draft.has_role(c.verb, VerbRole::Produces))
        });
    }
}

/// "Read-only", "SELECT only".
fn read_only(draft: &mut Draft<'_>) {
    let r = draft.r;
    let mut changing = r.lexicon.signals().phrase.iter().filter(|row| row.role == Some(PhraseRole::Changes));
    let changes = changing.any(|row| draft.claims.iter().any(|c| c.rule == RuleFamily::Phrase && c.id == row.id));
    for &(row, start, end) in r.phrases {
        let phrase = &r.lexicon.signals().phrase[row as usize];
        let (Some(class), Some(PhraseRole::ReadOnly | PhraseRole::SelectOnly)) = (phrase.lowers, phrase.role) else {
            continue;
        };
        if changes || is_about_others(r, start) || is_switchable(r, end) || is_no_restriction(r, start, end) {
            continue;
        }
        // `SELECT queries` in the first sentence are what is run; later ones are spoken of.
        let first = r.text_words.len().min(r.text.until).checked_sub(1).map_or(0, |i| r.text_words.span(i).end);
        let object = r.text.first.first().is_some_and(|s| s.span.start < start) && start < first;
        if phrase.role == Some(PhraseRole::SelectOnly) && !object {
            continue;
        }
        let said = r.description[start..end].to_ascii_lowercase();
        let partly = (said.contains("chang") || said.contains("modif")) && !is_of_all(r, end);
        let span = Span { start, end };
        let made =
            resting_on(RuleFamily::ReadOnly, &phrase.id, Place::Description, span, r.description, class, phrase.weight);
        restrict(draft, made, |draft, c| {
            // What is restricted is what the tool is built around: a query, or the verb that its name or sentence
            // begins with. Another claim to run something is not a part of it.
            let queries = || {
                let index = r.lexicon.index();
                let query = index.role(GroupRole::Query) | index.role(GroupRole::Sql);
                sentence_names(r, c.span.start, query)
            };
            // `list_issues`: "Executes shell commands. … It is read-only": not what the name promises.
            let named = draft.claims.iter().any(|o| {
                o.rule == RuleFamily::Name
                    && o.counts()
                    && o.verb != c.verb
                    && (o.class == Class::Write || draft.has_role(o.verb, VerbRole::Gets))
            });
            let head = Some(c.span) == r.name.stated.first().map(|s| s.span) && c.rule == RuleFamily::Name
                || Some(c.span) == r.text.first.first().map(|s| s.span)
                    && c.rule == RuleFamily::FirstSentence
                    && (!named || queries())
                || (c.rule == RuleFamily::Phrase && queries());
            // `get_streams_then_execute_command`: what is joined in the name is done besides.
            if c.rule == RuleFamily::Name && is_joined(r, c) && !r.text.first.iter().any(|s| Some(s.verb) == c.verb) {
                return false;
            }
            let own = head
                || (queries() || (c.rule != RuleFamily::LaterSentence && !named))
                    && draft.claims.iter().any(|o| {
                        matches!(o.rule, RuleFamily::Name | RuleFamily::FirstSentence)
                            && o.verb == c.verb
                            && o.facets.has(Facet::RunsCode)
                    });
            // `get_issue` that takes a statement besides is not built around it.
            let index = r.lexicon.index();
            let takes =
                |verb: u16| index.whens(verb).iter().any(|(groups, _)| groups & index.role(GroupRole::Sql) != 0);
            let asks = (r.name.object.any | r.text.object.any) & index.role(GroupRole::Sql) != 0
                || draft.claims.iter().any(|o| {
                    matches!(o.rule, RuleFamily::Name | RuleFamily::Title | RuleFamily::FirstSentence)
                        && o.verb.is_some_and(takes)
                });
            let query = |c: &Claim| {
                let of = |s: &&SeenArgument| Place::Pointer(s.pointer.clone()) == c.place;
                r.schema.seen.iter().find(of).is_some_and(|s| s.effect == ArgumentEffect::Query)
            };
            let runs = draft.claims.iter().any(|o| {
                matches!(o.rule, RuleFamily::Name | RuleFamily::FirstSentence) && draft.has_role(o.verb, VerbRole::Runs)
            });
            if partly {
                return (c.open || c.weight < FIRM) && c.rule != RuleFamily::Switch && c.rule != RuleFamily::Phrase;
            }
            // Beside the query that is restricted, another program is not.
            let main = r.schema.effect(ArgumentEffect::Query).is_some();
            let calls = draft.claims.iter().any(|o| draft.has_role(o.verb, VerbRole::Calls));
            (matches!(c.rule, RuleFamily::Method | RuleFamily::Dispatch) && calls && !main)
                || (c.rule == RuleFamily::Program && ((runs && !main) || (asks && query(c))))
                || (c.facets.has(Facet::RunsCode) && own)
                || (c.rule == RuleFamily::Phrase && c.id.contains("code") && queries())
                || (c.rule != RuleFamily::LaterSentence
                    && draft.has_role(c.verb, VerbRole::Runs)
                    && c.class < Class::Destructive)
                || ((c.open || c.weight < FIRM) && c.rule != RuleFamily::Switch && c.rule != RuleFamily::Phrase)
        });
    }
}

/// A calculation: the expression that it is given is data.
fn computes(draft: &mut Draft<'_>) {
    let r = draft.r;
    let calculates = |c: &&Claim| {
        c.rule == RuleFamily::Name
            && c.class == Class::Read
            && c.counts()
            && draft.has_role(c.verb, VerbRole::Arithmetic)
    };
    let Some(named) = draft.claims.iter().find(calculates).cloned() else { return };
    // `Any Python code is accepted`: what is calculated is a program.
    let code = r.lexicon.index().role(GroupRole::Interpreter);
    let text = r.text_words;
    if (0..text.len()).any(|i| text.is(i, Function::ProgramWord) || text.entry(i).groups & code != 0) {
        return;
    }
    let made =
        resting_on(RuleFamily::Computes, "restrict.computes", Place::Name, named.span, &r.tool.name, Class::Read, 0.8);
    restrict(draft, made, |draft, c| {
        let expression = ["expression", "formula", "equation", "exp"].iter().any(|w| c.text.eq_ignore_ascii_case(w));
        (c.rule == RuleFamily::Program && expression)
            || (c.rule == RuleFamily::FirstSentence && c.by_object && draft.has_role(c.verb, VerbRole::Runs))
    });
}

/// "Returns the content as base64": what is fetched is not written.
fn returned_content(draft: &mut Draft<'_>) {
    let r = draft.r;
    let saves =
        r.phrases.iter().any(|(row, ..)| r.lexicon.signals().phrase[*row as usize].role == Some(PhraseRole::Saves));
    if saves {
        return;
    }
    for &(row, start, end) in r.phrases {
        let phrase = &r.lexicon.signals().phrase[row as usize];
        let (Some(class), Some(PhraseRole::Returned)) = (phrase.lowers, phrase.role) else { continue };
        if is_about_others(r, start) {
            continue;
        }
        let span = Span { start, end };
        let made =
            resting_on(RuleFamily::Returned, &phrase.id, Place::Description, span, r.description, class, phrase.weight);
        restrict(draft, made, |draft, c| {
            let produced = c.rule != RuleFamily::LaterSentence && draft.has_role(c.verb, VerbRole::Produces);
            c.class == Class::Write && (c.weight < FIRM || produced)
        });
    }
}

/// A first sentence that says that instructions or the like are returned.
fn returned(draft: &mut Draft<'_>) {
    let r = draft.r;
    let returned = r.lexicon.index().role(GroupRole::Returned);
    let Some(head) = r.text.first.first().copied() else { return };
    let alone = r.text.first.iter().all(|s| s.class == Class::Read);
    // `create_plot: Produces a plot`: a picture that is made is returned where no other verb stores it.
    let picture = r.lexicon.index().role(GroupRole::Picture);
    let made_picture =
        (r.text.object.any | r.name.object.any) & picture != 0 && draft.has_role(Some(head.verb), VerbRole::Produces);
    if !alone || !(made_picture || (head.weight >= 0.6 && r.text.object.any & returned != 0)) {
        return;
    }
    let head_span = r.name.stated.first().map(|s| s.span);
    let only_made = made_picture && r.text.object.any & returned == 0;
    let made = resting_on(
        RuleFamily::Returned,
        "restrict.returned",
        Place::Description,
        head.span,
        r.description,
        Class::Read,
        0.75,
    );
    restrict(draft, made, |draft, c| {
        // `token_transfer`: what stands last and is as often a noun names what is made.
        let noun = c.span.start > 0 && c.verb.is_some_and(|v| draft.row(v).noun == Noun::Often);
        // `Amount to transfer`, of what is only returned unsigned.
        if c.rule == RuleFamily::Switch && c.switch.is_none() && c.facets.has(Facet::MovesMoney) && !only_made {
            return true;
        }
        c.rule == RuleFamily::Name
            && (Some(c.span) == head_span || (c.class == Class::Write && !is_joined(r, c)))
            && (c.class == Class::Write || noun)
            && (!only_made || draft.has_role(c.verb, VerbRole::Produces))
    });
}
