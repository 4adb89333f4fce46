//! Declared hints: declared, absent and default are three different things and stay apart.

use serde::Serialize;

use crate::card::AnnotationNotes;
use crate::classify::{Finding, FindingId, Place, Verdict};
use crate::manifest::{Annotations, Hint};
use crate::site::text::Html;
use crate::site::views::{Around, prose};

/// The hints of a tool.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Hints {
    /// What the declarations amount to.
    pub summary_html: Html,
    /// The four hints.
    pub rows: Vec<HintRow>,
    /// What directories lack.
    pub directories_html: Html,
}

/// One hint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HintRow {
    /// `readOnlyHint`
    pub key: &'static str,
    /// `true`, `false`, or nothing.
    pub declared: &'static str,
    /// What the specification lets a client assume.
    pub default: bool,
    /// The comparison in words.
    pub against_html: Html,
    /// Whether the declaration contradicts the verdict.
    pub contradicts: bool,
}

/// The hints beside the verdict.
pub fn show(notes: &AnnotationNotes, around: &Around<'_>, path: &str) -> Hints {
    let html = |words| prose::html(words, around, path);
    Hints {
        summary_html: html(&notes.summary),
        rows: notes
            .rows
            .iter()
            .map(|row| HintRow {
                key: row.hint,
                declared: row.declared.map_or("", |d| if d { "true" } else { "false" }),
                default: row.default,
                against_html: html(&row.words),
                contradicts: row.agrees == Some(false),
            })
            .collect(),
        directories_html: html(&notes.readiness.words),
    }
}

/// What a server declares in one word: `read-only`, `additive`, `destructive`, `writes`, or `nothing`.
pub fn declared_word(annotations: &Annotations) -> &'static str {
    match (annotations.read_only, annotations.destructive) {
        (Some(true), _) => "read-only",
        (_, Some(true)) => "destructive",
        (_, Some(false)) => "additive",
        (Some(false), None) => "writes",
        (None, None) => "nothing",
    }
}

/// How the declared hints compare with the verdict: `agrees`, `claims less`, `claims more`, or
/// nothing where none is judged. A milder claim outweighs a harsher one.
pub fn against_word(verdict: &Verdict) -> &'static str {
    let mut word = "";
    for hint in Hint::ALL {
        let hinted = verdict.annotations.hint(hint);
        match (hinted.agrees(), hinted.declared) {
            (Some(false), Some(declared)) if claims_less(hint, declared) => return "claims less",
            (Some(false), _) => word = "claims more",
            (Some(true), _) if word.is_empty() => word = "agrees",
            _ => {}
        }
    }
    word
}

/// Whether a declaration that contradicts the verdict makes the tool look milder than it is.
fn claims_less(hint: Hint, declared: bool) -> bool {
    match hint {
        Hint::ReadOnly | Hint::Idempotent => declared,
        Hint::Destructive | Hint::OpenWorld => !declared,
    }
}

/// Two or three words for a finding.
pub fn stamp(finding: &Finding, verdict: &Verdict) -> &'static str {
    match finding.id {
        FindingId::AnnotationContradictsVerdict => match &finding.place {
            Place::Annotation(hint) => match verdict.annotations.hint(*hint).declared {
                Some(declared) if claims_less(*hint, declared) => "claims less",
                _ => "claims more",
            },
            _ => "contradiction",
        },
        FindingId::DescriptionContradictsName => "contradicts its name",
        FindingId::HiddenText => "hidden text",
        FindingId::LookalikeLetters => "lookalike letters",
        FindingId::ModelDirectedText => "aimed at a model",
        FindingId::EncodedBlob => "encoded blob",
        FindingId::MissingDescription => "no description",
        FindingId::NameOnlyDescription => "says only its name",
        FindingId::DirectoryHintMissing => "not ready",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_hints_are_no_declarations() {
        let mut annotations = Annotations::default();
        assert_eq!(declared_word(&annotations), "nothing");
        annotations.destructive = Some(false);
        assert_eq!(declared_word(&annotations), "additive");
        annotations.read_only = Some(true);
        assert_eq!(declared_word(&annotations), "read-only");
    }

    #[test]
    fn a_milder_claim_is_told_from_a_harsher_one() {
        assert!(claims_less(Hint::ReadOnly, true) && claims_less(Hint::Destructive, false));
        assert!(!claims_less(Hint::ReadOnly, false) && !claims_less(Hint::Destructive, true));
    }
}
