//! Input schemas: what the arguments take now that they did not take before.

mod arguments;
pub(super) mod guards;
pub(super) mod moved;

use std::collections::HashSet;

use serde_json::Value;

use super::{StateTool, between, moved_text};
use crate::classify::{Classifier, Place, SpeaksFor, Verdict};
use crate::lexicon::Lexicon;
use crate::manifest::DefinitionPart;
use crate::neutral;
use crate::review::change::{Change, Proof};
use crate::review::kind::Kind;
use crate::risk::Class;
use arguments::{Takes, arguments, has_parent};

/// How many widened arguments one change shows.
const MAX_SHOWN: usize = 12;
/// How many of them its sentence names.
const MAX_NAMED: usize = 3;

/// Returns the parts that are told here.
pub(super) fn compare(
    slug: &str,
    before: StateTool<'_>,
    after: StateTool<'_>,
    moved: &[DefinitionPart],
    changes: &mut Vec<Change>,
) -> Option<DefinitionPart> {
    if !moved.contains(&DefinitionPart::InputSchema) {
        return None;
    }
    let (old, new) = before.definition.zip(after.definition)?;
    let (old, schema) = (&old.tool.input_schema, &new.tool.input_schema);
    let widened = widened(old, schema, &new.verdict, before.row.label.class);
    let required = required(old, schema);
    if widened.is_empty() && required.is_empty() {
        return None;
    }
    let mut clauses = Vec::new();
    if !widened.is_empty() {
        let told = widened.iter().map(|w| match w.path.as_str() {
            "" => format!("all arguments ({})", w.content),
            path => format!("{} ({})", neutral::quoted(path), w.content),
        });
        clauses.push(format!("takes more than it did: {}", some(told)));
    }
    if !required.is_empty() {
        clauses.push(format!("newly requires {}", some(required.iter().map(|(path, _)| neutral::quoted(path)))));
    }
    let mut change = between(slug, Kind::SchemaWidened, before, after, clauses.join("; "));
    let alone =
        required.into_iter().filter(|(path, _)| !widened.iter().any(|w| w.path == *path)).map(|(_, proof)| proof);
    let alone: Vec<Proof> = alone.collect();
    change.evidence = widened.into_iter().map(|w| w.proof).chain(alone).take(MAX_SHOWN).collect();
    changes.push(change);
    Some(DefinitionPart::InputSchema)
}

/// The first of a list, and how many more there are.
fn some(list: impl ExactSizeIterator<Item = String>) -> String {
    let more = list.len().saturating_sub(MAX_NAMED);
    let named: Vec<String> = list.take(MAX_NAMED).collect();
    if more > 0 { format!("{} and {more} more", named.join(", ")) } else { named.join(", ") }
}

/// An argument that takes more.
struct Widened {
    path: String,
    /// What it takes now, in our words.
    content: String,
    proof: Proof,
}

/// Every argument that takes more, in byte order of the paths. `class` is the tool's before.
fn widened(old: &Value, new: &Value, verdict: &Verdict, class: Class) -> Vec<Widened> {
    let (old, new) = (arguments(old), arguments(new));
    let actions = verdict.actions.iter().filter(|a| a.class > Class::Read);
    let actions: HashSet<(&str, &str)> = actions.map(|a| (a.argument.as_str(), a.value.as_str())).collect();
    let mut found = Vec::new();
    for (path, takes) in new {
        let was = old.get(&path);
        let fresh = |now: fn(&Takes<'_>) -> bool| {
            now(&takes) && !path.is_empty() && !was.is_some_and(|was| was.any || now(was))
        };
        let content = if fresh(|t| t.free) {
            takes.content.to_owned()
        } else if fresh(|t| t.any) && !path.ends_with('*') {
            "any value".to_owned()
        } else if fresh(|t| t.shapeless) {
            "an object of any shape".to_owned()
        } else if fresh(|t| t.switch) && worse_switch(&takes, verdict, class) {
            "a switch that does harm".to_owned()
        } else {
            String::new()
        };
        let loosened = was.map(|was| takes.loosened(was)).unwrap_or_default();
        let content: Vec<String> = Some(content).filter(|c| !c.is_empty()).into_iter().chain(loosened).collect();
        if !content.is_empty() {
            let content = content.join(", ");
            let before = was.map(|w| w.node.to_string());
            let proof = moved_text(&takes.pointer, before.as_deref(), Some(&takes.node.to_string()));
            found.push(Widened { path, content, proof });
            continue;
        }
        // Of an argument that took other things than a list, its values are not news.
        if was.is_some_and(|was| was.values.is_empty()) {
            continue;
        }
        let known: HashSet<&String> = was.iter().flat_map(|was| &was.values).collect();
        let harmful: Vec<&str> = (takes.values.iter())
            .filter(|value| !known.contains(value))
            .map(String::as_str)
            .filter(|v| actions.contains(&(path.as_str(), *v)) || claims_harm(&takes, v, verdict) || destroys(v, class))
            .collect();
        if !harmful.is_empty() {
            let proof = moved_text(&format!("{}/enum", takes.pointer), None, Some(&harmful.join(", ")));
            found.push(Widened { path, content: "a value that does harm".to_owned(), proof });
        }
    }
    found
}

/// Whether the evidence says that a value of an argument changes something.
fn claims_harm(takes: &Takes<'_>, value: &str, verdict: &Verdict) -> bool {
    verdict.evidence.iter().any(|e| {
        let class = matches!(e.speaks_for, SpeaksFor::Class(class) if class > Class::Read);
        let pointer = if let Place::Pointer(pointer) = &e.place { pointer.strip_prefix(&takes.pointer) } else { None };
        class && !e.restricts && pointer.is_some_and(|below| below.starts_with("/enum/")) && value.contains(&e.text)
    })
}

/// Whether a switch speaks for a class above the one that was reviewed: by the evidence, or by its name.
fn worse_switch(takes: &Takes<'_>, verdict: &Verdict, class: Class) -> bool {
    let claimed = verdict.evidence.iter().any(|e| {
        let worse = matches!(e.speaks_for, SpeaksFor::Class(claimed) if claimed > class);
        worse && !e.restricts && matches!(&e.place, Place::Pointer(pointer) if *pointer == takes.pointer)
    });
    claimed || destroys(takes.name, class)
}

/// Whether the name of an argument or of a value states a Destructive action, of a tool that was none.
fn destroys(name: &str, class: Class) -> bool {
    class < Class::Destructive && Classifier::new(Lexicon::embedded()).name(name) == Class::Destructive
}

/// The arguments that are new and must be given, and what each is, unless an argument around it is new as well.
fn required(old: &Value, new: &Value) -> Vec<(String, Proof)> {
    let (old, new) = (arguments(old), arguments(new));
    let fresh = new.iter().filter(|(path, takes)| {
        takes.required
            && !path.is_empty()
            && !path.ends_with("[]")
            && !old.contains_key(*path)
            && has_parent(path, &old)
    });
    fresh.map(|(path, takes)| (path.clone(), moved_text(&takes.pointer, None, Some(&takes.node.to_string())))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Tool;
    use serde_json::json;

    /// `path content > after` of each argument that takes more, judged as a tool whose class was `class`.
    fn told_of(name: &str, class: Class, old: &Value, new: &Value) -> Vec<String> {
        let tool = Tool { name: name.to_owned(), input_schema: new.clone(), ..Tool::default() };
        let verdict = Classifier::new(Lexicon::embedded()).tool(&tool);
        widened(old, new, &verdict, class)
            .into_iter()
            .map(|w| {
                let Proof::Moved { before, after, .. } = w.proof else { panic!("moved") };
                format!("{} {} {} > {}", w.path, w.content, before.is_some(), after.unwrap_or_default())
            })
            .collect()
    }

    fn told(old: &Value, new: &Value) -> Vec<String> {
        told_of("manage_page", Class::Write, old, new)
    }

    /// What is said of an argument `x` that was `old` and is `new`.
    fn said(old: Value, new: Value) -> Vec<String> {
        let schema = |of: Value| json!({"properties": {"x": of}});
        let told = told(&schema(old), &schema(new));
        told.iter().map(|t| t.trim_start_matches("x ").split(" true").next().unwrap_or_default().to_owned()).collect()
    }

    #[test]
    fn new_texts_paths_urls_and_commands_widen_and_fixed_values_do_not() {
        let old = json!({"properties": {"id": {"type": "string"}, "mode": {"enum": ["a"]}}});
        let new = json!({"properties": {
            "id": {"type": "string", "description": "other words"},
            "mode": {"type": "string"},
            "outputFile": {"type": "string"},
            "target_urls": {"type": "array", "items": {"type": "string"}},
            "where": {"anyOf": [{"type": "string", "format": "uri"}, {"type": "null"}]},
            "shell-command": {"type": ["string", "null"]},
            "note": {"type": "string"},
            "limit": {"type": "integer"},
            "kind": {"type": "string", "enum": ["x"]},
            "day": {"type": "string", "format": "date"},
        }});
        let got = told(&old, &new);
        assert_eq!(
            got,
            [
                r#"mode free text, `enum` is gone true > {"type":"string"}"#,
                r#"note free text false > {"type":"string"}"#,
                r#"outputFile a path false > {"type":"string"}"#,
                r#"shell-command a command false > {"type":["string","null"]}"#,
                r#"target_urls[] a URL false > {"type":"string"}"#,
                r#"where a URL false > {"anyOf":[{"type":"string","format":"uri"},{"type":"null"}]}"#,
            ]
        );
        assert_eq!(told(&new, &new), [""; 0]);
    }

    #[test]
    fn an_enum_widens_when_a_new_value_does_harm() {
        let old = json!({"properties": {"action": {"enum": ["list", "get"]}}});
        let with = |value: &str| json!({"properties": {"action": {"enum": ["list", "get", "count", value]}}});
        assert_eq!(told(&old, &with("purge")), ["action a value that does harm false > purge"]);
        assert_eq!(told(&old, &with("find")), [""; 0]);
        // In an argument that is new as well, of a reader too.
        let new = json!({"properties": {"action": {"enum": ["list", "delete"]}}});
        let got = told_of("get_page", Class::Read, &json!({"properties": {}}), &new);
        assert_eq!(got, ["action a value that does harm false > delete"]);
    }

    #[test]
    fn what_bounded_an_argument_is_missed_when_it_is_gone_or_looser() {
        let text = |more: Value| {
            let mut node = json!({"type": "string"});
            node.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            node
        };
        assert_eq!(said(text(json!({"pattern": "^[a-z]+$"})), text(json!({}))), ["free text, `pattern` is gone"]);
        assert_eq!(
            said(text(json!({"pattern": "^[a-z]+$"})), text(json!({"pattern": "^.*$"}))),
            ["free text, `pattern` is gone"]
        );
        assert_eq!(said(text(json!({"maxLength": 9})), text(json!({}))), ["`maxLength` is gone"]);
        let number = |key: &str, bound: i32| json!({"type": "integer", key: bound});
        assert_eq!(said(number("maximum", 10), number("maximum", 11)), ["`maximum` is looser"]);
        assert_eq!(said(number("maximum", 10), number("exclusiveMaximum", 11)), [""; 0]);
        assert_eq!(said(number("maximum", 10), number("maximum", 9)), [""; 0]);
        assert_eq!(said(number("minimum", 1), number("minimum", 0)), ["`minimum` is looser"]);
        assert_eq!(said(json!({"enum": [1, 2]}), json!({"type": "integer"})), ["`enum` is gone"]);
        assert_eq!(said(json!({"type": "integer"}), json!({"description": "x"})), ["any value"]);
        assert_eq!(said(json!({"type": "integer"}), json!({"type": "object"})), ["an object of any shape"]);
    }

    #[test]
    fn an_object_that_opens_takes_more_at_the_root_as_well() {
        let closed = json!({"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": false});
        let open = json!({"type": "object", "properties": {"a": {"type": "integer"}}});
        assert_eq!(said(closed.clone(), open.clone()), ["open to keys that it does not name"]);
        assert!(told(&closed, &open)[0].starts_with(" open to keys"), "{:?}", told(&closed, &open));
        assert_eq!(said(open, closed), [""; 0]);
    }

    #[test]
    fn a_switch_counts_where_it_speaks_for_a_worse_class() {
        let old = json!({"properties": {}});
        let with = |name: &str| json!({"properties": {name: {"type": "boolean"}}});
        let told = |name: &str, class: Class| !told_of("get_page", class, &old, &with(name)).is_empty();
        assert!(told("delete_after", Class::Read) && told("purge", Class::Write));
        assert!(!told("delete_after", Class::Destructive) && !told("include_deleted", Class::Read));
        assert!(!told("verbose", Class::Read));
    }

    #[test]
    fn what_is_new_and_required_is_named_once() {
        let old = json!({"type": "object", "properties": {"a": {"type": "integer"}}});
        let new = json!({"type": "object", "properties": {
            "a": {"type": "integer"},
            "b": {"type": "object", "properties": {"c": {"type": "integer"}}, "required": ["c"]},
            "d": {"type": "integer"},
        }, "required": ["a", "b"]});
        let names: Vec<String> = required(&old, &new).into_iter().map(|(path, _)| path).collect();
        assert_eq!(names, ["b"]);
        assert_eq!(required(&Value::Null, &new).len(), 2);
    }
}
