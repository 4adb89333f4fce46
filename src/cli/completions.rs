//! `toolcard completions`: what a shell completes.

use std::io::{self, Write as _};

use clap_complete::Shell;

use super::Exit;
use super::term::Terminal;

/// Arguments of `toolcard completions`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Which shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints the script.
pub(super) fn run(args: &Args, term: Terminal) -> io::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::command(), "toolcard", &mut script);
    let mut out = term.out();
    out.write_all(&script)?;
    out.flush()?;
    Ok(Exit::Done)
}
