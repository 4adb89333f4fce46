//! agentgateway: `mcpAuthorization`, rules in CEL. A tool that no rule allows is denied and not listed.

use std::fmt::Write as _;

use super::{
    ClientAnswer, ClientReading, DocumentPart, Effect, EntryFor, EntrySays, FileSlot, Format, FormatGroup, PartList,
    Scope, SlotKind, ToolEffect, Unsupported, Written, quoted,
};

const TARGET: &str = "mcp.tool.target == ";
const NAME: &str = "mcp.tool.name == ";

/// agentgateway's authorization rules.
pub(super) struct AgentGateway;

impl Format for AgentGateway {
    fn id(&self) -> &'static str {
        "agentgateway"
    }

    fn label(&self) -> &'static str {
        "agentgateway"
    }

    fn group(&self) -> FormatGroup {
        FormatGroup::Gateways
    }

    fn effect(&self) -> Effect {
        Effect::Enforces
    }

    fn filename(&self) -> &'static str {
        "mcp-authorization.yaml"
    }

    fn place(&self) -> &'static str {
        "Put it under `policies` of the route or backend; the target has the server's name."
    }

    fn cannot(&self) -> &'static str {
        "It can neither limit nor ask, and its rules do not see arguments: a tool that needs one of these is \
         denied."
    }

    fn slots(&self, server: &str) -> Vec<FileSlot> {
        let ways: [&[&str]; 2] = [&["binds", "listeners", "routes"], &["mcp"]];
        let slot = FileSlot::new(&["policies", "mcpAuthorization", "rules"], SlotKind::List);
        vec![slot.under(&ways, server).read_by(subject)]
    }

    fn reading(&self, server: &str) -> Option<ClientReading> {
        let slots = self.slots(server).into_iter().map(|slot| (slot, EntrySays::Offers)).collect();
        Some(ClientReading::strictest(slots, ClientAnswer::Allow))
    }

    fn write(&self, scope: &Scope<'_>) -> Result<Written, Unsupported> {
        scope.deny_by_default()?;
        let mut notes = Vec::new();
        let tools = scope.checked(&mut notes, |name| if name.is_empty() { Err("is empty") } else { Ok(()) })?;
        let allowed = tools.into_iter().filter(|(_, tool)| tool.stance == ToolEffect::Allow);
        let target = string(scope.server);
        let row = |name: &str| {
            let rule = format!("{TARGET}{target} && {NAME}{}", string(name));
            // In single quotes a quote is doubled and nothing else is special.
            format!("    - '{}'\n", rule.replace('\'', "''"))
        };
        let rows = allowed.map(|(place, tool)| DocumentPart::Row(place, row(tool.name))).collect();
        notes.push(
            scope.note("It can neither limit nor ask: it denies the tool.", |s| matches!(s, ToolEffect::Limit(_))),
        );
        notes.push(scope.note(super::DENIES.text, |s| matches!(s, ToolEffect::Narrow(..) | ToolEffect::Other)));
        let rows = PartList::new("", "", "", rows).or("    - 'false'\n");
        Ok(Written::new(PartList::new("mcpAuthorization:\n  rules:\n", "", "", vec![rows.into()]), notes))
    }
}

/// What a rule allows, as far as comparisons that must hold together say it.
fn subject(slot: &FileSlot, rule: &str) -> EntryFor {
    let (mut target, mut names) = (None, None);
    for part in rule.split(" && ") {
        let part = part.trim();
        if part == "false" {
            return EntryFor::Nothing;
        } else if let Some(value) = part.strip_prefix(TARGET) {
            target = literal(value);
        } else if let Some(value) = part.strip_prefix(NAME) {
            names = literal(value).map(|name| vec![name]);
        } else if let Some(value) = part.strip_prefix("mcp.tool.name in ") {
            names = serde_json::from_str(value.trim()).ok();
        } else if part.contains("||") {
            return EntryFor::Every;
        }
    }
    match (target, names) {
        (Some(target), _) if target != slot.server => EntryFor::Nothing,
        (Some(_), Some(names)) => EntryFor::Tools(names),
        (None, Some(names)) => EntryFor::Anywhere(names),
        _ => EntryFor::Every,
    }
}

/// What a CEL string in double quotes says: a JSON string, but for `\U` before eight digits.
fn literal(text: &str) -> Option<String> {
    let mut json = String::with_capacity(text.len());
    let mut rest = text.trim();
    while let Some(at) = rest.find('\\') {
        let escape = rest.get(at..at + 2)?;
        json.push_str(&rest[..at]);
        rest = &rest[at + 2..];
        if escape == "\\U" {
            let code = u32::from_str_radix(rest.get(..8)?, 16).ok()?;
            json.push(char::from_u32(code)?);
            rest = &rest[8..];
        } else {
            json.push_str(escape);
        }
    }
    json.push_str(rest);
    serde_json::from_str(&json).ok()
}

/// A text as a CEL string, hidden characters escaped.
fn string(text: &str) -> String {
    quoted(text, |out, code| {
        let _ = if code > 0xffff { write!(out, "\\U{code:08x}") } else { write!(out, "\\u{code:04x}") };
    })
}
