//! Documents do what the pages say, in every format.

#![allow(clippy::unwrap_used, clippy::expect_used)] // helpers of tests fail like tests

mod claims;
mod command;
mod compose;
mod documents;
mod formats;
mod hostile;
mod properties;
mod support;
