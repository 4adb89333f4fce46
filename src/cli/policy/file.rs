//! Files that are named: documents and settings files, checked and put together.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use toolcard::diagnostic::{Code, Diagnostic};
use toolcard::input::{self, MAX_WRITTEN_BYTES, Refused};
use toolcard::neutral;
use toolcard::policy::formats;
use toolcard::policy::{self, ClientReading, ClientSettings, FileSyntax, Policy};

use crate::cli::Exit;
use crate::cli::into;
use crate::cli::mistakes;
use crate::cli::term::Terminal;

/// The formats whose files are read.
pub(super) fn readable() -> Vec<&'static str> {
    let read = formats::all().iter().filter(|f| f.id() == POLICY_JSON || f.reading("server").is_some());
    read.map(|f| f.id()).collect()
}

pub(super) const POLICY_JSON: &str = "policy-json";

/// Those of them in which the server has a name.
pub(super) fn needs_server() -> Vec<(&'static str, &'static str)> {
    let named = |id: &&str| formats::find(id).is_some_and(|f| f.id() != POLICY_JSON && f.names_server());
    readable().into_iter().filter(named).map(|id| ("format", id)).collect()
}

/// How a settings file is read, where the format is one: its syntax, and what its entries say.
pub(super) fn settings_format(id: &str, server: &str) -> Option<(FileSyntax, ClientReading)> {
    let format = formats::find(id)?;
    Some((format.syntax(), format.reading(server)?))
}

/// The document of a file, its mistakes reported.
pub(super) fn read(file: &Path, term: Terminal) -> Result<Policy, Exit> {
    read_with_text(file, term).map(|(policy, _)| policy)
}

/// The same, with the text.
pub(super) fn read_with_text(file: &Path, term: Terminal) -> Result<(Policy, String), Exit> {
    let text = text_of(file, policy::MAX_BYTES, term)?;
    let reading = policy::read_text(&text, file);
    term.diagnostics(&reading.diagnostics);
    let policy = reading.value.ok_or(Exit::Failed)?;
    Ok((policy, text))
}

/// The text of a file that was named. One that cannot be read could not be looked at.
pub(super) fn text_of(file: &Path, most: u64, term: Terminal) -> Result<String, Exit> {
    if let Some(commands) = mistakes::document_of(file) {
        let message =
            format!("{} is no document, but a server of the catalogue", neutral::quoted(&file.to_string_lossy()));
        term.error(&message, Some(&format!("type `{commands}`")));
        return Err(Exit::Usage);
    }
    input::named(file, most).and_then(input::text).map_err(|refused| {
        term.diagnostics([&refused.diagnostic(file)]);
        if matches!(refused, Refused::NotUtf8(_)) { Exit::Failed } else { Exit::Usage }
    })
}

/// A settings file, its mistakes reported.
pub(super) fn read_settings(
    file: &Path,
    server: &str,
    (syntax, reading): (FileSyntax, ClientReading),
    term: Terminal,
) -> Result<ClientSettings, Exit> {
    let text = text_of(file, MAX_WRITTEN_BYTES, term)?;
    ClientSettings::read(&text, syntax, reading).map_err(|refusal| {
        into::refuse(refusal, server, file, term);
        Exit::Failed
    })
}

pub(super) fn check(file: &Path, term: Terminal) -> Exit {
    let policy = match read(file, term) {
        Ok(policy) => policy,
        Err(exit) => return exit,
    };
    let counts = format!("{} listed, {} hidden", policy.tools.len(), policy.hide.len());
    term.say(&format!("{}: valid, {counts}", file.display()));
    Exit::Done
}

pub(super) fn merge(files: &[PathBuf], term: Terminal) -> io::Result<Exit> {
    // Every mistake of every file is told.
    let policies: Vec<Result<Policy, Exit>> = files.iter().map(|file| read(file, term)).collect();
    let policies = match policies.into_iter().collect::<Result<Vec<Policy>, Exit>>() {
        Ok(policies) => policies,
        Err(exit) => return Ok(exit),
    };
    let merged = policy::merge(&policies);
    for pointer in &merged.differ {
        let file = files.last().map_or(Path::new(""), PathBuf::as_path);
        let (message, help) = (
            format!("`{pointer}` is not the same in every document"),
            "what each of them says holds now; keep what you mean",
        );
        term.diagnostics([&Diagnostic::warning(Code::DocumentsDiffer, file, message, help)]);
    }
    let mut out = term.out();
    out.write_all(merged.policy.to_json().as_bytes())?;
    out.flush()?;
    Ok(Exit::Done)
}
