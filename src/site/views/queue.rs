//! The review queue: labels that a person should look at, with the reason.

use serde::Serialize;

use super::lists::{RangeLink, ToolItem, range_links, tool_item};
use super::page::Page;
use crate::card::figures::count;
use crate::classify::FindingId;
use crate::config::Config;
use crate::site::index::{Index, ListPages, ListRange, ToolRow};
use crate::site::urls::{self, List};

/// The view of `queue.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QueueView {
    /// Head and frame.
    pub page: Page,
    /// How many there are.
    pub lead: String,
    /// The labels of this range.
    pub rows: Vec<QueueRow>,
    /// The ranges; empty where there is one.
    pub ranges: Vec<RangeLink>,
}

/// One label to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QueueRow {
    /// The tool.
    pub tool: ToolItem,
    /// Why.
    pub reasons: Vec<&'static str>,
    /// Confidence in percent.
    pub confidence: u8,
}

/// The queue within a range of servers.
pub fn queue(config: &Config, index: &Index, pages: &ListPages, range: &ListRange) -> QueueView {
    let path = urls::list(&List::Queue, &range.prefix);
    let total: usize = pages.counts.iter().sum();
    let lead = match total {
        0 => "No label waits for a person.".to_owned(),
        1 => "1 label waits for a person.".to_owned(),
        n => format!("{} wait for a person.", count(n, "label")),
    };
    QueueView {
        page: Page::new(
            config,
            &path,
            "Review queue",
            "Labels with low confidence, contradictions or stale overrides.",
        )
        .within("queue")
        .crumbs(config, &[("Review queue", &path)]),
        lead,
        rows: index
            .listed(&List::Queue, range.servers.clone())
            .map(|found| QueueRow {
                tool: tool_item(config, &found, &path),
                reasons: reasons(found.tool()),
                confidence: found.tool().confidence,
            })
            .collect(),
        ranges: range_links(pages, range, &path),
    }
}

fn reasons(tool: &ToolRow) -> Vec<&'static str> {
    let mut reasons = Vec::new();
    if tool.stale_override {
        reasons.push("stale override");
    }
    if tool.confidence < 70 {
        reasons.push("low confidence");
    }
    let words = [
        (FindingId::AnnotationContradictsVerdict, "contradicts its hints"),
        (FindingId::DescriptionContradictsName, "contradicts its name"),
        (FindingId::ModelDirectedText, "text aimed at a model"),
        (FindingId::HiddenText, "hidden text"),
        (FindingId::LookalikeLetters, "lookalike letters"),
        (FindingId::EncodedBlob, "encoded blob"),
    ];
    reasons.extend(words.into_iter().filter(|(id, _)| tool.has(*id)).map(|(_, words)| words));
    reasons
}
