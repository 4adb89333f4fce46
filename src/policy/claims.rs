//! What a document does with one tool, found by asking `decide()`.

use serde_json::{Map, Value};
use strum::{EnumCount, IntoStaticStr, VariantArray};

use super::recommend::{declared_values, text_of};
use super::{Answer, Clause, Decision, Path, Policy, Test, Window, decide};
use crate::classify::Verdict;
use crate::manifest::Tool;
use crate::risk::Class;
use crate::variants::every;

/// What a document does with one tool.
#[derive(Debug, Clone, PartialEq)]
pub struct Claims {
    /// The name of the tool that is called.
    pub tool: String,
    /// The first call in its window, with arguments that the document lets pass where there are any.
    pub first: Decision,
    /// The arguments of that call.
    pub args: Value,
    /// What the arguments decide that the document looks at.
    pub selected: Vec<Selected>,
    /// The tightest limit: this many calls in a window are allowed, and the answer to the next.
    pub limit: Option<(u64, Window, Decision)>,
    /// A tool that the document does not name.
    pub others: Decision,
    /// Whether the document names another tool too.
    pub names_others: bool,
}

/// What the values of one argument decide.
#[derive(Debug, Clone, PartialEq)]
pub struct Selected {
    /// Path below `args.`.
    pub argument: String,
    /// Each known value, and the answer.
    pub values: Vec<(Value, Decision)>,
    /// A value that nobody declared.
    pub unknown: Decision,
    /// A call without the argument.
    pub absent: Decision,
}

impl Claims {
    /// What `policy` does with `tool`; `verdict` gives the values that actions hang on.
    pub fn of(policy: &Policy, tool: &Tool, verdict: &Verdict) -> Self {
        let name = tool.name.as_str();
        let paths = paths(policy, name);
        let known: Vec<Vec<Value>> = paths.iter().map(|path| known_values(policy, tool, verdict, path)).collect();
        let mut args = Value::Object(Map::new());
        for (path, values) in paths.iter().zip(&known) {
            // The first value that passes as far as this argument is concerned.
            let before = decide(policy, name, &args, 1);
            let better = values.iter().map(|v| with(&args, path, Some(v))).find(|candidate| {
                let now = decide(policy, name, candidate, 1);
                now.answer == Answer::Allow || now.rule != before.rule
            });
            if before.answer != Answer::Allow {
                args = better.unwrap_or(args);
            }
        }
        let first = decide(policy, name, &args, 1);
        let selected = paths
            .iter()
            .zip(known)
            .map(|(path, values)| {
                let ask = |value: Option<&Value>| decide(policy, name, &with(&args, path, value), 1);
                let fresh = fresh(&values);
                Selected {
                    argument: path.as_str()[Path::ROOT.len()..].to_owned(),
                    unknown: ask(Some(&fresh)),
                    absent: ask(None),
                    values: values
                        .into_iter()
                        .map(|value| {
                            let decision = ask(Some(&value));
                            (value, decision)
                        })
                        .collect(),
                }
            })
            .collect();
        let own = policy.tools.get(name).map(|e| e.limits.as_slice()).unwrap_or_default();
        let limit = own.iter().chain(&policy.all_tools).min_by_key(|l| (l.max, std::cmp::Reverse(l.window)));
        let limit = limit.filter(|_| first.answer == Answer::Allow).and_then(|limit| {
            let next = decide(policy, name, &args, limit.max.checked_add(1)?);
            (next.answer != Answer::Allow).then_some((limit.max, limit.window, next))
        });
        Self {
            tool: name.to_owned(),
            first,
            args,
            selected,
            limit,
            others: decide(policy, &unnamed(policy, name), &Value::Null, 1),
            names_others: policy.hide.iter().chain(policy.tools.keys()).any(|n| n != name),
        }
    }

    /// What becomes of the tool as a whole.
    pub fn outcome(&self) -> Outcome {
        let denies = |s: &Selected| {
            s.values.iter().map(|(_, d)| d).chain([&s.unknown, &s.absent]).any(|d| d.answer != Answer::Allow)
        };
        match self.first.answer {
            Answer::Hidden => Outcome::Hidden,
            Answer::Deny => Outcome::Denied,
            Answer::Allow if self.selected.iter().any(denies) => Outcome::Narrowed,
            Answer::Allow if self.limit.is_some() => Outcome::Limited,
            Answer::Allow => Outcome::Allowed,
        }
    }

    /// JSON Pointer to what restricts the tool most: a clause, else a limit, else what decides on
    /// its first call.
    pub fn rule(&self) -> &str {
        let narrowed = self.selected.iter().map(|s| &s.unknown).find(|d| d.answer != Answer::Allow);
        match (narrowed, &self.limit) {
            _ if self.first.answer != Answer::Allow => &self.first.rule,
            (Some(decision), _) | (None, Some((_, _, decision))) => &decision.rule,
            (None, None) => &self.first.rule,
        }
    }
}

/// What becomes of a tool under a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, EnumCount, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "lowercase")]
pub enum Outcome {
    /// Every call passes.
    Allowed,
    /// So many calls in a window pass.
    Limited,
    /// Some values of an argument pass.
    Narrowed,
    /// No call passes.
    Denied,
    /// No call passes and the tool is not listed.
    Hidden,
}

impl Outcome {
    /// All outcomes, most permissive first.
    pub const ALL: [Self; Self::COUNT] = every(Self::VARIANTS);

    /// The word for tables.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// What becomes of a tool under a document.
pub fn outcome(policy: &Policy, tool: &Tool, verdict: &Verdict) -> Outcome {
    Claims::of(policy, tool, verdict).outcome()
}

/// How many tools of each class meet each outcome under a document: rows as [`Class::ALL`], counts as
/// [`Outcome::ALL`].
pub fn outcomes<'a>(
    policy: &Policy,
    tools: impl IntoIterator<Item = (&'a Tool, &'a Verdict)>,
) -> [[usize; Outcome::ALL.len()]; Class::ALL.len()] {
    let mut counts = [[0; Outcome::ALL.len()]; Class::ALL.len()];
    for (tool, verdict) in tools {
        counts[verdict.class as usize][outcome(policy, tool, verdict) as usize] += 1;
    }
    counts
}

/// The paths that the tool's clauses look at, each once, in order.
fn paths(policy: &Policy, tool: &str) -> Vec<Path> {
    let mut paths: Vec<Path> = Vec::new();
    let entry = policy.tools.get(tool);
    let guards = |clause: &Clause| entry.is_some_and(|entry| entry.guards_text(clause));
    let clauses = entry.into_iter().flat_map(|e| e.require.iter().chain(&e.deny_if)).filter(|clause| !guards(clause));
    for condition in clauses.flat_map(|c| &c.conditions) {
        if !paths.contains(&condition.path) {
            paths.push(condition.path.clone());
        }
    }
    paths
}

/// The values of an argument that the actions, the schema or the document name, each once.
fn known_values(policy: &Policy, tool: &Tool, verdict: &Verdict, path: &Path) -> Vec<Value> {
    let argument = &path.as_str()[Path::ROOT.len()..];
    let mut values: Vec<Value> = declared_values(tool, argument).unwrap_or_default();
    let mut add = |value: &Value| {
        if !values.iter().any(|v| v == value) {
            values.push(value.clone());
        }
    };
    if let Some(entry) = policy.tools.get(tool.name.as_str()) {
        let conditions = entry.require.iter().chain(&entry.deny_if).flat_map(|c| &c.conditions);
        for condition in conditions.filter(|c| c.path == *path) {
            match &condition.test {
                Test::In(list) | Test::NotIn(list) => list.iter().for_each(&mut add),
                Test::Eq(value) | Test::Neq(value) => add(value),
                _ => {}
            }
        }
    }
    let texts: Vec<String> = values.iter().map(text_of).collect();
    for action in verdict.actions.iter().filter(|a| a.argument == argument && !texts.contains(&a.value)) {
        let value = Value::from(action.value.as_str());
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values
}

/// The arguments with one of them set or taken away.
fn with(args: &Value, path: &Path, value: Option<&Value>) -> Value {
    fn set(object: &mut Value, fields: &[&str], value: Option<&Value>) {
        let [field, rest @ ..] = fields else { return };
        let Some(map) = object.as_object_mut() else { return };
        match (rest, value) {
            ([], Some(value)) => {
                map.insert((*field).to_owned(), value.clone());
            }
            ([], None) => {
                map.shift_remove(*field);
            }
            _ => set(map.entry(*field).or_insert_with(|| Value::Object(Map::new())), rest, value),
        }
    }
    let mut args = args.clone();
    set(&mut args, &path.fields().collect::<Vec<_>>(), value);
    args
}

/// A text that is none of the values.
fn fresh(values: &[Value]) -> Value {
    let mut text = "another value".to_owned();
    while values.iter().any(|v| v.as_str() == Some(&text)) {
        text.push('\'');
    }
    Value::from(text)
}

/// A name that the document does not name.
fn unnamed(policy: &Policy, tool: &str) -> String {
    let mut name = "another_tool".to_owned();
    while name == tool || policy.tools.contains_key(&name) || policy.hide.contains(&name) {
        name.push('_');
    }
    name
}
