//! Several definitions of one name: a client may use any of them, so the verdict is the worst of all.

use super::types::{Evidence, Finding, FindingId, FindingLevel, Place, SpeaksFor, Verdict};
use crate::manifest::Tool;
use crate::risk::{Severity, Span};

/// Lays the verdict of a further definition, the `number`th of its name, over that of the first.
pub(super) fn merge(verdict: &mut Verdict, other: Verdict, number: usize, same: bool) {
    let place = |place: &Place| {
        let inside = place.to_string();
        Place::Pointer(format!("/definitions/{number}/{}", inside.trim_start_matches('/')))
    };
    lay(verdict, other, same, &place);
}

/// Lays the verdict with the input schema that stands under another key over that with the first. What both say is told
/// once.
pub(super) fn merge_schema(verdict: &mut Verdict, mut other: Verdict, key: &str) {
    const BASE: &str = "/inputSchema";
    let of_schema = |place: &Place| matches!(place, Place::Pointer(pointer) if pointer.starts_with(BASE));
    // What decides that it is worse is told, also where the first says it too.
    let worse = other.class > verdict.class;
    other.evidence.retain(|e| of_schema(&e.place) || (worse && e.decides));
    let same = |a: &Evidence, b: &Evidence| {
        a.place == b.place && a.span == b.span && a.rule == b.rule && a.speaks_for == b.speaks_for
    };
    verdict.evidence.retain(|v| of_schema(&v.place) || !other.evidence.iter().any(|e| same(e, v)));
    other.findings.retain(|f| of_schema(&f.place));
    let place = |place: &Place| match place {
        Place::Pointer(pointer) => match pointer.strip_prefix(BASE) {
            Some(rest) => Place::Pointer(format!("/{key}{rest}")),
            None => place.clone(),
        },
        other => other.clone(),
    };
    lay(verdict, other, false, &place);
}

fn lay(verdict: &mut Verdict, other: Verdict, same: bool, place: &dyn Fn(&Place) -> Place) {
    let class = verdict.class.max(other.class);
    if other.class > verdict.class {
        verdict.verb = other.verb;
        verdict.runner_up = other.runner_up;
    }
    let mut evidence: Vec<Evidence> =
        other.evidence.into_iter().map(|e| Evidence { place: place(&e.place), ..e }).collect();
    // The class rests on the definition that is the worst.
    let settles = |of: &mut [Evidence], is_worst: bool| {
        of.iter_mut().filter(|e| matches!(e.speaks_for, SpeaksFor::Class(_))).for_each(|e| e.decides &= is_worst);
    };
    settles(&mut verdict.evidence, verdict.class == class);
    settles(&mut evidence, other.class == class);
    if !same {
        verdict.evidence.extend(evidence);
        verdict.evidence.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        // Values of an argument of one definition narrow nothing of the other.
        verdict.actions.clear();
        verdict.base_class = class;
    }
    verdict.class = class;
    verdict.heuristic_class = class;
    verdict.facets = verdict.facets.union(other.facets);
    verdict.severity = Severity::of(class, verdict.facets);
    if other.confidence < verdict.confidence {
        verdict.confidence = other.confidence;
    }
    for leg in other.legs {
        if !verdict.legs.contains(&leg) {
            verdict.legs.push(leg);
        }
    }
    let new = |f: &Finding| {
        f.level > FindingLevel::Note && f.id != FindingId::AnnotationContradictsVerdict && f.id != FindingId::OddName
    };
    let found: Vec<Finding> = other
        .findings
        .into_iter()
        .filter(|f| !same && new(f))
        .map(|f| Finding { place: place(&f.place), ..f })
        .collect();
    verdict.findings.extend(found);
    super::findings::reaudit(verdict);
}

/// The finding on a name that is defined more than once.
pub(super) fn finding(tool: &Tool) -> Option<Finding> {
    if tool.others.is_empty() {
        return None;
    }
    let lines: Vec<String> =
        std::iter::once(tool).chain(&tool.others).filter_map(|t| Some(t.position?.to_string())).collect();
    let (last, rest) = lines.split_last()?;
    let message = format!(
        "The server lists {} tools of this name, at {} and {last}: a client may call any. The label is the worst of them.",
        lines.len(),
        rest.join(", ")
    );
    let span = Span { start: 0, end: tool.name.len() };
    Some(Finding {
        id: FindingId::DuplicateName,
        level: FindingLevel::Error,
        place: Place::Name,
        span,
        message,
        accepted: None,
    })
}
