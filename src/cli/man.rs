//! `toolcard man`, which packages call: a man page for each command.

use std::io;
use std::path::PathBuf;

use super::Exit;
use super::term::Terminal;

/// Arguments of `toolcard man`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder that they are written into
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

/// Writes the pages.
pub(super) fn run(args: &Args, term: Terminal) -> io::Result<Exit> {
    std::fs::create_dir_all(&args.dir)?;
    clap_mangen::generate_to(super::command().disable_help_subcommand(true), &args.dir)?;
    term.say(&format!("the man pages are in {}", args.dir.display()));
    Ok(Exit::Done)
}
