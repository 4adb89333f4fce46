//! For a person at a terminal, as rustc writes.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::{Context, limits, sentence, told, tools, verdict, ways, worst_first};
use crate::classify::FindingLevel;
use crate::neutral;
use crate::review::change::{Change, Location, Proof, Review};

pub(super) fn render(review: &Review, context: Context) -> String {
    let mut out = String::new();
    let style = |style: Style| if context.styled { style } else { Style::new() };
    for change in worst_first(review, context) {
        block(&mut out, change, told(change, context), &style);
    }
    for said in limits(review) {
        let _ = writeln!(out, "note: {}", neutral::terminal(&said));
    }
    let bold = style(Style::new().bold());
    let _ = writeln!(
        out,
        "{bold}{}{bold:#} ({} against {})",
        verdict(review, context),
        neutral::visible(&review.head),
        neutral::visible(&review.base)
    );
    if let Some(tools) = tools(review) {
        let _ = writeln!(out, "{tools}");
    }
    let stopped = context.fail_on.stopped(review);
    if stopped > 0 {
        let fail = if stopped == 1 { "fails" } else { "fail" };
        let _ = writeln!(out, "{stopped} of the changes {fail} the review (--fail-on {})", context.fail_on);
    }
    for way in ways(review, context) {
        let _ = writeln!(out, "help: {way}");
    }
    out
}

fn block(out: &mut String, change: &Change, told: FindingLevel, style: &dyn Fn(Style) -> Style) {
    let level = style(match told {
        FindingLevel::Error => AnsiColor::Red.on_default().bold(),
        FindingLevel::Warning => AnsiColor::Yellow.on_default().bold(),
        FindingLevel::Note => AnsiColor::Cyan.on_default().bold(),
    });
    let (cyan, bold) = (style(AnsiColor::Cyan.on_default()), style(Style::new().bold()));
    let _ = writeln!(
        out,
        "{level}{}{level:#}[{}]: {bold}{}{bold:#}",
        told.name(),
        change.id.id(),
        neutral::terminal(&change.sentence())
    );
    if let Some(Location { file, line, column }) = &change.location {
        let _ = writeln!(out, " {cyan}-->{cyan:#} {}:{line}:{column}", neutral::visible(file));
    }
    for proof in &change.evidence {
        match proof {
            Proof::Diff { place, diff } => {
                let _ = writeln!(out, "  {cyan}={cyan:#} {place}:");
                for line in diff {
                    let _ = writeln!(out, "    {cyan}|{cyan:#} {}", neutral::terminal(line));
                }
            }
            proof => {
                if let Some(sentence) = sentence(proof) {
                    let _ = writeln!(out, "  {cyan}={cyan:#} {}", neutral::terminal(&sentence));
                }
            }
        }
    }
    if let Some(by) = change.accepted.filter(|_| change.level > FindingLevel::Note) {
        let _ = writeln!(out, "  {cyan}={cyan:#} {}", by.sentence());
    }
    if change.level > FindingLevel::Note {
        let _ = writeln!(out, "  {cyan}={cyan:#} help: {}", change.id.row().help.trim_end_matches('.'));
    }
    out.push('\n');
}
