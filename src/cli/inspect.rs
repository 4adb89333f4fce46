//! `toolcard inspect`: what servers can do, without a catalogue and without writing anything.

use std::collections::HashSet;
use std::io::{self, Write as _};

use clap::builder::PossibleValuesParser;

use toolcard::capture::{Capture, CaptureError, Captured, slug};
use toolcard::catalog::labelled::Labelled;
use toolcard::classify::{Classifier, FindingLevel};
use toolcard::config::Config;
use toolcard::diagnostic::{Diagnostic, Parsed};
use toolcard::english::count;
use toolcard::inspect::{
    InspectedFinding, InspectedTool, Inspection, RiskTogether, SHOWN, ServerToInspect, Unread, clients, html, inspect,
    markdown, text,
};
use toolcard::lexicon::Lexicon;
use toolcard::neutral;
use toolcard::policy::formats::{self, Format, Rendered};
use toolcard::risk::Class;

use super::input::{lexicon, unlabelled};
use super::into::{ServerPart, joined};
use super::sources::{SourceArgs, told};
use super::term::Terminal;
use super::{Exit, Versioned};

/// Show what servers can do: every tool, worst first, what they can do together, and what to paste into a client
///
/// Needs no catalogue and writes nothing.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    source: SourceArgs,
    /// How to print
    #[arg(long, value_enum, default_value_t = InspectFormat::Text)]
    format: InspectFormat,
    /// Print what to paste into this client, and nothing else
    #[arg(long, value_name = "CLIENT", conflicts_with = "format", value_parser = PossibleValuesParser::new(formats::all().iter().map(|f| f.id())))]
    paste: Option<String>,
    /// Exit 1 where this is found; may be given several times
    #[arg(long, value_enum, value_name = "WHAT", value_delimiter = ',')]
    fail_on: Vec<RiskThreshold>,
}

/// How the report is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum InspectFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// For a comment or a step summary
    Markdown,
    /// One page that needs no other file
    Html,
}

/// What a person may want an exit code for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum RiskThreshold {
    /// A tool is Destructive
    Destructive,
    /// A tool is Write or Destructive
    Write,
    /// The tools together let private data leave
    Exfiltration,
    /// A finding that is worth changing, or worse
    Warning,
    /// Any finding
    Finding,
}

impl RiskThreshold {
    /// How much of it was found, as a sentence; `None` where nothing was.
    fn found(self, inspection: &Inspection) -> Option<String> {
        let tools = || inspection.servers.iter().flat_map(|server| &server.tools);
        let of = |passes: &dyn Fn(&InspectedTool) -> bool| tools().filter(|tool| passes(tool)).count();
        let findings = |least: FindingLevel| {
            let all = inspection.servers.iter().flat_map(|server| &server.findings);
            let all = all.chain(tools().flat_map(|tool| &tool.findings));
            all.filter(|InspectedFinding { level, .. }| *level >= least).count()
        };
        let (n, noun) = match self {
            Self::Destructive => (of(&|tool| tool.class == Class::Destructive), "Destructive tool"),
            Self::Write => (of(&|tool| tool.class >= Class::Write), "tool"),
            Self::Warning => (findings(FindingLevel::Warning), "finding"),
            Self::Finding => (findings(FindingLevel::Note), "finding"),
            Self::Exfiltration => {
                let leaks = inspection.exfiltration.risk >= RiskTogether::Together;
                return leaks.then(|| "private data can leave".to_owned());
            }
        };
        (n > 0).then(|| count(n, noun))
    }
}

/// Runs the command.
pub(super) fn run(args: &Args, term: Terminal) -> io::Result<Exit> {
    let mut own = None;
    let catalog = if let [path] = args.source.paths.as_slice() { Some(path.as_path()) } else { None };
    let Some(lexicon) = lexicon(None, catalog, &mut own, term) else { return Ok(Exit::Usage) };
    let found = args.source.captures(term);
    let (nothing, mut failed) = told(&found, term);
    if found.captures.is_empty() {
        return Ok(nothing);
    }
    let Captured { captures, errors, diagnostics, .. } = found;
    let mut unread: Vec<Unread> =
        errors.into_iter().map(|CaptureError { from, message, .. }| Unread { from, message }).collect();
    unread.extend(
        diagnostics
            .into_iter()
            .filter(Diagnostic::is_error)
            .map(|Diagnostic { file, message, .. }| Unread { from: file.to_string_lossy().into_owned(), message }),
    );
    let servers = labelled(captures, lexicon, |diagnostics| failed |= term.diagnostics(diagnostics));
    let config = Config::default();
    let wanted: Vec<&'static dyn Format> = match (&args.paste, args.format) {
        (Some(client), _) => formats::find(client).into_iter().collect(),
        (None, InspectFormat::Text) => formats::find(SHOWN).into_iter().collect(),
        (None, _) => clients(),
    };
    let inspection = inspect(&servers, unread, &wanted, lexicon, &config);
    let mut out = term.out();
    match (&args.paste, args.format) {
        (Some(client), _) => {
            let Some(rules) = paste(client, &servers, &inspection, term) else { return Ok(Exit::Failed) };
            out.write_all(rules.as_bytes())?;
        }
        (None, InspectFormat::Text) => out.write_all(text(&inspection, true, term.is_verbose()).as_bytes())?,
        (None, InspectFormat::Json) => neutral::write_json(&mut out, &Versioned::new(&inspection))?,
        (None, InspectFormat::Markdown) => out.write_all(markdown(&inspection).as_bytes())?,
        (None, InspectFormat::Html) => out.write_all(html(&inspection).as_bytes())?,
    }
    out.flush()?;
    for what in &args.fail_on {
        if let Some(found) = what.found(&inspection) {
            failed = true;
            let name = clap::ValueEnum::to_possible_value(what).map(|v| v.get_name().to_owned()).unwrap_or_default();
            term.error(&format!("{found}: --fail-on {name}"), None);
        }
    }
    Ok(if failed { Exit::Failed } else { Exit::Done })
}

/// The labels of every server, each under a slug of its own; what is wrong with the decisions about one is `said`.
pub(super) fn labelled(
    captures: Vec<Capture>,
    lexicon: &Lexicon,
    mut said: impl FnMut(&[Diagnostic]),
) -> Vec<ServerToInspect> {
    let mut taken = HashSet::new();
    let mut servers = Vec::with_capacity(captures.len());
    for capture in captures {
        let (from, client_name) = (capture.from.clone(), capture.client_name.clone());
        // As an import would call it.
        let called = slug(&capture.manifest, client_name.as_deref(), &capture.name);
        let (mut read, _) = unlabelled(capture);
        let slug = &mut read.manifest.server.slug;
        if let Some(called) = called {
            *slug = called;
        } else if slug.is_empty() {
            "server".clone_into(slug);
        }
        let base = slug.clone();
        let mut number = 1;
        while !taken.insert(slug.clone()) {
            number += 1;
            *slug = format!("{base}-{number}");
        }
        let Parsed { value: labelled, diagnostics } = read.label(Classifier::new(lexicon));
        said(&diagnostics);
        servers.push(ServerToInspect { labelled, from, client_name });
    }
    servers
}

/// The rules of all servers for one client, as one document.
fn paste(client: &str, servers: &[ServerToInspect], inspection: &Inspection, term: Terminal) -> Option<String> {
    let format = formats::find(client)?;
    let of_format: Vec<_> = inspection.paste.iter().filter(|paste| paste.format == client).collect();
    term.say(&format!("{}: {}", format.label(), format.place()));
    let mut parts: Vec<ServerPart<'_>> = Vec::new();
    for paste in of_format {
        for note in &paste.notes {
            term.say(&format!("{}: {note}", paste.server));
        }
        let server = inspection.servers.iter().find(|server| server.slug == paste.server)?;
        let named = |server: &&ServerToInspect| server.labelled.manifest.server.slug == paste.server;
        let Labelled { manifest, .. } = &servers.iter().find(named)?.labelled;
        if !paste.text.is_empty() {
            let rendered = Rendered { text: paste.text.clone(), notes: Vec::new(), places: Vec::new() };
            let tools = manifest.tools.iter().map(|tool| tool.name.as_str()).collect();
            parts.push(ServerPart { server: &server.client_name, rendered, tools });
        }
    }
    if parts.is_empty() {
        term.error(&format!("{} cannot be told any of this", format.label()), None);
        return None;
    }
    joined(format, &parts, term)
}
