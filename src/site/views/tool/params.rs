//! Parameters as a table, and the schema as it was published.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::card::slot::CodeText;
use crate::card::{Prose, sentences};
use crate::classify::header;
use crate::manifest::{Tool, schema};
use crate::site::html::code;
use crate::site::html::escape::{Html, excerpt, floor, visible};
use crate::site::views::prose;

/// At most this many rows.
const MAX_ROWS: usize = 24;
/// Where there are more rows, what a call can leave out is folded.
const MAX_OPEN_ROWS: usize = 11;
/// Rows that are open at least and at most where others are folded.
const REQUIRED_ROWS: std::ops::RangeInclusive<usize> = 1..=8;
/// Values of an enum in a cell, and one more where it is the last.
const MAX_LISTED: usize = 4;
/// Characters of a description.
const MAX_DESCRIPTION_CHARS: usize = 240;
/// Characters of a default.
const MAX_DEFAULT_CHARS: usize = 40;
/// A longer schema is cut; the tool's JSON has the whole.
const MAX_SCHEMA: usize = 48 * 1024;

/// The parameters of a tool.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Params {
    /// Counts, or nothing.
    pub summary: String,
    /// What there is to say where there are no rows.
    pub empty_html: Html,
    /// The rows that are open.
    pub rows: Vec<Param>,
    /// The folded rows.
    pub folded: Vec<Param>,
    /// Whether the server describes one.
    pub described: bool,
    /// What is below the rows where some are left out.
    pub more_html: Html,
    /// What else the entry declares: sentences.
    pub also_html: Vec<Html>,
    /// The schema, indented; nothing where the tool declares none or the rows say all of it.
    pub schema_html: Html,
}

/// A row of the table of parameters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Param {
    /// Its path from the top of the schema, e.g. `options.force`, with places where it may break.
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

/// A row before it is cut to what is shown.
struct ParameterRow<'a> {
    path: String,
    schema: &'a Value,
    required: bool,
    recursive: bool,
}

/// Every argument to its leaves, in the order of the schema; each path once.
fn rows_of(root: &Value) -> Vec<ParameterRow<'_>> {
    let mut rows: Vec<ParameterRow<'_>> = Vec::new();
    let mut places: HashMap<String, usize, RandomState> = HashMap::default();
    schema::walk(root, "/inputSchema", &mut |node| {
        let path = node.path.trim_end_matches("[]");
        if node.recursive
            && let Some(at) = places.get(path)
        {
            rows[*at].recursive = true;
        }
        if node.declares && !places.contains_key(node.path) {
            places.insert(node.path.to_owned(), rows.len());
            let (path, schema) = (node.path.to_owned(), node.schema);
            rows.push(ParameterRow { path, schema, required: node.always, recursive: node.recursive });
        }
    });
    // Schemas that are `true` or `false` are not nodes.
    if let Some(Value::Object(properties)) = root.get("properties") {
        let names = root.get("required").and_then(Value::as_array);
        for (at, (name, schema)) in properties.iter().enumerate().filter(|(_, (_, schema))| !schema.is_object()) {
            let required = names.is_some_and(|n| n.iter().any(|v| v == name.as_str()));
            let before = properties.iter().take(at).map(|(name, _)| name);
            let place = before.filter_map(|name| rows.iter().rposition(|r| starts(&r.path, name))).max();
            let row = ParameterRow { path: name.clone(), schema, required, recursive: false };
            rows.insert(place.map_or(0, |p| p + 1), row);
        }
    }
    rows
}

/// Whether a path is this argument or lies below it.
fn starts(path: &str, name: &str) -> bool {
    path.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// The parameters of a tool.
pub fn show(tool: &Tool, note: Option<&Prose>) -> Params {
    let root = &tool.input_schema;
    let found = rows_of(root);
    let top = || found.iter().filter(|row| !row.path.contains(['.', '[', '*']));
    let (arguments, required) = (top().count(), top().filter(|row| row.required).count());
    let mut rows: Vec<Param> = found.iter().take(MAX_ROWS).map(|row| param(root, row)).collect();
    let total = found.len();
    let summary = match (arguments, required) {
        (0, _) => String::new(),
        (n, 0) => format!("{n} optional"),
        (n, r) if n == r => format!("{n} required"),
        (n, r) => format!("{r} required, {} optional", n - r),
    };
    let summary = match root.get("additionalProperties") {
        Some(Value::Bool(false)) if arguments > 0 => summary + "; no others",
        _ => summary,
    };
    let more = total - rows.len();
    let described = rows.iter().any(|row| !row.text_html.is_empty());
    let mut folded = Vec::new();
    if rows.len() > MAX_OPEN_ROWS {
        rows.sort_by_key(|row| !row.required);
        let open = rows.iter().filter(|row| row.required).count();
        let open = if REQUIRED_ROWS.contains(&open) { open } else { *REQUIRED_ROWS.end() };
        folded = rows.split_off(open);
    }
    let told = folded.is_empty() && more == 0 && is_told(root);
    Params {
        summary,
        described,
        folded,
        empty_html: note.map(prose::html).unwrap_or_default(),
        more_html: match more {
            0 => Html::new(),
            more => prose::html(&sentences::more_parameters(more.into())),
        },
        rows,
        also_html: also(tool),
        schema_html: if told { Html::new() } else { published(root) },
    }
}

/// What an entry declares beside its arguments.
fn also(tool: &Tool) -> Vec<Html> {
    let kind = |schema: &Value| match schema.get("type") {
        Some(Value::String(kind)) => excerpt(kind, 40),
        _ => "any".to_owned(),
    };
    let answers = tool.output_schema.as_ref().map(|schema| sentences::answers(CodeText(&kind(schema))));
    let icons = tool.extra.get("icons").and_then(Value::as_array).map(Vec::len).filter(|n| *n > 0);
    answers.into_iter().chain(icons.map(|n| sentences::icons(n.into()))).map(|said| prose::html(&said)).collect()
}

/// Whether rows and summary say all that a schema says: plain arguments, a default, a short description.
fn is_told(schema: &Value) -> bool {
    const ROOT: [&str; 6] = ["type", "properties", "required", "additionalProperties", "$schema", "title"];
    let Value::Object(map) = schema else { return false };
    map.keys().all(|key| ROOT.contains(&key.as_str()))
        && map.get("additionalProperties").is_none_or(|v| v == false)
        && map.get("properties").and_then(Value::as_object).is_none_or(|properties| properties.values().all(is_plain))
}

/// Whether a row says all of an argument's schema.
fn is_plain(schema: &Value) -> bool {
    let Value::Object(map) = schema else { return false };
    let of_type = |value: &Value| match value.get("type").and_then(Value::as_str) {
        Some("array") => value.get("items").is_some_and(is_scalar),
        Some(_) => is_scalar(value),
        None => false,
    };
    map.iter().all(|(key, value)| match key.as_str() {
        "type" | "items" => of_type(schema),
        "title" => true,
        "description" => value.as_str().is_some_and(|text| text.chars().count() <= MAX_DESCRIPTION_CHARS),
        "default" => value.to_string().len() <= MAX_DEFAULT_CHARS,
        "enum" => value.as_array().is_some_and(|values| values.len() <= MAX_LISTED + 1),
        // An argument that may be left out, as generators write it.
        "anyOf" => value.as_array().is_some_and(|branches| {
            let null = |branch: &Value| branch.get("type").is_some_and(|t| t == "null");
            branches.iter().all(|b| null(b) || (of_type(b) && b.as_object().is_some_and(|b| b.len() <= 2)))
                && branches.iter().filter(|b| !null(b)).count() == 1
                && map.contains_key("default")
        }),
        _ => false,
    })
}

/// Whether a schema names the type of a single value, and nothing but what a row can show beside it.
fn is_scalar(schema: &Value) -> bool {
    const SHOWN: [&str; 6] = ["type", "enum", "title", "description", "default", "anyOf"];
    let scalar =
        matches!(schema.get("type").and_then(Value::as_str), Some("string" | "boolean" | "integer" | "number"));
    scalar && schema.as_object().is_some_and(|map| map.keys().all(|key| SHOWN.contains(&key.as_str())))
}

fn param(root: &Value, row: &ParameterRow<'_>) -> Param {
    let ParameterRow { path, schema, required, recursive } = row;
    let text = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    let mut kind_html = Html::text(&excerpt(&kind(root, schema, 0), 60));
    if *recursive {
        kind_html.push_text(", recursive");
    }
    if let Some(header) = header(schema) {
        kind_html.push_text("; sent as the header ").push_text(&excerpt(&header, 60));
    }
    Param {
        name_html: Html::name(path),
        required: *required,
        kind_html,
        default: schema.get("default").map(|d| excerpt(&d.to_string(), MAX_DEFAULT_CHARS)).unwrap_or_default(),
        text_html: Html::text(&excerpt(text, MAX_DESCRIPTION_CHARS)),
    }
}

/// The type in words.
fn kind(root: &Value, schema: &Value, depth: usize) -> String {
    const MAX_DEPTH: usize = 4;
    let Value::Object(map) = schema else {
        return if *schema == Value::Bool(false) { "nothing is allowed" } else { "any" }.to_owned();
    };
    if depth > MAX_DEPTH {
        return "object".to_owned();
    }
    if let Some(Value::Array(values)) = map.get("enum") {
        return listed(values);
    }
    if let Some(value) = map.get("const") {
        return word(value);
    }
    if let Some(Value::String(reference)) = map.get("$ref").or_else(|| map.get("$dynamicRef")) {
        let target = schema::References::of(root, "/inputSchema").target(reference);
        return target.map_or_else(|| "unknown type".to_owned(), |(_, t)| kind(root, t, depth + 1));
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
    let mut words: Vec<String> = values
        .iter()
        .take(if values.len() == MAX_LISTED + 1 { MAX_LISTED + 1 } else { MAX_LISTED })
        .map(word)
        .collect();
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
        assert_eq!(kind(json!(false)), "nothing is allowed");
        assert_eq!(kind(json!({"$ref": "#/$defs/No"})), "unknown type");
    }

    #[test]
    fn the_summary_counts_what_the_table_shows() {
        let none = of(json!({}));
        assert_eq!((none.summary.as_str(), none.empty_html.as_str()), ("", "The schema declares no arguments."));
        let two = json!({"properties": {"a": {}, "b": {}}, "required": ["b"], "additionalProperties": false});
        assert_eq!(of(two).summary, "1 required, 1 optional; no others");
        let behind = json!({"allOf": [{"properties": {"a": {}}, "required": ["a"]}]});
        assert_eq!(of(behind).summary, "1 required");
    }

    #[test]
    fn arguments_are_listed_to_their_leaves_and_a_recursive_type_once() {
        let rows = |schema: Value| {
            let params = of(schema);
            params
                .rows
                .iter()
                .map(|r| {
                    format!(
                        "{}{} {}",
                        r.name_html.as_str().replace("<wbr>", ""),
                        if r.required { "!" } else { "" },
                        r.kind_html.as_str()
                    )
                })
                .collect::<Vec<_>>()
        };
        let nested = json!({
            "properties": {"params": {"$ref": "#/$defs/Q"}, "any": true, "no": false},
            "required": ["params"],
            "$defs": {"Q": {"type": "object", "properties": {"sql": {"type": "string"}}, "required": ["sql"]}}
        });
        assert_eq!(rows(nested), ["params! object", "params.sql! string", "any any", "no nothing is allowed"]);
        let node = json!({"type": "object", "properties": {"op": {"type": "string"}, "children": {"type": "array", "items": {"$ref": "#/$defs/Node"}}}});
        let filter = json!({"properties": {"filter": {"$ref": "#/$defs/Node"}}, "$defs": {"Node": node}});
        assert_eq!(rows(filter), ["filter object", "filter.op string", "filter.children array of object, recursive"]);
        let header = json!({"properties": {"region": {"type": "string", "x-mcp-header": "Region"}}});
        assert_eq!(rows(header), ["region string; sent as the header Mcp-Param-Region"]);
    }

    #[test]
    fn a_schema_is_printed_where_the_rows_do_not_say_all_of_it() {
        let printed = |argument: Value| !of(json!({"properties": {"a": argument}})).schema_html.is_empty();
        let optional = json!({"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "title": "A"});
        let list = json!({"type": "array", "items": {"type": "string"}, "description": "x"});
        for told in [json!({"type": "string"}), json!({"type": "string", "enum": ["a", "b"]}), optional, list] {
            assert!(!printed(told.clone()), "{told}");
        }
        for not in [
            json!({"type": "object", "properties": {"b": {"type": "string"}}}),
            json!({"type": "array", "items": {"type": "object"}}),
            json!({"type": "string", "pattern": "^x"}),
            json!({"type": "string", "description": "x".repeat(300)}),
            json!({"type": "string", "enum": ["a", "b", "c", "d", "e", "f"]}),
            json!({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
            json!({"anyOf": [{"type": "string", "format": "uri"}, {"type": "null"}], "default": null}),
            json!(true),
        ] {
            assert!(printed(not.clone()), "{not}");
        }
    }

    #[test]
    fn a_huge_schema_is_cut_at_a_line() {
        let properties: Map<String, Value> = (0..4000).map(|i| (format!("p{i}"), json!({"type": "string"}))).collect();
        let params = of(json!({ "properties": properties }));
        assert_eq!((params.rows.len(), params.folded.len()), (8, MAX_ROWS - 8));
        assert_eq!(params.more_html.as_str(), "3976 more are in the schema below.");
        assert!(params.schema_html.as_str().len() < MAX_SCHEMA + 100);
    }
}
