//! Verdict → rule; rules → `policy.json` and the other formats; `decide()` proves what it does.
//!
//! ```text
//! condition, document   the document as a type, exactly serialised
//! decide                what a gateway answers to one call
//! read                  a file → a document, or every mistake with its place
//! rate_limits, recommendverdict → rule
//! profile               rules → a document for a tool or for a server
//! merge, audit          documents → one; a document against a catalogue
//! cedar, commands, yaml  what such files are written in, where no crate reads it with places
//! into, settings        a document's entries in a settings file that is there; what such a file does
//! claims                what a document does, asked of decide(); `card` words it
//! parts, formats        the same rules as other clients and gateways read them
//! compose               the parts of every format for a choice of tools that a reader makes
//! ```

mod audit;
mod cedar;
mod claims;
mod commands;
mod compose;
mod condition;
mod decide;
mod document;
#[cfg(test)]
pub(crate) mod fixture;
pub mod formats;
mod into;
mod merge;
mod parts;
mod profile;
mod rate_limits;
mod read;
mod recommend;
mod settings;
mod yaml;

pub use audit::{AuditFinding, AuditKind, audit};
pub use cedar::CedarExpression;
pub use claims::{Claims, Outcome, Selected, outcome, outcomes};
pub use compose::{Composer, ServerFormats, chosen_document};
pub use condition::{Condition, Path, Pattern, Test};
pub use decide::{Answer, Call, Counters, Decision, decide, decide_at, decide_call};
pub use document::{Clause, DefaultAction, Entry, Limit, Policy, Window};
pub use into::{EntryFor, FileSlot, FileSyntax, FilledFile, Filling, IntoRefusal, SlotKind};
pub use into::{document_value, read_jsonc, trailing_comma};
pub use merge::{Merged, merge};
pub use profile::{Profile, server_document, tool_document};
pub use rate_limits::RateLimits;
pub use read::{MAX_BYTES, read_file, read_text};
pub use recommend::{MAX_ARGUMENTS, MAX_VALUES, Rule, recommend};
pub(crate) use recommend::{MONEY, NARROWED, NARROWED_LONG, is_no_agents, narrowed_message};
pub use settings::{
    ArgumentTest, ClientAnswer, ClientReading, ClientSettings, EntryRule, EntryRules, EntrySays, RuleOrder,
};
pub use settings::{SettingsFinding, SettingsNode, SettingsRule, places_of_names};
