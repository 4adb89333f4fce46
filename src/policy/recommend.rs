//! Verdict → rule: the first that fits.
//!
//! 0. Only the server's widget may call it, clients take its name for another's, a text of it is hidden or tells a model what to
//!    do and nobody accepted that, or it calls other tools by name: hidden.
//! 1. Money moves in an action that remains reachable: every call is denied.
//! 2. Actions behind an argument, some of them harmless: the argument may only take harmless values,
//!    a switch stays off, and what remains is limited as the worst of it.
//! 3. Destructive: hidden. 4. Write: limited. 5. Read of secrets: limited. 6. Read: allowed.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Value, json};

use super::{Clause, Condition, Entry, Limit, Path, Pattern, RateLimits, Test, Window};
use crate::classify::{Action, Evidence, FindingId, Place, RuleFamily, SpeaksFor, Verdict};
use crate::counted::steps;
use crate::manifest::{Tool, schema};
use crate::risk::{Class, Facet, Facets, Severity};

/// The recommended entry for one tool.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// The name is in `hide`.
    Hide,
    /// The entry is under the name in `tools`.
    Entry(Entry),
}

/// The message to the agent when a tool that moves money is called.
pub(crate) const MONEY: &str = "This call would move money, and this policy has no approval step. Ask a person to make the \
                         payment, or to change the policy.";

/// The message to the agent when a value is denied and the values that pass can be named.
pub(crate) const NARROWED: &str =
    "Only these values of {argument} are allowed: {values}. For another, ask a person to change the policy.";
/// The message to the agent when a value is denied and those that pass are many or odd.
pub(crate) const NARROWED_LONG: &str =
    "Only the values of {argument} that the policy lists are allowed. For another, ask a person to change it.";

/// What the agent is told when the object around an argument comes as text, in which no condition can look.
pub(crate) const AS_TEXT: &str = "Give {argument} as an object: as text, what stands in it cannot be checked.";

/// The recommended rule.
pub fn recommend(tool: &Tool, verdict: &Verdict, rate_limits: &RateLimits) -> Rule {
    if is_no_agents(verdict) || is_dispatcher(verdict) {
        return Rule::Hide;
    }
    match Narrowed::of(tool, verdict) {
        Some(narrowed) if !narrowed.facets.has(Facet::MovesMoney) => {
            let limits = limit(&tool.name, narrowed.class, narrowed.facets, rate_limits);
            Rule::Entry(Entry { deny_if: narrowed.clauses, limits, ..Entry::default() })
        }
        _ if verdict.facets.has(Facet::MovesMoney) => deny(MONEY),
        _ if verdict.class == Class::Destructive => Rule::Hide,
        _ => Rule::Entry(Entry {
            limits: limit(&tool.name, verdict.class, verdict.facets, rate_limits),
            ..Entry::default()
        }),
    }
}

/// Whether no agent is to be offered the tool, whatever it does.
pub(crate) fn is_no_agents(verdict: &Verdict) -> bool {
    withheld_by(verdict).is_some()
}

/// The finding because of which no document offers the tool.
pub(super) fn withheld_by(verdict: &Verdict) -> Option<FindingId> {
    verdict.findings.iter().find(|finding| finding.keeps_from_agents()).map(|finding| finding.id)
}

/// Whether the tool calls others by name, so that their rules do not hold, and no person has decided on it.
pub(super) fn is_dispatcher(verdict: &Verdict) -> bool {
    verdict.findings.iter().any(|finding| finding.id == FindingId::Dispatcher)
        && !verdict.evidence.iter().any(|evidence| evidence.by == RuleFamily::Override)
}

/// An entry that denies every call with a message.
pub(super) fn deny(message: &str) -> Rule {
    let clause = Clause { conditions: Vec::new(), on_deny: Some(message.to_owned()) };
    Rule::Entry(Entry { deny_if: vec![clause], ..Entry::default() })
}

/// One limit a minute, under the tool's own counter.
pub(super) fn per_minute(tool: &str, max: u64) -> Vec<Limit> {
    vec![Limit { counter: format!("{tool}_rate"), window: Window::Minute, max }]
}

fn limit(tool: &str, class: Class, facets: Facets, rate_limits: &RateLimits) -> Vec<Limit> {
    match class {
        Class::Read if facets.has(Facet::ReadsSecrets) => per_minute(tool, rate_limits.read_secrets),
        Class::Read => Vec::new(),
        _ if Severity::of(class, facets) == Severity::High => per_minute(tool, rate_limits.write_high),
        _ => per_minute(tool, rate_limits.write),
    }
}

/// Arguments that a recommended entry looks at, and values of theirs, at most: of the tools of the bundled catalogue none
/// has more than 2 and 24. A tool with more is hidden: nobody reads such a list, and to prove what it does costs the
/// square of its length.
pub const MAX_ARGUMENTS: usize = 16;
/// See [`MAX_ARGUMENTS`].
pub const MAX_VALUES: usize = 1_000;

/// A tool whose dangerous actions a document can deny by an argument's value.
struct Narrowed {
    clauses: Vec<Clause>,
    /// The worst class that remains.
    class: Class,
    /// The facets that remain.
    facets: Facets,
}

impl Narrowed {
    /// `None` where there is nothing to deny by a value, or where denying values is not enough:
    /// other evidence makes the tool Destructive, a person replaced its class, or an argument
    /// cannot be named or has no harmless value.
    fn of(tool: &Tool, verdict: &Verdict) -> Option<Self> {
        if verdict.actions.is_empty()
            || verdict.base_class == Class::Destructive
            || verdict.class != verdict.heuristic_class
            || verdict.actions.len() > MAX_VALUES
        {
            return None;
        }
        // One value may stand for several actions, in several branches of a schema.
        let mut values: BTreeMap<(&str, &str), bool> = BTreeMap::new();
        for action in &verdict.actions {
            steps(1);
            *values.entry((&action.argument, &action.value)).or_insert(true) &= harmless(action);
        }
        let kept = |a: &&Action| values.get(&(a.argument.as_str(), a.value.as_str())) == Some(&true);
        let mut arguments: Vec<&str> = Vec::new();
        for action in verdict.actions.iter().filter(|a| !kept(a)) {
            if !arguments.contains(&action.argument.as_str()) && arguments.len() <= MAX_ARGUMENTS {
                arguments.push(&action.argument);
            }
        }
        if arguments.is_empty() || arguments.len() > MAX_ARGUMENTS {
            return None;
        }
        let clauses = arguments
            .into_iter()
            .map(|argument| {
                steps(verdict.actions.len());
                let of_it = || verdict.actions.iter().filter(move |a| a.argument == argument);
                let values: Vec<&Action> = of_it().filter(kept).collect();
                let mut defaults = of_it().filter(|a| a.default).peekable();
                let default = defaults.peek().is_some() && defaults.all(|a| kept(&a));
                clause(tool, argument, &values, default)
            })
            .collect::<Option<Vec<Vec<Clause>>>>()?;
        let mut distinct: Vec<Clause> = Vec::new();
        for clause in clauses.into_iter().flatten() {
            if !distinct.contains(&clause) {
                distinct.push(clause);
            }
        }
        let class = verdict.actions.iter().filter(kept).map(|a| a.class).max();
        let facets = verdict.facets.iter().filter(|facet| {
            let (mut left, mut gone) = (false, false);
            for action in verdict.actions.iter().filter(|a| a.facets.has(*facet)) {
                if kept(&action) { left = true } else { gone = true }
            }
            left || !gone || seen_outside_values(verdict, *facet)
        });
        Some(Self {
            clauses: distinct,
            class: class.map_or(verdict.base_class, |c| c.max(verdict.base_class)),
            facets: facets.collect(),
        })
    }
}

fn harmless(action: &Action) -> bool {
    action.class != Class::Destructive && !action.facets.has(Facet::MovesMoney)
}

/// Whether anything but a value of an argument, or a switch that is one of the actions, speaks for the facet.
fn seen_outside_values(verdict: &Verdict, facet: Facet) -> bool {
    let speaks = |e: &&Evidence| e.speaks_for == SpeaksFor::Facet(facet);
    verdict.evidence.iter().filter(speaks).any(|e| !is_value(&e.place) && !is_switch(verdict, e))
}

/// Whether evidence is at a boolean whose values are actions.
fn is_switch(verdict: &Verdict, evidence: &Evidence) -> bool {
    let Place::Pointer(pointer) = &evidence.place else { return false };
    let property = pointer.strip_suffix("/description").unwrap_or(pointer);
    let Some((parent, name)) = property.rsplit_once('/') else { return false };
    let named = |a: &Action| a.value == "true" && a.argument.rsplit('.').next() == Some(name);
    evidence.by == RuleFamily::Switch && parent.ends_with("/properties") && verdict.actions.iter().any(named)
}

/// Whether a place is an entry of an `enum` or a `const`, and no property of such a name.
fn is_value(place: &Place) -> bool {
    let Place::Pointer(pointer) = place else { return false };
    let mut steps = pointer.rsplit('/');
    match (steps.next(), steps.next(), steps.next()) {
        (Some("const"), Some(parent), _) => parent != "properties",
        (Some(index), Some("enum"), Some(parent)) => {
            parent != "properties" && index.bytes().all(|b| b.is_ascii_digit())
        }
        _ => false,
    }
}

/// The clauses that deny every value of `argument` but those of `kept`; `None` where the argument
/// cannot be named without doubt or nothing is kept. `default` says that the schema's default is
/// among them.
fn clause(tool: &Tool, argument: &str, kept: &[&Action], default: bool) -> Option<Vec<Clause>> {
    let path = Path::of_argument(argument)?;
    let declared = declared_values(tool, argument)?;
    let texts: HashSet<&str> = kept.iter().map(|a| a.value.as_str()).collect();
    let is_kept = |text: &str| texts.contains(text);
    let mut values: Vec<Value> = declared.iter().filter(|v| is_kept(&text_of(v))).cloned().collect();
    // What a description alone names is not a value that the schema promises to take.
    if declared.is_empty() {
        for action in kept {
            if !values.iter().any(|v| v == action.value.as_str()) {
                values.push(json!(action.value));
            }
        }
    }
    if values.is_empty() {
        return None;
    }
    let on_deny = Some(narrowed_message(argument, &values));
    let mut conditions = vec![Condition { path: path.clone(), test: Test::NotIn(values) }];
    // An argument inside of another may be left out where the definition says what that means, and not by its silence.
    let nested = argument.contains('.');
    let absent = default && (!nested || says_default(tool, argument));
    if absent {
        conditions.push(Condition { path, test: Test::Exists(true) });
    }
    let mut clauses = vec![Clause { conditions, on_deny }];
    if absent && nested {
        // Some servers read an object out of a text.
        let anything = Pattern::new("").ok()?;
        for (end, _) in argument.match_indices('.') {
            let around = &argument[..end];
            let condition = Condition { path: Path::of_argument(around)?, test: Test::Regex(anything.clone()) };
            let on_deny = Some(AS_TEXT.replace("{argument}", around));
            clauses.push(Clause { conditions: vec![condition], on_deny });
        }
    }
    Some(clauses)
}

/// Whether a schema says what a call without an argument does: by its `default`, or in the words of its description.
fn says_default(tool: &Tool, argument: &str) -> bool {
    let mut says = false;
    schema::walk(&tool.input_schema, "", &mut |node| {
        if node.path == argument {
            let declared = node.keys.default.is_some_and(|value| !value.is_null());
            says |= declared || node.keys.description.is_some_and(tells_default);
        }
    });
    says
}

/// `Defaults to false`, `(default: off)`, `Disabled by default`.
fn tells_default(text: &str) -> bool {
    const OFF: [&str; 5] = ["false", "off", "no", "disabled", "0"];
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    words.iter().enumerate().any(|(i, word)| {
        let near = words[i.saturating_sub(3)..words.len().min(i + 4)].iter();
        matches!(word.as_str(), "default" | "defaults") && near.into_iter().any(|word| OFF.contains(&word.as_str()))
    })
}

/// The values of a boolean.
static BOTH: [Value; 2] = [Value::Bool(true), Value::Bool(false)];

/// The scalar values that the schema declares for an argument, in its order, both of a boolean; `None` where no
/// property, or more than one reading of the path, is meant by it.
pub(super) fn declared_values(tool: &Tool, argument: &str) -> Option<Vec<Value>> {
    let depth = argument.split('.').count();
    let mut values: Vec<Value> = Vec::new();
    let mut texts = HashSet::new();
    let (mut found, mut ambiguous) = (false, false);
    schema::walk(&tool.input_schema, "", &mut |node| {
        if node.path != argument {
            return;
        }
        found = true;
        ambiguous |= node.depth != depth;
        let listed = node.schema.get("enum").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let boolean =
            node.keys.has_type(schema::SchemaType::Boolean) && listed.is_empty() && node.keys.constant.is_none();
        let both = if boolean { BOTH.as_slice() } else { &[] };
        for value in listed.iter().chain(node.schema.get("const")).chain(both) {
            // `1` and `"1"` are two values.
            if !value.is_object() && !value.is_array() && texts.insert(value.to_string()) {
                values.push(value.clone());
            }
        }
    });
    (found && !ambiguous).then_some(values)
}

/// A scalar as an action's value spells it.
pub(super) fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Says what to do; values are named where they are few and plain.
pub(crate) fn narrowed_message(argument: &str, values: &[Value]) -> String {
    let plain = |text: &String| {
        !text.is_empty() && text.len() <= 40 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.- ".contains(&b))
    };
    let texts: Vec<String> = values.iter().map(text_of).collect();
    let text = if texts.len() <= 12 && texts.iter().all(plain) { NARROWED } else { NARROWED_LONG };
    text.replace("{values}", &texts.join(", ")).replace("{argument}", argument)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{action, tool, verdict};
    use super::*;

    fn rule(schema: Value, verdict: &Verdict) -> Value {
        let tool = Tool { input_schema: schema, ..tool("t") };
        match recommend(&tool, verdict, &RateLimits::default()) {
            Rule::Hide => json!("hide"),
            Rule::Entry(entry) => serde_json::to_value(entry).expect("serialises"),
        }
    }

    fn mixed() -> Verdict {
        let mut v = verdict(Class::Destructive, &[]);
        v.base_class = Class::Read;
        v.actions = vec![
            action("action", "list", Class::Read, &[]),
            action("action", "create", Class::Write, &[Facet::Bulk]),
            action("action", "delete", Class::Destructive, &[]),
        ];
        v
    }

    fn schema() -> Value {
        json!({"properties": {"action": {"enum": ["list", "create", "delete"]}}})
    }

    #[test]
    fn each_class_gets_the_rule_of_the_table() {
        assert_eq!(rule(json!({}), &verdict(Class::Read, &[])), json!({}));
        let max = |v: &Verdict| rule(json!({}), v)["limits"][0]["max"].clone();
        assert_eq!(max(&verdict(Class::Read, &[Facet::ReadsSecrets])), 30);
        assert_eq!(max(&verdict(Class::Write, &[])), 30);
        assert_eq!(max(&verdict(Class::Write, &[Facet::Bulk])), 10);
        assert_eq!(rule(json!({}), &verdict(Class::Destructive, &[])), "hide");
        assert_eq!(rule(json!({}), &verdict(Class::Destructive, &[Facet::RunsCode])), "hide");
    }

    #[test]
    fn a_tool_that_moves_money_is_denied_with_a_message_that_says_what_to_do() {
        for class in Class::ALL {
            let entry = rule(json!({}), &verdict(class, &[Facet::MovesMoney]));
            assert_eq!(entry["deny_if"], json!([{"conditions": [], "on_deny": MONEY}]));
        }
    }

    #[test]
    fn a_tool_with_text_that_is_not_for_people_is_hidden_until_somebody_accepts_that() {
        use crate::classify::{AcceptedBy, Finding, FindingLevel};
        use crate::risk::Span;
        let told = |level| Finding {
            id: FindingId::ModelDirectedText,
            level,
            place: Place::Description,
            span: Span { start: 0, end: 0 },
            message: String::new(),
            accepted: None,
        };
        let mut read = verdict(Class::Read, &[]);
        read.findings = vec![told(FindingLevel::Note)];
        assert_eq!(rule(json!({}), &read), json!({}), "a note says only when to call what");
        read.findings = vec![told(FindingLevel::Warning)];
        assert_eq!(rule(json!({}), &read), "hide");
        let by = || "Ada".to_owned();
        read.findings[0].accept(AcceptedBy { by: by(), date: "2026-12-01".to_owned(), reason: by() });
        assert_eq!(rule(json!({}), &read), json!({}));
    }

    #[test]
    fn mixed_actions_keep_harmless_values_and_the_limit_of_the_worst() {
        let entry = rule(schema(), &mixed());
        let condition = json!({"path": "args.action", "op": "not_in", "value": ["list", "create"]});
        assert_eq!(entry["deny_if"][0]["conditions"], json!([condition]));
        assert_eq!(entry["limits"][0]["max"], 30, "bulk is not a facet of this verdict");
        let mut bulk = mixed();
        bulk.facets.add(Facet::Bulk);
        assert_eq!(rule(schema(), &bulk)["limits"][0]["max"], 10);
        let mut reads = mixed();
        reads.actions.remove(1);
        assert_eq!(rule(schema(), &reads).get("limits"), None);
    }

    #[test]
    fn a_harmless_default_lets_the_argument_be_absent_and_another_does_not() {
        let mut v = mixed();
        v.actions[0].default = true;
        let exists = json!({"path": "args.action", "op": "exists", "value": true});
        assert_eq!(rule(schema(), &v)["deny_if"][0]["conditions"][1], exists);
        v.actions[0].default = false;
        v.actions[2].default = true;
        assert_eq!(rule(schema(), &v)["deny_if"][0]["conditions"].as_array().map(Vec::len), Some(1));
    }

    #[test]
    fn what_cannot_be_named_without_doubt_is_hidden() {
        let at = |path: &str, schema: Value| {
            let mut v = mixed();
            v.actions.iter_mut().for_each(|a| path.clone_into(&mut a.argument));
            rule(schema, &v)
        };
        let enumerated = json!({"enum": ["list", "create", "delete"]});
        let nested = json!({"properties": {"a": {"properties": {"b": enumerated}}}});
        assert_ne!(at("a.b", nested.clone()), "hide");
        assert_eq!(at("a.b", json!({"properties": {"a.b": enumerated}})), "hide");
        let both = json!({"properties": {"a.b": enumerated, "a": {"properties": {"b": enumerated}}}});
        assert_eq!(at("a.b", both), "hide");
        let array = json!({"properties": {"a": {"items": {"properties": {"b": enumerated}}}}});
        assert_eq!(at("a[].b", array), "hide");
        assert_eq!(at("gone", nested), "hide");
        assert_eq!(at("$a", json!({"properties": {"$a": enumerated}})), "hide");
    }

    #[test]
    fn other_evidence_for_destructive_hides_a_mixed_tool() {
        let mut v = mixed();
        v.base_class = Class::Destructive;
        assert_eq!(rule(schema(), &v), "hide");
        let mut none = mixed();
        none.actions.drain(..2);
        assert_eq!(rule(schema(), &none), "hide");
        let mut replaced = mixed();
        replaced.heuristic_class = Class::Write;
        assert_eq!(rule(schema(), &replaced), "hide");
    }

    #[test]
    fn values_keep_the_type_that_the_schema_declares() {
        let mut v = mixed();
        for (action, value) in v.actions.iter_mut().zip(["1", "true", "3"]) {
            value.clone_into(&mut action.value);
        }
        let schema = json!({"properties": {"action": {"enum": [1, true, 3, "1", null]}}});
        assert_eq!(rule(schema, &v)["deny_if"][0]["conditions"][0]["value"], json!([1, true, "1"]));
    }

    #[test]
    fn money_behind_a_value_is_denied_there_and_elsewhere_always() {
        let mut v = mixed();
        v.facets.add(Facet::MovesMoney);
        v.actions[2].facets.add(Facet::MovesMoney);
        assert_ne!(rule(schema(), &v)["deny_if"][0]["conditions"], json!([]));
        v.actions[2].facets.remove(Facet::MovesMoney);
        assert_eq!(rule(schema(), &v)["deny_if"][0]["conditions"], json!([]));
    }
}
