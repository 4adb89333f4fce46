//! What a gateway answers to one call, and which rule says so.
//!
//! Order: hidden, not listed under `default: deny`, `require` not met, a `deny_if` met, a limit
//! exhausted; otherwise allowed.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use strum::IntoStaticStr;

use super::document::EVERY_TOOL;
use super::{Clause, DefaultAction, Limit, Policy, Window};
use crate::manifest::schema::escape;

/// What happens to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Answer {
    /// It reaches the server.
    Allow,
    /// It does not; the agent still sees the tool in the list.
    Deny,
    /// It does not, and the tool is not in the list.
    Hidden,
}

impl Answer {
    /// `allow`, `deny` or `hidden`.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// The answer to one call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// What happens.
    #[serde(rename = "decision")]
    pub answer: Answer,
    /// JSON Pointer to the part of the document that decided, e.g. `/tools/x/deny_if/0`.
    pub rule: String,
    /// `on_deny` of the clause that decided; where there is none, the gateway has its own words.
    pub message: Option<String>,
}

/// A call of a tool that a policy decides.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The tool's name.
    pub tool: &'a str,
    /// Its arguments; anything but an object has none.
    pub args: &'a Value,
}

/// Calls counted by counter, window and the window's start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counters(BTreeMap<(String, Window, u64), u64>);

impl Counters {
    /// How many calls the counter holds in the window that contains `time`.
    pub fn count(&self, counter: &str, window: Window, time: u64) -> u64 {
        self.0.get(&(counter.to_owned(), window, window.start(time))).copied().unwrap_or(0)
    }

    fn add(&mut self, counter: &str, window: Window, time: u64) {
        *self.0.entry((counter.to_owned(), window, window.start(time))).or_default() += 1;
    }
}

/// The decision when this is the `nth_call` (from 1) that every counter sees in its window.
pub fn decide(policy: &Policy, tool: &str, args: &Value, nth_call: u64) -> Decision {
    decide_call(policy, Call { tool, args }, |_| nth_call)
}

/// The decision at a time, in seconds since 1970-01-01 00:00 UTC, counted in `counters`. A call
/// that reaches its limits is counted by each of their counters once, also when one of them
/// denies it.
pub fn decide_at(policy: &Policy, call: Call<'_>, counters: &mut Counters, time: u64) -> Decision {
    let decision = decide_call(policy, call, |limit| counters.count(&limit.counter, limit.window, time) + 1);
    let reached = decision.answer == Answer::Allow || decision.rule.contains("/limits/");
    if reached {
        let mut seen: Vec<(&str, Window)> = Vec::new();
        for (_, limit) in limits(policy, call.tool) {
            let key = (limit.counter.as_str(), limit.window);
            if !seen.contains(&key) {
                seen.push(key);
                counters.add(key.0, key.1, time);
            }
        }
    }
    decision
}

/// The decision when `nth` says, for a limit, the how many-th call (from 1) this is in its window.
pub fn decide_call(policy: &Policy, call: Call<'_>, nth: impl Fn(&Limit) -> u64) -> Decision {
    if let Some(i) = policy.hide.iter().position(|name| name == call.tool || name == EVERY_TOOL) {
        return Decision { answer: Answer::Hidden, rule: format!("/hide/{i}"), message: None };
    }
    let denied = |rule: String, clause: Option<&Clause>| Decision {
        answer: Answer::Deny,
        rule,
        message: clause.and_then(|c| c.on_deny.clone()),
    };
    let entry = policy.tools.get(call.tool);
    let met = |clause: &Clause| clause.conditions.iter().all(|c| c.met(call.args));
    match entry {
        None if policy.default == DefaultAction::Deny => return denied("/default".to_owned(), None),
        None => {}
        Some(entry) => {
            let pointer = |list: &str, i: usize| format!("/tools/{}/{list}/{i}", escape(call.tool));
            if let Some((i, clause)) = entry.require.iter().enumerate().find(|(_, c)| !met(c)) {
                return denied(pointer("require", i), Some(clause));
            }
            if let Some((i, clause)) = entry.deny_if.iter().enumerate().find(|(_, c)| met(c)) {
                return denied(pointer("deny_if", i), Some(clause));
            }
        }
    }
    if let Some((rule, _)) = limits(policy, call.tool).find(|(_, limit)| nth(limit) > limit.max) {
        return denied(rule.pointer(call.tool), None);
    }
    let rule = if entry.is_some() { format!("/tools/{}", escape(call.tool)) } else { "/default".to_owned() };
    Decision { answer: Answer::Allow, rule, message: None }
}

/// Where a limit is.
#[derive(Debug, Clone, Copy)]
enum Owner {
    Tool(usize),
    AllTools(usize),
}

impl Owner {
    fn pointer(self, tool: &str) -> String {
        match self {
            Self::Tool(i) => format!("/tools/{}/limits/{i}", escape(tool)),
            Self::AllTools(i) => format!("/all_tools/limits/{i}"),
        }
    }
}

/// The limits that hold for a tool: its own, then those over every call.
fn limits<'a>(policy: &'a Policy, tool: &str) -> impl Iterator<Item = (Owner, &'a Limit)> {
    let own = policy.tools.get(tool).map(|e| e.limits.as_slice()).unwrap_or_default();
    let own = own.iter().enumerate().map(|(i, limit)| (Owner::Tool(i), limit));
    own.chain(policy.all_tools.iter().enumerate().map(|(i, limit)| (Owner::AllTools(i), limit)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Condition, Entry, Path, Test};
    use serde_json::json;

    fn clause(path: &str, test: Test, on_deny: &str) -> Clause {
        let conditions = vec![Condition { path: Path::parse(path).expect("a path"), test }];
        Clause { conditions, on_deny: Some(on_deny.to_owned()) }
    }

    fn limit(counter: &str, window: Window, max: u64) -> Limit {
        Limit { counter: counter.to_owned(), window, max }
    }

    fn policy() -> Policy {
        let entry = Entry {
            require: vec![clause("args.reason", Test::Exists(true), "Say why.")],
            deny_if: vec![clause("args.amount", Test::Gt(100.into()), "Too much.")],
            limits: vec![limit("t", Window::Minute, 2), limit("t", Window::Day, 3)],
        };
        let mut policy = Policy::deny_all();
        policy.hide.push("h".to_owned());
        policy.all_tools.push(limit("all", Window::Hour, 5));
        policy.tools.insert("a/b~c".to_owned(), entry.clone());
        policy.tools.insert("h".to_owned(), entry);
        policy
    }

    #[test]
    fn the_first_denial_in_the_documented_order_is_named() {
        let policy = policy();
        let call = |tool: &str, args: Value, nth| {
            let d = decide(&policy, tool, &args, nth);
            format!("{} {} {}", d.answer.name(), d.rule, d.message.unwrap_or_default())
        };
        assert_eq!(call("h", json!({"reason": "x"}), 1), "hidden /hide/0 ");
        assert_eq!(call("other", json!({}), 1), "deny /default ");
        assert_eq!(call("a/b~c", json!({"amount": 999}), 9), "deny /tools/a~1b~0c/require/0 Say why.");
        assert_eq!(call("a/b~c", json!({"reason": 1, "amount": 999}), 9), "deny /tools/a~1b~0c/deny_if/0 Too much.");
        assert_eq!(call("a/b~c", json!({"reason": 1, "amount": 100}), 3), "deny /tools/a~1b~0c/limits/0 ");
        assert_eq!(call("a/b~c", json!({"reason": 1, "amount": 100}), 2), "allow /tools/a~1b~0c ");
    }

    #[test]
    fn under_default_allow_unlisted_tools_pass_within_the_quota_over_all() {
        let policy = Policy { default: DefaultAction::Allow, ..policy() };
        assert_eq!(decide(&policy, "x", &json!({}), 5).answer, Answer::Allow);
        assert_eq!(decide(&policy, "x", &json!({}), 6).rule, "/all_tools/limits/0");
    }

    #[test]
    fn a_star_hides_every_tool() {
        let mut policy = Policy { default: DefaultAction::Allow, ..Policy::deny_all() };
        policy.hide.push(EVERY_TOOL.to_owned());
        assert_eq!(decide(&policy, "anything", &json!({}), 1).answer, Answer::Hidden);
    }

    #[test]
    fn windows_start_again_at_the_minute_and_longer_ones_go_on() {
        let policy = policy();
        let args = json!({"reason": "x"});
        let mut counters = Counters::default();
        let mut at = |time| decide_at(&policy, Call { tool: "a/b~c", args: &args }, &mut counters, time).rule;
        assert_eq!(at(58), "/tools/a~1b~0c");
        assert_eq!(at(59), "/tools/a~1b~0c");
        assert_eq!(at(59), "/tools/a~1b~0c/limits/0");
        assert_eq!(at(60), "/tools/a~1b~0c/limits/1");
        assert_eq!(at(86_400), "/tools/a~1b~0c");
    }

    #[test]
    fn a_call_denied_before_its_limits_is_not_counted() {
        let policy = policy();
        let mut counters = Counters::default();
        decide_at(&policy, Call { tool: "a/b~c", args: &json!({}) }, &mut counters, 0);
        assert_eq!(counters, Counters::default());
    }
}
