//! A catalogue → a website, in two passes.
//!
//! The first pass reads every server and keeps one small row a tool; the second reads each
//! server again and renders it from its manifest and those rows. Both run one server a unit on
//! all threads, and what they write does not depend on their order.
//!
//! A build after another reads what changed and writes what depends on it: rows of servers are kept (`rows`), and a unit whose
//! inputs are as they were stays as it is.
//!
//! | file | what it does |
//! |---|---|
//! | `rows` | what the first pass found, kept from build to build |
//! | `held` | what the first pass labelled, for the second of the same build |
//! | `inputs` | what every page depends on |
//! | `plan` | the jobs of the second pass, and what each depends on |
//! | `sources` | what a site is made from beside its servers |
//! | `work` | one job → its files |
//! | [`live`] | the files of one server before the build after the next edit |
//! | [`merge`] | joins the parts of a site that were built apart |
//! | [`options`] | how a build is asked for |
//! | [`progress`] | reports how far a build is |

mod held;
mod inputs;
pub mod live;
pub mod merge;
pub mod options;
pub(crate) mod plan;
pub mod progress;
mod rows;
mod sources;
mod work;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use held::{HeldRoom, HeldServers};
use inputs::SiteInputs;
use options::{BuildOptions, Rebuilt};
use plan::{Plan, PlannedJob};
use progress::Progress;
use rayon::prelude::*;
use rows::{EncodedRow, Hash, NewRows, RowPlace, Rows, SeenServer, ServerBytes, ServerLook, hash_of, hex};
use sources::{SiteSources, by_server};
use work::Work;

use crate::card::{self, CardContext};
use crate::catalog::labelled::Labelled;
use crate::catalog::{Catalog, CatalogEntry};
use crate::classify::{Classifier, FindingId, Verdict};
use crate::config::Config;
use crate::diagnostic::{self, Code, Diagnostic, Parsed};
use crate::input;
use crate::lexicon::Lexicon;
use crate::manifest::Tool;
use crate::neutral;
pub use crate::site::error::BuildError;
use crate::site::index::{NewTool, ServerRow, SiteIndex};
use crate::site::moved;
use crate::site::search::{self, Builder, Limits};
use crate::site::urls;
use crate::site::views::tool_place;
use crate::write::{Finished, Look, Output, PRIVATE, PathChange, Tally, Unit, WriteError};

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
    /// Which files are not as they were, sorted, where [`BuildOptions::changes`] asks for it.
    pub changes: Vec<PathChange>,
    /// What was rendered and why, where [`BuildOptions::explain`] asks for it.
    pub rebuilt: Vec<Rebuilt>,
}

/// Builds the site of the catalogue in `dir` into `out`.
///
/// # Errors
/// [`BuildError::Input`] when nothing could be done, [`BuildError::Write`] on an I/O error.
/// Bad servers and tools are in the report.
pub fn run(dir: &Path, out: &Path, config: &Config, progress: &dyn Progress) -> Result<BuildReport, BuildError> {
    run_with(dir, out, config, BuildOptions::default(), progress)
}

/// Builds the site of the catalogue in `dir` into `out`, as it is asked for.
///
/// # Errors
/// As [`run`].
pub fn run_with(
    dir: &Path,
    out: &Path,
    config: &Config,
    options: BuildOptions,
    progress: &dyn Progress,
) -> Result<BuildReport, BuildError> {
    // In the wrong folder everything else looks wrong too.
    let catalog = Catalog::open(dir).map_err(|d| BuildError::Input(vec![*d]))?;
    if let Some(overlap) = overlap(dir, out, config.site.theme.as_deref()) {
        return Err(BuildError::Input(vec![overlap]));
    }
    let SiteSources { own_lexicon, lexicon_texts, renderer, articles, history, mut diagnostics } =
        SiteSources::read(dir, config)?;
    let lexicon = own_lexicon.as_ref().unwrap_or_else(|| Lexicon::embedded());
    let mut output = Output::open(out)?;
    if options.changes {
        output = output.listing_changes();
    }

    let classifier = Classifier::new(lexicon);
    let events = by_server(&history);
    diagnostics.extend(catalog.diagnostics.iter().cloned());

    progress.begin("classify", catalog.servers.len());
    let context = CardContext { config, rate_limits: config.limits, lexicon, articles: &articles };
    let site = SiteInputs::new(config, &lexicon_texts, &articles, &renderer, options.shard);
    let private = out.join(PRIVATE);
    let key = site.key_of_rows(dir);
    let before = Rows::read(&private, &key);
    let now = input::now();
    let room = HeldRoom::default();
    let first = FirstPass { look: FirstLook { classifier, context }, progress, before: &before, now, room: &room };
    let mut found = FirstFound {
        rows: NewRows::new(&before, &private, &key, now),
        held: HeldServers::default(),
        room: &room,
        lost: Vec::new(),
        lost_diagnostics: Vec::new(),
    };
    let unwritten = |source| WriteError::Io { path: private.clone(), source };
    first.run(&catalog.servers, &mut found).map_err(unwritten)?;
    let FirstFound { rows, held, lost, lost_diagnostics, .. } = found;
    let (seen, kept_diagnostics) = rows.finish().map_err(unwritten)?;
    diagnostics.extend(kept_diagnostics);
    diagnostics.extend(lost_diagnostics);
    let tools = seen.iter().map(|server| server.tools).sum();
    progress.end(&format!("classified {tools} tools of {} servers", seen.len()));

    let totals = Totals::new(&seen, format!("{history:?}").as_bytes());
    let about = format!("{} {}", site.about(), totals.about());
    let mut report = BuildReport { servers: seen.len(), tools, ..BuildReport::default() };
    for entry in &lost {
        let folder = urls::server_folder(&urls::server_file(&entry.slug));
        if out.join(&folder).is_dir() {
            report.kept.push(entry.slug.clone());
        }
    }
    let unreadable = !lost.is_empty() || seen.iter().any(|server| server.hash.is_none());
    // Aliases that lead nowhere are found with the rows.
    if output.about() == about && !unreadable && config.aliases.is_empty() && output.keep_all(options.look) {
        report.diagnostics = diagnostics;
        return finish(report, output, &about, progress);
    }

    let told = Mutex::new(diagnostics);
    let second = SecondPass { site: &site, options, output: &output, explained: Mutex::default() };
    if config.output.search {
        progress.begin("search", 1);
        second.unit(urls::SEARCH_INDEX, &hex(&totals.words), |unit| {
            if seen.is_empty() {
                write_search(&told, unit, Builder::default(), io::empty())?;
            } else {
                let (search, words) = rows::words(&private, &seen).map_err(unwritten)?;
                write_search(&told, unit, search, words)?;
            }
            Ok(true)
        })?;
        progress.end("indexed for search");
    }
    let (index, seen) = first.index(seen, &catalog);
    drop(before);
    let mut wrong_aliases = Vec::new();
    let moved = moved::resolve(config, &index, &mut wrong_aliases);
    told.lock().unwrap_or_else(std::sync::PoisonError::into_inner).extend(wrong_aliases);
    let others = plan::others(&index, &articles);
    let plan = Plan {
        config,
        index: &index,
        seen: &seen,
        events: &events,
        articles: &articles,
        others: &others,
        whole: (totals.rows, totals.history),
    };
    let jobs = plan.jobs(moved);
    let work = Work {
        catalog: &catalog,
        classifier,
        renderer: &renderer,
        context,
        index: &index,
        seen: &seen,
        held,
        others: &others,
        events: &events,
        history: &history,
        diagnostics: &told,
    };
    progress.begin("write", jobs.len());
    for entry in lost {
        second.keep(&urls::server_folder(&urls::server_file(&entry.slug)));
    }
    // Their names say what is in them, and all are among the inputs of the whole site.
    second.unit(urls::STATIC, "static", |unit| work.assets(unit).map(|()| true))?;
    jobs.par_iter().try_for_each_init(Vec::new, |buffer, planned: &PlannedJob| {
        let done = second.unit(&planned.unit, &planned.inputs, |unit| work.job(&planned.job, unit, buffer));
        progress.step();
        done
    })?;
    report.rebuilt = second.explained.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    report.rebuilt.sort_unstable();
    report.diagnostics = told.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    finish(report, output, &about, progress)
}

fn finish(
    mut report: BuildReport,
    output: Output,
    about: &str,
    progress: &dyn Progress,
) -> Result<BuildReport, BuildError> {
    let Finished { tally, changes } = output.finish(about)?;
    progress.end(&format!(
        "wrote {} files, left {} as they were, removed {}",
        tally.written, tally.unchanged, tally.pruned
    ));
    (report.tally, report.changes) = (tally, changes);
    Ok(report)
}

/// What the first pass found, as a few hashes.
struct Totals {
    /// Of all that servers say.
    all: Hash,
    /// Of what pages say of other servers.
    rows: Hash,
    /// Of what the search index holds.
    words: Hash,
    /// Of the changes of labels.
    history: Hash,
}

impl Totals {
    fn new(seen: &[SeenServer], history: &[u8]) -> Self {
        let unknown = Hash::default();
        let of = |of: &dyn Fn(&SeenServer) -> Hash| {
            let hashes: Vec<Hash> = seen.iter().map(of).collect();
            hash_of([hashes.concat().as_slice()])
        };
        let rows = of(&|server| server.row_hash);
        let own = of(&|server| server.hash.unwrap_or(unknown));
        Self {
            all: hash_of([&own[..], &rows[..]]),
            rows,
            words: of(&|server| server.words_hash),
            history: hash_of([history]),
        }
    }

    fn about(&self) -> String {
        [self.all, self.words, self.history].map(|hash| hex(&hash)).join(" ")
    }
}

/// Writes the units whose inputs changed, and keeps the others.
struct SecondPass<'a> {
    site: &'a SiteInputs,
    options: BuildOptions,
    output: &'a Output,
    explained: Mutex<Vec<Rebuilt>>,
}

impl SecondPass<'_> {
    /// Keeps a unit if its inputs are as they were and its files are there, else writes it; `write` says whether it could.
    fn unit(
        &self,
        name: &str,
        inputs: &str,
        write: impl FnOnce(&mut Unit<'_>) -> Result<bool, BuildError>,
    ) -> Result<(), BuildError> {
        if !self.options.shard.is_none_or(|shard| shard.has(name)) {
            return Ok(());
        }
        let why = self.site.why(self.output, name, inputs);
        let why = match why {
            None if self.output.keep_whole(name, self.options.look) => return Ok(()),
            None if self.options.look == Look::Bytes => "a file of it is missing or has other bytes".to_owned(),
            None => "a file of it is missing".to_owned(),
            Some(why) => why,
        };
        if self.options.explain {
            let mut explained = self.explained.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            explained.push(Rebuilt { unit: name.to_owned(), why });
        }
        let mut unit = self.output.unit(name);
        if write(&mut unit)? {
            unit.finish(inputs)?;
        } else {
            unit.give_up();
        }
        Ok(())
    }

    /// Keeps a unit of a server that cannot be read.
    fn keep(&self, name: &str) {
        if self.options.shard.is_none_or(|shard| shard.has(name)) {
            self.output.keep(name);
        }
    }
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

fn write_search(
    diagnostics: &Mutex<Vec<Diagnostic>>,
    unit: &mut Unit<'_>,
    search: Builder,
    mut words: impl io::Read + io::Seek,
) -> Result<(), BuildError> {
    let mut refused = None;
    let written = search.write(&mut words, Limits::default(), |path, bytes| {
        work::put(diagnostics, unit, &format!("{}{path}", urls::SEARCH_INDEX), bytes).map_err(|e| {
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
    look: FirstLook<'a>,
    progress: &'a dyn Progress,
    before: &'a Rows,
    /// When the build began, in nanoseconds since 1970.
    now: u128,
    room: &'a HeldRoom,
}

/// What the first pass finds.
struct FirstFound<'a> {
    rows: NewRows<'a>,
    held: HeldServers,
    room: &'a HeldRoom,
    /// Servers that cannot be read, whose old pages stay.
    lost: Vec<CatalogEntry>,
    lost_diagnostics: Vec<Diagnostic>,
}

/// One server of the first pass.
enum FirstRow {
    Kept {
        record: usize,
        stamp: Option<Box<rows::ServerStamp>>,
    },
    Made {
        row: Box<EncodedRow>,
        stamp: Option<Box<rows::ServerStamp>>,
        hash: Option<Hash>,
        labelled: Option<Box<Labelled>>,
    },
    Lost {
        entry: CatalogEntry,
        diagnostics: Vec<Diagnostic>,
    },
}

impl FirstFound<'_> {
    fn take(&mut self, servers: Vec<io::Result<FirstRow>>) -> io::Result<()> {
        for server in servers {
            match server? {
                FirstRow::Kept { record, stamp } => self.rows.keep(record, stamp)?,
                FirstRow::Made { row, stamp, hash, labelled } => {
                    self.held.add(labelled, self.room);
                    self.rows.add(*row, stamp, hash)?;
                }
                FirstRow::Lost { entry, diagnostics } => {
                    self.lost.push(entry);
                    self.lost_diagnostics.extend(diagnostics);
                }
            }
        }
        Ok(())
    }
}

impl FirstPass<'_> {
    /// Reads the servers a chunk at a time; one chunk is put together while the next is read.
    fn run(&self, entries: &[CatalogEntry], found: &mut FirstFound<'_>) -> io::Result<()> {
        let mut before = Vec::new();
        for chunk in entries.chunks(MAX_AT_ONCE) {
            let read = || chunk.par_iter().map(|entry| self.server(entry)).collect();
            let taken = std::mem::take(&mut before);
            let done;
            (before, done) = rayon::join(read, || found.take(taken));
            done?;
        }
        found.take(before)
    }

    fn server(&self, entry: &CatalogEntry) -> io::Result<FirstRow> {
        let looked = self.before.look(entry, self.now);
        self.progress.step();
        let (stamp, hash, bytes) = match looked {
            ServerLook::Kept { record, stamp } => return Ok(FirstRow::Kept { record, stamp }),
            ServerLook::Read { stamp, hash, bytes } => (stamp, hash, bytes),
        };
        let Parsed { value: made, diagnostics } = self.look.made(entry, &bytes);
        Ok(match made {
            None => FirstRow::Lost { entry: entry.clone(), diagnostics },
            Some((row, words, labelled)) => {
                let row = Box::new(EncodedRow::new(row, &words, diagnostics)?);
                let labelled = self.room.take(&bytes).then(|| Box::new(labelled));
                FirstRow::Made { row, stamp, hash, labelled }
            }
        })
    }

    /// The index of all rows, with what is known of each. A record that cannot be read is made anew.
    fn index(&self, seen: Vec<SeenServer>, catalog: &Catalog) -> (SiteIndex, Vec<SeenServer>) {
        let row = |mut server: SeenServer| {
            let row = match std::mem::replace(&mut server.row, RowPlace::Kept(0)) {
                RowPlace::New(row) => Some(*row),
                RowPlace::Kept(record) => self.before.row(record).or_else(|| {
                    let entry = catalog.find(&self.before.slug(record)?)?;
                    self.look.made(entry, &ServerBytes::read(entry)).value.map(|(row, ..)| row)
                }),
            };
            row.map(|row| (row, server))
        };
        let (rows, seen): (Vec<ServerRow>, Vec<SeenServer>) = seen.into_par_iter().filter_map(row).unzip();
        (SiteIndex::new(rows), seen)
    }
}

/// What the first pass learns of one server.
#[derive(Clone, Copy)]
struct FirstLook<'a> {
    classifier: Classifier<'a>,
    context: CardContext<'a>,
}

impl FirstLook<'_> {
    /// Reads and labels a server.
    fn made(
        &self,
        entry: &CatalogEntry,
        bytes: &ServerBytes,
    ) -> Parsed<Option<(ServerRow, Vec<search::Prepared>, Labelled)>> {
        let Parsed { value, mut diagnostics } = bytes.labelled(entry, self.classifier);
        let value = value.map(|labelled| {
            let (row, words) = self.see(entry, &labelled, &mut diagnostics);
            (row, words, labelled)
        });
        Parsed { value, diagnostics }
    }

    fn see(
        &self,
        entry: &CatalogEntry,
        labelled: &Labelled,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> (ServerRow, Vec<search::Prepared>) {
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
        let mut words = Vec::new();
        if self.context.config.output.search {
            words.push(search::Posting::server(&row.url(), manifest).prepare());
            for (i, (tool, verdict)) in manifest.tools.iter().zip(verdicts).enumerate() {
                let (page, fragment) = tool_place(self.context.config, &row, i);
                let url = urls::relative(urls::HOME, &page, &fragment);
                words.push(search::Posting::tool(&url, &manifest.server, tool, verdict).prepare());
            }
        }
        (row, words)
    }
}

/// What is wrong with a name, as the label has it.
fn odd_name(entry: &CatalogEntry, tool: &Tool, verdict: &Verdict) -> Option<Diagnostic> {
    let found = verdict.findings.iter().find(|f| f.id == FindingId::OddName)?;
    let message = format!("{}: {}", neutral::quoted(&tool.name), found.message.trim_end_matches('.'));
    let help = "give the tool a name of 1 to 64 letters, digits, `_` and `-`";
    let warning = Diagnostic::warning(Code::OddName, &entry.manifest, message, help);
    Some(match tool.position {
        Some(position) => warning.at(position),
        None => warning,
    })
}
