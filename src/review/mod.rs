//! Two states of a catalogue → what changed in its labels, why, and what that does to the policies.
//!
//! ```text
//! side           a source of servers with its lexicon
//! state          one server on one side
//! compare        one server before and after → changes
//! run            two sides → a review
//! kind, change   what a change is
//! accept         which changes somebody has accepted
//! gate           what makes a review fail
//! record         what a reviewer has seen, written down: lock and history
//! report         a review as text, Markdown, annotations, SARIF, JSON, JUnit
//! ```

mod accept;
mod change;
mod compare;
mod gate;
mod kind;
pub mod record;
pub mod report;
mod run;
mod side;
mod state;

pub use change::{Acceptance, Change, Location, PartialSide, Proof, Review, SideCounts, Summary};
pub use compare::instructs;
pub use gate::FailOn;
pub use kind::{KINDS, Kind, KindRow};
pub use run::run;
pub use side::Side;
