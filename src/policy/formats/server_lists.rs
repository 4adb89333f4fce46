//! What clients share that keep lists of tool names in a server's entry of `mcpServers`: names that pass unasked, and
//! where there is such a list, names that are switched off.

use super::{FileSlot, PartList, Scope, SlotKind, ToolEffect, Unsupported, Written, json, json_row};

/// Writes the entry of one server; without `disabled` every tool that does not pass is asked for.
pub(super) fn write(
    scope: &Scope<'_>,
    passing: &'static str,
    disabled: Option<&'static str>,
) -> Result<Written, Unsupported> {
    let mut notes = Vec::new();
    let tools = scope.checked(&mut notes, |name| match name {
        "*" => Err("means every tool in this format"),
        _ => Ok(()),
    })?;
    let (mut passes, mut denied) = (Vec::new(), Vec::new());
    for (place, tool) in tools {
        match tool.stance {
            ToolEffect::Allow => passes.push(json_row(place, tool.name)),
            ToolEffect::Limit(_) => {}
            _ => denied.push(json_row(place, tool.name)),
        }
    }
    notes.push(scope.note(super::ASKS.text, |s| matches!(s, ToolEffect::Limit(_))));
    let by_argument = |s: &ToolEffect<'_>| matches!(s, ToolEffect::Narrow(..) | ToolEffect::Other);
    if disabled.is_some() {
        notes.push(scope.note(super::OMITS.text, by_argument));
    } else {
        notes.push(scope.note("It cannot deny: it asks before each call instead.", ToolEffect::is_denied));
        notes.push(scope.note("It cannot look at arguments: it asks before each call instead.", by_argument));
    }
    notes.push(PartList::default().or(super::ASKS_FOR_REST.text));
    let list = |key: &str, rows| {
        let key = json(key);
        PartList::new(format!("{key}: [\n        "), ",\n        ", "\n      ]", rows).or(format!("{key}: []")).into()
    };
    let mut parts = vec![list(passing, passes)];
    parts.extend(disabled.map(|key| list(key, denied)));
    let open = format!("{{\n  \"mcpServers\": {{\n    {}: {{\n      ", json(scope.server));
    Ok(Written::new(PartList::new(open, ",\n      ", "\n    }\n  }\n}\n", parts), notes))
}

/// Where one of the lists stands.
pub(super) fn slot(server: &str, list: &str) -> FileSlot {
    FileSlot::new(&["mcpServers", server, list], SlotKind::List)
}
