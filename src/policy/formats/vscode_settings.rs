//! VS Code: `chat.tools.eligibleForAutoApproval` in `settings.json`. A tool that is `false` there is asked for each time;
//! a dot in its name is `_`, and the name is without its server's.

use super::{
    ClientAnswer, ClientReading, DocumentPart, Effect, EntrySays, FileSlot, Format, FormatGroup, PartList, Scope,
    SlotKind, ToolEffect, Unsupported, Written, json,
};

/// Which tools VS Code may never approve by itself.
pub(super) struct VsCodeSettings;

impl Format for VsCodeSettings {
    fn id(&self) -> &'static str {
        "vscode-settings"
    }

    fn label(&self) -> &'static str {
        "VS Code settings"
    }

    fn group(&self) -> FormatGroup {
        FormatGroup::Agents
    }

    fn effect(&self) -> Effect {
        Effect::Asks
    }

    fn names_server(&self) -> bool {
        false
    }

    fn filename(&self) -> &'static str {
        "settings.json"
    }

    fn place(&self) -> &'static str {
        "Merge it into `settings.json` of the user or into `.vscode/settings.json`; an administrator sets the \
         same with the policy `ChatToolsEligibleForAutoApproval`. The names are without the server's, so they \
         hold for every server's tool of that name."
    }

    fn cannot(&self) -> &'static str {
        "It can neither deny nor limit nor look at an argument: it asks before each call instead. What it \
         does not list is asked for until a person approves it for good; with `vscode-agent` beside it such a \
         tool is not offered."
    }

    fn slots(&self, _server: &str) -> Vec<FileSlot> {
        vec![FileSlot::new(&["chat.tools.eligibleForAutoApproval"], SlotKind::Map).dotless().common()]
    }

    fn reading(&self, server: &str) -> Option<ClientReading> {
        let says = [Some(EntrySays::Value(&[("false", ClientAnswer::Ask), ("true", ClientAnswer::Ask)]))];
        let slots = self.slots(server).into_iter().zip(says).filter_map(|(slot, says)| Some((slot, says?))).collect();
        Some(ClientReading::strictest(slots, ClientAnswer::Ask))
    }

    fn write(&self, scope: &Scope<'_>) -> Result<Written, Unsupported> {
        scope.deny_by_default()?;
        let mut notes = Vec::new();
        let tools = scope.checked(&mut notes, |name| if name.is_empty() { Err("is empty") } else { Ok(()) })?;
        let listed = tools.into_iter().filter(|(_, tool)| tool.stance != ToolEffect::Allow);
        let row = |name: &str| format!("{}: false", json(&name.replace('.', "_")));
        let rows = listed.map(|(place, tool)| DocumentPart::Row(place, row(tool.name))).collect();
        notes.push(scope.note(super::ASKS.text, |s| matches!(s, ToolEffect::Limit(_))));
        notes.push(scope.note("It cannot deny: it asks before each call instead.", ToolEffect::is_denied));
        notes.push(scope.note("It cannot look at arguments: it asks before each call instead.", |s| {
            matches!(s, ToolEffect::Narrow(..) | ToolEffect::Other)
        }));
        notes.push(PartList::default().or(super::ASKS_FOR_REST.text));
        let rows = PartList::new("{\n    ", ",\n    ", "\n  }", rows).or("{}");
        let open = "{\n  \"chat.tools.eligibleForAutoApproval\": ";
        Ok(Written::new(PartList::new(open, "", "\n}\n", vec![rows.into()]), notes))
    }
}
