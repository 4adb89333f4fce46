//! `{name, inputSchema, …}`: one tool alone.

use super::{Reader, Root, Shape};
use crate::manifest::entry::{SCHEMA_KEYS, is_tool};

pub(super) const SHAPE: Shape = Shape { id: "tool", fits, read };

/// What packages and servers have beside a name and a description, and tools do not.
const OF_SERVERS: [&str; 6] = ["version", "packages", "remotes", "manifest_version", "dependencies", "mcpServers"];

fn fits(root: &Root<'_>) -> bool {
    root.object().is_some_and(|m| is_tool(m) && (m.has_any(&SCHEMA_KEYS) || !m.has_any(&OF_SERVERS)))
}

fn read<'a>(_: &Root<'a>, reader: &mut Reader<'a>) {
    if let Some(raw) = reader.target() {
        reader.tool(raw, None);
    }
}
