//! What stands in JSON of no known shape: where objects with a name are, so that a person can say which are the tools.

use std::cmp::Reverse;

use serde_json::Value;

use super::beside::NO_TOOLS;
use super::entry::SCHEMA_KEYS;
use super::schema::escape;
use super::shapes::lines;
use crate::neutral;

/// Places that are named.
const MAX_PLACES: usize = 3;
/// How deep objects are looked for.
const MAX_DEPTH: usize = 16;

/// How many bytes of a page are looked at.
const MAX_HEAD_BYTES: usize = 4096;

/// A place that holds objects with a name.
struct CandidateList {
    pointer: String,
    /// How many it holds.
    named: usize,
    /// How many of them have a description or a schema.
    described: usize,
    /// Whether they are known to be something else than tools.
    other: bool,
}

/// What is wrong with a text, and what to do.
pub(super) fn describe(text: &str) -> (String, String) {
    let several = || -> Option<Value> {
        let values = lines::values(text)?.into_iter();
        values.map(|value| serde_json::from_str::<Value>(value.get()).ok()).collect::<Option<Vec<_>>>().map(Value::from)
    };
    let value: Value = serde_json::from_str(text).ok().or_else(several).unwrap_or_default();
    let mut places = Vec::new();
    look(&value, String::new(), false, 0, &mut places);
    places.sort_by_key(|place| (place.other, Reverse(place.described), Reverse(place.named)));
    let message = match places.as_slice() {
        [] => "this is JSON, but no manifest, and nothing in it has a `name`".to_owned(),
        places => {
            let told: Vec<String> = places
                .iter()
                .take(MAX_PLACES)
                .map(|CandidateList { pointer, named, .. }| {
                    let objects = if *named == 1 { "object" } else { "objects" };
                    let pointer = if pointer.is_empty() { "the root" } else { pointer.as_str() };
                    format!("{named} {objects} with a `name` at {pointer}")
                })
                .collect();
            let more = places.len().saturating_sub(MAX_PLACES);
            let more = if more > 0 { format!(" and at {more} other places") } else { String::new() };
            format!("this is JSON of no known shape: {}{more}", told.join(", "))
        }
    };
    (message, help_at(&places))
}

/// What a text is that is no JSON, where that can be told, and what to do.
pub(super) fn no_json(text: &str) -> Option<(String, &'static str)> {
    let start = text.trim_start();
    if start.is_empty() {
        let message = if text.is_empty() { "the file is empty" } else { "the file has blanks alone" };
        return Some((message.to_owned(), "what should have written it failed: save the answer to tools/list again"));
    }
    if !start.starts_with('<') {
        return None;
    }
    let lower = start.get(..start.len().min(MAX_HEAD_BYTES)).unwrap_or(start).to_ascii_lowercase();
    if !["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| lower.contains(tag)) {
        return Some(("the file is XML or HTML, not JSON".to_owned(), "save the answer to tools/list, which is JSON"));
    }
    let title = lower.find("<title>").and_then(|at| {
        let rest = &start[at + "<title>".len()..];
        Some(rest[..rest.find('<')?].trim()).filter(|title| !title.is_empty())
    });
    let title = title.map_or(String::new(), |title| format!(" with the title {}", neutral::quoted(title)));
    let help = "the address answered with a web page: check the address, or sign in, and save the answer to tools/list";
    Some((format!("the file is an HTML page{title}, not JSON"), help))
}

fn help_at(places: &[CandidateList]) -> String {
    match places.iter().find(|place| !place.other) {
        Some(CandidateList { pointer, .. }) if pointer.is_empty() => "put these under `tools`".to_owned(),
        Some(CandidateList { pointer: at, .. }) => format!(
            "give these with `--at {at}`, in a catalogue with `at = \"{at}\"` in overrides.toml, or put them under `tools`"
        ),
        None => "give a capture, the answer to tools/list, or an array of tools".to_owned(),
    }
}

/// Finds what holds objects with a name; `other` where a key on the way says that they are no tools.
fn look(value: &Value, pointer: String, other: bool, depth: usize, found: &mut Vec<CandidateList>) {
    if depth > MAX_DEPTH {
        return;
    }
    match value {
        Value::Object(map) if map.len() > 1 && map.values().all(is_named) => {
            let described = map.values().filter(|item| is_described(item)).count();
            found.push(CandidateList { pointer, named: map.len(), described, other });
        }
        Value::Array(items) => {
            let named = items.iter().filter(|item| is_named(item)).count();
            if named > 0 {
                let described = items.iter().filter(|item| is_named(item) && is_described(item)).count();
                found.push(CandidateList { pointer, named, described, other });
            } else {
                for (i, item) in items.iter().enumerate() {
                    look(item, format!("{pointer}/{i}"), other, depth + 1, found);
                }
            }
        }
        Value::Object(map) => {
            for (key, item) in map {
                let other = other || NO_TOOLS.contains(&key.as_str());
                look(item, format!("{pointer}/{}", escape(key)), other, depth + 1, found);
            }
        }
        _ => {}
    }
}

fn is_named(item: &Value) -> bool {
    item.get("name").is_some_and(Value::is_string)
}

/// Whether an object says what a tool does or takes.
fn is_described(item: &Value) -> bool {
    item.get("description").is_some() || SCHEMA_KEYS.iter().any(|key| item.get(key).is_some())
}
