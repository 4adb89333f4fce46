//! Input schemas: what the arguments take now that they did not take before.

mod arguments;
pub(super) mod defaults;
pub(super) mod guards;
pub(super) mod moved;

use std::collections::HashSet;

use serde_json::Value;

use super::{StateTool, between, moved_text};
use crate::classify::{Classifier, FindingLevel, Place, SpeaksFor, Verdict};
use crate::lexicon::Lexicon;
use crate::manifest::DefinitionPart;
use crate::neutral;
use crate::review::change::{Change, Proof};
use crate::review::kind::Kind;
use crate::risk::Class;
use arguments::{Takes, arguments, has_parent, shown};

/// How many widened arguments one change shows.
const MAX_SHOWN: usize = 12;
/// How many of them its sentence names.
const MAX_NAMED: usize = 3;

/// Returns the parts that are reported here.
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
    let widened = widened(after.lexicon, old, schema, &new.verdict, before.row.label.class);
    let required = required(old, schema);
    if widened.is_empty() && required.is_empty() {
        return None;
    }
    let gone = gone(old, schema);
    if !widened.is_empty() {
        let reported = widened.iter().map(|w| match w.path.as_str() {
            "" => format!("all arguments ({})", w.content),
            path => format!("{} ({})", neutral::quoted(path), w.content),
        });
        let message = format!("takes more than it did: {}", some(reported));
        let mut change = between(slug, Kind::SchemaWidened, before, after, message);
        if widened.iter().all(|w| w.mild) {
            change.level = FindingLevel::Note;
        }
        change.evidence = widened.into_iter().map(|w| w.proof).take(MAX_SHOWN).collect();
        changes.push(change);
    }
    if !required.is_empty() {
        let reported = some(required.iter().map(|(path, _)| neutral::quoted(path)));
        let message = format!("breaks callers: {reported} must be given now");
        let mut change = between(slug, Kind::ArgumentRequired, before, after, message);
        change.evidence = required.into_iter().map(|(_, proof)| proof).take(MAX_SHOWN).collect();
        changes.push(change);
    }
    if let Some(last) = changes.last_mut() {
        last.evidence.extend(gone);
    }
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
    /// Whether that is no more than fewer arguments that must be given, or more values that do no harm.
    mild: bool,
    proof: Proof,
}

/// Every argument that takes more, in byte order of the paths. `class` is the tool's before.
fn widened(lexicon: &Lexicon, old: &Value, new: &Value, verdict: &Verdict, class: Class) -> Vec<Widened> {
    // What held a tool back is reported as a restriction.
    let guards: HashSet<String> = guards::lost(lexicon, old, new).into_iter().map(|guard| guard.path).collect();
    let roots = (old, new);
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
        } else if fresh(|t| t.switch) && worse_switch(lexicon, &takes, verdict, class) {
            "a switch that does harm".to_owned()
        } else {
            String::new()
        };
        let mut content: Vec<String> = Some(content).filter(|c| !c.is_empty()).into_iter().collect();
        // Of an argument that took other things than a list, its values are not news.
        let known: HashSet<&String> = was.iter().flat_map(|was| &was.values).collect();
        let fresh_values: Vec<&String> = if was.is_some() && known.is_empty() {
            Vec::new()
        } else {
            takes.values.iter().filter(|value| !known.contains(value)).collect()
        };
        let does_harm = |v: &str| {
            actions.contains(&(path.as_str(), v)) || claims_harm(&takes, v, verdict) || destroys(lexicon, v, class)
        };
        let harmful: Vec<&str> = fresh_values.iter().map(|v| v.as_str()).filter(|v| does_harm(v)).collect();
        let whole =
            || shown(roots, was.map(|was| (was.pointer.as_str(), was.node)), (takes.pointer.as_str(), takes.node));
        let mut proof = None;
        let mut mild = false;
        if let Some(was) = was {
            let more = takes.more_types(was);
            if !more.is_empty() {
                content.push(format!(
                    "also the type {}",
                    more.iter().map(|t| neutral::quoted(t)).collect::<Vec<_>>().join(", ")
                ));
            }
            content.extend(takes.loosened(was));
        }
        if content.is_empty() && !harmful.is_empty() {
            content.push("a value that does harm".to_owned());
            proof = Some(moved_text(&format!("{}/enum", takes.pointer), None, Some(&harmful.join(", "))));
        }
        if let Some(was) = was.filter(|_| content.is_empty()) {
            mild = true;
            if was.listed && !was.free && takes.listed && !fresh_values.is_empty() {
                content.push(format!("also {}", some(fresh_values.iter().map(|v| neutral::quoted(v)))));
            }
            if was.required && !takes.required && !path.is_empty() && !path.ends_with("[]") && !guards.contains(&path) {
                content.push("may be left out".to_owned());
            }
        }
        if !content.is_empty() {
            let proof = proof.unwrap_or_else(whole);
            found.push(Widened { content: content.join(", "), mild, proof, path });
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
fn worse_switch(lexicon: &Lexicon, takes: &Takes<'_>, verdict: &Verdict, class: Class) -> bool {
    let claimed = verdict.evidence.iter().any(|e| {
        let worse = matches!(e.speaks_for, SpeaksFor::Class(claimed) if claimed > class);
        worse && !e.restricts && matches!(&e.place, Place::Pointer(pointer) if *pointer == takes.pointer)
    });
    claimed || destroys(lexicon, takes.name, class)
}

/// Whether the name of an argument or of a value states a Destructive action, of a tool that was none.
fn destroys(lexicon: &Lexicon, name: &str, class: Class) -> bool {
    class < Class::Destructive && Classifier::new(lexicon).name(name) == Class::Destructive
}

/// The arguments that must be given and need not have been, each before and after, unless an argument around it is new
/// as well.
fn required(old: &Value, new: &Value) -> Vec<(String, Proof)> {
    let roots = (old, new);
    let (old, new) = (arguments(old), arguments(new));
    let fresh = new.iter().filter(|(path, takes)| {
        takes.required
            && !path.is_empty()
            && !path.ends_with("[]")
            && !old.get(*path).is_some_and(|was| was.required)
            && has_parent(path, &old)
    });
    let moved = |(path, takes): (&String, &Takes<'_>)| {
        let was = old.get(path).map(|was| (was.pointer.as_str(), was.node));
        (path.clone(), shown(roots, was, (takes.pointer.as_str(), takes.node)))
    };
    fresh.map(moved).collect()
}

/// The arguments that are gone, for evidence.
fn gone(old: &Value, new: &Value) -> Vec<Proof> {
    let (old, new) = (arguments(old), arguments(new));
    let gone = old.iter().filter(|(path, _)| !new.contains_key(*path) && has_parent(path, &new));
    gone.map(|(_, was)| moved_text(&was.pointer, Some(&was.node.to_string()), None)).take(MAX_SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Tool;
    use serde_json::json;

    /// `path content > after` of each argument that takes more, labelled as a tool whose class was `class`.
    fn reported_of(name: &str, class: Class, old: &Value, new: &Value) -> Vec<String> {
        let tool = Tool { name: name.into(), input_schema: new.clone(), ..Tool::default() };
        let verdict = Classifier::new(Lexicon::embedded()).tool(&tool);
        widened(Lexicon::embedded(), old, new, &verdict, class)
            .into_iter()
            .map(|w| {
                let Proof::Moved { before, after, .. } = w.proof else { panic!("moved") };
                format!("{} {} {} > {}", w.path, w.content, before.is_some(), after.unwrap_or_default())
            })
            .collect()
    }

    fn reported(old: &Value, new: &Value) -> Vec<String> {
        reported_of("manage_page", Class::Write, old, new)
    }

    /// What is said of an argument `x` that was `old` and is `new`.
    fn said(old: Value, new: Value) -> Vec<String> {
        let schema = |of: Value| json!({"properties": {"x": of}});
        let reported = reported(&schema(old), &schema(new));
        reported
            .iter()
            .map(|t| t.trim_start_matches("x ").split(" true").next().unwrap_or_default().to_owned())
            .collect()
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
        let got = reported(&old, &new);
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
        assert_eq!(reported(&new, &new), [""; 0]);
    }

    #[test]
    fn an_enum_widens_when_a_new_value_does_harm() {
        let old = json!({"properties": {"action": {"enum": ["list", "get"]}}});
        let with = |value: &str| json!({"properties": {"action": {"enum": ["list", "get", "count", value]}}});
        assert_eq!(reported(&old, &with("purge")), ["action a value that does harm false > purge"]);
        assert_eq!(
            reported(&old, &with("find")),
            [r#"action also `count`, `find` true > {"enum":["list","get","count","find"]}"#]
        );
        // In an argument that is new as well, of a reader too.
        let new = json!({"properties": {"action": {"enum": ["list", "delete"]}}});
        let got = reported_of("get_page", Class::Read, &json!({"properties": {}}), &new);
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
        assert!(reported(&closed, &open)[0].starts_with(" open to keys"), "{:?}", reported(&closed, &open));
        assert_eq!(said(open, closed), [""; 0]);
    }

    #[test]
    fn a_switch_counts_where_it_speaks_for_a_worse_class() {
        let old = json!({"properties": {}});
        let with = |name: &str| json!({"properties": {name: {"type": "boolean"}}});
        let reported = |name: &str, class: Class| !reported_of("get_page", class, &old, &with(name)).is_empty();
        assert!(reported("delete_after", Class::Read) && reported("purge", Class::Write));
        assert!(!reported("delete_after", Class::Destructive) && !reported("include_deleted", Class::Read));
        assert!(!reported("verbose", Class::Read));
    }

    #[test]
    fn what_is_required_now_is_named_once() {
        let old = json!({"type": "object", "properties": {"a": {"type": "integer"}}});
        let new = json!({"type": "object", "properties": {
            "a": {"type": "integer"},
            "b": {"type": "object", "properties": {"c": {"type": "integer"}}, "required": ["c"]},
            "d": {"type": "integer"},
        }, "required": ["a", "b"]});
        let names: Vec<String> = required(&old, &new).into_iter().map(|(path, _)| path).collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(required(&Value::Null, &new).len(), 2);
    }
}
