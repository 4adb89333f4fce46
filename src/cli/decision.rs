//! What `toolcard override` and `toolcard accept` have in common: a tool, who decides, until when, and the file.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::PathBuf;

use toolcard::catalog::day::Day;
use toolcard::catalog::git::Repository;
use toolcard::catalog::labelled::{Labelled, read_server};
use toolcard::catalog::{Catalog, MANIFEST, overrides};
use toolcard::classify::{Classifier, Verdict};
use toolcard::diagnostic::Diagnostic;
use toolcard::manifest::fingerprint;
use toolcard::review::instructs;
use toolcard::write::{Replacement, hold};

use super::input::lexicon;
use super::term::Terminal;
use super::{clock, target};

/// Who decides about which tool, and why.
#[derive(Debug, clap::Args)]
pub(super) struct DecisionArgs {
    /// Which tool
    #[arg(value_name = "SERVER/TOOL")]
    pub tool: String,
    /// Why, for those who review it
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Who decides; git's user.name where not given
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// The last day on which the decision holds
    #[arg(long, value_name = "DATE", value_parser = clock::parse)]
    pub expires: Option<Day>,
    /// The day of the decision; today where not given
    #[arg(long, value_name = "DATE", value_parser = clock::parse)]
    pub date: Option<Day>,
    /// The catalogue's folder
    #[arg(long, value_name = "DIR", default_value = "catalog", env = "TOOLCARD_CATALOG", hide_env_values = true)]
    pub catalog: PathBuf,
}

/// A decision with everything that its entry needs.
pub(super) struct PreparedDecision {
    /// The tool's name.
    pub tool: String,
    pub verdict: Verdict,
    /// Whether a review reports a text of it that instructs a model.
    pub instructs: bool,
    pub reason: String,
    pub by: String,
    pub date: String,
    pub fingerprint: String,
    pub expires: Option<String>,
    pub file: DecisionFile,
}

/// The file that a decision is written into.
pub(super) struct DecisionFile {
    pub path: PathBuf,
    /// Its text as it is, or a first line for editors.
    pub text: String,
    /// Whether there is none yet.
    new: bool,
    /// Another command that decides waits until this one is done.
    _held: Option<File>,
}

/// The first line of a new file, for editors.
const SCHEMA_LINE: &str =
    concat!("#:schema ", env!("CARGO_PKG_REPOSITORY"), "/raw/main/schemas/overrides.schema.json\n\n");

/// Finds the tool and who decides; says what is wrong where one of them is not there.
pub(super) fn prepare(args: &DecisionArgs, term: Terminal) -> Option<PreparedDecision> {
    let wrong = |message: &str, help: &str| {
        term.error(message, Some(help));
        None
    };
    let (slug, name) = target::split(&args.tool, term)?;
    let catalog = match Catalog::open(&args.catalog) {
        Ok(catalog) => catalog,
        Err(diagnostic) => {
            term.diagnostics([&*diagnostic]);
            return None;
        }
    };
    let entry = target::server(&catalog, slug, term)?;
    if !entry.own_folder() {
        let (file, place) = (entry.manifest.display(), entry.dir.join(MANIFEST));
        let help = format!("move `{file}` to `{}` first", place.display());
        return wrong(&format!("`{slug}` has no folder for the decision to lie in"), &help);
    }
    let mut own = None;
    let lexicon = lexicon(None, Some(&args.catalog), &mut own, term)?;
    let loaded = read_server(entry, Classifier::new(lexicon));
    let Some(Labelled { manifest, mut verdicts, .. }) = loaded.value else {
        term.diagnostics(&loaded.diagnostics);
        return None;
    };
    let at = target::tool(&manifest, name, term)?;
    let named = |name: &String| !name.trim().is_empty();
    let repository = Repository::of(&args.catalog).ok();
    let user = || repository.as_ref().and_then(Repository::user_name);
    let Some(by) = args.by.clone().or_else(user).filter(named) else {
        let why = if repository.is_some() { "git has no user.name" } else { "the catalogue is in no git repository" };
        return wrong(&format!("no author: {why}"), "say who with `--by NAME`");
    };
    if args.reason.trim().is_empty() {
        return wrong("the reason is empty", "say why with `--reason`; reviewers need it");
    }
    let day = args.date.unwrap_or_else(clock::today);
    if args.expires.is_some_and(|end| end < day) {
        return wrong("the decision would end before it begins", "give a later day with `--expires`");
    }
    let path = entry.dir.join(overrides::FILE);
    let held = hold(&entry.dir);
    let (text, new) = match overrides::text(&entry.dir) {
        Ok(text) => (text, false),
        Err(refused) if refused.is_missing() => (SCHEMA_LINE.to_owned(), true),
        Err(refused) => {
            term.diagnostics([&refused.diagnostic(&path)]);
            return None;
        }
    };
    let verdict = verdicts.swap_remove(at);
    Some(PreparedDecision {
        tool: name.to_owned(),
        instructs: instructs(&manifest.tools[at], &verdict, lexicon),
        verdict,
        reason: args.reason.trim().to_owned(),
        by: by.trim().to_owned(),
        date: day.to_string(),
        fingerprint: fingerprint(&manifest.tools[at]).decided(),
        expires: args.expires.map(|end| end.to_string()),
        file: DecisionFile { path, text, new, _held: held },
    })
}

/// Writes the file; whether it could be.
pub(super) fn write(file: &DecisionFile, text: Result<String, Vec<Diagnostic>>, term: Terminal) -> io::Result<bool> {
    match text {
        Ok(text) => {
            let mut new = Replacement::create(&file.path)?;
            new.write_all(text.as_bytes())?;
            new.finish_over((!file.new).then_some(file.text.as_str()))?;
            Ok(true)
        }
        Err(diagnostics) => {
            term.diagnostics(&diagnostics);
            Ok(false)
        }
    }
}
