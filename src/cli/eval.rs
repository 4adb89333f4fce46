//! `toolcard eval`: verdicts against labels that annotators gave.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use toolcard::classify::{Classifier, Verdict};
use toolcard::diagnostic::Parsed;
use toolcard::eval::all::{Accuracy, by_tool, classify_all, measure, measured};
use toolcard::eval::baseline::FirstVerb;
use toolcard::eval::gold::{Gold, read_gold_file};
use toolcard::eval::tables::{MarkdownTable, cross_validated, of_set, tables};
use toolcard::eval::unknown::{Unknown, unknown};
use toolcard::eval::{Miss, accuracy, fit};
use toolcard::manifest::Manifest;
use toolcard::neutral;
use toolcard::risk::Facet;
use toolcard::write::Replacement;

use super::input::{lexicon, nothing_read, sources};
use super::term::Terminal;
use super::{Exit, OutputFormat, Versioned};

/// Arguments of `toolcard eval`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Labels of your own, one JSON object a line: `{server, tool, label, also_ok, facets, maybe_facets}`. Without them,
    /// everything is measured that a checkout of toolcard holds
    #[arg(requires = "manifests")]
    gold: Option<PathBuf>,
    /// Folder of the manifests that your labels speak of
    #[arg(long, value_name = "DIR", requires = "gold")]
    manifests: Option<PathBuf>,
    /// List every verdict that differs from its label; always done for labels of your own
    #[arg(long)]
    misses: bool,
    /// Write docs/accuracy.md, the same figures as a page
    #[arg(long, conflicts_with_all = ["gold", "manifests", "misses", "lexicon", "format"])]
    write: bool,
    /// Fit the weights that confidence is made of on every label, write src/classify/confidence.toml, and print how good such
    /// weights are on servers that they were not fitted on. The next build has them
    #[arg(long, conflicts_with_all = ["gold", "manifests", "misses", "write", "lexicon", "format"])]
    fit: bool,
    /// List the words of these manifests that are in the place of a verb or an object and that the lexicon does not know
    #[arg(long, value_name = "PATH", num_args = 1.., conflicts_with_all = ["gold", "manifests", "misses", "write", "fit"])]
    unknown: Vec<PathBuf>,
    /// Folder with a lexicon of its own (`verbs.toml`, `signals.toml`)
    #[arg(long, value_name = "DIR")]
    lexicon: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    format: OutputFormat,
}

/// Measures and prints.
pub(super) fn run(args: &Args, term: Terminal) -> io::Result<Exit> {
    let mut own = None;
    let Some(lexicon) = lexicon(args.lexicon.as_deref(), None, &mut own, term) else { return Ok(Exit::Usage) };
    let classifier = Classifier::new(lexicon);
    match (&args.gold, &args.manifests) {
        (Some(gold), Some(manifests)) => own_labels(gold, manifests, classifier, args.format, term),
        _ if !args.unknown.is_empty() => unknown_words(&args.unknown, classifier, args.format, term),
        _ => repository(args, classifier, term),
    }
}

/// Everything that the checkout in the current folder holds.
fn repository(args: &Args, classifier: Classifier<'_>, term: Terminal) -> io::Result<Exit> {
    let root = Path::new("");
    let accuracy = match measure(root, &classifier) {
        Ok(accuracy) => accuracy,
        Err(faults) => {
            term.diagnostics(&faults);
            return Ok(Exit::Usage);
        }
    };
    let missing: Vec<&str> = accuracy.missing().collect();
    let exit = if missing.is_empty() { Exit::Done } else { Exit::Failed };
    if args.write {
        replace(root, accuracy::PAGE, &accuracy::page(&accuracy), term)?;
    } else if args.fit {
        let model = fit::fit(&accuracy.labelled);
        replace(root, fit::MODEL, &fit::file(&model, &accuracy.labelled), term)?;
        let mut out = term.out();
        print(&mut out, &cross_validated(&accuracy))?;
        out.flush()?;
    }
    if args.write || args.fit {
        if let [first, ..] = &missing[..] {
            let help = "`toolcard eval` lists them; correct the labels or add the definitions";
            term.error(&format!("{} labels have no tool, {first} is the first", missing.len()), Some(help));
        }
        return Ok(exit);
    }
    let mut out = term.out();
    match args.format {
        OutputFormat::Json => out.write_all(neutral::json(&Versioned::new(&accuracy))?.as_bytes())?,
        OutputFormat::Text => {
            lost(&mut out, &missing)?;
            if args.misses {
                all_misses(&mut out, &accuracy)?;
            }
            print(&mut out, &tables(&accuracy))?;
        }
    }
    out.flush()?;
    Ok(exit)
}

/// Puts `text` in the place of a file of the checkout, as a whole.
fn replace(root: &Path, path: &str, text: &str, term: Terminal) -> io::Result<()> {
    let mut file = Replacement::create(&root.join(path))?;
    file.write_all(text.as_bytes())?;
    let state = if file.finish()? { "written" } else { "unchanged" };
    term.say(&format!("{path} is {state}"));
    Ok(())
}

/// Labels of the user's own.
fn own_labels(
    path: &Path,
    folder: &Path,
    classifier: Classifier<'_>,
    format: OutputFormat,
    term: Terminal,
) -> io::Result<Exit> {
    let gold = match read_gold_file(path) {
        Ok(gold) => gold,
        Err(fault) => {
            term.diagnostics([&*fault]);
            return Ok(nothing_read(std::slice::from_ref(&*fault)));
        }
    };
    let (manifests, failed) = match manifests(&[folder.to_path_buf()], term) {
        Ok(read) => read,
        Err(exit) => return Ok(exit),
    };
    let verdicts = classify_all(&classifier, &manifests);
    let found = by_tool(&manifests, &verdicts);
    let rows: Vec<(&Gold, Option<&Verdict>)> =
        gold.iter().map(|g| (g, found.get(&(g.server.as_str(), g.tool.as_str())).copied())).collect();
    let id = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let set = measured(&neutral::terminal(&id), &rows, &FirstVerb::new(classifier.lexicon()));
    let mut out = term.out();
    match format {
        OutputFormat::Json => out.write_all(neutral::json(&Versioned::new(&set))?.as_bytes())?,
        OutputFormat::Text => {
            let missing: Vec<&str> = set.report.missing.iter().map(String::as_str).collect();
            lost(&mut out, &missing)?;
            misses(&mut out, &set.report.misses)?;
            writeln!(out, "\n{} tools of {} servers", set.report.tools, set.servers)?;
            print(&mut out, &of_set(&set))?;
        }
    }
    out.flush()?;
    Ok(if failed || !set.report.missing.is_empty() { Exit::Failed } else { Exit::Done })
}

/// Words that the lexicon does not know.
fn unknown_words(
    paths: &[PathBuf],
    classifier: Classifier<'_>,
    format: OutputFormat,
    term: Terminal,
) -> io::Result<Exit> {
    let (manifests, failed) = match manifests(paths, term) {
        Ok(read) => read,
        Err(exit) => return Ok(exit),
    };
    let unknowns = unknown(classifier.lexicon(), &manifests);
    let mut out = term.out();
    match format {
        OutputFormat::Json => out.write_all(neutral::json(&Versioned::new(&unknowns))?.as_bytes())?,
        OutputFormat::Text => {
            words(&mut out, "in the place of a verb", &unknowns.verbs)?;
            writeln!(out)?;
            words(&mut out, "in the place of an object", &unknowns.objects)?;
        }
    }
    out.flush()?;
    Ok(if failed { Exit::Failed } else { Exit::Done })
}

fn words(out: &mut impl io::Write, place: &str, words: &[Unknown]) -> io::Result<()> {
    writeln!(out, "{} words {place} that the lexicon does not know: tools, word, one of the tools", words.len())?;
    for Unknown { word, tools, example } in words {
        writeln!(out, "{tools:>6}  {:<24} {}", neutral::terminal(word), neutral::terminal(example))?;
    }
    Ok(())
}

fn manifests(paths: &[PathBuf], term: Terminal) -> Result<(Vec<Manifest>, bool), Exit> {
    let Parsed { value: sources, diagnostics: faults } = sources(paths);
    let failed = term.diagnostics(&faults);
    if failed && sources.is_empty() {
        return Err(nothing_read(&faults));
    }
    Ok((sources.into_iter().map(|source| source.manifest).collect(), failed))
}

fn print(out: &mut impl io::Write, tables: &[MarkdownTable]) -> io::Result<()> {
    for table in tables {
        write!(out, "\n{}\n\n{}", table.title, table.text())?;
    }
    Ok(())
}

fn lost(out: &mut impl io::Write, missing: &[&str]) -> io::Result<()> {
    for label in missing {
        writeln!(out, "no tool for the label {}", neutral::terminal(label))?;
    }
    Ok(())
}

fn all_misses(out: &mut impl io::Write, accuracy: &Accuracy) -> io::Result<()> {
    for set in &accuracy.sets {
        writeln!(out, "\n{}: verdicts that differ from their label", set.id)?;
        misses(out, &set.report.misses)?;
    }
    for tool in &accuracy.hints.untold {
        writeln!(out, "no finding on the hint of {}", neutral::terminal(tool))?;
    }
    Ok(())
}

fn misses(out: &mut impl io::Write, misses: &[Miss]) -> io::Result<()> {
    let names = |list: &[Facet]| list.iter().map(|f| f.name()).collect::<Vec<_>>().join(", ");
    for miss in misses {
        write!(out, "{}: {}/{}: ", miss.kind, neutral::terminal(&miss.server), neutral::terminal(&miss.tool))?;
        write!(out, "{} is labelled {}", miss.class, miss.label)?;
        for class in &miss.also_ok {
            write!(out, " or {class}")?;
        }
        if !miss.extra_facets.is_empty() {
            write!(out, "; not labelled {}", names(&miss.extra_facets))?;
        }
        if !miss.lost_facets.is_empty() {
            write!(out, "; without {}", names(&miss.lost_facets))?;
        }
        writeln!(out, " ({:.2})", miss.confidence)?;
        for e in miss.evidence.iter().take(6) {
            let (place, piece) = (e.place.to_string(), neutral::terminal(&e.text));
            let place = neutral::terminal(&place);
            writeln!(out, "    {:.2} {} {place} \"{piece}\" speaks for {}", e.weight, e.rule, e.speaks_for.name())?;
        }
    }
    Ok(())
}
