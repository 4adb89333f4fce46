//! What moved in a schema, argument by argument, where nothing takes more than it did.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::arguments::{Takes, arguments, has_parent};
use super::some;
use crate::neutral;
use crate::review::change::Proof;
use crate::review::compare::moved_text;

/// How many arguments one sentence names.
const MAX_NAMED: usize = 3;
/// How many arguments the evidence shows.
const MAX_SHOWN_CHARS: usize = 12;

/// What became of the arguments, a clause for a sentence, and each before and after.
pub(in crate::review::compare) fn reported(old: &Value, new: &Value) -> (Vec<String>, Vec<Proof>) {
    let (old, new) = (arguments(old), arguments(new));
    let mut clauses: Vec<(String, String)> = Vec::new();
    let mut proofs = Vec::new();
    for path in old.keys().chain(new.keys().filter(|path| !old.contains_key(*path))) {
        let (was, is) = (old.get(path), new.get(path));
        let what = match (was, is) {
            (Some(was), Some(is)) if is.required && !was.required => "is required now".to_owned(),
            (Some(was), Some(is)) if was.required && !is.required => "is optional now".to_owned(),
            (Some(was), Some(is)) if own(was.node) != own(is.node) => {
                narrowed(was, is).unwrap_or_else(|| "changed".to_owned())
            }
            (Some(_), None) if has_parent(path, &new) => "is gone".to_owned(),
            (None, Some(_)) if has_parent(path, &old) => "is new".to_owned(),
            _ => continue,
        };
        if !path.is_empty() {
            clauses.push((what, neutral::quoted(path)));
        } else if what != "changed" {
            clauses.push((what, "the whole".to_owned()));
        }
        let text = |takes: &Takes<'_>| takes.node.to_string();
        let pointer = is.or(was).map_or("", |t| t.pointer.as_str());
        if proofs.len() < MAX_SHOWN_CHARS && was.map(text) != is.map(text) {
            proofs.push(moved_text(pointer, was.map(text).as_deref(), is.map(text).as_deref()));
        }
    }
    let more = clauses.len().saturating_sub(MAX_NAMED);
    let mut said: Vec<String> =
        clauses.into_iter().take(MAX_NAMED).map(|(what, path)| format!("{path} {what}")).collect();
    if more > 0 {
        said.push(format!("{more} more"));
    }
    (said, proofs)
}

/// What calls that passed before must not give any more, where that is reported in few words.
fn narrowed(was: &Takes<'_>, is: &Takes<'_>) -> Option<String> {
    let said: Vec<String> = values(was, is).into_iter().chain(is.tightened(was)).collect();
    (!said.is_empty()).then(|| said.join(", "))
}

/// The same of listed values and of a pattern.
fn values(was: &Takes<'_>, is: &Takes<'_>) -> Option<String> {
    if is.free {
        return None;
    }
    if is.listed {
        let kept: HashSet<&String> = is.values.iter().collect();
        let gone: Vec<&String> = was.values.iter().filter(|value| !kept.contains(value)).collect();
        if !gone.is_empty() {
            return Some(format!("no longer takes {}", some(gone.iter().map(|value| neutral::quoted(value)))));
        }
        return (!was.listed).then(|| "takes listed values alone now".to_owned());
    }
    let pattern = is.pattern.filter(|pattern| was.pattern != Some(pattern))?;
    Some(format!("must match {} now", neutral::quoted(pattern)))
}

/// A node without the arguments below it.
fn own(node: &Value) -> Option<Map<String, Value>> {
    let mut own = node.as_object()?.clone();
    for key in ["properties", "required", "items", "$defs", "definitions"] {
        own.remove(key);
    }
    Some(own)
}

/// A schema without what people read in it.
pub(in crate::review::compare) fn wordless(schema: &Value) -> Value {
    match schema {
        Value::Object(map) => {
            let read =
                |key: &str, value: &Value| value.is_string() && matches!(key, "description" | "title" | "$comment");
            map.iter()
                .filter(|(key, value)| !read(key, value))
                .map(|(key, value)| (key.clone(), wordless(value)))
                .collect()
        }
        Value::Array(items) => items.iter().map(wordless).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn arguments_that_come_go_and_change_are_named() {
        let old = json!({"properties": {"a": {"type": "integer"}, "b": {"type": "integer"}, "c": {"properties": {"d": {}}}}, "required": ["a"]});
        let new = json!({"properties": {"a": {"type": "integer"}, "b": {"type": "integer", "description": "x"}, "e": {"properties": {"f": {}}}}, "required": ["b"]});
        let (said, proofs) = reported(&old, &new);
        assert_eq!(said, ["`a` is optional now", "`b` is required now", "`c` is gone", "1 more"]);
        assert_eq!(proofs.len(), 3, "{proofs:?}");
        assert_eq!(reported(&old, &old), (vec![], vec![]));
        assert_eq!(wordless(&new)["properties"]["b"], json!({"type": "integer"}));
    }

    #[test]
    fn what_an_argument_no_longer_takes_is_named() {
        let said = |old: Value, new: Value| {
            let schema = |of: Value| json!({"properties": {"x": of}});
            reported(&schema(old), &schema(new)).0.concat()
        };
        let text = json!({"type": "string"});
        let listed = |values: Value| json!({"type": "string", "enum": values});
        assert_eq!(said(listed(json!(["a", "b", "c"])), listed(json!(["b"]))), "`x` no longer takes `a`, `c`");
        assert_eq!(said(text.clone(), listed(json!(["a"]))), "`x` takes listed values alone now");
        assert_eq!(said(text.clone(), json!({"type": "string", "pattern": "^a$"})), "`x` must match `^a$` now");
        let other = json!({"type": "string", "pattern": "^b$"});
        assert_eq!(said(json!({"type": "string", "pattern": "^a$"}), other), "`x` must match `^b$` now");
        let bound = |key: &str, n: i32| json!({"type": "integer", key: n});
        assert_eq!(said(text, json!({"type": "string", "maxLength": 9})), "`x` has a `maxLength` now");
        assert_eq!(said(bound("maximum", 9), bound("maximum", 5)), "`x` has a tighter `maximum`");
        assert_eq!(said(bound("minimum", 1), bound("minimum", 5)), "`x` has a tighter `minimum`");
        let both = json!({"type": ["string", "integer"]});
        assert_eq!(said(both, json!({"type": "integer"})), "`x` no longer takes the type `string`");
        assert_eq!(said(json!({}), json!({"type": "integer"})), "`x` no longer takes any value");
        let object = json!({"type": "object", "properties": {}});
        let mut closed = object.clone();
        closed["additionalProperties"] = json!(false);
        assert_eq!(said(object.clone(), closed.clone()), "`x` takes no keys that it does not name");
        assert_eq!(reported(&object, &closed).0, ["the whole takes no keys that it does not name"]);
    }
}
