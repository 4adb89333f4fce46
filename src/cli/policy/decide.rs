//! `toolcard policy decide`: the answer to one call.

use std::io::{self, Write as _};
use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use toolcard::diagnostic::{Code, Diagnostic, Position};
use toolcard::neutral;
use toolcard::policy::{self, Answer, ClientAnswer, ClientReading, FileSyntax};

use super::file::{read, read_settings};
use crate::cli::Exit;
use crate::cli::term::Terminal;

/// The arguments of a call.
pub(super) fn arguments(args: &str, term: Terminal) -> Option<Value> {
    let message = match serde_json::from_str(args) {
        Ok(args @ Value::Object(_)) => return Some(args),
        Ok(_) => "--args is not JSON object".to_owned(),
        Err(e) => format!("--args is not valid JSON: {e}"),
    };
    term.error(&message, Some("write `--args '{\"name\": \"value\"}'`"));
    None
}

/// The answer of a settings file to one call: tool, arguments, and which call it is; whether it passes unasked.
pub(super) fn ask_settings(
    file: &Path,
    server: &str,
    (tool, args, calls): (&str, &Value, u64),
    reading: (FileSyntax, ClientReading),
    term: Terminal,
) -> io::Result<Result<bool, Exit>> {
    #[derive(Serialize)]
    struct Answered<'a> {
        decision: ClientAnswer,
        rule: Option<&'a str>,
        place: Option<&'a str>,
        at: Option<Position>,
    }
    let settings = match read_settings(file, server, reading, term) {
        Ok(settings) => settings,
        Err(exit) => return Ok(Err(exit)),
    };
    for rule in settings.unread(tool) {
        let message = format!(
            "a condition of {} is not understood: it counts as one that lets most pass",
            neutral::quoted(&rule.entry)
        );
        let help = "read it yourself before you rely on this answer";
        term.diagnostics([&Diagnostic::warning(Code::UnreadCondition, file, message, help).at(rule.at)]);
    }
    let (decision, rule) = settings.decide(tool, args, calls);
    let rule = rule.map(|rule| (rule.entry.as_str(), rule.place.as_str(), rule.at));
    let answered = Answered { decision, rule: rule.map(|r| r.0), place: rule.map(|r| r.1), at: rule.map(|r| r.2) };
    let mut out = term.out();
    writeln!(out, "{}", neutral::json_line(&answered)?)?;
    out.flush()?;
    Ok(Ok(decision == ClientAnswer::Allow))
}

/// The answer of a document to one call; whether it passes.
pub(super) fn decide(
    file: &Path,
    (tool, args, calls): (&str, &Value, u64),
    term: Terminal,
) -> io::Result<Result<bool, Exit>> {
    let policy = match read(file, term) {
        Ok(policy) => policy,
        Err(exit) => return Ok(Err(exit)),
    };
    let decision = policy::decide(&policy, tool, args, calls);
    let mut out = term.out();
    writeln!(out, "{}", neutral::json_line(&decision)?)?;
    out.flush()?;
    Ok(Ok(decision.answer == Answer::Allow))
}
