//! Cards → a static website: plan → view → render → write if changed.
//!
//! | module | what it does |
//! |---|---|
//! | [`urls`] | spells every address and every path of a published file |
//! | [`html`] | text of servers → HTML: escapers, Markdown, marks, code |
//! | `error` | why a build ended early |
//! | [`index`] | one small row a tool: what one page says of other pages |
//! | [`glossary`] | the words that pages use in a sense of their own |
//! | [`moved`] | former addresses |
//! | [`views`] | what each template is given: one file a page kind |
//! | [`pages`] | the kinds of pages, one row each |
//! | [`site_view`] | what is the same on every page |
//! | [`alternates`] | API, Markdown, feed, sitemap, badges, pictures |
//! | [`search`] | the search index |
//! | `minify` | templates, style sheets and scripts as they are served |
//! | [`assets`] | static files under names that hold their hash |
//! | [`render`] | view → bytes |
//! | [`theme`] | the files of a theme |
//! | [`theme_check`] | tries a theme with a full and a bare view of each page kind |
//! | [`build`] | the whole: plan, two passes, progress |

pub mod alternates;
pub mod assets;
pub mod build;
mod error;
pub mod glossary;
pub mod html;
pub mod index;
mod minify;
pub mod moved;
pub mod pages;
pub mod render;
pub mod search;
pub mod site_view;
pub mod theme;
pub mod theme_check;
pub mod urls;
pub mod views;
