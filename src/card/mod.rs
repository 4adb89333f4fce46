//! Card: tool + verdict + rule + prose; all that we know of one tool.
//!
//! ```text
//! prose, slot, sentences   pieces, what a sentence fills in, and every sentence of ours, each with its condition
//! quote                    a server's first sentence, verbatim
//! names, arguments         what tools share by name, what arguments are for
//! view                     what the parts of a card are given: one tool, and what is known of its server
//! lead, risks              the server's words and the worst call; what else a reader should know
//! policy                   what a document does: headline, paragraph, call-by-call table
//! actions, annotations     values of an argument, declared hints and directory readiness
//! faq, steps, start        questions, three steps, how to start the server
//! related, attacks         other tools, articles that apply
//! report                   the address that reports a wrong label
//! server                   a server's tools read once; its documents and its cards, from all of the above
//! check                    what must hold of the sentences of every card
//! ```

mod actions;
mod annotations;
mod arguments;
pub mod attacks;
pub mod check;
mod faq;
mod lead;
mod names;
mod policy;
mod prose;
pub(crate) mod quote;
mod related;
mod report;
mod risks;
pub(crate) mod sentences;
mod server;
pub(crate) mod slot;
mod start;
mod steps;
mod view;

pub use actions::ActionRow;
pub use annotations::{AnnotationNotes, HintRow, Proposal, Readiness, agrees, proposal, readiness, understates};
pub use arguments::{Argument, Role};
pub use faq::{Block, Question};
pub(crate) use policy::a_window;
pub use policy::{CallRow, Subject};
pub use prose::{Inline, Prose};
pub use quote::first_sentence;
pub use related::{Related, Relation};
pub use sentences::sentences;
pub use server::{Card, ServerCards, likenesses};
pub use slot::deciding;
pub use start::{Start, client_key, start};
pub use view::CardContext;
