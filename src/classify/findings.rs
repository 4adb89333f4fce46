//! What a reader must know that is no class.

use super::types::{Class, Finding, FindingId, FindingLevel, Place, Span, Verdict};
use crate::lexicon::Lexicon;
use crate::manifest::{Hint, Tool};
use crate::words::Words;

/// The findings of one tool.
pub(super) fn of(_lexicon: &Lexicon, tool: &Tool, verdict: &Verdict, _name: &Words, _text: &Words) -> Vec<Finding> {
    let mut out = Vec::new();
    if tool.annotations.read_only == Some(true) && verdict.class != Class::Read {
        out.push(Finding {
            id: FindingId::AnnotationContradictsVerdict,
            level: if verdict.class == Class::Destructive { FindingLevel::Error } else { FindingLevel::Warning },
            place: Place::Annotation(Hint::ReadOnly),
            span: Span { start: 0, end: 4 },
            message: format!("`readOnlyHint` is declared true, and the definition speaks for {}.", verdict.class),
        });
    }
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
