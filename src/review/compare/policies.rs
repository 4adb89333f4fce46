//! What a change does to the recommended policy.

use similar::{ChangeTag, TextDiff};

use super::{StateTool, between};
use crate::review::change::{Change, Proof};
use crate::review::kind::Kind;

/// Lines that are shown around what differs.
const MAX_CONTEXT_LINES: usize = 2;

/// Compares the documents that are recommended for a tool.
pub(super) fn compare(slug: &str, before: StateTool<'_>, after: StateTool<'_>, changes: &mut Vec<Change>) {
    // Under the new name on both sides: `tool-renamed` says the name.
    let name = &after.row.tool;
    let (Some(old), Some(new)) = (before.policy(name), after.policy(name)) else { return };
    if old == new {
        return;
    }
    let diff = TextDiff::from_lines(&old, &new);
    let mut lines = Vec::new();
    for group in diff.grouped_ops(MAX_CONTEXT_LINES) {
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let mark = match change.tag() {
                ChangeTag::Equal => ' ',
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
            };
            lines.push(format!("{mark}{}", change.value().trim_end()));
        }
    }
    let mut change = between(slug, Kind::PolicyChanged, before, after, "the recommended policy changed".to_owned());
    change.evidence = vec![Proof::Diff { place: "policy", diff: lines }];
    changes.push(change);
}
