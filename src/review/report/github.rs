//! For the log of a GitHub workflow: annotations in the files of the pull request.

use std::fmt::Write as _;

use super::{Context, limits, sentence, told, verdict, ways, worst_first};
use crate::classify::FindingLevel;
use crate::neutral::{command_message, command_property, visible};
use crate::review::change::{Location, Review};

pub(super) fn render(review: &Review, context: Context) -> String {
    let mut out = String::new();
    // GitHub shows the first ten of a level: the worst come first.
    for change in worst_first(review, context) {
        let command = match told(change, context) {
            FindingLevel::Error => "error",
            FindingLevel::Warning => "warning",
            FindingLevel::Note => "notice",
        };
        let _ = write!(out, "::{command} title={}", command_property(change.id.id()));
        if let Some(Location { file, line, column }) = &change.location {
            let _ = write!(out, ",file={},line={line},col={column}", command_property(&visible(file)));
        }
        let mut message = change.sentence();
        let accepted = change.accepted.map(|by| by.sentence().to_owned());
        let help = (change.level > FindingLevel::Note)
            .then(|| format!("help: {}", change.id.row().help.trim_end_matches('.')));
        for said in change.evidence.iter().filter_map(sentence).chain(accepted).chain(help) {
            message.push('\n');
            message.push_str(&said);
        }
        let _ = writeln!(out, "::{}", command_message(&message));
    }
    for said in limits(review).into_iter().chain(ways(review, context)) {
        let _ = writeln!(out, "toolcard review: {}", command_message(&said));
    }
    let stopped = context.fail_on.stopped(review);
    let _ = writeln!(out, "toolcard review: {}; {stopped} fail on {}", verdict(review, context), context.fail_on);
    out
}
