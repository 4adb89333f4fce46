//! `toolcard eval`: verdicts against labels that people gave.

use std::collections::HashMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use toolcard::classify::eval::{Report, measure, read_gold};
use toolcard::classify::{Class, Classifier, Verdict};
use toolcard::diagnostic::{Diagnostic, Position};
use toolcard::neutral;

use super::input::{lexicon, sources};
use super::term::Term;
use super::{Exit, Format};

/// Arguments of `toolcard eval`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Labels, one JSON object a line: `{server, tool, label, also_ok, facets, maybe_facets}`
    gold: PathBuf,
    /// Folder of the manifests that the labels speak of
    #[arg(long, value_name = "DIR")]
    manifests: PathBuf,
    /// Folder with a lexicon of its own (`verbs.toml`, `signals.toml`)
    #[arg(long, value_name = "DIR")]
    lexicon: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Measures and prints.
pub fn run(args: &Args, term: Term) -> io::Result<Exit> {
    let gold = match read_labels(&args.gold) {
        Ok(gold) => gold,
        Err(fault) => {
            term.diagnostics([&fault]);
            return Ok(Exit::Failed);
        }
    };
    let mut own = None;
    let Some(lexicon) = lexicon(args.lexicon.as_deref(), &mut own, term) else { return Ok(Exit::Usage) };
    let (sources, faults) = sources(std::slice::from_ref(&args.manifests));
    let failed = term.diagnostics(&faults);
    let classifier = Classifier::new(lexicon);
    let mut verdicts: HashMap<(String, String), Verdict> = HashMap::new();
    for source in &sources {
        let judged = classifier.server(&source.manifest);
        for (tool, verdict) in source.manifest.tools.iter().zip(judged) {
            verdicts.insert((source.manifest.server.slug.clone(), tool.name.clone()), verdict);
        }
    }
    let report = measure(gold.iter().map(|g| (g, verdicts.get(&(g.server.clone(), g.tool.clone())))));
    let mut out = term.out();
    match args.format {
        Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?,
        Format::Text => text(&mut out, &report)?,
    }
    out.flush()?;
    Ok(if failed || !report.missing.is_empty() { Exit::Failed } else { Exit::Done })
}

fn read_labels(path: &Path) -> Result<Vec<toolcard::classify::eval::Gold>, Diagnostic> {
    let text = std::fs::read_to_string(path).map_err(|e| {
        Diagnostic::error(
            "unreadable-file",
            path,
            format!("the labels cannot be read: {e}"),
            "check that the file exists",
        )
    })?;
    read_gold(&text).map_err(|(line, why)| {
        Diagnostic::error(
            "bad-label",
            path,
            format!("this line is no label: {why}"),
            "a line is {\"server\", \"tool\", \"label\", \"also_ok\", \"facets\", \"maybe_facets\"}",
        )
        .at(Position { line: u32::try_from(line).unwrap_or(u32::MAX), column: 1 })
    })
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn text(out: &mut impl io::Write, report: &Report) -> io::Result<()> {
    for missing in &report.missing {
        writeln!(out, "no tool for the label {}", neutral::terminal(missing))?;
    }
    for miss in &report.misses {
        write!(out, "{}: {}/{}: ", miss.kind, neutral::terminal(&miss.server), neutral::terminal(&miss.tool))?;
        write!(out, "{} is labelled {}", miss.class, miss.label)?;
        for class in &miss.also_ok {
            write!(out, " or {class}")?;
        }
        let names = |list: &[toolcard::classify::Facet]| list.iter().map(|f| f.name()).collect::<Vec<_>>().join(", ");
        if !miss.extra_facets.is_empty() {
            write!(out, "; not labelled {}", names(&miss.extra_facets))?;
        }
        if !miss.lost_facets.is_empty() {
            write!(out, "; without {}", names(&miss.lost_facets))?;
        }
        writeln!(out, " ({:.2})", miss.confidence)?;
        for e in miss.evidence.iter().take(6) {
            let piece = neutral::terminal(&e.text);
            writeln!(out, "    {:.2} {} {} \"{piece}\" speaks for {}", e.weight, e.rule, e.place, e.speaks_for.name())?;
        }
    }
    writeln!(
        out,
        "\n{} tools: {} acceptable, {} strict",
        report.tools,
        percent(report.acceptable),
        percent(report.strict)
    )?;
    writeln!(out, "\nlabel \\ verdict  Read  Write  Destructive  precision  recall")?;
    for (row, class) in report.matrix.iter().zip(Class::ALL) {
        let measured = &report.classes[class as usize];
        let (precision, recall) = (percent(measured.precision), percent(measured.recall));
        writeln!(out, "{class:<15} {:>5} {:>6} {:>12} {precision:>10} {recall:>7}", row[0], row[1], row[2])?;
    }
    writeln!(
        out,
        "\nDestructive found: {}; called Read: {}",
        percent(report.destructive_recall),
        report.destructive_called_read
    )?;
    writeln!(out, "Read called Destructive: {}", percent(report.read_called_destructive))?;
    writeln!(out, "\nfacets: micro F1 {:.3}", report.facets_f1)?;
    for row in &report.facets {
        writeln!(out, "  {:<15} {:>3} found {:>3} extra {:>3} lost", row.facet, row.found, row.extra, row.lost)?;
    }
    writeln!(out, "\nconfidence      verdicts  mean  acceptable")?;
    for bin in &report.reliability {
        writeln!(
            out,
            "{:.2} to {:.2} {:>12} {:>6.3} {:>9.3}",
            bin.from, bin.to, bin.verdicts, bin.confidence, bin.acceptable
        )?;
    }
    writeln!(out, "expected calibration error: {:.3}", report.calibration_error)
}
