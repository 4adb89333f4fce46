//! Findings that a change brings in, and what an author publishes of the risk.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::{StateTool, about, between, moved_text};
use crate::classify::{AuthorRisk, Finding, FindingId, FindingLevel, author_risk};
use crate::manifest::DefinitionPart;
use crate::neutral;
use crate::review::change::{Change, Proof};
use crate::review::kind::Kind;
use crate::risk::Class;

/// How many keys of an author one sentence names.
const MAX_NAMED: usize = 3;
/// How many of them the evidence shows.
const MAX_SHOWN: usize = 12;

/// Reports the findings of `after` that `before` did not have and that no line of `reported` names. Of a new
/// tool, and of one whose former findings a lock does not hold, notes are not reported.
pub(super) fn added(
    slug: &str,
    before: Option<(StateTool<'_>, &[DefinitionPart])>,
    after: StateTool<'_>,
    reported: &[(Kind, FindingLevel)],
    changes: &mut Vec<Change>,
) {
    let Some(new) = after.definition else { return };
    let flipped = reported.iter().any(|(kind, level)| *kind == Kind::AnnotationFlipped && *level > FindingLevel::Note);
    let old: Option<&[Finding]> = before.and_then(|(b, _)| b.definition).map(|d| d.verdict.findings.as_slice());
    for finding in &new.verdict.findings {
        match finding.id {
            // `instruction-added`, which compares the words themselves.
            FindingId::ModelDirectedText | FindingId::DirectoryRefusal => continue,
            FindingId::AnnotationContradictsVerdict if flipped => continue,
            // `author` compares what is published.
            FindingId::AuthorRisk if old.is_some() => continue,
            _ => {}
        }
        match old {
            Some(old) if old.iter().any(|f| is_same(f, finding)) => continue,
            None if finding.level == FindingLevel::Note => continue,
            _ => {}
        }
        let kind = if finding.id == FindingId::HiddenText { Kind::HiddenText } else { Kind::FindingAdded };
        let message = match kind {
            Kind::HiddenText => "a text holds characters that people do not see".to_owned(),
            _ => format!("new finding {}", finding.id.name()),
        };
        let mut change = about(slug, kind, after, message);
        change.before = before.map(|(b, _)| b.row.label.clone());
        if kind == Kind::FindingAdded {
            change.level = finding.level;
        }
        let place = neutral::quoted(&finding.place.to_string());
        change.evidence =
            vec![Proof::Said { text: format!("at {place}: {}", neutral::quoted(&finding.message)).into() }];
        changes.push(change);
    }
}

/// Whether a finding was there before. One that was accepted and no longer is counts as new: what it is about has changed.
fn is_same(before: &Finding, after: &Finding) -> bool {
    let counts_again = before.accepted.is_some() && after.accepted.is_none();
    before.id == after.id && before.place == after.place && !counts_again
}

/// Reports what an author publishes of the risk and did not before, or no longer does, where both sides have definitions.
pub(super) fn author(slug: &str, before: StateTool<'_>, after: StateTool<'_>, changes: &mut Vec<Change>) {
    let Some((old, new)) = before.definition.zip(after.definition) else { return };
    let (was, is) = (author_risk(after.lexicon, &old.tool), author_risk(after.lexicon, &new.tool));
    let milder = weights(&is) < weights(&was);
    let (was, is) = (by_key(&was), by_key(&is));
    let keys: BTreeSet<&str> = was.keys().chain(is.keys()).copied().collect();
    let moved: Vec<&str> = keys.into_iter().filter(|key| was.get(key) != is.get(key)).collect();
    if moved.is_empty() {
        return;
    }
    let quoted = |value: Option<&&str>| value.map(|value| neutral::quoted(value));
    let reported = moved.iter().take(MAX_NAMED).map(|key| {
        // A key of the top level is named alone.
        let name = match key.strip_prefix("/_meta/").filter(|name| !name.contains('/')) {
            Some(name) => neutral::quoted(&name.replace("~1", "/").replace("~0", "~")),
            None => neutral::quoted(key),
        };
        match (quoted(was.get(key)), quoted(is.get(key))) {
            (Some(was), Some(is)) => format!("{name} was {was} and is {is}"),
            (Some(was), None) => format!("{name} was {was} and is gone"),
            (None, is) => format!("{name} is new, {}", is.unwrap_or_default()),
        }
    });
    let reported: Vec<String> = reported.collect();
    let more = moved.len().saturating_sub(MAX_NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let effect = if milder { ", which is milder" } else { "" };
    let message = format!("what its author publishes of the risk changed: {}{more}{effect}", reported.join(", "));
    let mut change = between(slug, Kind::FindingAdded, before, after, message);
    let finding = new.verdict.findings.iter().find(|finding| finding.id == FindingId::AuthorRisk);
    change.level = finding.map_or(FindingLevel::Note, |finding| finding.level);
    if milder {
        change.level = change.level.max(FindingLevel::Warning);
    }
    let shown = moved.iter().take(MAX_SHOWN).map(|key| moved_text(key, was.get(key).copied(), is.get(key).copied()));
    change.evidence = shown.collect();
    change.evidence.extend(finding.map(|finding| Proof::Said { text: finding.message.clone().into() }));
    changes.push(change);
}

/// Key → value of what is published.
fn by_key(risks: &[AuthorRisk]) -> BTreeMap<&str, &str> {
    risks.iter().map(|risk| (risk.pointer.as_str(), risk.value.as_str())).collect()
}

/// How grave is what is published, the gravest first; what denies a risk has no weight.
fn weights(risks: &[AuthorRisk]) -> Vec<u8> {
    const DENIED: [&str; 7] = ["false", "no", "none", "never", "off", "0", "optional"];
    let denied = |value: &str| DENIED.iter().any(|no| value.eq_ignore_ascii_case(no));
    let weight = |risk: &AuthorRisk| match risk.class {
        Some(Class::Destructive) => 2,
        Some(Class::Write) => 1,
        Some(Class::Read) => 0,
        None => u8::from(!denied(&risk.value)),
    };
    let mut weights: Vec<u8> = risks.iter().map(weight).filter(|weight| *weight > 0).collect();
    weights.sort_unstable_by_key(|weight| Reverse(*weight));
    weights
}
