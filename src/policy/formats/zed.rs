//! Zed: `agent.tool_permissions` in `settings.json`; a tool is `mcp:S:T`.

use super::{
    ClientAnswer, ClientReading, DocumentPart, Effect, EntrySays, FileSlot, Format, FormatGroup, PartList, RuleOrder,
    Scope, SlotKind, ToolEffect, Unsupported, Written, json,
};

/// Zed's tool permissions.
pub(super) struct Zed;

impl Format for Zed {
    fn id(&self) -> &'static str {
        "zed"
    }

    fn label(&self) -> &'static str {
        "Zed"
    }

    fn group(&self) -> FormatGroup {
        FormatGroup::Agents
    }

    fn effect(&self) -> Effect {
        Effect::Enforces
    }

    fn filename(&self) -> &'static str {
        "settings.json"
    }

    fn place(&self) -> &'static str {
        "Merge it into `.zed/settings.json` of the project, or into `~/.config/zed/settings.json`; Zed 0.224 \
         or newer."
    }

    fn cannot(&self) -> &'static str {
        "It cannot limit calls: it asks instead. It cannot look at an argument of a server's tool: a tool \
         that depends on one is denied. What is not listed is asked for, not denied."
    }

    fn slots(&self, server: &str) -> Vec<FileSlot> {
        vec![
            FileSlot::new(&["agent", "tool_permissions", "default"], SlotKind::Default),
            FileSlot::new(&["agent", "tool_permissions", "tools"], SlotKind::Field("default"))
                .of(format!("mcp:{server}:")),
        ]
    }

    fn reading(&self, server: &str) -> Option<ClientReading> {
        let says = [None, Some(EntrySays::Value(super::WORDS))];
        let slots = self.slots(server).into_iter().zip(says).filter_map(|(slot, says)| Some((slot, says?))).collect();
        Some(ClientReading {
            slots,
            order: RuleOrder::Strictest,
            off: None,
            rest: (
                ["agent", "tool_permissions", "default"].map(str::to_owned).to_vec(),
                super::WORDS,
                ClientAnswer::Ask,
            ),
        })
    }

    fn write(&self, scope: &Scope<'_>) -> Result<Written, Unsupported> {
        scope.deny_by_default()?;
        let server = scope.server;
        let mut notes = Vec::new();
        if server.is_empty() || server.contains(':') {
            return Err(Unsupported("The server's name must not hold :, which stands before the tool's name.".into()));
        }
        let tools = scope.checked(&mut notes, |name| match name {
            "" => Err("is empty"),
            _ if name.contains(':') => Err("holds :, which stands between server and tool in this format"),
            _ => Ok(()),
        })?;
        let row = |(place, tool): (usize, &super::ToolPolicy<'_>)| {
            let default = match tool.stance {
                ToolEffect::Allow => "allow",
                ToolEffect::Limit(_) => "confirm",
                _ => "deny",
            };
            let key = json(&format!("mcp:{server}:{}", tool.name));
            DocumentPart::Row(place, format!("{key}: {{ \"default\": \"{default}\" }}"))
        };
        let rows = tools.into_iter().map(row).collect();
        notes.push(scope.note(super::ASKS.text, |s| matches!(s, ToolEffect::Limit(_))));
        notes.push(scope.note(super::DENIES.text, |s| matches!(s, ToolEffect::Narrow(..) | ToolEffect::Other)));
        notes.push(PartList::default().or(super::ASKS_FOR_REST.text));
        let rows = PartList::new("{\n        ", ",\n        ", "\n      }", rows).or("{}");
        let open = "{\n  \"agent\": {\n    \"tool_permissions\": {\n      \"default\": \"confirm\",\n      \"tools\": ";
        Ok(Written::new(PartList::new(open, "", "\n    }\n  }\n}\n", vec![rows.into()]), notes))
    }
}
