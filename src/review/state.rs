//! One server on one side of a review.

use crate::catalog::lock::Locked;
use crate::classify::Verdict;
use crate::diagnostic::Position;
use crate::manifest::Tool;

use super::change::Location;

/// A server as it is in one state: rows always, definitions unless the state is a lock.
#[derive(Debug, Default)]
pub struct State {
    /// The manifest's path as locations show it.
    pub file: String,
    /// The tools' labels and fingerprints.
    pub rows: Vec<Locked>,
    /// Where each row's tool begins.
    pub places: Vec<Option<Position>>,
    /// The definitions behind the rows, in their order; `None` for a lock.
    pub definitions: Option<Vec<Definition>>,
}

/// What is known of a tool beside its row.
#[derive(Debug)]
pub struct Definition {
    /// The definition.
    pub tool: Tool,
    /// Its verdict, after an override.
    pub verdict: Verdict,
}

/// One tool of a state.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// Its label and fingerprint.
    pub row: &'a Locked,
    /// Its definition and verdict; `None` where the state is a lock.
    pub definition: Option<&'a Definition>,
    file: &'a str,
    position: Option<Position>,
}

impl State {
    /// The tool of a row.
    pub fn seen(&self, index: usize) -> Option<Seen<'_>> {
        Some(Seen {
            row: self.rows.get(index)?,
            definition: self.definitions.as_ref().and_then(|d| d.get(index)),
            file: &self.file,
            position: self.places.get(index).copied().flatten(),
        })
    }
}

impl Seen<'_> {
    /// Where the tool begins.
    pub fn location(&self) -> Location {
        Location::new(self.file, self.position)
    }
}
