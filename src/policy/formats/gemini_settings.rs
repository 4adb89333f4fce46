//! Gemini CLI: `mcpServers.S` in `settings.json`. `excludeTools` wins over `includeTools`.

use super::{
    ClientAnswer, ClientReading, Effect, EntrySays, FileSlot, Format, FormatGroup, Guide, PartList, RuleOrder, Scope,
    SlotKind, ToolEffect, Unsupported, Written, json, json_row,
};

/// Gemini CLI's tool lists.
pub(super) struct GeminiSettings;

impl Format for GeminiSettings {
    fn id(&self) -> &'static str {
        "gemini-settings"
    }

    fn label(&self) -> &'static str {
        "Gemini CLI settings"
    }

    fn group(&self) -> FormatGroup {
        FormatGroup::Agents
    }

    fn effect(&self) -> Effect {
        Effect::Hides
    }

    fn filename(&self) -> &'static str {
        "settings.json"
    }

    fn place(&self) -> &'static str {
        "Merge it into the server's entry in `.gemini/settings.json` of the project, or in `~/.gemini/settings.json`; it \
         does not use `tools.exclude`, which is deprecated."
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

    fn slots(&self, server: &str) -> Vec<FileSlot> {
        let at = |last| ["mcpServers", server, last];
        vec![
            FileSlot::new(&at("includeTools"), SlotKind::List),
            FileSlot::new(&at("excludeTools"), SlotKind::List),
            FileSlot::new(&at("trust"), SlotKind::Own),
        ]
    }

    fn reading(&self, server: &str) -> Option<ClientReading> {
        let says = [Some(EntrySays::Offers), Some(EntrySays::Answer(ClientAnswer::Deny)), None];
        let slots = self.slots(server).into_iter().zip(says).filter_map(|(slot, says)| Some((slot, says?))).collect();
        Some(ClientReading {
            slots,
            order: RuleOrder::Strictest,
            off: None,
            rest: (
                ["mcpServers", server, "trust"].map(str::to_owned).to_vec(),
                &[("false", ClientAnswer::Ask)],
                ClientAnswer::Ask,
            ),
        })
    }

    fn write(&self, scope: &Scope<'_>) -> Result<Written, Unsupported> {
        scope.deny_by_default()?;
        let mut notes = Vec::new();
        let tools = scope.checked(&mut notes, |name| match name {
            _ if name.contains(['(', ')']) => Err("holds a parenthesis, where this client ends a tool's name"),
            _ => Ok(()),
        })?;
        let (mut include, mut exclude, mut included) = (Vec::new(), Vec::new(), Vec::new());
        for (place, tool) in tools {
            let list = match tool.stance {
                ToolEffect::Allow | ToolEffect::Limit(_) => {
                    included.push(place);
                    &mut include
                }
                _ => &mut exclude,
            };
            list.push(json_row(place, tool.name));
        }
        notes.push(scope.note(super::ASKS.text, |s| matches!(s, ToolEffect::Limit(_))));
        notes.push(scope.note(super::OMITS.text, |s| matches!(s, ToolEffect::Narrow(..) | ToolEffect::Other)));
        notes.push(PartList::whenever("", included).or(super::ASKS_UNLISTED.text));
        let list = |open, rows| PartList::new(open, ",\n        ", "\n      ]", rows).into();
        let parts = vec![
            list("\"includeTools\": [\n        ", include),
            list("\"excludeTools\": [\n        ", exclude),
            "\"trust\": false".into(),
        ];
        let open = format!("{{\n  \"mcpServers\": {{\n    {}: {{\n      ", json(scope.server));
        let document = PartList::new(open, ",\n      ", "\n    }\n  }\n}\n", parts);
        Ok(Written::new(document, notes))
    }
}
