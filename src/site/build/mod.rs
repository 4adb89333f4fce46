//! A catalogue → a website, in two passes.
//!
//! The first pass reads every server and keeps one small row a tool; the second reads each
//! server again and renders it from its manifest and those rows. Both run one server a unit on
//! all threads, and what they write does not depend on their order.
//!
//! | file | what it does |
//! |---|---|
//! | `plan` | the jobs of the second pass |
//! | `work` | one job → its files |
//! | [`progress`] | reports how far a build is |

pub(crate) mod plan;
pub mod progress;
mod work;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use plan::Job;
use progress::Progress;
use rayon::prelude::*;
use work::Work;

use crate::card::{self, CardContext, attacks};
use crate::catalog::changes;
use crate::catalog::labelled::{Labelled, read_server};
use crate::catalog::source::Source;
use crate::catalog::{Catalog, CatalogEntry};
use crate::classify::{Classifier, FindingId, Verdict};
use crate::config::Config;
use crate::diagnostic::{self, Code, Diagnostic, Parsed};
use crate::lexicon::Lexicon;
use crate::manifest::Tool;
pub use crate::site::error::BuildError;
use crate::site::index::{NewTool, ServerRow, SiteIndex};
use crate::site::moved;
use crate::site::render::Renderer;
use crate::site::search::{self, Builder, Limits, Prepared};
use crate::site::site_view::SiteView;
use crate::site::theme;
use crate::site::theme_check;
use crate::site::urls;
use crate::site::views::tool_place;
use crate::write::{Output, Tally, WriteError};

/// Servers that the first pass holds at once.
const MAX_AT_ONCE: usize = 256;

/// What a build did.
#[derive(Debug, Default)]
pub struct BuildReport {
    /// Everything that was wrong with the input, and files that could not be written because
    /// something else is there.
    pub diagnostics: Vec<Diagnostic>,
    /// Servers with pages.
    pub servers: usize,
    /// Tools with pages.
    pub tools: usize,
    /// Servers that cannot be read, whose old pages stay.
    pub kept: Vec<String>,
    /// What happened on the disk.
    pub tally: Tally,
}

/// Builds the site of the catalogue in `dir` into `out`.
///
/// # Errors
/// [`BuildError::Input`] when nothing could be done, [`BuildError::Write`] on an I/O error.
/// Bad servers and tools are in the report.
pub fn run(dir: &Path, out: &Path, config: &Config, progress: &dyn Progress) -> Result<BuildReport, BuildError> {
    // In the wrong folder everything else looks wrong too.
    let catalog = Catalog::open(dir).map_err(|d| BuildError::Input(vec![*d]))?;
    if let Some(overlap) = overlap(dir, out, config.site.theme.as_deref()) {
        return Err(BuildError::Input(vec![overlap]));
    }
    let own = Source::Folder(dir.to_path_buf()).lexicon(dir).lexicon.map_err(BuildError::Input)?;
    let lexicon = own.as_ref().unwrap_or_else(|| Lexicon::embedded());
    if let Some(theme) = config.site.theme.as_deref().filter(|theme| !theme.is_dir()) {
        let help = "create it, or correct `site.theme` in the configuration; a relative path begins at that file";
        return Err(Diagnostic::error(Code::NoTheme, theme, "the folder of the theme is not there", help).into());
    }
    let renderer = Renderer::new(&SiteView::new(config), config.site.theme.as_deref()).map_err(BuildError::Input)?;
    let unknown_files = config.site.theme.as_deref().map(theme::unknown).unwrap_or_default();
    // A theme that cannot render is reported before the first page is written.
    if renderer.is_themed() {
        theme_check::try_all(&renderer).map_err(|d| BuildError::Input(vec![*d]))?;
    }
    let output = Output::open(out)?;

    let classifier = Classifier::new(lexicon);
    let Parsed { value: articles, mut diagnostics } = attacks::load(dir);
    let history = match changes::read(dir) {
        Ok(events) => events,
        Err(diagnostic) => {
            diagnostics.push(*diagnostic);
            Vec::new()
        }
    };
    let mut events = history.clone();
    events.sort_by(|a, b| a.server.cmp(&b.server));
    diagnostics.extend(catalog.diagnostics.iter().cloned());
    diagnostics.extend(unknown_files);

    progress.begin("classify", catalog.servers.len());
    let context = CardContext { config, rate_limits: config.limits, lexicon, articles: &articles };
    let first = FirstPass { classifier, context, progress };
    let mut found =
        FirstFound { rows: Vec::with_capacity(catalog.servers.len()), search: Builder::default(), diagnostics };
    first.run(&catalog.servers, &mut found);
    let FirstFound { rows, search, mut diagnostics } = found;
    let index = SiteIndex::new(rows);
    let moved = moved::resolve(config, &index, &mut diagnostics);
    progress.end(&format!("classified {} tools of {} servers", index.tools(), index.servers.len()));

    let work = Work {
        catalog: &catalog,
        classifier,
        renderer: &renderer,
        context,
        index: &index,
        events: &events,
        history: &history,
        output: &output,
        diagnostics: Mutex::new(diagnostics),
    };
    if config.output.search {
        progress.begin("search", 1);
        write_search(&work, search)?;
        progress.end("indexed for search");
    }
    let jobs = plan::plan(&index, articles.len(), moved);
    progress.begin("write", jobs.len());
    let mut kept = Vec::new();
    for entry in lost(&catalog, &index) {
        let folder = urls::server_folder(&urls::server_file(&entry.slug));
        if out.join(&folder).is_dir() {
            kept.push(entry.slug.clone());
        }
        output.keep(&folder);
    }
    work.assets()?;
    jobs.par_iter().try_for_each_init(Vec::new, |buffer, job: &Job| {
        let done = work.job(job, buffer);
        progress.step();
        done
    })?;
    let diagnostics = work.diagnostics.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let tally = output.finish()?;
    progress.end(&format!(
        "wrote {} files, left {} as they were, removed {}",
        tally.written, tally.unchanged, tally.pruned
    ));
    Ok(BuildReport { diagnostics, servers: index.servers.len(), tools: index.tools(), kept, tally })
}

/// What is wrong where the output does not lie apart from what a build reads: a preview would build for ever, and pages
/// would be servers.
pub fn overlap(catalog: &Path, out: &Path, theme: Option<&Path>) -> Option<Diagnostic> {
    let place = resolved(out);
    let read = [("catalogue", Some(catalog)), ("theme", theme)];
    let (what, folder) = read.into_iter().find_map(|(what, folder)| {
        let folder = folder?;
        let resolved = resolved(folder);
        (place.starts_with(&resolved) || resolved.starts_with(&place)).then_some((what, folder))
    })?;
    let message = format!("the site would be written into the {what} `{}`, or around it", folder.display());
    let help = "choose a folder beside it with `--out DIR`";
    Some(Diagnostic::error(Code::OutputOverlapsInput, out, message, help))
}

/// Where a path leads, though its last steps may not be there yet.
fn resolved(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut there = path.as_path();
    let mut missing = Vec::new();
    loop {
        if let Ok(mut found) = there.canonicalize() {
            // `..` behind a folder that is not there leads back.
            for step in missing.iter().rev() {
                if *step == ".." {
                    found.pop();
                } else {
                    found.push(step);
                }
            }
            return found;
        }
        let Some(parent) = there.parent() else { return path };
        missing.push(there.components().next_back().map(|c| c.as_os_str().to_owned()).unwrap_or_default());
        there = parent;
    }
}

/// Servers that are in the catalogue and could not be read: their old pages stay.
fn lost<'a>(catalog: &'a Catalog, index: &'a SiteIndex) -> impl Iterator<Item = &'a CatalogEntry> {
    catalog.servers.iter().filter(|entry| index.server(&entry.slug).is_none())
}

fn write_search(work: &Work<'_>, search: Builder) -> Result<(), BuildError> {
    let mut refused = None;
    let written = search.write(Limits::default(), |path, bytes| {
        work.put(&format!("{}{path}", urls::SEARCH_INDEX), bytes).map_err(|e| {
            refused = Some(e);
            io::Error::other("refused")
        })
    });
    match (refused, written) {
        (Some(e), _) => Err(e.into()),
        (None, Err(source)) => Err(WriteError::Io { path: urls::SEARCH.into(), source }.into()),
        (None, Ok(())) => Ok(()),
    }
}

struct FirstPass<'a> {
    classifier: Classifier<'a>,
    context: CardContext<'a>,
    progress: &'a dyn Progress,
}

/// What the first pass keeps of a server.
struct FirstPassRow {
    row: ServerRow,
    search: Vec<Prepared>,
}

/// What the first pass finds.
struct FirstFound {
    rows: Vec<ServerRow>,
    search: Builder,
    diagnostics: Vec<Diagnostic>,
}

impl FirstFound {
    fn take(&mut self, servers: Vec<Parsed<Option<FirstPassRow>>>) {
        for Parsed { value: seen, diagnostics } in servers {
            self.diagnostics.extend(diagnostics);
            if let Some(seen) = seen {
                seen.search.into_iter().for_each(|entry| self.search.add(entry));
                self.rows.push(seen.row);
            }
        }
    }
}

impl FirstPass<'_> {
    /// Reads the servers a chunk at a time; one chunk is put together while the next is read.
    fn run(&self, entries: &[CatalogEntry], found: &mut FirstFound) {
        let mut before = Vec::new();
        for chunk in entries.chunks(MAX_AT_ONCE) {
            let read = || chunk.par_iter().map(|entry| self.server(entry)).collect();
            let taken = std::mem::take(&mut before);
            (before, ()) = rayon::join(read, || found.take(taken));
        }
        found.take(before);
    }

    fn server(&self, entry: &CatalogEntry) -> Parsed<Option<FirstPassRow>> {
        let Parsed { value: labelled, mut diagnostics } = read_server(entry, self.classifier);
        let value = labelled.map(|labelled| self.see(entry, &labelled, &mut diagnostics));
        self.progress.step();
        Parsed { value, diagnostics }
    }

    fn see(&self, entry: &CatalogEntry, labelled: &Labelled, diagnostics: &mut Vec<Diagnostic>) -> FirstPassRow {
        let Labelled { manifest, verdicts, .. } = labelled;
        let likenesses = card::likenesses(manifest, verdicts, self.context.lexicon);
        let names: Vec<&str> = manifest.tools.iter().map(|t| t.name.as_str()).collect();
        let files = urls::tool_files(&names);
        let mut row = ServerRow::new(&manifest.server);
        row.partial = manifest.is_partial();
        let mut odd = Vec::new();
        for (i, (tool, verdict)) in manifest.tools.iter().zip(verdicts).enumerate() {
            odd.extend(odd_name(entry, tool, verdict));
            row.add(&NewTool {
                name: &tool.name,
                file: &files[i],
                verdict,
                likeness: &likenesses[i],
                stale_override: labelled.is_stale(i),
            });
        }
        diagnostics.extend(diagnostic::fewer(odd));
        let mut search = Vec::new();
        if self.context.config.output.search {
            search.push(search::Posting::server(&row.url(), manifest).prepare());
            for (i, (tool, verdict)) in manifest.tools.iter().zip(verdicts).enumerate() {
                let (page, fragment) = tool_place(self.context.config, &row, i);
                let url = urls::relative(urls::HOME, &page, &fragment);
                search.push(search::Posting::tool(&url, &manifest.server, tool, verdict).prepare());
            }
        }
        FirstPassRow { row, search }
    }
}

/// What is wrong with a name, as the label has it.
fn odd_name(entry: &CatalogEntry, tool: &Tool, verdict: &Verdict) -> Option<Diagnostic> {
    let found = verdict.findings.iter().find(|f| f.id == FindingId::OddName)?;
    let message = format!("`{}`: {}", tool.name, found.message.trim_end_matches('.'));
    let help = "give the tool a name of 1 to 64 letters, digits, `_` and `-`";
    let warning = Diagnostic::warning(Code::OddName, &entry.manifest, message, help);
    Some(match tool.position {
        Some(position) => warning.at(position),
        None => warning,
    })
}
