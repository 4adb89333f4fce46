//! Claude Code: `permissions` in `settings.json`. Rules are looked up in the order deny, ask, allow.

use super::{DocumentPart, Effect, Format, Guide, PartList, Scope, ToolEffect, Unsupported, Written, json_row};

/// Claude Code's permission rules.
pub(super) struct ClaudeCode;

impl Format for ClaudeCode {
    fn id(&self) -> &'static str {
        "claude-code"
    }

    fn label(&self) -> &'static str {
        "Claude Code"
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
        let tools = scope.checked(&mut notes, |name| match name {
            _ if !plain(name) => Err("has characters that a permission rule cannot hold"),
            _ if name.contains("__") => Err("holds __, which stands between server and tool in a permission rule"),
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
            list.push(json_row(place, &format!("mcp__{server}__{}", tool.name)));
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

fn plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}
