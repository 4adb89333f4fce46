//! What the entries of a client's file say of a call.

use serde::Serialize;
use serde_json::Value;
use strum::IntoStaticStr;

use super::super::cedar::CedarExpression;
use super::super::into::FileSlot;
use super::super::{Condition, Pattern};
use super::SettingsNode;

/// What a client does with a call, loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum ClientAnswer {
    /// It makes it without asking.
    Allow,
    /// It asks a person.
    Ask,
    /// It does not make it, or the agent does not have the tool.
    Deny,
}

/// What the entries of a slot say of the tools that they name.
#[derive(Debug, Clone, Copy)]
pub enum EntrySays {
    /// This.
    Answer(ClientAnswer),
    /// What their value means; a value that is not listed means what lets most pass.
    Value(&'static [(&'static str, ClientAnswer)]),
    /// Where the list is there, a tool that it does not name is denied.
    Offers,
    /// The same where the list has an entry.
    OffersIfAny,
    /// What the format reads in each: the names of entries and what they say. It is given the key, which is empty in a list.
    Rules(fn(&FileSlot, &str, &SettingsNode) -> Vec<(String, EntryRule)>),
    /// The same of a list whose items may be broken.
    Statements(fn(&SettingsNode) -> EntryRules),
}

/// The names of entries and what they say; a sentence where one cannot be read.
pub type EntryRules = Result<Vec<(String, EntryRule)>, String>;

/// What one entry says of a call.
#[derive(Debug, Clone)]
pub struct EntryRule {
    /// What happens.
    pub answer: ClientAnswer,
    /// What must hold of the arguments for it to be so.
    pub when: Vec<ArgumentTest>,
    /// How many calls of a window it lets pass.
    pub limit: Option<u64>,
    /// Its rank, where the highest decides.
    pub rank: i64,
}

/// One thing that must hold of the arguments of a call.
#[derive(Debug, Clone)]
pub enum ArgumentTest {
    /// These do not all hold.
    Unless(Vec<Condition>),
    /// The argument, as JavaScript writes it as text, matches, or does not.
    Text(String, Pattern, bool),
    /// The argument is one of these values.
    OneOf(String, Vec<Value>),
    /// The expression is this of the context that is made of the arguments.
    Context(CedarExpression, fn(&Value) -> Value, bool),
    /// What is not understood: it holds where it lets a call pass, and does not where it holds one back.
    Unread(bool),
}

impl EntryRule {
    /// An entry that says this of every call.
    pub fn always(answer: ClientAnswer) -> Self {
        Self { answer, when: Vec::new(), limit: None, rank: 0 }
    }
}

impl ArgumentTest {
    pub(super) fn holds(&self, args: &Value) -> bool {
        match self {
            Self::Unless(conditions) => !conditions.iter().all(|condition| condition.met(args)),
            Self::Text(argument, pattern, hit) => match args.get(argument) {
                None => !hit,
                Some(value) => pattern.is_match(&script_text(value)) == *hit,
            },
            Self::OneOf(argument, values) => args.get(argument).is_some_and(|value| values.contains(value)),
            Self::Context(expression, context, wanted) => expression.holds(&context(args)) == Some(*wanted),
            Self::Unread(holds) => *holds,
        }
    }
}

/// A value as JavaScript writes it as text.
fn script_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(script_text).collect::<Vec<_>>().join(","),
        Value::Object(_) => "[object Object]".to_owned(),
        other => other.to_string(),
    }
}

/// Which of the rules that match decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleOrder {
    /// The strictest.
    Strictest,
    /// The strictest of those whose limits are not reached.
    Applying,
    /// The first.
    First,
    /// The last.
    Last,
    /// That of the highest rank, of several the loosest.
    Rank,
}

/// How a client reads its file.
#[derive(Debug, Clone)]
pub struct ClientReading {
    /// Where rules stand, and what they say.
    pub slots: Vec<(FileSlot, EntrySays)>,
    /// Which rule decides.
    pub order: RuleOrder,
    /// The keys of the value for tools that no rule is for, and what it means; the rest without one.
    pub rest: (Vec<String>, &'static [(&'static str, ClientAnswer)], ClientAnswer),
    /// A key and its value where the file is only looked at: then everything passes.
    pub off: Option<(&'static str, &'static str)>,
}

impl ClientReading {
    /// Rules in these slots, the strictest of which decides; `rest` becomes of what none is for.
    pub fn strictest(slots: Vec<(FileSlot, EntrySays)>, rest: ClientAnswer) -> Self {
        Self { slots, order: RuleOrder::Strictest, rest: (Vec::new(), &[], rest), off: None }
    }
}
