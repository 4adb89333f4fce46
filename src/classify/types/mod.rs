//! The vocabulary of a verdict.

mod finding;

pub use finding::{AcceptedBy, Finding, FindingId, FindingLevel};

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize, Serializer};
use strum::{EnumCount, VariantArray};

use crate::manifest::Hint;
use crate::risk::{Class, Facet, Facets, Severity, Span};
use crate::variants::every;

/// The part of a definition that a piece of evidence was seen in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The name.
    Name,
    /// The title.
    Title,
    /// The description.
    Description,
    /// A declared hint.
    Annotation(Hint),
    /// A JSON Pointer into the definition, e.g. `/inputSchema/properties/action/enum/2`. A pointer
    /// whose last step is a property speaks of that property's *name*.
    Pointer(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name => f.write_str("name"),
            Self::Title => f.write_str("title"),
            Self::Description => f.write_str("description"),
            Self::Annotation(hint) => write!(f, "annotations/{}", hint.key()),
            Self::Pointer(pointer) => f.write_str(pointer),
        }
    }
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What one observation speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SpeaksFor {
    /// A class.
    Class(Class),
    /// A facet.
    Facet(Facet),
}

impl SpeaksFor {
    /// The class's or facet's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Class(class) => class.name(),
            Self::Facet(facet) => facet.name(),
        }
    }
}

impl Serialize for SpeaksFor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Which rule made a piece of evidence: a kind of claim, a kind of restriction, or what stands where
/// there is neither. [`super::CLAIMS`] describes each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RuleFamily {
    /// A verb of the name.
    Name,
    /// A word of the name that is one edit off a dangerous verb.
    Misspelled,
    /// A verb of the title.
    Title,
    /// The main clause of the first sentence that states something.
    FirstSentence,
    /// Another main clause.
    LaterSentence,
    /// A phrase: cannot be undone, overwrites, arbitrary code.
    Phrase,
    /// A value that an argument offers.
    Value,
    /// A switch.
    Switch,
    /// An argument that is a program.
    Program,
    /// A free HTTP method beside an address.
    Method,
    /// An argument that says where a file is written.
    FileWritten,
    /// Any other tool or endpoint can be called.
    Dispatch,
    /// A noun that names what comes back.
    Answer,
    /// What the call acts on, for a facet.
    Thing,
    /// Restriction: nothing happens yet.
    DryRun,
    /// Restriction: only reading is possible.
    ReadOnly,
    /// Restriction: it calculates, and the expression is data.
    Computes,
    /// Restriction: what is made is only returned.
    Returned,
    /// A declared hint.
    Hint,
    /// Nothing speaks.
    Silence,
    /// A person's decision.
    Override,
}

/// One observation that speaks for a class or facet.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evidence {
    /// Stable id of the lexicon's row or of the fixed rule, e.g. `verb.delete`: also the anchor on the
    /// method page.
    pub rule: Cow<'static, str>,
    /// The kind of claim or restriction.
    pub by: RuleFamily,
    /// Where it was seen.
    #[serde(rename = "where")]
    pub place: Place,
    /// The exact bytes of the string at that place.
    pub span: Span,
    /// The text at the span.
    pub text: String,
    /// What it speaks for.
    pub speaks_for: SpeaksFor,
    /// 0 to 1; see the method page for what the numbers mean.
    pub weight: f32,
    /// Whether the class or facet rests on it.
    pub decides: bool,
    /// Whether it lowers: a restriction, and no claim.
    pub restricts: bool,
}

/// How sure the verdict is: the calibrated probability that the class is acceptable, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Confidence(pub f32);

impl Confidence {
    /// `high` (from 0.9), `medium` (from 0.7) or `low`: the band that pages and the lock show.
    pub fn band(self) -> &'static str {
        if self.0 >= 0.9 {
            "high"
        } else if self.0 >= 0.7 {
            "medium"
        } else {
            "low"
        }
    }
}

/// The class that came second, and what would have made it first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunnerUp {
    /// The class.
    pub class: Class,
    /// A sentence of ours, with its full stop; may quote rule ids, never server text.
    pub because: String,
}

/// One action that an argument's value selects: a value of an enumeration, or `true` and `false` of a switch that makes a call
/// worse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Action {
    /// Path below `args.`; array steps written `files[].action`.
    pub argument: String,
    /// The value.
    pub value: String,
    /// What a call with this value can do at worst.
    pub class: Class,
    /// The facets of this action alone.
    pub facets: Facets,
    /// Whether a call without the argument does this: the schema declares the value as its default, or it is `false` of a
    /// switch whose default is not declared.
    pub default: bool,
}

/// One hint: declared, absent and default are three different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Hinted {
    /// What was declared; `None` is absent.
    pub declared: Option<bool>,
    /// What the specification lets a client assume.
    pub default: bool,
    /// What the verdict says; `None` where we do not judge.
    pub verdict: Option<bool>,
}

impl Hinted {
    /// Whether a declared hint agrees with the verdict; `None` where one of both is missing.
    pub fn agrees(self) -> Option<bool> {
        Some(self.declared? == self.verdict?)
    }
}

/// The declared hints beside the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct AnnotationAudit {
    /// `readOnlyHint`
    #[serde(rename = "readOnlyHint")]
    pub read_only: Hinted,
    /// `destructiveHint`
    #[serde(rename = "destructiveHint")]
    pub destructive: Hinted,
    /// `idempotentHint`
    #[serde(rename = "idempotentHint")]
    pub idempotent: Hinted,
    /// `openWorldHint`
    #[serde(rename = "openWorldHint")]
    pub open_world: Hinted,
}

impl AnnotationAudit {
    /// The row of one hint.
    pub fn hint(&self, hint: Hint) -> Hinted {
        match hint {
            Hint::ReadOnly => self.read_only,
            Hint::Destructive => self.destructive,
            Hint::Idempotent => self.idempotent,
            Hint::OpenWorld => self.open_world,
        }
    }
}

/// One of the three legs of the lethal trifecta that a tool provides to its server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumCount, VariantArray)]
#[serde(rename_all = "snake_case")]
pub enum TrifectaLeg {
    /// Private data comes in.
    PrivateData,
    /// Text that strangers may have written comes in.
    UntrustedContent,
    /// Something can leave.
    ExternalCommunication,
}

impl TrifectaLeg {
    /// All three.
    pub const ALL: [Self; Self::COUNT] = every(Self::VARIANTS);

    /// The name that people read.
    pub fn name(self) -> &'static str {
        match self {
            Self::PrivateData => "private data",
            Self::UntrustedContent => "untrusted content",
            Self::ExternalCommunication => "external communication",
        }
    }
}

/// Class, severity, facets, confidence, evidence, findings: what we say of one tool.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The class that holds, after an override.
    pub class: Class,
    /// What the rules say, before an override.
    pub heuristic_class: Class,
    /// The worst class by evidence other than `actions`: what remains when the argument that
    /// selects an action is kept to harmless values.
    pub base_class: Class,
    /// A function of `class` and `facets`.
    pub severity: Severity,
    /// The facets that hold, after an override.
    pub facets: Facets,
    /// How sure the rules are of `heuristic_class`.
    pub confidence: Confidence,
    /// The action's verb as a lemma of the lexicon, e.g. `delete`; `None` where no verb is known.
    pub verb: Option<Cow<'static, str>>,
    /// Sorted by weight, heaviest first.
    pub evidence: Vec<Evidence>,
    /// The class that came second.
    pub runner_up: Option<RunnerUp>,
    /// What a reader must know that is not a class.
    pub findings: Vec<Finding>,
    /// The actions behind an argument, in the schema's order.
    pub actions: Vec<Action>,
    /// Declared hints beside the verdict.
    pub annotations: AnnotationAudit,
    /// The legs of the lethal trifecta that this tool provides.
    pub legs: Vec<TrifectaLeg>,
}

impl Verdict {
    /// The findings that are told in sentences: all but what is not declared for directories, which nearly every tool has
    /// and which is shown with the annotations.
    pub fn told_findings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.id != FindingId::DirectoryHintMissing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severity_follows_class_and_facets_alone() {
        let secret: Facets = [Facet::ReadsSecrets].into_iter().collect();
        let bulk: Facets = [Facet::Bulk].into_iter().collect();
        let code: Facets = [Facet::RunsCode].into_iter().collect();
        assert_eq!(Severity::of(Class::Read, Facets::NONE), Severity::Low);
        assert_eq!(Severity::of(Class::Read, bulk), Severity::Low);
        assert_eq!(Severity::of(Class::Read, code), Severity::Medium);
        assert_eq!(Severity::of(Class::Read, secret), Severity::Medium);
        assert_eq!(Severity::of(Class::Write, secret), Severity::Medium);
        assert_eq!(Severity::of(Class::Write, secret.union(bulk)), Severity::High);
        assert_eq!(Severity::of(Class::Destructive, Facets::NONE), Severity::Critical);
    }

    #[test]
    fn names_parse_back() {
        assert!(Class::ALL.into_iter().all(|c| Class::parse(&c.name().to_lowercase()) == Some(c)));
        assert!(Facet::ALL.into_iter().all(|f| Facet::parse(f.name()) == Some(f)));
    }
}
