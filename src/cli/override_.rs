//! `toolcard override`: write a person's decision down.

use std::io::{self, Write as _};
use std::path::PathBuf;

use toolcard::catalog::day::Day;
use toolcard::catalog::git::Repository;
use toolcard::catalog::overrides::{self, Override};
use toolcard::catalog::{Catalog, MANIFEST, override_file};
use toolcard::diagnostic::Position;
use toolcard::manifest::fingerprint;
use toolcard::risk::{Class, Facet, Facets};
use toolcard::write::Replacement;

use super::term::Terminal;
use super::{Exit, clock, target};

/// Replace the class of one tool by your own decision
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Which tool
    #[arg(value_name = "SERVER/TOOL")]
    tool: String,
    /// The class: Read, Write or Destructive
    #[arg(long, value_name = "CLASS", value_parser = class)]
    class: Class,
    /// Why, for those who review it
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The facets, separated by commas, or none; those of the rules where not given
    #[arg(long, value_name = "FACETS", value_parser = facets)]
    facets: Option<Facets>,
    /// Who decides; git's user.name where not given
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// The last day on which the decision holds
    #[arg(long, value_name = "DATE", value_parser = clock::parse)]
    expires: Option<Day>,
    /// The day of the decision; today where not given
    #[arg(long, value_name = "DATE", value_parser = clock::parse)]
    date: Option<Day>,
    /// The catalogue's folder
    #[arg(long, value_name = "DIR", default_value = "catalog")]
    catalog: PathBuf,
}

/// The first line of a new file, for editors.
const SCHEMA_LINE: &str =
    concat!("#:schema ", env!("CARGO_PKG_REPOSITORY"), "/raw/main/schemas/overrides.schema.json\n\n");

/// Runs the command.
pub(super) fn run(args: &Args, term: Terminal) -> io::Result<Exit> {
    let wrong = |message: &str, help: &str| {
        term.error(message, Some(help));
        Ok(Exit::Usage)
    };
    let Some((slug, name)) = target::split(&args.tool, term) else { return Ok(Exit::Usage) };
    let catalog = match Catalog::open(&args.catalog) {
        Ok(catalog) => catalog,
        Err(diagnostic) => {
            term.diagnostics([&*diagnostic]);
            return Ok(Exit::Usage);
        }
    };
    let Some(entry) = target::server(&catalog, slug, term) else { return Ok(Exit::Usage) };
    if !entry.own_folder() {
        let (file, place) = (entry.manifest.display(), entry.dir.join(MANIFEST));
        let help = format!("move `{file}` to `{}` first", place.display());
        return wrong(&format!("`{slug}` has no folder for the decision to lie in"), &help);
    }
    let loaded = Catalog::load(entry);
    let Some(manifest) = loaded.value else {
        term.diagnostics(&loaded.diagnostics);
        return Ok(Exit::Usage);
    };
    let Some(at) = target::tool(&manifest, name, term) else { return Ok(Exit::Usage) };
    let tool = &manifest.tools[at];
    let named = |name: &String| !name.trim().is_empty();
    let user = || Repository::of(&args.catalog).ok().and_then(|r| r.user_name());
    let Some(by) = args.by.clone().or_else(user).filter(named) else {
        return wrong("no author: git has no user.name", "say who with `--by NAME`");
    };
    if args.reason.trim().is_empty() {
        return wrong("the reason is empty", "say why with `--reason`; reviewers need it");
    }
    let day = args.date.unwrap_or_else(clock::today);
    if args.expires.is_some_and(|end| end < day) {
        return wrong("the decision would end before it begins", "give a later day with `--expires`");
    }
    let decision = Override {
        tool: name.to_owned(),
        class: args.class,
        facets: args.facets,
        reason: args.reason.trim().to_owned(),
        by: by.trim().to_owned(),
        date: day.to_string(),
        fingerprint: fingerprint(tool).decided(),
        expires: args.expires.map(|end| end.to_string()),
        position: Position { line: 1, column: 1 },
    };
    let path = entry.dir.join(overrides::FILE);
    let text = match overrides::text(&entry.dir) {
        Ok(text) => text,
        Err(refused) if refused.is_missing() => SCHEMA_LINE.to_owned(),
        Err(refused) => {
            term.diagnostics([&refused.diagnostic(&path)]);
            return Ok(Exit::Usage);
        }
    };
    match override_file::with(&text, &path, &decision) {
        Ok(text) => {
            let mut file = Replacement::create(&path)?;
            file.write_all(text.as_bytes())?;
            file.finish()?;
            term.say(&format!(
                "{} says that {slug}/{name} is {}; run `toolcard lock` next",
                path.display(),
                args.class
            ));
            Ok(Exit::Done)
        }
        Err(diagnostics) => {
            term.diagnostics(&diagnostics);
            Ok(Exit::Usage)
        }
    }
}

fn class(text: &str) -> Result<Class, String> {
    Class::parse(text).ok_or_else(|| "it is Read, Write or Destructive".to_owned())
}

fn facets(text: &str) -> Result<Facets, String> {
    if text == "none" {
        return Ok(Facets::NONE);
    }
    let one = |name: &str| {
        Facet::parse(name.trim()).ok_or_else(|| {
            let names: Vec<&str> = Facet::ALL.into_iter().map(Facet::name).collect();
            format!("`{name}` is not one of {} or none", names.join(", "))
        })
    };
    text.split(',').map(one).collect()
}
