//! `toolcard policy`: the recommended document in every format; documents checked, decided,
//! audited and merged.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;
use clap::{Subcommand, ValueEnum};
use serde::Serialize;
use serde_json::Value;

use toolcard::card::client_key;
use toolcard::catalog::Catalog;
use toolcard::catalog::labelled::{Labelled, read_server};
use toolcard::classify::{Classifier, Verdict};
use toolcard::config::Config;
use toolcard::diagnostic::{Code, Diagnostic, Parsed};
use toolcard::manifest::{Manifest, Tool};
use toolcard::neutral;
use toolcard::policy::formats::{self, Scope, Unsupported};
use toolcard::policy::{self, Answer, AuditKind, Policy, Profile, RateLimits};

use super::input::lexicon;
use super::term::Terminal;
use super::{Exit, OutputFormat, target};

/// Arguments of `toolcard policy`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<PolicyCommand>,
    /// A server of the catalogue, or one of its tools; a server named like a subcommand stands after `--`
    #[arg(required = true, value_name = "SERVER[/TOOL]")]
    target: Option<String>,
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
}

/// Where servers and numbers come from.
#[derive(Debug, clap::Args)]
struct CatalogArgs {
    /// The catalogue folder
    #[arg(long, value_name = "DIR", default_value = "catalog")]
    catalog: PathBuf,
    /// Configuration [default: toolcard.toml beside the catalogue folder, where there is one]
    #[arg(long, value_name = "FILE")]
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
        /// The document
        file: PathBuf,
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
    /// Hold a policy.json against the catalogue: what it allows, what it names, what it does not name
    Audit {
        /// The document
        file: PathBuf,
        /// The server that it is for
        #[arg(long, value_name = "SERVER")]
        server: String,
        #[command(flatten)]
        source: CatalogArgs,
        /// How to print
        #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
        format: OutputFormat,
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
        (Some(PolicyCommand::Check { file }), _) => Ok(check(file, term)),
        (Some(PolicyCommand::Decide { file, tool, args, calls }), _) => decide(file, tool, args, *calls, term),
        (Some(PolicyCommand::Audit { file, server, source, format }), _) => audit(file, server, source, *format, term),
        (Some(PolicyCommand::Merge { files }), _) => merge(files, term),
        (None, target) => print(target.as_deref().unwrap_or_default(), args, term),
    }
}

/// A server of the catalogue with its verdicts.
struct PolicySubject {
    manifest: Manifest,
    verdicts: Vec<Verdict>,
    numbers: RateLimits,
    /// Whether a part of the server, or a decision about it, could not be read.
    partial: bool,
}

impl PolicySubject {
    fn load(source: &CatalogArgs, slug: &str, term: Terminal) -> Result<Self, Exit> {
        let config = Config::find(&source.catalog, source.config.as_deref()).map_err(|faults| {
            term.diagnostics(&faults);
            Exit::Usage
        })?;
        let catalog = Catalog::open(&source.catalog).map_err(|fault| {
            term.diagnostics([&*fault]);
            Exit::Usage
        })?;
        let entry = target::server(&catalog, slug, term).ok_or(Exit::Usage)?;
        let mut own = None;
        let lexicon = lexicon(None, Some(&source.catalog), &mut own, term).ok_or(Exit::Usage)?;
        let Parsed { value: labelled, diagnostics: faults } = read_server(entry, Classifier::new(lexicon));
        let partial = term.diagnostics(&faults);
        let Labelled { manifest, verdicts, .. } = labelled.ok_or(Exit::Failed)?;
        Ok(Self { manifest, verdicts, numbers: config.limits, partial })
    }

    /// What a command that did its work exits with: a document about a part is told to be one.
    fn exit(&self) -> Exit {
        if self.partial { Exit::Failed } else { Exit::Done }
    }

    fn tools(&self) -> impl Iterator<Item = (&Tool, &Verdict)> {
        self.manifest.tools.iter().zip(&self.verdicts)
    }
}

fn print(target: &str, args: &Args, term: Terminal) -> io::Result<Exit> {
    let (slug, tool) = match target.split_once('/') {
        Some((slug, tool)) => (slug, Some(tool)),
        None => (target, None),
    };
    let subject = match PolicySubject::load(&args.source, slug, term) {
        Ok(subject) => subject,
        Err(exit) => return Ok(exit),
    };
    let profile = Profile::from(args.profile);
    let key = client_key(&subject.manifest.server);
    let document;
    if tool.is_some() && !args.only.is_empty() {
        term.error("--only chooses among the tools of a server", Some("name the server alone"));
        return Ok(Exit::Usage);
    }
    if args.only.iter().any(|name| target::tool(&subject.manifest, name, term).is_none()) {
        return Ok(Exit::Usage);
    }
    let scope = match tool {
        None if !args.only.is_empty() => {
            let chosen = |name: &str| args.only.iter().any(|only| only == name);
            document = policy::chosen_document(subject.tools(), chosen, &subject.numbers);
            Scope::server(&key, &document, subject.tools().map(|(t, _)| t.name.as_str()))
        }
        None => {
            document = policy::server_document(subject.tools(), profile, &subject.numbers);
            Scope::server(&key, &document, subject.tools().map(|(t, _)| t.name.as_str()))
        }
        Some(name) => {
            let Some(at) = target::tool(&subject.manifest, name, term) else { return Ok(Exit::Usage) };
            let (tool, verdict) = (&subject.manifest.tools[at], &subject.verdicts[at]);
            document = match profile.rule(tool, verdict, &subject.numbers) {
                Some(rule) => policy::tool_document(name, &rule),
                None => Policy::deny_all(),
            };
            Scope::tool(&key, &document, &tool.name)
        }
    };
    // clap has checked the name.
    let Some(format) = formats::find(&args.format) else { return Ok(Exit::Usage) };
    match format.render(&scope) {
        Ok(rendered) => {
            let mut out = term.out();
            out.write_all(rendered.text.as_bytes())?;
            out.flush()?;
            for note in &rendered.notes {
                term.say(&format!("{}: {}", format.label(), neutral::terminal(note)));
            }
            Ok(subject.exit())
        }
        Err(Unsupported(reason)) => {
            term.error(&format!("{}: {reason}", format.label()), None);
            Ok(Exit::Failed)
        }
    }
}

/// The document of a file, its mistakes reported.
fn read(file: &Path, term: Terminal) -> Option<Policy> {
    let reading = policy::read_file(file);
    term.diagnostics(&reading.diagnostics);
    reading.value
}

fn check(file: &Path, term: Terminal) -> Exit {
    let Some(policy) = read(file, term) else { return Exit::Failed };
    let counts = format!("{} listed, {} hidden", policy.tools.len(), policy.hide.len());
    term.say(&format!("{}: valid, {counts}", file.display()));
    Exit::Done
}

fn decide(file: &Path, tool: &str, args: &str, calls: u64, term: Terminal) -> io::Result<Exit> {
    let args: Value = match serde_json::from_str(args) {
        Ok(args @ Value::Object(_)) => args,
        Ok(_) => {
            term.error("--args is not JSON object", Some("write `--args '{\"name\": \"value\"}'`"));
            return Ok(Exit::Usage);
        }
        Err(e) => {
            term.error(&format!("--args is not valid JSON: {e}"), Some("write `--args '{\"name\": \"value\"}'`"));
            return Ok(Exit::Usage);
        }
    };
    let Some(policy) = read(file, term) else { return Ok(Exit::Failed) };
    let mut out = term.out();
    writeln!(out, "{}", neutral::json_line(&policy::decide(&policy, tool, &args, calls))?)?;
    out.flush()?;
    Ok(Exit::Done)
}

fn audit(file: &Path, server: &str, source: &CatalogArgs, format: OutputFormat, term: Terminal) -> io::Result<Exit> {
    #[derive(Serialize)]
    struct AuditRow<'a> {
        finding: &'static str,
        tool: &'a str,
        message: String,
    }
    let Some(policy) = read(file, term) else { return Ok(Exit::Failed) };
    let subject = match PolicySubject::load(source, server, term) {
        Ok(subject) => subject,
        Err(exit) => return Ok(exit),
    };
    let tools: Vec<(&Tool, &Verdict)> = subject.tools().collect();
    let found = policy::audit(&policy, &tools);
    let rows: Vec<AuditRow<'_>> =
        found.iter().map(|f| AuditRow { finding: f.kind.code(), tool: &f.tool, message: message(&f.kind) }).collect();
    let mut out = term.out();
    match format {
        OutputFormat::Json => out.write_all(neutral::json(&rows)?.as_bytes())?,
        OutputFormat::Text => {
            for row in &rows {
                writeln!(
                    out,
                    "{:<18}  {}: {}",
                    row.finding,
                    neutral::terminal(row.tool),
                    neutral::terminal(&row.message)
                )?;
            }
        }
    }
    out.flush()?;
    if found.is_empty() {
        term.say(&format!("{}: no problems found for `{server}`", file.display()));
    }
    let holds = found.iter().all(|f| matches!(f.kind, AuditKind::Unnamed(_, answer) if answer != Answer::Allow));
    Ok(if holds { subject.exit() } else { Exit::Failed })
}

/// What was found, as a sentence without its subject.
fn message(kind: &AuditKind) -> String {
    match kind {
        AuditKind::AllowsDestructive(outcome) => format!("Destructive, and {}", outcome.name()),
        AuditKind::Unknown(Some(near)) => format!("the server has no such tool; the nearest is {near}"),
        AuditKind::Unknown(None) => "the server has no such tool".to_owned(),
        AuditKind::Unnamed(class, Answer::Allow) => format!("{class}, not named, so allowed by the default"),
        AuditKind::Unnamed(class, _) => format!("{class}, not named, so denied"),
    }
}

fn merge(files: &[PathBuf], term: Terminal) -> io::Result<Exit> {
    let policies: Vec<Option<Policy>> = files.iter().map(|file| read(file, term)).collect();
    let Some(policies) = policies.into_iter().collect::<Option<Vec<Policy>>>() else { return Ok(Exit::Failed) };
    let merged = policy::merge(&policies);
    for pointer in &merged.differ {
        let file = files.last().map_or(Path::new(""), PathBuf::as_path);
        let (message, help) = (
            format!("`{pointer}` is not the same in every document"),
            "what each of them says holds now; keep what you mean",
        );
        term.diagnostics([&Diagnostic::warning(Code::DocumentsDiffer, file, message, help)]);
    }
    let mut out = term.out();
    out.write_all(merged.policy.to_json().as_bytes())?;
    out.flush()?;
    Ok(Exit::Done)
}
