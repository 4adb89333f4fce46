//! Codex: `[mcp_servers.S]` in `config.toml`. `approval_mode` is `auto`, `prompt`, `writes` or `approve`; `auto` and
//! `writes` believe the server's own hints, so neither is written.

use super::{
    ClientAnswer, ClientReading, DocumentPart, Effect, EntrySays, FileSlot, Format, FormatGroup, Guide, PartList,
    RuleOrder, Scope, SlotKind, ToolEffect, Unsupported, Written, toml,
};

/// What approval modes come to: those that are not here believe the server's hints.
const MODES: &[(&str, ClientAnswer)] = &[("prompt", ClientAnswer::Ask)];

/// Codex's tool lists and approval modes.
pub(super) struct Codex;

impl Format for Codex {
    fn id(&self) -> &'static str {
        "codex"
    }

    fn label(&self) -> &'static str {
        "Codex"
    }

    fn group(&self) -> FormatGroup {
        FormatGroup::Agents
    }

    fn effect(&self) -> Effect {
        Effect::Hides
    }

    fn filename(&self) -> &'static str {
        "config.toml"
    }

    fn place(&self) -> &'static str {
        "Add it to the server's table in `~/.codex/config.toml`; the table has the name that you gave the server. A second \
         `[mcp_servers]` table of that name is an error in TOML: put the lines into the one that is there."
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

    fn slots(&self, server: &str) -> Vec<FileSlot> {
        let at = |last| ["mcp_servers", server, last];
        vec![
            FileSlot::new(&at("enabled_tools"), SlotKind::List),
            FileSlot::new(&at("disabled_tools"), SlotKind::List),
            FileSlot::new(&at("default_tools_approval_mode"), SlotKind::Own),
            FileSlot::new(&at("tools"), SlotKind::Field("approval_mode")),
        ]
    }

    fn reading(&self, server: &str) -> Option<ClientReading> {
        let own = |key: &str| ["mcp_servers", server, key].map(str::to_owned).to_vec();
        let says =
            [Some(EntrySays::Offers), Some(EntrySays::Answer(ClientAnswer::Deny)), None, Some(EntrySays::Value(MODES))];
        let slots = self.slots(server).into_iter().zip(says).filter_map(|(slot, says)| Some((slot, says?))).collect();
        Some(ClientReading {
            slots,
            order: RuleOrder::Strictest,
            off: None,
            rest: (own("default_tools_approval_mode"), MODES, ClientAnswer::Allow),
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
