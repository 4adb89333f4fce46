//! Findings: what a person should look at, whatever the label.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use strum::{EnumCount, IntoStaticStr, VariantArray};

use super::Place;
use crate::neutral;
use crate::risk::Span;
use crate::variants::every;

/// A stable id of a finding.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumCount,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
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
    /// Arguments stand without `properties`, or what stands there could not be read.
    BareArguments,
    /// A second input schema in another spelling, and it differs.
    SecondSchema,
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
    /// It calls other tools or endpoints by name.
    Dispatcher,
    /// A connector directory refuses it, whatever it declares.
    DirectoryRefusal,
}

impl FindingId {
    /// All findings.
    pub const ALL: [Self; Self::COUNT] = every(Self::VARIANTS);

    /// The kebab-case id.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Whether it is of a text that says something else to a model than to people.
    pub fn is_of_text(self) -> bool {
        matches!(self, Self::HiddenText | Self::LookalikeLetters | Self::ModelDirectedText | Self::EncodedBlob)
    }

    /// The finding of that id.
    pub fn parse(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == id)
    }
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
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
        self.into()
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
    /// Who accepted it, where somebody did: it is a note then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Box<AcceptedBy>>,
}

/// Who accepted a finding of one definition, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AcceptedBy {
    /// Who.
    pub by: String,
    /// When, `YYYY-MM-DD`.
    pub date: String,
    /// Why.
    pub reason: String,
}

impl Finding {
    /// Whether no agent is to be offered the tool, whatever it does: only the server's widget may call it, some clients take
    /// its name for that of a tool that does something else, or a text of it says something else to a model than to people.
    pub fn keeps_from_agents(&self) -> bool {
        match self.id {
            FindingId::AppOnly => true,
            FindingId::NameCollision => self.level > FindingLevel::Note,
            id => id.is_of_text() && self.level > FindingLevel::Note,
        }
    }

    /// Makes it a note that says who accepted it and why.
    pub fn accept(&mut self, accepted: AcceptedBy) {
        let (by, reason) = (neutral::quoted(&accepted.by), neutral::quoted(accepted.reason.trim_end_matches('.')));
        let _ = write!(self.message, " Accepted by {by} on {}: {reason}.", accepted.date);
        self.level = FindingLevel::Note;
        self.accepted = Some(Box::new(accepted));
    }
}
