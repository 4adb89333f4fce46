//! Walking JSON Schemas: every node once, through `$ref`, combinators, arrays and nested
//! objects, with the JSON Pointer of the node and the path of the argument it describes.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use serde_json::{Map, Value};

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
    all_of: Option<&'a Value>,
    conditions: [Option<&'a Value>; 3],
    properties: Option<&'a Value>,
    required: Option<&'a Value>,
    prefix_items: Option<&'a Value>,
    additional: Option<&'a Value>,
    /// What `type` allows, alone or in a branch of `anyOf` or `oneOf`.
    types: SchemaTypes,
    /// Whether a key stands there that few schemas have and that schemas lie behind.
    rare: bool,
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

/// Where a reference leads.
#[derive(Debug, Clone, PartialEq)]
pub enum Target<'a> {
    /// To this pointer in the definition and this schema.
    Here(String, &'a Value),
    /// To nothing.
    Nowhere,
    /// To another document.
    Elsewhere,
}

/// The references of one schema. What has a name of its own (`$anchor`, `$id`) is looked for once, and only where a
/// reference asks for it.
#[derive(Debug)]
pub struct References<'a, 'b> {
    root: &'a Value,
    base: &'b str,
    named: OnceCell<HashMap<Cow<'a, str>, (String, &'a Value)>>,
}

impl<'a, 'b> References<'a, 'b> {
    /// Those of the schema that stands at `base` of a definition.
    pub fn of(root: &'a Value, base: &'b str) -> Self {
        Self { root, base, named: OnceCell::new() }
    }

    /// What stands in this document where a reference leads.
    pub fn target(&self, reference: &str) -> Option<(String, &'a Value)> {
        match self.follow(reference) {
            Target::Here(pointer, schema) => Some((pointer, schema)),
            Target::Nowhere | Target::Elsewhere => None,
        }
    }

    /// Where a reference leads.
    pub(crate) fn follow(&self, reference: &str) -> Target<'a> {
        let (document, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let (from, start) = if document.is_empty() {
            (String::new(), self.root)
        } else {
            match self.named().get(document) {
                Some((pointer, schema)) => (pointer.clone(), *schema),
                None if document.contains(':') => return Target::Elsewhere,
                None => return Target::Nowhere,
            }
        };
        if !(fragment.is_empty() || fragment.starts_with('/')) {
            return match self.named().get(&reference[document.len()..]) {
                Some((pointer, schema)) => Target::Here(format!("{}{pointer}", self.base), schema),
                None => Target::Nowhere,
            };
        }
        // Hardly any fragment is encoded.
        let decoded = if fragment.contains('%') {
            percent_encoding::percent_decode_str(fragment).decode_utf8().unwrap_or(Cow::Borrowed(fragment))
        } else {
            Cow::Borrowed(fragment)
        };
        for pointer in [fragment, &decoded] {
            // Some generators write pointers from the definition, not from the schema.
            let shorter = pointer.strip_prefix(self.base).filter(|_| !self.base.is_empty());
            for pointer in std::iter::once(pointer).chain(shorter) {
                if let Some(target) = at(start, pointer) {
                    return Target::Here(format!("{}{from}{pointer}", self.base), target);
                }
            }
        }
        Target::Nowhere
    }

    /// What has a name: `#anchor`, or an id without its fragment. The first of a name counts.
    fn named(&self) -> &HashMap<Cow<'a, str>, (String, &'a Value)> {
        self.named.get_or_init(|| {
            let mut named = HashMap::new();
            names(self.root, &mut Vec::new(), &mut named);
            named
        })
    }
}

fn names<'a>(schema: &'a Value, path: &mut Vec<Step<'a>>, named: &mut HashMap<Cow<'a, str>, (String, &'a Value)>) {
    steps(1);
    match schema {
        Value::Object(map) => {
            for (key, value) in map {
                let name = match (key.as_str(), value) {
                    ("$anchor" | "$dynamicAnchor", Value::String(name)) => Some(Cow::Owned(format!("#{name}"))),
                    ("$id" | "id", Value::String(id)) if id.starts_with('#') => Some(Cow::Borrowed(id.as_str())),
                    ("$id", Value::String(id)) => id.split('#').next().map(Cow::Borrowed),
                    _ => None,
                };
                if let Some(name) = name.filter(|name| !name.is_empty()) {
                    named.entry(name).or_insert_with(|| (pointer(path), schema));
                }
            }
            for (key, value) in map {
                if !matches!(key.as_str(), "enum" | "const" | "default" | "examples") {
                    path.push(Step::Key(key));
                    names(value, path, named);
                    path.pop();
                }
            }
        }
        Value::Array(list) => {
            for (i, item) in list.iter().enumerate() {
                path.push(Step::Index(i));
                names(item, path, named);
                path.pop();
            }
        }
        _ => {}
    }
}

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

/// One step of a JSON Pointer, spelled out only where something is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// To the value of a key.
    Key(&'a str),
    /// To an item of a list.
    Index(usize),
}

/// A path that begins at `key`, with room for the depth that most schemas have.
pub(crate) fn path_from(key: &'static str) -> Vec<Step<'static>> {
    let mut path = Vec::with_capacity(16);
    path.push(Step::Key(key));
    path
}

/// The JSON Pointer of these steps.
pub fn pointer(path: &[Step<'_>]) -> String {
    path.iter().fold(String::new(), |mut out, step| {
        let _ = match step {
            Step::Key(key) => write!(out, "/{}", escape(key)),
            Step::Index(i) => write!(out, "/{i}"),
        };
        out
    })
}

/// What stands at a JSON Pointer: [`Value::pointer`], without a copy of every step.
pub(crate) fn at<'a>(root: &'a Value, pointer: &str) -> Option<&'a Value> {
    if pointer.is_empty() || pointer.contains('~') {
        return root.pointer(pointer);
    }
    pointer.strip_prefix('/')?.split('/').try_fold(root, |value, step| match value {
        Value::Object(map) => map.get(step),
        list => list.pointer(&format!("/{step}")),
    })
}

/// A key as one step of a JSON Pointer (RFC 6901 §3).
pub(crate) fn escape(key: &str) -> Cow<'_, str> {
    // Hardly any key has one: bytes are looked at, not characters.
    if key.bytes().any(|b| matches!(b, b'~' | b'/')) {
        key.replace('~', "~0").replace('/', "~1").into()
    } else {
        key.into()
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
    fn a_pointer_leads_where_serde_json_says_that_it_leads() {
        let root = json!({"a": [{"b~c": 1}, {"": 2}], "d/e": {"0": 3}, "%25": 4});
        for pointer in ["", "/", "a", "/a", "/a/0", "/a/00", "/a/1/", "/a/2", "/a/0/b~0c", "/d~1e/0", "/%25", "/a/0/b"]
        {
            assert_eq!(at(&root, pointer), root.pointer(pointer), "{pointer}");
        }
    }

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

    #[test]
    fn recursive_and_boolean_schemas_end() {
        let schema = json!({"properties": {"next": {"$ref": "#"}, "any": true}});
        assert!(paths(&schema).len() < 20);
    }
}
