//! What a review says: the changes and their sum.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use super::accept;
use super::kind::Kind;
use crate::catalog::lock::Label;
use crate::classify::{Evidence, FindingLevel};
use crate::diagnostic::Position;
use crate::manifest::DefinitionPart;
use crate::neutral;
use crate::risk::{Class, ClassCounts};

/// A place in a file of the head state; in the base state for what is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Location {
    /// The path with `/`: from the repository's root for a revision, as it was given for a folder.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl Location {
    /// The place of a tool in its manifest, the file's beginning where none is known.
    pub fn new(file: &str, position: Option<Position>) -> Self {
        let Position { line, column } = position.unwrap_or(Position { line: 1, column: 1 });
        Self { file: file.to_owned(), line, column }
    }
}

/// What a change rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Proof {
    /// An observation of the classifier.
    Rule(Evidence),
    /// A part of a definition before and after; absent where there was none.
    Moved {
        /// Where: `description`, `annotations/readOnlyHint`, a JSON Pointer.
        #[serde(rename = "where")]
        place: String,
        /// What was there.
        before: Option<String>,
        /// What is there.
        after: Option<String>,
    },
    /// Words that are new, exactly as declared.
    Words {
        /// Where: `description`, a JSON Pointer.
        #[serde(rename = "where")]
        place: String,
        /// The words.
        text: String,
    },
    /// A document's difference, line by line, each line with its mark (` `, `-`, `+`) before it.
    Diff {
        /// Which document: `policy`.
        #[serde(rename = "where")]
        place: &'static str,
        /// The lines.
        diff: Vec<String>,
    },
    /// Something said in our words, with server text [`neutral::quoted`].
    Said {
        /// The sentence.
        text: Cow<'static, str>,
    },
}

/// A difference between two states of a catalogue, with what bears it out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// Which.
    pub id: Kind,
    /// How much it matters.
    pub level: FindingLevel,
    /// The server's slug; empty where the whole catalogue is meant.
    pub server: String,
    /// The tool's name; `None` where the whole server is meant.
    pub tool: Option<String>,
    /// What happened, a sentence without a full stop and without the tool's name. Server text in
    /// it is [`neutral::quoted`].
    pub message: String,
    /// The label before.
    pub before: Option<Label>,
    /// The label after.
    pub after: Option<Label>,
    /// Why.
    pub evidence: Vec<Proof>,
    /// Where.
    pub location: Option<Location>,
    /// What accepts it, where something does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Acceptance>,
}

/// What accepts a change: it fails no review by `raised` or `destructive`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Acceptance {
    /// The lock of the head has the tool as it is there, and the base has a lock too.
    Lock,
    /// A person accepts the finding of the definition as it is.
    Finding,
}

impl Acceptance {
    /// A sentence without a full stop.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Lock => "accepted: `risk.lock` of the head has the tool as it is",
            Self::Finding => "accepted: a person accepts the finding in `overrides.toml`, of the definition as it is",
        }
    }
}

/// The tools of both sides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct SideCounts {
    /// Those of the base.
    pub base: ClassCounts,
    /// Those of the head.
    pub head: ClassCounts,
}

impl Change {
    /// `server/tool`, the server alone, or `catalogue`, raw.
    pub fn subject(&self) -> Cow<'_, str> {
        match &self.tool {
            None if self.server.is_empty() => Cow::Borrowed("catalogue"),
            Some(tool) => Cow::Owned(format!("{}/{tool}", self.server)),
            None => Cow::Borrowed(&self.server),
        }
    }

    /// The whole sentence: subject and what happened.
    pub fn sentence(&self) -> String {
        format!("{}: {}", neutral::quoted(&self.subject()), self.message)
    }

    /// Whether the tool is Destructive and was not, or was not there.
    pub(crate) fn became_destructive(&self) -> bool {
        let class = |label: &Option<Label>| label.as_ref().map(|l| l.class);
        class(&self.after) == Some(Class::Destructive) && class(&self.before) != Some(Class::Destructive)
    }

    /// Whether the evidence shows how the title or the description changed.
    pub(crate) fn tells_description(&self) -> bool {
        let shown = |place: &str| {
            [DefinitionPart::Title, DefinitionPart::Description].into_iter().any(|part| part.key() == place)
        };
        self.evidence.iter().any(|proof| matches!(proof, Proof::Moved { place, .. } if shown(place)))
    }

    /// What sorts the worst first: level, text that is meant for a model or hidden, kind, severity after.
    fn weight(&self) -> impl Ord + use<> {
        let severity = self.after.as_ref().or(self.before.as_ref()).map(|l| l.severity);
        (Reverse(self.level), accept::text(self.id).is_none(), self.id, Reverse(severity))
    }
}

/// A server of which one side has only a part of the listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartialSide {
    /// `base` or `head`.
    pub side: &'static str,
    /// The server's slug.
    pub server: String,
    /// How many tools it has at least.
    pub at_least: usize,
}

impl PartialSide {
    /// A sentence without a full stop.
    pub fn sentence(&self) -> String {
        let tools = if self.at_least == 1 { "tool" } else { "tools" };
        let rest = match self.side {
            "head" => "one that is missing need not be gone",
            _ => "one that is added need not be new",
        };
        format!(
            "the listing of {} is a part in the {}: at least {} {tools}, and {rest}",
            neutral::quoted(&self.server),
            self.side,
            self.at_least
        )
    }
}

/// What came of comparing two states.
#[derive(Debug, Default)]
pub struct Review {
    /// How the base was named.
    pub base: String,
    /// How the head was named.
    pub head: String,
    /// The changes, by server, tool and kind.
    pub changes: Vec<Change>,
    /// How many servers the head has.
    pub servers: usize,
    /// How many tools the head has.
    pub tools: usize,
    /// The tools of both sides by class.
    pub labels: SideCounts,
    /// Whether the base has a lock, so that one of the head can accept changes.
    pub base_locked: bool,
    /// The servers that one side lists in part.
    pub partial: Vec<PartialSide>,
    /// What could not be compared and why: sentences of ours.
    pub unavailable: Vec<&'static str>,
}

/// The changes in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// How the base was named.
    pub base: String,
    /// How the head was named.
    pub head: String,
    /// How many servers the head has.
    pub servers: usize,
    /// How many tools the head has; at least so many where `partial` has one of its servers.
    pub tools: usize,
    /// The tools of both sides by class.
    pub labels: SideCounts,
    /// The servers that one side lists in part.
    pub partial: Vec<PartialSide>,
    /// How many changes there are.
    pub changes: usize,
    /// How many of them are errors.
    pub errors: usize,
    /// How many are warnings.
    pub warnings: usize,
    /// How many are notes.
    pub notes: usize,
    /// How many of each id.
    pub by_id: BTreeMap<&'static str, usize>,
    /// What could not be compared and why.
    pub unavailable: Vec<&'static str>,
}

impl Review {
    /// Brings the changes into their order.
    pub fn sort(&mut self) {
        self.changes.sort_by(|a, b| (&a.server, &a.tool, a.id).cmp(&(&b.server, &b.tool, b.id)));
    }

    /// The changes with the worst first.
    pub(crate) fn worst_first(&self) -> Vec<&Change> {
        let mut changes: Vec<&Change> = self.changes.iter().collect();
        changes.sort_by_key(|c| c.weight());
        changes
    }

    /// The changes in numbers.
    pub fn summary(&self) -> Summary {
        let count = |level| self.changes.iter().filter(|c| c.level == level).count();
        let mut by_id = BTreeMap::new();
        for change in &self.changes {
            *by_id.entry(change.id.id()).or_default() += 1;
        }
        Summary {
            base: self.base.clone(),
            head: self.head.clone(),
            servers: self.servers,
            tools: self.tools,
            labels: self.labels,
            partial: self.partial.clone(),
            changes: self.changes.len(),
            errors: count(FindingLevel::Error),
            warnings: count(FindingLevel::Warning),
            notes: count(FindingLevel::Note),
            by_id,
            unavailable: self.unavailable.clone(),
        }
    }
}
