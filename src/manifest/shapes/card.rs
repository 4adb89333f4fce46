//! A server card (SEP-1649: `/.well-known/mcp.json`, `/mcp/server-card.json`): `serverInfo`, how to reach the server,
//! and its tools, or the word `dynamic`.

use super::{Reader, Root, Shape};
use crate::diagnostic::Code;

pub(super) const SHAPE: Shape = Shape { id: "card", fits, read };

fn fits(root: &Root<'_>) -> bool {
    const CARDS: [&str; 6] = ["transport", "transports", "capabilities", "remotes", "authentication", "$schema"];
    root.object().is_some_and(|m| m.has("serverInfo") && m.has_any(&CARDS))
}

fn read<'a>(root: &Root<'a>, reader: &mut Reader<'a>) {
    let Some(members) = root.object() else { return };
    if members.has("tools") {
        reader.listing(members);
    } else {
        reader.error(Code::NoTools, 0, "the server card lists no tools", "ask the server for tools/list");
    }
}
