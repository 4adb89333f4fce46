//! `toolcard import`: servers from wherever they are, into the catalogue.

use std::collections::HashSet;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde_json::Value;

use toolcard::capture::{self, Capture, Captured, SOURCE_FILE, Updated, is_slug, slug, updated};
use toolcard::catalog::labelled::Unlabelled;
use toolcard::catalog::source::{HeldServer, Source};
use toolcard::catalog::{Catalog, CatalogEntry, MANIFEST, overrides};
use toolcard::classify::Classifier;
use toolcard::config::Config;
use toolcard::diagnostic::{Code, Diagnostic, Parsed};
use toolcard::input::{self, Refused};
use toolcard::inspect::{InspectedServer, ServerToInspect, server_block};
use toolcard::manifest::{self, Gap, MAX_BYTES, Server};
use toolcard::neutral;
use toolcard::policy::RateLimits;
use toolcard::review::report::{Context, ReportFormat};
use toolcard::review::{FailOn, Side, run as compare};
use toolcard::write::Replacement;

use super::input::lexicon;
use super::sources::{SourceArgs, told};
use super::term::Terminal;
use super::{Exit, clock};

/// Bring servers into a catalogue, and show first what that changes
///
/// Each server is written to CATALOG/SLUG/manifest.json. Where it is there already, the import is an update: the stored order
/// of keys and tools stays, what a person edited of the server stays and is named under `server.edited`, and a server that
/// says what it said before leaves its file as it is. A listing that is a part is not imported.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    source: SourceArgs,
    /// The name of the server's folder; made from its package or name where not given
    #[arg(long, value_name = "SLUG", value_parser = slug_of)]
    slug: Option<String>,
    /// The catalogue's folder
    #[arg(long, value_name = "DIR", default_value = "catalog", env = "TOOLCARD_CATALOG", hide_env_values = true)]
    catalog: PathBuf,
    /// Show what would change, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Write beside the manifest how the server is asked, for `toolcard update`: the command or the address, names of
    /// variables, and no value
    #[arg(long)]
    keep_source: bool,
}

/// What is done with servers that were captured.
pub(super) struct ImportJob<'a> {
    /// The catalogue's folder.
    pub catalog: &'a Path,
    /// The name of the one server's folder, where it is given.
    pub slug: Option<&'a str>,
    /// Whether each server is updated that has the name of the capture.
    pub again: bool,
    /// Whether nothing is written.
    pub dry_run: bool,
    /// Whether it is written how servers are asked.
    pub keep_source: bool,
    /// Fields of `server` that the arguments give.
    pub said: Vec<&'static str>,
}

impl ImportJob<'_> {
    /// The name of a capture's folder.
    fn slug_of(&self, capture: &Capture, servers: &[CatalogEntry]) -> Option<String> {
        if self.again {
            return Some(capture.name.clone());
        }
        let Capture { name, client_name, manifest, .. } = capture;
        self.slug
            .map(str::to_owned)
            .or_else(|| known_by_package(self.catalog, servers, &manifest.server))
            .or_else(|| slug(manifest, client_name.as_deref(), name))
    }
}

fn slug_of(text: &str) -> Result<String, String> {
    let said = "small letters, digits, `-`, `_` and `.`, a letter or digit first";
    if is_slug(text) { Ok(text.to_owned()) } else { Err(said.to_owned()) }
}

/// What an import would write of one server.
struct Planned {
    slug: String,
    /// The manifest before and after.
    old: Option<Vec<u8>>,
    new: Vec<u8>,
    overrides: Option<Vec<u8>>,
}

/// Why a server is not imported, and what to do.
struct NotImported {
    message: String,
    help: String,
}

fn not(message: impl Into<String>, help: impl Into<String>) -> NotImported {
    NotImported { message: message.into(), help: help.into() }
}

/// Runs the command.
pub(super) fn run(args: &Args, term: Terminal) -> io::Result<Exit> {
    let Args { source, slug, catalog, dry_run, keep_source } = args;
    if *keep_source && !source.is_live() {
        term.error("`--keep-source` is for servers that run", Some("leave it out: a file is not asked again"));
        return Ok(Exit::Usage);
    }
    let job = ImportJob {
        catalog,
        slug: slug.as_deref(),
        again: false,
        dry_run: *dry_run,
        keep_source: *keep_source,
        said: source.said(),
    };
    bring(&job, term, |_| source.captures(term))
}

/// Brings what `captures` finds, who is given the servers of the catalogue, into it.
pub(super) fn bring(
    args: &ImportJob<'_>,
    term: Terminal,
    captures: impl FnOnce(&[CatalogEntry]) -> Captured,
) -> io::Result<Exit> {
    let config = match Config::find(args.catalog, None) {
        Ok(config) => config,
        Err(wrong) => {
            term.diagnostics(&wrong);
            return Ok(Exit::Usage);
        }
    };
    let servers = match servers(args.catalog) {
        Ok(servers) => servers,
        Err(wrong) => {
            term.diagnostics([&*wrong]);
            return Ok(Exit::Usage);
        }
    };
    let found = captures(&servers);
    let (nothing, mut failed) = told(&found, term);
    if found.captures.is_empty() {
        return Ok(nothing);
    }
    let Captured { captures, .. } = found;
    if args.slug.is_some() && captures.len() > 1 {
        let help = "leave `--slug` out, or import one of them";
        term.error(&format!("{} servers cannot all have one slug", captures.len()), Some(help));
        return Ok(Exit::Usage);
    }
    let mut plans: Vec<Planned> = Vec::new();
    let mut taken = HashSet::new();
    let mut sources: Vec<(String, String)> = Vec::new();
    for mut capture in captures {
        let slug = args.slug_of(&capture, &servers);
        let source = capture.source.take().filter(|_| args.keep_source);
        let from = capture.from.clone();
        let name = if capture.name.is_empty() { from.clone() } else { capture.name.clone() };
        let planned = plan(args, capture, &servers, &mut taken, term);
        match (&planned, source, slug) {
            (Ok(_), Some(Ok(text)), Some(slug)) => sources.push((slug, text)),
            (Ok(_), Some(Err(why)), _) => {
                failed = true;
                let message = format!("{name}: how it is asked is not kept: {why}");
                term.error(&message, Some("the rest of the import goes on"));
            }
            _ => {}
        }
        match planned {
            Ok(Some(planned)) => plans.push(planned),
            Ok(None) => {}
            Err(NotImported { message, help }) => {
                failed = true;
                let place = if from == name { from } else { format!("{name} ({from})") };
                term.error(&format!("{place}: {message}"), Some(&help));
            }
        }
    }
    if plans.is_empty() {
        failed |= !args.dry_run && !keep(args.catalog, &sources, term);
        return Ok(if failed { Exit::Failed } else { Exit::Done });
    }
    if !review(args, &plans, &config, term)? {
        return Ok(Exit::Usage);
    }
    if args.dry_run {
        term.say("nothing is written (--dry-run)");
        return Ok(if failed { Exit::Failed } else { Exit::Done });
    }
    for Planned { slug, new, .. } in &plans {
        let path = args.catalog.join(slug).join(MANIFEST);
        if let Err(e) = write(args.catalog, &path, new) {
            failed = true;
            let help = "check that you may write there; what was there is as it was";
            term.error(&format!("{} cannot be written: {e}", path.display()), Some(help));
            continue;
        }
        term.say(&format!("wrote {}", path.display()));
    }
    failed |= !keep(args.catalog, &sources, term);
    if !failed {
        let dir = args.catalog.display();
        let dir = if args.catalog == Path::new("catalog") { String::new() } else { format!(" --catalog {dir}") };
        term.say(&format!("next: `toolcard build{dir}` makes the pages, `toolcard lock{dir}` records the labels"));
    }
    Ok(if failed { Exit::Failed } else { Exit::Done })
}

/// Writes how servers are asked, where that is not said already; returns whether it could.
fn keep(catalog: &Path, sources: &[(String, String)], term: Terminal) -> bool {
    let mut all = true;
    for (slug, text) in sources {
        let path = catalog.join(slug).join(SOURCE_FILE);
        match write(catalog, &path, text.as_bytes()) {
            Ok(()) => term.detail(&format!("wrote {}", path.display())),
            Err(e) => {
                all = false;
                term.error(
                    &format!("{} cannot be written: {e}", path.display()),
                    Some("check that you may write there"),
                );
            }
        }
    }
    all
}

/// The servers of the catalogue, which need not be there yet.
fn servers(dir: &Path) -> Result<Vec<CatalogEntry>, Box<Diagnostic>> {
    if !dir.exists() {
        return Ok(Vec::new());
    }
    let catalog = Catalog::list(dir)?;
    match catalog.elsewhere() {
        Some(wrong) => Err(Box::new(wrong)),
        None => Ok(catalog.servers),
    }
}

/// The slug of a server of the catalogue that has the same package, where the capture names no slug itself.
fn known_by_package(catalog: &Path, servers: &[CatalogEntry], captured: &Server) -> Option<String> {
    let package = captured.package.as_deref().filter(|package| !package.is_empty() && captured.slug.is_empty())?;
    let is_it = |entry: &&CatalogEntry| {
        let Ok(bytes) = input::of_catalogue(catalog, &entry.manifest, MAX_BYTES) else { return false };
        // To look for a text costs next to nothing, and most servers are others.
        if memchr::memmem::find(&bytes, package.as_bytes()).is_none() {
            return false;
        }
        let Some(stored) = manifest::read_bytes(&bytes, &entry.manifest).value else { return false };
        let registries = (&stored.server.registry, &captured.registry);
        let same_registry = !matches!(registries, (Some(a), Some(b)) if a != b);
        stored.server.package.as_deref() == Some(package) && same_registry
    };
    servers.par_iter().find_first(is_it).map(|entry| entry.slug.clone())
}

/// What is written of a server; `None` where it says what it said before.
fn plan(
    args: &ImportJob<'_>,
    capture: Capture,
    servers: &[CatalogEntry],
    taken: &mut HashSet<String>,
    term: Terminal,
) -> Result<Option<Planned>, NotImported> {
    let chosen = args.slug_of(&capture, servers);
    let Capture { mut manifest, diagnostics, .. } = capture;
    let gap = manifest.listing.gaps.iter().find(|gap| !matches!(gap, Gap::Generated | Gap::Dynamic));
    if let Some(gap) = gap {
        let help = "bring the rest as well: a part would be taken for the whole";
        return Err(not(format!("the listing is a part, which is not imported: {}", gap.text()), help));
    }
    // Two definitions of one name are kept, both.
    if let Some(wrong) = diagnostics.iter().find(|d| d.is_error() && d.code != Code::DuplicateTool) {
        return Err(not(format!("it could not be read whole: {}", wrong.message), wrong.help.clone()));
    }
    let Some(slug) = chosen else {
        return Err(not("nothing says what the server is called", "name its folder with `--slug SLUG`"));
    };
    if !taken.insert(slug.clone()) {
        return Err(not(
            format!("another server of this import is `{slug}` as well"),
            "import it alone, with `--slug SLUG`",
        ));
    }
    manifest.server.slug.clone_from(&slug);
    let entry = servers.iter().find(|entry| entry.slug.eq_ignore_ascii_case(&slug));
    let Some(entry) = entry else {
        let Updated { document, .. } = updated(None, &manifest, &[]);
        let new = capture::canonical(&document.unwrap_or_default()).into_bytes();
        let beside = input::bytes(&args.catalog.join(&slug).join(overrides::FILE), input::MAX_WRITTEN_BYTES).ok();
        return Ok(Some(Planned { slug, old: None, new, overrides: beside }));
    };
    if entry.slug != slug {
        return Err(not(
            format!("the catalogue has `{}`, which falls on one address with `{slug}`", entry.slug),
            format!("give `--slug {}` to update it", entry.slug.to_ascii_lowercase()),
        ));
    }
    if !entry.own_folder() {
        let place = args.catalog.join(&slug).join(MANIFEST);
        return Err(not(
            format!("`{}` has no folder of its own", entry.manifest.display()),
            format!("move it to `{}` first", place.display()),
        ));
    }
    if let Some(at) = overrides::pointer(&entry.dir) {
        return Err(not(
            format!("{} says that the tools are at `{at}` of the stored file", overrides::FILE),
            format!("take `at` out of {}: an import writes a listing", entry.dir.join(overrides::FILE).display()),
        ));
    }
    let bytes = input::of_catalogue(args.catalog, &entry.manifest, MAX_BYTES).map_err(|refused| {
        not(format!("{} cannot be read: {refused}", entry.manifest.display()), "repair it, or remove it")
    })?;
    let stored = manifest::read_bytes(&bytes, &entry.manifest).value;
    let raw: Option<Value> = serde_json::from_slice(&bytes).ok();
    if let Some(was) = &stored
        && let (Some(a), Some(b)) = (&was.server.package, &manifest.server.package)
        && a != b
        && !args.said.contains(&"package")
    {
        return Err(not(
            format!(
                "`{slug}` of the catalogue is the package {}, and this is {}",
                neutral::quoted(a),
                neutral::quoted(b)
            ),
            "give another `--slug`, or say with `--package` that the server has a new package",
        ));
    }
    // What cannot be read is replaced as a whole; the review says that it could not.
    let stored = stored.as_ref().map(|was| (raw.as_ref().unwrap_or(&Value::Null), was));
    let Updated { document, kept, dropped } = updated(stored, &manifest, &args.said);
    for field in &kept {
        term.say(&format!("{slug}: `server.{field}` stays as it was edited"));
    }
    let Some(document) = document else {
        term.say(&format!("{slug}: nothing changed, {} stays as it is", entry.manifest.display()));
        return Ok(None);
    };
    for field in &dropped {
        term.say(&format!("{slug}: `{field}` goes, because this capture does not say it"));
    }
    let overrides = input::bytes(&entry.dir.join(overrides::FILE), input::MAX_WRITTEN_BYTES).ok();
    Ok(Some(Planned { slug, old: Some(bytes), new: capture::canonical(&document).into_bytes(), overrides }))
}

/// Prints what the import does: of a new server what it can do, of a known one what that does to labels and policies.
/// Returns whether it can be told.
fn review(args: &ImportJob<'_>, plans: &[Planned], config: &Config, term: Terminal) -> io::Result<bool> {
    let mut own = None;
    let dir = args.catalog.is_dir().then_some(args.catalog);
    let Some(lexicon) = lexicon(None, dir, &mut own, term) else { return Ok(false) };
    let mut out = term.out();
    for Planned { slug, new, overrides, .. } in plans.iter().filter(|plan| plan.old.is_none()) {
        let place = args.catalog.join(slug).join(MANIFEST);
        let decisions = overrides.clone().map(Ok);
        let overrides = overrides::of(decisions.as_ref(), &place.with_file_name(overrides::FILE));
        let Parsed { value, diagnostics } = Unlabelled::read(Some(slug), &place, &Ok(new.clone()), overrides);
        let Some(read) = value else {
            term.diagnostics(&diagnostics);
            return Ok(false);
        };
        let Parsed { value: labelled, diagnostics } = read.label(Classifier::new(lexicon));
        term.diagnostics(&diagnostics);
        let from = format!("the import; {slug} is new in {}", args.catalog.display());
        let server = ServerToInspect { labelled, from, client_name: None };
        out.write_all(server_block(&InspectedServer::new(&server, lexicon, config), true).as_bytes())?;
        writeln!(out)?;
    }
    out.flush()?;
    drop(out);
    compared(args, plans, config.limits, term)
}

/// Prints the review of the servers that the catalogue has already.
fn compared(args: &ImportJob<'_>, plans: &[Planned], limits: RateLimits, term: Terminal) -> io::Result<bool> {
    let known: Vec<&Planned> = plans.iter().filter(|plan| plan.old.is_some()).collect();
    if known.is_empty() {
        return Ok(true);
    }
    let state = |of: &dyn Fn(&Planned) -> Option<Vec<u8>>| {
        let held = known.iter().filter_map(|plan| {
            Some(HeldServer { slug: plan.slug.clone(), manifest: of(plan)?, overrides: plan.overrides.clone() })
        });
        Source::Held(args.catalog.to_path_buf(), held.collect())
    };
    let base = Side::of(state(&|plan| plan.old.clone()), "the catalogue", limits);
    let head = Side::of(state(&|plan| Some(plan.new.clone())), "this import", limits);
    let (base, head) = match (base, head) {
        (Ok(base), Ok(head)) => (base, head),
        (base, head) => {
            let wrong: Vec<_> = base.err().into_iter().chain(head.err()).flatten().collect();
            term.diagnostics(&wrong);
            return Ok(false);
        }
    };
    let Parsed { value: review, diagnostics } = compare(base, head, clock::today());
    term.diagnostics(diagnostics.iter().filter(|d| !d.is_error() || d.code != Code::DuplicateTool));
    let format = ReportFormat::parse("text").map_err(io::Error::other)?;
    let report = (format.render)(&review, Context { fail_on: FailOn::NONE, styled: true })?;
    let mut out = term.out();
    out.write_all(report.as_bytes())?;
    out.flush()?;
    Ok(true)
}

/// Writes a file of a server as a whole or not at all, and takes a folder back that was made for it.
fn write(catalog: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    if input::leaves(catalog, folder) {
        return Err(io::Error::other(Refused::Elsewhere.to_string()));
    }
    let made = !folder.exists();
    std::fs::create_dir_all(folder)?;
    let written = Replacement::create(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.finish()
    });
    if made && written.is_err() {
        let _ = std::fs::remove_dir(folder);
    }
    written.map(|_| ())
}
