//! Roo Code: `alwaysAllow` and `disabledTools` of a server in `mcp.json`.

use super::{
    ClientAnswer, ClientReading, Effect, EntrySays, FileSlot, Format, FormatGroup, Scope, Unsupported, Written,
    server_lists,
};

/// Roo Code's lists of one server.
pub(super) struct Roo;

impl Format for Roo {
    fn id(&self) -> &'static str {
        "roo"
    }

    fn label(&self) -> &'static str {
        "Roo Code"
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
        "Merge it into the server's entry in `.roo/mcp.json` of the project, or in `mcp_settings.json`."
    }

    fn cannot(&self) -> &'static str {
        "It cannot limit calls: it asks instead. It cannot look at an argument: a tool that depends on one is \
         not offered. What is not listed is asked for, not denied."
    }

    fn slots(&self, server: &str) -> Vec<FileSlot> {
        ["alwaysAllow", "disabledTools"].map(|list| server_lists::slot(server, list)).into()
    }

    fn reading(&self, server: &str) -> Option<ClientReading> {
        let says = [Some(EntrySays::Answer(ClientAnswer::Allow)), Some(EntrySays::Answer(ClientAnswer::Deny))];
        let slots = self.slots(server).into_iter().zip(says).filter_map(|(slot, says)| Some((slot, says?))).collect();
        Some(ClientReading::strictest(slots, ClientAnswer::Ask))
    }

    fn write(&self, scope: &Scope<'_>) -> Result<Written, Unsupported> {
        scope.deny_by_default()?;
        server_lists::write(scope, "alwaysAllow", Some("disabledTools"))
    }
}
