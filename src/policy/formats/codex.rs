//! Codex: `[mcp_servers.S]` in `config.toml`.

use std::fmt::Write as _;

use super::{Effect, Format, Guide, Refusal, Rendered, Scope, Stance, toml};

/// Codex's tool lists and approval modes.
pub struct Codex;

impl Format for Codex {
    fn id(&self) -> &'static str {
        "codex"
    }

    fn label(&self) -> &'static str {
        "Codex"
    }

    fn effect(&self) -> Effect {
        Effect::Hides
    }

    fn filename(&self) -> &'static str {
        "config.toml"
    }

    fn place(&self) -> &'static str {
        "Add it to the server's table in `~/.codex/config.toml`; the table has the name that you gave the server."
    }

    fn cannot(&self) -> &'static str {
        "It cannot limit calls: it asks instead. It cannot look at an argument: a tool that depends on one is not \
         offered."
    }

    fn guide(&self) -> Option<Guide> {
        Some(Guide {
            program: "Codex",
            file: "~/.codex/config.toml",
            file_url: "https://developers.openai.com/codex/config-reference",
            start_url: "https://developers.openai.com/codex/mcp",
            start: |key, program, args| format!("codex mcp add {key} -- {program} {args}"),
        })
    }

    fn render(&self, scope: &Scope<'_>) -> Result<Rendered, Refusal> {
        scope.deny_by_default()?;
        let mut notes = Vec::new();
        let (mut enabled, mut disabled, mut approved) = (Vec::new(), Vec::new(), Vec::new());
        for tool in &scope.tools {
            match tool.stance {
                Stance::Allow => {
                    enabled.push(tool.name);
                    approved.push(tool.name);
                }
                Stance::Limit(_) => enabled.push(tool.name),
                _ => disabled.push(tool.name),
            }
        }
        let server = toml::key(scope.server);
        let mut text = format!("[mcp_servers.{server}]\n");
        toml::list(&mut text, "enabled_tools", &enabled);
        toml::list(&mut text, "disabled_tools", &disabled);
        text.push_str("default_tools_approval_mode = \"prompt\"\n");
        for name in approved {
            let _ = write!(text, "\n[mcp_servers.{server}.tools.{}]\napproval_mode = \"approve\"\n", toml::key(name));
        }
        if scope.any(|s| matches!(s, Stance::Limit(_))) {
            notes.push(super::ASKS.text.into());
        }
        if scope.any(|s| matches!(s, Stance::Narrow(..) | Stance::Other)) {
            notes.push(super::OMITS.text.into());
        }
        if enabled.is_empty() {
            notes.push(super::ASKS_UNLISTED.text.into());
        }
        Ok(Rendered { text, notes })
    }
}
