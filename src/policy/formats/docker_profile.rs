//! Docker MCP profiles: commands that switch a server's tools off, and some of them on again.

use super::{
    ClientAnswer, ClientReading, DocumentPart, Effect, EntryFor, EntryRule, EntrySays, FileSlot, Format, FormatGroup,
    PartList, RuleOrder, Scope, SettingsNode, SlotKind, ToolEffect, Unsupported, Written, plain,
};

/// The tools of a profile.
pub(super) struct DockerProfile;

impl Format for DockerProfile {
    fn id(&self) -> &'static str {
        "docker-profile"
    }

    fn label(&self) -> &'static str {
        "Docker MCP profile"
    }

    fn group(&self) -> FormatGroup {
        FormatGroup::Gateways
    }

    fn effect(&self) -> Effect {
        Effect::Hides
    }

    fn filename(&self) -> &'static str {
        "profile.sh"
    }

    fn place(&self) -> &'static str {
        "Run it with `PROFILE` set to the profile; the server's name is that of its snapshot, which `docker \
         mcp profile show` prints."
    }

    fn cannot(&self) -> &'static str {
        "It can neither limit nor ask nor look at an argument: a tool that needs one of these is off."
    }

    fn reading(&self, server: &str) -> Option<ClientReading> {
        let slot = FileSlot::new(&["commands"], SlotKind::List).for_server(server).read_by(subject);
        let slots = vec![(slot, EntrySays::Rules(read))];
        // What no command switches is on.
        let rest = (Vec::new(), [].as_slice(), ClientAnswer::Allow);
        Some(ClientReading { slots, order: RuleOrder::Last, rest, off: None })
    }

    fn write(&self, scope: &Scope<'_>) -> Result<Written, Unsupported> {
        scope.deny_by_default()?;
        let server = scope.server;
        let mut notes = Vec::new();
        if !plain(server) || server.starts_with('-') {
            return Err(Unsupported(
                "The server's name must be letters, digits, _ and - here; a dot stands before the tool's name.".into(),
            ));
        }
        let tools = scope.checked(&mut notes, |name| {
            if plain(name) { Ok(()) } else { Err("has characters that a command would have to quote") }
        })?;
        let offered = tools.into_iter().filter(|(_, tool)| tool.stance == ToolEffect::Allow);
        let row = |name: &str| format!("--enable {server}.{name}");
        let rows = offered.map(|(place, tool)| DocumentPart::Row(place, row(tool.name))).collect();
        notes.push(scope.note("It can neither limit nor ask: the tool is off.", |s| matches!(s, ToolEffect::Limit(_))));
        notes.push(scope.note("It cannot look at arguments: the tool is off.", |s| {
            matches!(s, ToolEffect::Narrow(..) | ToolEffect::Other)
        }));
        let first = format!("docker mcp profile tools \"$PROFILE\" --disable-all {server}\n");
        let second = PartList::new("docker mcp profile tools \"$PROFILE\" \\\n  ", " \\\n  ", "\n", rows);
        Ok(Written::new(PartList::new("", "", "", vec![first.into(), second.into()]), notes))
    }
}

fn read(_: &FileSlot, _: &str, switch: &SettingsNode) -> Vec<(String, EntryRule)> {
    let text = switch.text().unwrap_or_default();
    let answer = if text.starts_with("--enable") { ClientAnswer::Allow } else { ClientAnswer::Deny };
    vec![(text.to_owned(), EntryRule::always(answer))]
}

/// For which tools a switch is: all of the server, or one behind a dot.
fn subject(slot: &FileSlot, switch: &str) -> EntryFor {
    let Some((flag, of)) = switch.split_once(' ') else { return EntryFor::Nothing };
    if flag.ends_with("-all") {
        return if of == slot.server { EntryFor::Every } else { EntryFor::Nothing };
    }
    let tool = of.strip_prefix(&slot.server).and_then(|rest| rest.strip_prefix('.'));
    tool.map_or(EntryFor::Nothing, |tool| EntryFor::Tools(vec![tool.to_owned()]))
}
