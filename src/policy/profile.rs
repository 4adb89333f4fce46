//! Rules → a document, for one tool or for a whole server.

use strum::{EnumCount, EnumString, IntoStaticStr, VariantArray};

use super::document::EVERY_TOOL;
use super::recommend::{MONEY, deny, is_dispatcher, is_no_agents, per_minute};
use super::{Policy, RateLimits, Rule, recommend};
use crate::classify::Verdict;
use crate::manifest::Tool;
use crate::risk::{Class, Facet};
use crate::variants::every;

/// How much of a server a document lets through.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, EnumCount, EnumString, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "kebab-case")]
pub enum Profile {
    /// Only Read tools.
    ReadOnly,
    /// Every tool under its recommended rule.
    Guarded,
    /// Every tool, Write and Destructive limited, money still denied.
    Open,
}

impl Profile {
    /// All profiles, strictest first.
    pub const ALL: [Self; Self::COUNT] = every(Self::VARIANTS);

    /// `read-only`, `guarded` or `open`.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The profile of that name.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    /// The rule of one tool under this profile; `None` where the tool is not named and so denied.
    pub fn rule(self, tool: &Tool, verdict: &Verdict, rate_limits: &RateLimits) -> Option<Rule> {
        if self == Self::ReadOnly && verdict.class != Class::Read {
            return None;
        }
        let rule = recommend(tool, verdict, rate_limits);
        if is_no_agents(verdict) {
            return Some(rule);
        }
        if self != Self::Open || !(verdict.class == Class::Destructive || is_dispatcher(verdict)) {
            return Some(rule);
        }
        Some(match rule {
            Rule::Hide if verdict.facets.has(Facet::MovesMoney) => deny(MONEY),
            Rule::Entry(entry) if verdict.facets.has(Facet::MovesMoney) => Rule::Entry(entry),
            _ => Rule::Entry(super::Entry {
                limits: per_minute(&tool.name, rate_limits.destructive),
                ..super::Entry::default()
            }),
        })
    }
}

/// The rule of a tool that a person chose: the recommended one, and a limit where that would hide the tool. What
/// moves money is denied all the same.
pub(super) fn chosen_rule(tool: &Tool, verdict: &Verdict, rate_limits: &RateLimits) -> Rule {
    match recommend(tool, verdict, rate_limits) {
        Rule::Hide => Profile::Open.rule(tool, verdict, rate_limits).unwrap_or(Rule::Hide),
        rule @ Rule::Entry(_) => rule,
    }
}

/// The whole document for one tool: it, under its rule, and nothing else.
pub fn tool_document(name: &str, rule: &Rule) -> Policy {
    let mut policy = Policy::deny_all();
    put(&mut policy, name, rule.clone());
    policy
}

/// The whole document for a server.
pub fn server_document<'a>(
    tools: impl IntoIterator<Item = (&'a Tool, &'a Verdict)>,
    profile: Profile,
    rate_limits: &RateLimits,
) -> Policy {
    let mut policy = Policy::deny_all();
    for (tool, verdict) in tools {
        if let Some(rule) = profile.rule(tool, verdict, rate_limits) {
            put(&mut policy, &tool.name, rule);
        }
    }
    policy.hide.sort_unstable();
    policy.hide.dedup();
    policy
}

pub(super) fn put(policy: &mut Policy, name: &str, rule: Rule) {
    match rule {
        // In `hide` this name would mean every tool; left out, it is denied like all that is not listed.
        Rule::Hide if name == EVERY_TOOL => {}
        Rule::Hide => policy.hide.push(name.to_owned()),
        Rule::Entry(entry) => {
            policy.tools.insert(name.to_owned(), entry);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{tool, verdict};
    use super::*;
    use crate::policy::Answer::{Allow, Deny, Hidden};
    use crate::policy::decide;
    use serde_json::json;

    #[test]
    fn the_profiles_let_through_what_they_say() {
        let money = [Facet::MovesMoney];
        let tools = [
            (tool("read"), verdict(Class::Read, &[])),
            (tool("write"), verdict(Class::Write, &[])),
            (tool("wipe"), verdict(Class::Destructive, &[])),
            (tool("pay"), verdict(Class::Destructive, &money)),
        ];
        let answers = Profile::ALL.map(|profile| {
            let policy = server_document(tools.iter().map(|(t, v)| (t, v)), profile, &RateLimits::default());
            let answer = |name| decide(&policy, name, &json!({}), 1).answer;
            ["read", "write", "wipe", "pay", "new"].map(answer)
        });
        assert_eq!(answers[0], [Allow, Deny, Deny, Deny, Deny]);
        assert_eq!(answers[1], [Allow, Allow, Hidden, Deny, Deny]);
        assert_eq!(answers[2], [Allow, Allow, Allow, Deny, Deny]);
    }

    #[test]
    fn a_tool_named_star_hides_nobody_else() {
        let tools = [(tool("*"), verdict(Class::Destructive, &[])), (tool("a"), verdict(Class::Read, &[]))];
        let policy = server_document(tools.iter().map(|(t, v)| (t, v)), Profile::Guarded, &RateLimits::default());
        assert_eq!(decide(&policy, "a", &json!({}), 1).answer, Allow);
        assert_eq!(decide(&policy, "*", &json!({}), 1).answer, Deny);
    }
}
