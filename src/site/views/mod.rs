//! What each template is given: one file a page kind, typed, documented in docs/theming.md.
//!
//! A view is made from a card and the index and holds finished pieces; it decides no label and
//! writes no sentence about one.

pub mod label;
pub mod page;
pub mod sample;
pub mod tool;
