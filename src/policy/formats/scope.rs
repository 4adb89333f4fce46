//! What a format is asked to say: a document, read tool by tool.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::document::EVERY_TOOL;
use super::super::parts::PartList;
use super::super::{DefaultAction, Entry, Limit, Policy, Test};
use super::Unsupported;
use crate::neutral::quoted;

/// A document and the tools that it is rendered for.
#[derive(Debug, Clone)]
pub struct Scope<'a> {
    /// The name that the user gave the server in the client.
    pub server: &'a str,
    /// The document.
    pub policy: &'a Policy,
    /// Each tool and what the document does with it, in the order given.
    pub tools: Vec<ToolPolicy<'a>>,
    /// Whether this is the document of one tool, whose refusal refuses the whole.
    pub alone: bool,
    /// The ARN of the gateway that `AgentCore`'s statements name, where it is known.
    pub gateway: Option<&'a str>,
}

/// A tool and what a document does with it.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolPolicy<'a> {
    /// The tool's name.
    pub name: &'a str,
    /// What the document does with it.
    pub stance: ToolEffect<'a>,
    /// What stands under its name, where it is named and not hidden.
    pub entry: Option<&'a Entry>,
}

/// What a document does with a tool, in the terms that formats differ in.
#[derive(Debug, Clone, PartialEq)]
pub enum ToolEffect<'a> {
    /// Every call passes.
    Allow,
    /// Calls pass up to these limits.
    Limit(Vec<&'a Limit>),
    /// Calls pass when every one of these arguments has one of its values, up to the limits.
    Narrow(Vec<KeptArgument<'a>>, Vec<&'a Limit>),
    /// No call passes; the message is for the agent.
    Deny(Option<&'a str>),
    /// No call passes and the tool is not listed.
    Hide,
    /// The entry says what only `policy.json` can say.
    Other,
}

/// An argument that is kept to some values.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptArgument<'a> {
    /// The fields that lead to it, outermost first.
    pub fields: Vec<&'a str>,
    /// The path with `args.`.
    pub path: &'a str,
    /// The values that pass.
    pub values: &'a [Value],
    /// Whether a call without the argument passes.
    pub absent: bool,
    /// What the agent is told otherwise.
    pub on_deny: Option<&'a str>,
}

impl<'a> Scope<'a> {
    /// The document of one tool.
    pub fn tool(server: &'a str, policy: &'a Policy, name: &'a str) -> Self {
        Self { server, policy, tools: vec![ToolPolicy::of(policy, name)], alone: true, gateway: None }
    }

    /// The document of a server; `names` are all its tools, also those that the document does not
    /// name.
    pub fn server(server: &'a str, policy: &'a Policy, names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut tools: Vec<ToolPolicy<'a>> = names.into_iter().map(|name| ToolPolicy::of(policy, name)).collect();
        tools.sort_by(|a, b| a.name.cmp(b.name));
        Self { server, policy, tools, alone: false, gateway: None }
    }

    /// The tools whose names pass `check`. The others are left out with a note, or refused where
    /// the document is about one of them alone.
    pub(super) fn checked(
        &self,
        notes: &mut Vec<PartList>,
        check: impl Fn(&str) -> Result<(), &'static str>,
    ) -> Result<Vec<(usize, &ToolPolicy<'a>)>, Unsupported> {
        let mut refused: Vec<(&'static str, Vec<&str>)> = Vec::new();
        let mut kept = Vec::with_capacity(self.tools.len());
        for (place, tool) in self.tools.iter().enumerate() {
            match check(tool.name) {
                Ok(()) => kept.push((place, tool)),
                Err(reason) if self.alone => {
                    return Err(Unsupported(format!("{} {reason}.", quoted(tool.name)).into()));
                }
                Err(reason) => match refused.iter_mut().find(|(r, _)| *r == reason) {
                    // A composer has each tool twice.
                    Some((_, names)) if names.last() == Some(&tool.name) => {}
                    Some((_, names)) => names.push(tool.name),
                    None => refused.push((reason, vec![tool.name])),
                },
            }
        }
        for (reason, names) in refused {
            let named: Vec<String> = names.iter().take(5).map(|n| quoted(n)).collect();
            let more = if names.len() > 5 { format!(" and {} more", names.len() - 5) } else { String::new() };
            let text = format!("Left out, because the name {reason}: {}{more}.", named.join(", "));
            notes.push(PartList::default().or(text));
        }
        Ok(kept)
    }

    /// The names that a client gives to several of the tools, where `shown` is what it makes of one.
    pub(super) fn clashes(&self, shown: impl Fn(&str) -> String) -> BTreeSet<String> {
        let mut names: Vec<&str> = self.tools.iter().map(|tool| tool.name).collect();
        // A composer has each tool twice.
        names.sort_unstable();
        names.dedup();
        let mut seen = BTreeSet::new();
        names.into_iter().map(shown).filter(|name| !seen.insert(name.clone())).collect()
    }

    /// Refuses a document that only `policy.json` can say as a whole.
    pub(super) fn deny_by_default(&self) -> Result<(), Unsupported> {
        if self.policy.default == DefaultAction::Allow {
            return Err(Unsupported("Only a document whose default is deny is rendered in this format.".into()));
        }
        Ok(())
    }

    /// A note that stands where the stance of a tool passes the test.
    pub(super) fn note(&self, text: &'static str, when: impl Fn(&ToolEffect<'a>) -> bool) -> PartList {
        PartList::whenever(text, (0..self.tools.len()).filter(|i| when(&self.tools[*i].stance)).collect())
    }
}

impl<'a> ToolPolicy<'a> {
    /// What the document does with the tool of that name.
    pub fn of(policy: &'a Policy, name: &'a str) -> Self {
        let hidden = policy.hide.iter().any(|n| n == name || n == EVERY_TOOL);
        let entry = policy.tools.get(name).filter(|_| !hidden);
        let stance = match entry {
            _ if hidden => ToolEffect::Hide,
            Some(entry) => ToolEffect::of(entry, &policy.all_tools),
            None if policy.default == DefaultAction::Deny => ToolEffect::Deny(None),
            None if policy.all_tools.is_empty() => ToolEffect::Allow,
            None => ToolEffect::Limit(policy.all_tools.iter().collect()),
        };
        Self { name, stance, entry }
    }
}

impl<'a> ToolEffect<'a> {
    fn of(entry: &'a Entry, all_tools: &'a [Limit]) -> Self {
        if let Some(clause) = entry.deny_if.iter().find(|c| c.conditions.is_empty()) {
            return Self::Deny(clause.on_deny.as_deref());
        }
        let limits: Vec<&Limit> = entry.limits.iter().chain(all_tools).collect();
        if limits.iter().any(|l| l.max == 0) {
            return Self::Deny(None);
        }
        if !entry.require.iter().all(|c| c.conditions.is_empty()) {
            return Self::Other;
        }
        let mut arguments = Vec::with_capacity(entry.deny_if.len());
        // What keeps text out of the place of an object, a format says by the argument inside of it.
        for clause in entry.deny_if.iter().filter(|clause| !entry.guards_text(clause)) {
            let (path, values, absent) = match clause.conditions.as_slice() {
                [a] => match &a.test {
                    Test::NotIn(values) => (&a.path, values, false),
                    _ => return Self::Other,
                },
                [a, b] if a.path == b.path => match (&a.test, &b.test) {
                    (Test::NotIn(values), Test::Exists(true)) | (Test::Exists(true), Test::NotIn(values)) => {
                        (&a.path, values, true)
                    }
                    _ => return Self::Other,
                },
                _ => return Self::Other,
            };
            let fields = path.fields().collect();
            arguments.push(KeptArgument {
                fields,
                path: path.as_str(),
                values,
                absent,
                on_deny: clause.on_deny.as_deref(),
            });
        }
        match (arguments.is_empty(), limits.is_empty()) {
            (true, true) => Self::Allow,
            (true, false) => Self::Limit(limits),
            (false, _) => Self::Narrow(arguments, limits),
        }
    }

    /// Whether the document denies every call.
    pub fn is_denied(&self) -> bool {
        matches!(self, Self::Deny(_) | Self::Hide)
    }
}
