//! `[{name, inputSchema}, …]`: the tools alone.

use super::{Members, Reader, Root, Shape};
use crate::raw::items;

pub(super) const SHAPE: Shape = Shape { id: "array", fits, read };

fn fits(root: &Root<'_>) -> bool {
    // Lists of lists, and lists of objects that only hold lists, are something else.
    let entry = |members: &Members<'_>| {
        members.has("name") || !members.iter().any(|(_, value)| value.get().starts_with(['[', '{']))
    };
    let Some(list) = root.array() else { return false };
    list.iter().all(|item| items(*item).is_none())
        && (list.is_empty() || list.iter().any(|item| Members::of(*item).is_none_or(|m| entry(&m) || wraps(&m))))
}

fn wraps(members: &Members<'_>) -> bool {
    crate::manifest::entry::is_tool(members)
}

fn read<'a>(root: &Root<'a>, reader: &mut Reader<'a>) {
    for item in root.array().unwrap_or_default() {
        match Members::of(*item) {
            Some(members) if members.has("tools") => reader.listing(&members),
            _ => reader.tool(*item, None),
        }
    }
}
