//! For a comment on a pull request or a step summary: what a reviewer reads on a phone, worst
//! first, details folded, never larger than a comment may be.

use std::fmt::Write as _;

use super::{Context, count, limits, sentence, verdict};
use crate::classify::FindingLevel;
use crate::english::capital;
use crate::neutral;
use crate::review::change::{Change, Proof, Review};

/// Finds the comment again that is to be updated.
pub const MARKER: &str = "<!-- toolcard-review -->";
/// What GitHub takes as one comment, in characters; counted in bytes here, which are never fewer.
pub const MAX_CHARS: usize = 65_536;
/// Kept free for the closing lines.
const RESERVE: usize = 512;
/// Where the tables end at the latest, so that the worst changes keep room for their evidence.
const TABLES: usize = MAX_CHARS * 5 / 8;

pub(super) fn render(review: &Review, context: Context) -> String {
    let mut out = format!("{MARKER}\n");
    let changes = review.worst_first();
    let stopped = context.fail_on.stopped(review);
    let title = match (changes.len(), stopped) {
        (0, _) => "Risk labels: no change".to_owned(),
        (_, 0) => format!("Risk labels: {}", count(changes.len(), "change")),
        (_, n) => format!("Risk labels: {} to look at before merging", count(n, "change")),
    };
    let _ = writeln!(out, "### {title}\n");
    let _ = writeln!(
        out,
        "{}. Compared {} with {}.{}\n",
        capital(&verdict(review)),
        neutral::quoted(&review.head),
        neutral::quoted(&review.base),
        if stopped > 0 { format!(" Fails on `{}`.", context.fail_on) } else { String::new() }
    );
    for said in limits(review) {
        let _ = writeln!(out, "{}.\n", capital(&said));
    }
    let (loud, quiet): (Vec<&Change>, Vec<&Change>) = changes.iter().partition(|c| c.level > FindingLevel::Note);
    let mut shown = table(&mut out, &loud, TABLES);
    if !quiet.is_empty() {
        let _ = write!(out, "<details><summary>{}</summary>\n\n", count(quiet.len(), "note"));
        shown += table(&mut out, &quiet, TABLES);
        out.push_str("</details>\n\n");
    }
    let mut reported = 0;
    let detailed: Vec<(&&Change, String)> =
        changes.iter().map(|c| (c, details(c))).filter(|(_, d)| !d.is_empty()).collect();
    if !detailed.is_empty() {
        out.push_str("<details><summary>Evidence</summary>\n\n");
        for (_, text) in &detailed {
            if out.len() + text.len() > MAX_CHARS - RESERVE {
                break;
            }
            out.push_str(text);
            reported += 1;
        }
        out.push_str("</details>\n\n");
    }
    let (rows, proofs) = (changes.len() - shown, detailed.len() - reported);
    if rows > 0 || proofs > 0 {
        let _ = writeln!(
            out,
            "Cut to the size of a comment: {} and the evidence of {} are not shown. `--format json` lists all.",
            count(rows, "change"),
            count(proofs, "change"),
        );
    }
    out
}

/// A table of changes while it fits; returns how many rows it has.
fn table(out: &mut String, changes: &[&Change], limit: usize) -> usize {
    let mut rows = 0;
    for change in changes {
        let row = format!(
            "| {} | {} | {} |\n",
            change.level.name(),
            neutral::cell(&neutral::quoted(&change.subject())),
            neutral::cell(&format!("{}: {}", change.id.id(), change.message))
        );
        if out.len() + row.len() > limit {
            break;
        }
        if rows == 0 {
            out.push_str("| | Tool | Change |\n|---|---|---|\n");
        }
        out.push_str(&row);
        rows += 1;
    }
    if rows > 0 {
        out.push('\n');
    }
    rows
}

/// Evidence and place of one change as a list; empty where the table says all.
fn details(change: &Change) -> String {
    let mut out = String::new();
    for proof in &change.evidence {
        match proof {
            Proof::Diff { place, diff } => {
                let _ = write!(out, "\n  {}:\n\n  ```diff\n", capital(place));
                for line in diff {
                    // No backtick survives, so nothing inside can end the fence.
                    let (mark, rest) = line.split_at_checked(1).unwrap_or(("", line));
                    let _ = writeln!(out, "  {mark}{}", neutral::visible(rest));
                }
                out.push_str("  ```\n");
            }
            proof => {
                if let Some(sentence) = sentence(proof) {
                    let _ = writeln!(out, "  - {sentence}");
                }
            }
        }
    }
    if out.is_empty() {
        return out;
    }
    let place = change
        .location
        .as_ref()
        .map_or(String::new(), |l| format!(", {}", neutral::quoted(&format!("{}:{}", l.file, l.line))));
    format!("- {} {}{place}\n{out}\n", change.id.id(), neutral::quoted(&change.subject()))
}
