//! What became of the labels between an old lock and the servers that are added one by one.

use std::collections::BTreeSet;

use super::ServerRecord;
use crate::catalog::changes::{self, Event, EventId};
use crate::catalog::day::Day;
use crate::catalog::lock::pair::{self, Signature};
use crate::catalog::lock::{Lock, Locked};
use crate::catalog::source::ServerRef;

/// Collects events; only servers that may turn out to be renamed ones are kept.
pub(super) struct HistoryBuilder<'a> {
    old: &'a Lock,
    /// Slugs of the old lock that are no longer there.
    gone: Vec<String>,
    fresh: Vec<ServerRecord>,
    /// What the command said.
    date: Option<Day>,
    /// The newest capture: the day of what has no manifest any more.
    latest: Option<Day>,
    events: Vec<Event>,
}

impl<'a> HistoryBuilder<'a> {
    pub(super) fn new(old: &'a Lock, servers: &[ServerRef], date: Option<Day>) -> Self {
        let present: BTreeSet<&str> = servers.iter().map(|o| o.slug.as_str()).collect();
        let gone = old.slugs().filter(|s| !present.contains(s)).map(str::to_owned).collect();
        Self { old, gone, fresh: Vec::new(), date, latest: None, events: Vec::new() }
    }

    pub(super) fn add(&mut self, server: ServerRecord) {
        self.latest = self.latest.max(server.captured);
        match self.old.rows(&server.slug) {
            Some(rows) => self.known(&server, &bare(rows)),
            None if self.gone.is_empty() => self.added(&server),
            None => self.fresh.push(server),
        }
    }

    /// The events in order of day, server and tool.
    pub(super) fn finish(mut self) -> Vec<Event> {
        let signed = |rows: &[Locked]| pair::signature(rows.iter().map(|r| (r.tool.as_str(), &r.fingerprint)));
        let removed: Vec<(String, Signature)> = (self.gone.iter())
            .map(|slug| (slug.clone(), signed(&bare(self.old.rows(slug).unwrap_or_default()))))
            .collect();
        let fresh = std::mem::take(&mut self.fresh);
        let added: Vec<(String, Signature)> = fresh.iter().map(|s| (s.slug.clone(), signed(&s.rows))).collect();
        let pairs = pair::servers(&removed, &added);
        for (j, server) in fresh.iter().enumerate() {
            let Some((i, _)) = pairs.iter().find(|(_, to)| *to == j) else {
                self.added(server);
                continue;
            };
            let from = self.gone[*i].clone();
            let rows = bare(self.old.rows(&from).unwrap_or_default());
            let event = Event::of_server(EventId::ServerRenamed, &server.slug, server.rows.len(), Some(from));
            self.push(event, server.captured);
            self.known(server, &rows);
        }
        for (i, (slug, signature)) in removed.iter().enumerate() {
            if !pairs.iter().any(|(from, _)| *from == i) {
                self.push(Event::of_server(EventId::ServerRemoved, slug, signature.len(), None), self.latest);
            }
        }
        self.events.sort_by(|a, b| (&a.date, &a.server, &a.tool, a.id).cmp(&(&b.date, &b.server, &b.tool, b.id)));
        self.events
    }

    fn known(&mut self, server: &ServerRecord, rows: &[Locked]) {
        for event in changes::of_tools(&server.slug, rows, &server.rows) {
            self.push(event, server.captured);
        }
    }

    fn added(&mut self, server: &ServerRecord) {
        self.push(Event::of_server(EventId::ServerAdded, &server.slug, server.rows.len(), None), server.captured);
    }

    fn push(&mut self, event: Event, captured: Option<Day>) {
        let date = self.date.or(captured).map(|day| day.to_string());
        self.events.push(Event { date, ..event });
    }
}

fn bare(rows: Vec<(Locked, u32)>) -> Vec<Locked> {
    rows.into_iter().map(|(row, _)| row).collect()
}
