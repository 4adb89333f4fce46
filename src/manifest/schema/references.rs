//! `$ref` and `$dynamicRef`: where they lead in their document.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;

use serde_json::Value;

use super::pointer::{Step, at, pointer};
use crate::counted::steps;

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
