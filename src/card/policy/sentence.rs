//! One paragraph on what a document does.

use serde_json::Value;

use crate::neutral::quoted;
use crate::policy::{Answer, Claims, Selected, Window};
use crate::policy::{MONEY, NARROWED, NARROWED_LONG};
use crate::sentence::{PageShare, Sentence};

/// Values that a sentence names before it counts the rest.
const MAX_NAMED: usize = 6;

pub(super) const fn row(
    id: &'static str,
    text: &'static str,
    when: &'static str,
    slots: &'static [(&'static str, &'static str)],
    share: PageShare,
) -> Sentence {
    Sentence { id, text, when, slots, share }
}

const TOOL: (&str, &str) = ("tool", "Code");
const TIMES: (&str, &str) = ("times", "Word");
const WHEN: (&str, &str) = ("when", "Condition");

const HIDES: Sentence = row(
    "policy_hides",
    "Hides {tool} from the agent and denies every other tool of the server.",
    "The document hides the tool and names no other.",
    &[TOOL],
    PageShare::Class,
);
const DENIES: Sentence = row(
    "policy_denies",
    "Denies every call of {tool} and every other tool of the server.",
    "The document denies every call of the tool and names no other.",
    &[TOOL],
    PageShare::Class,
);
const ALLOWS: Sentence = row(
    "policy_allows",
    "Allows {tool} without a limit and denies every other tool of the server.",
    "The document allows every call of the tool and names no other.",
    &[TOOL],
    PageShare::Class,
);
const LIMITS: Sentence = row(
    "policy_limits",
    "Allows {tool} {times} and denies every other tool of the server.",
    "The document limits the tool's calls and names no other tool.",
    &[TOOL, TIMES],
    PageShare::Class,
);
const NARROWS: Sentence = row(
    "policy_narrows",
    "Allows {tool} only when {when}; denies every other tool of the server.",
    "The document allows the tool with some values of an argument, without a limit, and names no other.",
    &[TOOL, WHEN],
    PageShare::Class,
);
const NARROWS_AND_LIMITS: Sentence = row(
    "policy_narrows_and_limits",
    "Allows {tool} only when {when}, {times}; denies every other tool of the server.",
    "The document allows the tool with some values of an argument, limits its calls, and names no other.",
    &[TOOL, WHEN, TIMES],
    PageShare::Class,
);
const OTHERS_ALLOWED: Sentence = row(
    "policy_allows_others",
    "A tool that the document does not name is allowed.",
    "The document's default is to allow.",
    &[],
    PageShare::Third,
);
const OTHERS_DENIED: Sentence = row(
    "policy_denies_others",
    "A tool that the document does not name is denied.",
    "The document names other tools too, and denies what it does not name.",
    &[],
    PageShare::Third,
);

/// What a document does and what it tells the agent, as sentences.
pub(crate) const SENTENCES: &[Sentence] = &[
    HIDES,
    DENIES,
    ALLOWS,
    LIMITS,
    NARROWS,
    NARROWS_AND_LIMITS,
    OTHERS_ALLOWED,
    OTHERS_DENIED,
    row("tells_money", MONEY, "The tool moves money; the agent reads it.", &[], PageShare::Third),
    row(
        "tells_values",
        NARROWED,
        "Some values of an argument are allowed and can be named; the agent reads it.",
        &[("argument", "Word"), ("values", "Word")],
        PageShare::Third,
    ),
    row(
        "tells_argument",
        NARROWED_LONG,
        "Some values of an argument are allowed, too many or too odd to name; the agent reads it.",
        &[("argument", "Word")],
        PageShare::Third,
    ),
];

/// The end of the sentences about a document that names no other tool.
const REST: [&str; 3] = [
    " and denies every other tool of the server.",
    " and every other tool of the server.",
    "; denies every other tool of the server.",
];

impl Claims {
    /// What the document does with the tool and with the rest of the server: sentences of ours,
    /// names and values as Markdown code spans.
    pub fn sentence(&self) -> String {
        let said = self.row();
        let mut out = said.fill(|slot| match slot {
            "tool" => quoted(&self.tool),
            "when" => conditions(self),
            _ => self.limit.as_ref().map(|(max, window, _)| times(*max, *window)).unwrap_or_default(),
        });
        let rest = match (self.others.answer, self.names_others) {
            (Answer::Allow, _) => OTHERS_ALLOWED,
            (_, true) => OTHERS_DENIED,
            (_, false) => return out,
        };
        for end in REST {
            if let Some(own) = out.strip_suffix(end) {
                out.truncate(own.len());
                break;
            }
        }
        out.push_str(". ");
        out.push_str(rest.text);
        out
    }

    /// The row that says what becomes of the tool.
    pub fn row(&self) -> Sentence {
        match (self.first.answer, narrowed(self).next().is_some(), self.limit.is_some()) {
            (Answer::Hidden, ..) => HIDES,
            (Answer::Deny, ..) => DENIES,
            (Answer::Allow, false, false) => ALLOWS,
            (Answer::Allow, false, true) => LIMITS,
            (Answer::Allow, true, false) => NARROWS,
            (Answer::Allow, true, true) => NARROWS_AND_LIMITS,
        }
    }
}

/// The arguments of which only some values pass.
pub(super) fn narrowed(claims: &Claims) -> impl Iterator<Item = &Selected> {
    claims.selected.iter().filter(|s| s.unknown.answer != Answer::Allow)
}

/// "`action` is `list` or `get`, or not given".
fn conditions(claims: &Claims) -> String {
    let one = |selected: &Selected| {
        let absent = if selected.absent.answer == Answer::Allow { " or not given" } else { "" };
        format!("{} is {}{absent}", quoted(&selected.argument), passing(selected))
    };
    narrowed(claims).map(one).collect::<Vec<_>>().join(" and ")
}

/// `a`, `b` or `c`.
fn passing(selected: &Selected) -> String {
    let values: Vec<&Value> =
        selected.values.iter().filter(|(_, d)| d.answer == Answer::Allow).map(|(value, _)| value).collect();
    let mut named: Vec<String> = values.iter().take(MAX_NAMED).map(|v| quoted_value(v)).collect();
    match values.len().saturating_sub(MAX_NAMED) {
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
pub(crate) fn ordinal(n: u64) -> String {
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
    use super::*;
    use crate::classify::Verdict;
    use crate::manifest::Tool;
    use crate::policy::fixture::{action, tool, verdict};
    use crate::policy::{RateLimits, recommend, tool_document};
    use crate::risk::{Class, Facet};
    use serde_json::json;

    fn said(tool: &Tool, verdict: &Verdict) -> String {
        let policy = tool_document(&tool.name, &recommend(tool, verdict, &RateLimits::default()));
        Claims::of(&policy, tool, verdict).sentence()
    }

    #[test]
    fn each_rule_is_told_plainly() {
        let t = tool("x");
        let expect = |v: &Verdict, words: &str| assert_eq!(said(&t, v), words);
        let rest = "denies every other tool of the server.";
        expect(&verdict(Class::Read, &[]), &format!("Allows `x` without a limit and {rest}"));
        expect(&verdict(Class::Write, &[]), &format!("Allows `x` 30 times a minute and {rest}"));
        expect(&verdict(Class::Destructive, &[]), &format!("Hides `x` from the agent and {rest}"));
        expect(
            &verdict(Class::Destructive, &[Facet::MovesMoney]),
            "Denies every call of `x` and every other tool of the server.",
        );
    }

    #[test]
    fn mixed_actions_are_told_by_value() {
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
            "Allows `x` only when `action` is `create` or `get'x`, 30 times a minute; denies every other tool of the \
             server."
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
