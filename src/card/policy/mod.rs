//! What a document does, in words and as a table: written from [`Claims`](crate::policy::Claims) alone, and so nothing
//! that `decide()` does not return.

mod calls;
mod line;
mod sentence;

pub use calls::{CallRow, Subject};
pub(crate) use line::{LINES, a_window};
pub(crate) use sentence::{SENTENCES, ordinal};
