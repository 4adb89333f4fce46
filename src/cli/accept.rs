//! `toolcard accept`: write down that a person accepts a finding of one tool.

use std::io;

use toolcard::catalog::accepted::AcceptedFinding;
use toolcard::catalog::override_file;
use toolcard::classify::FindingId;
use toolcard::diagnostic::{Position, nearest};
use toolcard::review::{KINDS, Kind};

use super::Exit;
use super::decision::{self, DecisionArgs};
use super::term::Terminal;

/// Accept one finding of one tool: it becomes a note that says who accepted it and why
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    decision: DecisionArgs,
    /// Which finding, by its id
    #[arg(value_name = "FINDING", value_parser = finding)]
    finding: FindingId,
}

/// Runs the command.
pub(super) fn run(args: &Args, term: Terminal) -> io::Result<Exit> {
    let Some(prepared) = decision::prepare(&args.decision, term) else { return Ok(Exit::Usage) };
    let id = args.finding.name();
    let target = &args.decision.tool;
    // A review also finds orders that are no finding: they are accepted by this id.
    let found = prepared.verdict.findings.iter().any(|f| f.id == args.finding)
        || args.finding == FindingId::ModelDirectedText && prepared.instructs;
    if !found {
        let ids: Vec<&str> = prepared.verdict.told_findings().map(|f| f.id.name()).collect();
        let help = if ids.is_empty() { "it has none".to_owned() } else { format!("it has {}", ids.join(", ")) };
        term.error(&format!("`{target}` has no finding `{id}`"), Some(&help));
        return Ok(Exit::Usage);
    }
    let accepted = AcceptedFinding {
        tool: prepared.tool,
        finding: args.finding,
        reason: prepared.reason,
        by: prepared.by,
        date: prepared.date,
        fingerprint: prepared.fingerprint,
        expires: prepared.expires,
        position: Position { line: 1, column: 1 },
    };
    let text = override_file::with_accepted(&prepared.file.text, &prepared.file.path, &accepted);
    if !decision::write(&prepared.file, text, term)? {
        return Ok(Exit::Usage);
    }
    term.say(&format!("{} accepts {id} of {target} until its definition changes", prepared.file.path.display()));
    Ok(Exit::Done)
}

fn finding(text: &str) -> Result<FindingId, String> {
    FindingId::parse(text).ok_or_else(|| match nearest(text, FindingId::ALL.map(FindingId::name)) {
        Some(near) => format!("did you mean `{near}`?"),
        // No lock accepts it.
        None if text == Kind::InstructionAdded.id() => {
            let id = FindingId::ModelDirectedText.name();
            format!("it is a change of a review; the finding that it is about is `{id}`")
        }
        None if KINDS.iter().any(|row| row.kind.id() == text) => {
            "it is a change of a review, which `toolcard lock` accepts; give the id of a finding, e.g. model-directed-text"
                .to_owned()
        }
        None if text.contains('/') => "the tool comes first: SERVER/TOOL FINDING".to_owned(),
        None => "give the id that a report prints; `toolcard explain ID` says what it is".to_owned(),
    })
}
