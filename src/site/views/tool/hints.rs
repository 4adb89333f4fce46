//! Declared hints: declared, absent and default are three different things and stay apart.

use serde::Serialize;

use crate::card::{AnnotationNotes, agrees, understates};
use crate::classify::{Finding, FindingId, Place, Verdict};
use crate::manifest::{Annotations, Hint};

/// The hints of a tool.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct HintsView {
    /// The hints that are declared or judged.
    pub rows: Vec<HintRowView>,
    /// What directories lack.
    pub directories: Vec<Lacks>,
}

/// What a directory asks for and the server does not declare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lacks {
    /// Whose requirements these are.
    pub directory: &'static str,
    /// Keys, e.g. `title`.
    pub keys: Vec<&'static str>,
}

/// A declared hint beside what the verdict says of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HintRowView {
    /// `readOnlyHint`
    pub key: &'static str,
    /// `true`, `false`, or nothing.
    pub declared: &'static str,
    /// What the specification lets a client assume.
    pub default: bool,
    /// The comparison in words.
    pub against: &'static str,
    /// Whether the declaration contradicts the verdict.
    pub contradicts: bool,
}

/// The hints beside the verdict; nothing where none is declared.
pub fn show(notes: &AnnotationNotes) -> Option<HintsView> {
    let rows: Vec<HintRowView> = notes
        .rows
        .iter()
        // Neither declared nor judged: nothing to say.
        .filter(|row| row.declared.is_some() || row.words == "would be true")
        .map(|row| HintRowView {
            key: row.hint,
            declared: row.declared.map_or("", |d| if d { "true" } else { "false" }),
            default: row.default,
            against: row.words,
            contradicts: row.agrees == Some(false),
        })
        .collect();
    let asked = [("Anthropic", &notes.readiness.anthropic), ("OpenAI", &notes.readiness.openai)];
    let lacking = asked.into_iter().filter(|(_, keys)| !keys.is_empty());
    let directories = lacking.map(|(directory, keys)| Lacks { directory, keys: keys.clone() }).collect();
    rows.iter().any(|row| !row.declared.is_empty()).then_some(HintsView { rows, directories })
}

/// What a server declares in one word: `read-only`, `additive`, `destructive`, `writes`, or `nothing`.
pub(crate) fn declared_word(annotations: &Annotations) -> &'static str {
    match (annotations.read_only, annotations.destructive) {
        (Some(true), _) => "read-only",
        (_, Some(true)) => "destructive",
        (_, Some(false)) => "additive",
        (Some(false), None) => "writes",
        (None, None) => "nothing",
    }
}

/// How the declared hints compare with the verdict: `agrees`, `understates`, `overstates`, or
/// nothing where none is judged. A milder declaration outweighs a harsher one.
pub(crate) fn against_word(annotations: &Annotations, verdict: &Verdict) -> &'static str {
    let mut word = "";
    for hint in Hint::ALL {
        match (agrees(annotations, hint, verdict), annotations.declared(hint)) {
            (Some(false), Some(declared)) if understates(hint, declared) => return "understates",
            (Some(false), _) => word = "overstates",
            (Some(true), _) if word.is_empty() => word = "agrees",
            _ => {}
        }
    }
    word
}

/// Two or three words for a finding.
pub fn stamp(finding: &Finding, verdict: &Verdict) -> &'static str {
    match finding.id {
        FindingId::AnnotationContradictsVerdict => match &finding.place {
            Place::Annotation(hint) => match verdict.annotations.hint(*hint).declared {
                Some(declared) if understates(*hint, declared) => "understates",
                _ => "overstates",
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
        FindingId::DuplicateName => "two of one name",
        FindingId::OddName => "odd name",
        FindingId::NameCollision => "name collides",
        FindingId::NoInputSchema => "no input schema",
        FindingId::RefusedSchema => "schema refused",
        FindingId::BareArguments => "arguments misplaced",
        FindingId::SecondSchema => "two schemas",
        FindingId::ContradictingHints => "hints contradict",
        FindingId::UndeclaredHints => "hints undeclared",
        FindingId::AppOnly => "widget only",
        FindingId::OldKeys => "older keys",
        FindingId::AuthorRisk => "author’s risk",
        FindingId::BrokenHeader => "clients drop it",
        FindingId::SecretInHeader => "secret in header",
        FindingId::Dispatcher => "dispatcher",
        FindingId::DirectoryRefusal => "not for directories",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_hints_are_not_declarations() {
        let mut annotations = Annotations::default();
        assert_eq!(declared_word(&annotations), "nothing");
        annotations.destructive = Some(false);
        assert_eq!(declared_word(&annotations), "additive");
        annotations.read_only = Some(true);
        assert_eq!(declared_word(&annotations), "read-only");
    }
}
