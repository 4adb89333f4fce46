//! Anthropic MCP connector: one `mcp_toolset` of a request.

use super::{
    ClientAnswer, ClientReading, DocumentPart, Effect, EntrySays, FileSlot, Format, FormatGroup, PartList, RuleOrder,
    Scope, SlotKind, ToolEffect, Unsupported, Written, json,
};

const ENABLED: &[(&str, ClientAnswer)] = &[("true", ClientAnswer::Allow), ("false", ClientAnswer::Deny)];

/// Anthropic's toolset configuration.
pub(super) struct Anthropic;

impl Format for Anthropic {
    fn id(&self) -> &'static str {
        "anthropic"
    }

    fn label(&self) -> &'static str {
        "Anthropic MCP connector"
    }

    fn group(&self) -> FormatGroup {
        FormatGroup::Cloud
    }

    fn effect(&self) -> Effect {
        Effect::Hides
    }

    fn filename(&self) -> &'static str {
        "anthropic-toolset.json"
    }

    fn place(&self) -> &'static str {
        "One entry of `tools` in a request; `mcp_server_name` is the name of the entry in `mcp_servers`."
    }

    fn cannot(&self) -> &'static str {
        "It can neither limit nor ask nor look at an argument: a tool that needs one of these stays off."
    }

    fn reading(&self, _server: &str) -> Option<ClientReading> {
        let slots = vec![(FileSlot::new(&["configs"], SlotKind::Field("enabled")), EntrySays::Value(ENABLED))];
        let rest = (["default_config", "enabled"].map(str::to_owned).into(), ENABLED, ClientAnswer::Allow);
        Some(ClientReading { slots, order: RuleOrder::Strictest, rest, off: None })
    }

    fn write(&self, scope: &Scope<'_>) -> Result<Written, Unsupported> {
        scope.deny_by_default()?;
        let on = |stance: &ToolEffect<'_>| matches!(stance, ToolEffect::Allow);
        // The default is off: a whole server lists what is on, one tool is always shown.
        let shown = scope.tools.iter().enumerate().filter(|(_, t)| scope.alone || on(&t.stance));
        let row = |name: &str, on: bool| format!("{}: {{\n      \"enabled\": {on}\n    }}", json(name));
        let rows = shown.map(|(place, t)| DocumentPart::Row(place, row(t.name, on(&t.stance)))).collect();
        let notes = vec![
            scope.note("It can neither limit nor ask: it leaves the tool off.", |s| matches!(s, ToolEffect::Limit(_))),
            scope.note("It cannot look at arguments: it leaves the tool off.", |s| {
                matches!(s, ToolEffect::Narrow(..) | ToolEffect::Other)
            }),
        ];
        let parts = vec![
            "\"type\": \"mcp_toolset\"".into(),
            format!("\"mcp_server_name\": {}", json(scope.server)).into(),
            "\"default_config\": {\n    \"enabled\": false\n  }".into(),
            PartList::new("\"configs\": {\n    ", ",\n    ", "\n  }", rows).into(),
        ];
        Ok(Written::new(PartList::new("{\n  ", ",\n  ", "\n}\n", parts), notes))
    }
}
