//! What a document does, in words and as a table: nothing that `decide()` does not return.
//!
//! [`Claims`] are found by asking `decide()`; sentence and rows are written from them alone.

mod calls;
mod claims;
mod line;
mod sentence;

pub use calls::{CallRow, Subject};
pub use claims::{Claims, Outcome, Selected, outcome, outcomes};
pub use line::{LINES, a_window};
pub use sentence::SENTENCES;
