//! What both Cedar formats share: statements, texts, conditions, and how they are read again.

use std::fmt::Write as _;

use serde_json::Value;

use super::{
    ArgumentTest, ClientAnswer, EntryFor, EntryRule, EntryRules, KeptArgument, PartList, Scope, ToolEffect, ToolPolicy,
    quoted,
};
use crate::policy::Limit;
use crate::policy::cedar::{self, CedarCondition, CedarEntity, CedarScope, CedarStatement};

/// A text as a Cedar string: what is hidden, a quote or a backslash is an escape.
pub(super) fn string(text: &str) -> String {
    quoted(text, |out, code| {
        let _ = write!(out, "\\u{{{code:x}}}");
    })
}

/// The values as a Cedar set, or `None` where one is not text, flag or whole number.
pub(super) fn set(values: &[Value], numbers: bool) -> Option<String> {
    let items: Option<Vec<String>> = values
        .iter()
        .map(|value| match value {
            Value::String(text) => Some(string(text)),
            Value::Bool(flag) => Some(flag.to_string()),
            Value::Number(n) if numbers => n.as_i64().map(|n| n.to_string()),
            _ => None,
        })
        .collect();
    Some(format!("[{}]", items?.join(", ")))
}

/// One statement a tool, each on one line, with the tool's place. `head` makes the scope of `permit`, `condition` the
/// condition on one argument and `limited` the clause on the tool's limits, or `None` where it cannot be said: then the
/// tool is not permitted. `notes` get what was in the way, the sentence for limits first.
pub(super) fn statements(
    scope: &Scope<'_>,
    kept: &[(usize, &ToolPolicy<'_>)],
    notes: &mut Vec<PartList>,
    head: impl Fn(&str) -> String,
    condition: impl Fn(&KeptArgument<'_>) -> Option<String>,
    (limit_note, limited): (&'static str, impl Fn(&str, &[&Limit]) -> Option<String>),
) -> Vec<(usize, String)> {
    let mut rows = Vec::new();
    let (mut counted, mut conditional) = (Vec::new(), Vec::new());
    for (place, tool) in kept {
        let forbid = || (*place, format!("forbid ({});", head(tool.name)));
        let (arguments, limits) = match &tool.stance {
            ToolEffect::Allow => (&[][..], &[][..]),
            ToolEffect::Limit(limits) => (&[][..], limits.as_slice()),
            ToolEffect::Narrow(arguments, limits) => (arguments.as_slice(), limits.as_slice()),
            ToolEffect::Other => {
                conditional.push(*place);
                rows.extend(scope.alone.then(forbid));
                continue;
            }
            // Nothing is permitted that no statement permits.
            ToolEffect::Deny(_) | ToolEffect::Hide => {
                rows.extend(scope.alone.then(forbid));
                continue;
            }
        };
        let conditions: Option<Vec<String>> = arguments.iter().map(&condition).collect();
        let Some(conditions) = conditions else {
            conditional.push(*place);
            rows.extend(scope.alone.then(forbid));
            continue;
        };
        let mut text = format!("permit ({})", head(tool.name));
        if !conditions.is_empty() {
            let _ = write!(text, " when {{ {} }}", conditions.join(" && "));
        }
        if !limits.is_empty() {
            counted.push(*place);
            let Some(clause) = limited(tool.name, limits) else {
                rows.extend(scope.alone.then(forbid));
                continue;
            };
            text.push_str(&clause);
        }
        text.push(';');
        rows.push((*place, text));
    }
    notes.push(PartList::whenever(limit_note, counted));
    notes.push(PartList::whenever("Cannot look at this argument: does not permit the tool.", conditional));
    rows
}

/// What stands for an entry that is for every tool.
const EVERY: &str = "every tool";

/// What the statements of a text say: of each, the entries that `about` makes of it, none where it is for no call of a
/// tool. What a statement says of who calls, or in a way that is not understood, holds where it permits.
pub(super) fn read(
    text: &str,
    about: impl Fn(&CedarStatement<'_>) -> Vec<String>,
    context: fn(&Value) -> Value,
) -> EntryRules {
    let mut rules = Vec::new();
    for statement in cedar::statements(text).map_err(|fault| fault.message)? {
        let permits = statement.permits;
        let unread = || ArgumentTest::Unread(permits);
        let scopes = [&statement.action, &statement.resource];
        let limited = !statement.anybody || scopes.contains(&&CedarScope::Unread);
        let mut says = EntryRule::always(if permits { ClientAnswer::Allow } else { ClientAnswer::Deny });
        says.when.extend(limited.then(unread));
        for condition in &statement.conditions {
            match condition {
                CedarCondition::When(of) => says.when.push(ArgumentTest::Context(of.clone(), context, true)),
                CedarCondition::Unless(of) => says.when.push(ArgumentTest::Context(of.clone(), context, false)),
                // Calls of another action are not counted here.
                CedarCondition::Calls(action, calls)
                    if permits && statement.action == CedarScope::Only(vec![action.clone()]) =>
                {
                    says.limit = Some(says.limit.map_or(*calls, |limit| limit.min(*calls)));
                }
                CedarCondition::Calls(..) | CedarCondition::Unread => says.when.push(unread()),
            }
        }
        rules.extend(about(&statement).into_iter().map(|entry| (entry, says.clone())));
    }
    Ok(rules)
}

/// The entries for what a statement is for: entities of this kind.
pub(super) fn entries(scope: &CedarScope, kind: &str) -> Vec<String> {
    let entry = |of: &CedarEntity| format!("{kind}::{}", string(&of.id));
    match scope {
        CedarScope::Any | CedarScope::Unread => vec![EVERY.to_owned()],
        CedarScope::Kind(found) if found == kind => vec![EVERY.to_owned()],
        CedarScope::Kind(_) => Vec::new(),
        CedarScope::Only(entities) => entities.iter().filter(|of| of.kind == kind).map(entry).collect(),
    }
}

/// For which tools such an entry is: `name` takes the tool's name out of the entity's.
pub(super) fn subject(entry: &str, kind: &str, name: impl Fn(&str) -> Option<String>) -> EntryFor {
    if entry == EVERY {
        return EntryFor::Every;
    }
    let id = entry.strip_prefix(kind).and_then(|rest| rest.strip_prefix("::")).and_then(cedar::literal);
    id.as_deref().and_then(name).map_or(EntryFor::Nothing, |name| EntryFor::Tools(vec![name]))
}
