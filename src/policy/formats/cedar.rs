//! What both Cedar formats share: statements, texts, conditions.

use std::fmt::Write as _;

use serde_json::Value;

use super::{Argument, Scope, Stance};
use crate::neutral::is_hidden;

/// A text as a Cedar string: what is hidden, a quote or a backslash is an escape.
pub fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if is_hidden(c) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The values as a Cedar set, or `None` where one is no text, flag or whole number.
pub fn set(values: &[Value], numbers: bool) -> Option<String> {
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

/// Writes one statement a tool. `head` makes the scope of `permit`, `condition` the condition on
/// one argument, or `None` where it cannot be said; what cannot be permitted as the document does
/// stands as a comment. Returns whether a limit and whether an argument was in the way.
pub fn statements(
    scope: &Scope<'_>,
    kept: &[&super::Named<'_>],
    text: &mut String,
    head: impl Fn(&str) -> String,
    condition: impl Fn(&Argument<'_>) -> Option<String>,
) -> (bool, bool) {
    let (mut limit, mut argument) = (false, false);
    for tool in kept {
        let (arguments, limits) = match &tool.stance {
            Stance::Allow => (&[][..], &[][..]),
            Stance::Limit(limits) => (&[][..], limits.as_slice()),
            Stance::Narrow(arguments, limits) => (arguments.as_slice(), limits.as_slice()),
            Stance::Other => {
                argument = true;
                continue;
            }
            // Nothing is permitted that no statement permits.
            Stance::Deny(_) | Stance::Hide => {
                if scope.alone {
                    let _ = writeln!(text, "forbid ({});", head(tool.name));
                }
                continue;
            }
        };
        let conditions: Option<Vec<String>> = arguments.iter().map(&condition).collect();
        let Some(conditions) = conditions else {
            argument = true;
            continue;
        };
        let comment = if limits.is_empty() { "" } else { "// " };
        if let Some(first) = limits.first() {
            limit = true;
            let _ = writeln!(
                text,
                "// Not permitted, because {} a {} cannot be counted here. Without the slashes it is not limited at all:",
                if first.max == 1 { "one call".to_owned() } else { format!("{} calls", first.max) },
                first.window
            );
        }
        let _ = write!(text, "{comment}permit ({})", head(tool.name));
        if conditions.is_empty() {
            text.push_str(";\n");
        } else {
            let _ = writeln!(text, " when {{ {} }};", conditions.join(" && "));
        }
    }
    (limit, argument)
}
