//! Sources as people write them → sources as they are served. Each is done once, when a build begins.

mod css;
mod names;
mod script;
mod template;
mod tokens;

pub(super) use css::css;
pub(super) use script::script;
pub(super) use template::template;
