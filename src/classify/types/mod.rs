//! The vocabulary of a verdict.

mod finding;

pub use finding::{Finding, FindingId, FindingLevel};

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

use crate::manifest::Hint;

/// The worst that one call can do. Ordered: `Read < Write < Destructive`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Class {
    /// Nothing changes that outlives the call.
    Read,
    /// Something changes that another call can change back, or is sent, started, stopped.
    Write,
    /// Something is removed or overwritten for good, money moves, or the power to do so is handed over.
    Destructive,
}

impl Class {
    /// All classes, mildest first.
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Destructive];

    /// `Read`, `Write` or `Destructive`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "Read",
            Self::Write => "Write",
            Self::Destructive => "Destructive",
        }
    }

    /// Lower-case name for URLs and CSS classes.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Destructive => "destructive",
        }
    }

    /// The class of that name, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.name().eq_ignore_ascii_case(text))
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Why a tool of its class deserves more care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Facet {
    /// An argument is a program.
    RunsCode,
    /// A call starts or stops something that then acts by itself.
    StartsProcess,
    /// Payment, transfer, refund, order.
    MovesMoney,
    /// A message or content goes to people or the public.
    SendsOut,
    /// Who may do what changes.
    Permissions,
    /// What comes back is meant to be secret.
    ReadsSecrets,
    /// One call acts on many objects at once.
    Bulk,
}

impl Facet {
    /// All facets, in the fixed order of the card's seven holes.
    pub const ALL: [Self; 7] = [
        Self::RunsCode,
        Self::StartsProcess,
        Self::MovesMoney,
        Self::SendsOut,
        Self::Permissions,
        Self::ReadsSecrets,
        Self::Bulk,
    ];

    /// The name used everywhere, e.g. `runs_code`.
    pub fn name(self) -> &'static str {
        match self {
            Self::RunsCode => "runs_code",
            Self::StartsProcess => "starts_process",
            Self::MovesMoney => "moves_money",
            Self::SendsOut => "sends_out",
            Self::Permissions => "permissions",
            Self::ReadsSecrets => "reads_secrets",
            Self::Bulk => "bulk",
        }
    }

    /// The facet of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.name() == text)
    }
}

impl fmt::Display for Facet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A set of facets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Facets(u8);

const _: () = assert!(Facet::ALL.len() <= u8::BITS as usize, "a facet is a bit");

impl Facets {
    /// No facet.
    pub const NONE: Self = Self(0);

    /// Whether `facet` applies.
    pub fn has(self, facet: Facet) -> bool {
        self.0 & (1 << facet as u8) != 0
    }

    /// Adds `facet`.
    pub fn add(&mut self, facet: Facet) {
        self.0 |= 1 << facet as u8;
    }

    /// Removes `facet`.
    pub fn remove(&mut self, facet: Facet) {
        self.0 &= !(1 << facet as u8);
    }

    /// Both sets together.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether none applies.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many apply.
    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// One bit a facet, the first of [`Facet::ALL`] lowest.
    pub fn bits(self) -> u8 {
        self.0
    }

    /// Those that apply, in canonical order.
    pub fn iter(self) -> impl Iterator<Item = Facet> {
        Facet::ALL.into_iter().filter(move |f| self.has(*f))
    }
}

impl FromIterator<Facet> for Facets {
    fn from_iter<I: IntoIterator<Item = Facet>>(facets: I) -> Self {
        let mut set = Self::NONE;
        for facet in facets {
            set.add(facet);
        }
        set
    }
}

impl Serialize for Facets {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// How bad: a function of class and facets and of nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Severity {
    /// Reads nothing that is secret.
    Low,
    /// Reads secrets or runs restricted code, or writes without a facet.
    Medium,
    /// Writes, with a facet.
    High,
    /// Destroys.
    Critical,
}

impl Severity {
    /// All severities, mildest first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// Read is Low, Medium with `reads_secrets` or `runs_code`; Write is Medium, High with any
    /// facet except `reads_secrets` alone; Destructive is Critical.
    pub fn of(class: Class, facets: Facets) -> Self {
        match class {
            Class::Read if facets.has(Facet::ReadsSecrets) || facets.has(Facet::RunsCode) => Self::Medium,
            Class::Read => Self::Low,
            Class::Write if facets.iter().any(|f| f != Facet::ReadsSecrets) => Self::High,
            Class::Write => Self::Medium,
            Class::Destructive => Self::Critical,
        }
    }

    /// `Low`, `Medium`, `High` or `Critical`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "Low",
            Self::Medium => "Medium",
            Self::High => "High",
            Self::Critical => "Critical",
        }
    }

    /// Lower-case name for URLs.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// How many of the card's four bars stand: 1 to 4.
    pub fn bars(self) -> u8 {
        self as u8 + 1
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

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

/// `[start, end)` in UTF-8 bytes of the string at a [`Place`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        [self.start, self.end].serialize(serializer)
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
pub enum Rule {
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
    pub by: Rule,
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

/// One deed that an argument's value selects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Action {
    /// Path below `args.`; array steps written `files[].action`.
    pub argument: String,
    /// The value.
    pub value: String,
    /// What a call with this value can do at worst.
    pub class: Class,
    /// The facets of this deed alone.
    pub facets: Facets,
    /// Whether the schema declares this value as the argument's default.
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

/// One of the three legs of an exfiltration that a tool provides to its server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Leg {
    /// Private data comes in.
    PrivateData,
    /// Text that strangers may have written comes in.
    UntrustedContent,
    /// Something can leave.
    WayOut,
}

/// Class, severity, facets, confidence, evidence, findings: what we say of one tool.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The class that holds, after an override.
    pub class: Class,
    /// What the rules say, before an override.
    pub heuristic_class: Class,
    /// The worst class by evidence other than `actions`: what remains when the argument that
    /// selects a deed is kept to harmless values.
    pub base_class: Class,
    /// A function of `class` and `facets`.
    pub severity: Severity,
    /// The facets that hold, after an override.
    pub facets: Facets,
    /// How sure the rules are of `heuristic_class`.
    pub confidence: Confidence,
    /// The deed's verb as a lemma of the lexicon, e.g. `delete`; `None` where no verb is known.
    pub verb: Option<Cow<'static, str>>,
    /// Sorted by weight, heaviest first.
    pub evidence: Vec<Evidence>,
    /// The class that came second.
    pub runner_up: Option<RunnerUp>,
    /// What a reader must know that is no class.
    pub findings: Vec<Finding>,
    /// The deeds behind an argument, in the schema's order.
    pub actions: Vec<Action>,
    /// Declared hints beside the verdict.
    pub annotations: AnnotationAudit,
    /// The legs of an exfiltration that this tool provides.
    pub legs: Vec<Leg>,
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
