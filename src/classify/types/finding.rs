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
    /// Two definitions of one name.
    DuplicateName,
    /// A name beyond the rule of the specification, or longer than clients take.
    OddName,
    /// A name that some clients read as that of another tool.
    NameCollision,
    /// No input schema was published.
    NoInputSchema,
    /// A schema that clients refuse.
    RefusedSchema,
    /// Two declared hints exclude one another.
    ContradictingHints,
    /// Annotations of a wrong type or spelling declare nothing.
    UndeclaredHints,
    /// The server's widget calls it, not the model.
    AppOnly,
    /// Older keys of a widget.
    OldKeys,
    /// What the author publishes of its risk.
    AuthorRisk,
    /// An argument's header that makes clients drop the tool.
    BrokenHeader,
    /// A secret travels in a header.
    SecretInHeader,
}

impl FindingId {
    /// All findings.
    pub const ALL: [Self; 21] = [
        Self::AnnotationContradictsVerdict,
        Self::DescriptionContradictsName,
        Self::HiddenText,
        Self::LookalikeLetters,
        Self::ModelDirectedText,
        Self::EncodedBlob,
        Self::MissingDescription,
        Self::NameOnlyDescription,
        Self::DirectoryHintMissing,
        Self::DuplicateName,
        Self::OddName,
        Self::NameCollision,
        Self::NoInputSchema,
        Self::RefusedSchema,
        Self::ContradictingHints,
        Self::UndeclaredHints,
        Self::AppOnly,
        Self::OldKeys,
        Self::AuthorRisk,
        Self::BrokenHeader,
        Self::SecretInHeader,
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
            Self::DuplicateName => "duplicate-name",
            Self::OddName => "odd-name",
            Self::NameCollision => "name-collision",
            Self::NoInputSchema => "no-input-schema",
            Self::RefusedSchema => "refused-schema",
            Self::ContradictingHints => "contradicting-hints",
            Self::UndeclaredHints => "undeclared-hints",
            Self::AppOnly => "app-only",
            Self::OldKeys => "old-keys",
            Self::AuthorRisk => "author-risk",
            Self::BrokenHeader => "broken-header",
            Self::SecretInHeader => "secret-in-header",
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
