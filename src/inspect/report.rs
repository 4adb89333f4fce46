//! The whole report.

use std::cmp::Reverse;

use rayon::prelude::*;
use serde::Serialize;

use super::exfiltration::Exfiltration;
use super::paste::{Paste, pastes};
use super::safer::safer;
use super::server::{InspectedServer, ServerToInspect};
use crate::config::Config;
use crate::english::count;
use crate::lexicon::Lexicon;
use crate::policy::formats::Format;
use crate::risk::ClassCounts;

/// What `toolcard inspect` says (`schemas/inspect.schema.json`).
#[derive(Debug, Serialize)]
pub struct Inspection {
    /// How many tools of each class all servers have.
    pub counts: ClassCounts,
    /// The risk that private data leaves, over all servers.
    pub exfiltration: Exfiltration,
    /// One line on what it would take to be safer.
    pub safer: String,
    /// The servers, worst first.
    pub servers: Vec<InspectedServer>,
    /// The recommended policy of each server, as clients read it.
    pub paste: Vec<Paste>,
    /// Sources that could not be read: of what they offer, nothing is known.
    pub unread: Vec<Unread>,
}

/// A source that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unread {
    /// The source, without secrets.
    pub from: String,
    /// Why, a sentence without its full stop.
    pub message: String,
}

/// Looks at servers, whose slugs differ; `formats` are those in which their policies are wanted.
pub fn inspect(
    servers: &[ServerToInspect],
    unread: Vec<Unread>,
    formats: &[&'static dyn Format],
    lexicon: &Lexicon,
    config: &Config,
) -> Inspection {
    let mut inspected: Vec<(InspectedServer, Vec<Paste>)> = servers
        .par_iter()
        .map(|server| (InspectedServer::new(server, lexicon, config), pastes(server, formats, &config.limits)))
        .collect();
    inspected.sort_by(|(a, _), (b, _)| {
        let key = |server: &InspectedServer| {
            let worst = |level: u8| server.tools.iter().filter(|tool| tool.severity.level() == level).count();
            Reverse([4, 3, 2].map(worst))
        };
        key(a).cmp(&key(b)).then_with(|| a.slug.cmp(&b.slug))
    });
    let (servers, paste): (Vec<InspectedServer>, Vec<Vec<Paste>>) = inspected.into_iter().unzip();
    let exfiltration = Exfiltration::of(&servers);
    Inspection {
        counts: servers.iter().fold(ClassCounts::default(), |all, server| all.plus(server.counts)),
        safer: safer(&servers, &exfiltration),
        exfiltration,
        servers,
        paste: paste.into_iter().flatten().collect(),
        unread,
    }
}

impl Inspection {
    /// "2 servers, at least 36 tools: 6 Destructive, 10 Write, 20 Read".
    pub fn summary(&self) -> String {
        let servers = count(self.servers.len(), "server");
        let whole = self.unread.is_empty() && self.servers.iter().all(|server| server.complete);
        let least = if whole { "" } else { "at least " };
        let tools = count(self.counts.tools(), "tool");
        let words = self.counts.words();
        let words = if words.is_empty() { words } else { format!(": {words}") };
        format!("{servers}, {least}{tools}{words}")
    }
}
