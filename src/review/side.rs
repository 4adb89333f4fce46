//! One side of a review, ready to be asked for servers: source, lexicon, rate limits, lock.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::state::{Definition, State};
use crate::catalog::labelled::{Labelled, Unlabelled};
use crate::catalog::lock::{self, Lock, Locked};
use crate::catalog::overrides;
use crate::catalog::source::{Files, ServerRef, Source};
use crate::classify::Classifier;
use crate::diagnostic::{Diagnostic, Parsed, Position};
use crate::input::{self, Refused};
use crate::lexicon::Lexicon;
use crate::policy::RateLimits;

/// One side of a review.
#[derive(Debug)]
pub struct Side {
    /// What the side was named.
    pub name: String,
    /// Where it comes from.
    pub source: Source,
    /// The servers, by slug.
    pub servers: Vec<ServerRef>,
    /// What was wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// What is wrong with the catalogue's own rows; the embedded ones alone hold then.
    pub lexicon_faults: Vec<Diagnostic>,
    /// The catalogue's own rows as texts.
    pub overlay: [String; 2],
    /// The labels that a reviewer has seen, where a commit holds a lock beside its servers.
    pub lock: Option<Lock>,
    /// The lock beside the servers of a folder: its labels are not the folder's, which is compared as it is.
    beside: Option<Lock>,
    lexicon: Option<Arc<Lexicon>>,
    rate_limits: RateLimits,
    /// JSON Pointer to the tools, where the side is one manifest.
    at: Option<String>,
}

impl Side {
    /// Opens a side.
    ///
    /// # Errors
    /// When the name means nothing.
    pub fn open(name: &str, catalog: &Path, rate_limits: RateLimits) -> Result<Self, Vec<Diagnostic>> {
        Self::of(Source::open(name, catalog).map_err(|d| vec![*d])?, name, rate_limits)
    }

    /// A side of a source.
    ///
    /// # Errors
    /// When the source cannot be listed.
    pub fn of(mut source: Source, name: &str, rate_limits: RateLimits) -> Result<Self, Vec<Diagnostic>> {
        let Parsed { value: servers, mut diagnostics } = source.servers().map_err(|d| vec![*d])?;
        let own = source.lexicon(Path::new(name));
        let overlay = own.texts;
        let (lexicon, lexicon_faults) = match own.lexicon {
            Ok(lexicon) => (lexicon.map(Arc::new), Vec::new()),
            Err(faults) => (None, faults),
        };
        // A folder is compared as it is; its lock can be named as a base of its own, and accepts changes.
        let past = matches!(source, Source::Revision(_));
        let path = PathBuf::from(name).join(lock::FILE);
        let read = source.beside(lock::FILE, input::MAX_RECORD_BYTES);
        let parse = |read: Result<Vec<u8>, Refused>| match read.and_then(input::text) {
            Ok(text) => Lock::parse(text, &path),
            Err(refused) => Err(Box::new(refused.diagnostic(&path))),
        };
        let lock = match read.map(parse) {
            Some(Ok(lock)) => Some(lock),
            // One that cannot be read accepts nothing; `toolcard lock --check` reports it.
            Some(Err(_)) if !past => None,
            Some(Err(broken)) => {
                let help = "its labels were labelled again for this review; write it again with `toolcard lock`";
                diagnostics.push(Diagnostic { help: help.to_owned(), ..*broken });
                None
            }
            None => None,
        };
        let name = name.to_owned();
        let (lock, beside) = if past { (lock, None) } else { (None, lock) };
        Ok(Self {
            name,
            source,
            servers,
            diagnostics,
            lexicon_faults,
            overlay,
            lock,
            beside,
            lexicon,
            rate_limits,
            at: None,
        })
    }

    /// The same side; where it is one manifest, its tools are where a JSON Pointer leads to.
    #[must_use]
    pub fn at(mut self, pointer: Option<&str>) -> Self {
        self.at = pointer.filter(|_| matches!(self.source, Source::Manifest(_))).map(str::to_owned);
        self
    }

    /// The lock that the side itself has.
    pub(super) fn own_lock(&self) -> Option<&Lock> {
        self.lock.as_ref().or(self.beside.as_ref())
    }

    /// Whether the side has a lock or is one.
    pub fn is_locked(&self) -> bool {
        self.own_lock().is_some() || !self.has_definitions()
    }

    /// Whether the side has definitions, and not labels alone.
    pub fn has_definitions(&self) -> bool {
        !matches!(self.source, Source::Lock(_))
    }

    /// The bytes of a server; empty for a lock.
    pub fn files(&mut self, server: &ServerRef) -> Files {
        if self.has_definitions() {
            self.source.files(server)
        } else {
            Files { manifest: Ok(Vec::new()), overrides: None }
        }
    }

    /// The labels that a lock holds of a server.
    pub fn locked(&self, slug: &str) -> Option<State> {
        let lock = if let Source::Lock(lock) = &self.source { lock } else { self.lock.as_ref()? };
        let (rows, lines): (Vec<Locked>, Vec<u32>) = lock.rows(slug)?.into_iter().unzip();
        let places = lines.into_iter().map(|line| Some(Position { line, column: 1 })).collect();
        let file = lock.path().to_string_lossy().replace('\\', "/");
        Some(State { file, rows, places, rate_limits: self.rate_limits, ..State::default() })
    }

    /// Reads and labels a server; nothing where its manifest is lost.
    pub fn state_of(&self, server: &ServerRef, files: &Files) -> Parsed<Option<State>> {
        if !self.has_definitions() {
            return Parsed { value: self.locked(&server.slug), diagnostics: Vec::new() };
        }
        let shown = Path::new(&server.shown);
        let decisions_file = sibling(&server.shown, overrides::FILE);
        let mut overrides = overrides::of(files.overrides.as_ref(), Path::new(&decisions_file));
        overrides.at = overrides.at.or_else(|| self.at.clone());
        let folder = server.own_folder.then_some(server.slug.as_str());
        let Parsed { value, mut diagnostics } = Unlabelled::read(folder, shown, &files.manifest, overrides);
        let value = value.map(|read| self.state(server, read, decisions_file, &mut diagnostics));
        Parsed { value, diagnostics }
    }

    fn state(
        &self,
        server: &ServerRef,
        read: Unlabelled,
        decisions_file: String,
        wrong: &mut Vec<Diagnostic>,
    ) -> State {
        let classifier = Classifier::new(self.lexicon.as_deref().unwrap_or_else(|| Lexicon::embedded()));
        let Parsed { value: labelled, diagnostics } = read.label(classifier);
        wrong.extend(diagnostics);
        let tools = labelled.manifest.tools.iter().zip(&labelled.verdicts).enumerate();
        let rows = tools.map(|(i, (tool, verdict))| Locked::of(tool, verdict, labelled.is_decided(i))).collect();
        let Labelled { manifest, verdicts, decisions, accepted } = labelled;
        let places = manifest.tools.iter().map(|tool| tool.position).collect();
        let definitions =
            manifest.tools.into_iter().zip(verdicts).map(|(tool, verdict)| Definition { tool, verdict }).collect();
        State {
            file: server.shown.clone(),
            rows,
            places,
            definitions: Some(definitions),
            rate_limits: self.rate_limits,
            partial: !manifest.listing.gaps.is_empty(),
            captured: manifest.captured_at,
            decisions,
            accepted,
            decisions_file,
            lexicon: self.lexicon.clone(),
        }
    }
}

/// The path of a file beside another, as locations show it.
fn sibling(shown: &str, name: &str) -> String {
    shown.rsplit_once('/').map_or_else(|| name.to_owned(), |(folder, _)| format!("{folder}/{name}"))
}
