//! What a review promises: the changes, the outputs, the gate, the lock, the Action.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::missing_docs_in_private_items)]

mod action;
mod command;
mod documents;
mod hostile;
mod says;
mod support;
