//! `toolcard classify`: verdicts for manifests, or classes for bare names.

use std::io::{self, Write as _};
use std::path::PathBuf;

use rayon::prelude::*;
use toolcard::card::proposal;
use toolcard::catalog::labelled::Labelled;
use toolcard::classify::document::{ClassifiedServer, ClassifyDocument};
use toolcard::classify::{Classifier, FindingId, Verdict, server_findings};
use toolcard::diagnostic::Parsed;
use toolcard::input;
use toolcard::manifest::MAX_BYTES;
use toolcard::neutral;
use toolcard::review::report::{findings_github, findings_markdown, findings_sarif, of_server};
use toolcard::risk::Class;

use super::input::{At, lexicon, nothing_read, sources_at};
use super::term::Terminal;
use super::{Exit, Versioned};

/// Arguments of `toolcard classify`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A manifest, a folder that holds manifests (`*.json` or `<server>/manifest.json`), or `-`
    #[arg(required_unless_present = "names", value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Classify bare names, one a line, each alone: prints `name<TAB>class`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["paths", "fail_on"])]
    names: Option<PathBuf>,
    /// Folder with a lexicon of its own (`verbs.toml`, `signals.toml`) [default: that of the one PATH, where it is a folder
    /// that has one]
    #[arg(long, value_name = "DIR")]
    lexicon: Option<PathBuf>,
    #[command(flatten)]
    at: At,
    /// How to print
    #[arg(long, value_enum, default_value_t = Print::Text)]
    format: Print,
    /// Exit 1 where this is found; may be given several times
    #[arg(long, value_enum, value_name = "WHAT", value_delimiter = ',')]
    fail_on: Vec<FindingThreshold>,
}

/// What is printed of the tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Print {
    /// For people
    Text,
    /// For programs
    Json,
    /// The findings, for code scanning
    Sarif,
    /// The findings, as annotations in the log of a GitHub workflow
    Github,
    /// The findings, as a table for a comment or a step summary
    Markdown,
    /// The annotations that the authors should declare, as JSON by server and tool. The convention is that of the
    /// specification and of the connector directories: all three hints explicit, and never milder than the label
    Hints,
}

/// What an author of a server may want an exit code for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum FindingThreshold {
    /// A declared hint disagrees with the verdict
    Contradiction,
    /// A hint that a connector directory requires is missing
    MissingHint,
    /// A tool is Destructive
    Destructive,
    /// Any finding
    Finding,
}

impl FindingThreshold {
    fn holds(self, verdict: &Verdict) -> bool {
        let found = |id: FindingId| verdict.findings.iter().any(|f| f.id == id);
        match self {
            Self::Contradiction => found(FindingId::AnnotationContradictsVerdict),
            Self::MissingHint => found(FindingId::DirectoryHintMissing),
            Self::Destructive => verdict.class == Class::Destructive,
            Self::Finding => !verdict.findings.is_empty(),
        }
    }
}

/// Classifies and prints.
pub(super) fn run(args: &Args, term: Terminal) -> io::Result<Exit> {
    let mut own = None;
    let catalog = if let [path] = args.paths.as_slice() { Some(path.as_path()) } else { None };
    // Neither waits for the other.
    let (lexicon, read) =
        rayon::join(|| lexicon(args.lexicon.as_deref(), catalog, &mut own, term), || sources_at(&args.paths, &args.at));
    let Some(lexicon) = lexicon else { return Ok(Exit::Usage) };
    let classifier = Classifier::new(lexicon);
    if let Some(file) = &args.names {
        return names(classifier, file, term);
    }
    let Parsed { value: sources, diagnostics: faults } = read;
    let mut failed = term.diagnostics(&faults);
    // Nothing of what was named could be read: there is nothing to print.
    if failed && sources.is_empty() {
        return Ok(nothing_read(&faults));
    }
    let (mut files, mut servers) = (Vec::new(), Vec::new());
    let labelled: Vec<_> = sources
        .into_par_iter()
        .map(|source| {
            let shown = source.file.display().to_string();
            (shown, source.label(classifier))
        })
        .collect();
    for (shown, Parsed { value: labelled, diagnostics: faults }) in labelled {
        failed |= term.diagnostics(&faults);
        files.push(shown);
        servers.push(labelled);
    }
    let findings =
        || -> Vec<_> { servers.iter().zip(&files).flat_map(|(server, file)| of_server(server, file)).collect() };
    let mut out = term.out();
    match args.format {
        Print::Json => {
            let rows: Vec<_> = servers.iter().map(|s| ClassifiedServer::new(&s.manifest, &s.verdicts)).collect();
            let mut out = term.document();
            neutral::write_json_list(&mut out, &Versioned::new(ClassifyDocument { servers: Vec::new() }), &rows)?;
            out.flush()?;
        }
        Print::Sarif => out.write_all(findings_sarif(&findings())?.as_bytes())?,
        Print::Github => out.write_all(findings_github(&findings()).as_bytes())?,
        Print::Markdown => out.write_all(findings_markdown(&findings()).as_bytes())?,
        Print::Text => {
            for server in &servers {
                text(&mut out, server)?;
            }
        }
        Print::Hints => hints(&mut out, &servers, term)?,
    }
    out.flush()?;
    let mut counts = Vec::new();
    for what in &args.fail_on {
        let n = servers.iter().flat_map(|s| &s.verdicts).filter(|v| what.holds(v)).count();
        if n > 0 {
            counts.push((what, n));
        }
    }
    for (what, n) in &counts {
        let name = clap::ValueEnum::to_possible_value(*what).map(|v| v.get_name().to_owned()).unwrap_or_default();
        term.error(&format!("{n} {} for --fail-on {name}", if *n == 1 { "tool" } else { "tools" }), None);
    }
    Ok(if failed || !counts.is_empty() { Exit::Failed } else { Exit::Done })
}

/// The hints to declare, of each tool that lacks one or declares one that is milder than its label.
fn hints(out: &mut impl io::Write, servers: &[Labelled], term: Terminal) -> io::Result<()> {
    term.say("`destructiveHint` by the specification's words: false where a call only adds, true where it updates or removes");
    let mut document = serde_json::Map::new();
    for server in servers {
        let slug = &server.manifest.server.slug;
        let mut tools = serde_json::Map::new();
        let mut unsure = 0;
        for (tool, verdict) in server.manifest.tools.iter().zip(&server.verdicts) {
            let Some(proposal) = proposal(tool, verdict) else { continue };
            if !proposal.is_sure(verdict) {
                unsure += 1;
                continue;
            }
            let hints: serde_json::Map<String, serde_json::Value> =
                proposal.declare.iter().map(|(hint, value)| (hint.key().to_owned(), (*value).into())).collect();
            tools.insert(tool.name.to_string(), serde_json::json!({ "annotations": hints }));
        }
        if unsure > 0 {
            let tools = if unsure == 1 { "tool is" } else { "tools are" };
            let slug = neutral::terminal(slug);
            term.say(&format!("{slug}: {unsure} {tools} left out, because the label is not sure"));
        }
        document.insert(slug.clone(), tools.into());
    }
    neutral::write_json(out, &document)
}

fn names(classifier: Classifier<'_>, file: &std::path::Path, term: Terminal) -> io::Result<Exit> {
    let from_stdin = file.as_os_str() == "-";
    let read = if from_stdin { input::stream(io::stdin().lock(), MAX_BYTES) } else { input::named(file, MAX_BYTES) };
    let text = match read.and_then(input::text) {
        Ok(text) => text,
        Err(refused) => {
            term.diagnostics([&refused.diagnostic(file)]);
            return Ok(Exit::Usage);
        }
    };
    let mut out = term.out();
    for name in text.lines() {
        writeln!(out, "{}\t{}", neutral::terminal(name), classifier.name(name))?;
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn text(out: &mut impl io::Write, server: &Labelled) -> io::Result<()> {
    let Labelled { manifest, verdicts, .. } = server;
    writeln!(out, "{}", neutral::terminal(&manifest.server.slug))?;
    for finding in server_findings(manifest, verdicts) {
        let (level, id) = (finding.level.name(), finding.id.name());
        writeln!(out, "  {level}: {} [{id}]", neutral::terminal(&finding.message))?;
    }
    let names: Vec<String> = manifest.tools.iter().map(|t| neutral::terminal(&t.name).into_owned()).collect();
    let width = names.iter().map(|n| n.chars().count()).max().unwrap_or(0).min(48);
    for (name, verdict) in names.iter().zip(verdicts) {
        let facets: Vec<&str> = verdict.facets.iter().map(toolcard::risk::Facet::name).collect();
        let line = format!(
            "  {name:<width$}  {:<11}  {:<8}  {:.2}  {}",
            verdict.class,
            verdict.severity,
            verdict.confidence.0,
            facets.join(", ")
        );
        writeln!(out, "{}", line.trim_end())?;
        for finding in verdict.told_findings() {
            writeln!(
                out,
                "    {}: {} [{}]",
                finding.level.name(),
                neutral::terminal(&finding.message),
                finding.id.name()
            )?;
        }
    }
    Ok(())
}
