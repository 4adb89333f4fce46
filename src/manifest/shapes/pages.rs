//! `[{tools: […], nextCursor}, …]`: the pages of one listing, as results, as whole answers, or among the other messages
//! of a session.

use super::{Members, Reader, Root, Shape};

pub(super) const SHAPE: Shape = Shape { id: "pages", fits, read };

fn fits(root: &Root<'_>) -> bool {
    let Some(list) = root.array() else { return false };
    let first = list.first().and_then(|first| Members::of(*first));
    first.is_some_and(|first| is_page(&first) || is_message(&first))
        && list.iter().any(|item| Members::of(*item).is_some_and(|m| is_page(&m) || m.has("error")))
}

fn is_page(members: &Members<'_>) -> bool {
    members.has_any(&["tools", "result"])
}

/// Another message of JSON-RPC: a request, a notification, an error.
fn is_message(members: &Members<'_>) -> bool {
    members.has("jsonrpc") && members.has_any(&["method", "error"])
}

fn read<'a>(root: &Root<'a>, reader: &mut Reader<'a>) {
    let list = root.array().unwrap_or_default();
    // Beside pages, an error is the answer to another request: a page that is missing leaves its cursor.
    let listed = list.iter().any(|item| Members::of(*item).is_some_and(|m| is_page(&m)));
    for item in list {
        match Members::of(*item) {
            Some(members) if members.has("tools") => reader.listing(&members),
            Some(members) if members.has("result") => match members.object("result") {
                Some(result) if result.has("tools") => {
                    reader.listing(&result);
                    reader.beside(&members, "result");
                }
                // The answer to another request: that of `initialize` says who the server is.
                Some(result) if members.has("jsonrpc") => reader.identity(&result),
                _ => reader.unknown(Some(*item)),
            },
            Some(members) if members.has("error") && is_message(&members) => reader.refusal(*item, &members, listed),
            Some(members) if is_message(&members) => {}
            _ => reader.tool(*item, None),
        }
    }
}
