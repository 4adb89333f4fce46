//! What a change does to the recommended policy.

use super::{Change, Seen};

/// Compares the documents that are recommended for a tool.
pub(super) fn compare(_slug: &str, _before: Seen<'_>, _after: Seen<'_>, _changes: &mut Vec<Change>) {}
