//! A reader's choice of tools → a document, and the parts from which a page puts it together in every format.
//!
//! The parts come from the writers of [`formats`]: each writer is given every tool twice, chosen and not, and the text
//! for a choice is what remains of its parts. So nothing else ever writes a format.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::BuildHasher as _;

use foldhash::fast::RandomState;
use memchr::memmem::Finder;
use serde::{Serialize, Serializer};

use super::formats::{self, Format, Rendered, Scope, ToolPolicy, Unsupported, Written};
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

/// Every format for one server, written with each tool twice: chosen, and not. What remains of the parts is the document
/// for a choice.
#[derive(Debug)]
pub struct ServerFormats<'a> {
    /// Sorted by name; the tool at `i` has the places `2 * i` and `2 * i + 1`.
    tools: Vec<ComposedTool<'a>>,
    /// In the order of [`formats::all`].
    written: Vec<Result<Written, Unsupported>>,
}

#[derive(Debug)]
struct ComposedTool<'a> {
    name: &'a str,
    does: &'static str,
    recommended: bool,
}

impl<'a> ServerFormats<'a> {
    /// The formats for a server whose name in a client is `key`.
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
        let written = formats::all().iter().map(|format| format.write(&scope)).collect();
        let of_tool = |((tool, verdict), [chosen, _]): (&(&'a Tool, &Verdict), &[Policy; 2])| ComposedTool {
            name: &tool.name,
            does: outcome(chosen, tool, verdict).name(),
            recommended: recommend(tool, verdict, rate_limits) != Rule::Hide,
        };
        Self { tools: sorted.iter().zip(&documents).map(of_tool).collect(), written }
    }

    /// The recommended document in every format, in the order of [`formats::all`].
    pub fn recommended(&self) -> impl Iterator<Item = Result<Rendered, Unsupported>> {
        let kept =
            |place: usize| self.tools.get(place / 2).is_some_and(|tool| tool.recommended == place.is_multiple_of(2));
        self.written.iter().map(move |written| match written {
            Ok(written) => written.kept(&kept),
            Err(refusal) => Err(refusal.clone()),
        })
    }

    /// The parts of every format, for a page's script.
    pub fn composer(self) -> Composer<'a> {
        let Self { tools, written } = self;
        let (mut slots, mut composed, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
        for (format, written) in formats::all().iter().zip(written) {
            match written {
                Ok(parts) => composed.push(ComposedFormat::new(*format, parts, tools.len() * 2, &mut slots)),
                Err(refusal) => left_out.push(LeftOut { label: format.label(), why: refusal.0.into_owned() }),
            }
        }
        let same = shared(&mut slots);
        for format in &mut composed {
            format.document.rename(&same);
            format.notes.iter_mut().for_each(|note| note.rename(&same));
        }
        let mark = mark(&slots, &tools);
        let mut texts = RowTexts::default();
        let (mut kinds, mut known) = (Vec::new(), HashMap::<ToolKind, usize, RandomState>::default());
        let mut kind = Vec::with_capacity(tools.len());
        for (i, tool) in tools.iter().enumerate() {
            let name = (!mark.is_empty()).then(|| Finder::new(tool.name));
            let mut rows = Vec::with_capacity(slots.len() * 2);
            for row in slots.iter().flat_map(|slot| &slot[2 * i..2 * i + 2]) {
                rows.push(match (row, &name) {
                    (None, _) => -1,
                    (Some(row), None) => texts.place(row),
                    (Some(row), Some(name)) => texts.place(&marked(row, name, mark)),
                });
            }
            let of = ToolKind { does: tool.does, recommended: tool.recommended, rows };
            kind.push(*known.entry(of).or_insert_with_key(|of| {
                kinds.push(of.clone());
                kinds.len() - 1
            }));
        }
        let tools = tools.iter().map(|tool| tool.name).collect();
        Composer { tools, kind, mark, texts: texts.texts, kinds, formats: composed, left_out }
    }
}

impl ComposedFormat {
    fn new(format: &dyn Format, parts: Written, places: usize, slots: &mut Vec<ToolSlot>) -> Self {
        Self {
            id: format.id(),
            label: format.label(),
            file: format.filename(),
            document: composed(parts.document, places, slots),
            notes: parts.notes.into_iter().map(|note| composed(note, places, slots)).collect(),
            otherwise: parts.otherwise,
        }
    }
}

impl Composer<'_> {
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

/// What rows say, each text once.
#[derive(Default)]
struct RowTexts {
    texts: Vec<String>,
    places: HashMap<String, i32, RandomState>,
}

impl RowTexts {
    fn place(&mut self, text: &str) -> i32 {
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        let place = i32::try_from(self.texts.len()).unwrap_or(i32::MAX);
        self.places.insert(text.to_owned(), place);
        self.texts.push(text.to_owned());
        place
    }
}

/// A row with a mark in place of the name.
fn marked<'r>(row: &'r str, name: &Finder<'_>, mark: &str) -> Cow<'r, str> {
    let (mut out, mut done) = (String::new(), 0);
    for at in name.find_iter(row.as_bytes()) {
        out.push_str(&row[done..at]);
        out.push_str(mark);
        done = at + name.needle().len();
    }
    if done == 0 {
        return Cow::Borrowed(row);
    }
    out.push_str(&row[done..]);
    Cow::Owned(out)
}

/// Keeps one of slots that are the same; the new place of each.
fn shared(slots: &mut Vec<ToolSlot>) -> Vec<usize> {
    let mut kept: Vec<ToolSlot> = Vec::with_capacity(slots.len());
    let mut known: HashMap<u64, Vec<usize>, RandomState> = HashMap::default();
    let places = std::mem::take(slots)
        .into_iter()
        .map(|slot| {
            let alike = known.entry(known.hasher().hash_one(&slot)).or_default();
            alike.iter().copied().find(|place| kept[*place] == slot).unwrap_or_else(|| {
                alike.push(kept.len());
                kept.push(slot);
                kept.len() - 1
            })
        })
        .collect();
    *slots = kept;
    places
}

/// A character that no row has, to stand for a tool's name; nothing where rows have them all, or a name is not text.
fn mark(slots: &[ToolSlot], tools: &[ComposedTool<'_>]) -> &'static str {
    if tools.iter().any(|tool| tool.name.is_empty()) {
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
