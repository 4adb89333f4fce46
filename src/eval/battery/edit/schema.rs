//! Input schemas: where arguments can be put. Arguments are given as the JSON text of a
//! `properties` object.

use serde_json::{Map, Value, json};

use super::pick;
use crate::manifest::Tool;

/// Names of an argument that holds others.
const WRAPPERS: [&str; 6] = ["params", "options", "input", "payload", "config", "request"];

/// Names of an argument that holds a list of operations.
const LISTS: [&str; 5] = ["operations", "steps", "requests", "tasks", "batch"];

/// The arguments that a tool declares.
fn declared(tool: &Tool) -> Option<&Map<String, Value>> {
    tool.input_schema.get("properties").and_then(Value::as_object)
}

fn parsed(arguments: &str) -> Option<Map<String, Value>> {
    serde_json::from_str(arguments).ok()
}

/// The tool with one more argument; `None` where it has one of that name.
fn with(tool: &Tool, name: &str, schema: Value) -> Option<Tool> {
    with_all(tool, Map::from_iter([(name.to_owned(), schema)]))
}

fn with_all(tool: &Tool, arguments: Map<String, Value>) -> Option<Tool> {
    if declared(tool).is_some_and(|declared| arguments.keys().any(|name| declared.contains_key(name))) {
        return None;
    }
    let mut changed = tool.clone();
    if !changed.input_schema.is_object() {
        changed.input_schema = json!({"type": "object"});
    }
    let root = changed.input_schema.as_object_mut()?;
    let properties = root.entry("properties").or_insert_with(|| json!({}));
    properties.as_object_mut()?.extend(arguments);
    Some(changed)
}

/// The first of `names` that the tool does not declare, from a place that its name decides.
fn free<'n>(tool: &Tool, names: &[&'n str]) -> Option<&'n str> {
    let start = pick("argument", &tool.name, names.len());
    let mut turned = names.iter().cycle().skip(start).take(names.len());
    turned.find(|name| declared(tool).is_none_or(|declared| !declared.contains_key(**name))).copied()
}

/// A schema of an object with the arguments, given as JSON text.
fn object(arguments: &str) -> Option<Value> {
    Some(json!({"type": "object", "properties": parsed(arguments)?}))
}

/// The arguments beside those that the tool has.
pub(in super::super) fn top(tool: &Tool, arguments: &str) -> Option<Tool> {
    with_all(tool, parsed(arguments)?)
}

/// The arguments below a new `params`, `options`, `input`, …
pub(in super::super) fn nested(tool: &Tool, arguments: &str) -> Option<Tool> {
    with(tool, free(tool, &WRAPPERS)?, object(arguments)?)
}

/// The arguments three objects down.
pub(in super::super) fn deep(tool: &Tool, arguments: &str) -> Option<Tool> {
    let inner = object(arguments)?;
    let advanced = json!({"type": "object", "properties": {"advanced": inner}});
    let outer = json!({"type": "object", "properties": {"settings": advanced}});
    with(tool, free(tool, &WRAPPERS)?, outer)
}

/// The arguments in the entries of a new array.
pub(in super::super) fn in_array(tool: &Tool, arguments: &str) -> Option<Tool> {
    with(tool, free(tool, &LISTS)?, json!({"type": "array", "items": object(arguments)?}))
}

/// A choice, given as an argument with an `enum`, as objects of which each has one value as `const`.
fn branches(arguments: &str) -> Option<Vec<Value>> {
    let arguments = parsed(arguments)?;
    let (name, values) =
        arguments.iter().find_map(|(name, schema)| Some((name, schema.get("enum").and_then(Value::as_array)?)))?;
    let branch = |value: &Value| {
        let constant = Map::from_iter([(name.clone(), json!({"const": value}))]);
        json!({"type": "object", "properties": constant, "required": [name]})
    };
    Some(values.iter().map(branch).collect())
}

/// The choice as `oneOf` the branches of a new argument.
pub(in super::super) fn in_branches(tool: &Tool, arguments: &str) -> Option<Tool> {
    with(tool, free(tool, &WRAPPERS)?, json!({"oneOf": branches(arguments)?}))
}

/// The choice as `oneOf` the branches of the whole schema.
pub(in super::super) fn in_root_branches(tool: &Tool, arguments: &str) -> Option<Tool> {
    let branches = branches(arguments)?;
    let mut changed = tool.clone();
    let root = changed.input_schema.as_object_mut()?;
    if ["oneOf", "anyOf", "allOf"].iter().any(|key| root.contains_key(*key)) {
        return None;
    }
    root.insert("oneOf".to_owned(), Value::Array(branches));
    Some(changed)
}

/// The choice as an argument whose values are `oneOf` constants, as typed languages write them.
pub(in super::super) fn as_constants(tool: &Tool, arguments: &str) -> Option<Tool> {
    let mut arguments = parsed(arguments)?;
    for schema in arguments.values_mut() {
        let values = schema.get("enum").and_then(Value::as_array)?;
        *schema = json!({"oneOf": values.iter().map(|value| json!({"const": value})).collect::<Vec<_>>()});
    }
    with_all(tool, arguments)
}

/// The arguments by reference to definitions in `$defs`.
pub(in super::super) fn by_reference(tool: &Tool, arguments: &str) -> Option<Tool> {
    let mut arguments = parsed(arguments)?;
    let mut definitions = Map::new();
    for (number, (_, schema)) in arguments.iter_mut().enumerate() {
        let name = format!("Choice{number}");
        let definition = std::mem::replace(schema, json!({"$ref": format!("#/$defs/{name}")}));
        definitions.insert(name, definition);
    }
    let mut changed = with_all(tool, arguments)?;
    let root = changed.input_schema.as_object_mut()?;
    let all = root.entry("$defs").or_insert_with(|| json!({})).as_object_mut()?;
    all.extend(definitions);
    Some(changed)
}

/// Every schema's keywords in reverse order; the order of arguments stays.
pub(in super::super) fn keywords_reversed(tool: &Tool, _: &str) -> Option<Tool> {
    reordered(tool, |under| !names_arguments(under))
}

/// The arguments of every object in reverse order; the order of keywords stays.
pub(in super::super) fn arguments_reversed(tool: &Tool, _: &str) -> Option<Tool> {
    declared(tool).filter(|declared| declared.len() > 1)?;
    reordered(tool, names_arguments)
}

fn names_arguments(under: &str) -> bool {
    matches!(under, "properties" | "$defs" | "definitions")
}

fn reordered(tool: &Tool, turn: fn(&str) -> bool) -> Option<Tool> {
    let mut changed = tool.clone();
    changed.input_schema.is_object().then(|| reverse("", &mut changed.input_schema, turn))?;
    Some(changed)
}

/// Reverses the objects for whose key, the one that they are under, `turn` says so.
fn reverse(under: &str, value: &mut Value, turn: fn(&str) -> bool) {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<(String, Value)> = std::mem::take(map).into_iter().collect();
            for (key, value) in &mut entries {
                // An argument may be called `properties`; what is under it is a schema.
                reverse(if names_arguments(under) { "" } else { key }, value, turn);
            }
            if turn(under) {
                entries.reverse();
            }
            map.extend(entries);
        }
        Value::Array(values) => values.iter_mut().for_each(|value| reverse("", value, turn)),
        _ => {}
    }
}

/// Keywords on the whole schema that say nothing of a call, given as the JSON text of an object.
pub(in super::super) fn root_keywords(tool: &Tool, keywords: &str) -> Option<Tool> {
    let mut changed = tool.clone();
    let root = changed.input_schema.as_object_mut()?;
    let before = root.len();
    for (key, value) in parsed(keywords)? {
        root.entry(key).or_insert(value);
    }
    (root.len() > before).then_some(changed)
}

/// An output schema, where there is none.
pub(in super::super) fn output(tool: &Tool, properties: &str) -> Option<Tool> {
    let output_schema = Some(object(properties)?);
    tool.output_schema.is_none().then(|| Tool { output_schema, ..tool.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tool(schema: Value) -> Tool {
        Tool { name: "get".into(), input_schema: schema, ..Tool::default() }
    }

    #[test]
    fn arguments_go_where_they_are_asked_for_and_never_replace_one() {
        let some = tool(json!({"properties": {"action": {}}}));
        assert_eq!(top(&some, r#"{"action": {"enum": ["a"]}}"#), None);
        let changed = nested(&some, r#"{"action": {"enum": ["a"]}}"#).expect("changed");
        assert!(changed.input_schema.to_string().contains(r#""properties":{"action":{"enum":["a"]}}"#));
        assert!(top(&tool(Value::Null), r#"{"x": {}}"#).is_some());
        assert_eq!(branches(r#"{"do": {"enum": ["a", "b"]}}"#).map(|b| b.len()), Some(2));
    }

    #[test]
    fn reversing_orders_moves_keys_and_changes_nothing_else() {
        let some = tool(json!({"type": "object", "properties": {"a": {"type": "x", "enum": [1, 2]}, "b": {}}}));
        let keys = keywords_reversed(&some, "").expect("changed").input_schema.to_string();
        assert_eq!(keys, r#"{"properties":{"a":{"enum":[1,2],"type":"x"},"b":{}},"type":"object"}"#);
        let arguments = arguments_reversed(&some, "").expect("changed").input_schema.to_string();
        assert_eq!(arguments, r#"{"type":"object","properties":{"b":{},"a":{"type":"x","enum":[1,2]}}}"#);
    }
}
