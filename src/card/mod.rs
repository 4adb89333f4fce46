//! Card: tool + verdict + rule + prose; all that we know of one tool.
//!
//! ```text
//! inline, grammar       what sentences are made of
//! subject, arguments    what a name says, what arguments are for
//! server                a server's tools read once; its cards
//! lead, does, why       what it does, on this server, and why it needs a policy
//! actions, annotations  deeds behind an argument, declared hints and directory readiness
//! faq, steps, start     questions, three steps, how to start the server
//! related, attacks      other tools with a reason each, articles that apply
//! report                the address that reports a wrong label
//! ```

mod actions;
mod annotations;
mod arguments;
pub mod attacks;
mod does;
mod faq;
pub mod grammar;
mod inline;
mod lead;
mod related;
mod report;
mod server;
mod start;
mod steps;
mod subject;
mod why;

pub use actions::ActionRow;
pub use annotations::{AnnotationNotes, HintRow, Readiness, readiness};
pub use arguments::{Argument, Role};
pub use faq::{Block, Question};
pub use grammar::stopped;
pub use inline::{Inline, Prose};
pub use related::{Related, Relation};
pub use server::{Card, Server, Setting, likenesses};
pub use start::{Start, client_key, start};
pub use subject::Subject;
