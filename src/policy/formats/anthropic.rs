//! Anthropic MCP connector: one `mcp_toolset` of a request.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Effect, Format, Refusal, Rendered, Scope, Stance, json};

/// Anthropic's toolset configuration.
pub struct Anthropic;

#[derive(Serialize)]
struct Toolset<'a> {
    r#type: &'static str,
    mcp_server_name: &'a str,
    default_config: Enabled,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    configs: BTreeMap<&'a str, Enabled>,
}

#[derive(Serialize)]
struct Enabled {
    enabled: bool,
}

impl Format for Anthropic {
    fn id(&self) -> &'static str {
        "anthropic"
    }

    fn label(&self) -> &'static str {
        "Anthropic MCP connector"
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

    fn render(&self, scope: &Scope<'_>) -> Result<Rendered, Refusal> {
        scope.deny_by_default()?;
        let mut notes = Vec::new();
        let on = |stance: &Stance<'_>| matches!(stance, Stance::Allow);
        // The default is off: a whole server lists what is on, one tool is always shown.
        let shown = scope.tools.iter().filter(|t| scope.alone || on(&t.stance));
        let configs = shown.map(|t| (t.name, Enabled { enabled: on(&t.stance) })).collect();
        if scope.any(|s| matches!(s, Stance::Limit(_))) {
            notes.push("Cannot limit and cannot ask: leaves the tool off.".into());
        }
        if scope.any(|s| matches!(s, Stance::Narrow(..) | Stance::Other)) {
            notes.push("Cannot look at an argument: leaves the tool off.".into());
        }
        let toolset = Toolset {
            r#type: "mcp_toolset",
            mcp_server_name: scope.server,
            default_config: Enabled { enabled: false },
            configs,
        };
        Ok(Rendered { text: json(&toolset), notes })
    }
}
