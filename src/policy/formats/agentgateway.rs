//! agentgateway: `mcpAuthorization`, rules in CEL. A tool that no rule allows is denied and not listed.

use std::fmt::Write as _;

use super::{DocumentPart, Effect, Format, FormatGroup, PartList, Scope, ToolEffect, Unsupported, Written, quoted};

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

    fn write(&self, scope: &Scope<'_>) -> Result<Written, Unsupported> {
        scope.deny_by_default()?;
        let mut notes = Vec::new();
        let tools = scope.checked(&mut notes, |name| if name.is_empty() { Err("is empty") } else { Ok(()) })?;
        let allowed = tools.into_iter().filter(|(_, tool)| tool.stance == ToolEffect::Allow);
        let target = string(scope.server);
        let row = |name: &str| {
            let rule = format!("mcp.tool.target == {target} && mcp.tool.name == {}", string(name));
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

/// A text as a CEL string, hidden characters escaped.
fn string(text: &str) -> String {
    quoted(text, |out, code| {
        let _ = if code > 0xffff { write!(out, "\\U{code:08x}") } else { write!(out, "\\u{code:04x}") };
    })
}
