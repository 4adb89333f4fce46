//! Cards → a static website: plan → view → render → write if changed.

pub mod api;
pub mod assets;
pub mod badge;
pub mod build;
pub mod code;
pub mod feeds;
pub mod glossary;
pub mod host;
pub mod index;
mod machines;
pub mod markdown;
pub mod markdown_twin;
pub mod marks;
pub mod minify;
pub mod moved;
mod picture;
pub mod plan;
pub mod progress;
pub mod render;
pub mod search;
pub mod sitemap;
pub mod text;
pub mod urls;
pub mod views;
mod work;
