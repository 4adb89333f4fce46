//! Docker MCP profiles: commands that switch a server's tools off, and some of them on again.

use super::{DocumentPart, Effect, Format, FormatGroup, PartList, Scope, ToolEffect, Unsupported, Written, plain};

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
        "It can neither limit nor ask nor look at an argument: a tool that needs one of these is off. A tool \
         that a later version adds is on until you run it again."
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
