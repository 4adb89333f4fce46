//! `{result: {tools: […]}}`: the JSON-RPC answer to `tools/list`.

use super::{Reader, Root, Shape};
use crate::diagnostic::Code;

pub(super) const SHAPE: Shape = Shape { id: "answer", fits, read };

fn fits(root: &Root<'_>) -> bool {
    root.object().is_some_and(|members| members.has("result") && !members.has("tools"))
}

fn read<'a>(root: &Root<'a>, reader: &mut Reader<'a>) {
    let Some(members) = root.object() else { return };
    reader.identity(members);
    let Some(raw) = members.get("result") else { return };
    match members.object("result") {
        Some(result) if result.has("tools") => {
            reader.listing(&result);
            reader.beside(members, "result");
        }
        Some(_) => {
            let offset = reader.offset(raw);
            reader.error(Code::NoTools, offset, "`result` has no `tools`", "give the answer to tools/list");
        }
        None if raw.get().starts_with('[') => {
            reader.tools(raw);
            reader.beside(members, "result");
        }
        None => reader.unknown(Some(raw)),
    }
}
