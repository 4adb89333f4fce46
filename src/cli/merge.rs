//! `toolcard merge`: the parts of a site that were built apart → one site.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::time::Instant;

use toolcard::site::build::merge::{MergeError, merge};

use super::Exit;
use super::build::count;
use super::term::Terminal;

/// Join the parts of a site that were built with `build --shard`
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder of each part
    #[arg(value_name = "PART", required = true)]
    parts: Vec<PathBuf>,
    /// Where the site is written; files that toolcard did not write stay
    #[arg(long, value_name = "DIR", default_value = "dist")]
    out: PathBuf,
}

/// Runs the command.
pub(super) fn run(args: &Args, term: Terminal) -> io::Result<Exit> {
    let began = Instant::now();
    let finished = match merge(&args.parts, &args.out) {
        Ok(finished) => finished,
        Err(e) => {
            let help = match e {
                MergeError::NotPart { .. } => "build each part with `toolcard build --shard K/N --out PART`",
                MergeError::Differ(..) => "build all parts from the same catalogue with the same toolcard and settings",
                MergeError::Twice(..) | MergeError::Missing(_) => "give the folder of each part once",
                MergeError::Write(_) => "free the folder or choose another with `--out DIR`",
            };
            term.error(&e.to_string(), Some(help));
            return Ok(Exit::Usage);
        }
    };
    if !term.is_quiet() {
        let mut stdout = term.out();
        let (written, parts) = (count(finished.tally.written, "file"), count(args.parts.len(), "part"));
        let seconds = began.elapsed().as_secs_f64();
        writeln!(stdout, "{}: {parts}; {written} written in {seconds:.2} s", args.out.join("index.html").display())?;
        stdout.flush()?;
    }
    Ok(Exit::Done)
}
