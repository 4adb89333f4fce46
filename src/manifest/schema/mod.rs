//! Walking JSON Schemas: every node once, through `$ref`, combinators, arrays and nested
//! objects, with the JSON Pointer of the node and the path of the argument it describes.

mod bare;
mod keys;
mod pointer;
mod references;

use std::collections::HashSet;
use std::fmt::Write as _;

use serde_json::{Map, Value};

pub use bare::{arguments, bare};
pub(crate) use bare::{is_bare, is_unread};
pub use keys::Keys;
pub(crate) use keys::SchemaType;
pub use pointer::{Step, pointer};
pub(crate) use pointer::{at, escape, path_from};
pub use references::{References, Target};

use crate::counted::steps;

/// Nodes visited in one schema before the walk stops: the largest real schema (88 kB) has
/// about 3,000.
pub const MAX_NODES: usize = 20_000;
/// `$ref` and nesting are followed this deep; real schemas reach 23.
pub const MAX_DEPTH: usize = 48;

/// One schema node that describes an argument. Pointer and path last as long as the visit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Node<'a, 'w> {
    /// JSON Pointer from the tool's definition, e.g. `/inputSchema/properties/action`. Through
    /// a `$ref` it is the pointer of the definition that was referred to.
    pub pointer: &'w str,
    /// Path below `args.`; array steps are written `files[].action`. Empty for the root.
    pub path: &'w str,
    /// The argument's own name: the last step of `path` without `[]`.
    pub name: &'a str,
    /// The schema.
    pub schema: &'a Value,
    /// Whether the argument is listed in its parent's `required`.
    pub required: bool,
    /// Whether every call has to have the argument: it is required, every parent is so too, and there is no alternative
    /// that goes without it.
    pub always: bool,
    /// How many properties deep, from 0 for the root.
    pub depth: usize,
    /// Whether this is the schema that the property declares, and not a branch or a definition behind it.
    pub declares: bool,
    /// Whether a `$ref` of the argument led here.
    pub referred: bool,
    /// Whether its `$ref` leads back to a definition that the node lies in.
    pub recursive: bool,
    /// The values of its keys.
    pub keys: &'w Keys<'a>,
}

impl Node<'_, '_> {
    /// Whether the argument lies inside an array.
    pub(crate) fn in_array(&self) -> bool {
        self.path.contains("[]")
    }
}

/// Visits every node of an input schema in document order, and returns whether there are no more than were visited.
/// `root` is the schema, `base` its pointer in the definition (`/inputSchema`).
pub(crate) fn walk<'a>(root: &'a Value, base: &str, visit: &mut dyn FnMut(&Node<'a, '_>)) -> bool {
    // Room for most arguments, so that neither grows step by step.
    let mut pointer = String::with_capacity(128);
    pointer.push_str(base);
    let path = String::with_capacity(64);
    let references = References::of(root, base);
    let mut walker = Walker { references, budget: MAX_NODES, whole: true, open: Vec::new(), pointer, path, visit };
    walker.node(
        PropertyContext {
            name: "",
            required: true,
            always: true,
            depth: 0,
            declares: false,
            alternative: false,
            referred: false,
        },
        root,
        0,
    );
    walker.whole
}

/// What a node has from the property that it belongs to.
#[derive(Clone, Copy)]
struct PropertyContext<'a> {
    name: &'a str,
    required: bool,
    always: bool,
    depth: usize,
    declares: bool,
    /// Whether a `$ref` led here.
    referred: bool,
    /// Whether it lies in one of several alternatives for the same value.
    alternative: bool,
}

struct Walker<'a, 'v> {
    references: References<'a, 'v>,
    budget: usize,
    /// Whether every node was visited.
    whole: bool,
    /// Definitions that are being walked: a recursive schema ends here.
    open: Vec<*const Value>,
    /// Those of the current node.
    pointer: String,
    path: String,
    visit: &'v mut dyn FnMut(&Node<'a, '_>),
}

impl<'a> Walker<'a, '_> {
    fn node(&mut self, place: PropertyContext<'a>, schema: &'a Value, level: usize) {
        if self.budget == 0 || level > MAX_DEPTH {
            self.whole = false;
            return;
        }
        self.budget -= 1;
        steps(1);
        let Value::Object(map) = schema else { return };
        let PropertyContext { name, required, always, depth, declares, referred, .. } = place;
        let keys = Keys::of(map);
        let place = PropertyContext { declares: false, referred: false, ..place };
        let target = keys.reference.and_then(Value::as_str).and_then(|reference| self.references.target(reference));
        let recursive =
            target.as_ref().is_some_and(|(_, target)| self.open.contains(&std::ptr::from_ref::<Value>(target)));
        (self.visit)(&Node {
            pointer: &self.pointer,
            path: &self.path,
            name,
            schema,
            required,
            always,
            depth,
            declares,
            referred,
            recursive,
            keys: &keys,
        });
        if let Some((pointer, target)) = target
            && !recursive
        {
            self.open.push(std::ptr::from_ref(target));
            let here = std::mem::replace(&mut self.pointer, pointer);
            self.node(PropertyContext { referred: true, ..place }, target, level + 1);
            self.pointer = here;
            self.open.pop();
        }
        self.items("allOf", keys.all_of, "", place, level);
        for (key, branches) in [("anyOf", keys.any_of), ("oneOf", keys.one_of)] {
            let several = branches.and_then(Value::as_array).is_some_and(|list| list.len() > 1);
            self.items(
                key,
                branches,
                "",
                PropertyContext { alternative: place.alternative || several, ..place },
                level,
            );
        }
        for (key, item) in ["if", "then", "else"].into_iter().zip(keys.conditions) {
            if let Some(item) = item {
                self.step(&[key], None, "", PropertyContext { alternative: true, ..place }, item, level);
            }
        }
        if let Some(Value::Object(properties)) = keys.properties {
            let required = keys.required.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            // A long list is looked up, a short one compared.
            let names: HashSet<&str> =
                if required.len() > 16 { required.iter().filter_map(Value::as_str).collect() } else { HashSet::new() };
            for (name, schema) in properties {
                steps(if names.is_empty() { required.len() } else { 1 });
                let required =
                    names.contains(name.as_str()) || (names.is_empty() && required.iter().any(|v| v == name.as_str()));
                let always = required && place.always && !place.alternative;
                let parent = self.path.len();
                if parent > 0 {
                    self.path.push('.');
                }
                let child = PropertyContext {
                    name,
                    required,
                    always,
                    depth: depth + 1,
                    declares: true,
                    alternative: false,
                    referred: false,
                };
                self.step(&["properties", &escape(name)], None, name, child, schema, level);
                self.path.truncate(parent);
            }
        }
        if level == 0 && keys.properties.is_none() {
            let required = keys.required.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            for (name, schema) in bare(map) {
                let required = required.iter().any(|v| v == name);
                let child = PropertyContext {
                    name,
                    required,
                    always: required,
                    depth: depth + 1,
                    declares: true,
                    alternative: false,
                    referred: false,
                };
                self.step(&[&escape(name)], None, name, child, schema, level);
            }
            if is_bare(map) {
                return;
            }
        }
        // An entry of a list is not there in every call.
        let place = PropertyContext { always: false, ..place };
        match keys.items {
            Some(Value::Array(_)) => self.items("items", keys.items, "[]", place, level),
            Some(item) => self.step(&["items"], None, "[]", place, item, level),
            None => {}
        }
        self.items("prefixItems", keys.prefix_items, "[]", place, level);
        if let Some(extra @ Value::Object(_)) = keys.additional {
            let step = if self.path.is_empty() { "*" } else { ".*" };
            self.step(&["additionalProperties"], None, step, place, extra, level);
        }
        if keys.rare {
            self.rare(map, place, level);
        }
    }

    /// The schemas behind keys that few schemas have. What holds for some values only is not there in every call.
    fn rare(&mut self, map: &'a Map<String, Value>, place: PropertyContext<'a>, level: usize) {
        let place = PropertyContext { always: false, alternative: true, ..place };
        let below = if self.path.is_empty() { "*" } else { ".*" };
        for (key, value) in map {
            match (key.as_str(), value) {
                ("contains" | "unevaluatedItems", Value::Object(_)) => {
                    self.step(&[key], None, "[]", place, value, level);
                }
                ("contentSchema", Value::Object(_)) => self.step(&[key], None, "", place, value, level),
                ("unevaluatedProperties", Value::Object(_)) => self.step(&[key], None, below, place, value, level),
                ("dependencies" | "dependentSchemas", Value::Object(schemas)) => {
                    for (name, schema) in schemas.iter().filter(|(_, schema)| schema.is_object()) {
                        self.step(&[key, &escape(name)], None, "", place, schema, level);
                    }
                }
                ("patternProperties", Value::Object(schemas)) => {
                    for (pattern, schema) in schemas {
                        self.step(&[key, &escape(pattern)], None, below, place, schema, level);
                    }
                }
                _ => {}
            }
        }
    }

    /// Goes to each schema of the list behind `key`.
    fn items(&mut self, key: &str, list: Option<&'a Value>, path: &str, place: PropertyContext<'a>, level: usize) {
        let Some(Value::Array(items)) = list else { return };
        for (i, item) in items.iter().enumerate() {
            self.step(&[key], Some(i), path, place, item, level);
        }
    }

    /// Goes to the node at `steps` (and `index`) below the current one, whose path goes on with `path`.
    fn step(
        &mut self,
        steps: &[&str],
        index: Option<usize>,
        path: &str,
        place: PropertyContext<'a>,
        schema: &'a Value,
        level: usize,
    ) {
        let here = (self.pointer.len(), self.path.len());
        for step in steps {
            self.pointer.push('/');
            self.pointer.push_str(step);
        }
        if let Some(index) = index {
            let _ = write!(self.pointer, "/{index}");
        }
        self.path.push_str(path);
        self.node(place, schema, level + 1);
        self.pointer.truncate(here.0);
        self.path.truncate(here.1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn paths(schema: &Value) -> Vec<String> {
        let mut out = Vec::new();
        walk(schema, "/inputSchema", &mut |n| out.push(format!("{} {}", n.path, n.pointer)));
        out
    }

    #[test]
    fn arguments_are_found_through_refs_combinators_and_arrays() {
        let schema = json!({
            "properties": {
                "files": {"items": {"$ref": "#/$defs/File"}},
                "a/b": {"anyOf": [{"enum": ["x"]}, {"type": "null"}]}
            },
            "$defs": {"File": {"properties": {"action": {"enum": ["delete"]}}}}
        });
        let got = paths(&schema);
        assert!(got.contains(&"files[].action /inputSchema/$defs/File/properties/action".to_owned()), "{got:?}");
        assert!(got.contains(&"a/b /inputSchema/properties/a~1b/anyOf/0".to_owned()), "{got:?}");
    }

    #[test]
    fn what_only_one_alternative_requires_is_not_required() {
        let schema = json!({
            "anyOf": [{"properties": {"id": {}}, "required": ["id"]}, {"properties": {"email": {}}, "required": ["email"]}],
            "allOf": [{"properties": {"all": {}}, "required": ["all"]}],
            "properties": {
                "outer": {"properties": {"inner": {}}, "required": ["inner"]},
                "must": {"properties": {"inner": {}}, "required": ["inner"]},
                "list": {"items": {"properties": {"entry": {}}, "required": ["entry"]}}
            },
            "required": ["must", "list"]
        });
        let mut required = Vec::new();
        walk(&schema, "", &mut |n| {
            if n.declares && n.always {
                required.push(n.path.to_owned());
            }
        });
        assert_eq!(required, ["all", "must", "must.inner", "list"]);
    }

    #[test]
    fn arguments_are_found_behind_keys_that_few_schemas_have() {
        let leaf = json!({"properties": {"purge": {"type": "boolean"}}});
        for key in ["contentSchema", "contains", "unevaluatedItems", "unevaluatedProperties"] {
            let schema = json!({"properties": {"x": {key: leaf}}});
            assert!(paths(&schema).iter().any(|p| p.contains("purge ")), "{key}");
        }
        for key in ["dependentSchemas", "dependencies", "patternProperties"] {
            let schema = json!({key: {"x": leaf}});
            assert!(paths(&schema).iter().any(|p| p.contains("purge ")), "{key}");
        }
        let schema = json!({"properties": {"x": {"$ref": "#/inputSchema/$defs/A"}}, "$defs": {"A": leaf}});
        assert!(paths(&schema).iter().any(|p| p.starts_with("x.purge ")));
    }

    #[test]
    fn recursive_and_boolean_schemas_end() {
        let schema = json!({"properties": {"next": {"$ref": "#"}, "any": true}});
        assert!(paths(&schema).len() < 20);
    }
}
