//! What people decided: new, changed, gone, stale, ending.

use super::{Change, of_server};
use crate::catalog::accepted::{AcceptedFinding, AppliedAcceptance};
use crate::catalog::day::Day;
use crate::catalog::lock::OVERRIDE;
use crate::catalog::overrides::AppliedOverride;
use crate::catalog::overrides::Override;
use crate::classify::FindingLevel;
use crate::neutral;
use crate::review::change::{Location, Proof};
use crate::review::kind::Kind;
use crate::review::state::State;

/// How long before its end a decision is listed, in days.
const MAX_SOON_DAYS: i64 = 30;

/// Compares the decisions of a server; without a base all are new.
pub(super) fn compare(slug: &str, base: Option<&State>, head: &State, today: Day, changes: &mut Vec<Change>) {
    let known = |tool: &str| base.and_then(|b| b.decisions.iter().find(|d| d.made.tool == tool));
    // A lock says that a person decided, not what.
    let locked = |tool: &str| {
        let base = base.filter(|b| b.definitions.is_none());
        base.is_some_and(|b| b.rows.iter().any(|r| r.tool == tool && r.label.rules.iter().any(|r| r == OVERRIDE)))
    };
    for now in &head.decisions {
        let decision = &now.made;
        let tell = |kind, message: String| about(slug, kind, head, now, message);
        match known(&decision.tool) {
            None if locked(&decision.tool) => {}
            None => {
                changes.push(labelled(tell(Kind::OverrideAdded, format!("set to {}", in_words(decision))), now, head));
            }
            Some(was) if same(&was.made, decision) => {}
            Some(was) => {
                let message = format!("now set to {}, was {}", in_words(decision), in_words(&was.made));
                changes.push(labelled(tell(Kind::OverrideChanged, message), now, head));
            }
        }
        if now.stale && !known(&decision.tool).is_some_and(|was| was.stale) {
            changes.push(tell(Kind::OverrideStale, "the definition changed since a person decided".to_owned()));
        }
        if let Some((kind, when)) = ending(decision.expires.as_deref(), today) {
            changes.push(tell(kind, format!("the decision {when}")));
        }
    }
    for was in base.map(|b| b.decisions.as_slice()).unwrap_or_default() {
        if !head.decisions.iter().any(|d| d.made.tool == was.made.tool) {
            let mut change =
                of_server(slug, Kind::OverrideRemoved, format!("was set to {}", in_words(&was.made)), &head.file);
            change.tool = Some(was.made.tool.clone());
            changes.push(change);
        }
    }
    accepted(slug, base, head, today, changes);
}

/// Compares the findings that are accepted; without a base, or where it is a lock, all are new.
fn accepted(slug: &str, base: Option<&State>, head: &State, today: Day, changes: &mut Vec<Change>) {
    let same = |a: &AcceptedFinding, b: &AcceptedFinding| a.tool == b.tool && a.finding == b.finding;
    let known = |now: &AcceptedFinding| base.and_then(|b| b.accepted.iter().find(|a| same(&a.made, now)));
    for now in &head.accepted {
        let (made, id) = (&now.made, now.made.finding.name());
        let tell = |kind, message: String| of_accepted(slug, kind, head, now, message);
        let was = known(made);
        let unchanged =
            |was: &AppliedAcceptance| AcceptedFinding { position: made.position, ..was.made.clone() } == *made;
        if !was.is_some_and(unchanged) {
            changes.push(tell(Kind::FindingAccepted, format!("the finding {id} is accepted")));
        }
        if now.stale && !was.is_some_and(|was| was.stale) {
            changes.push(tell(Kind::OverrideStale, format!("the definition changed since {id} was accepted")));
        }
        if let Some((kind, when)) = ending(made.expires.as_deref(), today) {
            changes.push(tell(kind, format!("the acceptance of {id} {when}")));
        }
    }
    for was in base.map(|b| b.accepted.as_slice()).unwrap_or_default() {
        if !head.accepted.iter().any(|now| same(&now.made, &was.made)) {
            let message = format!("{} is no longer accepted", was.made.finding.name());
            let mut change = of_server(slug, Kind::OverrideRemoved, message, &head.file);
            change.tool = Some(was.made.tool.clone());
            changes.push(change);
        }
    }
}

fn of_accepted(slug: &str, kind: Kind, head: &State, now: &AppliedAcceptance, message: String) -> Change {
    let made = &now.made;
    let mut change = of_server(slug, kind, message, &head.decisions_file);
    change.tool = Some(made.tool.clone());
    change.after = now.tool.and_then(|i| head.rows.get(i)).map(|row| row.label.clone());
    change.location = Some(Location::new(&head.decisions_file, Some(made.position)));
    change.evidence = vec![signed(&made.by, &made.date, &made.reason)];
    change
}

/// Who decided when, and why.
fn signed(by: &str, date: &str, reason: &str) -> Proof {
    let (by, reason) = (neutral::quoted(by), neutral::quoted(reason));
    Proof::Said { text: format!("{by} on {}: {reason}", neutral::visible(date)).into() }
}

/// Whether a decision has ended or ends soon.
fn ending(expires: Option<&str>, today: Day) -> Option<(Kind, String)> {
    let end = expires.and_then(Day::parse)?;
    if end < today {
        Some((Kind::OverrideExpired, format!("ended on {end}")))
    } else if end <= today.plus(MAX_SOON_DAYS) {
        Some((Kind::OverrideExpiring, format!("ends on {end}")))
    } else {
        None
    }
}

fn about(slug: &str, kind: Kind, head: &State, now: &AppliedOverride, message: String) -> Change {
    let decision = &now.made;
    let mut change = of_server(slug, kind, message, &head.decisions_file);
    change.tool = Some(decision.tool.clone());
    change.after = now.tool.and_then(|i| head.rows.get(i)).map(|row| row.label.clone());
    change.location = Some(Location::new(&head.decisions_file, Some(decision.position)));
    change.evidence = vec![signed(&decision.by, &decision.date, &decision.reason)];
    change
}

/// Raises the level where the decision is milder than the rules.
fn labelled(mut change: Change, now: &AppliedOverride, head: &State) -> Change {
    let definition = now.tool.and_then(|i| head.definitions.as_ref()?.get(i));
    if let Some(verdict) = definition.map(|d| &d.verdict).filter(|v| now.made.class < v.heuristic_class) {
        change.level = FindingLevel::Warning;
        change.evidence.push(Proof::Said { text: format!("the rules say {}", verdict.heuristic_class).into() });
    }
    change
}

fn same(a: &Override, b: &Override) -> bool {
    let place = b.position;
    Override { position: place, ..a.clone() } == *b
}

fn in_words(decision: &Override) -> String {
    let facets: Vec<&str> = decision.facets.iter().flat_map(|f| f.iter()).map(crate::risk::Facet::name).collect();
    let facets = if facets.is_empty() { String::new() } else { format!(" with {}", facets.join(", ")) };
    let end = decision.expires.as_deref().map_or(String::new(), |day| format!(" until {}", neutral::visible(day)));
    format!("{}{facets}{end}", decision.class)
}
