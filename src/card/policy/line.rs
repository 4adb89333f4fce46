//! What to do with a tool, in the few words of a headline: from what `decide()` answers, by no second rule.

use serde_json::Value;

use super::sentence::{narrowed, quoted_value, row};
use crate::neutral::quoted;
use crate::policy::{Answer, Claims, Decision, Selected, Window};
use crate::sentence::{PageShare, Sentence};

/// Values that a headline names; where more pass, one less is named and the rest counted.
const MAX_NAMED: usize = 4;

const TIMES: (&str, &str) = ("times", "Word");
const VALUES: (&str, &str) = ("values", "Condition");

const ALLOW: Sentence = row("line_allow", "Allow", "The document allows every call.", &[], PageShare::Class);
const LIMIT: Sentence =
    row("line_limit", "Allow, {times}", "The document limits the tool's calls.", &[TIMES], PageShare::Class);
const VALUES_ONLY: Sentence = row(
    "line_values",
    "Only these values: {values}",
    "The document allows some values of an argument, without a limit.",
    &[VALUES],
    PageShare::Class,
);
const VALUES_AND_LIMIT: Sentence = row(
    "line_values_limit",
    "Only these values, {times}: {values}",
    "The document allows some values of an argument and limits the tool's calls.",
    &[TIMES, VALUES],
    PageShare::Class,
);
const OFF: Sentence = row(
    "line_values_off",
    "Allow with {values} off",
    "The document allows the tool with its switches off, without a limit.",
    &[VALUES],
    PageShare::Class,
);
const OFF_AND_LIMIT: Sentence = row(
    "line_values_off_limit",
    "Allow, {times}, with {values} off",
    "The document allows the tool with its switches off and limits its calls.",
    &[TIMES, VALUES],
    PageShare::Class,
);
const HIDE: Sentence =
    row("line_hide", "Hide until somebody reviews it", "The document hides the tool.", &[], PageShare::Class);
const DENY: Sentence =
    row("line_deny", "Deny until somebody reviews it", "The document denies every call.", &[], PageShare::Class);

/// Every headline.
pub(crate) const LINES: [Sentence; 8] = [ALLOW, LIMIT, VALUES_ONLY, VALUES_AND_LIMIT, OFF, OFF_AND_LIMIT, HIDE, DENY];

impl Claims {
    /// What to do with the tool: words of ours, values as Markdown code spans, no full stop.
    pub fn line(&self) -> String {
        self.line_row().fill(|slot| match (slot, &self.limit) {
            ("values", _) if narrowed(self).all(is_switched_off) => switches(self),
            ("values", _) => values(self),
            (_, Some((max, window, _))) => a_window(*max, *window),
            _ => String::new(),
        })
    }

    /// The headline's row.
    pub fn line_row(&self) -> Sentence {
        let off = narrowed(self).all(is_switched_off);
        match (self.first.answer, narrowed(self).next().is_some(), self.limit.is_some()) {
            (Answer::Hidden, ..) => HIDE,
            (Answer::Deny, ..) => DENY,
            (Answer::Allow, false, false) => ALLOW,
            (Answer::Allow, false, true) => LIMIT,
            (Answer::Allow, true, false) if off => OFF,
            (Answer::Allow, true, true) if off => OFF_AND_LIMIT,
            (Answer::Allow, true, false) => VALUES_ONLY,
            (Answer::Allow, true, true) => VALUES_AND_LIMIT,
        }
    }
}

/// `30 a minute`.
pub(crate) fn a_window(max: u64, window: Window) -> String {
    format!("{max} {} {window}", if window == Window::Hour { "an" } else { "a" })
}

/// Whether an argument passes where it is `false` and not where it is `true`.
fn is_switched_off(selected: &Selected) -> bool {
    let off = |(value, decision): &(Value, Decision)| {
        value.as_bool().is_some_and(|on| on != (decision.answer == Answer::Allow))
    };
    !selected.values.is_empty() && selected.values.iter().all(off)
}

/// The switches that have to be off.
fn switches(claims: &Claims) -> String {
    let mut named: Vec<String> = narrowed(claims).map(|s| quoted(&s.argument)).collect();
    let more = named.len().saturating_sub(MAX_NAMED);
    named.truncate(MAX_NAMED);
    let last = if more > 0 { format!("{more} more") } else { named.pop().unwrap_or_default() };
    if named.is_empty() { last } else { format!("{} and {last}", named.join(", ")) }
}

/// The values that pass; with their argument where the document looks at several.
fn values(claims: &Claims) -> String {
    let several = narrowed(claims).count() > 1;
    let of = |selected: &Selected| {
        let named = passing(selected);
        // `false` alone says nothing.
        let switch = is_switched_off(selected);
        if several || switch { format!("{named} of {}", quoted(&selected.argument)) } else { named }
    };
    narrowed(claims).map(of).collect::<Vec<_>>().join("; ")
}

fn passing(selected: &Selected) -> String {
    let pass = selected.values.iter().filter(|(_, d)| d.answer == Answer::Allow);
    let all: Vec<&Value> = pass.map(|(value, _)| value).collect();
    let named = if all.len() > MAX_NAMED { MAX_NAMED - 1 } else { all.len() };
    let words: Vec<String> = all.iter().take(named).map(|value| quoted_value(value)).collect();
    match all.len() - named {
        0 => words.join(", "),
        more => format!("{} and {more} more", words.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::classify::Verdict;
    use crate::manifest::Tool;
    use crate::policy::fixture::{action, tool, verdict};
    use crate::policy::{RateLimits, recommend, tool_document};
    use crate::risk::{Class, Facet};

    fn line(tool: &Tool, verdict: &Verdict) -> String {
        let policy = tool_document(&tool.name, &recommend(tool, verdict, &RateLimits::default()));
        Claims::of(&policy, tool, verdict).line()
    }

    #[test]
    fn each_rule_has_its_headline() {
        let t = tool("x");
        assert_eq!(line(&t, &verdict(Class::Read, &[])), "Allow");
        assert_eq!(line(&t, &verdict(Class::Write, &[])), "Allow, 30 a minute");
        assert_eq!(line(&t, &verdict(Class::Destructive, &[])), "Hide until somebody reviews it");
        assert_eq!(line(&t, &verdict(Class::Destructive, &[Facet::MovesMoney])), "Deny until somebody reviews it");
    }

    #[test]
    fn few_values_are_named_and_many_are_counted() {
        let mut v = verdict(Class::Destructive, &[]);
        v.base_class = Class::Read;
        let mut values = vec!["delete".to_owned()];
        v.actions = vec![action("action", "delete", Class::Destructive, &[])];
        for (n, expected) in [
            (2, "Only these values: `v0`, `v1`"),
            (4, "Only these values: `v0`, `v1`, `v2`, `v3`"),
            (5, "Only these values: `v0`, `v1`, `v2` and 2 more"),
        ] {
            while values.len() <= n {
                let value = format!("v{}", values.len() - 1);
                v.actions.push(action("action", &value, Class::Read, &[]));
                values.push(value);
            }
            let schema = json!({"properties": {"action": {"enum": values}}});
            assert_eq!(line(&Tool { input_schema: schema, ..tool("x") }, &v), expected);
        }
        v.actions[1].class = Class::Write;
        let schema = json!({"properties": {"action": {"enum": values}}});
        let said = line(&Tool { input_schema: schema, ..tool("x") }, &v);
        assert_eq!(said, "Only these values, 30 a minute: `v0`, `v1`, `v2` and 2 more");
    }
}
