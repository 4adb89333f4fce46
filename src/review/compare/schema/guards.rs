//! Arguments that hold a tool back: a confirmation, a dry run that is the default.

use std::collections::BTreeMap;

use serde_json::Value;

use super::arguments::shown;
use crate::classify::FindingLevel;
use crate::lexicon::{ArgumentEffect, Lexicon};
use crate::manifest::schema;
use crate::review::change::Proof;
use crate::review::compare::moved_text;
use crate::words::{Words, split_identifier};

/// A guard that is weaker than it was.
#[derive(Debug)]
pub(in crate::review::compare) struct Guard {
    /// The argument.
    pub path: String,
    /// Where it is, or was.
    pub pointer: String,
    /// What became of it, in our words.
    pub what: &'static str,
    pub level: FindingLevel,
    pub proof: Proof,
}

/// What an argument guards with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// The call needs a yes.
    Confirmation,
    /// The call only shows what it would do.
    DryRun,
}

#[derive(Debug, Clone)]
struct Guarded<'a> {
    holds: Holds,
    pointer: String,
    node: &'a Value,
    required: bool,
    /// Whether only `true` is taken.
    fixed: bool,
    default: Option<bool>,
}

/// The guards of `old` that are gone or weaker in `new`, in byte order of their paths.
pub(in crate::review::compare) fn lost(lexicon: &Lexicon, old: &Value, new: &Value) -> Vec<Guard> {
    let roots = (old, new);
    let (old, new) = (guards(lexicon, old), guards(lexicon, new));
    let mut lost = Vec::new();
    for (path, was) in old {
        let is = new.get(&path);
        let Some(what) = weaker(&was, is) else { continue };
        let proof = match is {
            Some(is) => shown(roots, Some((was.pointer.as_str(), was.node)), (is.pointer.as_str(), is.node)),
            None => moved_text(&was.pointer, Some(&was.node.to_string()), None),
        };
        lost.push(Guard { path, pointer: was.pointer, what, level: FindingLevel::Warning, proof });
    }
    lost
}

fn weaker(was: &Guarded<'_>, is: Option<&Guarded<'_>>) -> Option<&'static str> {
    let defaulted = was.holds == Holds::DryRun && was.default == Some(true);
    let Some(is) = is else {
        return match was.holds {
            Holds::Confirmation if was.required => Some("was required and is gone"),
            Holds::Confirmation => Some("is gone"),
            Holds::DryRun if defaulted => Some("was true where nothing is given, and is gone"),
            Holds::DryRun => None,
        };
    };
    if defaulted && is.default != Some(true) {
        return Some("was true where nothing is given, and no longer is");
    }
    if was.required && !is.required && !(was.holds == Holds::DryRun && is.default == Some(true)) {
        return Some("was required and is optional now");
    }
    if was.fixed && !is.fixed {
        return Some("had to be true and no longer has to");
    }
    (was.holds == Holds::Confirmation && is.default == Some(true) && was.default != Some(true))
        .then_some("is now true where nothing is given")
}

fn guards<'a>(lexicon: &Lexicon, root: &'a Value) -> BTreeMap<String, Guarded<'a>> {
    let mut found = BTreeMap::new();
    let mut words = Words::new();
    schema::walk(root, "/inputSchema", &mut |node| {
        // Other branches of an argument that is known already say no more of it.
        if node.path.is_empty() || found.contains_key(node.path) {
            return;
        }
        let Some(holds) = holds(lexicon, node.name, &mut words) else { return };
        let only = |v: &Value| v == &Value::Bool(true);
        let fixed = node.schema.get("const").is_some_and(only)
            || node
                .schema
                .get("enum")
                .and_then(Value::as_array)
                .is_some_and(|list| !list.is_empty() && list.iter().all(only));
        let default = node.schema.get("default").and_then(Value::as_bool);
        let (pointer, required) = (node.pointer.to_owned(), node.required);
        found.insert(node.path.to_owned(), Guarded { holds, pointer, node: node.schema, required, fixed, default });
    });
    found
}

/// Whether an argument of that name guards.
pub(super) fn is_guard(lexicon: &Lexicon, name: &str) -> bool {
    holds(lexicon, name, &mut Words::new()).is_some()
}

/// What an argument of that name guards with, by the words of the lexicon.
fn holds(lexicon: &Lexicon, name: &str, words: &mut Words) -> Option<Holds> {
    split_identifier(name, words);
    let confirms = |word: &str| {
        let row = lexicon.index().argument(word).map(|i| &lexicon.signals().argument[i as usize]);
        row.is_some_and(|row| row.effect == ArgumentEffect::Confirm)
    };
    let whole: String = words.iter().collect();
    // `skip_confirmation` holds nothing back.
    if words.iter().any(|w| matches!(w, "no" | "skip" | "without" | "auto" | "bypass" | "disable")) {
        return None;
    }
    if confirms(&whole) || words.iter().any(confirms) {
        return Some(Holds::Confirmation);
    }
    let softens = (0..words.len()).any(|i| {
        let modifier = lexicon.index().modifier(words.text(i), words.text(i + 1));
        modifier.is_some_and(|(row, _)| lexicon.signals().modifier[row as usize].class.is_some())
    });
    softens.then_some(Holds::DryRun)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn reported(old: &Value, new: &Value) -> Vec<String> {
        lost(Lexicon::embedded(), old, new).into_iter().map(|g| format!("{} {}", g.path, g.what)).collect()
    }

    #[test]
    fn a_confirmation_is_weaker_when_it_is_optional_gone_or_given_already() {
        let schema = |confirm: Value, required: Value| json!({"properties": {"id": {}, "confirm": confirm}, "required": required});
        let needed = schema(json!({"type": "boolean"}), json!(["confirm"]));
        assert_eq!(reported(&needed, &needed), [""; 0]);
        assert_eq!(
            reported(&needed, &schema(json!({"type": "boolean"}), json!([]))),
            ["confirm was required and is optional now"]
        );
        assert_eq!(reported(&needed, &json!({"properties": {"id": {}}})), ["confirm was required and is gone"]);
        let given = schema(json!({"type": "boolean", "default": true}), json!(["confirm"]));
        assert_eq!(reported(&needed, &given), ["confirm is now true where nothing is given"]);
        let fixed = schema(json!({"const": true}), json!(["confirm"]));
        assert_eq!(reported(&fixed, &needed), ["confirm had to be true and no longer has to"]);
        assert_eq!(reported(&json!({"properties": {"skip_confirmation": {}}}), &json!({})), [""; 0]);
    }

    #[test]
    fn a_dry_run_is_weaker_when_it_is_no_longer_the_default() {
        let dry = |of: Value| json!({"properties": {"dry_run": of}});
        let safe = dry(json!({"type": "boolean", "default": true}));
        let open = dry(json!({"type": "boolean", "default": false}));
        assert_eq!(reported(&safe, &open), ["dry_run was true where nothing is given, and no longer is"]);
        assert_eq!(reported(&safe, &json!({})), ["dry_run was true where nothing is given, and is gone"]);
        assert_eq!(reported(&open, &safe), [""; 0]);
        assert_eq!(reported(&open, &json!({})), [""; 0]);
        let required = json!({"properties": {"dryRun": {"type": "boolean"}}, "required": ["dryRun"]});
        assert_eq!(
            reported(&required, &json!({"properties": {"dryRun": {"type": "boolean"}}})),
            ["dryRun was required and is optional now"]
        );
    }
}
