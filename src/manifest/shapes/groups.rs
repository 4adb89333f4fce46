//! `{group: [tools], …}`: each group is a server.

use super::{Members, Reader, Root, Shape};
use crate::manifest::entry::is_tool_value;
use crate::raw::{Raw, items};

pub(super) const SHAPE: Shape = Shape { id: "groups", fits, read };

/// A list whose first item is a tool.
fn is_list(value: Raw<'_>) -> bool {
    items(value).is_some_and(|list| list.first().is_some_and(|first| is_tool_value(*first)))
}

fn fits(root: &Root<'_>) -> bool {
    let Some(members) = root.object() else { return false };
    let group =
        |value: Raw<'_>| is_list(value) || value.get() == "[]" || Members::of(value).is_some_and(|m| m.has("tools"));
    let lists = |(_, value): &(&str, Raw<'_>)| value.get().starts_with(['[', '{']);
    members.iter().filter(lists).all(|(_, value)| group(value))
        && members.iter().any(|(_, v)| v.get() != "[]" && group(v))
}

fn read<'a>(root: &Root<'a>, reader: &mut Reader<'a>) {
    for (name, value) in root.object().iter().flat_map(|members| members.iter()) {
        if value.get().starts_with(['[', '{']) && value.get() != "[]" {
            reader.server(Some(name), value);
        }
    }
}
