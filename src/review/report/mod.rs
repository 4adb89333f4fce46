//! A review as text of some kind: one file an output, one row here.

mod github;
mod json;
mod junit;
mod markdown;
mod sarif;
mod text;

use super::change::{PartialSide, Proof, Review};
use super::gate::FailOn;
use crate::english::plain_count as count;
use crate::neutral;

pub use json::SCHEMA_VERSION;
pub use markdown::{MARKER, MAX_CHARS};

/// What a report knows beside the review.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    /// What makes the review fail.
    pub fail_on: FailOn,
    /// Whether words may be styled with ANSI codes.
    pub styled: bool,
}

/// An output.
#[derive(Debug, Clone, Copy)]
pub struct ReportFormat {
    /// The name after `--format`.
    pub name: &'static str,
    /// Writes a review as this.
    pub render: fn(&Review, Context) -> serde_json::Result<String>,
}

/// Every output.
pub const FORMATS: [ReportFormat; 6] = [
    ReportFormat { name: "text", render: |review, context| Ok(text::render(review, context)) },
    ReportFormat { name: "markdown", render: |review, context| Ok(markdown::render(review, context)) },
    ReportFormat { name: "github", render: |review, context| Ok(github::render(review, context)) },
    ReportFormat { name: "sarif", render: |review, _| sarif::render(review) },
    ReportFormat { name: "json", render: json::render },
    ReportFormat { name: "junit", render: |review, context| Ok(junit::render(review, context)) },
];

impl ReportFormat {
    /// The output of that name, in any case.
    ///
    /// # Errors
    /// A sentence that names all outputs.
    pub fn parse(text: &str) -> Result<Self, String> {
        FORMATS.into_iter().find(|f| f.name.eq_ignore_ascii_case(text)).ok_or_else(|| {
            let names: Vec<&str> = FORMATS.iter().map(|f| f.name).collect();
            format!("expected one of {}", names.join(", "))
        })
    }
}

/// Servers that are named one by one where their listings are parts.
const MAX_PARTS: usize = 12;

/// A proof as sentences without full stops; a document's difference gives none, because every
/// output lays it out in its own way.
fn sentence(proof: &Proof) -> Option<String> {
    Some(match proof {
        Proof::Rule(e) => format!(
            "rule `{}` at {}: {} speaks for {} with weight {:.2}",
            neutral::visible(&e.rule),
            neutral::quoted(&e.place.to_string()),
            neutral::quoted(&e.text),
            e.speaks_for.name(),
            e.weight
        ),
        Proof::Moved { place, before, after } => {
            let place = neutral::quoted(place);
            let quoted = |text: &Option<String>| text.as_deref().map(neutral::quoted);
            match (quoted(before), quoted(after)) {
                (Some(before), Some(after)) => format!("{place} was {before}, is {after}"),
                (None, Some(after)) => format!("{place} is new: {after}"),
                (Some(before), None) => format!("{place} is gone, was {before}"),
                (None, None) => format!("{place} changed"),
            }
        }
        Proof::Words { place, text } => format!("at {}: {}", neutral::quoted(place), neutral::quoted(text)),
        Proof::Said { text } => text.clone().into_owned(),
        Proof::Diff { .. } => return None,
    })
}

/// What the review comes to, a sentence of ours without a full stop: `3 changes: 1 error, …`.
fn verdict(review: &Review) -> String {
    let sum = review.summary();
    if sum.changes == 0 {
        let least = if sum.partial.iter().any(|part| part.side == "head") { "at least " } else { "" };
        return format!("no change in {} and {least}{}", count(sum.servers, "server"), count(sum.tools, "tool"));
    }
    format!(
        "{}: {}, {}, {}",
        count(sum.changes, "change"),
        count(sum.errors, "error"),
        count(sum.warnings, "warning"),
        count(sum.notes, "note")
    )
}

/// What the two sides cannot tell: sentences of ours without full stops.
fn limits(review: &Review) -> Vec<String> {
    let mut said: Vec<String> = review.unavailable.iter().map(|said| (*said).to_owned()).collect();
    said.extend(review.partial.iter().take(MAX_PARTS).map(PartialSide::sentence));
    let more = review.partial.len().saturating_sub(MAX_PARTS);
    if more > 0 {
        said.push(format!("{more} more listings are parts; `--format json` names them"));
    }
    said
}
