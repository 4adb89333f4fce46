//! `program`: arguments that are run.

use crate::classify::draft::{Claim, Draft, resting_on};
use crate::classify::schema::SeenArgument;
use crate::classify::stated::noun_phrase;
use crate::classify::text::Text;
use crate::classify::types::{Place, RuleFamily};
use crate::lexicon::{ArgumentEffect, Function, GroupRole, GroupSet, VerbRole};
use crate::risk::{Class, Facet, Span};

pub(super) fn claim(draft: &mut Draft<'_>) {
    let r = draft.r;
    let index = r.lexicon.index();
    let code = index.role(GroupRole::Code) | index.role(GroupRole::Sql);
    let takes_code = |verb: u16| index.whens(verb).iter().any(|(groups, _)| groups & code != 0);
    let silent = draft.claims.iter().all(|c| c.verb.is_none());
    // What a switch runs is not run where it is off.
    let stays = |c: &&Claim| c.switch.is_none() || c.class < Class::Destructive;
    let runs = draft.claims.iter().filter(stays).any(|c| {
        draft.has_role(c.verb, VerbRole::Runs) || c.facets.has(Facet::RunsCode) || c.verb.is_some_and(takes_code)
    });
    let starts = draft.claims.iter().any(|c| c.facets.has(Facet::StartsProcess));
    // What the name is built around, or where it states nothing, the sentence.
    let head = r.name.stated.first().or(r.text.first.first()).map(|s| s.verb);
    let examines = draft.has_role(head, VerbRole::Examines);
    // `open_shell` of a `command`: what the tool is about runs programs.
    let shell = (r.name.object.head | r.text.object.head) & index.role(GroupRole::Interpreter) != 0;
    for seen in &r.schema.seen {
        // A name or description that leaves no doubt counts unless it is what the tool examines, or is not run.
        let data = examines && (is_examined(draft, seen) || is_not_run(draft));
        let clear = seen.clear && (seen.changes || !data);
        let silent = silent && !seen.doubtful;
        let counts = match seen.effect {
            ArgumentEffect::Shell => seen.runs || runs || starts || silent || clear || shell || is_bare(draft, seen),
            ArgumentEffect::Code => seen.runs || runs || silent || clear || (is_script(seen) && is_bare(draft, seen)),
            ArgumentEffect::Query => seen.runs || runs || silent || clear,
            _ => false,
        };
        if !counts {
            continue;
        }
        let row = &r.lexicon.signals().argument[seen.rule as usize];
        let span = Span { start: 0, end: seen.name.len() };
        let place = Place::Pointer(seen.pointer.clone());
        let mut made =
            resting_on(RuleFamily::Program, &row.id, place, span, &seen.name, Class::Destructive, row.weight);
        made.facets.add(Facet::RunsCode);
        draft.claim(made);
    }
}

/// Whether the argument is called a script and nothing else, which `code` or `function` need not be.
fn is_script(seen: &SeenArgument) -> bool {
    seen.name.eq_ignore_ascii_case("script")
}

/// Whether nothing is said of an argument that is called a command, and the tool is not about commands: `list_pods` of a
/// `command`, and not `explain_command`.
fn is_bare(draft: &Draft<'_>, seen: &SeenArgument) -> bool {
    let r = draft.r;
    let stem = seen.name.to_ascii_lowercase();
    let stem = stem.trim_end_matches('s');
    let about = |text: &Text| text.iter().any(|word| word.trim_end_matches('s') == stem || word == "help");
    // A step of a list is told of by what the list does.
    let inside = seen.pointer.contains("/items/");
    seen.doubtful && !inside && !about(r.words) && !about(r.text_words) && !about(r.title_words)
}

/// Whether the first sentence says that what the tool examines is not run: `Shows the plan without running the statement`.
fn is_not_run(draft: &Draft<'_>) -> bool {
    let text = draft.r.text_words;
    let runs =
        |i: usize| text.verb(draft.lexicon, i).is_some_and(|(verb, ..)| draft.has_role(Some(verb), VerbRole::Runs));
    let until = draft.r.text.until.min(text.len());
    (0..until).any(|i| text.is(i, Function::Denies) && (i + 1..until.min(i + 4)).any(runs))
}

/// Whether the name or the object of the first sentence is about such a program: `validate_query` of a `query`,
/// and not of a `shell_command`.
fn is_examined(draft: &Draft<'_>, seen: &SeenArgument) -> bool {
    let r = draft.r;
    let index = r.lexicon.index();
    let query = index.role(GroupRole::Sql) | index.role(GroupRole::Query);
    let code = index.role(GroupRole::Code) | index.role(GroupRole::ProgramNoun);
    let mut argument = Text::default();
    argument.identifier(r.lexicon, &seen.name);
    let about = |word: &str, groups: GroupSet| {
        argument.iter().any(|w| w == word)
            || match seen.effect {
                ArgumentEffect::Query => groups & (query | code) != 0,
                ArgumentEffect::Shell => groups & index.role(GroupRole::Interpreter) != 0,
                _ => groups & code != 0 && groups & query == 0,
            }
    };
    let until = r.text.until.min(r.text_words.len());
    let told = r.text.first.first().map_or(0..0, |head| {
        let mut end = noun_phrase(r.text_words, head.at + 1, until);
        // `the costs of a statement`
        if end < until && r.text_words.word(end) == "of" {
            end = noun_phrase(r.text_words, end + 1, until);
        }
        head.at + 1..end
    });
    (0..r.words.len()).any(|i| about(r.words.word(i), r.words.entry(i).groups))
        || told.into_iter().any(|i| about(r.text_words.word(i), r.text_words.entry(i).groups))
}
