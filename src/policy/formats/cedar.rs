//! What both Cedar formats share: statements, texts, conditions.

use std::fmt::Write as _;

use serde_json::Value;

use super::{KeptArgument, PartList, Scope, ToolEffect, ToolPolicy, quoted};
use crate::policy::Limit;

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
