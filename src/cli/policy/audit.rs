//! `toolcard policy audit`: a file against the catalogue.

use std::path::Path;

use toolcard::classify::Verdict;
use toolcard::manifest::Tool;
use toolcard::neutral;
use toolcard::policy::{self, Answer, AuditFinding, AuditKind, ClientReading, FileSyntax, SettingsFinding};

use super::file::{read_settings, read_with_text};
use super::subject::PolicySubject;
use crate::cli::Exit;
use crate::cli::term::Terminal;

pub(super) fn audit_document(
    file: &Path,
    subject: &PolicySubject,
    term: Terminal,
) -> Result<Vec<SettingsFinding>, Exit> {
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

pub(super) fn audit_settings(
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
        AuditKind::AllowsWithheld(finding, outcome) => {
            format!("no recommended policy offers it, because of `{}`, and {}", finding.name(), outcome.name())
        }
        AuditKind::Unknown(Some(near)) => {
            format!("the server has no such tool; the nearest is {}", neutral::quoted(near))
        }
        AuditKind::Unknown(None) => "the server has no such tool".to_owned(),
        AuditKind::Unnamed(class, Answer::Allow) => format!("{class}, not named, so allowed by the default"),
        AuditKind::Unnamed(class, _) => format!("{class}, not named, so denied"),
    }
}
