//! `{modules: …}`, `{categories: [{name, tools}]}`: the tools of one server in several lists.

use super::{Members, Reader, Root, Shape};
use crate::manifest::raw::items;
use serde_json::value::RawValue;

pub(super) const SHAPE: Shape = Shape { id: "parts", fits, read };

const KEYS: [&str; 6] = ["modules", "categories", "toolsets", "tool_groups", "groups", "sections"];

fn fits(root: &Root<'_>) -> bool {
    root.object().and_then(parts).is_some_and(|raw| match (items(raw), Members::of(raw)) {
        (Some(list), _) => list.iter().any(|item| has_tools(item)),
        (_, Some(named)) => named.iter().any(|(_, value)| has_tools(value)),
        _ => false,
    })
}

fn parts<'a>(members: &Members<'a>) -> Option<&'a RawValue> {
    KEYS.iter().find_map(|key| members.get(key))
}

fn has_tools(value: &RawValue) -> bool {
    Members::of(value).is_some_and(|m| m.has("tools"))
        || items(value).is_some_and(|list| list.iter().any(|item| Members::of(item).is_some_and(|m| m.has("name"))))
}

fn read<'a>(root: &Root<'a>, reader: &mut Reader<'a>) {
    let Some(members) = root.object() else { return };
    reader.identity(members);
    if !members.has_any(&["server", "serverInfo"]) {
        reader.describe(members);
    }
    let Some(raw) = parts(members) else { return };
    for item in items(raw).unwrap_or_default() {
        reader.part(item);
    }
    for (_, value) in Members::of(raw).iter().flat_map(Members::iter) {
        reader.part(value);
    }
}

impl<'a> Reader<'a> {
    /// The tools of one part.
    fn part(&mut self, value: &'a RawValue) {
        let inside = Members::of(value).and_then(|members| members.get("tools"));
        self.tools(inside.unwrap_or(value));
    }
}
