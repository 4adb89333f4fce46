//! `{name: schema, …}`, `{name: {description, inputSchema}, …}`: tools by their names.

use super::{Members, Reader, Root, Shape};
use crate::manifest::entry::SCHEMA_KEYS;
use crate::raw::Raw;

pub(super) const SHAPE: Shape = Shape { id: "named", fits, read };

/// Whether a value is a definition without its name, or the schema of one.
fn is_definition(value: Raw<'_>) -> bool {
    Members::of(value).is_some_and(|m| {
        m.has_any(&SCHEMA_KEYS)
            || m.has("properties")
            || (m.text("type").is_some_and(|kind| kind == "object") && !m.has("tools"))
    })
}

fn fits(root: &Root<'_>) -> bool {
    let Some(members) = root.object() else { return false };
    // An object that is a schema itself is nobody's list.
    let is_schema = members.has("properties") || members.text("type").is_some();
    let objects = || members.iter().filter(|(_, value)| value.get().starts_with(['{', '[']));
    !is_schema && objects().next().is_some() && objects().all(|(_, value)| is_definition(value))
}

fn read<'a>(root: &Root<'a>, reader: &mut Reader<'a>) {
    for (name, value) in root.object().iter().flat_map(|members| members.iter()) {
        if value.get().starts_with('{') {
            reader.tool(value, Some(name));
        }
    }
}
