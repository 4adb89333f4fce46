//! Search over every tool and server without a service: an inverted index cut into small static files.
//!
//! A reader loads a root of a few kilobytes, the one shard of words that can hold each word of
//! the query, and the blocks of documents that it shows. The byte format is published in
//! `docs/search-format.md`; `static/js/search/index.js` reads it, and both sides are held to the same
//! vectors in `tests/search/`.

mod builder;
mod files;
mod list;
mod query;
mod text;

pub use builder::{Builder, Encoded, Posting, Prepared, encode};
pub use files::Limits;
pub use text::words;

/// The words that find a server by its folder.
pub(crate) fn server_words(slug: &str) -> Vec<String> {
    query::QUERY.server(words(slug))
}
