//! `[{tools: […], nextCursor}, …]`: the pages of one listing, as results or as whole answers.

use super::{Members, Reader, Root, Shape};

pub(super) const SHAPE: Shape = Shape { id: "pages", fits, read };

fn fits(root: &Root<'_>) -> bool {
    let page = |members: Members<'_>| members.has("tools") || members.has("result");
    root.array().and_then(|items| items.first()).and_then(|first| Members::of(first)).is_some_and(page)
}

fn read<'a>(root: &Root<'a>, reader: &mut Reader<'a>) {
    for item in root.array().unwrap_or_default() {
        match Members::of(item) {
            Some(members) if members.has("tools") => reader.listing(&members),
            Some(members) if members.has("result") => match members.object("result") {
                Some(result) if result.has("tools") => reader.listing(&result),
                _ => reader.unknown(Some(item)),
            },
            _ => reader.tool(item, None),
        }
    }
}
