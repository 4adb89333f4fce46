//! Servers → one report for a person who has two minutes: what their tools can do at worst, what they can do together,
//! what to look at, what to paste into a client. Needs no catalogue and writes nothing.
//!
//! ```text
//! server         one server, its tools worst first
//! exfiltration   private data, untrusted content and a way out over all servers
//! safer          one thing to do
//! paste          the recommended policy as clients read it
//! report         all of it
//! text, markdown, html   the report for people
//! ```

mod exfiltration;
mod html;
mod markdown;
mod paste;
mod report;
mod safer;
mod server;
mod text;

pub use exfiltration::{Exfiltration, LegTools, RiskTogether, ToolOfServer};
pub(crate) use html::STYLE;
pub use html::{fragment, html};
pub use markdown::markdown;
pub use paste::{Paste, clients};
pub use report::{Inspection, Unread, inspect};
pub use safer::safer;
pub use server::{InspectedFinding, InspectedServer, InspectedTool, ServerToInspect};
pub use text::{SHOWN, server_block, text};
