//! The battery of changed definitions: labels must follow what a definition says, wherever it
//! says it.
//!
//! A label that is right on the tools that somebody looked at may still rest on the wrong words.
//! So every tool is changed in many ways, each of which a security engineer would call a change
//! for the worse, or no change; the first must raise the label, the second must leave it. No gold
//! is needed: a tool's own verdict is the measure of its changed definition.
//!
//! One row of the table is one [`DefinitionChange`]. Its wordings are data beside it; the one that a tool
//! gets follows from a hash of the tool's name, so every run gives the same and a catalogue uses
//! all of them. To add a change, add a row to its file; to add a wording, add a line.

mod edit;
mod names;
mod neutral;
mod run;
mod schemas;
mod sentences;

use crate::classify::Verdict;
use crate::manifest::Tool;
use crate::risk::Class;

pub use run::{BatteryReport, ChangeRow, Failure, WordingRow, WordingShare, run, run_share};

/// What a change must do to a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// What is added makes a call do at least this class of harm: every tool whose verdict is
    /// below must be raised to it.
    Raises(Class),
    /// Nothing that a call does has changed: class and facets must stay. Holds for tools up to
    /// this class; of a worse one the words could be read as a restriction, or mean an action.
    Keeps(Class),
}

/// One way to change a definition.
#[derive(Debug, Clone, Copy)]
pub struct DefinitionChange {
    /// Stable id, e.g. `sentence-last-passive`.
    pub id: &'static str,
    /// What it must do to a label.
    pub kind: ChangeKind,
    /// One sentence: what it does to a definition.
    pub does: &'static str,
    /// The tools to which it does not apply, beyond those that `kind` leaves out; empty where
    /// there are none.
    pub except: &'static str,
    /// The wordings that it draws from.
    pub wordings: &'static [&'static str],
    /// The changed tool, or `None` where the change does not apply.
    edit: fn(&Tool, &str) -> Option<Tool>,
}

impl DefinitionChange {
    /// Whether the change asks anything of a tool with this verdict.
    pub fn asks(&self, verdict: &Verdict) -> bool {
        match self.kind {
            ChangeKind::Raises(class) => verdict.class < class,
            ChangeKind::Keeps(up_to) => verdict.class <= up_to,
        }
    }

    /// Whether `after` is what the change demands of a tool that was `before`.
    pub fn holds(&self, before: &Verdict, after: &Verdict) -> bool {
        match self.kind {
            ChangeKind::Raises(class) => after.class >= class,
            ChangeKind::Keeps(_) => after.class == before.class && after.facets == before.facets,
        }
    }

    /// The index of the wording that this tool gets.
    pub fn wording(&self, tool: &Tool) -> usize {
        edit::pick(self.id, &tool.name, self.wordings.len())
    }

    /// The changed tool, or `None` where the change does not apply.
    pub fn apply(&self, tool: &Tool) -> Option<Tool> {
        (self.edit)(tool, self.wordings.get(self.wording(tool))?)
    }
}

/// Every change: those that raise, then those that keep.
pub fn changes() -> impl Iterator<Item = &'static DefinitionChange> {
    [names::RAISING, sentences::RAISING, schemas::RAISING, neutral::KEEPING].into_iter().flatten()
}
