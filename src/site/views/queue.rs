//! The review queue: labels that a person should look at, with the reason; what looks milder than it is first.

use std::cmp::Reverse;

use serde::Serialize;

use super::lists::{RangeLink, Told, ToolItem, range_links, tool_item};
use super::page::PageView;
use crate::classify::FindingId;
use crate::config::Config;
use crate::english::count;
use crate::site::html::Html;
use crate::site::index::{IndexedTool, ListPages, ListRange, QueueEntry, SiteIndex, ToolRow};
use crate::site::urls::{self, ListPage};

/// The view of `queue.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct QueueView {
    /// Head and frame.
    pub page: PageView,
    /// How many there are.
    pub lead: String,
    /// The labels of this range by what is wrong, the most dangerous first; groups without a label are left out.
    pub groups: Vec<QueueGroup>,
    /// The ranges; empty where there is one.
    pub ranges: Vec<RangeLink>,
}

/// Labels with the same thing to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct QueueGroup {
    /// The anchor.
    pub id: &'static str,
    /// What it is.
    pub title: &'static str,
    /// What to look for.
    pub lead: &'static str,
    /// The labels, the most severe first.
    pub rows: Vec<QueueRow>,
}

/// One label to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct QueueRow {
    /// The tool with its label as lists show it.
    pub tool: ToolItem,
    /// The hint that the label contradicts, e.g. `readOnlyHint: true`, or nothing.
    pub says: String,
    /// The words of the definition that decided the class, or nothing.
    pub seen_html: Html,
    /// Where they are.
    pub place: String,
    /// What else is to be looked at.
    pub reasons: Vec<&'static str>,
    /// Confidence in percent.
    pub confidence: u8,
}

/// Why a label is in the queue, the most dangerous first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    Understates,
    Text,
    Stale,
    Unsure,
    Overstates,
}

impl Reason {
    const ALL: [Self; 5] = [Self::Understates, Self::Text, Self::Stale, Self::Unsure, Self::Overstates];

    /// Anchor, title, what to look for.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Understates => (
                "understates",
                "The server says less than the card",
                "A client that trusts the hint asks for nothing where the card says it should.",
            ),
            Self::Text => {
                ("text", "The text is odd", "It is hidden, aimed at a model, or says another thing than the name.")
            }
            Self::Stale => {
                ("stale", "The definition changed after a decision", "A person decided about an older definition.")
            }
            Self::Unsure => ("unsure", "The confidence is low", "Little in the definition says what a call does."),
            Self::Overstates => (
                "overstates",
                "The server says more than the card",
                "Either the hint is too careful or the card missed something.",
            ),
        }
    }

    fn of(tool: &ToolRow, review: &QueueEntry) -> Self {
        if review.understates {
            Self::Understates
        } else if TEXT.iter().any(|(id, _)| tool.has(*id)) {
            Self::Text
        } else if tool.stale_override {
            Self::Stale
        } else if tool.confidence < 70 {
            Self::Unsure
        } else {
            Self::Overstates
        }
    }
}

const TEXT: [(FindingId, &str); 7] = [
    (FindingId::DescriptionContradictsName, "contradicts its name"),
    (FindingId::ModelDirectedText, "text aimed at a model"),
    (FindingId::HiddenText, "hidden text"),
    (FindingId::LookalikeLetters, "lookalike letters"),
    (FindingId::EncodedBlob, "encoded blob"),
    (FindingId::DuplicateName, "two tools of one name"),
    (FindingId::ContradictingHints, "hints exclude one another"),
];

/// The queue within a range of servers.
pub(crate) fn queue(config: &Config, index: &SiteIndex, pages: &ListPages, range: &ListRange) -> QueueView {
    let path = urls::list(&ListPage::Queue, &range.prefix);
    let total: usize = Told::of(index, pages, range).counts.iter().sum();
    let here = if range.is_part() { " in this part" } else { "" };
    let lead = match total {
        0 => format!("No label{here} needs a second look."),
        1 => format!("1 label{here} needs a second look."),
        n => format!("{}{here} need a second look.", count(n, "label")),
    };
    let mut listed: Vec<(Reason, IndexedTool<'_>, &QueueEntry)> = index
        .listed(&ListPage::Queue, range.servers.clone())
        .filter_map(|found| {
            let review = found.server.review(found.at)?;
            Some((Reason::of(found.tool(), review), found, review))
        })
        .collect();
    listed.sort_by_cached_key(|(_, found, _)| (Reverse(found.tool().severity), found.server.by_title()));
    let group = |reason: Reason| {
        let rows: Vec<QueueRow> = listed
            .iter()
            .filter(|(of, ..)| *of == reason)
            .map(|(_, found, review)| row(config, found, review, &path))
            .collect();
        let (id, title, lead) = reason.words();
        (!rows.is_empty()).then_some(QueueGroup { id, title, lead, rows })
    };
    QueueView {
        page: PageView::new(
            config,
            &path,
            "Review queue",
            "Labels that a person should look at: hints that say less than the card, odd text, stale decisions, low confidence.",
        )
        .within("queue")
        .crumbs(config, &[("Review queue", &path)]),
        lead,
        groups: Reason::ALL.into_iter().filter_map(group).collect(),
        ranges: range_links(pages, range, &path),
    }
}

fn row(config: &Config, found: &IndexedTool<'_>, review: &QueueEntry, path: &str) -> QueueRow {
    let tool = found.tool();
    let mut reasons: Vec<&'static str> = TEXT.iter().filter(|(id, _)| tool.has(*id)).map(|(_, words)| *words).collect();
    if tool.stale_override {
        reasons.push("stale decision");
    }
    QueueRow {
        tool: tool_item(config, found, path),
        says: review.declared.map(|(hint, value)| format!("{}: {value}", hint.key())).unwrap_or_default(),
        seen_html: Html::text(&review.seen),
        place: review.place.to_string(),
        reasons,
        confidence: tool.confidence,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::Classifier;
    use crate::lexicon::Lexicon;
    use crate::manifest;
    use crate::site::index::{NewTool, ServerRow};

    #[test]
    fn what_looks_milder_than_it_is_comes_first_with_the_word_that_decides() {
        let text = r#"{"tools": [
            {"name": "get_thing", "description": "Gets a thing.", "annotations": {"readOnlyHint": false, "destructiveHint": true}},
            {"name": "update_thing", "description": "Updates a thing.", "annotations": {"readOnlyHint": true}},
            {"name": "delete_thing", "description": "Deletes a thing.", "annotations": {"destructiveHint": false}},
            {"name": "list_things", "description": "Lists things.", "annotations": {"readOnlyHint": true}}]}"#;
        let manifest = manifest::read(text, "a.json".as_ref()).value.unwrap();
        let verdicts = Classifier::new(Lexicon::embedded()).server(&manifest);
        let mut server = ServerRow::new(&manifest.server);
        for (tool, verdict) in manifest.tools.iter().zip(&verdicts) {
            server.add(&NewTool { name: &tool.name, file: &tool.name, verdict, likeness: "", stale_override: false });
        }
        let index = SiteIndex::new([server]);
        let pages = index.pages(ListPage::Queue);
        let view = queue(&Config::default(), &index, &pages, &pages.ranges[0]);
        let groups: Vec<&str> = view.groups.iter().map(|g| g.id).collect();
        assert_eq!(groups, ["understates", "overstates"]);
        let rows: Vec<_> =
            view.groups[0].rows.iter().map(|r| (r.says.as_str(), r.seen_html.as_str(), r.place.as_str())).collect();
        assert_eq!(rows, [("destructiveHint: false", "delete", "name"), ("readOnlyHint: true", "update", "name")]);
    }
}
