//! VS Code and GitHub Copilot: the front matter of an agent file, which lists the tools that the agent has. A dot in a
//! tool's name is `_`.

use super::{
    ClientAnswer, ClientReading, DocumentPart, Effect, EntrySays, FileSlot, Format, FormatGroup, PartList, Scope,
    SlotKind, ToolEffect, Unsupported, Written, plain, yaml,
};

/// The tools of a custom agent.
pub(super) struct VsCodeAgent;

impl Format for VsCodeAgent {
    fn id(&self) -> &'static str {
        "vscode-agent"
    }

    fn label(&self) -> &'static str {
        "VS Code and Copilot agent"
    }

    fn group(&self) -> FormatGroup {
        FormatGroup::Agents
    }

    fn effect(&self) -> Effect {
        Effect::Hides
    }

    fn filename(&self) -> &'static str {
        "toolcard.agent.md"
    }

    fn place(&self) -> &'static str {
        "Save it as `.github/agents/NAME.agent.md` and write below it what the agent is for; what it needs \
         besides this server, `read` or `edit`, goes into the same list."
    }

    fn cannot(&self) -> &'static str {
        "It can neither limit nor ask nor look at an argument: a tool that needs one of these is not offered. \
         VS Code may ask before a call; GitHub does not."
    }

    fn slots(&self, server: &str) -> Vec<FileSlot> {
        vec![FileSlot::new(&["tools"], SlotKind::List).of(format!("{server}/")).dotless()]
    }

    fn reading(&self, server: &str) -> Option<ClientReading> {
        let slots = self.slots(server).into_iter().map(|slot| (slot, EntrySays::Offers)).collect();
        Some(ClientReading::strictest(slots, ClientAnswer::Allow))
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
        let shown = |name: &str| name.replace('.', "_");
        let clashes = scope.clashes(shown);
        let tools = scope.checked(&mut notes, |name| match shown(name) {
            shown if !plain(&shown) => Err("has characters that this list cannot hold"),
            shown if clashes.contains(&shown) => Err("is what this client makes of another tool's too"),
            _ => Ok(()),
        })?;
        let offered = tools.into_iter().filter(|(_, tool)| tool.stance == ToolEffect::Allow);
        let row = |name: &str| yaml::text(&format!("{server}/{}", shown(name))).into_owned();
        let rows = offered.map(|(place, tool)| DocumentPart::Row(place, row(tool.name))).collect();
        notes.push(
            scope.note("It can neither limit nor ask: it does not offer the tool.", |s| {
                matches!(s, ToolEffect::Limit(_))
            }),
        );
        notes.push(scope.note(super::OMITS.text, |s| matches!(s, ToolEffect::Narrow(..) | ToolEffect::Other)));
        let rows = PartList::new("tools:\n  - ", "\n  - ", "\n", rows).or("tools: []\n");
        Ok(Written::new(PartList::new("---\n", "", "---\n", vec![rows.into()]), notes))
    }
}
