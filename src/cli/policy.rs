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
use toolcard::diagnostic::{Code, Diagnostic, Parsed, Position};
use toolcard::input::{self, MAX_WRITTEN_BYTES, Refused};
use toolcard::manifest::{Manifest, Tool};
use toolcard::neutral;
use toolcard::policy::formats::{self, Format, Rendered, Scope, Unsupported};
use toolcard::policy::{
    self, Answer, AuditFinding, AuditKind, ClientAnswer, ClientReading, ClientSettings, FileSyntax,
};
use toolcard::policy::{Policy, Profile, RateLimits, SettingsFinding};

use super::audited::{self, AuditFormat, AuditGate, AuditReport};
use super::input::lexicon;
use super::into::{self, IntoArgs, ServerPart};
use super::named::{self, NamedServer};
use super::term::Terminal;
use super::{Exit, target};

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
        (Some(PolicyCommand::Check { file }), _) => Ok(check(file, term)),
        (Some(PolicyCommand::Decide { file, tool, args, calls, format, server_name, exit_code }), _) => {
            let server = server_name.as_deref().unwrap_or_default();
            let Some(args) = arguments(args, term) else { return Ok(Exit::Usage) };
            let call = (tool.as_str(), &args, *calls);
            let passes = match settings_format(format, server) {
                Some(reading) => ask_settings(file, server, call, reading, term)?,
                None => decide(file, call, term)?,
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
            let rows = match settings_format(policy_format, &key) {
                Some(reading) => audit_settings(file, &key, &subject, reading, term),
                None => audit_document(file, &subject, term),
            };
            let rows = match rows {
                Ok(rows) => rows,
                Err(exit) => return Ok(exit),
            };
            let report = AuditReport { file, policy_format, server, rows: &rows };
            audited::print(report, *format, term)?;
            term.say(&report.summary());
            Ok(if fail_on.fails(&rows) { Exit::Failed } else { subject.exit() })
        }
        (Some(PolicyCommand::Merge { files }), _) => merge(files, term),
        (None, _) if args.all || args.from.is_some() => many(args, term),
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
    let key = args.server_name.clone().unwrap_or_else(|| client_key(&subject.manifest.server));
    let document;
    if tool.is_some() && !args.only.is_empty() {
        term.error("--only chooses among the tools of a server", Some("name the server alone"));
        return Ok(Exit::Usage);
    }
    if args.only.iter().any(|name| target::tool(&subject.manifest, name, term).is_none()) {
        return Ok(Exit::Usage);
    }
    let mut scope = match tool {
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
    scope.gateway = args.gateway_arn.as_deref();
    match format.render(&scope) {
        Ok(rendered) => {
            let exit = match &args.into.into {
                None => {
                    let mut out = term.out();
                    out.write_all(rendered.text.as_bytes())?;
                    out.flush()?;
                    Exit::Done
                }
                Some(file) => {
                    let tools = subject.manifest.tools.iter().map(|t| t.name.as_str()).collect();
                    let part = ServerPart { server: scope.server, rendered: rendered.clone(), tools };
                    into::fill(&args.into, file, format, &[part], term)?
                }
            };
            term.say(&format!("{}: {}", format.label(), format.place()));
            if args.into.into.is_none() && !format.slots(scope.server).is_empty() {
                term.say(&format!("{}: `--into FILE` puts it into a file that is there.", format.label()));
            }
            tell(format, &scope, &rendered, args.server_name.is_some(), term);
            Ok(if exit == Exit::Done { subject.exit() } else { exit })
        }
        Err(Unsupported(reason)) => {
            term.error(&format!("{}: {reason}", format.label()), None);
            Ok(Exit::Failed)
        }
    }
}

/// The documents of several servers as one.
fn many(args: &Args, term: Terminal) -> io::Result<Exit> {
    // clap has checked the name.
    let Some(format) = formats::find(&args.format) else { return Ok(Exit::Usage) };
    let catalog = match Catalog::open(&args.source.catalog) {
        Ok(catalog) => catalog,
        Err(fault) => {
            term.diagnostics([&*fault]);
            return Ok(Exit::Usage);
        }
    };
    let mut exit = Exit::Done;
    let wanted: Vec<(Option<String>, &str)> = match &args.from {
        None => catalog.servers.iter().map(|entry| (None, entry.slug.as_str())).collect(),
        Some(file) => {
            let Some(servers) = named::read(file, term) else { return Ok(Exit::Failed) };
            let known: Vec<(&str, Manifest)> =
                catalog.servers.iter().filter_map(|e| Some((e.slug.as_str(), Catalog::load(e).value?))).collect();
            let of = |server: &NamedServer| known.iter().find(|(_, m)| server.starts(&m.server)).map(|(slug, _)| *slug);
            let (found, unknown): (Vec<_>, Vec<_>) = servers.iter().partition(|server| of(server).is_some());
            for server in unknown {
                term.error(
                    &format!("{} of {} is no server of the catalogue", neutral::quoted(&server.name), file.display()),
                    Some("servers are told by the package that their command starts"),
                );
                exit = Exit::Failed;
            }
            found.iter().filter_map(|server| Some((Some(server.name.clone()), of(server)?))).collect()
        }
    };
    let mut subjects: Vec<(String, PolicySubject, Policy)> = Vec::with_capacity(wanted.len());
    for (name, slug) in wanted {
        let subject = match PolicySubject::load(&args.source, slug, term) {
            Ok(subject) => subject,
            Err(Exit::Usage) => return Ok(Exit::Usage),
            Err(_) => {
                exit = Exit::Failed;
                continue;
            }
        };
        let name = name.unwrap_or_else(|| client_key(&subject.manifest.server));
        if let Some((_, other, _)) = subjects.iter().find(|(known, ..)| *known == name) {
            let (name, other) = (neutral::quoted(&name), neutral::quoted(&other.manifest.server.slug));
            let message =
                format!("{} is left out: {name} would be its name, and is that of {other}", neutral::quoted(slug));
            term.error(&message, Some("print its document alone, with `--server-name`"));
            exit = Exit::Failed;
            continue;
        }
        let document = policy::server_document(subject.tools(), Profile::from(args.profile), &subject.numbers);
        subjects.push((name, subject, document));
    }
    let mut parts = Vec::with_capacity(subjects.len());
    term.say(&format!("{}: {}", format.label(), format.place()));
    for (name, subject, document) in &subjects {
        let tools = || subject.manifest.tools.iter().map(|t| t.name.as_str());
        let mut scope = Scope::server(name, document, tools());
        scope.gateway = args.gateway_arn.as_deref();
        match format.render(&scope) {
            Ok(rendered) => {
                tell(format, &scope, &rendered, args.from.is_some(), term);
                parts.push(ServerPart { server: name, rendered, tools: tools().collect() });
            }
            Err(Unsupported(reason)) => {
                term.error(&format!("{}: {}: {reason}", format.label(), neutral::quoted(name)), None);
                exit = Exit::Failed;
            }
        }
        if subject.partial {
            exit = Exit::Failed;
        }
    }
    if parts.is_empty() {
        return Ok(Exit::Failed);
    }
    if let Some(file) = &args.into.into {
        let filled = into::fill(&args.into, file, format, &parts, term)?;
        return Ok(if filled == Exit::Done { exit } else { filled });
    }
    let Some(text) = into::joined(format, &parts, term) else { return Ok(Exit::Failed) };
    let mut out = term.out();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(exit)
}

/// Tools that a line names; of more it tells how many.
const NAMED: usize = 5;

/// What was assumed, and which tools have less there than the document says.
fn tell(format: &dyn Format, scope: &Scope<'_>, rendered: &Rendered, sure: bool, term: Terminal) {
    let label = format.label();
    let say = |text: &str| term.say(&format!("{label}: {}", neutral::terminal(text)));
    if format.names_server() {
        let name = neutral::quoted(scope.server);
        say(&if sure {
            format!("The server is {name} there.")
        } else {
            format!(
                "The server is {name} there, which is a guess: under another name in the client no rule matches, one that \
                 denies neither. Give it with `--server-name`."
            )
        });
    }
    for (note, places) in rendered.notes.iter().zip(&rendered.places) {
        let mut about: Vec<&str> = places.iter().filter_map(|place| Some(scope.tools.get(*place)?.name)).collect();
        about.dedup();
        let named: Vec<String> = about.iter().take(NAMED).map(|name| neutral::quoted(name)).collect();
        let more = if about.len() > NAMED { format!(" and {} more", about.len() - NAMED) } else { String::new() };
        let tools = if named.is_empty() { String::new() } else { format!(" {}{more}.", named.join(", ")) };
        say(&format!("{note}{tools}"));
    }
}

/// The document of a file, its mistakes reported.
fn read(file: &Path, term: Terminal) -> Result<Policy, Exit> {
    read_with_text(file, term).map(|(policy, _)| policy)
}

/// The same, with the text.
fn read_with_text(file: &Path, term: Terminal) -> Result<(Policy, String), Exit> {
    let text = text_of(file, policy::MAX_BYTES, term)?;
    let reading = policy::read_text(&text, file);
    term.diagnostics(&reading.diagnostics);
    let policy = reading.value.ok_or(Exit::Failed)?;
    Ok((policy, text))
}

fn check(file: &Path, term: Terminal) -> Exit {
    let policy = match read(file, term) {
        Ok(policy) => policy,
        Err(exit) => return exit,
    };
    let counts = format!("{} listed, {} hidden", policy.tools.len(), policy.hide.len());
    term.say(&format!("{}: valid, {counts}", file.display()));
    Exit::Done
}

/// The formats whose files are read.
fn readable() -> Vec<&'static str> {
    let read = formats::all().iter().filter(|f| f.id() == POLICY_JSON || f.reading("server").is_some());
    read.map(|f| f.id()).collect()
}

const POLICY_JSON: &str = "policy-json";

/// Those of them in which the server has a name.
fn needs_server() -> Vec<(&'static str, &'static str)> {
    let named = |id: &&str| formats::find(id).is_some_and(|f| f.id() != POLICY_JSON && f.names_server());
    readable().into_iter().filter(named).map(|id| ("format", id)).collect()
}

/// How a settings file is read, where the format is one: its syntax, and what its entries say.
fn settings_format(id: &str, server: &str) -> Option<(FileSyntax, ClientReading)> {
    let format = formats::find(id)?;
    Some((format.syntax(), format.reading(server)?))
}

/// The text of a file that was named. One that cannot be read could not be looked at.
fn text_of(file: &Path, most: u64, term: Terminal) -> Result<String, Exit> {
    input::named(file, most).and_then(input::text).map_err(|refused| {
        term.diagnostics([&refused.diagnostic(file)]);
        if matches!(refused, Refused::NotUtf8(_)) { Exit::Failed } else { Exit::Usage }
    })
}

/// A settings file, its mistakes reported.
fn read_settings(
    file: &Path,
    server: &str,
    (syntax, reading): (FileSyntax, ClientReading),
    term: Terminal,
) -> Result<ClientSettings, Exit> {
    let text = text_of(file, MAX_WRITTEN_BYTES, term)?;
    ClientSettings::read(&text, syntax, reading).map_err(|refusal| {
        into::refuse(refusal, server, file, term);
        Exit::Failed
    })
}

/// The arguments of a call.
fn arguments(args: &str, term: Terminal) -> Option<Value> {
    let message = match serde_json::from_str(args) {
        Ok(args @ Value::Object(_)) => return Some(args),
        Ok(_) => "--args is not JSON object".to_owned(),
        Err(e) => format!("--args is not valid JSON: {e}"),
    };
    term.error(&message, Some("write `--args '{\"name\": \"value\"}'`"));
    None
}

/// The answer of a settings file to one call: tool, arguments, and which call it is; whether it passes unasked.
fn ask_settings(
    file: &Path,
    server: &str,
    (tool, args, calls): (&str, &Value, u64),
    reading: (FileSyntax, ClientReading),
    term: Terminal,
) -> io::Result<Result<bool, Exit>> {
    #[derive(Serialize)]
    struct Answered<'a> {
        decision: ClientAnswer,
        rule: Option<&'a str>,
        place: Option<&'a str>,
        at: Option<Position>,
    }
    let settings = match read_settings(file, server, reading, term) {
        Ok(settings) => settings,
        Err(exit) => return Ok(Err(exit)),
    };
    let (decision, rule) = settings.decide(tool, args, calls);
    let rule = rule.map(|rule| (rule.entry.as_str(), rule.place.as_str(), rule.at));
    let answered = Answered { decision, rule: rule.map(|r| r.0), place: rule.map(|r| r.1), at: rule.map(|r| r.2) };
    let mut out = term.out();
    writeln!(out, "{}", neutral::json_line(&answered)?)?;
    out.flush()?;
    Ok(Ok(decision == ClientAnswer::Allow))
}

/// The answer of a document to one call; whether it passes.
fn decide(file: &Path, (tool, args, calls): (&str, &Value, u64), term: Terminal) -> io::Result<Result<bool, Exit>> {
    let policy = match read(file, term) {
        Ok(policy) => policy,
        Err(exit) => return Ok(Err(exit)),
    };
    let decision = policy::decide(&policy, tool, args, calls);
    let mut out = term.out();
    writeln!(out, "{}", neutral::json_line(&decision)?)?;
    out.flush()?;
    Ok(Ok(decision.answer == Answer::Allow))
}

fn audit_document(file: &Path, subject: &PolicySubject, term: Terminal) -> Result<Vec<SettingsFinding>, Exit> {
    let (policy, text) = read_with_text(file, term)?;
    let places = policy::places_of_names(&text);
    let tools: Vec<(&Tool, &Verdict)> = subject.tools().collect();
    let row = |found: AuditFinding| SettingsFinding {
        finding: found.kind.code(),
        error: !matches!(found.kind, AuditKind::Unnamed(_, answer) if answer != Answer::Allow),
        message: message(&found.kind),
        at: places.get(&found.tool).copied(),
        tool: found.tool,
    };
    Ok(policy::audit(&policy, &tools).into_iter().map(row).collect())
}

fn audit_settings(
    file: &Path,
    server: &str,
    subject: &PolicySubject,
    reading: (FileSyntax, ClientReading),
    term: Terminal,
) -> Result<Vec<SettingsFinding>, Exit> {
    let settings = read_settings(file, server, reading, term)?;
    let tools: Vec<(&Tool, &Verdict)> = subject.tools().collect();
    Ok(settings.audit(&tools))
}

/// What was found, as a sentence without its subject.
fn message(kind: &AuditKind) -> String {
    match kind {
        AuditKind::AllowsDestructive(outcome) => format!("Destructive, and {}", outcome.name()),
        AuditKind::Unknown(Some(near)) => {
            format!("the server has no such tool; the nearest is {}", neutral::quoted(near))
        }
        AuditKind::Unknown(None) => "the server has no such tool".to_owned(),
        AuditKind::Unnamed(class, Answer::Allow) => format!("{class}, not named, so allowed by the default"),
        AuditKind::Unnamed(class, _) => format!("{class}, not named, so denied"),
    }
}

fn merge(files: &[PathBuf], term: Terminal) -> io::Result<Exit> {
    // Every mistake of every file is told.
    let policies: Vec<Result<Policy, Exit>> = files.iter().map(|file| read(file, term)).collect();
    let policies = match policies.into_iter().collect::<Result<Vec<Policy>, Exit>>() {
        Ok(policies) => policies,
        Err(exit) => return Ok(exit),
    };
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
