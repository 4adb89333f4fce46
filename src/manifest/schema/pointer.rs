//! JSON Pointers (RFC 6901).

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::Value;

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

    #[test]
    fn a_pointer_leads_where_serde_json_says_that_it_leads() {
        let root = json!({"a": [{"b~c": 1}, {"": 2}], "d/e": {"0": 3}, "%25": 4});
        for pointer in ["", "/", "a", "/a", "/a/0", "/a/00", "/a/1/", "/a/2", "/a/0/b~0c", "/d~1e/0", "/%25", "/a/0/b"]
        {
            assert_eq!(at(&root, pointer), root.pointer(pointer), "{pointer}");
        }
    }
}
