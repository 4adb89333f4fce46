//! Kiro and Amazon Q: an agent's JSON. `tools` is what the agent has, `allowedTools` what it calls without asking.

use super::{
    ClientAnswer, ClientReading, Effect, EntrySays, FileSlot, Format, FormatGroup, PartList, Scope, SlotKind,
    ToolEffect, Unsupported, Written, json_row, plain,
};

/// The tools of a Kiro agent.
pub(super) struct Kiro;

impl Format for Kiro {
    fn id(&self) -> &'static str {
        "kiro"
    }

    fn label(&self) -> &'static str {
        "Kiro agent"
    }

    fn group(&self) -> FormatGroup {
        FormatGroup::Agents
    }

    fn effect(&self) -> Effect {
        Effect::Hides
    }

    fn filename(&self) -> &'static str {
        "agent.json"
    }

    fn place(&self) -> &'static str {
        "Merge it into `.kiro/agents/NAME.json`, or into `.amazonq/cli-agents/NAME.json`; what the agent \
         needs besides this server, `@builtin` for example, goes into `tools` too."
    }

    fn cannot(&self) -> &'static str {
        "It cannot limit calls: it asks instead. It cannot look at an argument: a tool that depends on one is \
         not offered."
    }

    fn slots(&self, server: &str) -> Vec<FileSlot> {
        ["tools", "allowedTools"].map(|list| FileSlot::new(&[list], SlotKind::List).of(format!("@{server}/"))).into()
    }

    fn reading(&self, server: &str) -> Option<ClientReading> {
        let says = [Some(EntrySays::Offers), Some(EntrySays::Answer(ClientAnswer::Allow))];
        let slots = self.slots(server).into_iter().zip(says).filter_map(|(slot, says)| Some((slot, says?))).collect();
        Some(ClientReading::strictest(slots, ClientAnswer::Ask))
    }

    fn write(&self, scope: &Scope<'_>) -> Result<Written, Unsupported> {
        scope.deny_by_default()?;
        let server = scope.server;
        let mut notes = Vec::new();
        if !plain(server) {
            return Err(Unsupported(
                "The server's name must be letters, digits, _ and - here; give it such a name in the client.".into(),
            ));
        }
        let tools = scope.checked(&mut notes, |name| {
            if plain(name) { Ok(()) } else { Err("has characters that this list cannot hold or reads as a pattern") }
        })?;
        let (mut offered, mut allowed) = (Vec::new(), Vec::new());
        for (place, tool) in tools {
            let row = || json_row(place, &format!("@{server}/{}", tool.name));
            match tool.stance {
                ToolEffect::Allow => {
                    offered.push(row());
                    allowed.push(row());
                }
                ToolEffect::Limit(_) => offered.push(row()),
                _ => {}
            }
        }
        notes.push(scope.note(super::ASKS.text, |s| matches!(s, ToolEffect::Limit(_))));
        notes.push(scope.note(super::OMITS.text, |s| matches!(s, ToolEffect::Narrow(..) | ToolEffect::Other)));
        // Without `tools` an agent has all.
        let parts = vec![
            PartList::new("\"tools\": [\n    ", ",\n    ", "\n  ]", offered).or("\"tools\": []").into(),
            PartList::new("\"allowedTools\": [\n    ", ",\n    ", "\n  ]", allowed).or("\"allowedTools\": []").into(),
        ];
        Ok(Written::new(PartList::new("{\n  ", ",\n  ", "\n}\n", parts), notes))
    }
}
