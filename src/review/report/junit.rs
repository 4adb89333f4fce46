//! For systems that show test results: a change is a test, one that stops the review a failure.

use std::fmt::Write as _;

use super::{Context, sentence, verdict, worst_first};
use crate::neutral::xml;
use crate::review::change::{Proof, Review};

pub(super) fn render(review: &Review, context: Context) -> String {
    let stopped = context.fail_on.stopped(review);
    let tests = review.changes.len().max(1);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"{tests}\" failures=\"{stopped}\">\n  \
         <testsuite name=\"toolcard review\" tests=\"{tests}\" failures=\"{stopped}\" errors=\"0\" skipped=\"0\">\n"
    );
    for change in worst_first(review, context) {
        let file = change.location.as_ref().map_or(String::new(), |l| format!(" file=\"{}\"", xml(&l.file)));
        let _ = write!(
            out,
            "    <testcase classname=\"{}\" name=\"{}\"{file}>",
            xml(&change.server),
            xml(&format!("{} {}", change.id.id(), change.subject()))
        );
        let mut reported = change.sentence();
        for proof in &change.evidence {
            if let Proof::Diff { place, diff } = proof {
                let _ = write!(reported, "\n{place}:\n{}", diff.join("\n"));
            } else if let Some(said) = sentence(proof) {
                let _ = write!(reported, "\n{said}");
            }
        }
        let reported = reported.lines().map(xml).collect::<Vec<_>>().join("\n");
        if context.fail_on.stops(change) {
            let message = xml(&change.sentence());
            let _ = write!(out, "<failure type=\"{}\" message=\"{message}\">{reported}</failure>", change.id.id());
        } else {
            let _ = write!(out, "<system-out>{reported}</system-out>");
        }
        out.push_str("</testcase>\n");
    }
    if review.changes.is_empty() {
        let _ = writeln!(out, "    <testcase classname=\"toolcard\" name=\"{}\"/>", xml(&verdict(review, context)));
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}
