//! OPA: a data document, and Rego that reads it. There is no common input document, so both are to be adapted.

use serde_json::{Value, json as value};

use super::{
    ArgumentTest, ClientAnswer, ClientReading, DocumentPart, Effect, EntryRule, EntrySays, FileSlot, Format,
    FormatGroup, PartList, Scope, SettingsNode, SlotKind, ToolEffect, Unsupported, Written, json,
};

/// Decisions as data for OPA.
pub(super) struct OpaData;

/// Decides a call from the document.
const REGO: &str = "package mcp

import rego.v1

default allow := false

rule := data.tools[input.server][input.tool]

allow if rule.decision == \"allow\"

allow if {
\trule.decision == \"narrow\"
\tevery argument, values in rule.arguments { input.args[argument] in values }
}
";

impl Format for OpaData {
    fn id(&self) -> &'static str {
        "opa-data"
    }

    fn label(&self) -> &'static str {
        "OPA data"
    }

    fn group(&self) -> FormatGroup {
        FormatGroup::Engines
    }

    fn effect(&self) -> Effect {
        Effect::Enforces
    }

    fn filename(&self) -> &'static str {
        "data.json"
    }

    fn place(&self) -> &'static str {
        "Load it as data. The book's chapter on formats has the Rego that reads it, to adapt to the input that your \
         gateway sends: a server, a tool and its arguments."
    }

    fn cannot(&self) -> &'static str {
        "That Rego neither counts nor asks: a tool with the decision `limit` is denied until yours counts. It looks at \
         arguments of the first level: a tool that depends on another is denied, and so is a call without the argument."
    }

    fn slots(&self, server: &str) -> Vec<FileSlot> {
        vec![FileSlot::new(&["tools", server], SlotKind::Map)]
    }

    fn reading(&self, server: &str) -> Option<ClientReading> {
        let slots = self.slots(server).into_iter().map(|slot| (slot, EntrySays::Rules(read))).collect();
        Some(ClientReading::strictest(slots, ClientAnswer::Deny))
    }

    fn companion(&self) -> Option<(&'static str, &'static str)> {
        Some(("rego", REGO))
    }

    fn write(&self, scope: &Scope<'_>) -> Result<Written, Unsupported> {
        scope.deny_by_default()?;
        let mut needs = Vec::new();
        let mut rows = Vec::with_capacity(scope.tools.len());
        for (place, tool) in scope.tools.iter().enumerate() {
            let decision = match &tool.stance {
                ToolEffect::Allow => value!({"decision": "allow"}),
                ToolEffect::Limit(limits) => value!({"decision": "limit", "limits": limits}),
                ToolEffect::Narrow(arguments, limits) => {
                    if arguments.iter().any(|a| a.absent) {
                        needs.push(place);
                    }
                    let of = arguments.iter().map(|a| match a.fields.as_slice() {
                        [field] => Some(((*field).to_owned(), Value::from(a.values))),
                        _ => None,
                    });
                    match of.collect::<Option<serde_json::Map<String, Value>>>() {
                        // Two lists for one argument would have to hold together.
                        Some(of) if of.len() == arguments.len() && limits.is_empty() => {
                            value!({"decision": "narrow", "arguments": of})
                        }
                        Some(of) if of.len() == arguments.len() => {
                            value!({"decision": "limit", "arguments": of, "limits": limits})
                        }
                        _ => value!({"decision": "deny"}),
                    }
                }
                ToolEffect::Deny(Some(message)) => value!({"decision": "deny", "message": message}),
                ToolEffect::Deny(None) | ToolEffect::Other => value!({"decision": "deny"}),
                ToolEffect::Hide => value!({"decision": "hide"}),
            };
            // Values that came from JSON always serialise.
            let decision = crate::neutral::json_line(&decision).unwrap_or_default();
            rows.push(DocumentPart::Row(place, format!("{}: {decision}", json(tool.name))));
        }
        let deep = |s: &ToolEffect<'_>| match s {
            ToolEffect::Narrow(arguments, _) => {
                let distinct = |i: usize| arguments[..i].iter().all(|a| a.fields != arguments[i].fields);
                !(0..arguments.len()).all(|i| arguments[i].fields.len() == 1 && distinct(i))
            }
            other => *other == ToolEffect::Other,
        };
        let notes = vec![
            scope.note("The Rego cannot count: it denies the tool until yours does.", |s| match s {
                ToolEffect::Limit(_) => true,
                ToolEffect::Narrow(_, limits) => !limits.is_empty(),
                _ => false,
            }),
            PartList::whenever(super::NEEDS_ARGUMENT.text, needs),
            scope.note(super::DENIES_OTHER.text, deep),
        ];
        let tools = PartList::new("{\n      ", ",\n      ", "\n    }", rows).or("{}");
        let open = format!("{{\n  \"tools\": {{\n    {}: ", json(scope.server));
        Ok(Written::new(PartList::new(open, "", "\n  }\n}\n", vec![tools.into()]), notes))
    }
}

/// What the Rego makes of an entry.
fn read(_: &FileSlot, tool: &str, entry: &SettingsNode) -> Vec<(String, EntryRule)> {
    let allows = |when| EntryRule { when, ..EntryRule::always(ClientAnswer::Allow) };
    let rule = match entry.get("decision").and_then(SettingsNode::text) {
        Some("allow") => allows(Vec::new()),
        Some("narrow") => {
            let arguments = entry.get("arguments").into_iter().flat_map(SettingsNode::fields);
            let one = |(argument, values): (&str, &SettingsNode)| {
                // A value that is an object or a list is compared by none.
                ArgumentTest::OneOf(argument.to_owned(), values.items().filter_map(SettingsNode::value).collect())
            };
            allows(arguments.map(one).collect())
        }
        _ => EntryRule::always(ClientAnswer::Deny),
    };
    vec![(tool.to_owned(), rule)]
}
