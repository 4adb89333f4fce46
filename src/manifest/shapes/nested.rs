//! `{metadata: {…: {tools: […]}}}`: a listing somewhere below other keys, where there is one and no other.

use super::{Members, Reader, Root, Shape};
use crate::manifest::entry::is_tool_value;
use crate::raw::{Raw, items};

pub(super) const SHAPE: Shape = Shape { id: "nested", fits, read };

/// How deep a listing is looked for.
const MAX_DEPTH: usize = 8;

fn fits(root: &Root<'_>) -> bool {
    found(root).is_some()
}

fn read<'a>(root: &Root<'a>, reader: &mut Reader<'a>) {
    let Some(listing) = found(root) else { return };
    reader.listing(&listing);
    if let (Some(members), Some(tools)) = (root.object(), listing.get("tools")) {
        reader.way(members, tools);
    }
}

/// The one object whose `tools` is a list of tools.
fn found<'a>(root: &Root<'a>) -> Option<Members<'a>> {
    let mut all = Vec::new();
    for (_, value) in root.object()?.iter() {
        look(value, 0, &mut all);
    }
    if all.len() == 1 { all.pop() } else { None }
}

fn look<'a>(value: Raw<'a>, depth: usize, found: &mut Vec<Members<'a>>) {
    if depth > MAX_DEPTH || found.len() > 1 {
        return;
    }
    if let Some(members) = Members::of(value) {
        let lists =
            |raw: Raw<'_>| items(raw).is_some_and(|list| list.first().is_some_and(|first| is_tool_value(*first)));
        if members.get("tools").is_some_and(lists) {
            found.push(members);
            return;
        }
        for (_, value) in members.iter() {
            look(value, depth + 1, found);
        }
    } else if value.get().starts_with('[') {
        for item in items(value).unwrap_or_default() {
            look(item, depth + 1, found);
        }
    }
}
