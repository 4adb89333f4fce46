//! `toolcard policy`: the recommended document in every format; documents checked, decided,
//! audited and merged.

mod audit;
mod decide;
mod file;
mod named;
mod print;
mod report;
mod subject;

use std::io;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Subcommand, ValueEnum};

use toolcard::card::client_key;
use toolcard::policy::Profile;
use toolcard::policy::formats;

use self::file::{needs_server, readable};

use self::report::{AuditFormat, AuditGate, AuditReport};
use self::subject::PolicySubject;
use super::Exit;
use super::into::IntoArgs;
use super::term::Terminal;

/// Arguments of `toolcard policy`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<PolicyCommand>,
    /// A server of the catalogue, or one of its tools; a server named like a subcommand stands after `--`
    #[arg(required_unless_present_any = ["all", "from"], value_name = "SERVER[/TOOL]")]
    target: Option<String>,
    /// Every server of the catalogue, in one document
    #[arg(long, conflicts_with_all = ["target", "from", "server_name", "only"])]
    all: bool,
    /// The servers that a client's configuration names (`.mcp.json`, `config.toml`), under their names there
    #[arg(long, value_name = "FILE", conflicts_with_all = ["target", "server_name", "only"])]
    from: Option<PathBuf>,
    #[command(flatten)]
    source: CatalogArgs,
    /// How much of the server passes
    #[arg(long, value_enum, default_value_t = Through::Guarded)]
    profile: Through,
    /// Only these tools, each under its recommended rule, or limited where that rule hides it; every other is hidden
    #[arg(long, value_name = "TOOL", conflicts_with = "profile")]
    only: Vec<String>,
    /// For which client or gateway
    #[arg(long, default_value = "policy-json", value_parser = PossibleValuesParser::new(formats::all().iter().map(|f| f.id())))]
    format: String,
    /// The server's name in the client, where it is another than the usual one: a rule for another name matches nothing
    #[arg(long, value_name = "NAME")]
    server_name: Option<String>,
    /// The ARN of your gateway, for `cedar-agentcore`
    #[arg(long, value_name = "ARN")]
    gateway_arn: Option<String>,
    #[command(flatten)]
    into: IntoArgs,
}

/// Where servers and numbers come from.
#[derive(Debug, clap::Args)]
struct CatalogArgs {
    /// The catalogue folder
    #[arg(long, value_name = "DIR", default_value = "catalog", env = "TOOLCARD_CATALOG", hide_env_values = true)]
    catalog: PathBuf,
    /// Configuration [default: toolcard.toml beside the catalogue folder, or above it up to the repository's root]
    #[arg(long, value_name = "FILE", env = "TOOLCARD_CONFIG", hide_env_values = true)]
    config: Option<PathBuf>,
}

/// [`Profile`] on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Through {
    /// Only Read tools
    ReadOnly,
    /// Every tool under its recommended rule
    Guarded,
    /// Every tool, Write and Destructive limited, money still denied
    Open,
}

impl From<Through> for Profile {
    fn from(through: Through) -> Self {
        match through {
            Through::ReadOnly => Self::ReadOnly,
            Through::Guarded => Self::Guarded,
            Through::Open => Self::Open,
        }
    }
}

#[derive(Debug, Subcommand)]
enum PolicyCommand {
    /// Check a policy.json: exit 0 where it is valid, 1 where it is not
    Check {
        /// The document
        file: PathBuf,
    },
    /// Decide one call, as JSON
    Decide {
        /// The document, or a client's settings file
        file: PathBuf,
        /// What the file is: policy-json, or a format that is read from a settings file
        #[arg(long, default_value = "policy-json", value_parser = PossibleValuesParser::new(readable()))]
        format: String,
        /// The server's name in the settings file
        #[arg(long, value_name = "NAME", required_if_eq_any = needs_server())]
        server_name: Option<String>,
        /// Exit with 1 where the call does not pass, or a person is asked
        #[arg(long)]
        exit_code: bool,
        /// The tool that is called
        #[arg(long, value_name = "NAME")]
        tool: String,
        /// Its arguments
        #[arg(long, value_name = "JSON", default_value = "{}")]
        args: String,
        /// This is the N-th call in every window
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
        calls: u64,
    },
    /// Hold a policy.json or a client's settings file against the catalogue: what it allows, names and does not name
    Audit {
        /// The document, or a client's settings file
        file: PathBuf,
        /// What the file is: policy-json, or a format that is read from a settings file
        #[arg(long, default_value = "policy-json", value_name = "FORMAT", value_parser = PossibleValuesParser::new(readable()))]
        policy_format: String,
        /// The server's name in the settings file, where it is another than the usual one
        #[arg(long, value_name = "NAME")]
        server_name: Option<String>,
        /// What makes the exit code 1
        #[arg(long, value_enum, default_value_t = AuditGate::Error, value_name = "LEVEL")]
        fail_on: AuditGate,
        /// The server that it is for
        #[arg(long, value_name = "SERVER")]
        server: String,
        #[command(flatten)]
        source: CatalogArgs,
        /// How to print
        #[arg(long, value_enum, default_value_t = AuditFormat::Text)]
        format: AuditFormat,
    },
    /// Put documents of one server together: the union of what they list and hide
    Merge {
        /// The documents
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}
/// Runs the command or the subcommand.
pub(super) fn run(args: &Args, term: Terminal) -> io::Result<Exit> {
    match (&args.command, &args.target) {
        (Some(PolicyCommand::Check { file }), _) => Ok(file::check(file, term)),
        (Some(PolicyCommand::Decide { file, tool, args, calls, format, server_name, exit_code }), _) => {
            let server = server_name.as_deref().unwrap_or_default();
            let Some(args) = decide::arguments(args, term) else { return Ok(Exit::Usage) };
            let call = (tool.as_str(), &args, *calls);
            let passes = match file::settings_format(format, server) {
                Some(reading) => decide::ask_settings(file, server, call, reading, term)?,
                None => decide::decide(file, call, term)?,
            };
            Ok(match passes {
                Ok(passes) if *exit_code && !passes => Exit::Failed,
                Ok(_) => Exit::Done,
                Err(exit) => exit,
            })
        }
        (Some(PolicyCommand::Audit { file, server, source, format, policy_format, server_name, fail_on }), _) => {
            let subject = match PolicySubject::load(source, server, term) {
                Ok(subject) => subject,
                Err(exit) => return Ok(exit),
            };
            let key = server_name.clone().unwrap_or_else(|| client_key(&subject.manifest.server));
            let rows = match file::settings_format(policy_format, &key) {
                Some(reading) => audit::audit_settings(file, &key, &subject, reading, term),
                None => audit::audit_document(file, &subject, term),
            };
            let rows = match rows {
                Ok(rows) => rows,
                Err(exit) => return Ok(exit),
            };
            let report = AuditReport { file, policy_format, server, rows: &rows };
            report::print(report, *format, term)?;
            term.say(&report.summary());
            Ok(if fail_on.fails(&rows) { Exit::Failed } else { subject.exit() })
        }
        (Some(PolicyCommand::Merge { files }), _) => file::merge(files, term),
        (None, _) if args.all || args.from.is_some() => print::many(args, term),
        (None, target) => print::print(target.as_deref().unwrap_or_default(), args, term),
    }
}
