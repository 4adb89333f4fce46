//! `toolcard lock`: write down what a reviewer has seen.

use std::io;
use std::path::PathBuf;

use toolcard::catalog::changes;
use toolcard::catalog::day::Day;
use toolcard::catalog::lock::FILE;
use toolcard::review::record::{Recorded, check, from_git, record};

use super::build::count;
use super::term::Terminal;
use super::{Exit, clock};

/// Write risk.lock, the reviewed labels, and add what changed to the history
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The catalogue's folder
    #[arg(long, value_name = "DIR", default_value = "catalog", env = "TOOLCARD_CATALOG", hide_env_values = true)]
    catalog: PathBuf,
    /// Write nothing; fail when the lock is stale or an override has ended
    #[arg(long, conflicts_with_all = ["date", "from_git"])]
    check: bool,
    /// The day of what changed; the day of the manifest's capture where not given
    #[arg(long, value_name = "DATE", value_parser = clock::parse)]
    date: Option<Day>,
    /// Fill the history once from the commits that touched the catalogue
    #[arg(long, conflicts_with = "date")]
    from_git: bool,
    /// The day that judges which overrides have ended; the system's where not given
    #[arg(long, value_name = "DATE", value_parser = clock::parse, requires = "check")]
    today: Option<Day>,
}

/// Runs the command.
#[allow(clippy::unnecessary_wraps, reason = "the shape of every command")]
pub(super) fn run(args: &Args, term: Terminal) -> io::Result<Exit> {
    let done = if args.check {
        check(&args.catalog, args.today.unwrap_or_else(clock::today))
    } else if args.from_git {
        from_git(&args.catalog)
    } else {
        record(&args.catalog, args.date)
    };
    let recorded = match done {
        Ok(recorded) => recorded,
        Err(wrong) => {
            term.diagnostics(&wrong);
            return Ok(Exit::Usage);
        }
    };
    let failed = term.diagnostics(&recorded.diagnostics);
    let Recorded { servers, tools, changed, events, settled, .. } = recorded;
    let lock = args.catalog.join(FILE);
    let history = args.catalog.join(changes::FILE);
    let counted = format!("{}, {}", count(servers, "server"), count(tools, "tool"));
    if args.check {
        if !failed {
            term.say(&format!("{} is up to date: {counted}", lock.display()));
        }
    } else {
        if !args.from_git {
            let state = if changed { "written" } else { "unchanged" };
            term.say(&format!("{} is {state}: {counted}", lock.display()));
        }
        if events > 0 {
            term.say(&format!("{} has {}", history.display(), count(events, "new event")));
        }
        if settled > 0 {
            let left_out = count(settled, "event");
            term.say(&format!("{}: {left_out} that took each other back on one day are left out", history.display()));
        }
    }
    Ok(if failed { Exit::Failed } else { Exit::Done })
}
