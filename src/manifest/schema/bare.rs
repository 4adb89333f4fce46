//! Arguments that stand in a schema without `properties`.

use serde_json::{Map, Value};

/// Keywords of JSON Schema behind which a schema may stand.
const OF_SCHEMAS: [&str; 19] = [
    "$defs",
    "additionalItems",
    "additionalProperties",
    "contains",
    "contentSchema",
    "definitions",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "if",
    "items",
    "not",
    "patternProperties",
    "properties",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];
/// Other words of JSON Schema, and of what describes itself with it.
const OTHER_KEYWORDS: [&str; 33] = [
    "allOf",
    "anyOf",
    "const",
    "contentEncoding",
    "contentMediaType",
    "default",
    "deprecated",
    "description",
    "discriminator",
    "enum",
    "example",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "externalDocs",
    "format",
    "id",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "nullable",
    "oneOf",
    "pattern",
    "prefixItems",
    "readOnly",
    "required",
    "title",
    "type",
];

/// Whether a value is what stands behind the name of an argument.
fn is_of_argument(schema: &Value) -> bool {
    let Value::Object(map) = schema else { return false };
    map.iter().any(|(key, value)| match key.as_str() {
        "type" => value.is_string() || value.is_array(),
        "description" | "$ref" => value.is_string(),
        "enum" | "anyOf" | "oneOf" | "allOf" => value.is_array(),
        "properties" => value.is_object(),
        _ => false,
    })
}

/// Whether a schema is a map of its arguments and nothing else: `{"path": {"type": "string"}}`. An argument may then
/// have the name of a keyword.
pub(crate) fn is_bare(map: &Map<String, Value>) -> bool {
    const MAPS: [&str; 5] = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];
    !map.is_empty()
        && map.values().all(is_of_argument)
        && !map.keys().any(|key| MAPS.contains(&key.as_str()))
        && !map.keys().all(|key| OF_SCHEMAS.contains(&key.as_str()))
}

/// Whether a key is a word of JSON Schema or of an extension.
fn is_keyword(key: &str) -> bool {
    key.starts_with('$') || key.starts_with("x-") || OF_SCHEMAS.contains(&key) || OTHER_KEYWORDS.contains(&key)
}

/// The arguments of a root that stand where its keywords do, without `properties`. Clients read none of them.
pub fn bare(root: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    let all = is_bare(root);
    let own = !root.contains_key("properties");
    root.iter().filter(move |(key, value)| own && (all || (!is_keyword(key) && is_of_argument(value))))
}

/// Whether a root has something under keys that no schema has, and it is no argument either: what it means is not
/// known.
pub(crate) fn is_unread(root: &Map<String, Value>) -> bool {
    let says = |value: &Value| match value {
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
        _ => false,
    };
    !root.contains_key("properties")
        && !is_bare(root)
        && root.iter().any(|(key, value)| !is_keyword(key) && says(value) && !is_of_argument(value))
}

/// The arguments of the top level with their schemas.
pub fn arguments(root: &Value) -> Box<dyn Iterator<Item = (&String, &Value)> + '_> {
    match root.as_object() {
        None => Box::new(std::iter::empty()),
        Some(map) => match map.get("properties") {
            Some(properties) => Box::new(properties.as_object().into_iter().flatten()),
            None => Box::new(bare(map)),
        },
    }
}
