//! `OpenAI` Responses API: one `mcp` tool of a request.

use serde::Serialize;

use super::{Effect, Format, Refusal, Rendered, Scope, Stance, json};

/// `OpenAI`'s allowed tools and approvals.
pub struct OpenAi;

#[derive(Serialize)]
struct Tool<'a> {
    r#type: &'static str,
    server_label: &'a str,
    allowed_tools: Vec<&'a str>,
    require_approval: Approval<'a>,
}

#[derive(Serialize, Default)]
struct Approval<'a> {
    #[serde(skip_serializing_if = "Names::is_empty")]
    never: Names<'a>,
    #[serde(skip_serializing_if = "Names::is_empty")]
    always: Names<'a>,
}

#[derive(Serialize, Default)]
struct Names<'a> {
    tool_names: Vec<&'a str>,
}

impl Names<'_> {
    fn is_empty(&self) -> bool {
        self.tool_names.is_empty()
    }
}

impl Format for OpenAi {
    fn id(&self) -> &'static str {
        "openai"
    }

    fn label(&self) -> &'static str {
        "OpenAI Responses API"
    }

    fn effect(&self) -> Effect {
        Effect::Hides
    }

    fn filename(&self) -> &'static str {
        "openai-tool.json"
    }

    fn place(&self) -> &'static str {
        "One entry of `tools` in a request; add `server_url` and what the server needs to let you in."
    }

    fn cannot(&self) -> &'static str {
        "It cannot limit calls: it asks for approval instead. It cannot look at an argument: a tool that depends \
         on one is not offered."
    }

    fn render(&self, scope: &Scope<'_>) -> Result<Rendered, Refusal> {
        scope.deny_by_default()?;
        let label = scope.server;
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        if !label.bytes().next().is_some_and(|b| b.is_ascii_alphabetic()) || !label.bytes().all(plain) {
            return Err(Refusal(
                "`server_label` must begin with a letter and hold letters, digits, _ and - only.".into(),
            ));
        }
        let mut notes = Vec::new();
        let mut allowed_tools = Vec::new();
        let mut approval = Approval::default();
        for tool in &scope.tools {
            let list = match tool.stance {
                Stance::Allow => &mut approval.never,
                Stance::Limit(_) => &mut approval.always,
                _ => continue,
            };
            list.tool_names.push(tool.name);
            allowed_tools.push(tool.name);
        }
        if allowed_tools.is_empty() {
            return Err(Refusal(
                "It lists what is offered, and nothing is: leave the tool out of `allowed_tools`.".into(),
            ));
        }
        if !approval.always.is_empty() {
            notes.push("Cannot limit: asks for approval of each call instead.".into());
        }
        if scope.any(|s| matches!(s, Stance::Narrow(..) | Stance::Other)) {
            notes.push("Cannot look at an argument: does not offer the tool.".into());
        }
        let tool = Tool { r#type: "mcp", server_label: label, allowed_tools, require_approval: approval };
        Ok(Rendered { text: json(&tool), notes })
    }
}
