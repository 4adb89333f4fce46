//! Microsoft's agent governance toolkit: the YAML of its MCP proxy. The first rule that matches wins, and a rule whose
//! conditions do not hold does not match.

use std::fmt::Write as _;

use serde_json::Value;

use super::yaml;
use super::{
    ArgumentTest, ClientAnswer, ClientReading, DocumentPart, Effect, EntryRule, EntrySays, FileSlot, Format,
    FormatGroup, KeptArgument, PartList, RuleOrder, Scope, SettingsNode, SlotKind, ToolEffect, Unsupported, Written,
};
use crate::policy::{Limit, Pattern, Window};

/// The rules of the toolkit's MCP proxy.
pub(super) struct Agt;

impl Format for Agt {
    fn id(&self) -> &'static str {
        "agt"
    }

    fn label(&self) -> &'static str {
        "Agent governance toolkit"
    }

    fn group(&self) -> FormatGroup {
        FormatGroup::Gateways
    }

    fn effect(&self) -> Effect {
        Effect::Enforces
    }

    fn names_server(&self) -> bool {
        false
    }

    fn filename(&self) -> &'static str {
        "policy.yaml"
    }

    fn place(&self) -> &'static str {
        "Give the file to the proxy: `npx @microsoft/agentmesh-mcp-proxy protect --policy policy.yaml`."
    }

    fn cannot(&self) -> &'static str {
        "It has one limit a tool, for a minute or an hour: a tool with another is denied. It compares an \
         argument of the first level as text, so a list that holds one listed value passes as well, a call \
         without the argument is denied, and so is a tool that depends on another kind of value."
    }

    fn slots(&self, _server: &str) -> Vec<FileSlot> {
        vec![
            FileSlot::new(&["version"], SlotKind::Default),
            FileSlot::new(&["mode"], SlotKind::Default),
            FileSlot::new(&["rules"], SlotKind::Rules("tool")),
        ]
    }

    fn reading(&self, _server: &str) -> Option<ClientReading> {
        let slots = vec![(FileSlot::new(&["rules"], SlotKind::Rules("tool")), EntrySays::Rules(read))];
        let rest = (Vec::new(), [].as_slice(), ClientAnswer::Deny);
        Some(ClientReading { slots, order: RuleOrder::First, rest, off: Some(("mode", "shadow")) })
    }

    fn write(&self, scope: &Scope<'_>) -> Result<Written, Unsupported> {
        scope.deny_by_default()?;
        let mut notes = Vec::new();
        let tools = scope.checked(&mut notes, |name| match name {
            "" => Err("is empty"),
            _ if name.contains('*') => Err("holds *, which is a pattern in this format"),
            _ => Ok(()),
        })?;
        let (mut odd, mut needs) = (Vec::new(), Vec::new());
        let mut rows = Vec::with_capacity(tools.len() + 1);
        for (place, tool) in tools {
            let mut text = format!("  - tool: {}\n", yaml::text(tool.name));
            let passing = match &tool.stance {
                ToolEffect::Allow => Some(String::new()),
                ToolEffect::Limit(limits) => limited(limits),
                ToolEffect::Narrow(arguments, limits) => {
                    if arguments.iter().any(|a| a.absent) {
                        needs.push(place);
                    }
                    conditions(arguments).and_then(|text| Some(text + &limited(limits)?))
                }
                _ => None,
            };
            match (passing, &tool.stance) {
                (Some(more), _) => {
                    let _ = write!(text, "    action: allow\n{more}");
                }
                (None, ToolEffect::Deny(Some(message))) => {
                    let _ = write!(text, "    action: deny\n    reason: {}\n", yaml::quoted(message));
                }
                (None, stance) => {
                    text.push_str("    action: deny\n");
                    if !stance.is_denied() {
                        odd.push(place);
                    }
                }
            }
            rows.push(DocumentPart::Row(place, text));
        }
        rows.push("  - tool: \"*\"\n    action: deny\n    reason: \"It is not in the policy.\"\n".into());
        notes.push(PartList::whenever(super::NEEDS_ARGUMENT.text, needs));
        notes.push(PartList::whenever(super::DENIES_OTHER.text, odd));
        Ok(Written::new(PartList::new("version: \"1.0\"\nmode: enforce\nrules:\n", "", "", rows), notes))
    }
}

/// The limit of a rule; nothing where there is none, `None` where it cannot be said.
fn limited(limits: &[&Limit]) -> Option<String> {
    match limits {
        [] => Some(String::new()),
        [one] if one.window != Window::Day => {
            Some(format!("    rate_limit:\n      requests: {}\n      per: {}\n", one.max, one.window))
        }
        _ => None,
    }
}

/// The conditions on arguments. A value is compared as text: only texts that no other kind of value becomes are sure.
fn conditions(arguments: &[KeptArgument<'_>]) -> Option<String> {
    let mut text = String::from("    conditions:\n");
    for argument in arguments {
        let [field] = argument.fields.as_slice() else { return None };
        let values: Option<Vec<String>> = argument.values.iter().map(pattern).collect();
        let pattern = format!("^(?:{})$", values?.join("|"));
        let _ = write!(text, "      - argument_matches:\n          {}: {}\n", key(field)?, yaml::quoted(&pattern));
    }
    Some(text)
}

fn key(field: &str) -> Option<String> {
    (yaml::quoted(field).len() <= yaml::MAX_KEY).then(|| yaml::text(field).into_owned())
}

/// A value as an expression that matches it alone.
fn pattern(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'_' | b'-' | b'.' | b'/' | b':');
    let becomes = matches!(text, "true" | "false" | "null" | "undefined" | "Infinity" | "NaN");
    let begins = text.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
    (begins && text.bytes().all(plain) && !becomes).then(|| text.replace('.', "\\.").replace('/', "\\/"))
}

/// What a rule says. A condition that is not understood holds where the rule allows, and does not where it denies.
fn read(_: &FileSlot, _: &str, rule: &SettingsNode) -> Vec<(String, EntryRule)> {
    let Some(tool) = rule.get("tool").and_then(SettingsNode::text) else { return Vec::new() };
    let allows = rule.get("action").and_then(SettingsNode::text) != Some("deny");
    let mut when = Vec::new();
    for (key, value) in rule.get("conditions").into_iter().flat_map(SettingsNode::items).flat_map(SettingsNode::fields)
    {
        let hit = match key {
            "argument_matches" => Some(true),
            "argument_not_matches" => Some(false),
            _ => None,
        };
        let test = |(argument, pattern): (&str, &SettingsNode)| {
            let pattern = Pattern::new(pattern.text()?).ok()?;
            Some(ArgumentTest::Text(argument.to_owned(), pattern, hit?))
        };
        let read: Option<Vec<ArgumentTest>> = hit.and_then(|_| value.fields().map(test).collect());
        match read {
            Some(tests) => when.extend(tests),
            None => when.push(ArgumentTest::Unread(allows)),
        }
    }
    let limit = rule.get("rate_limit").and_then(|limit| limit.get("requests")?.text()?.parse().ok());
    let answer = if allows { ClientAnswer::Allow } else { ClientAnswer::Deny };
    vec![(tool.to_owned(), EntryRule { answer, when, limit, rank: 0 })]
}
