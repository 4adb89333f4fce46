//! `toolcard review`: what changed in the labels between two states.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use toolcard::catalog::Catalog;
use toolcard::catalog::day::Day;
use toolcard::config::Config;
use toolcard::diagnostic::{Diagnostic, Parsed};
use toolcard::review::report::{Context, ReportFormat};
use toolcard::review::{FailOn, Side, run as compare};

use super::input::At;
use super::term::Terminal;
use super::{Exit, clock};

/// Show which labels changed between two states of a catalogue, and why
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What to compare with: a git revision, a folder, a manifest or a risk.lock
    #[arg(long, value_name = "REV|DIR|LOCK", allow_hyphen_values = true)]
    base: String,
    /// What to look at: the catalogue folder where not given
    #[arg(long, value_name = "REV|DIR", allow_hyphen_values = true)]
    head: Option<String>,
    /// The catalogue's folder
    #[arg(long, value_name = "DIR", default_value = "catalog", env = "TOOLCARD_CATALOG", hide_env_values = true)]
    catalog: PathBuf,
    /// Configuration [default: toolcard.toml beside the catalogue folder, or above it up to the repository's root]
    #[arg(long, value_name = "FILE", env = "TOOLCARD_CONFIG", hide_env_values = true)]
    config: Option<PathBuf>,
    /// How to print: text, markdown, github, sarif, json or junit
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = ReportFormat::parse)]
    format: ReportFormat,
    /// What makes the exit code 1: raised, lowered, destructive, any, none or the id of a change
    ///
    /// Several with commas or by giving it several times: `--fail-on raised,url-added`. docs/review.md lists the ids.
    /// The default is raised, and none with --format sarif.
    #[arg(long, value_name = "CHANGE", value_parser = FailOn::parse)]
    fail_on: Vec<FailOn>,
    /// The day that judges which overrides end; the system's where not given
    #[arg(long, value_name = "DATE", value_parser = clock::parse)]
    today: Option<Day>,
    #[command(flatten)]
    at: At,
}

/// Runs the command.
pub(super) fn run(args: &Args, term: Terminal) -> io::Result<Exit> {
    let config = match Config::find(&args.catalog, args.config.as_deref()) {
        Ok(config) => config,
        Err(wrong) => {
            term.diagnostics(&wrong);
            return Ok(Exit::Usage);
        }
    };
    if let Some(wrong) = misplaced(args) {
        term.diagnostics([&wrong]);
        return Ok(Exit::Usage);
    }
    let catalog = args.catalog.to_string_lossy();
    let open = |name: &str| Side::open(name, &args.catalog, config.limits).map(|side| side.at(args.at.at.as_deref()));
    let (base, head) = match (open(&args.base), open(args.head.as_deref().unwrap_or(&catalog))) {
        (Ok(base), Ok(head)) => (base, head),
        (base, head) => {
            let wrong: Vec<_> = base.err().into_iter().chain(head.err()).flatten().collect();
            term.diagnostics(&wrong);
            return Ok(Exit::Usage);
        }
    };
    let Parsed { value: review, diagnostics } = compare(base, head, args.today.unwrap_or_else(clock::today));
    let unreadable = term.diagnostics(&diagnostics);
    let fallback = if args.format.name == "sarif" { FailOn::NONE } else { FailOn::RAISED };
    let fail_on = args.fail_on.iter().copied().reduce(FailOn::or).unwrap_or(fallback);
    let report = (args.format.render)(&review, Context { fail_on, styled: args.format.name == "text" })?;
    let mut out = term.out();
    out.write_all(report.as_bytes())?;
    out.flush()?;
    let fails = fail_on.stopped(&review) > 0 || (unreadable && fail_on != FailOn::NONE);
    Ok(if fails { Exit::Failed } else { Exit::Done })
}

/// What is wrong with the catalogue's folder, where it is looked at: it is the head that is not given, and what a revision is
/// asked for.
fn misplaced(args: &Args) -> Option<Diagnostic> {
    let is_path = |name: &String| Path::new(name).exists();
    if is_path(&args.base) && args.head.as_ref().is_some_and(is_path) {
        return None;
    }
    match Catalog::list(&args.catalog) {
        Ok(catalog) => catalog.elsewhere(),
        // A catalogue that is gone can be asked of revisions.
        Err(wrong) => args.head.is_none().then_some(*wrong).filter(|_| !args.catalog.is_file()),
    }
}
