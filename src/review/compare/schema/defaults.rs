//! Defaults that do harm: what a call does where nothing is given.

use serde_json::Value;

use super::arguments::{Takes, arguments};
use super::guards::{Guard, is_guard};
use crate::classify::{Classifier, FindingLevel, Place, SpeaksFor, Verdict};
use crate::lexicon::{Function, Lexicon};
use crate::review::compare::moved_text;
use crate::risk::Class;
use crate::words::{Words, split_identifier};

/// Names of arguments that select what a call does, where they list no values.
const SELECTORS: [&str; 7] = ["action", "operation", "op", "command", "method", "mode", "verb"];

/// The defaults of `new` that do more harm than those of `old`, each a schema with its verdict, in byte order of their
/// paths.
pub(in crate::review::compare) fn worse(
    lexicon: &Lexicon,
    old: (&Value, &Verdict),
    new: (&Value, &Verdict),
) -> Vec<Guard> {
    if new.1.heuristic_class == Class::Read {
        return Vec::new();
    }
    let before = arguments(old.0);
    let mut found = Vec::new();
    for (path, takes) in arguments(new.0) {
        let Some(default) = takes.default else { continue };
        let was = before.get(&path);
        let known = was.and_then(|was| was.default);
        if path.is_empty() || known == Some(default) || is_guard(lexicon, takes.name) {
            continue;
        }
        let class = class_of(lexicon, &path, &takes, default, new.1);
        // A switch that is not given is off; what else a call did without the argument, the other evidence says.
        let unset = if takes.switch { Class::Read } else { old.1.base_class };
        let former = was.zip(known).map_or(unset, |(was, known)| class_of(lexicon, &path, was, known, old.1));
        let (what, level) = match class {
            _ if class <= former => continue,
            Class::Destructive => ("now destroys where nothing is given", FindingLevel::Error),
            _ => ("now changes something where nothing is given", FindingLevel::Warning),
        };
        let text = known.map(Value::to_string);
        let pointer = format!("{}/default", takes.pointer);
        let proof = moved_text(&pointer, text.as_deref(), Some(&default.to_string()));
        found.push(Guard { path, pointer, what, level, proof });
    }
    found
}

/// What a call with that default can do by it, as far as the definition says.
fn class_of(lexicon: &Lexicon, path: &str, takes: &Takes<'_>, default: &Value, verdict: &Verdict) -> Class {
    let acts = |value: &str| {
        let of_value = verdict.actions.iter().filter(|a| a.argument == path && a.value == value);
        of_value.map(|action| action.class).max()
    };
    let class = match default {
        Value::Bool(true) => {
            // Where the tool is as bad without the switch, its actions do not tell what the switch adds.
            let adds = acts("true").filter(|on| Some(*on) > acts("false"));
            let named = if is_negated(lexicon, takes.name) { None } else { named(lexicon, takes.name) };
            adds.max(claimed(takes, verdict)).max(named)
        }
        Value::String(value) => {
            let selects = takes.listed
                || SELECTORS.contains(&takes.name)
                || verdict.actions.iter().any(|action| action.argument == path);
            let named = if selects { named(lexicon, value) } else { None };
            acts(value).max(named)
        }
        _ => None,
    };
    class.unwrap_or(Class::Read)
}

/// The class of a name that states a Destructive action.
fn named(lexicon: &Lexicon, name: &str) -> Option<Class> {
    Some(Classifier::new(lexicon).name(name)).filter(|class| *class == Class::Destructive)
}

/// Whether a word of the name of a switch turns what the others state.
fn is_negated(lexicon: &Lexicon, name: &str) -> bool {
    let mut words = Words::new();
    split_identifier(name, &mut words);
    words.iter().any(|word| lexicon.index().word(word).is(Function::Milder))
}

/// The worst class that the evidence claims at a switch or in its description.
fn claimed(takes: &Takes<'_>, verdict: &Verdict) -> Option<Class> {
    let here = |place: &Place| {
        let below = if let Place::Pointer(pointer) = place { pointer.strip_prefix(&takes.pointer) } else { None };
        matches!(below, Some("" | "/description"))
    };
    let claims = verdict.evidence.iter().filter(|e| !e.restricts && here(&e.place));
    let class = |speaks_for: SpeaksFor| if let SpeaksFor::Class(class) = speaks_for { Some(class) } else { None };
    claims.filter_map(|e| class(e.speaks_for)).max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Tool;
    use serde_json::json;

    fn reported(name: &str, old: &Value, new: &Value) -> Vec<String> {
        let verdict = |schema: &Value| {
            let tool = Tool { name: name.into(), input_schema: schema.clone(), ..Tool::default() };
            Classifier::new(Lexicon::embedded()).tool(&tool)
        };
        let (before, after) = (verdict(old), verdict(new));
        let worse = worse(Lexicon::embedded(), (old, &before), (new, &after));
        worse.into_iter().map(|guard| format!("{} {}", guard.path, guard.level.name())).collect()
    }

    #[test]
    fn a_default_that_destroys_is_reported_once_it_comes_and_no_other_is() {
        let switch = |name: &str, default: Value| json!({"type": "object", "properties": {name: {"type": "boolean", "default": default}}});
        let none = json!({"type": "object", "properties": {}});
        let of = |name: &str, was: bool, is: bool| {
            reported("update_page", &switch(name, json!(was)), &switch(name, json!(is)))
        };
        assert_eq!(of("purge", false, true), ["purge error"]);
        assert_eq!(reported("update_page", &none, &switch("purge", json!(true))), ["purge error"]);
        assert_eq!(of("purge", true, false), [""; 0]);
        assert_eq!(of("purge", true, true), [""; 0]);
        assert_eq!(of("verbose", false, true), [""; 0]);
    }

    #[test]
    fn a_default_of_what_selects_is_read_as_the_action_that_it_names() {
        let with = |values: Value, default: &str| json!({"type": "object", "properties": {"action": {"type": "string", "enum": values, "default": default}}});
        let values = json!(["get", "list", "delete"]);
        let of = |was: &str, is: &str| reported("manage_page", &with(values.clone(), was), &with(values.clone(), is));
        assert_eq!(of("get", "delete"), ["action error"]);
        assert_eq!(of("get", "list"), [""; 0]);
        assert_eq!(of("delete", "get"), [""; 0]);
    }
}
