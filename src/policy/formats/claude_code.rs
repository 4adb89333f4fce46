//! Claude Code: `permissions` in `settings.json`. Rules are looked up in the order deny, ask, allow, so where two names
//! become one the stricter rule holds.

use std::borrow::Cow;

use super::{
    ClientAnswer, ClientReading, DocumentPart, Effect, EntrySays, FileSlot, Format, FormatGroup, Guide, PartList,
    Scope, SlotKind, ToolEffect, Unsupported, Written, json_row, plain,
};

/// Claude Code's permission rules.
pub(super) struct ClaudeCode;

impl Format for ClaudeCode {
    fn id(&self) -> &'static str {
        "claude-code"
    }

    fn label(&self) -> &'static str {
        "Claude Code"
    }

    fn group(&self) -> FormatGroup {
        FormatGroup::Agents
    }

    fn effect(&self) -> Effect {
        Effect::Enforces
    }

    fn filename(&self) -> &'static str {
        "settings.json"
    }

    fn place(&self) -> &'static str {
        "Merge it into `.claude/settings.json` of the project, or into `~/.claude/settings.json`; the server's name in \
         the rules is the one that you gave it."
    }

    fn cannot(&self) -> &'static str {
        "It cannot limit calls: it asks instead. It cannot look at an argument: a tool that depends on one is \
         denied. What is not listed is asked for, not denied."
    }

    fn guide(&self) -> Option<Guide> {
        Some(Guide {
            program: "Claude Code",
            file: ".claude/settings.json",
            file_url: "https://code.claude.com/docs/en/permissions",
            start_url: "https://code.claude.com/docs/en/mcp",
            start: |key, program, args| format!("claude mcp add {key} -- {program} {args}"),
        })
    }

    fn slots(&self, server: &str) -> Vec<FileSlot> {
        let list =
            |name| FileSlot::new(&["permissions", name], SlotKind::List).of(format!("mcp__{server}__")).dotless();
        ["allow", "ask", "deny"].map(list).into()
    }

    fn reading(&self, server: &str) -> Option<ClientReading> {
        let says = [
            Some(EntrySays::Answer(ClientAnswer::Allow)),
            Some(EntrySays::Answer(ClientAnswer::Ask)),
            Some(EntrySays::Answer(ClientAnswer::Deny)),
        ];
        let slots = self.slots(server).into_iter().zip(says).filter_map(|(slot, says)| Some((slot, says?))).collect();
        Some(ClientReading::strictest(slots, ClientAnswer::Ask))
    }

    fn write(&self, scope: &Scope<'_>) -> Result<Written, Unsupported> {
        scope.deny_by_default()?;
        let server = scope.server;
        let mut notes = Vec::new();
        if !plain(server) || server.contains("__") || server.starts_with('_') || server.ends_with('_') {
            return Err(Unsupported(
                "The server's name must be letters, digits, - and single _ inside; give it such a name in the client."
                    .into(),
            ));
        }
        let tools = scope.checked(&mut notes, |name| match shown(name).as_ref() {
            shown if !plain(shown) => Err("has characters that a permission rule cannot hold"),
            shown if shown.contains("__") => Err("holds __, which stands between server and tool in a permission rule"),
            _ if server.len() + name.len() + 7 > 128 => Err("is too long for a tool of this client"),
            _ => Ok(()),
        })?;
        let (mut allow, mut ask, mut deny, mut asked) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (place, tool) in tools {
            let list = match tool.stance {
                ToolEffect::Allow => &mut allow,
                ToolEffect::Limit(_) => {
                    asked.push(place);
                    &mut ask
                }
                _ => &mut deny,
            };
            list.push(json_row(place, &format!("mcp__{server}__{}", shown(tool.name))));
        }
        notes.push(PartList::whenever(super::ASKS.text, asked));
        notes.push(scope.note(super::DENIES.text, |s| matches!(s, ToolEffect::Narrow(..) | ToolEffect::Other)));
        notes.push(PartList::default().or(super::ASKS_FOR_REST.text));
        let list = |open, rows| DocumentPart::from(PartList::new(open, ",\n      ", "\n    ]", rows));
        let lists = vec![
            list("\"allow\": [\n      ", allow),
            list("\"ask\": [\n      ", ask),
            list("\"deny\": [\n      ", deny),
        ];
        let permissions = PartList::new("{\n    ", ",\n    ", "\n  }", lists).or("{}");
        let document = PartList::new("{\n  \"permissions\": ", "", "\n}\n", vec![permissions.into()]);
        Ok(Written::new(document, notes))
    }
}

/// The name as the client has it: a dot becomes `_`.
fn shown(name: &str) -> Cow<'_, str> {
    if name.contains('.') { Cow::Owned(name.replace('.', "_")) } else { Cow::Borrowed(name) }
}
