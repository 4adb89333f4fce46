//! `LiteLLM`: `allowed_tools` of a server in the proxy's `config.yaml`.

use super::{
    ClientAnswer, ClientReading, DocumentPart, Effect, EntrySays, FileSlot, Format, FormatGroup, PartList, Scope,
    SlotKind, ToolEffect, Unsupported, Written, plain, yaml,
};

/// The tools that `LiteLLM` passes on.
pub(super) struct LiteLlm;

impl Format for LiteLlm {
    fn id(&self) -> &'static str {
        "litellm"
    }

    fn label(&self) -> &'static str {
        "LiteLLM"
    }

    fn group(&self) -> FormatGroup {
        FormatGroup::Gateways
    }

    fn effect(&self) -> Effect {
        Effect::Hides
    }

    fn filename(&self) -> &'static str {
        "config.yaml"
    }

    fn place(&self) -> &'static str {
        "Merge it into the server's entry in the proxy's `config.yaml`; a key or team can be given fewer."
    }

    fn cannot(&self) -> &'static str {
        "It can neither limit nor ask nor look at an argument: a tool that needs one of these is not offered."
    }

    fn slots(&self, server: &str) -> Vec<FileSlot> {
        vec![FileSlot::new(&["mcp_servers", server, "allowed_tools"], SlotKind::List)]
    }

    fn reading(&self, server: &str) -> Option<ClientReading> {
        let denied = FileSlot::new(&["mcp_servers", server, "disallowed_tools"], SlotKind::List);
        let offered = self.slots(server).into_iter().map(|slot| (slot, EntrySays::OffersIfAny));
        let slots = offered.chain([(denied, EntrySays::Answer(ClientAnswer::Deny))]).collect();
        Some(ClientReading::strictest(slots, ClientAnswer::Allow))
    }

    fn write(&self, scope: &Scope<'_>) -> Result<Written, Unsupported> {
        scope.deny_by_default()?;
        let mut notes = Vec::new();
        if !plain(scope.server) || scope.server.len() > yaml::MAX_KEY {
            return Err(Unsupported(
                "The server's name must be letters, digits, _ and - here; give it such a name in the gateway.".into(),
            ));
        }
        let tools = scope.checked(&mut notes, |_| Ok(()))?;
        let offered = tools.into_iter().filter(|(_, tool)| tool.stance == ToolEffect::Allow);
        let row = |name: &str| format!("      - {}\n", yaml::text(name));
        let rows = offered.map(|(place, tool)| DocumentPart::Row(place, row(tool.name))).collect();
        notes.push(
            scope.note("It can neither limit nor ask: it does not offer the tool.", |s| {
                matches!(s, ToolEffect::Limit(_))
            }),
        );
        notes.push(scope.note(super::OMITS.text, |s| matches!(s, ToolEffect::Narrow(..) | ToolEffect::Other)));
        let open = format!("mcp_servers:\n  {}:\n    allowed_tools:\n", yaml::text(scope.server));
        // An empty list passes everything on.
        let otherwise = "It lists what is offered, and nothing is: leave the server out.";
        Ok(Written { document: PartList::new(open, "", "", rows), notes, otherwise })
    }
}
