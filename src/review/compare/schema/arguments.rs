//! An input schema as what each argument takes; branches of one argument are taken together.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::manifest::schema;
use crate::neutral;
use crate::review::change::Proof;
use crate::review::compare::moved_text;
use crate::words::{Words, split_identifier};

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

/// Keywords that bound a value from above, then from below.
const BOUNDS: [(&str, ArgumentSide); 9] = [
    ("maximum", ArgumentSide::Above),
    ("exclusiveMaximum", ArgumentSide::Above),
    ("maxLength", ArgumentSide::Above),
    ("maxItems", ArgumentSide::Above),
    ("maxProperties", ArgumentSide::Above),
    ("minimum", ArgumentSide::Below),
    ("exclusiveMinimum", ArgumentSide::Below),
    ("minLength", ArgumentSide::Below),
    ("minItems", ArgumentSide::Below),
];

/// Two keywords that say the same in two ways: one may stand for the other.
const SYNONYMS: [(&str, &str); 2] = [("maximum", "exclusiveMaximum"), ("minimum", "exclusiveMinimum")];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ArgumentSide {
    Above,
    Below,
}

/// What an argument takes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Takes<'a> {
    pub pointer: String,
    pub node: &'a Value,
    /// The last step of its path.
    pub name: &'a str,
    pub required: bool,
    /// Whether some branch takes any string.
    pub free: bool,
    /// What the string is, where `free`.
    pub content: &'static str,
    /// Whether some branch takes anything at all.
    pub any: bool,
    /// Whether some branch takes an object of any shape.
    pub shapeless: bool,
    /// Whether it is an object, and every branch that is one takes no key that it does not name.
    pub closed: Option<bool>,
    /// Whether it is a switch.
    pub switch: bool,
    /// What is taken where nothing is given.
    pub default: Option<&'a Value>,
    /// The types that some branch names.
    types: BTreeSet<&'a str>,
    /// Whether some branch lists its values.
    pub listed: bool,
    /// The texts among these values.
    pub values: Vec<String>,
    /// The pattern that a text has to match.
    pub pattern: Option<&'a str>,
    /// The loosest bound of each keyword, in the order of [`BOUNDS`].
    bounds: [Option<f64>; BOUNDS.len()],
}

/// Path → what the argument takes; the whole is at the empty path.
pub(super) fn arguments(root: &Value) -> BTreeMap<String, Takes<'_>> {
    let mut found: BTreeMap<String, Takes<'_>> = BTreeMap::new();
    schema::walk(root, "/inputSchema", &mut |node| {
        let takes = found.entry(node.path.to_owned()).or_insert_with(|| Takes {
            pointer: node.pointer.to_owned(),
            node: node.schema,
            name: node.name,
            required: false,
            free: false,
            content: "",
            any: false,
            shapeless: false,
            closed: None,
            switch: false,
            default: None,
            types: BTreeSet::new(),
            listed: false,
            values: Vec::new(),
            pattern: None,
            bounds: [None; BOUNDS.len()],
        });
        takes.read(node.schema, node.required);
    });
    found
}

impl<'a> Takes<'a> {
    fn read(&mut self, node: &'a Value, required: bool) {
        self.required |= required;
        let values = node.get("enum").and_then(Value::as_array);
        self.listed |= values.is_some() || node.get("const").is_some();
        if let Some(values) = values {
            self.values.extend(values.iter().filter_map(Value::as_str).map(str::to_owned));
        } else if is_text(node) {
            self.free = true;
            self.content = content(self.name, node);
        }
        self.any |= is_anything(node);
        self.switch |= is(node, "boolean");
        self.default = self.default.or_else(|| node.get("default"));
        match node.get("type") {
            Some(Value::String(name)) => drop(self.types.insert(name)),
            Some(Value::Array(names)) => self.types.extend(names.iter().filter_map(Value::as_str)),
            _ => {}
        }
        if is(node, "object") || node.get("properties").is_some() {
            let extra = node.get("additionalProperties");
            let shuts =
                extra == Some(&Value::Bool(false)) || node.get("unevaluatedProperties") == Some(&Value::Bool(false));
            self.closed = Some(shuts && self.closed != Some(false));
            let shaped = ["properties", "patternProperties", "$ref", "allOf", "anyOf", "oneOf", "enum", "const"];
            let shaped = shaped.into_iter().any(|key| node.get(key).is_some());
            self.shapeless |= !shaped && !shuts && !matches!(extra, Some(Value::Object(map)) if !map.is_empty());
        }
        self.pattern = self.pattern.or_else(|| node.get("pattern").and_then(Value::as_str).filter(|p| narrows(p)));
        for (bound, (keyword, side)) in self.bounds.iter_mut().zip(BOUNDS) {
            if let Some(value) = node.get(keyword).and_then(Value::as_f64) {
                let loosest = if side == ArgumentSide::Above { f64::max } else { f64::min };
                *bound = Some(bound.map_or(value, |known| loosest(known, value)));
            }
        }
    }

    /// The types that are taken beside all those of `was`, but for those that are reported as what they may hold.
    pub(super) fn more_types(&self, was: &Self) -> Vec<&'a str> {
        let covers = |types: &BTreeSet<&str>, name: &str| {
            types.contains(name) || (name == "integer" && types.contains("number"))
        };
        let kept = was.types.iter().all(|name| covers(&self.types, name));
        if was.any || was.types.is_empty() || !kept {
            return Vec::new();
        }
        let reported =
            |name: &str| (name == "string" && self.free) || (name == "object" && self.shapeless) || name == "null";
        self.types.iter().copied().filter(|name| !covers(&was.types, name) && !reported(name)).collect()
    }

    /// What bounded the values of `was` and bounds these no longer, or less; in our words.
    pub(super) fn loosened(&self, was: &Self) -> Vec<String> {
        let mut said = Vec::new();
        if was.any {
            return said;
        }
        let mut gone = |keyword: &str| said.push(format!("`{keyword}` is gone"));
        if was.listed && !was.free && !self.listed && !self.switch {
            gone("enum");
        }
        if was.pattern.is_some() && !was.free && self.pattern.is_none() {
            gone("pattern");
        }
        for (i, (keyword, side)) in BOUNDS.into_iter().enumerate() {
            match (was.bounds[i], self.bounds[i]) {
                (Some(_), None) if !self.has_twin(keyword) => said.push(format!("`{keyword}` is gone")),
                (Some(before), Some(now)) if if side == ArgumentSide::Above { now > before } else { now < before } => {
                    said.push(format!("`{keyword}` is looser"));
                }
                _ => {}
            }
        }
        if was.closed == Some(true) && self.closed == Some(false) {
            said.push("open to keys that it does not name".to_owned());
        }
        said
    }

    /// What of `was` is no longer taken, but for listed values and patterns; in our words, of an argument.
    pub(super) fn tightened(&self, was: &Self) -> Vec<String> {
        let mut said = Vec::new();
        if self.any {
            return said;
        }
        if was.any {
            said.push("no longer takes any value".to_owned());
        }
        let kept = |name: &str| {
            self.types.is_empty() || self.types.contains(name) || (name == "integer" && self.types.contains("number"))
        };
        let fewer: Vec<String> =
            was.types.iter().filter(|name| !kept(name) && **name != "null").map(|name| neutral::quoted(name)).collect();
        if !fewer.is_empty() {
            said.push(format!("no longer takes the type {}", fewer.join(", ")));
        }
        for (i, (keyword, side)) in BOUNDS.into_iter().enumerate() {
            match (was.bounds[i], self.bounds[i]) {
                (None, Some(_)) if !was.has_twin(keyword) => said.push(format!("has a `{keyword}` now")),
                (Some(before), Some(now)) if if side == ArgumentSide::Above { now < before } else { now > before } => {
                    said.push(format!("has a tighter `{keyword}`"));
                }
                _ => {}
            }
        }
        if was.closed == Some(false) && self.closed == Some(true) {
            said.push("takes no keys that it does not name".to_owned());
        }
        said
    }

    fn has_twin(&self, keyword: &str) -> bool {
        let synonym = SYNONYMS.into_iter().find_map(|(a, b)| match keyword {
            _ if keyword == a => Some(b),
            _ if keyword == b => Some(a),
            _ => None,
        });
        let at = BOUNDS.iter().position(|(known, _)| Some(*known) == synonym);
        at.is_some_and(|i| self.bounds[i].is_some())
    }
}

/// Whether what holds the argument of a path is among others, so that the argument is reported on its own.
pub(super) fn has_parent(path: &str, others: &BTreeMap<String, Takes<'_>>) -> bool {
    let parent = path.rfind(['.', '[']).map_or("", |at| &path[..at]);
    parent.is_empty() || others.contains_key(parent)
}

/// An argument before and after, each as pointer and node; where the node is the same, the lists of what must be given
/// beside it. `roots` are both schemas.
pub(super) fn shown(roots: (&Value, &Value), was: Option<(&str, &Value)>, is: (&str, &Value)) -> Proof {
    if let Some((pointer, node)) = was
        && node == is.1
        && let Some((place, after)) = required_list(roots.1, is.0)
    {
        let before = required_list(roots.0, pointer).and_then(|(_, list)| list);
        if before != after {
            return moved_text(&place, before.as_deref(), after.as_deref());
        }
    }
    let before = was.map(|(_, node)| node.to_string());
    moved_text(is.0, before.as_deref(), Some(&is.1.to_string()))
}

/// Where the list is that says whether the argument at `pointer` must be given, and the list.
fn required_list(root: &Value, pointer: &str) -> Option<(String, Option<String>)> {
    let (object, _) = pointer.rsplit_once("/properties/")?;
    let node = root.pointer(object.strip_prefix("/inputSchema")?)?;
    Some((format!("{object}/required"), node.get("required").map(Value::to_string)))
}

/// Whether a node's type is, or may be, this one.
fn is(node: &Value, name: &str) -> bool {
    match node.get("type") {
        Some(Value::String(t)) => t == name,
        Some(Value::Array(types)) => types.iter().any(|t| t == name),
        _ => false,
    }
}

/// Whether a node says nothing of what it takes.
fn is_anything(node: &Value) -> bool {
    const SPEAKS: [&str; 18] = [
        "type",
        "enum",
        "const",
        "$ref",
        "$dynamicRef",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "if",
        "properties",
        "items",
        "prefixItems",
        "patternProperties",
        "additionalProperties",
        "pattern",
        "format",
        "contains",
    ];
    let bound = BOUNDS.iter().any(|(keyword, _)| node.get(*keyword).is_some());
    !bound && SPEAKS.into_iter().all(|key| node.get(key).is_none())
}

/// Whether a node takes any string: its type says so and nothing narrows it.
fn is_text(node: &Value) -> bool {
    let fixed = node.get("const").is_some() || node.get("pattern").and_then(Value::as_str).is_some_and(narrows);
    is(node, "string") && !fixed && !fixed_format(node)
}

/// Whether a pattern keeps anything out.
fn narrows(pattern: &str) -> bool {
    !matches!(pattern.trim_start_matches('^').trim_end_matches('$'), "" | ".*" | ".+" | "(.*)" | "[\\s\\S]*")
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
