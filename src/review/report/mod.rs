//! A review as text of some kind: one file an output, one row here.

mod findings;
mod github;
mod json;
mod junit;
mod markdown;
mod sarif;
mod text;

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::accept;
use super::change::{Change, PartialSide, Proof, Review};
use super::gate::FailOn;
use super::kind::Kind;
use crate::classify::{FindingId, FindingLevel};
use crate::english::{list, plain_count as count};
use crate::neutral;
use crate::risk::ClassCounts;

pub use findings::{
    DescribedFinding, FoundFinding, described, findings_github, findings_markdown, findings_sarif, of_server,
};
pub use json::SCHEMA_VERSION;
pub use markdown::{MARKER, MAX_CHARS};
pub use sarif::document as sarif_document;

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

/// The level that people are told: what fails the review is an error, and nothing else is.
fn told(change: &Change, context: Context) -> FindingLevel {
    if context.fail_on.stops(change) { FindingLevel::Error } else { change.level.min(FindingLevel::Warning) }
}

/// The changes as they are told: the worst first, and what fails before what does not.
fn worst_first(review: &Review, context: Context) -> Vec<&Change> {
    let mut changes = review.worst_first();
    changes.sort_by_key(|change| Reverse(told(change, context)));
    changes
}

/// How the review becomes green: sentences of ours without full stops, none where nothing fails. What has to go comes
/// first, and what is accepted last.
fn ways(review: &Review, context: Context) -> Vec<String> {
    let failing = review.changes.iter().filter(|c| context.fail_on.stops(c));
    let (waiting, others): (Vec<&Change>, Vec<&Change>) = failing.partition(|c| context.fail_on.waits(c));
    let (texts, waiting): (Vec<&Change>, Vec<&Change>) =
        waiting.into_iter().partition(|c| accept::text(c.id).is_some());
    let (broken, labels): (Vec<&Change>, Vec<&Change>) =
        waiting.into_iter().partition(|c| c.id == Kind::ManifestBroken);
    let mut ways = Vec::new();
    if !texts.is_empty() {
        ways.push(format!(
            "text of {} that instructs a model or is hidden has to go: keep the definition as it was until its author has \
             explained it",
            subjects(&texts)
        ));
    }
    if !broken.is_empty() {
        ways.push("repair the manifest that cannot be read".to_owned());
    }
    if !others.is_empty() {
        ways.push(format!(
            "what else `--fail-on {}` names fails until the change is gone or it names less",
            context.fail_on
        ));
    }
    if !labels.is_empty() {
        let what = if labels.len() == 1 { "the change".to_owned() } else { format!("{} changes", labels.len()) };
        ways.push(if review.base_locked {
            format!("to accept {what}, run `toolcard lock` and commit `risk.lock`, whose owners approve its difference")
        } else {
            format!("to accept {what}, the base needs a `risk.lock`: commit one there with `toolcard lock`, then one with this change")
        });
    }
    if !texts.is_empty() {
        ways.push(format!(
            "where that text is meant, run `toolcard accept {} --reason TEXT` and commit `overrides.toml`, whose owners \
             approve it",
            accepting(&texts)
        ));
    }
    ways
}

/// What changes are about, the first of them by name.
fn subjects(changes: &[&Change]) -> String {
    let mut names: Vec<String> = changes.iter().map(|change| neutral::quoted(&change.subject())).collect();
    names.dedup();
    let more = names.len().saturating_sub(MAX_SUBJECTS);
    names.truncate(MAX_SUBJECTS);
    if more > 0 {
        names.push(count(more, "more tool"));
    }
    list(&names, "and")
}

/// Tools that one sentence names.
const MAX_SUBJECTS: usize = 3;

/// What `toolcard accept` is given: the tool where it is one of a plain name, and the findings.
fn accepting(texts: &[&Change]) -> String {
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    let named = |change: &Change| {
        let tool = change.tool.as_deref().filter(|tool| plain(tool) && plain(&change.server))?;
        Some(format!("{}/{tool}", change.server))
    };
    let mut tools: Vec<Option<String>> = texts.iter().map(|change| named(change)).collect();
    tools.dedup();
    let tool = if let [Some(tool)] = tools.as_slice() { tool.as_str() } else { "SERVER/TOOL" };
    let mut ids: Vec<&str> = texts.iter().filter_map(|c| accept::text(c.id)).map(FindingId::name).collect();
    ids.sort_unstable();
    ids.dedup();
    format!("{tool} {}", ids.join("|"))
}

/// The tools of both sides in a sentence without a full stop; nothing where neither has any.
fn tools(review: &Review) -> Option<String> {
    let words = |counts: ClassCounts| {
        let ClassCounts { read, write, destructive } = counts;
        format!("{} ({read} Read, {write} Write, {destructive} Destructive)", counts.tools())
    };
    let (base, head) = (review.labels.base, review.labels.head);
    (base.tools() + head.tools() > 0)
        .then(|| format!("all tools by class: before {}, after {}", words(base), words(head)))
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

/// Where changes are: `2 tools and 1 server`.
fn places(review: &Review) -> String {
    let subjects: BTreeSet<(&str, Option<&str>)> =
        review.changes.iter().map(|change| (change.server.as_str(), change.tool.as_deref())).collect();
    let tools = subjects.iter().filter(|(_, tool)| tool.is_some()).count();
    let servers = subjects.iter().filter(|(server, tool)| tool.is_none() && !server.is_empty()).count();
    let mut places = Vec::new();
    places.extend((tools > 0).then(|| count(tools, "tool")));
    places.extend((servers > 0).then(|| count(servers, "server")));
    places.extend(subjects.contains(&("", None)).then(|| "the catalogue".to_owned()));
    list(&places, "and")
}

/// What the review comes to, a sentence of ours without a full stop: `3 changes in 2 tools: 1 fails, …`.
fn verdict(review: &Review, context: Context) -> String {
    let sum = review.summary();
    if sum.changes == 0 {
        let least = if sum.partial.iter().any(|part| part.side == "head") { "at least " } else { "" };
        return format!("no change in {} and {least}{}", count(sum.servers, "server"), count(sum.tools, "tool"));
    }
    let of = |level| review.changes.iter().filter(|c| told(c, context) == level).count();
    let accepted = review.changes.iter().filter(|c| c.accepted.is_some()).count();
    let fails =
        if of(FindingLevel::Error) == 1 { "1 fails".to_owned() } else { format!("{} fail", of(FindingLevel::Error)) };
    let mut said = format!(
        "{} in {}: {fails}, {}, {}",
        count(sum.changes, "change"),
        places(review),
        count(of(FindingLevel::Warning), "warning"),
        count(of(FindingLevel::Note), "note")
    );
    if accepted > 0 {
        let _ = write!(said, "; {accepted} of them accepted");
    }
    said
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
