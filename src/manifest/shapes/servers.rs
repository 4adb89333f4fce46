//! `[{name, tools: […]}, …]`, and the same under `servers` or `mcpServers`: several servers.

use super::registry::inner;
use super::{Members, Reader, Root, Shape};
use crate::diagnostic::Code;
use crate::manifest::entry::is_tool_value;
use crate::neutral;
use crate::raw::{Raw, items};

pub(super) const SHAPE: Shape = Shape { id: "servers", fits, read };

const KEYS: [&str; 2] = ["servers", "mcpServers"];
/// Where a server may have its name.
const NAMES: [&str; 4] = ["name", "server", "slug", "id"];
/// Servers that are named where they list no tools.
const MAX_NAMES: usize = 3;

fn fits(root: &Root<'_>) -> bool {
    match root {
        Root::Array(list) => list.first().is_some_and(|item| is_server(*item)),
        Root::Object(members) => list(members).is_some_and(|raw| match (items(raw), Members::of(raw)) {
            (Some(list), _) => list.iter().any(|item| lists_tools(*item)),
            (_, Some(named)) => named.iter().any(|(_, value)| lists_tools(value)),
            _ => false,
        }),
        Root::Lines(_) => false,
    }
}

fn list<'a>(members: &Members<'a>) -> Option<Raw<'a>> {
    KEYS.iter().find_map(|key| members.get(key))
}

/// Whether an item names a server and lists its tools.
fn is_server(item: Raw<'_>) -> bool {
    Members::of(item).is_some_and(|m| m.has("tools") && names(&m))
}

fn lists_tools(value: Raw<'_>) -> bool {
    Members::of(value).is_some_and(|m| m.has("tools"))
        || items(value).is_some_and(|list| list.first().is_some_and(|first| is_tool_value(*first)))
}

fn names(members: &Members<'_>) -> bool {
    members.has_any(&NAMES) && !members.has("result")
}

fn read<'a>(root: &Root<'a>, reader: &mut Reader<'a>) {
    let raw = root.object().and_then(list);
    let named = raw.and_then(Members::of).unwrap_or_default();
    let unnamed = match raw {
        Some(raw) => items(raw).unwrap_or_default(),
        None => root.array().unwrap_or_default().to_vec(),
    };
    let unnamed = unnamed.into_iter().map(|value| (None, value));
    let entries = unnamed.chain(named.iter().map(|(name, value)| (Some(name), value)));
    // Names and places of those that list no tools.
    let mut without: Vec<(String, usize)> = Vec::new();
    for (key, value) in entries {
        match Members::of(value).filter(|members| !members.has("tools") && inner(members).is_none()) {
            Some(members) => {
                let name = key.map(str::to_owned).or_else(|| NAMES.iter().find_map(|name| members.text(name)));
                without.push((name.unwrap_or_default(), reader.offset(value)));
            }
            None => reader.server(key, value),
        }
    }
    if let Some((_, offset)) = without.first() {
        let told: Vec<String> = without.iter().take(MAX_NAMES).map(|(name, _)| neutral::quoted(name)).collect();
        let more = if without.len() > told.len() { ", …" } else { "" };
        let lists = if without.len() == 1 { "server lists no tools and is" } else { "servers list no tools and are" };
        let message = format!("{} {lists} left out: {}{more}", without.len(), told.join(", "));
        reader.warn(Code::NoTools, *offset, message, "start each and save its tools/list");
    }
}

impl<'a> Reader<'a> {
    /// Reads one server of several; `key` is its name where the file names it.
    pub(crate) fn server(&mut self, key: Option<&str>, value: Raw<'a>) {
        if std::mem::replace(&mut self.begun, true) {
            self.next_server();
        }
        match Members::of(value) {
            Some(members) if !members.has("tools") => match inner(&members) {
                Some(inner) => {
                    self.registered(&inner);
                    self.beside(&members, "server");
                }
                None => self.unknown(Some(value)),
            },
            Some(members) if members.has_any(&["server", "serverInfo"]) => self.listing(&members),
            Some(members) => self.registered(&members),
            None => self.tools(value),
        }
        if let Some(key) = key {
            self.manifest.server.name.get_or_insert_with(|| key.into());
        }
    }
}
