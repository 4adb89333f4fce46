//! Which changes somebody has accepted.
//!
//! A label that rose is accepted by committing the lock: the base has one, and that of the head has the tool exactly as it
//! is there. What instructs a model or is hidden is no matter of labels: a person has to decide about the very definition.

use std::collections::HashMap;

use super::change::{Acceptance, Change};
use super::kind::Kind;
use super::side::Side;
use super::state::State;
use crate::catalog::day::Day;
use crate::catalog::lock::Locked;

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
        change.accepted = if is_text(change.id) {
            let holds = |end: &String| Day::parse(end).is_some_and(|end| end >= today);
            let decided = at.is_some()
                && state
                    .decisions
                    .iter()
                    .any(|d| d.tool == at && !d.stale && d.made.expires.as_ref().is_none_or(holds));
            decided.then_some(Acceptance::Override)
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

/// Whether no label tells what the change does to a model.
pub(super) fn is_text(kind: Kind) -> bool {
    matches!(kind, Kind::InstructionAdded | Kind::HiddenText)
}
