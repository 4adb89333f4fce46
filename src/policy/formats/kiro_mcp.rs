//! Kiro: `autoApprove` and `disabledTools` of a server in `mcp.json`.

use super::{
    ClientAnswer, ClientReading, Effect, EntrySays, FileSlot, Format, FormatGroup, Scope, Unsupported, Written,
    server_lists,
};

/// Kiro's lists of one server.
pub(super) struct KiroMcp;

impl Format for KiroMcp {
    fn id(&self) -> &'static str {
        "kiro-mcp"
    }

    fn label(&self) -> &'static str {
        "Kiro mcp.json"
    }

    fn group(&self) -> FormatGroup {
        FormatGroup::Agents
    }

    fn effect(&self) -> Effect {
        Effect::Hides
    }

    fn filename(&self) -> &'static str {
        "mcp.json"
    }

    fn place(&self) -> &'static str {
        "Merge it into the server's entry in `.kiro/settings/mcp.json` of the workspace, or in \
         `~/.kiro/settings/mcp.json`."
    }

    fn cannot(&self) -> &'static str {
        "It cannot limit calls: it asks instead. It cannot look at an argument: a tool that depends on one is \
         not offered. What is not listed is asked for, not denied."
    }

    fn slots(&self, server: &str) -> Vec<FileSlot> {
        ["autoApprove", "disabledTools"].map(|list| server_lists::slot(server, list)).into()
    }

    fn reading(&self, server: &str) -> Option<ClientReading> {
        let says = [Some(EntrySays::Answer(ClientAnswer::Allow)), Some(EntrySays::Answer(ClientAnswer::Deny))];
        let slots = self.slots(server).into_iter().zip(says).filter_map(|(slot, says)| Some((slot, says?))).collect();
        Some(ClientReading::strictest(slots, ClientAnswer::Ask))
    }

    fn write(&self, scope: &Scope<'_>) -> Result<Written, Unsupported> {
        scope.deny_by_default()?;
        server_lists::write(scope, "autoApprove", Some("disabledTools"))
    }
}
