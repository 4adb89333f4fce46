//! A catalogue → a website, in two passes.
//!
//! The first pass reads every server and keeps one small row a tool; the second reads each
//! server again and renders it from its manifest and those rows. Both run one server a unit on
//! all threads, and what they write does not depend on their order.

use std::path::Path;
use std::sync::Mutex;

use rayon::prelude::*;

use super::index::{Index, NewTool, ServerRow};
use super::progress::Progress;
use super::urls;
use crate::catalog::{Catalog, Entry};
use crate::classify::{Classifier, Verdict};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::lexicon::Lexicon;
use crate::manifest::Manifest;
use crate::write::{Output, Tally, WriteError};

/// Why nothing or not everything was written.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// Catalogue, configuration, lexicon or theme cannot be used; nothing was done.
    #[error("the build cannot begin")]
    Input(Vec<Diagnostic>),
    /// The disk said no.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// What a build did.
#[derive(Debug, Default)]
pub struct Report {
    /// Everything that was wrong with the input.
    pub diagnostics: Vec<Diagnostic>,
    /// Servers with pages.
    pub servers: usize,
    /// Tools with pages.
    pub tools: usize,
    /// What happened on the disk.
    pub tally: Tally,
}

/// Builds the site of the catalogue in `dir` into `out`.
///
/// # Errors
/// [`BuildError::Input`] when nothing could be done, [`BuildError::Write`] when the disk refuses.
/// Bad servers and tools are in the report.
pub fn run(dir: &Path, out: &Path, config: &Config, progress: &dyn Progress) -> Result<Report, BuildError> {
    let catalog = Catalog::open(dir).map_err(|d| BuildError::Input(vec![*d]))?;
    let lexicon = Lexicon::embedded();
    let classifier = Classifier::new(lexicon);

    progress.begin("classify", catalog.servers.len());
    let first: Vec<First> = catalog
        .servers
        .par_iter()
        .map(|entry| {
            let first = first_pass(entry, &classifier);
            progress.step();
            first
        })
        .collect();
    let mut report = Report { diagnostics: catalog.diagnostics.clone(), ..Report::default() };
    let mut rows = Vec::with_capacity(first.len());
    for first in first {
        report.diagnostics.extend(first.diagnostics);
        rows.extend(first.row);
    }
    let index = Index::new(rows);
    report.servers = index.servers.len();
    report.tools = index.tools();
    progress.end(&format!("classified {} tools of {} servers", report.tools, report.servers));
    Ok(report)
}

/// What the first pass keeps of a server.
struct First {
    row: Option<ServerRow>,
    diagnostics: Vec<Diagnostic>,
}

fn first_pass(entry: &Entry, classifier: &Classifier<'_>) -> First {
    let loaded = Catalog::load(entry);
    let mut diagnostics = loaded.diagnostics;
    let row = loaded.manifest.map(|manifest| {
        let verdicts = classifier.server(&manifest);
        let names: Vec<&str> = manifest.tools.iter().map(|t| t.name.as_str()).collect();
        let files = urls::tool_files(&names);
        row(&manifest, &verdicts, &files)
    });
    First { row, diagnostics }
}

fn row(manifest: &Manifest, verdicts: &[Verdict], files: &[String]) -> ServerRow {
    let mut row = ServerRow::new(&manifest.server);
    for ((tool, verdict), file) in manifest.tools.iter().zip(verdicts).zip(files) {
        row.add(&NewTool { name: &tool.name, file, verdict, likeness: "", stale_override: false });
    }
    row
}
