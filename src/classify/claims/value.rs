//! `value`: what the values of an argument select.

use serde_json::Value;

use crate::classify::draft::{Draft, resting_on};
use crate::classify::stated::Stated;
use crate::classify::types::{Action, Place, RuleFamily};
use crate::manifest::schema::at;
use crate::risk::Class;

/// Claims what the values do; the actions come back in the schema's order.
pub(super) fn claim(draft: &mut Draft<'_>) -> Vec<Action> {
    let r = draft.r;
    let reads = draft.stated().is_none_or(|c| c == Class::Read);
    let mut actions = Vec::new();
    for seen in &r.schema.actions {
        // A reader's argument that is described as a filter chooses what is read.
        if seen.filters && reads {
            continue;
        }
        let text = || match &seen.place {
            Place::Pointer(pointer) => {
                at(&r.tool.input_schema, pointer.strip_prefix("/inputSchema").unwrap_or(pointer))
                    .and_then(Value::as_str)
            }
            Place::Description => Some(r.description),
            _ => None,
        };
        // `terminate` of a `vm`: a verb alone is done to what the tool is about.
        let mut action = seen.action.clone();
        if let Some(verb) = seen.verb
            && action.class == Class::Write
            && draft.row(verb).class == Class::Write
            && seen.span.end - seen.span.start == action.value.len()
        {
            let object = r.name.object.union(r.text.object);
            let stated = Stated::bare(r.lexicon, verb).with(r.lexicon, object);
            if stated.class == Class::Destructive {
                (action.class, action.facets) = (stated.class, action.facets.union(stated.facets));
            }
        }
        if seen.known
            && let Some(text) = text()
        {
            let id = seen.verb.map_or_else(|| "noun.answer".to_owned(), |v| format!("verb.{}", draft.row(v).lemma));
            let weight = if seen.listed { 0.9 } else { 0.7 };
            let mut made =
                resting_on(RuleFamily::Value, &id, seen.place.clone(), seen.span, text, action.class, weight);
            made.verb = seen.verb;
            made.facets = action.facets;
            draft.claim(made);
        }
        actions.push(action);
    }
    actions
}
