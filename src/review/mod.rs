//! Two states of a catalogue → what changed in its labels, why, and what that does to the policies.

pub mod change;
pub mod compare;
mod gate;
pub mod kind;
pub mod report;
pub mod state;

pub use change::{Change, Location, Proof, Review};
pub use gate::FailOn;
pub use kind::{KINDS, Kind};
