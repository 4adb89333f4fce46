//! Findings that a change brings in.

use super::{StateTool, about};
use crate::classify::{Finding, FindingId, FindingLevel as Level};
use crate::manifest::DefinitionPart;
use crate::neutral;
use crate::review::change::{Change, Proof};
use crate::review::kind::Kind;

/// Tells the findings of `after` that `before` did not have and that no line of `told` says. Of a new
/// tool, and of one whose former findings a lock does not hold, notes are not told.
pub(super) fn added(
    slug: &str,
    before: Option<(StateTool<'_>, &[DefinitionPart])>,
    after: StateTool<'_>,
    told: &[(Kind, Level)],
    changes: &mut Vec<Change>,
) {
    let Some(new) = after.definition else { return };
    let flipped = told.iter().any(|(kind, level)| *kind == Kind::AnnotationFlipped && *level > Level::Note);
    let old: Option<&[Finding]> = before.and_then(|(b, _)| b.definition).map(|d| d.verdict.findings.as_slice());
    for finding in &new.verdict.findings {
        match finding.id {
            // `instruction-added`, which compares the words themselves.
            FindingId::ModelDirectedText | FindingId::DirectoryRefusal => continue,
            FindingId::AnnotationContradictsVerdict if flipped => continue,
            _ => {}
        }
        match old {
            Some(old) if old.iter().any(|f| f.id == finding.id && f.place == finding.place) => continue,
            None if finding.level == Level::Note => continue,
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
