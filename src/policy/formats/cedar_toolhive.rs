//! Cedar for `ToolHive`: `Action::"call_tool"` on `Tool::"T"`; scalar arguments are
//! `context.arg_NAME`, others leave only `context.arg_NAME_present`.

use super::cedar::{set, statements, string};
use super::{Effect, Format, KeptArgument, Scope, Unsupported, Written};

/// `ToolHive`'s Cedar policies.
pub(super) struct ToolHive;

impl Format for ToolHive {
    fn id(&self) -> &'static str {
        "cedar-toolhive"
    }

    fn label(&self) -> &'static str {
        "Cedar for ToolHive"
    }

    fn effect(&self) -> Effect {
        Effect::Enforces
    }

    fn filename(&self) -> &'static str {
        "toolhive.cedar"
    }

    fn place(&self) -> &'static str {
        "Each statement is one text in `cedar.policies` of the file that you give to `--authz-config`."
    }

    fn cannot(&self) -> &'static str {
        "It cannot limit calls and cannot ask: a limited tool is not permitted. It sees arguments of the first level \
         that are texts or flags: a tool that depends on another is not permitted."
    }

    fn write(&self, scope: &Scope<'_>) -> Result<Written, Unsupported> {
        scope.deny_by_default()?;
        let mut notes = Vec::new();
        let tools = scope.checked(&mut notes, |name| if name.is_empty() { Err("is empty") } else { Ok(()) })?;
        let head =
            |name: &str| format!("principal, action == Action::\"call_tool\", resource == Tool::{}", string(name));
        Ok(statements(scope, &tools, notes, head, condition))
    }
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
