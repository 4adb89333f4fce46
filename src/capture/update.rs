//! What a catalogue keeps of a server when it is captured again: the order of what was there, what a person edited, and
//! the file as it is where the server says the same.

use serde_json::{Map, Value};

use super::document::document;
use crate::manifest::Manifest;

/// Fields of `server` that a person may have edited: what is stored stays.
const EDITED: [&str; 6] = ["title", "license", "repository", "author", "package", "registry"];
/// Fields of `server` that hold for one capture: what the capture does not say is not known any more.
const OF_CAPTURE: [&str; 2] = ["version", "package_version"];
/// The field that names those which a person edited.
const NAMED: &str = "edited";
/// What a listing says of itself: never kept from another.
const OF_LISTING: [&str; 8] =
    ["cacheScope", "without_schemas", "tools_generated", "nextCursor", "next_cursor", "captured_at", "tools", "server"];
/// What a server says in a session, which a file of tools alone does not hold.
const OF_SESSION: [&str; 2] = ["protocolVersion", "instructions"];

/// What becomes of a server's manifest.
#[derive(Debug, PartialEq)]
pub struct Updated {
    /// The document to write; `None` where the stored one says the same.
    pub document: Option<Value>,
    /// Fields of `server` that stay although the server says something else.
    pub kept: Vec<String>,
    /// Fields that are not known any more, because the capture does not say them.
    pub dropped: Vec<String>,
}

/// Lays a capture over the stored manifest. `stored` is the document as it is read and `was` what was read of it; `said`
/// are fields of `server` that a person gives now, which count more than what is stored.
pub fn updated(stored: Option<(&Value, &Manifest)>, captured: &Manifest, said: &[&str]) -> Updated {
    let new = document(captured);
    let Some((stored, was)) = stored else {
        return Updated { document: Some(new), kept: Vec::new(), dropped: Vec::new() };
    };
    let is_listing =
        stored.get("tools").is_some_and(Value::is_array) && stored.get("server").is_none_or(Value::is_object);
    // One of another shape is written anew, and stays what it was read as.
    let canonical = if is_listing { None } else { Some(document(was)) };
    let old = canonical.as_ref().unwrap_or(stored);
    let (server, kept, mut dropped) = identity(old.get("server"), new.get("server"), said);
    let speaks = OF_SESSION.iter().any(|key| new.get(key).is_some())
        || ["name", "version"].iter().any(|key| new["server"].get(key).is_some());
    let mut document = Map::new();
    for (key, value) in old.as_object().into_iter().flatten() {
        let now = match key.as_str() {
            "server" => Some(server.clone()),
            "tools" => Some(tools(value, &new["tools"])),
            _ => match new.get(key) {
                Some(now) => Some(now.clone()),
                None if OF_SESSION.contains(&key.as_str()) => (!speaks || value.is_null()).then(|| value.clone()),
                // Definitions that no shape reads do not lie beside a listing that is whole.
                None => (!OF_LISTING.contains(&key.as_str()) && !value.is_object()).then(|| value.clone()),
            },
        };
        match now {
            Some(now) => drop(document.insert(key.clone(), now)),
            None if key == "captured_at" || OF_SESSION.contains(&key.as_str()) => dropped.push(key.clone()),
            None => {}
        }
    }
    if !document.contains_key("server") {
        document.insert("server".to_owned(), server);
        // It stands first.
        let rest = std::mem::take(&mut document);
        document.extend(rest.clone().into_iter().filter(|(key, _)| key == "server"));
        document.extend(rest.into_iter().filter(|(key, _)| key != "server"));
    }
    for (key, value) in new.as_object().into_iter().flatten() {
        if !document.contains_key(key) {
            document.insert(key.clone(), value.clone());
        }
    }
    let document = Value::Object(document);
    if canonical.is_none() && is_same(stored, &document) {
        return Updated { document: None, kept, dropped: Vec::new() };
    }
    Updated { document: Some(document), kept, dropped }
}

/// The `server` of both, the fields that stay against the capture, and those that are not known any more.
fn identity(old: Option<&Value>, new: Option<&Value>, said: &[&str]) -> (Value, Vec<String>, Vec<String>) {
    let none = Map::new();
    let old = old.and_then(Value::as_object).unwrap_or(&none);
    let new = new.and_then(Value::as_object).unwrap_or(&none);
    let mut edited: Vec<String> = old
        .get(NAMED)
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        .unwrap_or_default();
    let (mut kept, mut dropped) = (Vec::new(), Vec::new());
    let mut out = Map::new();
    for (key, value) in old.iter().filter(|(key, _)| *key != NAMED) {
        let is_named = edited.contains(key);
        let now = match new.get(key) {
            _ if value.is_null() => new.get(key).unwrap_or(value),
            Some(now) if now == value => value,
            Some(now) if said.contains(&key.as_str()) => {
                edited.retain(|name| name != key);
                now
            }
            Some(_) if is_named || EDITED.contains(&key.as_str()) => {
                kept.push(key.clone());
                if !is_named {
                    edited.push(key.clone());
                }
                value
            }
            Some(now) => now,
            None if OF_CAPTURE.contains(&key.as_str()) && !is_named => {
                dropped.push(format!("server.{key}"));
                continue;
            }
            None => value,
        };
        out.insert(key.clone(), now.clone());
    }
    for (key, value) in new {
        if !out.contains_key(key) {
            out.insert(key.clone(), value.clone());
        }
    }
    if !edited.is_empty() {
        out.insert(NAMED.to_owned(), edited.into());
    }
    (out.into(), kept, dropped)
}

/// The tools of a capture: those that are stored in the order of the store, new ones behind them.
fn tools(old: &Value, new: &Value) -> Value {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut rest: Vec<Option<Value>> = list(new).into_iter().map(Some).collect();
    let mut out = Vec::with_capacity(rest.len());
    let mut places: std::collections::HashMap<String, std::collections::VecDeque<usize>> =
        std::collections::HashMap::new();
    for (i, tool) in rest.iter().enumerate() {
        places.entry(name(tool.as_ref())).or_default().push_back(i);
    }
    for stored in list(old) {
        let place = places.get_mut(&name(Some(&stored))).and_then(std::collections::VecDeque::pop_front);
        if let Some(tool) = place.and_then(|place| rest.get_mut(place)?.take()) {
            out.push(entry(&stored, tool));
        }
    }
    out.extend(rest.into_iter().flatten());
    out.into()
}

/// The name of an entry; of what is none, the value itself.
fn name(tool: Option<&Value>) -> String {
    let Some(tool) = tool else { return String::new() };
    tool.get("name").and_then(Value::as_str).map_or_else(|| tool.to_string(), str::to_owned)
}

/// An entry in the order of the stored one, which may say of keys that they are null.
fn entry(old: &Value, new: Value) -> Value {
    let mut out = ordered(old, new);
    let (Some(old), Some(map)) = (old.as_object(), out.as_object_mut()) else { return out };
    let nulls = || old.iter().filter(|(key, value)| value.is_null() && !matches!(key.as_str(), "name" | "inputSchema"));
    if nulls().any(|(key, _)| !map.contains_key(key)) {
        let mut said = std::mem::take(map);
        for (key, value) in old {
            if let Some(now) = said.shift_remove(key).or_else(|| value.is_null().then_some(Value::Null)) {
                map.insert(key.clone(), now);
            }
        }
        map.extend(said);
    }
    out
}

/// A value whose keys are in the order of another: new ones follow.
fn ordered(old: &Value, new: Value) -> Value {
    match (old, new) {
        (Value::Object(old), Value::Object(mut new)) => {
            let mut out = Map::new();
            for (key, before) in old {
                let Some(now) = new.shift_remove(key) else { continue };
                // What is required is a set.
                let is_set = key == "required" && same_set(before, &now);
                out.insert(key.clone(), if is_set { before.clone() } else { ordered(before, now) });
            }
            out.extend(new);
            Value::Object(out)
        }
        (Value::Array(old), Value::Array(new)) => {
            let mut before = old.iter();
            new.into_iter()
                .map(|now| match before.next() {
                    Some(before) => ordered(before, now),
                    None => now,
                })
                .collect()
        }
        (_, new) => new,
    }
}

fn same_set(a: &Value, b: &Value) -> bool {
    let names = |value: &Value| -> Option<Vec<String>> {
        let mut names: Vec<String> =
            value.as_array()?.iter().map(|name| name.as_str().map(str::to_owned)).collect::<Option<_>>()?;
        names.sort_unstable();
        Some(names)
    };
    names(a).is_some_and(|a| names(b) == Some(a))
}

/// Whether two documents say the same of the server, whenever it was asked.
fn is_same(a: &Value, b: &Value) -> bool {
    let timeless = |value: &Value| {
        let mut value = value.clone();
        if let Some(map) = value.as_object_mut() {
            map.shift_remove("captured_at");
            if let Some(server) = map.get_mut("server").and_then(Value::as_object_mut) {
                for key in OF_CAPTURE {
                    // A version that is not said again is no change; another one is.
                    if a["server"].get(key).is_none() || b["server"].get(key).is_none() {
                        server.shift_remove(key);
                    }
                }
            }
        }
        value
    };
    timeless(a) == timeless(b)
}
