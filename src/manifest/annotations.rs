//! The `annotations` of an entry → [`Annotations`]. What is spelled or typed otherwise is undeclared: clients ignore it,
//! and it is kept for the reader.

use serde_json::{Map, Value};

use super::{Annotations, Hint};

impl Annotations {
    /// Of the value of `annotations`. A wrong type anywhere makes a hint undeclared and stays in `extra`.
    pub(super) fn read(value: Option<Value>) -> Self {
        let mut map = match value {
            None | Some(Value::Null) => return Self::default(),
            Some(Value::Object(map)) => map,
            // Kept under a key that no object of a server can have twice.
            Some(other) => {
                let extra = Map::from_iter([(NO_OBJECT.to_owned(), other)]);
                return Self { extra, ..Self::default() };
            }
        };
        let mut flag = |hint: Hint| match map.get(hint.key()) {
            Some(Value::Bool(declared)) => {
                let declared = *declared;
                map.shift_remove(hint.key());
                Some(declared)
            }
            Some(Value::Null) => {
                map.shift_remove(hint.key());
                None
            }
            _ => None,
        };
        let (read_only, destructive) = (flag(Hint::ReadOnly), flag(Hint::Destructive));
        let (idempotent, open_world) = (flag(Hint::Idempotent), flag(Hint::OpenWorld));
        let title = match map.get("title") {
            Some(Value::String(_) | Value::Null) => match map.shift_remove("title") {
                Some(Value::String(title)) => Some(title.into()),
                _ => None,
            },
            _ => None,
        };
        Self { present: true, title, read_only, destructive, idempotent, open_world, extra: map }
    }
}

/// The key under which `annotations` that are not object are kept.
pub const NO_OBJECT: &str = "annotations";
