//! The values of an argument that decide what a call does, with what the policy does for each value.

use serde::Serialize;

use super::policy::a_window;
use super::view::{ProfileDocument, View};
use crate::policy::{Answer, Decision};
use crate::risk::{Class, Facets, Severity};

/// One value of an argument that decides what a call does.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ActionRow {
    /// Path below `args.`.
    pub argument: String,
    /// The value, a server's word.
    pub value: String,
    /// What a call with this value can do at worst.
    pub class: Class,
    /// The facets of such a call.
    pub facets: Facets,
    /// Of class and facets.
    pub severity: Severity,
    /// Whether a call that leaves the argument out does this.
    pub default: bool,
    /// What the card's document answers to the first call with this value.
    pub decision: Decision,
    /// The answer in two or three words: "denied", "10 a minute", "allowed".
    pub words: String,
}

/// The rows in the schema's order.
pub(crate) fn rows(view: &View<'_>, document: &ProfileDocument) -> Vec<ActionRow> {
    let claims = &document.claims;
    view.verdict
        .actions
        .iter()
        .map(|action| {
            let selected = claims.selected.iter().find(|s| s.argument == action.argument);
            let decided = selected.and_then(|s| s.values.iter().find(|(v, _)| is_value(v, &action.value)));
            let decision = decided.map_or_else(|| claims.first.clone(), |(_, d)| d.clone());
            let words = match (decision.answer, &claims.limit) {
                (Answer::Hidden, _) => "hidden".to_owned(),
                (Answer::Deny, _) => "denied".to_owned(),
                (Answer::Allow, Some((max, window, _))) => a_window(*max, *window),
                (Answer::Allow, None) => "allowed".to_owned(),
            };
            ActionRow {
                argument: action.argument.clone(),
                value: action.value.clone(),
                class: action.class,
                facets: action.facets,
                severity: Severity::of(action.class, action.facets),
                default: action.default,
                decision,
                words,
            }
        })
        .collect()
}

/// Whether a JSON value is the one that an action names.
fn is_value(value: &serde_json::Value, named: &str) -> bool {
    match value.as_str() {
        Some(text) => text == named,
        None => value.to_string().as_str() == named,
    }
}
