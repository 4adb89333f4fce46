//! Findings: what a person should look at, whatever the label.

use serde::Serialize;

use super::Place;
use crate::risk::Span;

/// A stable id of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingId {
    /// A declared hint disagrees with the verdict.
    AnnotationContradictsVerdict,
    /// A description that destroys under a name that says reading.
    DescriptionContradictsName,
    /// Characters that people do not see, or that turn the direction of text.
    HiddenText,
    /// Letters that look like others.
    LookalikeLetters,
    /// Instructions aimed at a model.
    ModelDirectedText,
    /// An encoded blob in a text.
    EncodedBlob,
    /// No description.
    MissingDescription,
    /// A description that only repeats the name.
    NameOnlyDescription,
    /// A hint that a connector directory requires is not declared.
    DirectoryHintMissing,
}

impl FindingId {
    /// All findings.
    pub const ALL: [Self; 9] = [
        Self::AnnotationContradictsVerdict,
        Self::DescriptionContradictsName,
        Self::HiddenText,
        Self::LookalikeLetters,
        Self::ModelDirectedText,
        Self::EncodedBlob,
        Self::MissingDescription,
        Self::NameOnlyDescription,
        Self::DirectoryHintMissing,
    ];

    /// The kebab-case id.
    pub fn name(self) -> &'static str {
        match self {
            Self::AnnotationContradictsVerdict => "annotation-contradicts-verdict",
            Self::DescriptionContradictsName => "description-contradicts-name",
            Self::HiddenText => "hidden-text",
            Self::LookalikeLetters => "lookalike-letters",
            Self::ModelDirectedText => "model-directed-text",
            Self::EncodedBlob => "encoded-blob",
            Self::MissingDescription => "missing-description",
            Self::NameOnlyDescription => "name-only-description",
            Self::DirectoryHintMissing => "directory-hint-missing",
        }
    }
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FindingLevel {
    /// Worth knowing.
    Note,
    /// Worth changing.
    Warning,
    /// Do not trust before it is explained.
    Error,
}

impl FindingLevel {
    /// `note`, `warning` or `error`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Something a reader must know that is not a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which.
    pub id: FindingId,
    /// How much it matters.
    pub level: FindingLevel,
    /// Where it was seen.
    #[serde(rename = "where")]
    pub place: Place,
    /// The exact bytes.
    pub span: Span,
    /// A sentence of ours. Server text in it is escaped (`U+202E`) or quoted in backticks.
    pub message: String,
}
