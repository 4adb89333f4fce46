//! opencode and Kilo Code: `permission` in `opencode.json`. The last rule that matches wins, so the one for the rest of the
//! server comes first.

use super::{
    ClientAnswer, ClientReading, DocumentPart, Effect, EntrySays, FileSlot, Format, FormatGroup, PartList, RuleOrder,
    Scope, SlotKind, ToolEffect, Unsupported, Written, json, plain,
};

/// opencode's permissions.
pub(super) struct OpenCode;

impl Format for OpenCode {
    fn id(&self) -> &'static str {
        "opencode"
    }

    fn label(&self) -> &'static str {
        "opencode"
    }

    fn group(&self) -> FormatGroup {
        FormatGroup::Agents
    }

    fn effect(&self) -> Effect {
        Effect::Enforces
    }

    fn filename(&self) -> &'static str {
        "opencode.json"
    }

    fn place(&self) -> &'static str {
        "Merge it into `opencode.json` of the project, or into `~/.config/opencode/opencode.json`; Kilo Code \
         reads the same `permission`. The last rule that matches wins: the lines keep this order, below any \
         `*`."
    }

    fn cannot(&self) -> &'static str {
        "It cannot limit calls: it asks instead. It cannot look at an argument: a tool that depends on one is \
         denied."
    }

    fn slots(&self, server: &str) -> Vec<FileSlot> {
        vec![FileSlot::new(&["permission"], SlotKind::LastWins).of(format!("{server}_"))]
    }

    fn reading(&self, server: &str) -> Option<ClientReading> {
        let says = [Some(EntrySays::Value(super::WORDS))];
        let slots = self.slots(server).into_iter().zip(says).filter_map(|(slot, says)| Some((slot, says?))).collect();
        let rest = (Vec::new(), [].as_slice(), ClientAnswer::Allow);
        Some(ClientReading { slots, order: RuleOrder::Last, rest, off: None })
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
        let shown = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
        let clashes = scope.clashes(|name| name.chars().map(shown).collect());
        let tools = scope.checked(&mut notes, |name| match name {
            _ if !plain(name) => Err("has characters that this client replaces or reads as a pattern"),
            _ if clashes.contains(name) => Err("is what this client makes of another tool's too"),
            _ => Ok(()),
        })?;
        let mut rows: Vec<DocumentPart> = vec![format!("{}: \"deny\"", json(&format!("{server}_*"))).into()];
        rows.extend(tools.into_iter().map(|(place, tool)| {
            let action = match tool.stance {
                ToolEffect::Allow => "allow",
                ToolEffect::Limit(_) => "ask",
                _ => "deny",
            };
            DocumentPart::Row(place, format!("{}: \"{action}\"", json(&format!("{server}_{}", tool.name))))
        }));
        notes.push(scope.note(super::ASKS.text, |s| matches!(s, ToolEffect::Limit(_))));
        notes.push(scope.note(super::DENIES.text, |s| matches!(s, ToolEffect::Narrow(..) | ToolEffect::Other)));
        let rows = PartList::new("{\n    ", ",\n    ", "\n  }", rows);
        let open = "{\n  \"$schema\": \"https://opencode.ai/config.json\",\n  \"permission\": ";
        Ok(Written::new(PartList::new(open, "", "\n}\n", vec![rows.into()]), notes))
    }
}
