//! One paragraph on what a document does.

use std::fmt::Write as _;

use serde_json::Value;

use super::super::{Answer, Window};
use super::claims::{Claims, Selected};
use crate::neutral::quoted;

/// What a reader may expect of a denial and must not.
const NO_APPROVAL: &str =
    "There is no approval step in this format: whoever wants to allow a call has to change the document.";
/// Values that a sentence names before it counts the rest.
const NAMED: usize = 6;

impl Claims {
    /// What the document does with the tool and with the rest of the server: sentences of ours,
    /// names and values as Markdown code spans.
    pub fn sentence(&self) -> String {
        words(self)
    }
}

fn words(claims: &Claims) -> String {
    let name = quoted(&claims.tool);
    let mut out = match claims.first.answer {
        Answer::Hidden => format!("Hides {name}: the agent does not see it, and a call of it is denied. {NO_APPROVAL}"),
        Answer::Deny if claims.first.message.is_some() => {
            format!("Denies every call of {name} and tells the agent why. {NO_APPROVAL}")
        }
        Answer::Deny => format!("Denies every call of {name}. {NO_APPROVAL}"),
        Answer::Allow => allowed(claims, &name),
    };
    out.push(' ');
    out.push_str(match (claims.others.answer, claims.names_others) {
        (Answer::Allow, _) => "A tool that the document does not name is allowed.",
        (_, false) => "Every other tool of the server is denied.",
        (_, true) => "A tool that the document does not name is denied.",
    });
    out
}

fn allowed(claims: &Claims, name: &str) -> String {
    let narrowed: Vec<&Selected> = claims.selected.iter().filter(|s| s.unknown.answer != Answer::Allow).collect();
    let mut out = format!("Allows {name}");
    for (i, selected) in narrowed.iter().enumerate() {
        out.push_str(if i == 0 { " when " } else { " and " });
        let _ = write!(out, "{} is {}", quoted(&selected.argument), passing(selected));
        if selected.absent.answer == Answer::Allow {
            out.push_str(" or not given");
        }
    }
    match &claims.limit {
        Some((max, window, _)) => {
            let separator = if narrowed.is_empty() { "" } else { "," };
            let next = ordinal(max + 1);
            let _ = write!(out, "{separator} {}; the {next} call within one {window} is denied.", times(*max, *window));
        }
        None if narrowed.is_empty() => out.push_str(" without a limit."),
        None => out.push_str(", without a limit."),
    }
    for selected in narrowed {
        let absent = if selected.absent.answer == Answer::Allow { "" } else { ", and a call without it" };
        let _ = write!(out, " Denies every other value of {}{absent}.", quoted(&selected.argument));
    }
    out
}

/// `a`, `b` or `c`.
fn passing(selected: &Selected) -> String {
    let values: Vec<&Value> =
        selected.values.iter().filter(|(_, d)| d.answer == Answer::Allow).map(|(value, _)| value).collect();
    let mut named: Vec<String> = values.iter().take(NAMED).map(|v| quoted_value(v)).collect();
    match values.len().saturating_sub(NAMED) {
        0 => {}
        1 => named.push("one more listed value".to_owned()),
        more => named.push(format!("{more} more listed values")),
    }
    let last = named.pop().unwrap_or_default();
    if named.is_empty() { last } else { format!("{} or {last}", named.join(", ")) }
}

/// A value as JSON writes it, texts without their quotes, in a code span.
pub(super) fn quoted_value(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        other => quoted(&other.to_string()),
    }
}

/// `once a minute`, `30 times a minute`, `never`.
fn times(max: u64, window: Window) -> String {
    let article = if window == Window::Hour { "an" } else { "a" };
    match max {
        0 => "never".to_owned(),
        1 => format!("once {article} {window}"),
        max => format!("{max} times {article} {window}"),
    }
}

/// `1st`, `2nd`, `11th`, `31st`.
pub(super) fn ordinal(n: u64) -> String {
    let suffix = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{suffix}")
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture::{action, tool, verdict};
    use super::super::super::{Numbers, recommend, tool_document};
    use super::*;
    use crate::classify::{Class, Facet, Verdict};
    use crate::manifest::Tool;
    use serde_json::json;

    fn said(tool: &Tool, verdict: &Verdict) -> String {
        let policy = tool_document(&tool.name, &recommend(tool, verdict, &Numbers::default()));
        Claims::of(&policy, tool, verdict).sentence()
    }

    #[test]
    fn each_rule_is_told_plainly() {
        let t = tool("x");
        let rest = "Every other tool of the server is denied.";
        let expect = |v: &Verdict, words: &str| assert_eq!(said(&t, v), format!("{words} {rest}"));
        expect(&verdict(Class::Read, &[]), "Allows `x` without a limit.");
        expect(&verdict(Class::Write, &[]), "Allows `x` 30 times a minute; the 31st call within one minute is denied.");
        expect(
            &verdict(Class::Destructive, &[]),
            &format!("Hides `x`: the agent does not see it, and a call of it is denied. {NO_APPROVAL}"),
        );
        expect(
            &verdict(Class::Destructive, &[Facet::MovesMoney]),
            &format!("Denies every call of `x` and tells the agent why. {NO_APPROVAL}"),
        );
    }

    #[test]
    fn mixed_deeds_are_told_by_value() {
        let mut v = verdict(Class::Destructive, &[]);
        v.base_class = Class::Read;
        v.actions = vec![
            action("action", "create", Class::Write, &[]),
            action("action", "get`x", Class::Read, &[]),
            action("action", "delete", Class::Destructive, &[]),
        ];
        let schema = json!({"properties": {"action": {"enum": ["create", "get`x", "delete"]}}});
        let t = Tool { input_schema: schema, ..tool("x") };
        assert_eq!(
            said(&t, &v),
            "Allows `x` when `action` is `create` or `get'x`, 30 times a minute; the 31st call within one minute is \
             denied. Denies every other value of `action`, and a call without it. Every other tool of the server is \
             denied."
        );
        v.actions[1].default = true;
        assert!(said(&t, &v).contains("is `create` or `get'x` or not given, 30 times"));
    }

    #[test]
    fn ordinals_follow_english() {
        assert_eq!(
            [1, 2, 3, 4, 11, 12, 13, 21, 31, 111].map(ordinal).join(" "),
            "1st 2nd 3rd 4th 11th 12th 13th 21st 31st 111th"
        );
    }
}
