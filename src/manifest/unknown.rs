//! What stands in JSON of no known shape: where objects with a name are, so that a person can say which are the tools.

use serde_json::Value;

use super::schema::escape;

/// Places that are named.
const MAX_PLACES: usize = 3;
/// How deep objects are looked for.
const MAX_DEPTH: usize = 16;

/// What is wrong with a text, and what to do.
pub(super) fn describe(text: &str) -> (String, String) {
    let value: Value = serde_json::from_str(text).unwrap_or_default();
    let mut places = Vec::new();
    look(&value, String::new(), 0, &mut places);
    places.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let error = error(&value);
    let message = match (places.as_slice(), error) {
        (_, Some(error)) => format!("this is an error that a server answered with: {error}"),
        ([], _) => "this is JSON, but no manifest, and nothing in it has a `name`".to_owned(),
        (places, _) => {
            let told: Vec<String> = places
                .iter()
                .take(MAX_PLACES)
                .map(|(pointer, n)| format!("{n} objects with a `name` at {}", shown(pointer)))
                .collect();
            let more = places.len().saturating_sub(MAX_PLACES);
            let more = if more > 0 { format!(" and at {more} other places") } else { String::new() };
            format!("this is JSON of no known shape: {}{more}", told.join(", "))
        }
    };
    (message, help_at(&places))
}

fn help_at(places: &[(String, usize)]) -> String {
    match places.first() {
        Some((pointer, _)) => format!("give these with `--at {}`, or put them under `tools`", shown(pointer)),
        None => "give a capture, the answer to tools/list, or an array of tools".to_owned(),
    }
}

fn shown(pointer: &str) -> &str {
    if pointer.is_empty() { "/" } else { pointer }
}

/// The message of a JSON-RPC error.
fn error(value: &Value) -> Option<String> {
    let message = value.get("error")?.get("message")?.as_str()?;
    value.get("jsonrpc").map(|_| message.to_owned())
}

/// Finds the pointers of what holds objects with a name, with their number.
fn look(value: &Value, pointer: String, depth: usize, found: &mut Vec<(String, usize)>) {
    if depth > MAX_DEPTH {
        return;
    }
    let is_named = |item: &&Value| item.get("name").is_some_and(Value::is_string);
    match value {
        Value::Object(map) if map.len() > 1 && map.values().all(|item| is_named(&item)) => {
            found.push((pointer, map.len()));
        }
        Value::Array(items) => {
            let named = items.iter().filter(is_named).count();
            if named > 0 {
                found.push((pointer, named));
            } else {
                for (i, item) in items.iter().enumerate() {
                    look(item, format!("{pointer}/{i}"), depth + 1, found);
                }
            }
        }
        Value::Object(map) => {
            for (key, item) in map {
                look(item, format!("{pointer}/{}", escape(key)), depth + 1, found);
            }
        }
        _ => {}
    }
}
