//! The call-by-call table.

use serde_json::Value;

use super::sentence::{ordinal, quoted_value};
use crate::neutral::quoted;
use crate::policy::{Answer, Claims, Decision, Window};

/// Rows for the values of one argument; the largest real enumeration of actions has about 40.
const MAX_VALUES: usize = 64;

/// Which call a row speaks of.
#[derive(Debug, Clone, PartialEq)]
pub enum Subject {
    /// Any call of the tool: the document looks at no argument.
    Any,
    /// The argument has this value.
    Value {
        /// Path below `args.`.
        argument: String,
        /// The JSON value that the call gives.
        value: Value,
    },
    /// The argument has a value that nobody declared.
    Unknown {
        /// Path below `args.`.
        argument: String,
    },
    /// The argument is not there.
    Absent {
        /// Path below `args.`.
        argument: String,
    },
    /// The n-th call in a window, otherwise like one that passes.
    Nth {
        /// From 1.
        nth: u64,
        /// For how long calls are counted together.
        window: Window,
    },
    /// A tool that the document does not name; the words for it.
    Others(String),
}

impl Subject {
    /// The row's first cell: words of ours, names and values as Markdown code spans.
    pub fn words(&self, tool: &str) -> String {
        match self {
            Self::Any => format!("any call of {}", quoted(tool)),
            Self::Value { argument, value } => format!("{} is {}", quoted(argument), quoted_value(value)),
            Self::Unknown { argument } => format!("any other {}", quoted(argument)),
            Self::Absent { argument } => format!("no {} at all", quoted(argument)),
            Self::Nth { nth, window } => format!("the {} call within one {window}", ordinal(*nth)),
            Self::Others(words) => words.clone(),
        }
    }
}

/// One row: a call and what `decide()` answers.
#[derive(Debug, Clone, PartialEq)]
pub struct CallRow {
    /// Which call.
    pub subject: Subject,
    /// The answer.
    pub decision: Decision,
}

impl Claims {
    /// The call-by-call table; `others` are the words for a tool that the document does not name,
    /// e.g. "any other tool of this server".
    pub fn calls(&self, others: &str) -> Vec<CallRow> {
        rows(self, others)
    }
}

fn rows(claims: &Claims, others: &str) -> Vec<CallRow> {
    let mut rows = Vec::new();
    let mut row = |subject, decision: &Decision| rows.push(CallRow { subject, decision: decision.clone() });
    if claims.selected.is_empty() {
        row(Subject::Any, &claims.first);
    }
    for selected in &claims.selected {
        let argument = &selected.argument;
        for (value, decision) in selected.values.iter().take(MAX_VALUES) {
            row(Subject::Value { argument: argument.clone(), value: value.clone() }, decision);
        }
        row(Subject::Unknown { argument: argument.clone() }, &selected.unknown);
        row(Subject::Absent { argument: argument.clone() }, &selected.absent);
    }
    if let Some((max, window, next)) = &claims.limit
        && claims.first.answer == Answer::Allow
    {
        row(Subject::Nth { nth: max + 1, window: *window }, next);
    }
    row(Subject::Others(others.to_owned()), &claims.others);
    rows
}
