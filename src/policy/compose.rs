//! A reader's choice of tools → a document, and the parts from which a page puts it together in every format.
//!
//! The parts come from the writers of [`formats`]: each writer is given every tool twice, chosen and not, and the text
//! for a choice is what remains of its parts. So nothing else ever writes a format.

use std::collections::HashMap;

use serde::{Serialize, Serializer};

use super::formats::{self, Scope, ToolPolicy};
use super::parts::{DocumentPart, PartList};
use super::profile::{chosen_rule, put};
use super::{Policy, RateLimits, Rule, outcome, recommend, tool_document};
use crate::classify::Verdict;
use crate::manifest::Tool;

/// The document for a choice: a chosen tool has its recommended rule, or a limit where that rule hides it; every other
/// tool is hidden.
pub fn chosen_document<'a>(
    tools: impl IntoIterator<Item = (&'a Tool, &'a Verdict)>,
    chosen: impl Fn(&str) -> bool,
    rate_limits: &RateLimits,
) -> Policy {
    let mut policy = Policy::deny_all();
    for (tool, verdict) in tools {
        let rule = if chosen(&tool.name) { chosen_rule(tool, verdict, rate_limits) } else { Rule::Hide };
        put(&mut policy, &tool.name, rule);
    }
    policy.hide.sort_unstable();
    policy.hide.dedup();
    policy
}

/// The parts of every format for one server, as JSON for a page's script.
#[derive(Debug, Serialize)]
pub struct Composer<'a> {
    /// The tools, sorted by name.
    tools: Vec<&'a str>,
    /// For each tool the place of its kind in `kinds`.
    kind: Vec<usize>,
    /// Stands for the tool's name in `texts`.
    mark: &'static str,
    /// What rows say.
    texts: Vec<String>,
    /// Tools with the same rows but for their names share a kind.
    kinds: Vec<ToolKind>,
    formats: Vec<ComposedFormat>,
    /// Formats that cannot say anything for this server, and why.
    left_out: Vec<LeftOut>,
}

#[derive(Debug, PartialEq, Eq, Hash, Clone, Serialize)]
struct ToolKind {
    /// What becomes of the tool when it is chosen.
    does: &'static str,
    /// Whether the recommended document lists it.
    recommended: bool,
    /// For each slot the row's place in `texts` when the tool is chosen, then when it is not; -1 is not a row.
    rows: Vec<i32>,
}

#[derive(Debug, Serialize)]
struct ComposedFormat {
    id: &'static str,
    label: &'static str,
    file: &'static str,
    document: Composed,
    notes: Vec<Composed>,
    #[serde(skip_serializing_if = "str::is_empty")]
    otherwise: &'static str,
}

#[derive(Debug, Serialize)]
struct LeftOut {
    label: &'static str,
    why: String,
}

/// A [`DocumentPart`] whose rows are slots.
#[derive(Debug)]
enum Composed {
    Text(String),
    /// The rows of this slot, tool by tool.
    Slot(usize),
    List(Box<ComposedList>),
}

/// One letter a key: every server's file has these.
#[derive(Debug, Serialize)]
struct ComposedList {
    #[serde(rename = "n", skip_serializing_if = "String::is_empty")]
    none: String,
    #[serde(rename = "s", skip_serializing_if = "Option::is_none")]
    single: Option<(String, String)>,
    #[serde(rename = "o", skip_serializing_if = "String::is_empty")]
    open: String,
    #[serde(rename = "b", skip_serializing_if = "String::is_empty")]
    between: String,
    #[serde(rename = "c", skip_serializing_if = "String::is_empty")]
    close: String,
    #[serde(rename = "p")]
    parts: Vec<Composed>,
}

impl Serialize for Composed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Slot(slot) => serializer.serialize_u64(*slot as u64),
            Self::List(list) => list.serialize(serializer),
        }
    }
}

/// The rows of one slot: for each place of the scope a text, or none.
type ToolSlot = Vec<Option<String>>;

impl<'a> Composer<'a> {
    /// The parts for a server whose name in a client is `key`.
    pub fn new(key: &str, tools: &[(&'a Tool, &'a Verdict)], rate_limits: &RateLimits) -> Self {
        let mut sorted: Vec<(&Tool, &Verdict)> = tools.to_vec();
        sorted.sort_by(|a, b| a.0.name.cmp(&b.0.name));
        sorted.dedup_by(|a, b| a.0.name == b.0.name);
        let documents: Vec<[Policy; 2]> = sorted
            .iter()
            .map(|(tool, verdict)| {
                let rules = [chosen_rule(tool, verdict, rate_limits), Rule::Hide];
                rules.map(|rule| tool_document(&tool.name, &rule))
            })
            .collect();
        let names = sorted.iter().map(|(tool, _)| tool.name.as_str());
        let both =
            documents.iter().zip(names).flat_map(|(both, name)| both.iter().map(move |d| ToolPolicy::of(d, name)));
        let nothing = Policy::deny_all();
        let scope = Scope { server: key, policy: &nothing, tools: both.collect(), alone: false, gateway: None };

        let (mut slots, mut written, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
        for format in formats::all() {
            match format.write(&scope) {
                Ok(parts) => written.push(ComposedFormat {
                    id: format.id(),
                    label: format.label(),
                    file: format.filename(),
                    document: composed(parts.document, scope.tools.len(), &mut slots),
                    notes: parts.notes.into_iter().map(|n| composed(n, scope.tools.len(), &mut slots)).collect(),
                    otherwise: parts.otherwise,
                }),
                Err(refusal) => left_out.push(LeftOut { label: format.label(), why: refusal.0.into_owned() }),
            }
        }

        let same = shared(&mut slots);
        for format in &mut written {
            format.document.rename(&same);
            format.notes.iter_mut().for_each(|note| note.rename(&same));
        }

        let mark = mark(&slots, &sorted);
        let (mut texts, mut places) = (Vec::new(), HashMap::new());
        let (mut kinds, mut known) = (Vec::new(), HashMap::new());
        let mut kind = Vec::with_capacity(sorted.len());
        for (i, (tool, verdict)) in sorted.iter().enumerate() {
            let mut rows = Vec::with_capacity(slots.len() * 2);
            for slot in &slots {
                for row in &slot[2 * i..2 * i + 2] {
                    rows.push(match row {
                        None => -1,
                        Some(row) => {
                            let text = match mark {
                                "" => row.clone(),
                                mark => row.replace(&tool.name, mark),
                            };
                            *places.entry(text).or_insert_with_key(|text| {
                                texts.push(text.clone());
                                i32::try_from(texts.len()).unwrap_or(i32::MAX) - 1
                            })
                        }
                    });
                }
            }
            let of = ToolKind {
                does: outcome(&documents[i][0], tool, verdict).name(),
                recommended: recommend(tool, verdict, rate_limits) != Rule::Hide,
                rows,
            };
            kind.push(*known.entry(of).or_insert_with_key(|of| {
                kinds.push(of.clone());
                kinds.len() - 1
            }));
        }
        let tools = sorted.iter().map(|(tool, _)| tool.name.as_str()).collect();
        Self { tools, kind, mark, texts, kinds, formats: written, left_out }
    }

    /// The JSON of it, on one line.
    ///
    /// # Errors
    /// None that input can cause.
    pub fn json(&self) -> serde_json::Result<String> {
        crate::neutral::json_line(self).map(|text| text + "\n")
    }
}

impl Composed {
    /// Gives every slot its new place.
    fn rename(&mut self, places: &[usize]) {
        match self {
            Self::Text(_) => {}
            Self::Slot(slot) => *slot = places.get(*slot).copied().unwrap_or(*slot),
            Self::List(list) => list.parts.iter_mut().for_each(|part| part.rename(places)),
        }
    }
}

/// Keeps one of slots that are the same; the new place of each.
fn shared(slots: &mut Vec<ToolSlot>) -> Vec<usize> {
    let mut kept: Vec<ToolSlot> = Vec::with_capacity(slots.len());
    let mut known: HashMap<ToolSlot, usize> = HashMap::new();
    let places = std::mem::take(slots)
        .into_iter()
        .map(|slot| {
            *known.entry(slot).or_insert_with_key(|slot| {
                kept.push(slot.clone());
                kept.len() - 1
            })
        })
        .collect();
    *slots = kept;
    places
}

/// A character that no row has, to stand for a tool's name; nothing where rows have them all, or a name is not text.
fn mark(slots: &[ToolSlot], names: &[(&Tool, &Verdict)]) -> &'static str {
    if names.iter().any(|(tool, _)| tool.name.is_empty()) {
        return "";
    }
    let rows = || slots.iter().flatten().flatten();
    ["~", "^", "§", "¤"].into_iter().find(|mark| !rows().any(|row| row.contains(mark))).unwrap_or("")
}

/// A list whose runs of rows are slots, which it appends.
fn composed(list: PartList, places: usize, slots: &mut Vec<ToolSlot>) -> Composed {
    let mut parts: Vec<Composed> = Vec::with_capacity(list.parts.len());
    let mut before = None;
    for part in list.parts {
        let next = match part {
            DocumentPart::Row(place, text) => {
                // Tools are in their order, so a place that does not come after the last begins another run.
                if before.is_none_or(|before| place <= before) {
                    parts.push(Composed::Slot(slots.len()));
                    slots.push(vec![None; places]);
                }
                before = Some(place);
                if let Some(row) = slots.last_mut().and_then(|slot| slot.get_mut(place)) {
                    *row = Some(text);
                }
                continue;
            }
            DocumentPart::Text(text) => Composed::Text(text.into_owned()),
            DocumentPart::List(list) => composed(list, places, slots),
        };
        before = None;
        parts.push(next);
    }
    let single = list.single.map(|(open, close)| (open.into_owned(), close.into_owned()));
    let (none, open) = (list.none.into_owned(), list.open.into_owned());
    let (between, close) = (list.between.into_owned(), list.close.into_owned());
    Composed::List(Box::new(ComposedList { none, single, open, between, close, parts }))
}
