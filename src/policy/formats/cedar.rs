//! What both Cedar formats share: statements, texts, conditions.

use std::fmt::Write as _;

use serde_json::Value;

use super::{DocumentPart, KeptArgument, PartList, Scope, ToolEffect, ToolPolicy, Written, quoted};

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

/// Writes one statement a tool. `head` makes the scope of `permit`, `condition` the condition on
/// one argument, or `None` where it cannot be said; what cannot be permitted as the document does
/// stands as a comment. `notes` go before those on what was in the way.
pub(super) fn statements(
    scope: &Scope<'_>,
    kept: &[(usize, &ToolPolicy<'_>)],
    mut notes: Vec<PartList>,
    head: impl Fn(&str) -> String,
    condition: impl Fn(&KeptArgument<'_>) -> Option<String>,
) -> Written {
    let mut rows = Vec::new();
    let (mut limited, mut conditional) = (Vec::new(), Vec::new());
    for (place, tool) in kept {
        let (arguments, limits) = match &tool.stance {
            ToolEffect::Allow => (&[][..], &[][..]),
            ToolEffect::Limit(limits) => (&[][..], limits.as_slice()),
            ToolEffect::Narrow(arguments, limits) => (arguments.as_slice(), limits.as_slice()),
            ToolEffect::Other => {
                conditional.push(*place);
                continue;
            }
            // Nothing is permitted that no statement permits.
            ToolEffect::Deny(_) | ToolEffect::Hide => {
                if scope.alone {
                    rows.push(DocumentPart::Row(*place, format!("forbid ({});\n", head(tool.name))));
                }
                continue;
            }
        };
        let conditions: Option<Vec<String>> = arguments.iter().map(&condition).collect();
        let Some(conditions) = conditions else {
            conditional.push(*place);
            continue;
        };
        let mut text = String::new();
        let comment = if limits.is_empty() { "" } else { "// " };
        if let Some(first) = limits.first() {
            limited.push(*place);
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
        rows.push(DocumentPart::Row(*place, text));
    }
    notes.push(PartList::whenever("It can neither limit nor ask: it does not permit the tool.", limited));
    notes.push(PartList::whenever("Cannot look at this argument: does not permit the tool.", conditional));
    let document =
        PartList::new("", "", "", rows).or("// Nothing is permitted: what no statement permits is denied.\n");
    Written::new(document, notes)
}
