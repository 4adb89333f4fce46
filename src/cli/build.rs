//! `toolcard build`: a catalogue → a static website.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};

use toolcard::config::{self, Config};
use toolcard::neutral;
use toolcard::site::build::options::{BuildOptions, Rebuilt, Shard};
use toolcard::site::build::progress::Progress;
use toolcard::site::build::{self, BuildError, BuildReport};
use toolcard::write::{Look, PathChange, Replacement};

use super::Exit;
use super::term::Terminal;

/// Build the website of a catalogue
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder that holds one folder per server
    #[arg(long, value_name = "DIR", default_value = "catalog", env = "TOOLCARD_CATALOG", hide_env_values = true)]
    pub catalog: PathBuf,
    /// Where the site is written; files that toolcard did not write stay
    #[arg(long, value_name = "DIR", default_value = "dist", env = "TOOLCARD_OUT", hide_env_values = true)]
    pub out: PathBuf,
    /// Configuration [default: toolcard.toml beside the catalogue folder, or above it up to the repository's root]
    #[arg(long, value_name = "FILE", env = "TOOLCARD_CONFIG", hide_env_values = true)]
    pub config: Option<PathBuf>,
    /// Where the site will be published, e.g. `https://example.org/tools/`
    #[arg(long, value_name = "URL", env = "TOOLCARD_BASE_URL", hide_env_values = true)]
    pub base_url: Option<String>,
    /// How many threads to use [default: one a core]
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,
    /// Look at every byte of the files that would stay, and write anew what somebody else changed
    #[arg(long)]
    pub verify: bool,
    /// Say what is rendered, and why
    #[arg(long)]
    pub explain_rebuild: bool,
    /// List the files that are not as they were, as `written PATH` or `removed PATH`
    #[arg(long, value_name = "FILE")]
    pub changes: Option<PathBuf>,
    /// Build the K-th of N parts of the site; `toolcard merge` joins them
    #[arg(long, value_name = "K/N")]
    pub shard: Option<Shard>,
    /// Print the configuration that holds and where it comes from, and build nothing
    #[arg(long)]
    pub print_config: bool,
}

impl Args {
    fn options(&self) -> BuildOptions {
        BuildOptions {
            look: if self.verify { Look::Bytes } else { Look::Quick },
            explain: self.explain_rebuild,
            changes: self.changes.is_some(),
            shard: self.shard,
        }
    }
}

/// Runs the command.
pub(crate) fn run(args: &Args, term: Terminal) -> io::Result<Exit> {
    let Some(config) = configuration(args, term) else { return Ok(Exit::Usage) };
    if args.print_config {
        return print(&config, args, term);
    }
    if let Some(jobs) = args.jobs {
        // Fails only where a pool exists already; the default pool is as good.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(jobs)).build_global();
    }
    let began = Instant::now();
    let bar = StageProgress::new(term);
    match build::run_with(&args.catalog, &args.out, &config, args.options(), &bar) {
        Ok(report) => finish(&report, args, began, term),
        Err(BuildError::Input(diagnostics)) => {
            term.diagnostics(&diagnostics);
            Ok(Exit::Usage)
        }
        Err(BuildError::Write(e)) => {
            term.error(&e.to_string(), Some("free the folder or choose another with `--out DIR`"));
            Ok(Exit::Usage)
        }
    }
}

/// The configuration with what the command line overrides; reports what is wrong with it.
pub(crate) fn configuration(args: &Args, term: Terminal) -> Option<Config> {
    let mut config = match Config::find(&args.catalog, args.config.as_deref()) {
        Ok(config) => config,
        Err(diagnostics) => {
            term.diagnostics(&diagnostics);
            return None;
        }
    };
    if let Some(url) = &args.base_url {
        match config::base_url(url) {
            Ok(url) => config.site.base_url = Some(url),
            Err(message) => {
                term.error(&message, Some(config::BASE_URL_HELP));
                return None;
            }
        }
    }
    Some(config)
}

/// Prints every key with the value that holds.
fn print(config: &Config, args: &Args, term: Terminal) -> io::Result<Exit> {
    let text = config.to_toml().map_err(io::Error::other)?;
    let from = match Config::file(&args.catalog, args.config.as_deref()) {
        Some(file) => format!("from {}", file.display()),
        None => "the defaults: there is no toolcard.toml".to_owned(),
    };
    let mut out = term.out();
    writeln!(out, "# {}\n{text}", neutral::terminal(&from))?;
    out.flush()?;
    Ok(Exit::Done)
}

fn finish(report: &BuildReport, args: &Args, began: Instant, term: Terminal) -> io::Result<Exit> {
    let failed = term.diagnostics(&report.diagnostics);
    let out = &args.out;
    if let Some(path) = &args.changes
        && let Err(e) = write_changes(path, &report.changes)
    {
        term.error(
            &format!("`{}` cannot be written: {e}", path.display()),
            Some("give another file with `--changes FILE`"),
        );
        return Ok(Exit::Usage);
    }
    if args.explain_rebuild {
        let mut stdout = term.out();
        for Rebuilt { unit, why } in &report.rebuilt {
            let unit = if unit.is_empty() { "feed, API and other files of the whole site" } else { unit };
            writeln!(stdout, "{}: {why}", neutral::terminal(unit))?;
        }
    }
    if !term.is_quiet() {
        let mut stdout = term.out();
        writeln!(stdout, "{}: {}", out.join("index.html").display(), neutral::terminal(&summary(report, began)))?;
        stdout.flush()?;
    }
    Ok(if failed { Exit::Failed } else { Exit::Done })
}

/// Writes which files changed, one a line.
fn write_changes(path: &Path, changes: &[PathChange]) -> io::Result<()> {
    let mut out = Replacement::create(path)?;
    for change in changes {
        match change {
            PathChange::Written(path) => writeln!(out, "written {path}")?,
            PathChange::Removed(path) => writeln!(out, "removed {path}")?,
        }
    }
    out.finish().map(drop)
}

/// What a build came to, as one line: servers, tools, files, seconds, and what stayed because it cannot be read.
pub(super) fn summary(report: &BuildReport, began: Instant) -> String {
    let BuildReport { servers, tools, tally, kept, .. } = report;
    let mut line =
        format!("{}, {}; {} written", count(*servers, "server"), count(*tools, "tool"), count(tally.written, "file"));
    if tally.pruned > 0 {
        let _ = write!(line, ", {} removed", thousands(tally.pruned));
    }
    let _ = write!(line, " in {:.2} s", began.elapsed().as_secs_f64());
    if let [first, more @ ..] = kept.as_slice() {
        let others =
            if more.is_empty() { String::new() } else { format!(" and of {}", count(more.len(), "more server")) };
        let _ = write!(line, "; the old pages of `{first}`{others} were kept, because the manifest cannot be read");
    }
    line
}

/// `1 tool`, `1,622 tools`.
pub(super) fn count(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{} {noun}s", thousands(n)) }
}

fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A progress bar on a terminal, one summary line a stage, nothing when quiet or piped but the lines
/// that `--verbose` asks for.
struct StageProgress {
    term: Terminal,
    bar: Mutex<Option<ProgressBar>>,
}

impl StageProgress {
    fn new(term: Terminal) -> Self {
        Self { term, bar: Mutex::new(None) }
    }

    fn with(&self, act: impl FnOnce(&mut Option<ProgressBar>)) {
        act(&mut self.bar.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }
}

impl Progress for StageProgress {
    fn begin(&self, stage: &'static str, total: usize) {
        if !self.term.progress() {
            return;
        }
        let style = ProgressStyle::with_template("{prefix:>9} {bar:30} {pos}/{len} {elapsed}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::new(total as u64).with_style(style).with_prefix(stage);
        self.with(|slot| *slot = Some(bar));
    }

    fn step(&self) {
        self.with(|slot| {
            if let Some(bar) = slot {
                bar.inc(1);
            }
        });
    }

    fn end(&self, line: &str) {
        self.with(|slot| {
            if let Some(bar) = slot.take() {
                bar.finish_and_clear();
            }
        });
        if self.term.progress() {
            self.term.say(line);
        } else {
            self.term.detail(line);
        }
    }
}
