//! `toolcard explain`: one tool for a person.

use std::io::{self, Write as _};
use std::path::PathBuf;

use anstyle::{AnsiColor, Style};

use toolcard::catalog::labelled::Labelled;
use toolcard::catalog::override_file;
use toolcard::classify::document::{ClassifiedServer, ClassifyDocument};
use toolcard::classify::{Classifier, Evidence, Place, RuleInfo, SpeaksFor, Verdict, rules};
use toolcard::config::Config;
use toolcard::diagnostic::Parsed;
use toolcard::lexicon::Lexicon;
use toolcard::manifest::{Manifest, Tool, fingerprint};
use toolcard::neutral;
use toolcard::policy::{Claims, RateLimits, recommend, tool_document};
use toolcard::risk::{Class, Span};

use super::input::{lexicon, nothing_read, sources};
use super::term::Terminal;
use super::{Exit, OutputFormat, Versioned, target};

/// Arguments of `toolcard explain`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The tool, as SERVER/TOOL, or the id of a rule, a finding, a change or a diagnostic
    #[arg(value_name = "SERVER/TOOL|ID", required_unless_present = "sentences")]
    tool: Option<String>,
    /// Every sentence that a card can say, when it is true, and how many cards of the catalogue it is on; fails where one is not true
    #[arg(long, conflicts_with = "tool")]
    sentences: bool,
    /// Where the manifests are: a folder or a file
    #[arg(long, value_name = "PATH", default_value = "catalog", env = "TOOLCARD_CATALOG", hide_env_values = true)]
    catalog: PathBuf,
    /// Folder with a lexicon of its own (`verbs.toml`, `signals.toml`) [default: the catalogue's, where it has one]
    #[arg(long, value_name = "DIR")]
    lexicon: Option<PathBuf>,
    /// How to print a tool: as `toolcard classify` does for programs
    #[arg(long, value_enum, default_value_t = OutputFormat::Text, conflicts_with = "sentences")]
    format: OutputFormat,
}

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// The colour that a class or facet is marked in.
fn style(speaks_for: SpeaksFor) -> Style {
    let color = match speaks_for {
        SpeaksFor::Class(Class::Read) => AnsiColor::Green,
        SpeaksFor::Class(Class::Write) => AnsiColor::Yellow,
        SpeaksFor::Class(Class::Destructive) => AnsiColor::Red,
        SpeaksFor::Facet(_) => AnsiColor::Magenta,
    };
    color.on_default().bold()
}

/// Finds the tool and prints all that decided.
pub(super) fn run(args: &Args, term: Terminal) -> io::Result<Exit> {
    let mut own = None;
    let Some(lexicon) = lexicon(args.lexicon.as_deref(), Some(&args.catalog), &mut own, term) else {
        return Ok(Exit::Usage);
    };
    let Some(tool) = &args.tool else { return super::sentences::run(&args.catalog, lexicon, term) };
    if !tool.contains('/') {
        return super::ids::run(tool, lexicon, args.format, term);
    }
    let Some((server, name)) = target::split(tool, term) else { return Ok(Exit::Usage) };
    let folder = args.catalog.join(server);
    let path = if folder.join("manifest.json").is_file() { folder.clone() } else { args.catalog.clone() };
    let Parsed { value: mut sources, diagnostics: faults } = sources(&[path]);
    let Some(at) = sources.iter().position(|s| s.manifest.server.slug == server) else {
        let wrong = term.diagnostics(&faults);
        // Where nothing could be read, that is the one mistake.
        if wrong && sources.is_empty() {
            return Ok(nothing_read(&faults));
        }
        let slugs = sources.iter().map(|s| s.manifest.server.slug.as_str());
        target::no_server(server, &args.catalog.display().to_string(), slugs, term);
        return Ok(Exit::Usage);
    };
    let source = sources.swap_remove(at);
    let mut failed =
        term.diagnostics(faults.iter().filter(|fault| fault.file == source.file || fault.file.starts_with(&folder)));
    let Parsed { value: labelled, diagnostics: faults } = source.label(Classifier::new(lexicon));
    failed |= term.diagnostics(&faults);
    let Labelled { manifest, verdicts, .. } = labelled;
    let Some(at) = target::tool(&manifest, name, term) else { return Ok(Exit::Usage) };
    let mut out = term.out();
    match args.format {
        OutputFormat::Text => {
            let config = match Config::find(&args.catalog, None) {
                Ok(config) => config,
                Err(faults) => {
                    term.diagnostics(&faults);
                    return Ok(Exit::Usage);
                }
            };
            print(&mut out, lexicon, config.limits, &manifest, &manifest.tools[at], &verdicts[at])?;
        }
        OutputFormat::Json => {
            let mut server = ClassifiedServer::new(&manifest, &verdicts);
            server.tools = server.tools.into_iter().skip(at).take(1).collect();
            neutral::write_json(&mut out, &Versioned::new(ClassifyDocument { servers: vec![server] }))?;
        }
    }
    out.flush()?;
    Ok(if failed { Exit::Failed } else { Exit::Done })
}

fn print(
    out: &mut impl io::Write,
    lexicon: &Lexicon,
    limits: RateLimits,
    manifest: &Manifest,
    tool: &Tool,
    v: &Verdict,
) -> io::Result<()> {
    let rules = rules(lexicon);
    let class = style(SpeaksFor::Class(v.class));
    let name = format!("{}/{}", manifest.server.slug, tool.name.as_str());
    writeln!(out, "{BOLD}{}{BOLD:#}", neutral::terminal(&name))?;
    write!(out, "{class}{}{class:#}, severity {}", v.class, v.severity)?;
    for facet in v.facets.iter() {
        write!(out, ", {facet}")?;
    }
    writeln!(out, "; confidence {:.2} ({})", v.confidence.0, v.confidence.band())?;
    if v.class != v.heuristic_class {
        writeln!(out, "overridden by a reviewer; the rules say {}", v.heuristic_class)?;
    }
    let policy = tool_document(&tool.name, &recommend(tool, v, &limits));
    writeln!(out, "the recommended rule: {}", neutral::terminal(&Claims::of(&policy, tool, v).line()))?;
    let legs: Vec<&str> = v.legs.iter().map(|leg| leg.name()).collect();
    if !legs.is_empty() {
        writeln!(out, "legs of the lethal trifecta: {}", legs.join(", "))?;
    }

    writeln!(out, "\n{BOLD}Matched words{BOLD:#}")?;
    marked(out, "name", &tool.name, v, &Place::Name)?;
    if let Some(title) = &tool.title {
        marked(out, "title", title, v, &Place::Title)?;
    }
    match &tool.description {
        Some(description) if !description.trim().is_empty() => {
            marked(out, "description", description, v, &Place::Description)?;
        }
        _ => writeln!(out, "  description  {DIM}none{DIM:#}")?,
    }

    writeln!(out, "\n{BOLD}Evidence, heaviest first{BOLD:#} (* decides)")?;
    for e in &v.evidence {
        evidence(out, lexicon, &rules, e)?;
    }
    if !v.actions.is_empty() {
        writeln!(out, "\n{BOLD}Values that decide what a call does{BOLD:#}")?;
        for action in &v.actions {
            let style = style(SpeaksFor::Class(action.class));
            let default = if action.default { ", the default" } else { "" };
            let (argument, value) = (neutral::terminal(&action.argument), neutral::terminal(&action.value));
            writeln!(out, "  {argument} = {value}: {style}{}{style:#}{default}", action.class)?;
        }
    }
    if let Some(runner_up) = &v.runner_up {
        writeln!(out, "\n{BOLD}Runner-up{BOLD:#}: {}. {}", runner_up.class, neutral::terminal(&runner_up.because))?;
    }
    if !v.findings.is_empty() {
        writeln!(out, "\n{BOLD}Findings{BOLD:#}")?;
        for f in &v.findings {
            let place = f.place.to_string();
            let (message, place) = (neutral::terminal(&f.message), neutral::terminal(&place));
            writeln!(out, "  {}: {message} [{}, {place}]", f.level.name(), f.id.name())?;
        }
    }
    let Some(word) = neutral::shell_word(&name).filter(|word| neutral::terminal(word) == *word) else {
        // A name that no shell takes, or that a log would obey.
        writeln!(out, "\n{BOLD}To decide the class{BOLD:#}, add to overrides.toml beside the manifest:\n")?;
        let quoted = override_file::quoted(&tool.name);
        writeln!(out, "[[override]]\ntool = {quoted}\nclass = \"{}\"\nreason = \"…\"\nby = \"…\"", v.class)?;
        return writeln!(out, "date = \"YYYY-MM-DD\"\nfingerprint = \"{}\"", fingerprint(tool).decided());
    };
    writeln!(out, "\n{BOLD}What to do{BOLD:#}")?;
    writeln!(out, "  the recommended rule    toolcard policy {word}")?;
    writeln!(out, "  to decide the class     toolcard override {word} --class CLASS --reason TEXT")?;
    let mut ids: Vec<&str> =
        v.findings.iter().filter(|f| f.keeps_from_agents() && f.id.is_of_text()).map(|f| f.id.name()).collect();
    ids.dedup();
    for id in ids {
        writeln!(out, "  to accept the finding   toolcard accept {word} {id} --reason TEXT")?;
    }
    writeln!(out, "  the fingerprint         {}", fingerprint(tool).decided())
}

/// A text with the words that speak marked in it; of a long text the part that holds them.
fn marked(out: &mut impl io::Write, label: &str, text: &str, v: &Verdict, place: &Place) -> io::Result<()> {
    let mut spans: Vec<(Span, SpeaksFor)> = Vec::new();
    for e in v.evidence.iter().filter(|e| e.place == *place) {
        if spans.iter().all(|(s, _)| e.span.end <= s.start || e.span.start >= s.end) {
            spans.push((e.span, e.speaks_for));
        }
    }
    spans.sort_by_key(|(span, _)| *span);
    let last = spans.last().map_or(0, |(s, _)| s.end);
    let stop = text.char_indices().map(|(i, _)| i).find(|i| *i >= last.max(160) + 60).unwrap_or(text.len());
    write!(out, "  {label:<11}  ")?;
    let mut at = 0;
    for (span, speaks_for) in spans {
        let style = style(speaks_for);
        let (before, word) = (&text[at..span.start], &text[span.start..span.end]);
        write!(out, "{}{style}[{}]{style:#}", neutral::terminal(before), neutral::terminal(word))?;
        at = span.end;
    }
    let more = if stop < text.len() { " …" } else { "" };
    writeln!(out, "{}{more}", neutral::terminal(&text[at..stop]))
}

fn evidence(out: &mut impl io::Write, lexicon: &Lexicon, rules: &[RuleInfo], e: &Evidence) -> io::Result<()> {
    let style = style(e.speaks_for);
    let mark = if e.decides { "*" } else { " " };
    let text = neutral::terminal(&e.text);
    let place = e.place.to_string();
    let place = neutral::terminal(&place);
    writeln!(
        out,
        "{mark} {:.2}  {style}{:<11}{style:#}  {}  \"{text}\" in {place}",
        e.weight,
        e.speaks_for.name(),
        e.rule
    )?;
    if let Some(rule) = rules.iter().find(|r| r.id == e.rule) {
        let sources: Vec<&str> = rule
            .sources
            .iter()
            .filter_map(|key| lexicon.signals().sources.get(key).map(|s| s.title.as_str()))
            .collect();
        writeln!(
            out,
            "        {DIM}{}{DIM:#}",
            neutral::terminal(&format!("{}; {}", rule.reason, sources.join("; ")))
        )?;
    }
    Ok(())
}
