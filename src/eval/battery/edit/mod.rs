//! How a definition is changed: names, sentences and schemas, each in its file.

pub(super) mod name;
pub(super) mod schema;
pub(super) mod text;

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::manifest::Tool;

/// One of `count` things for a tool of this name, the same in every run.
pub(super) fn pick(salt: &str, name: &str, count: usize) -> usize {
    seeded(1, salt, name, count)
}

/// As [`pick`], and independent of it.
pub(super) fn pick_second(salt: &str, name: &str, count: usize) -> usize {
    seeded(2, salt, name, count)
}

fn seeded(seed: u64, salt: &str, name: &str, count: usize) -> usize {
    let hash = xxh3_64_with_seed(name.as_bytes(), xxh3_64_with_seed(salt.as_bytes(), seed));
    usize::try_from(hash % count.max(1) as u64).unwrap_or_default()
}

/// The tool under another name.
pub(super) fn renamed(tool: &Tool, name: String) -> Tool {
    Tool { name: name.into(), ..tool.clone() }
}

/// The tool with another title.
pub(super) fn titled(tool: &Tool, title: String) -> Tool {
    Tool { title: Some(title.into()), ..tool.clone() }
}

/// The tool with another description.
pub(super) fn described(tool: &Tool, description: String) -> Tool {
    Tool { description: Some(description.into()), ..tool.clone() }
}
