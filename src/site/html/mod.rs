//! Text of servers → HTML. Every way that a server's words have into a page begins here.
//!
//! | file | what it does |
//! |---|---|
//! | [`escape`] | [`Html`], the type of what has passed an escaper, and its constructors |
//! | [`markdown`] | descriptions that are Markdown, sanitised |
//! | `marks` | evidence, marked in the text that it is in |
//! | `code` | JSON and other documents, coloured |
//! | `layout` | JSON within a width |

pub(crate) mod code;
pub mod escape;
mod layout;
pub mod markdown;
pub(crate) mod marks;

pub use escape::Html;
