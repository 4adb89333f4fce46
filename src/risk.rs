//! The words of a risk that everything else is said in: class, facets, severity, and a span of text.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};
use strum::{EnumCount, EnumString, IntoStaticStr, VariantArray};

use crate::variants::every;

/// The worst that one call can do. Ordered: `Read < Write < Destructive`.
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
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[strum(ascii_case_insensitive)]
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
    pub const ALL: [Self; Self::COUNT] = every(Self::VARIANTS);

    /// `Read`, `Write` or `Destructive`.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The name in lower case.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Destructive => "destructive",
        }
    }

    /// The class of that name, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How many tools have each class.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ClassCounts {
    /// Read.
    pub read: usize,
    /// Write.
    pub write: usize,
    /// Destructive.
    pub destructive: usize,
}

impl ClassCounts {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            read: self.read + other.read,
            write: self.write + other.write,
            destructive: self.destructive + other.destructive,
        }
    }

    /// All tools.
    pub fn tools(self) -> usize {
        self.read + self.write + self.destructive
    }

    /// "2 Destructive, 5 Write, 7 Read": those that there are, worst first.
    pub fn words(self) -> String {
        let all = [(self.destructive, Class::Destructive), (self.write, Class::Write), (self.read, Class::Read)];
        let some: Vec<String> =
            all.into_iter().filter(|(n, _)| *n > 0).map(|(n, class)| format!("{n} {class}")).collect();
        some.join(", ")
    }
}

impl FromIterator<Class> for ClassCounts {
    fn from_iter<I: IntoIterator<Item = Class>>(classes: I) -> Self {
        let mut counts = Self::default();
        for class in classes {
            match class {
                Class::Read => counts.read += 1,
                Class::Write => counts.write += 1,
                Class::Destructive => counts.destructive += 1,
            }
        }
        counts
    }
}

/// Why a tool of its class deserves more care.
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
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
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
    /// All facets, in the one order that everything prints them in.
    pub const ALL: [Self; Self::COUNT] = every(Self::VARIANTS);

    /// The name used everywhere, e.g. `runs_code`.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The facet of that name.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
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

/// A set of facets as one number, for what only programs read: `#[serde(with = "facet_bits")]`.
pub(crate) mod facet_bits {
    use serde::{Deserialize as _, Deserializer, Serializer};

    use super::Facets;

    #[allow(clippy::trivially_copy_pass_by_ref)] // as serde calls it
    pub(crate) fn serialize<S: Serializer>(facets: &Facets, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(facets.0)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Facets, D::Error> {
        u8::deserialize(deserializer).map(Facets)
    }
}

/// How bad: a function of class and facets and of nothing else.
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
    pub const ALL: [Self; Self::COUNT] = every(Self::VARIANTS);

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
        self.into()
    }

    /// The name in lower case.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// Its place among the four: 1, mildest, to 4.
    pub fn level(self) -> u8 {
        self as u8 + 1
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// `[start, end)` in UTF-8 bytes of a string.
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
