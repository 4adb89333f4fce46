//! `_changes.json`: what became of every label, in the order in which reviewers saw it.
//!
//! The site's change pages and the feed are written from this file alone and never from git,
//! so a shallow clone gives the same bytes. One event a line, so that git merges it well.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::day::Day;
use super::lock::pair::{self, Pair};
use super::lock::{Label, Locked};
use crate::diagnostic::{Code, Diagnostic};
use crate::input;
use crate::neutral;

/// The history's file name in a catalogue.
pub const FILE: &str = "_changes.json";
/// The version of the file's shape.
pub const SCHEMA_VERSION: u32 = 1;

/// What happened. The ids are those of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventId {
    /// A server is new; its tools are counted, not listed.
    ServerAdded,
    /// A server is gone.
    ServerRemoved,
    /// A server's folder has another name.
    ServerRenamed,
    /// A tool is new on a known server.
    ToolAdded,
    /// A tool is gone.
    ToolRemoved,
    /// A tool has another name.
    ToolRenamed,
    /// Class or severity rose.
    LabelRaised,
    /// Class or severity fell.
    LabelLowered,
    /// Facets moved, the severity did not.
    FacetsChanged,
}

/// A server, or one of its tools.
type EventSubject<'a> = (&'a str, Option<&'a str>);

/// A label as the history keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryLabel {
    /// `Read`, `Write` or `Destructive`.
    pub class: String,
    /// `Low` to `Critical`.
    pub severity: String,
    /// Names of the facets, in canonical order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facets: Vec<String>,
}

impl From<&Label> for HistoryLabel {
    fn from(label: &Label) -> Self {
        Self {
            class: label.class.name().to_owned(),
            severity: label.severity.name().to_owned(),
            facets: label.facets.iter().map(|f| f.name().to_owned()).collect(),
        }
    }
}

/// What happened to a server or a tool, as `_changes.json` keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// The day as `YYYY-MM-DD`; absent where neither the command nor a capture gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// What happened.
    pub id: EventId,
    /// The server's slug, after the event where it still exists.
    pub server: String,
    /// The tool's name, after the event where it still exists; absent for events of a server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
    /// The former name of what was renamed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// How many tools the server has, or had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tools: Option<usize>,
    /// The label before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<HistoryLabel>,
    /// The label after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<HistoryLabel>,
}

impl Event {
    /// An event of a whole server.
    pub fn of_server(id: EventId, server: &str, tools: usize, from: Option<String>) -> Self {
        Self {
            date: None,
            id,
            server: server.to_owned(),
            tool: None,
            from,
            tools: Some(tools),
            before: None,
            after: None,
        }
    }

    /// What it is about, as it was called before and as it is called after.
    fn names(&self) -> (EventSubject<'_>, EventSubject<'_>) {
        let (server, from) = (self.server.as_str(), self.from.as_deref());
        match self.tool.as_deref() {
            Some(tool) => ((server, from.or(Some(tool))), (server, Some(tool))),
            None => ((from.unwrap_or(server), None), (server, None)),
        }
    }

    /// Whether it undoes an event before it, on the same day.
    fn takes_back(&self, earlier: &Self) -> bool {
        let undoing = match earlier.id {
            EventId::ServerAdded => EventId::ServerRemoved,
            EventId::ServerRemoved => EventId::ServerAdded,
            EventId::ServerRenamed => EventId::ServerRenamed,
            EventId::ToolAdded => EventId::ToolRemoved,
            EventId::ToolRemoved => EventId::ToolAdded,
            EventId::ToolRenamed => EventId::ToolRenamed,
            EventId::LabelRaised => EventId::LabelLowered,
            EventId::LabelLowered => EventId::LabelRaised,
            EventId::FacetsChanged => EventId::FacetsChanged,
        };
        self.id == undoing
            && self.date.is_some()
            && self.date == earlier.date
            && self.names().1 == earlier.names().0
            && self.tools == earlier.tools
            && self.before == earlier.after
            && self.after == earlier.before
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HistoryFile {
    schema_version: u32,
    changes: Vec<Event>,
}

/// Reads the history of a catalogue, oldest first; a catalogue without one has none.
///
/// # Errors
/// When the file cannot be read or is not a history, with line and column.
pub fn read(catalog: &Path) -> Result<Vec<Event>, Box<Diagnostic>> {
    let path = catalog.join(FILE);
    let text = match input::of_catalogue(catalog, &path, input::MAX_RECORD_BYTES).and_then(input::text) {
        Ok(text) => text,
        Err(refused) if refused.is_missing() => return Ok(Vec::new()),
        Err(refused) => return Err(Box::new(wrong(&path, format!("the history cannot be read: {refused}")))),
    };
    parse(&text, &path)
}

/// Reads the text of a history; `path` is only named.
///
/// # Errors
/// When it is none, with line and column.
pub fn parse(text: &str, path: &Path) -> Result<Vec<Event>, Box<Diagnostic>> {
    let file: HistoryFile = serde_json::from_str(text)
        .map_err(|e| Box::new(wrong(path, format!("the history cannot be read: {e}")).at((&e).into())))?;
    if file.schema_version != SCHEMA_VERSION {
        let message = format!("the history has version {}, this toolcard knows 1", file.schema_version);
        return Err(Box::new(wrong(path, message)));
    }
    Ok(file.changes)
}

fn wrong(path: &Path, message: String) -> Diagnostic {
    let help = "restore the file from git; `toolcard lock` adds to it";
    Diagnostic::error(Code::BrokenHistory, path, message, help)
}

/// The text of a history.
///
/// # Errors
/// When an event cannot be serialised.
pub fn text(events: &[Event]) -> serde_json::Result<String> {
    let mut out = format!("{{\"schema_version\": {SCHEMA_VERSION}, \"changes\": [");
    for (i, event) in events.iter().enumerate() {
        let line = neutral::json_line(event)?;
        let _ = write!(out, "{}\n{line}", if i > 0 { "," } else { "" });
    }
    out.push_str("\n]}\n");
    Ok(out)
}

/// What became of one server's labels, sorted by tool.
pub fn of_tools(server: &str, old: &[Locked], new: &[Locked]) -> Vec<Event> {
    let mut events = Vec::new();
    for Pair { before, after } in pair::tools(old, new) {
        let (before, after) = (before.map(|i| &old[i]), after.map(|j| &new[j]));
        let Some(tool) = after.or(before).map(|row| row.tool.clone()) else { continue };
        let event = |id| Event {
            date: None,
            id,
            server: server.to_owned(),
            tool: Some(tool.clone()),
            from: None,
            tools: None,
            before: before.map(|row| HistoryLabel::from(&row.label)),
            after: after.map(|row| HistoryLabel::from(&row.label)),
        };
        let (Some(before), Some(after)) = (before, after) else {
            events.push(event(if after.is_some() { EventId::ToolAdded } else { EventId::ToolRemoved }));
            continue;
        };
        if before.tool != after.tool {
            events.push(Event { from: Some(before.tool.clone()), ..event(EventId::ToolRenamed) });
        }
        match after.label.risk().cmp(&before.label.risk()) {
            std::cmp::Ordering::Greater => events.push(event(EventId::LabelRaised)),
            std::cmp::Ordering::Less => events.push(event(EventId::LabelLowered)),
            std::cmp::Ordering::Equal if before.label.facets != after.label.facets => {
                events.push(event(EventId::FacetsChanged));
            }
            std::cmp::Ordering::Equal => {}
        }
    }
    events
}

/// Leaves out what was taken back on the day on which it happened: a label that rose and fell again, a tool that came and
/// went. Returns how many events that are.
pub fn settle(events: &mut Vec<Event>) -> usize {
    let mut keep = vec![true; events.len()];
    // What a server or tool is called after its last event → those of its events that are kept, the newest last.
    let mut kept: HashMap<EventSubject<'_>, Vec<usize>> = HashMap::new();
    for (at, event) in events.iter().enumerate() {
        let (was, is) = event.names();
        // What happened to a tool of it tells more than that the server came and went.
        if event.tool.is_some() {
            kept.remove(&(event.server.as_str(), None));
        }
        let mut own = kept.remove(&was).unwrap_or_default();
        match own.last() {
            Some(last) if event.takes_back(&events[*last]) => {
                keep[*last] = false;
                keep[at] = false;
                own.pop();
            }
            _ => own.push(at),
        }
        kept.insert(is, own);
    }
    let before = events.len();
    let mut keep = keep.into_iter();
    events.retain(|_| keep.next().unwrap_or(true));
    before - events.len()
}

/// The day at the beginning of a date as captures write it, if there is one.
pub fn day(text: &str) -> Option<&str> {
    Day::beginning(text).and(text.get(..10))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::lock::Band;
    use crate::manifest::{DefinitionPart, Fingerprint};
    use crate::risk::{Class, Facet, Facets, Severity};

    fn row(tool: &str, class: Class, facets: Facets) -> Locked {
        let mut fingerprint = Fingerprint::of_name(tool);
        let schema = u32::from(tool.bytes().next().unwrap_or_default());
        assert!(fingerprint.set(DefinitionPart::InputSchema, &format!("{schema:032x}")));
        let label =
            Label { class, severity: Severity::of(class, facets), facets, confidence: Band::High, rules: vec![] };
        Locked { tool: tool.to_owned(), label, fingerprint }
    }

    #[test]
    fn an_event_is_one_line_and_is_read_back() {
        let none = Facets::NONE;
        let bulk = Facets::from_iter([Facet::Bulk]);
        let old = [row("a", Class::Read, none), row("b", Class::Write, none), row("c", Class::Read, none)];
        let new = [
            row("a", Class::Write, none),
            row("b", Class::Write, bulk),
            row("c2", Class::Read, bulk),
            row("d", Class::Read, none),
        ];
        let mut events = vec![Event::of_server(EventId::ServerAdded, "s", 4, None)];
        events.extend(of_tools("s", &old, &new));
        events[0].date = Some("2026-11-20".to_owned());
        let text = text(&events).expect("serialises");
        insta::assert_snapshot!(text, @r#"
        {"schema_version": 1, "changes": [
        {"date":"2026-11-20","id":"server-added","server":"s","tools":4},
        {"id":"label-raised","server":"s","tool":"a","before":{"class":"Read","severity":"Low"},"after":{"class":"Write","severity":"Medium"}},
        {"id":"label-raised","server":"s","tool":"b","before":{"class":"Write","severity":"Medium"},"after":{"class":"Write","severity":"High","facets":["bulk"]}},
        {"id":"tool-renamed","server":"s","tool":"c2","from":"c","before":{"class":"Read","severity":"Low"},"after":{"class":"Read","severity":"Low","facets":["bulk"]}},
        {"id":"facets-changed","server":"s","tool":"c2","before":{"class":"Read","severity":"Low"},"after":{"class":"Read","severity":"Low","facets":["bulk"]}},
        {"id":"tool-added","server":"s","tool":"d","after":{"class":"Read","severity":"Low"}}
        ]}
        "#);
        let dir = tempfile::tempdir().expect("temporary folder");
        std::fs::write(dir.path().join(FILE), &text).expect("writes");
        assert_eq!(read(dir.path()).expect("reads"), events);
    }

    #[test]
    fn what_is_taken_back_on_its_day_is_left_out_of_the_history() {
        let (read, write) = ([row("a", Class::Read, Facets::NONE)], [row("a", Class::Write, Facets::NONE)]);
        let worse = [row("a", Class::Destructive, Facets::NONE)];
        let other = [row("a", Class::Read, Facets::NONE), row("b", Class::Read, Facets::NONE)];
        let renamed = {
            let mut rows = read.clone();
            rows[0].tool = "a2".to_owned();
            rows
        };
        let history = |states: &[(&str, &[Locked])]| {
            let mut events = Vec::new();
            for pair in states.windows(2) {
                let day = Some(pair[1].0.to_owned()).filter(|day| !day.is_empty());
                events
                    .extend(of_tools("s", pair[0].1, pair[1].1).into_iter().map(|e| Event { date: day.clone(), ..e }));
            }
            let left_out = settle(&mut events);
            (events.iter().map(|e| e.id).collect::<Vec<_>>(), left_out)
        };
        for back in [&write[..], &other, &renamed] {
            assert_eq!(history(&[("1", &read), ("1", back), ("1", &read)]), (vec![], 2));
            assert_eq!(history(&[("1", &read), ("1", back), ("2", &read)]).1, 0);
            assert_eq!(history(&[("", &read), ("", back), ("", &read)]).1, 0, "no day is known");
        }
        assert_eq!(history(&[("1", &read), ("1", &write), ("1", &worse), ("1", &write), ("1", &read)]), (vec![], 4));
        let (ids, left_out) = history(&[("1", &read), ("1", &write), ("1", &worse), ("1", &read)]);
        assert_eq!((ids.len(), left_out), (3, 0), "what is not the very opposite stays");
        let server = |id, tools| Event { date: Some("1".to_owned()), ..Event::of_server(id, "s", tools, None) };
        let mut events = vec![server(EventId::ServerAdded, 1), server(EventId::ServerRemoved, 1)];
        assert_eq!(settle(&mut events), 2);
        let mut events = vec![server(EventId::ServerAdded, 1), server(EventId::ServerRemoved, 2)];
        assert_eq!(settle(&mut events), 0);
    }

    #[test]
    fn a_broken_history_is_reported_with_its_place_and_a_missing_one_is_empty() {
        let dir = tempfile::tempdir().expect("temporary folder");
        assert_eq!(read(dir.path()).expect("empty"), []);
        std::fs::write(dir.path().join(FILE), "{\"schema_version\": 1, \"changes\": [\n{\"id\":\"x\"}]}")
            .expect("writes");
        let diagnostic = read(dir.path()).expect_err("broken");
        assert_eq!(diagnostic.position.map(|p| p.line), Some(2));
    }
}
