//! Walking JSON Schemas: every node once, through `$ref`, combinators, arrays and nested
//! objects, with the JSON Pointer of the node and the path of the argument it describes.

use serde_json::Value;

/// Nodes visited in one schema before the walk stops: the largest real schema (88 kB) has
/// about 3,000.
pub const MAX_NODES: usize = 20_000;
/// `$ref` and nesting are followed this deep; real schemas reach 23.
pub const MAX_DEPTH: usize = 48;

/// One schema node that describes an argument.
#[derive(Debug, Clone, PartialEq)]
pub struct Node<'a> {
    /// JSON Pointer from the tool's definition, e.g. `/inputSchema/properties/action`. Through
    /// a `$ref` it is the pointer of the definition that was referred to.
    pub pointer: String,
    /// Path below `args.`; array steps are written `files[].action`. Empty for the root.
    pub path: String,
    /// The argument's own name: the last step of `path` without `[]`.
    pub name: String,
    /// The schema.
    pub schema: &'a Value,
    /// Whether the argument is listed in its parent's `required`.
    pub required: bool,
    /// How many properties deep, from 0 for the root.
    pub depth: usize,
}

impl Node<'_> {
    /// Whether the argument lies inside an array.
    pub fn in_array(&self) -> bool {
        self.path.contains("[]")
    }
}

/// Visits every node of an input schema in document order. `root` is the schema, `base` its
/// pointer in the definition (`/inputSchema`).
pub fn walk<'a>(root: &'a Value, base: &str, visit: &mut dyn FnMut(&Node<'a>)) {
    let mut walker = Walker { root, base, budget: MAX_NODES, open: Vec::new(), visit };
    let node = Node {
        pointer: base.to_owned(),
        path: String::new(),
        name: String::new(),
        schema: root,
        required: true,
        depth: 0,
    };
    walker.node(node, 0);
}

/// Whether another schema may stand behind `key`.
fn steps(key: &str) -> bool {
    matches!(
        key,
        "$ref"
            | "allOf"
            | "anyOf"
            | "oneOf"
            | "if"
            | "then"
            | "else"
            | "properties"
            | "items"
            | "prefixItems"
            | "additionalProperties"
    )
}

struct Walker<'a, 'v> {
    root: &'a Value,
    base: &'v str,
    budget: usize,
    /// Definitions that are being walked: a recursive schema ends here.
    open: Vec<*const Value>,
    visit: &'v mut dyn FnMut(&Node<'a>),
}

impl<'a> Walker<'a, '_> {
    fn node(&mut self, node: Node<'a>, level: usize) {
        if self.budget == 0 || level > MAX_DEPTH {
            return;
        }
        self.budget -= 1;
        let Value::Object(map) = node.schema else { return };
        (self.visit)(&node);
        // Most schemas are leaves of two or three keys: one look over them is cheaper than a dozen searches.
        if !map.keys().any(|key| steps(key)) {
            return;
        }
        if let Some(Value::String(reference)) = map.get("$ref")
            && let Some((pointer, target)) = self.resolve(reference)
        {
            let address = std::ptr::from_ref(target);
            if !self.open.contains(&address) {
                self.open.push(address);
                self.node(Node { pointer, schema: target, ..node.clone() }, level + 1);
                self.open.pop();
            }
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            if let Some(Value::Array(items)) = map.get(key) {
                for (i, item) in items.iter().enumerate() {
                    let pointer = format!("{}/{key}/{i}", node.pointer);
                    self.node(Node { pointer, schema: item, ..node.clone() }, level + 1);
                }
            }
        }
        for key in ["if", "then", "else"] {
            if let Some(item) = map.get(key) {
                let pointer = format!("{}/{key}", node.pointer);
                self.node(Node { pointer, schema: item, ..node.clone() }, level + 1);
            }
        }
        if let Some(Value::Object(properties)) = map.get("properties") {
            let required = map.get("required").and_then(Value::as_array);
            for (name, schema) in properties {
                let child = Node {
                    pointer: format!("{}/properties/{}", node.pointer, escape(name)),
                    path: if node.path.is_empty() { name.clone() } else { format!("{}.{name}", node.path) },
                    name: name.clone(),
                    schema,
                    required: required.is_some_and(|r| r.iter().any(|v| v == name.as_str())),
                    depth: node.depth + 1,
                };
                self.node(child, level + 1);
            }
        }
        match map.get("items") {
            Some(Value::Array(items)) => {
                for (i, item) in items.iter().enumerate() {
                    self.item(&node, format!("{}/items/{i}", node.pointer), item, level);
                }
            }
            Some(item) => self.item(&node, format!("{}/items", node.pointer), item, level),
            None => {}
        }
        if let Some(Value::Array(items)) = map.get("prefixItems") {
            for (i, item) in items.iter().enumerate() {
                self.item(&node, format!("{}/prefixItems/{i}", node.pointer), item, level);
            }
        }
        if let Some(extra @ Value::Object(_)) = map.get("additionalProperties") {
            let pointer = format!("{}/additionalProperties", node.pointer);
            let path = if node.path.is_empty() { "*".to_owned() } else { format!("{}.*", node.path) };
            self.node(Node { pointer, path, schema: extra, ..node }, level + 1);
        }
    }

    fn item(&mut self, parent: &Node<'a>, pointer: String, schema: &'a Value, level: usize) {
        let node = Node { pointer, path: format!("{}[]", parent.path), schema, ..parent.clone() };
        self.node(node, level + 1);
    }

    /// A local reference (`#/$defs/x`) → pointer in the definition and schema.
    fn resolve(&self, reference: &str) -> Option<(String, &'a Value)> {
        let pointer = reference.strip_prefix('#')?;
        let target = self.root.pointer(pointer)?;
        Some((format!("{}{pointer}", self.base), target))
    }
}

/// A key as one step of a JSON Pointer (RFC 6901 §3).
pub fn escape(key: &str) -> String {
    if key.contains(['~', '/']) { key.replace('~', "~0").replace('/', "~1") } else { key.to_owned() }
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
    fn recursive_and_boolean_schemas_end() {
        let schema = json!({"properties": {"next": {"$ref": "#"}, "any": true}});
        assert!(paths(&schema).len() < 20);
    }
}
