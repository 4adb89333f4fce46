//! Input schemas: what an argument takes now that it did not take before.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Seen, between, moved_text};
use crate::classify::{Action, Class};
use crate::manifest::{Part, schema};
use crate::neutral;
use crate::review::change::{Change, Proof};
use crate::review::kind::Kind;
use crate::words::{Words, split_identifier};

/// How many widened arguments one change shows.
const SHOWN: usize = 12;

/// Words that tell what a free text is, in the argument's name: the last column is checked in
/// this order, the most harmful first.
const CONTENTS: [(&str, &[&str]); 3] = [
    (
        "a command",
        &[
            "command",
            "cmd",
            "script",
            "code",
            "shell",
            "sql",
            "cypher",
            "query",
            "expression",
            "program",
            "function",
            "eval",
        ],
    ),
    ("a URL", &["url", "uri", "href", "link", "endpoint", "webhook", "host", "domain"]),
    ("a path", &["path", "file", "filename", "dir", "directory", "folder", "cwd", "root"]),
];

/// What an argument takes.
#[derive(Debug, Clone, PartialEq)]
struct Takes<'a> {
    pointer: String,
    node: &'a Value,
    /// Whether some branch takes any string.
    free: bool,
    /// What the string is, where `free`.
    content: &'static str,
    /// The values of its enums, where it has any.
    values: Vec<String>,
}

/// Returns the parts that are told here.
pub(super) fn compare(
    slug: &str,
    before: Seen<'_>,
    after: Seen<'_>,
    moved: &[Part],
    changes: &mut Vec<Change>,
) -> Option<Part> {
    if !moved.contains(&Part::InputSchema) {
        return None;
    }
    let (old, new) = before.definition.zip(after.definition)?;
    let widened = widened(&old.tool.input_schema, &new.tool.input_schema, &new.verdict.actions);
    if widened.is_empty() {
        return None;
    }
    let told = |w: &Widened| format!("{} ({})", neutral::quoted(&w.path), w.content);
    let arguments: Vec<String> = widened.iter().take(3).map(told).collect();
    let more = if widened.len() > 3 { format!(" and {} more", widened.len() - 3) } else { String::new() };
    let message = format!("takes more than it did: {}{more}", arguments.join(", "));
    let mut change = between(slug, Kind::SchemaWidened, before, after, message);
    change.evidence = widened.into_iter().take(SHOWN).map(|w| w.proof).collect();
    changes.push(change);
    Some(Part::InputSchema)
}

/// An argument that takes more.
struct Widened {
    path: String,
    /// What it takes now, in our words.
    content: &'static str,
    proof: Proof,
}

/// Every argument that takes more, in byte order of the paths.
fn widened(old: &Value, new: &Value, actions: &[Action]) -> Vec<Widened> {
    let (old, new) = (arguments(old), arguments(new));
    let mut found = Vec::new();
    for (path, takes) in new {
        let was = old.get(&path);
        if takes.free && !was.is_some_and(|w| w.free) {
            let proof =
                moved_text(&takes.pointer, was.map(|w| w.node.to_string()).as_deref(), Some(&takes.node.to_string()));
            found.push(Widened { path, content: takes.content, proof });
            continue;
        }
        let Some(was) = was.filter(|w| !w.values.is_empty()) else { continue };
        let harmful: Vec<&str> = actions
            .iter()
            .filter(|a| a.argument == path && a.class > Class::Read)
            .map(|a| a.value.as_str())
            .filter(|v| takes.values.iter().any(|t| t == v) && !was.values.iter().any(|w| w == v))
            .collect();
        if !harmful.is_empty() {
            let proof = moved_text(&format!("{}/enum", takes.pointer), None, Some(&harmful.join(", ")));
            found.push(Widened { path, content: "a value that does harm", proof });
        }
    }
    found
}

/// Path → what the argument takes; branches of one argument are taken together.
fn arguments(root: &Value) -> BTreeMap<String, Takes<'_>> {
    let mut found: BTreeMap<String, Takes<'_>> = BTreeMap::new();
    schema::walk(root, "/inputSchema", &mut |node| {
        if node.path.is_empty() {
            return;
        }
        let takes = found.entry(node.path.to_owned()).or_insert_with(|| Takes {
            pointer: node.pointer.to_owned(),
            node: node.schema,
            free: false,
            content: "",
            values: Vec::new(),
        });
        if let Some(Value::Array(values)) = node.schema.get("enum") {
            takes.values.extend(values.iter().filter_map(Value::as_str).map(str::to_owned));
        } else if is_text(node.schema) {
            takes.free = true;
            takes.content = content(node.name, node.schema);
        }
    });
    found
}

/// Whether a node takes any string: its type says so and nothing narrows it.
fn is_text(node: &Value) -> bool {
    let string = match node.get("type") {
        Some(Value::String(t)) => t == "string",
        Some(Value::Array(types)) => types.iter().any(|t| t == "string"),
        _ => false,
    };
    string && ["const", "pattern"].into_iter().all(|key| node.get(key).is_none()) && !fixed_format(node)
}

/// Formats that leave no room for a text: dates, numbers, addresses of one shape.
fn fixed_format(node: &Value) -> bool {
    let format = node.get("format").and_then(Value::as_str);
    format.is_some_and(|f| matches!(f, "date" | "date-time" | "time" | "duration" | "uuid" | "ipv4" | "ipv6" | "email"))
}

fn content(name: &str, node: &Value) -> &'static str {
    if matches!(node.get("format").and_then(Value::as_str), Some("uri" | "url" | "uri-reference" | "iri")) {
        return "a URL";
    }
    let mut words = Words::new();
    split_identifier(name, &mut words);
    let is = |word: &str, known: &str| word == known || word.strip_suffix('s') == Some(known);
    let has = |list: &[&str]| words.iter().any(|w| list.iter().any(|known| is(w, known)));
    CONTENTS.iter().find(|(_, list)| has(list)).map_or("free text", |(content, _)| content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::Facets;
    use serde_json::json;

    fn told(old: &Value, new: &Value, actions: &[(&str, &str, Class)]) -> Vec<String> {
        let action = |(argument, value, class): &(&str, &str, Class)| Action {
            argument: (*argument).to_owned(),
            value: (*value).to_owned(),
            class: *class,
            facets: Facets::NONE,
            default: false,
        };
        let actions: Vec<Action> = actions.iter().map(action).collect();
        widened(old, new, &actions)
            .into_iter()
            .map(|w| {
                let Proof::Moved { before, after, .. } = w.proof else { panic!("moved") };
                format!("{} {} {} > {}", w.path, w.content, before.is_some(), after.unwrap_or_default())
            })
            .collect()
    }

    #[test]
    fn new_texts_paths_urls_and_commands_widen_and_fixed_values_do_not() {
        let old = json!({"properties": {"id": {"type": "string"}, "mode": {"enum": ["a"]}}});
        let new = json!({"properties": {
            "id": {"type": "string", "description": "other words"},
            "mode": {"type": "string"},
            "outputFile": {"type": "string"},
            "target_urls": {"type": "array", "items": {"type": "string"}},
            "where": {"anyOf": [{"type": "string", "format": "uri"}, {"type": "null"}]},
            "shell-command": {"type": ["string", "null"]},
            "note": {"type": "string"},
            "limit": {"type": "integer"},
            "kind": {"type": "string", "enum": ["x"]},
            "day": {"type": "string", "format": "date"},
        }});
        let got = told(&old, &new, &[]);
        assert_eq!(
            got,
            [
                r#"mode free text true > {"type":"string"}"#,
                r#"note free text false > {"type":"string"}"#,
                r#"outputFile a path false > {"type":"string"}"#,
                r#"shell-command a command false > {"type":["string","null"]}"#,
                r#"target_urls[] a URL false > {"type":"string"}"#,
                r#"where a URL false > {"anyOf":[{"type":"string","format":"uri"},{"type":"null"}]}"#,
            ]
        );
        assert_eq!(told(&new, &new, &[]), [""; 0]);
    }

    #[test]
    fn an_enum_widens_when_a_new_value_does_harm() {
        let old = json!({"properties": {"action": {"enum": ["list", "get"]}}});
        let new = json!({"properties": {"action": {"enum": ["list", "get", "count", "purge"]}}});
        let actions = [
            ("action", "list", Class::Read),
            ("action", "count", Class::Read),
            ("action", "purge", Class::Destructive),
        ];
        assert_eq!(told(&old, &new, &actions), ["action a value that does harm false > purge"]);
        assert_eq!(told(&old, &new, &actions[..2]), [""; 0]);
    }
}
