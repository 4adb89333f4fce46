//! Verdict → rule; rules → `policy.json` and the other formats; `decide()` proves what it does.
//!
//! ```text
//! condition, document   the document as a type, exactly serialised
//! decide                what a gateway answers to one call
//! read                  a file → a document, or every mistake with its place
//! numbers, recommend    verdict → rule
//! profile               rules → a document for a tool or for a server
//! merge, audit          documents → one; a document against a catalogue
//! explain               claims, sentence and call-by-call rows, all computed by decide()
//! parts, formats        the same rules as other clients and gateways read them
//! compose               the parts of every format for a choice of tools that a reader makes
//! ```

mod audit;
mod compose;
mod condition;
mod decide;
mod document;
mod explain;
#[cfg(test)]
pub(crate) mod fixture;
pub mod formats;
mod merge;
mod parts;
mod profile;
mod rate_limits;
mod read;
mod recommend;

pub use audit::{AuditFinding, AuditKind, audit};
pub use compose::{Composer, chosen_document};
pub use condition::{Condition, Path, Pattern, Test};
pub use decide::{Answer, Call, Counters, Decision, decide, decide_at, decide_call};
pub use document::{Clause, DefaultAction, Entry, Limit, Policy, Window};
pub use explain::{CallRow, Claims, LINES, Outcome, SENTENCES, Selected, Subject, a_window, outcome, outcomes};
pub use merge::{Merged, merge};
pub use profile::{Profile, server_document, tool_document};
pub use rate_limits::RateLimits;
pub use read::{MAX_BYTES, ReadPolicy, read_file, read_text};
pub(crate) use recommend::narrowed_message;
pub use recommend::{MAX_ARGUMENTS, MAX_VALUES, Rule, recommend};
