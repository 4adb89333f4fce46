//! What a reviewer has seen, written down: `risk.lock` and `_changes.json`.

mod check;
mod history;

use std::io;
use std::path::Path;

use rayon::prelude::*;

use super::side::Side;
use super::state::State;
use crate::catalog::Catalog;
use crate::catalog::accepted::AppliedAcceptance;
use crate::catalog::changes::{self, Event};
use crate::catalog::day::Day;
use crate::catalog::git::Repository;
use crate::catalog::lock::{self, Lock, Locked};
use crate::catalog::overrides::AppliedOverride;
use crate::catalog::source::{Files, ServerRef};
use crate::diagnostic::{Code, Diagnostic, Parsed};
use crate::input;
use crate::policy::RateLimits;
use crate::write::{Replacement, hold};

pub use check::check;
use history::HistoryBuilder;

/// Servers that are in memory at once.
const MAX_AT_ONCE: usize = 64;

/// What writing or checking a lock came to.
#[derive(Debug, Default)]
pub struct Recorded {
    /// How many servers the lock has.
    pub servers: usize,
    /// How many tools the lock has.
    pub tools: usize,
    /// Whether the lock's bytes changed.
    pub changed: bool,
    /// How many events more the history has.
    pub events: usize,
    /// How many events took each other back on one day, and are no longer in the history.
    pub settled: usize,
    /// What was wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// One server as a lock gets it.
struct ServerRecord {
    slug: String,
    /// In the order of the lock.
    rows: Vec<Locked>,
    /// The day of the capture.
    captured: Option<Day>,
    decisions: Vec<AppliedOverride>,
    accepted: Vec<AppliedAcceptance>,
    decisions_file: String,
}

/// Writes the lock of a catalogue and adds what changed to its history. `date` dates the events,
/// else the manifest's capture. A server whose manifest is lost keeps what the old lock says.
///
/// # Errors
/// When the catalogue, its lexicon, lock or history cannot be read, or a file cannot be written.
pub fn record(catalog: &Path, date: Option<Day>) -> Result<Recorded, Vec<Diagnostic>> {
    // Two at once would each forget what the other found.
    let _held = hold(catalog);
    let mut side = open(catalog)?;
    let mut history = changes::read(catalog).map_err(|d| vec![*d])?;
    let path = catalog.join(lock::FILE);
    let old = old_lock(&path)?;
    let mut recorded = Recorded::default();
    let mut builder = HistoryBuilder::new(&old, &side.servers, date);
    let cannot_write = |e: io::Error| {
        let message = format!("the file cannot be written: {e}");
        vec![Diagnostic::error(
            Code::UnwritableFile,
            &path,
            message,
            "check that you may write to the catalogue's folder",
        )]
    };
    let mut new = Replacement::create(&path).map_err(cannot_write)?;
    lock::header(&mut new).map_err(cannot_write)?;
    visit(&mut side, &old, &mut recorded, |server| {
        lock::write_server(&mut new, &server.slug, &server.rows)?;
        builder.add(server);
        Ok(())
    })
    .map_err(cannot_write)?;
    let mut events = builder.finish();
    let known = history.len();
    // The history first: events that are there twice are seen, events that are missing are not. A run that was cut off
    // between the two has written them already.
    if !history.ends_with(&events) {
        history.append(&mut events);
        write_history(catalog, &history)?;
    }
    recorded.changed = new.finish().map_err(cannot_write)?;
    // After the lock: a run that was cut off before it finds its events at the end of the history.
    recorded.settled = changes::settle(&mut history);
    if recorded.settled > 0 {
        write_history(catalog, &history)?;
    }
    recorded.events = history.len().saturating_sub(known);
    Ok(recorded)
}

/// Fills the history of a catalogue from the commits that touched it, by today's rules.
///
/// # Errors
/// When there is a history already, the clone is shallow, or a commit cannot be read.
pub fn from_git(catalog: &Path) -> Result<Recorded, Vec<Diagnostic>> {
    let path = catalog.join(changes::FILE);
    if !changes::read(catalog).map_err(|d| vec![*d])?.is_empty() {
        let help = "it is filled from git once; remove the file first if it is to be filled again";
        return Err(vec![Diagnostic::error(Code::HistoryExists, &path, "there is a history already", help)]);
    }
    let repository = Repository::of(catalog).map_err(|d| vec![*d])?;
    if repository.is_shallow() {
        let help = "fetch the rest with `git fetch --unshallow`";
        return Err(vec![Diagnostic::error(Code::ShallowClone, &path, "the history of this clone was cut off", help)]);
    }
    let mut old = Lock::empty(&path);
    let mut history: Vec<Event> = Vec::new();
    for commit in repository.commits().map_err(|d| vec![*d])? {
        // A commit whose lexicon or manifests were broken changed no label that anybody saw.
        let Ok(mut side) = Side::open(&commit.id, catalog, RateLimits::default()) else { continue };
        let mut builder = HistoryBuilder::new(&old, &side.servers, Day::parse(&commit.day));
        let mut text = Vec::new();
        let written = lock::header(&mut text).and_then(|()| {
            visit(&mut side, &old, &mut Recorded::default(), |server| {
                lock::write_server(&mut text, &server.slug, &server.rows)?;
                builder.add(server);
                Ok(())
            })
        });
        history.append(&mut builder.finish());
        // What was just written to memory is a lock.
        if let (Ok(()), Ok(text)) = (written, String::from_utf8(text)) {
            old = Lock::parse(text, &path).map_err(|d| vec![*d])?;
        }
    }
    changes::settle(&mut history);
    if !history.is_empty() {
        write_history(catalog, &history)?;
    }
    Ok(Recorded { events: history.len(), ..Recorded::default() })
}

fn open(catalog: &Path) -> Result<Side, Vec<Diagnostic>> {
    // Half a lock, or one in the wrong place, would be reviewed as the whole.
    Catalog::open(catalog).map_err(|wrong| vec![*wrong])?;
    let side = Side::open(&catalog.to_string_lossy(), catalog, RateLimits::default())?;
    // Labels of half a lexicon are nobody's to review.
    if side.lexicon_faults.is_empty() { Ok(side) } else { Err(side.lexicon_faults) }
}

/// The lock as it is; a broken one is an error, because what it recorded must not be lost unseen.
fn old_lock(path: &Path) -> Result<Lock, Vec<Diagnostic>> {
    let text = match input::bytes(path, input::MAX_RECORD_BYTES).and_then(input::text) {
        Ok(text) => text,
        Err(refused) if refused.is_missing() => return Ok(Lock::empty(path)),
        Err(refused) => return Err(vec![refused.diagnostic(path)]),
    };
    Lock::parse(text, path).map_err(|d| {
        let help =
            "take one side of it from git (`git checkout HEAD -- risk.lock`), or remove it, then run `toolcard lock`";
        vec![Diagnostic { help: help.to_owned(), ..*d }]
    })
}

fn write_history(catalog: &Path, events: &[Event]) -> Result<(), Vec<Diagnostic>> {
    let path = catalog.join(changes::FILE);
    let written = changes::text(events).map_err(io::Error::from).and_then(|text| {
        let mut file = Replacement::create(&path)?;
        io::Write::write_all(&mut file, text.as_bytes())?;
        file.finish()
    });
    written.map(|_| ()).map_err(|e| {
        let message = format!("the file cannot be written: {e}");
        vec![Diagnostic::error(
            Code::UnwritableFile,
            &path,
            message,
            "check that you may write to the catalogue's folder",
        )]
    })
}

/// Reads and labels every server in byte order of the slugs. A lost one comes with the rows of
/// `old`, if it is there.
fn visit(
    side: &mut Side,
    old: &Lock,
    recorded: &mut Recorded,
    mut with: impl FnMut(ServerRecord) -> io::Result<()>,
) -> io::Result<()> {
    recorded.diagnostics.append(&mut side.diagnostics);
    let servers = std::mem::take(&mut side.servers);
    for chunk in servers.chunks(MAX_AT_ONCE) {
        let read: Vec<(&ServerRef, Files)> = chunk.iter().map(|server| (server, side.files(server))).collect();
        let states: Vec<Parsed<Option<State>>> =
            read.par_iter().map(|(server, files)| side.state_of(server, files)).collect();
        for (server, Parsed { value: state, diagnostics }) in chunk.iter().zip(states) {
            recorded.diagnostics.extend(diagnostics);
            let slug = server.slug.clone();
            let server = if let Some(state) = state {
                let captured = state.captured.as_deref().and_then(Day::beginning);
                let mut rows = state.rows;
                lock::sort(&mut rows);
                let (decisions, accepted) = (state.decisions, state.accepted);
                ServerRecord { slug, rows, captured, decisions, accepted, decisions_file: state.decisions_file }
            } else {
                let Some(rows) = old.rows(&slug) else { continue };
                let rows = rows.into_iter().map(|(row, _)| row).collect();
                let (decisions, accepted) = (Vec::new(), Vec::new());
                ServerRecord { slug, rows, captured: None, decisions, accepted, decisions_file: String::new() }
            };
            recorded.servers += 1;
            recorded.tools += server.rows.len();
            with(server)?;
        }
    }
    Ok(())
}
