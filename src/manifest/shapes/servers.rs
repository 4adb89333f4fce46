//! `[{name, tools: […]}, …]`, and the same under `servers` or `mcpServers`: several servers.

use super::{Members, Reader, Root, Shape};
use crate::manifest::entry::is_tool_value;
use crate::manifest::raw::items;
use serde_json::value::RawValue;

pub(super) const SHAPE: Shape = Shape { id: "servers", fits, read };

const KEYS: [&str; 2] = ["servers", "mcpServers"];

fn fits(root: &Root<'_>) -> bool {
    match root {
        Root::Array(list) => list.first().is_some_and(|item| is_server(item)),
        Root::Object(members) => list(members).is_some_and(|raw| match (items(raw), Members::of(raw)) {
            (Some(list), _) => list.first().is_some_and(|item| lists_tools(item)),
            (_, Some(named)) => named.iter().next().is_some_and(|(_, value)| lists_tools(value)),
            _ => false,
        }),
        Root::Lines(_) => false,
    }
}

fn list<'a>(members: &Members<'a>) -> Option<&'a RawValue> {
    KEYS.iter().find_map(|key| members.get(key))
}

/// Whether an item names a server and lists its tools.
fn is_server(item: &RawValue) -> bool {
    Members::of(item).is_some_and(|m| m.has("tools") && names(&m))
}

fn lists_tools(value: &RawValue) -> bool {
    Members::of(value).is_some_and(|m| m.has("tools"))
        || items(value).is_some_and(|list| list.first().is_some_and(|first| is_tool_value(first)))
}

fn names(members: &Members<'_>) -> bool {
    members.has_any(&["name", "server", "slug", "id"]) && !members.has("result")
}

fn read<'a>(root: &Root<'a>, reader: &mut Reader<'a>) {
    match root {
        Root::Array(list) => list.iter().for_each(|item| reader.server(None, item)),
        Root::Object(members) => {
            let Some(raw) = list(members) else { return };
            for item in items(raw).unwrap_or_default() {
                reader.server(None, item);
            }
            for (name, value) in Members::of(raw).iter().flat_map(Members::iter) {
                reader.server(Some(name), value);
            }
        }
        Root::Lines(_) => {}
    }
}

impl<'a> Reader<'a> {
    /// Reads one server of several; `key` is its name where the file names it.
    pub(crate) fn server(&mut self, key: Option<&str>, value: &'a RawValue) {
        if std::mem::replace(&mut self.begun, true) {
            self.next_server();
        }
        match Members::of(value) {
            Some(members) if members.has_any(&["server", "serverInfo"]) => self.listing(&members),
            Some(members) if members.has("tools") => self.registered(&members),
            Some(_) => self.unknown(Some(value)),
            None => self.tools(value),
        }
        if let Some(key) = key {
            self.manifest.server.name.get_or_insert_with(|| key.to_owned());
        }
    }
}
