//! Tools that call other tools or endpoints by name: what a policy says of those does not hold behind them.

use super::refused::finding;
use super::types::{Evidence, Finding, FindingId, FindingLevel, Place, RuleFamily, Verdict};
use crate::lexicon::{Lexicon, PhraseRole};
use crate::risk::Span;

/// The finding on a dispatcher, whatever class restrictions leave it: what it calls is only as harmless as it says.
pub(super) fn of(lexicon: &Lexicon, verdict: &Verdict) -> Option<Finding> {
    let seen = verdict.evidence.iter().find(|e| !e.restricts && is_call(lexicon, e))?;
    let message = "It calls other tools or endpoints by name: rules for those do not hold behind it.".to_owned();
    let (place, span) = match &seen.place {
        // The words at the place of an argument are its name.
        Place::Pointer(pointer) => (Place::Pointer(pointer.clone()), Span { start: 0, end: seen.text.len() }),
        place => (place.clone(), seen.span),
    };
    Some(Finding { span, ..finding(FindingId::Dispatcher, FindingLevel::Warning, place, 0, message) })
}

/// Whether evidence says that a call reaches whatever it names.
fn is_call(lexicon: &Lexicon, evidence: &Evidence) -> bool {
    let dispatches = |id: &str| {
        let row = lexicon.signals().phrase.iter().find(|phrase| phrase.id == id);
        row.is_some_and(|phrase| phrase.role == Some(PhraseRole::Dispatches))
    };
    match evidence.by {
        RuleFamily::Dispatch | RuleFamily::Method => true,
        RuleFamily::Phrase => dispatches(&evidence.rule),
        _ => false,
    }
}
