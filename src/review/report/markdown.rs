//! For a comment on a pull request or a step summary: what a reviewer reads on a phone, worst
//! first, details folded, never larger than a comment may be.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::{Context, count, limits, sentence, told, tools, verdict, ways, worst_first};
use crate::catalog::lock::Label;
use crate::classify::FindingLevel;
use crate::english::capital;
use crate::neutral;
use crate::review::change::{Change, Proof, Review};
use crate::review::compare;
use crate::review::kind::Kind;
use crate::risk::Class;

/// Finds the comment again that is to be updated.
pub const MARKER: &str = "<!-- toolcard-review -->";
/// What GitHub takes as one comment, in characters; counted in bytes here, which are never fewer.
pub const MAX_CHARS: usize = 65_536;
/// Kept free for the closing lines.
const RESERVE: usize = 512;
/// Sentences that one row has at most.
const SENTENCES: usize = 4;
/// Where the tables end at the latest, so that the worst changes keep room for their evidence.
const TABLES: usize = MAX_CHARS * 5 / 8;

pub(super) fn render(review: &Review, context: Context) -> String {
    let mut out = format!("{MARKER}\n");
    let changes = worst_first(review, context);
    let stopped = context.fail_on.stopped(review);
    let title = match (changes.len(), stopped) {
        (0, _) => "Risk labels: no change".to_owned(),
        (_, 0) => format!("Risk labels: {}, none fails", count(changes.len(), "change")),
        (_, 1) => "Risk labels: 1 change fails the review".to_owned(),
        (_, n) => format!("Risk labels: {n} changes fail the review"),
    };
    let _ = writeln!(out, "### {title}\n");
    let _ = writeln!(
        out,
        "{}. Compared {} with {}.{}\n",
        capital(&verdict(review, context)),
        neutral::quoted(&review.head),
        neutral::quoted(&review.base),
        if stopped > 0 { format!(" Fails on `{}`.", context.fail_on) } else { String::new() }
    );
    if let Some(tools) = tools(review) {
        let _ = writeln!(out, "{}.\n", capital(&tools));
    }
    for said in limits(review) {
        let _ = writeln!(out, "{}.\n", capital(&said));
    }
    let ways = ways(review, context);
    if !ways.is_empty() {
        out.push_str("How this becomes green:\n\n");
        for way in ways {
            let _ = writeln!(out, "- {}.", capital(&way));
        }
        out.push('\n');
    }
    let rows = by_subject(&changes);
    let loud = |row: &&Vec<&Change>| row.iter().any(|c| c.level > FindingLevel::Note || context.fail_on.stops(c));
    let (loud, quiet): (Vec<&Vec<&Change>>, Vec<&Vec<&Change>>) = rows.iter().partition(loud);
    let mut shown = table(&mut out, &loud, context, TABLES);
    if !quiet.is_empty() {
        let _ =
            write!(out, "<details><summary>{}</summary>\n\n", count(quiet.iter().map(|row| row.len()).sum(), "note"));
        shown += table(&mut out, &quiet, context, TABLES);
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

/// The changes by what they are about, the worst first.
fn by_subject<'a>(changes: &[&'a Change]) -> Vec<Vec<&'a Change>> {
    let mut places: HashMap<(&str, Option<&str>), usize> = HashMap::new();
    let mut rows: Vec<Vec<&Change>> = Vec::new();
    for change in changes {
        let at = *places.entry((&change.server, change.tool.as_deref())).or_insert_with(|| {
            rows.push(Vec::new());
            rows.len() - 1
        });
        rows[at].push(change);
    }
    rows
}

/// A table with a row a subject while it fits; returns how many changes it has.
fn table(out: &mut String, rows: &[&Vec<&Change>], context: Context, limit: usize) -> usize {
    let mut shown = 0;
    for row in rows {
        let Some(first) = row.first() else { continue };
        let fails = row.iter().any(|c| context.fail_on.stops(c));
        let level = row.iter().map(|c| told(c, context)).max().unwrap_or(FindingLevel::Note);
        let mark = if fails { "**fails**" } else { level.name() };
        let text = format!(
            "| {mark} | {} | {} | {} |\n",
            neutral::cell(&neutral::quoted(&first.subject())),
            labels(row),
            neutral::cell(&said(row))
        );
        if out.len() + text.len() > limit {
            break;
        }
        if shown == 0 {
            out.push_str("| | Tool | Before → after | What changed |\n|---|---|---|---|\n");
        }
        out.push_str(&text);
        shown += row.len();
    }
    if shown > 0 {
        out.push('\n');
    }
    shown
}

/// The label before and after, in words of ours.
fn labels(row: &[&Change]) -> String {
    let before = row.iter().find_map(|c| c.before.as_ref());
    let after = row.iter().find_map(|c| c.after.as_ref());
    match (before, after) {
        (None, None) => String::new(),
        (None, Some(after)) => format!("new → {}", label(after)),
        (Some(before), None) => format!("{} → gone", label(before)),
        (Some(before), Some(after)) if label(before) == label(after) => label(after),
        (Some(before), Some(after)) => format!("{} → {}", label(before), label(after)),
    }
}

/// `Read (Low)`, `Write (High)`, `**Destructive** (Critical, bulk)`.
fn label(label: &Label) -> String {
    if label.class == Class::Destructive { bold(label) } else { with_rest(&label.class.to_string(), label) }
}

/// The same with every class as the word that matters: `**Read** (Low)`.
fn bold(label: &Label) -> String {
    with_rest(&format!("**{}**", label.class), label)
}

fn with_rest(class: &str, label: &Label) -> String {
    let mut more = String::new();
    for facet in label.facets.iter() {
        let _ = write!(more, ", `{}`", facet.name());
    }
    format!("{class} ({}{more})", label.severity)
}

/// What happened to one subject, worst first, each sentence once.
fn said(row: &[&Change]) -> String {
    let mut sentences: Vec<String> = Vec::new();
    for change in row {
        // The column before says that.
        if row.len() > 1 && matches!(change.id, Kind::LabelRaised | Kind::LabelLowered) {
            continue;
        }
        let mut sentence = capital(&match (change.id, &change.before, &change.after) {
            (Kind::LabelRaised | Kind::LabelLowered | Kind::FacetsChanged, Some(before), Some(after)) => {
                compare::told(change.id, &bold(before), &bold(after))
            }
            _ => change.message.clone(),
        });
        if change.id == Kind::FindingAdded
            && let Some(found) = change.evidence.first().and_then(super::sentence)
        {
            let _ = write!(sentence, " {found}");
        }
        if change.accepted.is_some() && change.level == FindingLevel::Error {
            sentence.push_str(" (accepted)");
        }
        if !sentences.contains(&sentence) {
            sentences.push(sentence);
        }
    }
    let more = sentences.len().saturating_sub(SENTENCES);
    sentences.truncate(SENTENCES);
    let mut text = sentences.join(". ");
    if more > 0 {
        let _ = write!(text, ". And {more} more");
    }
    text
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
    if change.level > FindingLevel::Note {
        let _ = writeln!(out, "  - Help: {}", change.id.row().help.trim_end_matches('.'));
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
