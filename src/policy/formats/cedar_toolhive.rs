//! Cedar for `ToolHive`, inside the JSON that it reads: `Action::"call_tool"` on `Tool::"T"`; scalar arguments are
//! `context.arg_NAME`, others leave only `context.arg_NAME_present`.

use serde_json::Value;

use super::cedar::{self, set, statements, string};
use super::{
    ClientAnswer, ClientReading, DocumentPart, Effect, EntryFor, EntryRules, EntrySays, FileSlot, Format, FormatGroup,
    KeptArgument, PartList, RuleOrder, Scope, SettingsNode, SlotKind, Unsupported, Written, json,
};
use crate::policy::Limit;
use crate::policy::cedar::{CedarScope, CedarStatement};

const TOOL: &str = "Tool";

/// `ToolHive`'s Cedar policies.
pub(super) struct ToolHive;

impl Format for ToolHive {
    fn id(&self) -> &'static str {
        "cedar-toolhive"
    }

    fn label(&self) -> &'static str {
        "Cedar for ToolHive"
    }

    fn group(&self) -> FormatGroup {
        FormatGroup::Gateways
    }

    fn effect(&self) -> Effect {
        Effect::Enforces
    }

    fn names_server(&self) -> bool {
        false
    }

    fn filename(&self) -> &'static str {
        "toolhive.json"
    }

    fn place(&self) -> &'static str {
        "The file that you give to `--authz-config`. It also has to permit prompts and resources, where the server's are \
         wanted."
    }

    fn cannot(&self) -> &'static str {
        "It cannot limit calls and cannot ask: a limited tool is not permitted. It sees arguments of the first level \
         that are texts or flags: a tool that depends on another is not permitted."
    }

    fn reading(&self, _server: &str) -> Option<ClientReading> {
        let slot = FileSlot::new(&["cedar", "policies"], SlotKind::List).read_by(subject);
        let slots = vec![(slot, EntrySays::Statements(read))];
        let rest = (Vec::new(), [].as_slice(), ClientAnswer::Deny);
        Some(ClientReading { slots, order: RuleOrder::Applying, rest, off: None })
    }

    fn write(&self, scope: &Scope<'_>) -> Result<Written, Unsupported> {
        scope.deny_by_default()?;
        let mut notes = Vec::new();
        let tools = scope.checked(&mut notes, |name| if name.is_empty() { Err("is empty") } else { Ok(()) })?;
        let head =
            |name: &str| format!("principal, action == Action::\"call_tool\", resource == Tool::{}", string(name));
        let never = ("It can neither limit nor ask: it does not permit the tool.", |_: &str, _: &[&Limit]| None);
        let rows = statements(scope, &tools, &mut notes, head, condition, never);
        let rows = rows.into_iter().map(|(place, text)| DocumentPart::Row(place, json(&text))).collect();
        let nothing = json("forbid (principal, action == Action::\"call_tool\", resource);");
        let policies =
            PartList::new("[\n      ", ",\n      ", "\n    ]", rows).or(format!("[\n      {nothing}\n    ]"));
        let open = "{\n  \"version\": \"1.0\",\n  \"type\": \"cedarv1\",\n  \"cedar\": {\n    \"policies\": ";
        let close = ",\n    \"entities_json\": \"[]\"\n  }\n}\n";
        Ok(Written::new(PartList::new(open, "", close, vec![policies.into()]), notes))
    }
}

/// What the statements of a text say of calls of tools.
fn read(text: &SettingsNode) -> EntryRules {
    let about = |of: &CedarStatement<'_>| {
        let calls = match &of.action {
            CedarScope::Only(actions) => actions.iter().any(|a| a.kind == "Action" && a.id == "call_tool"),
            CedarScope::Kind(kind) => kind == "Action",
            CedarScope::Any | CedarScope::Unread => true,
        };
        if calls { cedar::entries(&of.resource, TOOL) } else { Vec::new() }
    };
    cedar::read(text.text().unwrap_or_default(), about, context)
}

fn subject(_: &FileSlot, entry: &str) -> EntryFor {
    cedar::subject(entry, TOOL, |id| Some(id.to_owned()))
}

/// The context of a call: scalars, and of everything else that it is there.
fn context(args: &Value) -> Value {
    let of = |(name, value): (&String, &Value)| match value {
        Value::String(_) | Value::Bool(_) => (format!("arg_{name}"), value.clone()),
        Value::Number(number) if number.is_i64() => (format!("arg_{name}"), value.clone()),
        _ => (format!("arg_{name}_present"), true.into()),
    };
    args.as_object().into_iter().flatten().map(of).collect()
}

fn condition(argument: &KeptArgument<'_>) -> Option<String> {
    let [field] = argument.fields.as_slice() else { return None };
    let attribute = string(&format!("arg_{field}"));
    let there = format!("context has {attribute} && {}.contains(context[{attribute}])", set(argument.values, false)?);
    Some(if argument.absent {
        let present = string(&format!("arg_{field}_present"));
        format!("(!(context has {attribute} || context has {present}) || {there})")
    } else {
        there
    })
}
