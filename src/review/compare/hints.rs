//! Declared hints.

use super::{StateTool, between, moved_text};
use crate::classify::{FindingId, FindingLevel};
use crate::manifest::{DefinitionPart, Hint};
use crate::review::change::{Change, Proof};
use crate::review::kind::Kind;
use crate::risk::Class;

/// Returns the parts that are reported here.
pub(super) fn compare(
    slug: &str,
    before: StateTool<'_>,
    after: StateTool<'_>,
    moved: &[DefinitionPart],
    changes: &mut Vec<Change>,
) -> Option<DefinitionPart> {
    let new = after.definition?;
    if !moved.contains(&DefinitionPart::Annotations) {
        return None;
    }
    let class = after.row.label.class;
    let now_claims = |hint: Hint, value: bool| {
        let claims =
            |seen: StateTool<'_>| seen.definition.is_some_and(|d| d.tool.annotations.declared(hint) == Some(value));
        claims(after) && !claims(before)
    };
    let wrong = if class != Class::Read && now_claims(Hint::ReadOnly, true) {
        Some("to be read-only")
    } else if class == Class::Destructive && now_claims(Hint::Destructive, false) {
        Some("not to be destructive")
    } else {
        None
    };
    let dropped = before.definition.is_some_and(|old| old.tool.annotations.destructive == Some(true))
        && new.tool.annotations.destructive.is_none();
    let mut turned = false;
    let (message, evidence) = match before.definition {
        Some(old) => {
            let spelled = |v: Option<bool>| v.map(|v| if v { "true" } else { "false" });
            let flipped: Vec<Proof> = Hint::ALL
                .into_iter()
                .map(|hint| (hint, old.tool.annotations.declared(hint), new.tool.annotations.declared(hint)))
                .filter(|(_, was, is)| was != is)
                .inspect(|(hint, was, is)| {
                    let speaks = matches!(hint, Hint::ReadOnly | Hint::Destructive);
                    turned |= speaks && was.is_some() && is.is_some();
                })
                .map(|(hint, was, is)| moved_text(&format!("annotations/{}", hint.key()), spelled(was), spelled(is)))
                .collect();
            if flipped.is_empty() {
                return None;
            }
            ("a declared hint changed", flipped)
        }
        None if wrong.is_some() => {
            let text = "the lock does not hold the hints that were declared".into();
            ("the annotations changed", vec![Proof::Said { text }])
        }
        None => return None,
    };
    let contradicts = |seen: StateTool<'_>| {
        let findings = seen.definition.map(|d| d.verdict.findings.as_slice()).unwrap_or_default();
        findings.iter().any(|f| f.id == FindingId::AnnotationContradictsVerdict)
    };
    let (level, effect) = if let Some(claim) = wrong {
        (FindingLevel::Error, format!(", and a {class} tool claims {claim}"))
    } else if contradicts(after) && !contradicts(before) {
        (
            if turned { FindingLevel::Error } else { FindingLevel::Warning },
            ", and now contradicts the verdict".to_owned(),
        )
    } else if turned {
        (FindingLevel::Error, ": it is the opposite of what it was".to_owned())
    } else if dropped {
        (FindingLevel::Warning, ": `destructiveHint: true` is no longer declared".to_owned())
    } else {
        (FindingLevel::Note, String::new())
    };
    let mut change = between(slug, Kind::AnnotationFlipped, before, after, format!("{message}{effect}"));
    change.level = level;
    change.evidence = evidence;
    changes.push(change);
    Some(DefinitionPart::Annotations)
}
