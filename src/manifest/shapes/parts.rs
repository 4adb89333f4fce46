//! `{modules: …}`, `{categories: [{name, tools}]}`: the tools of one server in several lists.

use super::{Members, Reader, Root, Shape};
use crate::diagnostic::Code;
use crate::raw::{Raw, items};

pub(super) const SHAPE: Shape = Shape { id: "parts", fits, read };

const KEYS: [&str; 6] = ["modules", "categories", "toolsets", "tool_groups", "groups", "sections"];

fn fits(root: &Root<'_>) -> bool {
    root.object().and_then(parts).is_some_and(|(_, raw)| match (items(raw), Members::of(raw)) {
        (Some(list), _) => list.iter().any(|item| has_tools(*item)),
        (_, Some(named)) => named.iter().any(|(_, value)| has_tools(value)),
        _ => false,
    })
}

/// The parts, with their key.
fn parts<'a>(members: &Members<'a>) -> Option<(&'static str, Raw<'a>)> {
    KEYS.iter().find_map(|key| Some((*key, members.get(key)?)))
}

fn has_tools(value: Raw<'_>) -> bool {
    Members::of(value).is_some_and(|m| m.has("tools"))
        || items(value).is_some_and(|list| list.iter().any(|item| Members::of(*item).is_some_and(|m| m.has("name"))))
}

fn read<'a>(root: &Root<'a>, reader: &mut Reader<'a>) {
    let Some(members) = root.object() else { return };
    reader.identity(members);
    if !members.has_any(&["server", "serverInfo"]) {
        reader.describe(members);
    }
    let Some((key, raw)) = parts(members) else { return };
    for item in items(raw).unwrap_or_default() {
        reader.part(item);
    }
    for (_, value) in Members::of(raw).iter().flat_map(Members::iter) {
        reader.part(value);
    }
    reader.beside(members, key);
}

impl<'a> Reader<'a> {
    /// The tools of one part.
    fn part(&mut self, value: Raw<'a>) {
        let Some(members) = Members::of(value) else { return self.tools(value) };
        if let Some(tools) = members.get("tools") {
            self.tools(tools);
            self.beside(&members, "tools");
        } else if members.iter().any(|(_, value)| value.get().starts_with(['{', '['])) {
            self.tools(value);
        } else {
            self.lost += 1;
            let offset = self.offset(value);
            let help = "list its tools under `tools`, or take it out";
            self.warn(Code::NoTools, offset, "a part lists no tools; it is left out", help);
        }
    }
}
