//! Parameters as a table, and the schema as it was published.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::card::{Prose, sentences};
use crate::manifest::{Tool, schema};
use crate::site::code;
use crate::site::text::{Html, excerpt, floor, visible};
use crate::site::views::prose;

/// At most this many rows.
const MAX_ROWS: usize = 24;
/// A longer schema is cut; the JSON twin has the whole.
const MAX_SCHEMA: usize = 48 * 1024;

/// The parameters of a tool.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Params {
    /// Counts, or nothing.
    pub summary: String,
    /// What there is to say where there are no rows.
    pub empty_html: Html,
    /// The rows.
    pub rows: Vec<Param>,
    /// What stands below the rows where some are left out.
    pub more_html: Html,
    /// The schema, indented; nothing where the tool declares none.
    pub schema_html: Html,
}

/// One parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Param {
    /// The name.
    pub name_html: Html,
    /// Whether every call must have it.
    pub required: bool,
    /// The type: `string`, `array of object`, `create | update | 3 more`.
    pub kind_html: Html,
    /// The declared default as JSON, or nothing.
    pub default: String,
    /// The description, cut.
    pub text_html: Html,
}

/// The parameters of a tool.
pub fn show(tool: &Tool, note: Option<&Prose>) -> Params {
    let root = &tool.input_schema;
    let mut rows = Vec::new();
    let (mut total, mut required) = (0usize, 0usize);
    let mut add = |name: &str, schema: &Value, is_required: bool| {
        total += 1;
        required += usize::from(is_required);
        if rows.len() < MAX_ROWS {
            rows.push(param(root, name, schema, is_required));
        }
    };
    if let Some(Value::Object(properties)) = root.get("properties") {
        let names = root.get("required").and_then(Value::as_array);
        for (name, schema) in properties {
            add(name, schema, names.is_some_and(|n| n.iter().any(|v| v == name.as_str())));
        }
    } else {
        // Behind a reference or a combinator.
        let mut seen = Vec::new();
        schema::walk(root, "/inputSchema", &mut |node| {
            if node.depth == 1 && !node.path.contains(['.', '[']) && !seen.contains(&node.name) {
                seen.push(node.name);
                add(node.name, node.schema, node.required);
            }
        });
    }
    let summary = match (total, required) {
        (0, _) => String::new(),
        (n, 0) => format!("{n} optional"),
        (n, r) if n == r => format!("{n} required"),
        (n, r) => format!("{r} required, {} optional", n - r),
    };
    Params {
        summary,
        empty_html: note.map(prose::html).unwrap_or_default(),
        more_html: match total - rows.len() {
            0 => Html::new(),
            more => prose::html(&sentences::more_parameters(more.into())),
        },
        rows,
        schema_html: published(root),
    }
}

fn param(root: &Value, name: &str, schema: &Value, required: bool) -> Param {
    let text = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    Param {
        name_html: Html::name(name),
        required,
        kind_html: Html::text(&excerpt(&kind(root, schema, 0), 60)),
        default: schema.get("default").map(|d| excerpt(&d.to_string(), 40)).unwrap_or_default(),
        text_html: Html::text(&excerpt(text, 240)),
    }
}

/// The type in words.
fn kind(root: &Value, schema: &Value, depth: usize) -> String {
    const MAX_DEPTH: usize = 4;
    let Value::Object(map) = schema else { return "any".to_owned() };
    if depth > MAX_DEPTH {
        return "object".to_owned();
    }
    if let Some(Value::Array(values)) = map.get("enum") {
        return listed(values);
    }
    if let Some(value) = map.get("const") {
        return word(value);
    }
    if let Some(Value::String(reference)) = map.get("$ref") {
        let target = reference.strip_prefix('#').and_then(|pointer| root.pointer(pointer));
        return target.map_or_else(|| "object".to_owned(), |t| kind(root, t, depth + 1));
    }
    for key in ["anyOf", "oneOf", "allOf"] {
        if let Some(Value::Array(branches)) = map.get(key) {
            let mut kinds: Vec<String> = Vec::new();
            for branch in branches.iter().take(8) {
                let kind = kind(root, branch, depth + 1);
                if !kinds.contains(&kind) {
                    kinds.push(kind);
                }
            }
            // An optional argument of most generators: the default says what null means.
            if kinds.len() > 1 {
                kinds.retain(|k| k != "null");
            }
            return kinds.join(" | ");
        }
    }
    match map.get("type") {
        Some(Value::String(name)) => named(root, map, name, depth),
        Some(Value::Array(names)) => {
            let kinds: Vec<String> =
                names.iter().filter_map(Value::as_str).map(|name| named(root, map, name, depth)).collect();
            kinds.join(" | ")
        }
        _ if map.contains_key("properties") => "object".to_owned(),
        _ => "any".to_owned(),
    }
}

fn named(root: &Value, map: &Map<String, Value>, name: &str, depth: usize) -> String {
    match (name, map.get("items")) {
        ("array", Some(items @ Value::Object(_))) => format!("array of {}", kind(root, items, depth + 1)),
        _ => name.to_owned(),
    }
}

fn listed(values: &[Value]) -> String {
    const SHOWN: usize = 4;
    let mut words: Vec<String> =
        values.iter().take(if values.len() == SHOWN + 1 { SHOWN + 1 } else { SHOWN }).map(word).collect();
    if values.len() > words.len() {
        words.push(format!("{} more", values.len() - words.len()));
    }
    words.join(" | ")
}

fn word(value: &Value) -> String {
    match value {
        Value::String(text) => visible(text),
        other => other.to_string(),
    }
}

fn published(schema: &Value) -> Html {
    if schema.is_null() {
        return Html::new();
    }
    let text = code::dense_value(schema);
    if text.len() <= MAX_SCHEMA {
        return Html::text(&text);
    }
    let cut = text[..floor(&text, MAX_SCHEMA)].rfind('\n').unwrap_or(0);
    let mut html = Html::text(&text[..cut]);
    html.push_markup("\n… cut here; the JSON of this card has the whole schema");
    html
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(schema: Value) -> Params {
        show(&Tool { input_schema: schema, ..Tool::default() }, Some(&sentences::no_arguments()))
    }

    #[test]
    fn types_are_words() {
        let root = json!({"$defs": {"F": {"type": "object"}}});
        let kind = |s: Value| kind(&root, &s, 0);
        assert_eq!(kind(json!({"type": "array", "items": {"$ref": "#/$defs/F"}})), "array of object");
        assert_eq!(kind(json!({"anyOf": [{"type": "string"}, {"type": "null"}]})), "string");
        assert_eq!(kind(json!({"type": ["string", "integer"]})), "string | integer");
        assert_eq!(kind(json!({"enum": ["a", "b", 3, true, null, "f"]})), "a | b | 3 | true | 2 more");
        assert_eq!(kind(json!(true)), "any");
    }

    #[test]
    fn the_summary_counts_what_the_table_shows() {
        let none = of(json!({}));
        assert_eq!((none.summary.as_str(), none.empty_html.as_str()), ("", "The schema declares no arguments."));
        let two = json!({"properties": {"a": {}, "b": {}}, "required": ["b"], "additionalProperties": false});
        assert_eq!(of(two).summary, "1 required, 1 optional");
        let behind = json!({"allOf": [{"properties": {"a": {}}, "required": ["a"]}]});
        assert_eq!(of(behind).summary, "1 required");
    }

    #[test]
    fn a_huge_schema_is_cut_at_a_line() {
        let properties: Map<String, Value> = (0..4000).map(|i| (format!("p{i}"), json!({"type": "string"}))).collect();
        let params = of(json!({ "properties": properties }));
        assert_eq!(params.rows.len(), MAX_ROWS);
        assert_eq!(params.more_html.as_str(), "3976 more stand in the schema below.");
        assert!(params.schema_html.as_str().len() < MAX_SCHEMA + 100);
    }
}
