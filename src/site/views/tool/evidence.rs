//! The words that decided: the definition with its marks, and the same marks as rows.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;

use crate::classify::{Evidence, Facets, Place, Severity, SpeaksFor, Verdict};
use crate::manifest::Tool;
use crate::site::marks::{Mark, Notes, marks, print, windows};
use crate::site::text::Html;
use crate::site::urls;
use crate::site::views::label::Label;

/// At most this many rows; what decides comes first, then what weighs most.
const MAX_ROWS: usize = 12;
/// Bytes shown to either side of a mark in a long text.
const AROUND: usize = 48;
/// An enum with more values shows the marked ones and counts the others.
const MAX_VALUES: usize = 12;

/// One marked part of the definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// `name`, `description`, or an argument's name.
    pub name_html: Html,
    /// Whether it is an identifier or value and not prose.
    pub code: bool,
    /// The text with marks and footnotes; a long text is cut to what surrounds its marks.
    pub text_html: Html,
}

/// One row of the evidence table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EvidenceRow {
    /// The footnote.
    pub note: usize,
    /// The rule's id.
    pub rule_html: Html,
    /// The rule on the method page.
    pub href: String,
    /// Place and span.
    pub seen_html: Html,
    /// The class that it speaks for, or nothing.
    pub label: Option<Label>,
    /// The facet that it speaks for, or nothing.
    pub facet: &'static str,
    /// `restricts`, `decides`, `strong`, `supporting` or `weak`.
    pub weight: &'static str,
    /// The class's slug where the row decides, else nothing.
    pub hit: &'static str,
}

/// Rows and proof of one tool.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// The marked parts, in reading order.
    pub proof: Vec<Proof>,
    /// The rows, in the same order.
    pub rows: Vec<EvidenceRow>,
    /// How many observations have no row.
    pub more: usize,
    /// How many there are.
    pub marks: usize,
}

/// The evidence of a verdict on the page at `path`.
pub fn show(tool: &Tool, verdict: &Verdict, path: &str) -> Shown {
    let numbered = numbered(verdict);
    let rows = numbered.iter().map(|(note, e)| row(*note, e, path)).collect();
    let mut proof = Vec::new();
    let mut enums: HashMap<&str, usize> = HashMap::new();
    let mut last: Option<&Place> = None;
    for (_, e) in &numbered {
        if last == Some(&e.place) {
            continue;
        }
        last = Some(&e.place);
        if let Place::Pointer(pointer) = &e.place
            && let Some(list) = enum_of(pointer)
        {
            // One line for all values of an enum.
            if enums.insert(list, proof.len()).is_none() {
                proof.extend(values(tool, list, &numbered));
            }
            continue;
        }
        proof.extend(part(tool, &e.place, &numbered));
    }
    let marks = verdict.evidence.iter().filter(|e| has_place(e)).count();
    Shown { proof, rows, more: marks - numbered.len(), marks }
}

/// The underlines of the description, of every piece of evidence.
pub fn description_marks(tool: &Tool, verdict: &Verdict) -> Vec<Mark> {
    let text = tool.description.as_deref().unwrap_or_default();
    marks(text, &Place::Description, verdict.evidence.iter().map(|e| (0, e)))
}

/// Whether evidence may have a row: a hint that decides nothing has its own table on the page.
fn has_place(e: &Evidence) -> bool {
    e.decides || !matches!(e.place, Place::Annotation(_))
}

/// The evidence that gets a row, numbered from 1 in reading order.
fn numbered(verdict: &Verdict) -> Vec<(usize, &Evidence)> {
    let mut chosen: Vec<&Evidence> = verdict.evidence.iter().filter(|e| has_place(e)).collect();
    if chosen.len() > MAX_ROWS {
        // Stable: evidence comes sorted by weight.
        chosen.sort_by_key(|e| !e.decides);
        chosen.truncate(MAX_ROWS);
    }
    chosen.sort_by(|a, b| reading_order(a).cmp(&reading_order(b)));
    chosen.into_iter().enumerate().map(|(i, e)| (i + 1, e)).collect()
}

fn reading_order(e: &Evidence) -> (u8, &str, usize, usize) {
    let (rank, pointer, index) = match &e.place {
        Place::Name => (0, "", 0),
        Place::Title => (1, "", 0),
        Place::Description => (2, "", 0),
        Place::Pointer(pointer) => match pointer.rsplit_once('/').map(|(list, last)| (list, last.parse())) {
            Some((list, Ok(index))) => (3, list, index),
            _ => (3, pointer.as_str(), 0),
        },
        Place::Annotation(hint) => (4, hint.key(), 0),
    };
    (rank, pointer, index, e.span.start)
}

fn row(note: usize, e: &Evidence, path: &str) -> EvidenceRow {
    let (label, facet) = match e.speaks_for {
        SpeaksFor::Class(class) => (Some(Label::new(class, Severity::of(class, Facets::NONE))), ""),
        SpeaksFor::Facet(facet) => (None, facet.name()),
    };
    let mut seen_html = Html::new();
    match &e.place {
        Place::Pointer(pointer) => seen_html.push_text(pointer),
        place => seen_html.push_text(&place.to_string()),
    };
    seen_html.push_markup(" ").push_number(e.span.start).push_markup("–").push_number(e.span.end);
    EvidenceRow {
        note,
        rule_html: Html::text(&e.rule),
        href: urls::relative(path, urls::LEXICON, &e.rule),
        seen_html,
        label,
        facet,
        weight: weight(e),
        hit: match (e.decides, e.speaks_for) {
            (true, SpeaksFor::Class(class)) => class.slug(),
            (true, SpeaksFor::Facet(_)) => "facet",
            _ => "",
        },
    }
}

fn weight(e: &Evidence) -> &'static str {
    match e.weight {
        _ if e.restricts => "restricts",
        _ if e.decides => "decides",
        w if w >= 0.6 => "strong",
        w if w >= 0.3 => "supporting",
        _ => "weak",
    }
}

type Numbered<'a> = [(usize, &'a Evidence)];

fn part(tool: &Tool, place: &Place, numbered: &Numbered<'_>) -> Option<Proof> {
    let (name_html, text, code): (Html, &str, bool) = match place {
        Place::Name => (Html::markup("name"), &tool.name, true),
        Place::Title => {
            let title = tool.title.as_deref().or(tool.annotations.title.as_deref());
            (Html::markup("title"), title.unwrap_or_default(), false)
        }
        Place::Description => (Html::markup("description"), tool.description.as_deref().unwrap_or_default(), false),
        Place::Annotation(hint) => {
            let declared = tool.annotations.declared(*hint)?;
            let text = if declared { "true" } else { "false" };
            return Some(Proof {
                name_html: Html::text(hint.key()),
                code: true,
                text_html: marked(text, place, numbered, true),
            });
        }
        Place::Pointer(pointer) => {
            let (path, last) = pointer.rsplit_once('/')?;
            if let Value::String(text) = lookup(tool, pointer)? {
                let mut name_html = Html::name(&last_step(path));
                name_html.push_markup(", ").push_text(last);
                return Some(Proof { name_html, code: false, text_html: marked(text, place, numbered, false) });
            }
            let text = last_step(pointer);
            let text_html = marked(&text, place, numbered, true);
            return Some(Proof { name_html: Html::markup("parameter"), code: true, text_html });
        }
    };
    Some(Proof { name_html, code, text_html: marked(text, place, numbered, code) })
}

fn marked(text: &str, place: &Place, numbered: &Numbered<'_>, code: bool) -> Html {
    let marks = marks(text, place, numbered.iter().copied());
    let mut html = Html::with_capacity(text.len().min(1024) + marks.len() * 96);
    if code {
        print(&mut html, text, 0..text.len(), &marks, Notes::Shown, |h, t| {
            h.push_name(t);
        });
        return html;
    }
    let mut at = 0;
    for (i, window) in windows(text, &marks, AROUND).into_iter().enumerate() {
        if window.start > at {
            html.push_markup(if i == 0 { "… " } else { " … " });
        }
        at = window.end;
        print(&mut html, text, window, &marks, Notes::Shown, |h, t| {
            h.push_text(t);
        });
    }
    if at < text.len() {
        html.push_markup(" …");
    }
    html
}

/// One line with the values of an enum, marked.
fn values(tool: &Tool, list: &str, numbered: &Numbered<'_>) -> Option<Proof> {
    let Value::Array(values) = lookup(tool, list)? else { return None };
    let owner = last_step(list.strip_suffix("/enum").unwrap_or(list));
    let mut text_html = Html::markup("enum: ");
    let (mut shown, mut hidden) = (0, 0);
    for (i, value) in values.iter().enumerate() {
        let place = Place::Pointer(format!("{list}/{i}"));
        let is_marked = numbered.iter().any(|(_, e)| e.place == place);
        if values.len() > MAX_VALUES && !is_marked {
            hidden += 1;
            continue;
        }
        if shown > 0 {
            text_html.push_markup(" | ");
        }
        shown += 1;
        match value {
            Value::String(text) => text_html.push(&marked(text, &place, numbered, true)),
            other => text_html.push_text(&other.to_string()),
        };
    }
    if hidden > 0 {
        text_html.push_markup(" | … ").push_number(hidden).push_markup(" more");
    }
    Some(Proof { name_html: Html::name(&owner), code: true, text_html })
}

/// `/inputSchema/properties/action/enum/2` → `/inputSchema/properties/action/enum`.
fn enum_of(pointer: &str) -> Option<&str> {
    let (list, index) = pointer.rsplit_once('/')?;
    (list.ends_with("/enum") && index.bytes().all(|b| b.is_ascii_digit())).then_some(list)
}

fn lookup<'a>(tool: &'a Tool, pointer: &str) -> Option<&'a Value> {
    match pointer.strip_prefix("/inputSchema") {
        Some(rest) => tool.input_schema.pointer(rest),
        None => tool.output_schema.as_ref()?.pointer(pointer.strip_prefix("/outputSchema")?),
    }
}

fn last_step(pointer: &str) -> String {
    let step = pointer.rsplit('/').next().unwrap_or_default();
    step.replace("~1", "/").replace("~0", "~")
}
