//! Codex: `[mcp_servers.S]` in `config.toml`.

use super::{DocumentPart, Effect, Format, Guide, PartList, Scope, ToolEffect, Unsupported, Written, toml};

/// Codex's tool lists and approval modes.
pub(super) struct Codex;

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

    fn write(&self, scope: &Scope<'_>) -> Result<Written, Unsupported> {
        scope.deny_by_default()?;
        let server = toml::key(scope.server);
        let (mut enabled, mut disabled, mut approved, mut offered) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
        let mut odd = Vec::new();
        for (place, tool) in scope.tools.iter().enumerate() {
            if !tool.name.bytes().all(plain) {
                odd.push(place);
            }
            let row = DocumentPart::Row(place, toml::string(tool.name));
            match tool.stance {
                ToolEffect::Allow | ToolEffect::Limit(_) => {
                    enabled.push(row);
                    offered.push(place);
                }
                _ => disabled.push(row),
            }
            if tool.stance == ToolEffect::Allow {
                let key = toml::key(tool.name);
                let text = format!("\n[mcp_servers.{server}.tools.{key}]\napproval_mode = \"approve\"\n");
                approved.push(DocumentPart::Row(place, text));
            }
        }
        let parts = vec![
            toml::list("", "enabled_tools", enabled, "").into(),
            toml::list("", "disabled_tools", disabled, "").into(),
            "default_tools_approval_mode = \"prompt\"\n".into(),
            PartList::new("", "", "", approved).into(),
        ];
        let notes = vec![
            scope.note(super::ASKS.text, |s| matches!(s, ToolEffect::Limit(_))),
            scope.note(super::OMITS.text, |s| matches!(s, ToolEffect::Narrow(..) | ToolEffect::Other)),
            PartList::whenever("", offered).or(super::ASKS_UNLISTED.text),
            PartList::whenever(
                "It may refuse a name with other characters than letters, digits, _ and -; the lists have the name as the server gives it.",
                odd,
            ),
        ];
        Ok(Written::new(PartList::new(format!("[mcp_servers.{server}]\n"), "", "", parts), notes))
    }
}
