//! The keys of one schema, looked at once, and the types that it allows.

use serde_json::{Map, Value};

/// A type of JSON Schema (2020-12, validation, 6.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SchemaType {
    Array,
    Boolean,
    Integer,
    Null,
    Number,
    Object,
    String,
}

impl SchemaType {
    /// The type of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "array" => Self::Array,
            "boolean" => Self::Boolean,
            "integer" => Self::Integer,
            "null" => Self::Null,
            "number" => Self::Number,
            "object" => Self::Object,
            "string" => Self::String,
            _ => return None,
        })
    }
}

/// Several types, one bit each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct SchemaTypes(u8);

impl SchemaTypes {
    /// Those that a `type` names.
    fn of(kind: &Value) -> Self {
        let bit = |v: &Value| v.as_str().and_then(SchemaType::named).map_or(0, |kind| 1 << kind as u8);
        match kind {
            Value::Array(list) => Self(list.iter().fold(0, |bits, v| bits | bit(v))),
            kind => Self(bit(kind)),
        }
    }

    /// Those that a branch of `anyOf` or `oneOf` names.
    fn of_branches(branches: &Value) -> Self {
        let kind = |v: &Value| v.get("type").map_or(0, |kind| Self::of(kind).0);
        Self(branches.as_array().into_iter().flatten().fold(0, |bits, v| bits | kind(v)))
    }
}

/// The values of the keys that are read of a schema: one look over the map is cheaper than a dozen searches.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Keys<'a> {
    /// `type`.
    pub kind: Option<&'a Value>,
    /// `description`, where it is a string.
    pub description: Option<&'a str>,
    /// `enum`.
    pub values: Option<&'a Value>,
    /// `const`.
    pub constant: Option<&'a Value>,
    /// `default`.
    pub default: Option<&'a Value>,
    /// `items`.
    pub items: Option<&'a Value>,
    /// `$ref`, or `$dynamicRef` where there is none.
    pub reference: Option<&'a Value>,
    /// `anyOf`.
    pub any_of: Option<&'a Value>,
    /// `oneOf`.
    pub one_of: Option<&'a Value>,
    pub(super) all_of: Option<&'a Value>,
    pub(super) conditions: [Option<&'a Value>; 3],
    pub(super) properties: Option<&'a Value>,
    pub(super) required: Option<&'a Value>,
    pub(super) prefix_items: Option<&'a Value>,
    pub(super) additional: Option<&'a Value>,
    /// What `type` allows, alone or in a branch of `anyOf` or `oneOf`.
    types: SchemaTypes,
    /// Whether a key stands there that few schemas have and that schemas lie behind.
    pub(super) rare: bool,
}

impl<'a> Keys<'a> {
    /// Of one schema.
    pub fn of(map: &'a Map<String, Value>) -> Self {
        let mut keys = Self::default();
        for (key, value) in map {
            // By length first: most keys are told apart without a look at their letters.
            let slot = match (key.len(), key.as_str()) {
                (4, "type") => &mut keys.kind,
                (4, "enum") => &mut keys.values,
                (5, "const") => &mut keys.constant,
                (7, "default") => &mut keys.default,
                (5, "items") => &mut keys.items,
                (4, "$ref") => &mut keys.reference,
                (11, "$dynamicRef") if keys.reference.is_none() => &mut keys.reference,
                (5, "anyOf") => &mut keys.any_of,
                (5, "oneOf") => &mut keys.one_of,
                (5, "allOf") => &mut keys.all_of,
                (2, "if") => &mut keys.conditions[0],
                (4, "then") => &mut keys.conditions[1],
                (4, "else") => &mut keys.conditions[2],
                (10, "properties") => &mut keys.properties,
                (8, "required") => &mut keys.required,
                (11, "prefixItems") => &mut keys.prefix_items,
                (20, "additionalProperties") => &mut keys.additional,
                (11, "description") => {
                    keys.description = value.as_str();
                    continue;
                }
                (8, "contains")
                | (12, "dependencies")
                | (13, "contentSchema")
                | (16, "dependentSchemas" | "unevaluatedItems")
                | (17, "patternProperties")
                | (21, "unevaluatedProperties") => {
                    keys.rare = true;
                    continue;
                }
                _ => continue,
            };
            *slot = Some(value);
        }
        let own = keys.kind.map(SchemaTypes::of);
        let branches = keys.any_of.into_iter().chain(keys.one_of).map(SchemaTypes::of_branches);
        keys.types = SchemaTypes(own.into_iter().chain(branches).fold(0, |bits, types| bits | types.0));
        keys
    }

    /// Whether `type`, alone or in a branch of `anyOf` or `oneOf`, allows `wanted`.
    pub(crate) fn has_type(&self, wanted: SchemaType) -> bool {
        self.types.0 & (1 << wanted as u8) != 0
    }

    /// Whether its `type` is that one and no other.
    pub(crate) fn is_type(&self, wanted: SchemaType) -> bool {
        self.has_type(wanted) && self.kind.is_some_and(|v| v.as_str().and_then(SchemaType::named) == Some(wanted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_type_of_json_schema_is_known_by_its_name_alone_and_in_branches() {
        let types = ["array", "boolean", "integer", "null", "number", "object", "string"];
        let kinds = types.map(|name| SchemaType::named(name).expect(name));
        let keys = |schema: &Value, allowed: &[SchemaType], only: Option<SchemaType>| {
            let keys = Keys::of(schema.as_object().expect("an object"));
            for kind in kinds {
                assert_eq!(keys.has_type(kind), allowed.contains(&kind), "{schema} {kind:?}");
                assert_eq!(keys.is_type(kind), only == Some(kind), "{schema} {kind:?}");
            }
        };
        for (name, kind) in types.iter().zip(kinds) {
            keys(&json!({"type": name}), &[kind], Some(kind));
            keys(&json!({"type": [name, "null"]}), &[kind, SchemaType::Null], None);
            keys(&json!({"anyOf": [{"type": name}, {"const": 1}]}), &[kind], None);
        }
        keys(&json!({"type": "strin"}), &[], None);
    }
}
