//! `program`: arguments that are run.

use crate::classify::draft::{Draft, resting_on};
use crate::classify::types::{Class, Facet, Place, Rule, Span};
use crate::lexicon::{Effect, GroupRole, VerbRole};

pub(super) fn claim(draft: &mut Draft<'_>) {
    let r = draft.r;
    let index = r.lexicon.index();
    let code = index.role(GroupRole::Code) | index.role(GroupRole::Sql);
    let takes_code = |verb: u16| index.whens(verb).iter().any(|(groups, _)| groups & code != 0);
    let silent = draft.claims.iter().all(|c| c.verb.is_none());
    let runs = draft.claims.iter().any(|c| {
        draft.has_role(c.verb, VerbRole::Runs) || c.facets.has(Facet::RunsCode) || c.verb.is_some_and(takes_code)
    });
    let starts = draft.claims.iter().any(|c| c.facets.has(Facet::StartsProcess));
    let examines = draft.claims.iter().any(|c| {
        matches!(c.rule, Rule::Name | Rule::FirstSentence | Rule::Title) && draft.has_role(c.verb, VerbRole::Examines)
    });
    // `validate_query`, `explain_code`: what is examined is a program.
    let programs =
        code | index.role(GroupRole::Query) | index.role(GroupRole::ProgramNoun) | index.role(GroupRole::Interpreter);
    let told = (0..r.text.until.min(r.text_words.len())).fold(0, |set, i| set | r.text_words.entry(i).groups);
    let about_programs = (r.name.object.any | r.title.object.any | told) & programs != 0;
    // `open_shell` of a `command`: what the tool is about runs programs.
    let shell = (r.name.object.head | r.text.object.head) & index.role(GroupRole::Interpreter) != 0;
    for seen in &r.schema.seen {
        // A name or description that leaves no doubt counts unless the tool looks at programs.
        let clear = seen.clear && (!examines || seen.changes || !about_programs);
        let silent = silent && !seen.doubtful;
        let counts = match seen.effect {
            Effect::Shell => seen.runs || runs || starts || silent || clear || shell,
            Effect::Code | Effect::Query => seen.runs || runs || silent || clear,
            _ => false,
        };
        if !counts {
            continue;
        }
        let row = &r.lexicon.signals().argument[seen.rule as usize];
        let span = Span { start: 0, end: seen.name.len() };
        let place = Place::Pointer(seen.pointer.clone());
        let mut made = resting_on(Rule::Program, &row.id, place, span, &seen.name, Class::Destructive, row.weight);
        made.facets.add(Facet::RunsCode);
        draft.claim(made);
    }
}
