//! What hostile input cannot do, whatever a server, a catalogue or a pull request holds. `docs/security.md` names the
//! test behind each promise.

#![allow(clippy::unwrap_used, clippy::expect_used)] // helpers of tests fail like tests
#![allow(clippy::case_sensitive_file_extension_comparisons)] // what toolcard writes ends in lower case

#[path = "../support/mod.rs"]
mod support;

mod book;
mod files;
mod monotone;
mod names;
mod sizes;
mod text;
