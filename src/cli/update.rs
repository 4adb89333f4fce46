//! `toolcard update`: the servers of a catalogue, asked again.

use std::io;
use std::path::PathBuf;

use super::import::{ImportJob, bring};
use super::sources::PatienceArgs;
use super::term::Terminal;
use super::{Exit, live};

/// Import again every server that says where it came from
///
/// Those are the servers that were imported with `--keep-source`: `source.toml` beside their manifest names the command or the
/// address. They are asked at once, and one review tells what changed in all of them.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Servers to ask; all that say where they came from where not given
    #[arg(value_name = "SLUG")]
    pub servers: Vec<String>,
    /// The catalogue's folder
    #[arg(long, value_name = "DIR", default_value = "catalog", env = "TOOLCARD_CATALOG", hide_env_values = true)]
    pub catalog: PathBuf,
    /// Show what would change, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Start programs without asking first
    #[arg(long, short, help_heading = "Running servers")]
    pub yes: bool,
    #[command(flatten)]
    pub patience: PatienceArgs,
}

/// Runs the command.
pub(super) fn run(args: &Args, term: Terminal) -> io::Result<Exit> {
    let job = ImportJob {
        catalog: &args.catalog,
        slug: None,
        again: true,
        dry_run: args.dry_run,
        keep_source: false,
        said: Vec::new(),
    };
    bring(&job, term, |servers| live::again(args, servers, term))
}
