//! `risk.lock`: the committed record of every label and fingerprint that a reviewer has seen.
//!
//! ```text
//! toolcard risk.lock 1
//! # Labels and fingerprints that a person has reviewed. `toolcard lock` writes this file.
//!
//! server playwright-mcp
//!
//! tool browser_drop
//!   label         Write High
//!   facets        bulk
//!   confidence    high
//!   rules         verb.drop
//!   description   0f3c…  (32 hexadecimal digits)
//!   input_schema  77aa…
//! ```
//!
//! Text and not JSON, because git's own diff of it is what a reviewer reads: one
//! fact a line, the tool's name where git looks for the heading of a hunk. Servers and tools
//! are in byte order, keys in the order above, absent parts are left out; so the same
//! labels are the same bytes.

pub mod pair;
pub mod prefix;
mod read;
mod write;

use std::borrow::Cow;

use strum::{EnumCount, EnumString, IntoStaticStr, VariantArray};

use crate::classify::{Confidence, Verdict};
use crate::manifest::{Fingerprint, Tool, fingerprint};
use crate::risk::{Class, Facets, Severity};
use crate::variants::every;

pub use read::Lock;
pub use write::{header, write_server};

/// The lock's file name in a catalogue.
pub const FILE: &str = "risk.lock";
/// The first line of a lock: its kind and the version of its format.
pub const HEADER: &str = "toolcard risk.lock 1";
/// The rule id that is in a lock where a person decided.
pub const OVERRIDE: &str = "override";

/// How sure a verdict is, in the words of [`Confidence::band`].
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    EnumCount,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Band {
    /// Below 0.7.
    Low,
    /// From 0.7.
    Medium,
    /// From 0.9.
    High,
}

impl Band {
    /// All bands, least sure first.
    pub const ALL: [Self; Self::COUNT] = every(Self::VARIANTS);

    /// `low`, `medium` or `high`.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The band of that name.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    /// The band of a confidence.
    pub fn of(confidence: Confidence) -> Self {
        Self::parse(confidence.band()).unwrap_or(Self::Low)
    }
}

/// What a reviewer argues about: the part of a verdict that the lock records.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Label {
    /// The class that holds, after an override.
    pub class: Class,
    /// The severity of class and facets.
    pub severity: Severity,
    /// The facets that hold.
    pub facets: Facets,
    /// How sure the rules are.
    pub confidence: Band,
    /// Ids of the rules that the label rests on, in byte order; `override` where a person decided.
    pub rules: Vec<Cow<'static, str>>,
}

impl Label {
    /// The label of a verdict; `overridden` where a person's decision holds.
    pub fn of(verdict: &Verdict, overridden: bool) -> Self {
        let mut rules: Vec<_> = verdict.evidence.iter().filter(|e| e.decides).map(|e| e.rule.clone()).collect();
        if overridden {
            rules.push(Cow::Borrowed(OVERRIDE));
        }
        rules.sort_unstable();
        rules.dedup();
        Self {
            class: verdict.class,
            severity: verdict.severity,
            facets: verdict.facets,
            confidence: Band::of(verdict.confidence),
            rules,
        }
    }

    /// What orders two labels by risk: class first, then severity.
    pub fn risk(&self) -> (Class, Severity) {
        (self.class, self.severity)
    }
}

/// One tool of a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locked {
    /// The tool's name.
    pub tool: String,
    /// Class, severity, facets and the rules that decided, as the reviewer saw them.
    pub label: Label,
    /// Its definition, part by part.
    pub fingerprint: Fingerprint,
}

impl Locked {
    /// The row of a tool.
    pub fn of(tool: &Tool, verdict: &Verdict, overridden: bool) -> Self {
        Self { tool: tool.name.to_string(), label: Label::of(verdict, overridden), fingerprint: fingerprint(tool) }
    }
}

/// The rows of one server in the order of the lock.
pub fn sort(rows: &mut [Locked]) {
    rows.sort_unstable_by(|a, b| a.tool.cmp(&b.tool));
}
