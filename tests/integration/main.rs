//! Every test that asks the library or the program from outside: one file a subject, named in `tests/README.md`.

#![allow(clippy::unwrap_used, clippy::expect_used)] // helpers of tests fail like tests
#![allow(clippy::format_push_string)]
#![allow(clippy::case_sensitive_file_extension_comparisons)] // what toolcard writes ends in lower case
#![allow(clippy::missing_docs_in_private_items)]

mod accuracy;
mod alternates;
mod battery;
mod book;
mod build;
mod cards;
mod catalogue;
mod closed;
mod door;
mod exits;
mod hostile;
mod import;
mod inspect;
mod kept;
mod kinds;
mod labels;
mod links;
mod manifests;
mod mistakes;
mod pages;
mod policies;
mod quick_start;
mod release;
mod review;
mod rules;
mod search;
mod serve;
#[cfg(feature = "connect")]
#[allow(clippy::print_stderr, clippy::similar_names, clippy::zombie_processes)] // servers that misbehave on purpose
mod servers;
mod shapes;
mod support;
mod templates;
mod text;
mod worse;
