//! The command line: one file a command.

use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

mod accept;
pub(crate) mod build;
mod classify;
mod clock;
mod completions;
mod decision;
mod desk;
mod eval;
mod explain;
mod help;
mod ids;
mod import;
mod input;
mod inspect;
mod into;
mod live;
mod lock;
mod man;
mod merge;
mod mistakes;
mod new;
mod override_;
mod policy;
mod review;
mod sentences;
mod serve;
mod sources;
mod target;
pub(crate) mod term;
mod theme;
mod update;

use term::{Color, Terminal};

/// Risk cards for MCP tools: read what servers say of their tools, label every tool, publish and review the labels.
#[derive(Debug, Parser)]
#[command(name = "toolcard", version, propagate_version = true, max_term_width = 100)]
struct Args {
    /// Say nothing but errors; what was asked for is still printed
    #[arg(long, short, global = true, conflicts_with = "verbose", help_heading = "Global options")]
    quiet: bool,
    /// Say more about what is done
    #[arg(long, short, global = true, help_heading = "Global options")]
    verbose: bool,
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN", env = "TOOLCARD_COLOR", hide_env_values = true, help_heading = "Global options")]
    color: Color,
    #[command(subcommand)]
    command: Command,
}

/// Every command: a variant here, an arm in `run`, a file beside this one that has
/// `Args` (clap) and `run(&Args, Term) -> io::Result<Exit>`.
#[derive(Debug, Subcommand)]
enum Command {
    Build(build::Args),
    Merge(merge::Args),
    /// Label the tools of manifests, or bare names
    Classify(classify::Args),
    /// Measure the labels against labels that annotators gave, or list words that the lexicon does not know
    Eval(eval::Args),
    /// Bring servers into a catalogue, and show first what that changes
    Import(import::Args),
    Update(update::Args),
    Inspect(inspect::Args),
    /// Show all that decided one tool's label
    Explain(explain::Args),
    /// Print a recommended policy; check, decide, audit and merge policies
    Policy(policy::Args),
    /// Show which labels changed between two states of a catalogue, and why
    Review(review::Args),
    /// Write risk.lock, the reviewed labels, and add what changed to the history
    Lock(lock::Args),
    /// Replace the class of one tool by your own decision
    Override(override_::Args),
    Accept(accept::Args),
    /// Preview a catalogue and rebuild it while you edit
    Serve(serve::Args),
    /// Begin a catalogue: configuration, an example server, a CI recipe and a README
    New(new::Args),
    /// Take files of the built-in theme out to change them
    Theme(theme::Args),
    /// Print the completions of a shell
    Completions(completions::Args),
    /// Write a man page for each command
    #[command(hide = true)]
    Man(man::Args),
}

/// How a command prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum OutputFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

/// A document for programs with the version of its shape, which its JSON Schema in `schemas/` names.
#[derive(Debug, serde::Serialize)]
struct Versioned<T> {
    schema_version: u32,
    #[serde(flatten)]
    document: T,
}

impl<T> Versioned<T> {
    /// The document in its first version.
    fn new(document: T) -> Self {
        Self { schema_version: 1, document }
    }
}

/// What a command came to: the one table of exit codes, which `docs/commands.md` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Clean: done, and nothing was found. Warnings do not change that.
    Done,
    /// Found something: what was checked does not hold, or input is broken; what could be done was done.
    Failed,
    /// Could not look: usage or configuration is wrong, or what was named is not there or cannot be read or written.
    Usage,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
        })
    }
}

/// The whole command line, with an example and the exit codes under the help of each command.
fn command() -> clap::Command {
    help::with_examples(Args::command())
}

/// Parses the arguments, runs the command, returns its exit code.
pub(crate) fn run() -> ExitCode {
    let mut commands = command();
    let read = commands.try_get_matches_from_mut(std::env::args_os());
    let args = match read.and_then(|read| Args::from_arg_matches(&read)) {
        Ok(args) => args,
        Err(error) => mistakes::with_tip(error, &command()).exit(),
    };
    let term = Terminal::new(args.quiet, args.verbose, args.color);
    let result: std::io::Result<Exit> = match &args.command {
        Command::Build(args) => build::run(args, term),
        Command::Classify(args) => classify::run(args, term),
        Command::Eval(args) => eval::run(args, term),
        Command::Import(args) => import::run(args, term),
        Command::Update(args) => update::run(args, term),
        Command::Inspect(args) => inspect::run(args, term),
        Command::Explain(args) => explain::run(args, term),
        Command::Policy(args) => policy::run(args, term),
        Command::Review(args) => review::run(args, term),
        Command::Lock(args) => lock::run(args, term),
        Command::Merge(args) => merge::run(args, term),
        Command::Override(args) => override_::run(args, term),
        Command::Accept(args) => accept::run(args, term),
        Command::Serve(args) => serve::run(args, term),
        Command::New(args) => new::run(args, term),
        Command::Theme(args) => theme::run(args, term),
        Command::Completions(args) => completions::run(args, term),
        Command::Man(args) => man::run(args, term),
    };
    match result {
        Ok(exit) => exit.into(),
        // A closed pipe is how `toolcard … | head` ends: success.
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(e) => {
            term.error(&e.to_string(), None);
            Exit::Usage.into()
        }
    }
}
