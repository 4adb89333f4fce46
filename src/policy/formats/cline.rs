//! Cline: `autoApprove` of a server in `cline_mcp_settings.json`. There is no list of what is denied.

use super::{
    ClientAnswer, ClientReading, Effect, EntrySays, FileSlot, Format, FormatGroup, Scope, Unsupported, Written,
    server_lists,
};

/// Cline's list of one server.
pub(super) struct Cline;

impl Format for Cline {
    fn id(&self) -> &'static str {
        "cline"
    }

    fn label(&self) -> &'static str {
        "Cline"
    }

    fn group(&self) -> FormatGroup {
        FormatGroup::Agents
    }

    fn effect(&self) -> Effect {
        Effect::Asks
    }

    fn filename(&self) -> &'static str {
        "cline_mcp_settings.json"
    }

    fn place(&self) -> &'static str {
        "Merge it into the server's entry in `cline_mcp_settings.json`, which `Configure MCP Servers` opens."
    }

    fn cannot(&self) -> &'static str {
        "It can neither deny nor limit nor look at an argument: it asks before each call instead."
    }

    fn slots(&self, server: &str) -> Vec<FileSlot> {
        ["autoApprove"].map(|list| server_lists::slot(server, list)).into()
    }

    fn reading(&self, server: &str) -> Option<ClientReading> {
        let says = [Some(EntrySays::Answer(ClientAnswer::Allow))];
        let slots = self.slots(server).into_iter().zip(says).filter_map(|(slot, says)| Some((slot, says?))).collect();
        Some(ClientReading::strictest(slots, ClientAnswer::Ask))
    }

    fn write(&self, scope: &Scope<'_>) -> Result<Written, Unsupported> {
        scope.deny_by_default()?;
        server_lists::write(scope, "autoApprove", None)
    }
}
