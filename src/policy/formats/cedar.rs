//! What both Cedar formats share: statements, texts, conditions.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::Value;

use super::{Argument, Named, Rendered, Scope, Stance, quoted};

/// A text as a Cedar string: what is hidden, a quote or a backslash is an escape.
pub fn string(text: &str) -> String {
    quoted(text, |out, code| {
        let _ = write!(out, "\\u{{{code:x}}}");
    })
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
/// stands as a comment. `notes` go before those on what was in the way.
pub fn statements(
    scope: &Scope<'_>,
    kept: &[&Named<'_>],
    mut notes: Vec<Cow<'static, str>>,
    head: impl Fn(&str) -> String,
    condition: impl Fn(&Argument<'_>) -> Option<String>,
) -> Rendered {
    let mut text = String::new();
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
    if limit {
        notes.push("Cannot limit and cannot ask: does not permit the tool.".into());
    }
    if argument {
        notes.push("Cannot look at this argument: does not permit the tool.".into());
    }
    if text.is_empty() {
        text.push_str("// Nothing is permitted: what no statement permits is denied.\n");
    }
    Rendered { text, notes }
}
