//! Anthropic Managed Agents: one `mcp_toolset` of an agent, which can ask.

use super::{
    ClientAnswer, ClientReading, DocumentPart, Effect, EntryRule, EntrySays, FileSlot, Format, FormatGroup, PartList,
    RuleOrder, Scope, SettingsNode, SlotKind, ToolEffect, Unsupported, Written, json,
};

/// The permission policies of a managed agent.
pub(super) struct AnthropicManaged;

impl Format for AnthropicManaged {
    fn id(&self) -> &'static str {
        "anthropic-managed"
    }

    fn label(&self) -> &'static str {
        "Anthropic Managed Agents"
    }

    fn group(&self) -> FormatGroup {
        FormatGroup::Cloud
    }

    fn effect(&self) -> Effect {
        Effect::Hides
    }

    fn filename(&self) -> &'static str {
        "anthropic-agent-toolset.json"
    }

    fn place(&self) -> &'static str {
        "One entry of `tools` of an agent; `mcp_server_name` is the name of the entry in `mcp_servers`. The \
         API needs the header `anthropic-beta: managed-agents-2026-04-01`."
    }

    fn cannot(&self) -> &'static str {
        "It cannot limit calls: it asks instead. It cannot look at an argument: a tool that depends on one is \
         not offered."
    }

    fn reading(&self, _server: &str) -> Option<ClientReading> {
        let slots = vec![(FileSlot::new(&["configs"], SlotKind::Rules("name")), EntrySays::Rules(read))];
        let rest = (
            ["default_config", "enabled"].map(str::to_owned).into(),
            [("false", ClientAnswer::Deny)].as_slice(),
            ClientAnswer::Allow,
        );
        Some(ClientReading { slots, order: RuleOrder::Strictest, rest, off: None })
    }

    fn write(&self, scope: &Scope<'_>) -> Result<Written, Unsupported> {
        scope.deny_by_default()?;
        // The default is off: a whole server lists what is on, one tool is always shown.
        let row = |(place, tool): (usize, &super::ToolPolicy<'_>)| {
            let policy = match tool.stance {
                ToolEffect::Allow => "always_allow",
                ToolEffect::Limit(_) => "always_ask",
                _ if scope.alone => {
                    return Some(DocumentPart::Row(
                        place,
                        format!("{{\"name\": {}, \"enabled\": false}}", json(tool.name)),
                    ));
                }
                _ => return None,
            };
            let name = json(tool.name);
            let text = format!(
                "{{\n      \"name\": {name},\n      \"enabled\": true,\n      \"permission_policy\": {{\"type\": \"{policy}\"}}\n    }}"
            );
            Some(DocumentPart::Row(place, text))
        };
        let rows = scope.tools.iter().enumerate().filter_map(row).collect();
        let notes = vec![
            scope.note(super::ASKS.text, |s| matches!(s, ToolEffect::Limit(_))),
            scope.note(super::OMITS.text, |s| matches!(s, ToolEffect::Narrow(..) | ToolEffect::Other)),
        ];
        let parts = vec![
            "\"type\": \"mcp_toolset\"".into(),
            format!("\"mcp_server_name\": {}", json(scope.server)).into(),
            "\"default_config\": {\n    \"enabled\": false,\n    \"permission_policy\": {\"type\": \"always_ask\"}\n  }".into(),
            PartList::new("\"configs\": [\n    ", ",\n    ", "\n  ]", rows).into(),
        ];
        Ok(Written::new(PartList::new("{\n  ", ",\n  ", "\n}\n", parts), notes))
    }
}

/// What the entry of a tool says; what it leaves to the default counts as enabled.
fn read(_: &FileSlot, _: &str, entry: &SettingsNode) -> Vec<(String, EntryRule)> {
    let text = |key: &str| entry.get(key).and_then(SettingsNode::text);
    let asks = entry.get("permission_policy").and_then(|policy| policy.get("type")?.text()) == Some("always_ask");
    let answer = match text("enabled") {
        Some("false") => ClientAnswer::Deny,
        _ if asks => ClientAnswer::Ask,
        _ => ClientAnswer::Allow,
    };
    text("name").map(|name| (name.to_owned(), EntryRule::always(answer))).into_iter().collect()
}
