//! Gemini CLI: `mcpServers.S` in `settings.json`. `excludeTools` wins over `includeTools`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Effect, Format, Guide, Refusal, Rendered, Scope, Stance, json};

/// Gemini CLI's tool lists.
pub struct GeminiSettings;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Settings<'a> {
    mcp_servers: BTreeMap<&'a str, Server<'a>>,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct Server<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    include_tools: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    exclude_tools: Vec<&'a str>,
    trust: bool,
}

impl Format for GeminiSettings {
    fn id(&self) -> &'static str {
        "gemini-settings"
    }

    fn label(&self) -> &'static str {
        "Gemini CLI settings"
    }

    fn effect(&self) -> Effect {
        Effect::Hides
    }

    fn filename(&self) -> &'static str {
        "settings.json"
    }

    fn place(&self) -> &'static str {
        "Merge it into the server's entry in `.gemini/settings.json` of the project, or in `~/.gemini/settings.json`."
    }

    fn cannot(&self) -> &'static str {
        "It cannot limit calls, and it asks before each call of every tool. It cannot look at an argument: a tool \
         that depends on one is not offered."
    }

    fn guide(&self) -> Option<Guide> {
        Some(Guide {
            program: "Gemini CLI",
            file: ".gemini/settings.json",
            file_url: "https://geminicli.com/docs/tools/mcp-server/",
            start_url: "https://geminicli.com/docs/tools/mcp-server/",
            start: |key, program, args| format!("gemini mcp add {key} {program} -- {args}"),
        })
    }

    fn render(&self, scope: &Scope<'_>) -> Result<Rendered, Refusal> {
        scope.deny_by_default()?;
        let mut notes = Vec::new();
        let mut server = Server::default();
        let tools = scope.checked(&mut notes, |name| match name {
            _ if name.contains(['(', ')']) => Err("holds a parenthesis, where this client ends a tool's name"),
            _ => Ok(()),
        })?;
        for tool in tools {
            match tool.stance {
                Stance::Allow | Stance::Limit(_) => server.include_tools.push(tool.name),
                _ => server.exclude_tools.push(tool.name),
            }
        }
        if scope.any(|s| matches!(s, Stance::Limit(_))) {
            notes.push(super::ASKS.text.into());
        }
        if scope.any(|s| matches!(s, Stance::Narrow(..) | Stance::Other)) {
            notes.push(super::OMITS.text.into());
        }
        if server.include_tools.is_empty() {
            notes.push(super::ASKS_UNLISTED.text.into());
        }
        Ok(Rendered { text: json(&Settings { mcp_servers: BTreeMap::from([(scope.server, server)]) }), notes })
    }
}
