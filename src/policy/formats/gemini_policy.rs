//! Gemini CLI's policy engine: `[[rule]]` in a TOML file. The highest priority that matches wins.

use std::fmt::Write as _;

use super::{
    ArgumentTest, ClientAnswer, ClientReading, DocumentPart, Effect, EntryRule, EntrySays, FileSlot, Format,
    FormatGroup, PartList, RuleOrder, Scope, SettingsNode, SlotKind, ToolEffect, Unsupported, Written, toml,
};

/// Gemini CLI's policy rules.
pub(super) struct GeminiPolicy;

struct GeminiRule<'a> {
    tools: Vec<DocumentPart>,
    decision: &'static str,
    message: Option<&'a str>,
}

/// Within its tier: a file in the folder of the user is above what ships with the client, extensions and workspaces, and
/// below what an administrator sets, whatever the number.
const LISTED: u16 = 200;
/// The rest of the server.
const REST: u16 = 100;
/// The client cuts longer names.
const MAX_NAME: usize = 63;

impl Format for GeminiPolicy {
    fn id(&self) -> &'static str {
        "gemini-policy"
    }

    fn label(&self) -> &'static str {
        "Gemini CLI policy"
    }

    fn group(&self) -> FormatGroup {
        FormatGroup::Agents
    }

    fn effect(&self) -> Effect {
        Effect::Enforces
    }

    fn filename(&self) -> &'static str {
        "toolcard.toml"
    }

    fn place(&self) -> &'static str {
        "Save it as a file of any name that ends in `.toml` in `~/.gemini/policies/`: rules there outrank those of a \
         workspace and of extensions, and an administrator's outrank them."
    }

    fn cannot(&self) -> &'static str {
        "It cannot limit calls: it asks instead, and denies where nobody can be asked. Its patterns see the arguments as one text, where another field can \
         imitate a value: a tool that depends on an argument is denied."
    }

    fn reading(&self, server: &str) -> Option<ClientReading> {
        let slot = FileSlot::new(&["rule"], SlotKind::Rules("toolName")).for_server(server);
        let rest = (Vec::new(), [].as_slice(), ClientAnswer::Ask);
        let slots = vec![(slot, EntrySays::Rules(read))];
        Some(ClientReading { slots, order: RuleOrder::Rank, rest, off: None })
    }

    fn write(&self, scope: &Scope<'_>) -> Result<Written, Unsupported> {
        scope.deny_by_default()?;
        let server = scope.server;
        let mut notes = Vec::new();
        if !plain(server) || server.contains('_') {
            return Err(Unsupported(
                "The server's name must be letters, digits, . and - here, without _; give it such a name in the \
                 client."
                    .into(),
            ));
        }
        let tools = scope.checked(&mut notes, |name| match name {
            _ if !plain(name) => Err("has characters that this client replaces or reads as a pattern"),
            _ if server.len() + name.len() + 5 > MAX_NAME => Err("is longer than this client keeps"),
            _ => Ok(()),
        })?;
        let mut rules: Vec<GeminiRule<'_>> = Vec::new();
        for (place, tool) in tools {
            let (decision, message) = match &tool.stance {
                ToolEffect::Allow => ("allow", None),
                ToolEffect::Limit(_) => ("ask_user", None),
                ToolEffect::Deny(message) => ("deny", *message),
                _ => ("deny", None),
            };
            let row = DocumentPart::Row(place, toml::string(tool.name));
            match rules.iter_mut().find(|r| r.decision == decision && r.message == message) {
                Some(rule) => rule.tools.push(row),
                None => rules.push(GeminiRule { tools: vec![row], decision, message }),
            }
        }
        rules.sort_by_key(|r| (r.decision, r.message));
        let head = format!("[[rule]]\nmcpName = {}\n", toml::string(server));
        let mut parts: Vec<DocumentPart> = Vec::with_capacity(rules.len() + 1);
        for rule in rules {
            let mut tail = format!("decision = \"{}\"\npriority = {LISTED}\n", rule.decision);
            if let Some(message) = rule.message {
                let _ = writeln!(tail, "denyMessage = {}", toml::string(message));
            }
            parts.push(toml::list(&head, "toolName", rule.tools, &tail).into());
        }
        parts.push(format!("{head}decision = \"deny\"\npriority = {REST}\n").into());
        notes.push(
            scope.note(
                "It cannot limit calls: it asks before each one, and denies it where nobody can be asked.",
                |s| matches!(s, ToolEffect::Limit(_)),
            ),
        );
        notes.push(scope.note("It cannot look at arguments safely: it denies the whole tool.", |s| {
            matches!(s, ToolEffect::Narrow(..) | ToolEffect::Other)
        }));
        Ok(Written::new(PartList::new("", "\n", "", parts), notes))
    }
}

fn plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}

/// What a rule says of the server's tools. A condition on arguments is not followed: it holds where the rule lets pass.
fn read(slot: &FileSlot, _: &str, rule: &SettingsNode) -> Vec<(String, EntryRule)> {
    let text = |key: &str| rule.get(key).and_then(SettingsNode::text);
    let answer = match text("decision") {
        Some("deny") => ClientAnswer::Deny,
        Some("ask_user") => ClientAnswer::Ask,
        _ => ClientAnswer::Allow,
    };
    let names = rule.get("toolName");
    let mut names: Vec<&str> =
        names.into_iter().flat_map(|node| node.items().chain([node])).filter_map(SettingsNode::text).collect();
    if names.is_empty() {
        names.push("*");
    }
    let unread = rule.get("argsPattern").is_some().then_some(ArgumentTest::Unread(answer == ClientAnswer::Allow));
    let rank = text("priority").and_then(|priority| priority.parse().ok()).unwrap_or_default();
    let when = unread.into_iter().collect();
    let prefixes = [format!("mcp_{}_", slot.server), format!("{}__", slot.server)];
    let own = |name: &str| match text("mcpName") {
        Some(server) if server == slot.server || server == "*" => Some(name.to_owned()),
        Some(_) => None,
        None if name == "*" => Some(name.to_owned()),
        None => prefixes.iter().find_map(|prefix| name.strip_prefix(prefix.as_str())).map(str::to_owned),
    };
    let says = EntryRule { answer, when, limit: None, rank };
    names.into_iter().filter_map(own).map(|name| (name, says.clone())).collect()
}
