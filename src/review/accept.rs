//! Which changes somebody has accepted.
//!
//! A label that rose is accepted by committing the lock: the base has one, and that of the head has the tool exactly as it
//! is there. What instructs a model or is hidden is no matter of labels: a person has to accept the finding of the very
//! definition.

use std::collections::HashMap;

use super::change::{Acceptance, Change};
use super::kind::Kind;
use super::side::Side;
use super::state::State;
use crate::catalog::day::Day;
use crate::catalog::lock::Locked;
use crate::classify::FindingId;

/// Marks the accepted changes of a server of the head.
pub(super) fn mark(base: &Side, head: &Side, slug: &str, state: &State, today: Day, changes: &mut [Change]) {
    let locked = if base.is_locked() { head.own_lock().and_then(|lock| lock.rows(slug)) } else { None };
    let locked = locked.unwrap_or_default();
    let seen = |row: &Locked| {
        let at = locked.binary_search_by(|(l, _)| l.tool.as_str().cmp(&row.tool));
        at.is_ok_and(|at| locked[at].0 == *row)
    };
    let places: HashMap<&str, usize> = state.rows.iter().enumerate().map(|(i, row)| (row.tool.as_str(), i)).collect();
    let whole = state.rows.iter().all(seen);
    for change in changes {
        let at = change.tool.as_deref().and_then(|tool| places.get(tool).copied());
        change.accepted = if let Some(finding) = text(change.id) {
            let holds = |end: &String| Day::parse(end).is_some_and(|end| end >= today);
            let accepted = state.accepted.iter().filter(|a| a.tool == at && a.made.finding == finding && !a.stale);
            let accepted = at.is_some() && accepted.map(|a| &a.made).any(|a| a.expires.as_ref().is_none_or(holds));
            accepted.then_some(Acceptance::Finding)
        } else {
            let reviewed = match (&change.tool, at) {
                (Some(_), Some(at)) => seen(&state.rows[at]),
                (Some(_), None) => false,
                (None, _) => whole && change.id != Kind::ManifestBroken,
            };
            reviewed.then_some(Acceptance::Lock)
        };
    }
}

/// The finding that a change is about which no label tells of: text that instructs a model or is hidden.
pub(super) fn text(kind: Kind) -> Option<FindingId> {
    match kind {
        Kind::InstructionAdded => Some(FindingId::ModelDirectedText),
        Kind::HiddenText => Some(FindingId::HiddenText),
        _ => None,
    }
}
