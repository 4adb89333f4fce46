//! An entry of the MCP registry (`server.json`, schema 2025-12-11) without tools: who the server is, and how it is
//! installed or reached.

use super::{Members, Reader, Root, Shape};
use crate::diagnostic::Code;

pub(super) const SHAPE: Shape = Shape { id: "identity", fits, read };

fn fits(root: &Root<'_>) -> bool {
    root.object().is_some_and(|members| is_entry(members) || inner(members).is_some())
}

fn is_entry(members: &Members<'_>) -> bool {
    members.text("name").is_some()
        && members.has("version")
        && members.has_any(&["packages", "remotes", "$schema"])
        && !members.has_any(&["tools", "inputSchema", "manifest_version", "server", "serverInfo"])
}

/// The entry in an answer of the registry, which has it under `server`.
fn inner<'a>(members: &Members<'a>) -> Option<Members<'a>> {
    members.object("server").filter(|inner| is_entry(inner) && !members.has("tools"))
}

fn read<'a>(root: &Root<'a>, reader: &mut Reader<'a>) {
    let Some(members) = root.object() else { return };
    match inner(members) {
        Some(inner) => reader.registered(&inner),
        None => reader.registered(members),
    }
    reader.identity_only = Some(reader.manifest.server.clone());
    let message = "the entry of a registry says who the server is and lists no tools";
    let help = "give its tools as well: `toolcard import server.json tools.json`, or ask the server that it installs";
    reader.error(Code::NoTools, 0, message, help);
}
