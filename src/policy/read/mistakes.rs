//! The keys of each object, and what people write instead of them.

use crate::diagnostic::nearest;
use crate::policy::Test;

/// An object of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PolicyObject {
    /// The whole.
    Document,
    /// `all_tools`
    AllTools,
    /// Under a tool's name.
    Entry,
    /// In `require` and `deny_if`.
    Clause,
    /// In `limits`.
    Limit,
    /// In `conditions`.
    Condition,
}

const APPROVAL: &str =
    "there is no approval step in this format: deny the call with `deny_if` and a message, or allow it";
const DENY: &str = "put the tool's name in `hide`, or write `\"deny_if\": [{\"conditions\": [], \"on_deny\": \"…\"}]`";
const LIMITS: &str =
    "write `limits`: `[{\"counter\": \"NAME_rate\", \"window\": \"minute\", \"max\": 30, \"scope\": \"grant\"}]`";
const MESSAGE: &str = "the message is `on_deny`, in an entry of `deny_if` or `require`";

/// What people write, where, and what to write instead.
const MISTAKES: &[(PolicyObject, &str, &str)] = &[
    (PolicyObject::Document, "allow", "write `tools` and under it each tool's name with `{}`"),
    (PolicyObject::Document, "allowed", "write `tools` and under it each tool's name with `{}`"),
    (PolicyObject::Document, "rules", "write `tools` and under it each tool's name"),
    (PolicyObject::Document, "policies", "write `tools` and under it each tool's name"),
    (PolicyObject::Document, "deny", "write `hide`, or a `deny_if` under the tool's name"),
    (PolicyObject::Document, "denied", "write `hide`, or a `deny_if` under the tool's name"),
    (PolicyObject::Document, "block", "write `hide`"),
    (PolicyObject::Document, "limits", "write `all_tools` and `limits` in it"),
    (PolicyObject::Document, "rate_limit", "write `all_tools` and `limits` in it"),
    (PolicyObject::Document, "action", "write `default`"),
    (PolicyObject::Document, "description", "leave it out: the document has no place for it"),
    (PolicyObject::Entry, "rate_limit", LIMITS),
    (PolicyObject::Entry, "rate", LIMITS),
    (PolicyObject::Entry, "max", LIMITS),
    (PolicyObject::Entry, "window", LIMITS),
    (PolicyObject::Entry, "action", DENY),
    (PolicyObject::Entry, "deny", DENY),
    (PolicyObject::Entry, "block", DENY),
    (PolicyObject::Entry, "hide", "put the tool's name in `hide` at the top of the document"),
    (PolicyObject::Entry, "hidden", "put the tool's name in `hide` at the top of the document"),
    (PolicyObject::Entry, "enabled", "an empty entry `{}` allows the tool"),
    (PolicyObject::Entry, "allow", "an empty entry `{}` allows the tool"),
    (PolicyObject::Entry, "reason", MESSAGE),
    (PolicyObject::Entry, "message", MESSAGE),
    (PolicyObject::Entry, "on_deny", MESSAGE),
    (PolicyObject::Entry, "conditions", "put the conditions into an entry of `deny_if` or `require`"),
    (PolicyObject::Entry, "rules", "write `require`, `deny_if` or `limits`; `rules` belongs to another format"),
    (PolicyObject::Entry, "approval", APPROVAL),
    (PolicyObject::Entry, "require_approval", APPROVAL),
    (PolicyObject::Entry, "requires_approval", APPROVAL),
    (PolicyObject::Clause, "reason", "write `on_deny`"),
    (PolicyObject::Clause, "message", "write `on_deny`"),
    (PolicyObject::Clause, "when", "write `conditions`"),
    (PolicyObject::Clause, "if", "write `conditions`"),
    (PolicyObject::Clause, "path", "put `path`, `op` and `value` into an entry of `conditions`"),
    (PolicyObject::Clause, "action", "leave it out: a clause of `deny_if` denies, one of `require` has to hold"),
    (PolicyObject::Limit, "limit", "write `max`"),
    (PolicyObject::Limit, "calls", "write `max`"),
    (PolicyObject::Limit, "count", "write `max`"),
    (PolicyObject::Limit, "rate", "write `max`"),
    (PolicyObject::Limit, "per", "write `window`"),
    (PolicyObject::Limit, "interval", "write `window`"),
    (PolicyObject::Limit, "period", "write `window`"),
    (PolicyObject::Limit, "seconds", "write `window` with \"minute\", \"hour\" or \"day\""),
    (PolicyObject::Limit, "name", "write `counter`"),
    (PolicyObject::Limit, "on_deny", "leave it out: the gateway has its own message for a limit"),
    (PolicyObject::Condition, "operator", "write `op`"),
    (PolicyObject::Condition, "field", "write `path`"),
    (PolicyObject::Condition, "arg", "write `path` with `args.` before the field's name"),
    (PolicyObject::Condition, "argument", "write `path` with `args.` before the field's name"),
    (PolicyObject::Condition, "key", "write `path`"),
    (PolicyObject::Condition, "values", "write `value`; `in` and `not_in` take a list there"),
];

/// Operators of other languages.
const OPERATORS: &[(&str, &str)] = &[
    ("=", "eq"),
    ("==", "eq"),
    ("equals", "eq"),
    ("!=", "neq"),
    ("ne", "neq"),
    ("not_equals", "neq"),
    ("<", "lt"),
    ("<=", "lte"),
    ("le", "lte"),
    (">", "gt"),
    (">=", "gte"),
    ("ge", "gte"),
    ("notin", "not_in"),
    ("nin", "not_in"),
    ("one_of", "in"),
    ("present", "exists"),
    ("matches", "regex"),
    ("match", "regex"),
    ("like", "contains"),
];

impl PolicyObject {
    /// What the object is called in a message.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Document => "the document",
            Self::AllTools => "`all_tools`",
            Self::Entry => "a tool's entry",
            Self::Clause => "a clause",
            Self::Limit => "a limit",
            Self::Condition => "a condition",
        }
    }

    /// Every key.
    pub(super) fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Document => &["version", "default", "hide", "all_tools", "tools"],
            Self::AllTools => &["limits"],
            Self::Entry => &["require", "deny_if", "limits"],
            Self::Clause => &["conditions", "on_deny"],
            Self::Limit => &["counter", "window", "max", "scope"],
            Self::Condition => &["path", "op", "value"],
        }
    }

    /// The keys that must be there.
    pub(super) fn required(self) -> &'static [&'static str] {
        match self {
            Self::Document => &["version", "default"],
            Self::AllTools | Self::Entry => &[],
            Self::Clause => &["conditions"],
            Self::Limit | Self::Condition => self.keys(),
        }
    }

    /// What to write: a help.
    pub(super) fn example(self) -> &'static str {
        match self {
            Self::Document => "write `{\"version\": \"1\", \"default\": \"deny\", \"tools\": {\"NAME\": {}}}`",
            Self::AllTools => "write `{\"limits\": []}`",
            Self::Entry => "write `{}` to allow the tool, or `require`, `deny_if` and `limits` in it",
            Self::Clause => "write `[{\"conditions\": […], \"on_deny\": \"…\"}]`",
            Self::Limit => {
                "write `[{\"counter\": \"NAME_rate\", \"window\": \"minute\", \"max\": 30, \"scope\": \"grant\"}]`"
            }
            Self::Condition => "write `{\"path\": \"args.field\", \"op\": \"eq\", \"value\": …}`",
        }
    }

    /// What to write instead of a key that is not known here.
    pub(super) fn suggest(self, key: &str) -> String {
        let lower = key.to_lowercase();
        if let Some((_, _, help)) = MISTAKES.iter().find(|(place, wrong, _)| *place == self && *wrong == lower) {
            return (*help).to_owned();
        }
        match nearest(key, self.keys().iter().copied()) {
            Some(near) => format!("write `{near}`"),
            None => format!("the keys here are {}", listed(self.keys())),
        }
    }
}

/// What to write instead of an operator that is not known.
pub(super) fn operator(wrong: &str) -> String {
    let lower = wrong.to_lowercase();
    let known = OPERATORS.iter().find(|(w, _)| *w == lower).map(|(_, right)| *right);
    match known.or_else(|| nearest(wrong, Test::OPERATORS)) {
        Some(right) => format!("write `{right}`"),
        None => format!("the operators are {}", listed(&Test::OPERATORS)),
    }
}

fn listed(words: &[&str]) -> String {
    words.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_mistake_is_a_key_and_each_is_there_once() {
        for (i, (place, wrong, help)) in MISTAKES.iter().enumerate() {
            assert!(!place.keys().contains(wrong), "{wrong}");
            assert!(!MISTAKES[..i].iter().any(|(p, w, _)| p == place && w == wrong), "{wrong}");
            assert!(!help.ends_with('.'), "{help}");
        }
        for (wrong, right) in OPERATORS {
            assert!(Test::OPERATORS.contains(right) && !Test::OPERATORS.contains(wrong), "{wrong}");
        }
    }
}
