//! Cards → a static website: plan → view → render → write if changed.

pub mod index;
pub mod search;
pub mod urls;
