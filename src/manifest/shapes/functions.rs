//! `{functions: […]}`, `{functionDeclarations: […]}`: what is given to a model as its functions.

use super::{Members, Reader, Root, Shape};
use crate::raw::Raw;

pub(super) const SHAPE: Shape = Shape { id: "functions", fits, read };

const KEYS: [&str; 4] = ["functions", "functionDeclarations", "function_declarations", "tool_definitions"];

/// The list, with its key.
fn list<'a>(members: &Members<'a>) -> Option<(&'static str, Raw<'a>)> {
    KEYS.iter().find_map(|key| Some((*key, members.get(key).filter(|raw| raw.get().starts_with('['))?)))
}

fn fits(root: &Root<'_>) -> bool {
    root.object().and_then(list).is_some()
}

fn read<'a>(root: &Root<'a>, reader: &mut Reader<'a>) {
    let Some(members) = root.object() else { return };
    reader.identity(members);
    if let Some((key, raw)) = list(members) {
        reader.tools(raw);
        reader.beside(members, key);
    }
}
