//! What a reader must know that is no class.

use super::types::{AnnotationAudit, Class, Finding, FindingId, FindingLevel, Place, Span, Verdict};
use crate::lexicon::Lexicon;
use crate::manifest::{Hint, Tool};
use crate::words::Words;

/// The findings of one tool.
pub(super) fn of(_lexicon: &Lexicon, tool: &Tool, verdict: &Verdict, _name: &Words, _text: &Words) -> Vec<Finding> {
    let mut out = contradictions(&verdict.annotations, verdict.class);
    if tool.description().is_empty() {
        out.push(Finding {
            id: FindingId::MissingDescription,
            level: FindingLevel::Warning,
            place: Place::Name,
            span: Span { start: 0, end: tool.name.len() },
            message: "The tool has no description.".to_owned(),
        });
    }
    out
}

/// Where declared hints disagree with `class`.
fn contradictions(audit: &AnnotationAudit, class: Class) -> Vec<Finding> {
    let finding = |hint: Hint, declared: bool, level, message: String| Finding {
        id: FindingId::AnnotationContradictsVerdict,
        level,
        place: Place::Annotation(hint),
        span: Span { start: 0, end: if declared { 4 } else { 5 } },
        message,
    };
    let mut out = Vec::new();
    if audit.read_only.declared == Some(true) && class != Class::Read {
        let level = if class == Class::Destructive { FindingLevel::Error } else { FindingLevel::Warning };
        let message = format!("`readOnlyHint` is declared true, and the definition speaks for {class}.");
        out.push(finding(Hint::ReadOnly, true, level, message));
    } else if audit.destructive.declared == Some(false) && class == Class::Destructive {
        let message = "`destructiveHint` is declared false, and the definition speaks for Destructive.".to_owned();
        out.push(finding(Hint::Destructive, false, FindingLevel::Warning, message));
    } else if audit.destructive.declared == Some(true) && audit.read_only.declared != Some(true) && class == Class::Read
    {
        let message = "`destructiveHint` is declared true, and the definition speaks for Read.".to_owned();
        out.push(finding(Hint::Destructive, true, FindingLevel::Note, message));
    } else if audit.read_only.declared == Some(false) && class == Class::Read {
        let message = "`readOnlyHint` is declared false, and the definition speaks for Read.".to_owned();
        out.push(finding(Hint::ReadOnly, false, FindingLevel::Note, message));
    }
    out
}

/// The audit and its findings after the class was overridden.
pub(super) fn reaudit(verdict: &mut Verdict) {
    verdict.annotations.read_only.verdict = Some(verdict.class == Class::Read);
    verdict.annotations.destructive.verdict = Some(verdict.class == Class::Destructive);
    verdict.findings.retain(|f| f.id != FindingId::AnnotationContradictsVerdict);
    verdict.findings.splice(0..0, contradictions(&verdict.annotations, verdict.class));
}
