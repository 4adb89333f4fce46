//! `OpenAI` Responses API: one `mcp` tool of a request.

use super::{
    ClientAnswer, ClientReading, Effect, EntrySays, FileSlot, Format, FormatGroup, PartList, RuleOrder, Scope,
    SlotKind, ToolEffect, Unsupported, Written, json, json_row,
};

/// `OpenAI`'s allowed tools and approvals.
pub(super) struct OpenAi;

impl Format for OpenAi {
    fn id(&self) -> &'static str {
        "openai"
    }

    fn label(&self) -> &'static str {
        "OpenAI Responses API"
    }

    fn group(&self) -> FormatGroup {
        FormatGroup::Cloud
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

    fn reading(&self, _server: &str) -> Option<ClientReading> {
        let list = |path: &[&str]| FileSlot::new(path, SlotKind::List);
        let slots = vec![
            (list(&["allowed_tools"]), EntrySays::Offers),
            (list(&["require_approval", "never", "tool_names"]), EntrySays::Answer(ClientAnswer::Allow)),
            (list(&["require_approval", "always", "tool_names"]), EntrySays::Answer(ClientAnswer::Ask)),
        ];
        let means: &[_] = &[("never", ClientAnswer::Allow), ("always", ClientAnswer::Ask)];
        let rest = (vec!["require_approval".to_owned()], means, ClientAnswer::Ask);
        Some(ClientReading { slots, order: RuleOrder::Strictest, rest, off: None })
    }

    fn write(&self, scope: &Scope<'_>) -> Result<Written, Unsupported> {
        scope.deny_by_default()?;
        let label = scope.server;
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        if !label.bytes().next().is_some_and(|b| b.is_ascii_alphabetic()) || !label.bytes().all(plain) {
            return Err(Unsupported(
                "`server_label` must begin with a letter and hold letters, digits, _ and - only.".into(),
            ));
        }
        let (mut allowed, mut never, mut always) = (Vec::new(), Vec::new(), Vec::new());
        for (place, tool) in scope.tools.iter().enumerate() {
            let list = match tool.stance {
                ToolEffect::Allow => &mut never,
                ToolEffect::Limit(_) => &mut always,
                _ => continue,
            };
            list.push(json_row(place, tool.name));
            allowed.push(json_row(place, tool.name));
        }
        let notes = vec![
            scope.note("It cannot limit calls: it asks for approval of each one instead.", |s| {
                matches!(s, ToolEffect::Limit(_))
            }),
            scope.note("It cannot look at arguments: it does not offer the tool.", |s| {
                matches!(s, ToolEffect::Narrow(..) | ToolEffect::Other)
            }),
        ];
        let names = |open, rows| PartList::new(open, ",\n        ", "\n      ]\n    }", rows).into();
        let approval = vec![
            names("\"never\": {\n      \"tool_names\": [\n        ", never),
            names("\"always\": {\n      \"tool_names\": [\n        ", always),
        ];
        let lists = vec![
            PartList::new("\"allowed_tools\": [\n    ", ",\n    ", "\n  ]", allowed).into(),
            PartList::new("\"require_approval\": {\n    ", ",\n    ", "\n  }", approval).into(),
        ];
        let open = format!("{{\n  \"type\": \"mcp\",\n  \"server_label\": {},\n  ", json(label));
        let document = PartList::new(open, ",\n  ", "\n}\n", lists);
        let otherwise = "It lists what is offered, and nothing is: leave the tool out of `allowed_tools`.";
        Ok(Written { document, notes, otherwise })
    }
}
