//! What stands beside the tools of a listing and belongs to it: a cursor that is left, and definitions where no shape
//! looks for them. With either, the listing is a part.

use super::Gap;
use super::entry::{SCHEMA_KEYS, is_tool};
use super::reader::Reader;
use super::schema::escape;
use super::shapes::lines;
use crate::diagnostic::{Code, MAX_ALIKE};
use crate::neutral;
use crate::raw::{Members, Raw, items};

/// Keys of what has names and descriptions and is no tool.
pub(super) const NO_TOOLS: [&str; 19] = [
    "agents",
    "arguments",
    "authors",
    "contributors",
    "env",
    "environmentVariables",
    "environment_variables",
    "examples",
    "headers",
    "icons",
    "maintainers",
    "packages",
    "prompts",
    "remotes",
    "resourceTemplates",
    "resource_templates",
    "resources",
    "skills",
    "user_config",
];
/// Keys of groups of tools, which have names and descriptions themselves.
const GROUPS: [&str; 6] = ["categories", "groups", "sections", "tags", "tool_groups", "toolsets"];
const CURSORS: [&str; 2] = ["nextCursor", "next_cursor"];
/// How deep definitions are looked for.
const MAX_DEPTH: usize = 3;
/// Places that are named.
const MAX_PLACES: usize = 3;

/// The cursor of an object that is left.
fn cursor<'a>(members: &Members<'a>) -> Option<Raw<'a>> {
    members.iter().find(|(key, value)| CURSORS.contains(key) && is_left(*value)).map(|(_, value)| value)
}

/// Whether a cursor leads on: `null` and an empty string say that there is no further page.
fn is_left(raw: Raw<'_>) -> bool {
    raw.get() != "null" && !raw.get().trim_matches('"').trim().is_empty()
}

/// Whether a mark is set; one of an unknown kind is.
fn is_set(raw: Raw<'_>) -> bool {
    !matches!(raw.get().trim_matches('"').to_ascii_lowercase().as_str(), "" | "0" | "false" | "no" | "null")
}

impl<'a> Reader<'a> {
    /// What stands beside `key`, which leads to the tools, in an object.
    pub(super) fn beside(&mut self, members: &Members<'a>, key: &str) {
        if members.get("tools_generated").is_some_and(is_set) {
            self.gap(Gap::Generated);
        }
        if let Some(cursor) = cursor(members) {
            self.leave(cursor);
        }
        let mut found = Vec::new();
        for (other, value) in members.iter() {
            if other == key || NO_TOOLS.contains(&other) {
                continue;
            }
            // A cursor beside resources or prompts is theirs.
            let inner = Members::of(value).filter(|inner| inner.has("tools") || !inner.has_any(&NO_TOOLS));
            if let Some(cursor) = inner.as_ref().and_then(cursor) {
                self.leave(cursor);
            }
            lists(value, GROUPS.contains(&other), MAX_DEPTH, &mut found);
        }
        self.aside(&found);
        self.repeated(members, key);
    }

    /// The same on the way from an object down to the tools.
    pub(super) fn way(&mut self, members: &Members<'a>, tools: Raw<'_>) {
        let holds = |raw: Raw<'_>| raw.get().as_bytes().as_ptr_range().contains(&tools.get().as_ptr());
        // What stands in the object of the tools itself, the listing has told.
        if members.get("tools").is_some_and(holds) {
            return;
        }
        let step = members.iter().find(|(_, value)| holds(*value));
        let Some((key, mut value)) = step else { return };
        self.beside(members, key);
        while let Some(item) = items(value).and_then(|list| list.into_iter().find(|item| holds(*item))) {
            value = item;
        }
        if let Some(inner) = Members::of(value) {
            self.way(&inner, tools);
        }
    }

    /// Definitions in a tool, which may be a group.
    pub(super) fn inside(&mut self, json: &'a str) {
        let mut found = Vec::new();
        if let Some(tools) = serde_json::from_str::<Members<'_>>(json).ok().and_then(|members| members.get("tools")) {
            lists(tools, false, 0, &mut found);
        }
        self.aside(&found);
    }

    /// Tells definitions that are not read.
    fn aside(&mut self, found: &[(Raw<'a>, usize)]) {
        let Some((first, _)) = found.first() else { return };
        self.gap(Gap::Unread);
        let count: usize = found.iter().map(|(_, count)| *count).sum();
        let definitions =
            if count == 1 { "definition beside the listing is" } else { "definitions beside the listing are" };
        let message = format!("{count} {definitions} not read");
        let help = "put them under `tools`, or say with `--at` which are the tools";
        // To find a place costs a look over the file, and no more of them are told.
        self.asides += 1;
        if self.asides > MAX_ALIKE {
            let position = self.here();
            return self.warn_at(Code::PartialListing, position, message, help);
        }
        let places: Vec<String> = found
            .iter()
            .take(MAX_PLACES)
            .map(|(raw, _)| neutral::quoted(&pointer(self.text, self.offset(*raw))))
            .collect();
        let more = if found.len() > places.len() { ", …" } else { "" };
        let offset = self.offset(*first);
        self.warn(Code::PartialListing, offset, format!("{message}: at {}{more}", places.join(", ")), help);
    }

    /// Tells a key that stands several times in an object: the last is read.
    fn repeated(&mut self, members: &Members<'a>, key: &str) {
        let all: Vec<Raw<'_>> = members.iter().filter(|(other, _)| *other == key).map(|(_, value)| value).collect();
        let [first, _, ..] = all.as_slice() else { return };
        self.gap(Gap::Unread);
        let message =
            format!("{} appears {} times in one object, and only the last is read", neutral::quoted(key), all.len());
        let offset = self.offset(*first);
        self.warn(Code::PartialListing, offset, message, "put all of it under one key");
    }
}

/// Finds what holds definitions, with their number. Below the first level, and where it is `strict`, a name and a
/// description are too little.
fn lists<'a>(raw: Raw<'a>, strict: bool, depth: usize, found: &mut Vec<(Raw<'a>, usize)>) {
    let count = definitions(raw, strict);
    if count > 0 {
        found.push((raw, count));
    }
    if count > 0 || depth == 0 {
        return;
    }
    for (key, value) in Members::of(raw).iter().flat_map(Members::iter) {
        if !NO_TOOLS.contains(&key) {
            lists(value, key != "tools", depth - 1, found);
        }
    }
    for item in items(raw).unwrap_or_default() {
        lists(item, true, depth - 1, found);
    }
}

/// How many definitions an array or an object holds; an object holds nothing else.
fn definitions(raw: Raw<'_>, strict: bool) -> usize {
    if let Some(list) = items(raw) {
        return list.iter().filter(|item| defines(**item, strict)).count();
    }
    let Some(members) = Members::of(raw) else { return 0 };
    let count = members.iter().filter(|(_, value)| defines(*value, strict)).count();
    if count == members.iter().count() { count } else { 0 }
}

/// Whether a value defines a tool, and is no group of them.
fn defines(raw: Raw<'_>, strict: bool) -> bool {
    Members::of(raw).is_some_and(|members| {
        !members.has("tools")
            && (members.has_any(&["inputSchema", "input_schema"])
                || (members.text("name").is_some() && members.has_any(&SCHEMA_KEYS))
                || (!strict && is_tool(&members)))
    })
}

/// The JSON Pointer to the value that begins at `start`.
fn pointer(text: &str, start: usize) -> String {
    let begin = |raw: Raw<'_>| (raw.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    let holds = |raw: Raw<'_>| (begin(raw)..begin(raw) + raw.get().len()).contains(&start);
    let mut level = match serde_json::from_str::<Raw<'_>>(text) {
        Ok(root) => steps(root),
        Err(_) => numbered(lines::values(text).unwrap_or_default()),
    };
    let mut pointer = String::new();
    while let Some((step, value)) = level.into_iter().find(|(_, value)| holds(*value)) {
        pointer.push('/');
        pointer.push_str(&escape(&step));
        level = if begin(value) == start { Vec::new() } else { steps(value) };
    }
    pointer
}

/// What stands one step below a value.
fn steps(raw: Raw<'_>) -> Vec<(String, Raw<'_>)> {
    match Members::of(raw) {
        Some(members) => members.iter().map(|(key, value)| (key.to_owned(), value)).collect(),
        None => numbered(items(raw).unwrap_or_default()),
    }
}

fn numbered(list: Vec<Raw<'_>>) -> Vec<(String, Raw<'_>)> {
    list.into_iter().enumerate().map(|(i, value)| (i.to_string(), value)).collect()
}
