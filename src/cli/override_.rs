//! `toolcard override`: write a person's decision down.

use std::io;

use toolcard::catalog::override_file;
use toolcard::catalog::overrides::Override;
use toolcard::diagnostic::Position;
use toolcard::risk::{Class, Facet, Facets};

use super::Exit;
use super::decision::{self, DecisionArgs};
use super::term::Terminal;

/// Replace the class of one tool by your own decision
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    decision: DecisionArgs,
    /// The class: Read, Write or Destructive
    #[arg(long, value_name = "CLASS", value_parser = class)]
    class: Class,
    /// The facets, separated by commas, or none; those of the rules where not given
    #[arg(long, value_name = "FACETS", value_parser = facets)]
    facets: Option<Facets>,
}

/// Runs the command.
pub(super) fn run(args: &Args, term: Terminal) -> io::Result<Exit> {
    let Some(prepared) = decision::prepare(&args.decision, term) else { return Ok(Exit::Usage) };
    let decision = Override {
        tool: prepared.tool,
        class: args.class,
        facets: args.facets,
        reason: prepared.reason,
        by: prepared.by,
        date: prepared.date,
        fingerprint: prepared.fingerprint,
        expires: prepared.expires,
        position: Position { line: 1, column: 1 },
    };
    let text = override_file::with(&prepared.file.text, &prepared.file.path, &decision);
    if !decision::write(&prepared.file, text, term)? {
        return Ok(Exit::Usage);
    }
    let (path, target, class) = (prepared.file.path.display(), &args.decision.tool, args.class);
    term.say(&format!("{path} says that {target} is {class}; run `toolcard lock` next"));
    Ok(Exit::Done)
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
